"""What of a day goes into its recording, and comes back when that is replayed. No Textual."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from tui.live.course import Point, Wind
from tui.live.day import Day, DayEvent, DayMark
from tui.workspace.live.course import (
    Course,
    CourseMark,
    course_of,
    heard_beside,
    session_sailed_now,
)

if TYPE_CHECKING:
    from tui.workspace.live.live import LiveRoom, LiveSession


async def day_told(
    room: LiveRoom,
    serials: Collection[str],
    session: LiveSession | None,
    events: Sequence[DayEvent] = (),
) -> Day:
    """The day of these devices: that of a session, or of the one that they sail now, with what was
    marked.

    Raises ServiceError.
    """
    if not set(serials) <= room.names.keys():
        await room.devices()
    found = session or await session_sailed_now(room, serials)
    return day_of(room, serials, found, events)


def day_of(
    room: LiveRoom,
    serials: Collection[str],
    session: LiveSession | None,
    events: Sequence[DayEvent] = (),
) -> Day:
    """The same as far as it is known already."""
    names = {serial: room.names[serial] for serial in serials if serial in room.names}
    course = Course() if session is None else course_of(session)
    course = heard_beside(course, room, serials)
    marks = tuple(
        DayMark(
            one.name,
            one.kind,
            one.serials,
            None if one.laid is None else (one.laid.longitude, one.laid.latitude),
            tuple((until, place.longitude, place.latitude) for until, place in one.before),
            one.since,
        )
        for one in course.marks
    )
    wind = None if course.wind is None else (course.wind.comes_from, course.wind.speed)
    boats, number = ({}, None) if session is None else (session.names, session.session.id)
    return Day(
        names, boats, number, course.title, marks, course.wind_serials, wind, tuple(events),
        course.ashore,
    )  # fmt: skip


def course_of_day(day: Day) -> Course:
    """The course as it was recorded."""
    marks = tuple(
        CourseMark(
            one.name,
            one.kind,
            one.serials,
            Point(*one.laid) if one.laid else None,
            tuple((until, Point(*place)) for until, *place in one.before),
            one.since,
        )
        for one in day.marks
    )
    wind = Wind(*day.wind) if day.wind else None
    return Course(day.title, marks, day.wind_serials, wind, day.ashore)
