"""What a session's log says of what is watched, and the polar that is set. In threads: first frames
wait for none of it.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

from tui.screens.asking import Asking
from tui.workspace.problems import EXPECTED, one_line

if TYPE_CHECKING:
    from tui.live.polars import Polar
    from tui.screens.live.picture import Picture
    from tui.screens.live.watch import Watching
    from tui.workspace.live.course import Course


class CourseLearned:
    """The picture's course: found once for each set of devices, and `again` where that is set."""

    def __init__(self, picture: Picture) -> None:
        self.again = self._now = False
        self._picture = picture
        self._of: tuple[object, ...] = ()

    def due(self, watching: Watching) -> bool:
        """Whether it is to be found; that of other devices is not known any more."""
        replay = watching.replay
        asked = (watching.session and watching.session.session.id, replay, tuple(watching.serials))
        if asked == self._of:
            due, self._now = self.again and replay is None, self.again
            self.again = False
            return due
        self._of, self._picture.course = asked, None
        self.again = self._now = False
        return watching.session is not None or replay is None or replay.source.day is not None

    async def found(self, watching: Watching) -> bool:
        """Find it; whether rows are others by it."""
        before, course = self._picture.course, await course_watched(watching, again=self._now)
        watching.know(course.events)
        if course == before:
            return False
        self._picture.course = course
        return bool(course.not_boats or course.wind_serials)


async def course_watched(watching: Watching, *, again: bool = False) -> Course:
    """The course of the session that is watched, of a recording's day, or of what is sailed now.

    `again`: the session's log is read anew.
    """
    module = await asyncio.to_thread(import_module, "tui.workspace.live.course")
    found: Course
    session, room = watching.session, watching.room
    if session is not None:
        if again:
            with suppress(*EXPECTED):
                session = await room.session(session.session.id, naming=False)
        found = module.heard_beside(module.course_of(session), room, session.serials)
    elif watching.replay is not None and (day := watching.replay.source.day) is not None:
        told = await asyncio.to_thread(import_module, "tui.workspace.live.day")
        found = told.course_of_day(day)
    else:
        try:
            found = await module.course_sailed_now(room, watching.serials)
        except EXPECTED:
            # All is whole without marks; the wall's own line says how the service stands.
            found = module.Course()
        found = module.heard_beside(found, room, watching.serials)
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
