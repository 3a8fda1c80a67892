"""Checks of what the Timesheets document says of its parameters, made before anything is sent."""

from __future__ import annotations

from collections.abc import Sized

from tui.late_patterns import late_pattern
from tui.services.errors import InvalidArgument

_HOUR = late_pattern(r"([01]\d|2[0-3]):[0-5]\d")


def at_least_one(**given: object) -> None:
    """One of these at least must be given."""
    if all(value is None for value in given.values()):
        raise InvalidArgument(f"give at least one of {', '.join(given)}")


def some(name: str, values: Sized) -> None:
    """A list that must not be empty."""
    if not values:
        raise InvalidArgument(f"{name} must name at least one")


def page_checked(limit: int | None, offset: int | None) -> None:
    """A page's bounds: some items, counted from the start."""
    if limit is not None and limit < 1:
        raise InvalidArgument("limit must be 1 or more")
    if offset is not None and offset < 0:
        raise InvalidArgument("offset must be 0 or more")


def location_checked(location: list[float] | None) -> None:
    """A place: latitude, then longitude, in degrees."""
    if location is None:
        return
    if len(location) != 2 or abs(location[0]) > 90 or abs(location[1]) > 180:
        raise InvalidArgument("location must be a latitude and a longitude in degrees")


def hour_checked(name: str, value: str | None) -> None:
    """A time of the day as HH:MM; None passes."""
    if value is not None and not _HOUR.fullmatch(value):
        raise InvalidArgument(f"{name} must be HH:MM, such as 09:00, but is {value!r}")
