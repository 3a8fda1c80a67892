"""Values of files, judged alike whatever form they came in (reference/instruments.md, 2)."""

from __future__ import annotations

from collections.abc import Iterator

from tui.embedded.instruments.readings import FASTEST, Loss, Tally, angle

Values = Iterator[tuple[int, tuple[float, ...]]]
"""Types of Igtimi with their axes."""

LONGEST_NAME = 128
"""Characters of a boat's name in a file that tell boats apart."""


def place_of(latitude: float | None, longitude: float | None, tally: Tally) -> Values:
    """A position in degrees, where it is one."""
    if latitude is None or longitude is None:
        tally.lose(Loss.UNREADABLE)
    elif abs(latitude) > 90 or abs(longitude) > 180:
        tally.lose(Loss.BEYOND)
    elif latitude == longitude == 0:
        tally.lose(Loss.NOWHERE)
    else:
        yield 1, (longitude, latitude)


def speed_of(kind: int, kmh: float | None, tally: Tally) -> Values:
    """A speed of boat, water or wind in km/h; nothing where there is none."""
    if kmh is None:
        return
    if 0 <= kmh <= FASTEST:
        yield kind, (round(kmh, 6),)
    else:
        tally.lose(Loss.BEYOND)


def angle_of(kind: int, degrees: float | None, tally: Tally) -> Values:
    """A direction, or an angle from the bow, as 0 to 360."""
    if degrees is None:
        return
    if -360 <= degrees <= 360:
        yield kind, (angle(degrees),)
    else:
        tally.lose(Loss.BEYOND)


class Boats:
    """What each boat of a file is called: by its name, and where two have the same by both words.

    So a file read again, or a longer one of the same boats, calls them alike.
    """

    def __init__(self) -> None:
        self._called: dict[tuple[str, str], str] = {}
        self._taken: set[str] = set()

    def called(self, name: str, known_by: str) -> str:
        """The one name of a boat that a file calls `name` and knows by `known_by`."""
        key = (name, known_by)
        if key not in self._called:
            shown = (name or known_by)[:LONGEST_NAME]
            if shown in self._taken:
                shown = f"{name} {known_by}"[-LONGEST_NAME:]
            self._taken.add(shown)
            self._called[key] = shown
        return self._called[key]
