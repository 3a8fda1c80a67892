"""Derived series for people: as data types beside those of units, and what settings say of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from tui.live.derived import MEAN_TWD, MEAN_TWS, SHIFT5, TWA, VMG
from tui.live.derived.kinds import KINDS, NAMES
from tui.live.derived.water import NOT_THERE, Anchorage, Water
from tui.live.polars import MOST_BYTES, Polar, PolarError, read_polar
from tui.services.igtimi.live_types import TYPES, DataType
from tui.workspace.live.laylines import Angles, mark_sailed_to

if TYPE_CHECKING:
    from tui.config.live import Live
    from tui.workspace.live.course import Course, CourseMark

ALL_KINDS: dict[int, DataType] = {
    **TYPES,
    **{
        one.id: DataType(one.id, one.name, one.short, one.kind, one.unit, one.axes)
        for one in KINDS.values()
    },
}
"""Of each type what it is called and means, measured or derived."""
USUAL = (TWA, VMG, MEAN_TWD, MEAN_TWS, SHIFT5)
"""What is shown where no setting names any."""


def derived_types(names: Iterable[str]) -> tuple[tuple[int, ...], tuple[str, ...]]:
    """The derived types of these short names, and the names that mean none."""
    wanted = [name.strip().upper() for name in names]
    known = tuple(dict.fromkeys(NAMES[name] for name in wanted if name in NAMES))
    return known, tuple(name for name in wanted if name not in NAMES)


def water_of(course: Course | None, settings: Live, polar: Polar | None = None) -> Water:
    """What formulas need to know beside the boats: of a session's log, and of the settings."""
    magnetic = frozenset(settings.magnetic_winds)
    if course is None:
        return Water(declination=settings.declination, magnetic_winds=magnetic, polar=polar)

    def first(marks: Iterable[CourseMark]) -> Anchorage:
        found = (Anchorage(one.serials, one.laid, one.before) for one in marks)
        return next(found, NOT_THERE)

    marks, entered = course.marks, course.wind
    sailed_to = mark_sailed_to(course, settings.mark)
    return Water(
        course.wind_serials,
        None if entered is None else (entered.comes_from, entered.speed),
        course.not_boats,
        _end(marks, "pin"),
        _end(marks, "committee"),
        first([] if sailed_to is None else [sailed_to]),
        settings.declination,
        magnetic,
        polar,
    )


def _end(marks: Iterable[CourseMark], kind: str) -> Anchorage:
    """An end of the line: each of its marks counts from when it took the place of the one before.
    Of those that devices track, the newest.
    """
    found = NOT_THERE
    for one in marks:
        if one.kind != kind:
            continue
        after = Anchorage(one.serials, one.laid, one.before)
        since = one.since
        if since is not None and found != NOT_THERE:
            lay = () if found.laid is None else ((since, found.laid),)
            places = tuple(place for place in found.before if place[0] < since)
            after = replace(after, before=(*places, *lay, *after.before))
            if one.serials:
                after = replace(after, since=since)
            elif found.serials:
                until = min(found.until, since)
                after = replace(after, serials=found.serials, since=found.since, until=until)
        found = after
    return found


def polar_of(settings: Live) -> Polar | None:
    """The polar of the settings; None where they name none.

    Raises OSError where the file cannot be read, PolarError where it is none.
    """
    if not settings.polar.strip():
        return None
    path = Path(settings.polar.strip()).expanduser()
    with path.open("rb") as file:
        content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise PolarError("it is larger than a megabyte")
    return read_polar(content.decode("utf-8", "replace"))


def angles_of(settings: Live, polar: Polar | None, wind: float) -> Angles:
    """The angles that are sailed along a wind of km/h: the polar's, else those of the settings."""
    up, down = (
        None if polar is None else polar.target(wind, upwind=upwind) for upwind in (True, False)
    )
    return Angles(
        settings.beat_angle if up is None else up.angle,
        settings.run_angle if down is None else down.angle,
    )
