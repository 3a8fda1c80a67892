"""`tockdeck add "9-11:15 cutting list: panels"`: time in one line."""

from __future__ import annotations

import argparse
from contextlib import suppress
from datetime import UTC, datetime, tzinfo

from tui.cli import add_configuration_arguments
from tui.cli.timing import FRESH, run_timer
from tui.workspace.timers.finding import TrackerNameError
from tui.workspace.timers.one_line import TimeLine, read_line
from tui.workspace.timers.overview import Overview
from tui.workspace.timers.timers import Timers
from tui.workspace.times import TimeTextError
from tui.workspace.workspace import Workspace


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The line."""
    parser.add_argument(
        "line",
        nargs="+",
        metavar="LINE",
        help="when, which tracker, and behind a colon what was done",
    )
    parser.add_argument("--dry-run", action="store_true", help="say how it is read, send nothing")
    add_configuration_arguments(parser)


def run(options: argparse.Namespace) -> int:
    """Add it."""

    async def act(workspace: Workspace) -> tuple[str, str]:
        timers, where = workspace.timers, workspace.zone
        overview, line = await _line(timers, " ".join(options.line), where)
        told = line.told(overview, where)
        if options.dry_run:
            return told, "nothing was sent"
        await timers.add(line.start, line.stop, line.tracker.id, line.description)
        return f"Added: {told}", ""

    return run_timer(options, act)


async def _line(timers: Timers, text: str, where: tzinfo) -> tuple[Overview, TimeLine]:
    """What a line means, by the trackers that are known where they are not old.

    The service is asked where they are, where none of them fits, and where it matters what runs.
    """
    kept = await timers.kept()
    if kept is not None and datetime.now(UTC) - kept.as_of < FRESH:
        with suppress(TimeTextError, TrackerNameError):
            line = read_line(text, kept.value, where)
            if not line.from_now:
                return kept.value, line
    overview = (await timers.overview()).value
    return overview, read_line(text, overview, where)
