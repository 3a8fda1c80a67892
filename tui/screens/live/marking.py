"""A moment that is marked by one key, in the recording and in the session's log."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from tui.screens.asking import Asking
from tui.screens.live.numbers import clock_text
from tui.spoken_keys import key_for
from tui.workspace.problems import EXPECTED, is_news, one_line

if TYPE_CHECKING:
    from tui.screens.live.picture import Picture
    from tui.screens.live.watch import Watching
    from tui.workspace.live.live import LiveSession

LOOK = 2.0
"""Seconds that a mark waits for the session's log, which says what number others have come to."""


async def mark_moment(asker: Asking, picture: Picture) -> None:
    """Mark what is now, and say where that is kept."""
    watching, feed = picture.watching, picture.feed
    if watching is None or feed is None:
        return
    if watching.replay is not None:
        asker.flash(
            (
                f"A replay is over: only what is live is marked; {key_for('live.watch')} "
                "goes back to it."
            ),
            "warn",
        )
        return
    now, looking = feed.now, asyncio.create_task(_session_of(watching))
    try:
        try:
            await asyncio.wait({looking}, timeout=LOOK)
        finally:
            # Who leaves the deck meanwhile has marked it all the same.
            event = watching.mark(now)
        said = f"{event.text} at {clock_text(event.time, picture.zone)}"
        if watching.recording:
            said += ", in the recording"
        session = await looking
        if session is None:
            where = (
                "no session is sailed"
                if watching.recording
                else f"{key_for('live.record')} records, and keeps it"
            )
            asker.flash(f"{said}; {where}.")
            return
        moment = datetime.fromtimestamp(event.time / 1000, UTC)
        await asker.workspace.sessions.note(session.session, event.text, moment)
    except EXPECTED as error:
        if is_news(error):
            asker.flash(f"{said}; it waits to go into the session's log.")
        else:
            asker.flash(f"{said}; the session's log has it not: {one_line(error)}", "warn")
        return
    finally:
        looking.cancel()
    asker.flash(f"{said} and in the session's log.", "good")


async def _session_of(watching: Watching) -> LiveSession | None:
    """The session that is watched or sailed, with its log as it is now: its marks are known then.

    Raises what a service raises where none is watched.
    """
    from tui.workspace.live.course import course_of, session_sailed_now

    session = watching.session
    if session is None:
        session = await session_sailed_now(watching.room, watching.serials)
    else:
        with suppress(*EXPECTED):
            session = await watching.room.session(session.session.id, naming=False)
    if session is not None:
        watching.know(course_of(session).events)
    return session
