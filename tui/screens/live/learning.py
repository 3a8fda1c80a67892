"""What a session's log says of what is watched. In threads: first frames wait for none of it."""

from __future__ import annotations

import asyncio
from importlib import import_module
from typing import TYPE_CHECKING

from tui.workspace.problems import EXPECTED

if TYPE_CHECKING:
    from tui.screens.live.watch import Watching
    from tui.workspace.live.course import Course


async def course_watched(watching: Watching) -> Course:
    """The course of the session that is watched, of a recording's day, or of what is sailed now."""
    module = await asyncio.to_thread(import_module, "tui.workspace.live.course")
    found: Course
    if watching.session is not None:
        found = module.course_of(watching.session)
    elif watching.replay is not None and (day := watching.replay.source.day) is not None:
        told = await asyncio.to_thread(import_module, "tui.workspace.live.day")
        found = told.course_of_day(day)
    else:
        try:
            found = await module.course_sailed_now(watching.room, watching.serials)
        except EXPECTED:
            # All is whole without marks; the wall's own line says how the service stands.
            found = module.Course()
    return found
