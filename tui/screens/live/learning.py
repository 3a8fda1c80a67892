"""What a session's log says of what is watched, and the polar that is set. In threads: first frames
wait for none of it.
"""

from __future__ import annotations

import asyncio
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

from tui.screens.asking import Asking
from tui.workspace.problems import EXPECTED, one_line

if TYPE_CHECKING:
    from tui.live.polars import Polar
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


async def polar_set(asker: Asking, module: ModuleType) -> Polar | None:
    """The polar of the settings, read by `tui.workspace.live.derived`; None where there is none,
    and where it cannot be read, which is said.
    """
    polar: Polar | None = None
    try:
        polar = await asyncio.to_thread(module.polar_of, asker.workspace.settings.live)
    except (OSError, ValueError) as error:
        said = one_line(error) if isinstance(error, OSError) else str(error)
        asker.flash(f"[live] polar could not be read, so there are no targets: {said}", "warn")
    return polar
