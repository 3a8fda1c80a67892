"""Somebody is at the keyboard again: what others did meanwhile is looked at, what ran is said."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from functools import partial
from typing import Any

from textual.app import App

from tui.screens.base import deck_screen
from tui.spoken_keys import key_for
from tui.widgets.work import begin_work
from tui.workspace.problems import EXPECTED
from tui.workspace.timers.running import Running
from tui.workspace.workspace import Workspace


def came_back(app: App[Any], workspace: Workspace, begin: float, end: float) -> None:
    """Nobody pressed a key between two moments (seconds since the epoch)."""
    if (screen := deck_screen(app)) is not None:
        screen.came_back()
    if 0 < workspace.settings.deck.away_minutes * 60 <= end - begin:
        work = partial(was_away, app, workspace, begin, end)
        begin_work(app, work, group="away", exclusive=True)


async def was_away(app: App[Any], workspace: Workspace, begin: float, end: float) -> None:
    """Say what ran between two moments (seconds since the epoch) without a key."""
    known = await asyncio.to_thread(Running.read, workspace.locations.state / "status.json")
    if known is None or not known.runs:
        return
    await asyncio.to_thread(workspace.prepare, "timers")
    timers = workspace.timers
    try:
        # It may have been stopped elsewhere meanwhile.
        overview = (await timers.overview()).value
    except EXPECTED:
        kept = await timers.kept()
        if kept is None:
            return
        overview = kept.value
    left, came = datetime.fromtimestamp(begin, UTC), datetime.fromtimestamp(end, UTC)
    words = await timers.mending.was_away(overview, left, came)
    screen = deck_screen(app)
    if not words or screen is None or screen.workspace is not workspace:
        return
    key = key_for("timers.put_right")
    if screen.SCOPE != "timers":  # it says so itself
        screen.flash(f"{words} {key} in Timers: stop or keep", "warn")
    screen.resume()
