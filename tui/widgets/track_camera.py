"""Which piece of water a map shows: places to cells and back. Pure; no Textual, no Rich."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from math import ceil, cos, degrees, floor, log10, radians

from tui.live.course import EARTH, Point, distance, flat
from tui.live.units import relative

CLOSEST, WIDEST = 0.05, 100_000.0
SNUG = 0.5
"""The closest scale of a fit: one boat alone is shown with some water around it."""
STEPS = 10
"""Scales to a factor of ten: a map that follows a fleet changes its scale rarely."""
MARGIN = 0.08
"""The share of the map at each edge where nothing lies after a fit."""
LOOSE = 0.45
"""The share of the map that must be used, or a fit comes closer."""
APART = 50_000.0
"""Metres between two places from which on they are on different waters. Our choice."""
SHORTEST_BAR = 3
"""Cells; a scale bar of two would be a third longer or shorter than it says."""


@dataclass(frozen=True, slots=True)
class Camera:
    """The place in the middle, and the metres that half a cell is wide.

    A cell is taken to be twice as high as it is wide, so a quarter of its height are as many
    metres. North is up.
    """

    centre: Point
    metres: float

    def cell(self, place: Point, width: int, height: int) -> tuple[float, float]:
        """Where on a map of so many cells a place lies: cells from the left and from the top."""
        east, north = flat(self.centre, place)
        return width / 2 + east / (2 * self.metres), height / 2 - north / (4 * self.metres)

    def place(self, x: float, y: float, width: int, height: int) -> Point:
        """The place at a cell of the map."""
        east = (x - width / 2) * 2 * self.metres
        north = (height / 2 - y) * 4 * self.metres
        turned = degrees(east / (EARTH * cos(radians(self.centre.latitude))))
        latitude = self.centre.latitude + degrees(north / EARTH)
        return Point(relative(self.centre.longitude + turned), max(-89.0, min(89.0, latitude)))

    def zoomed(self, steps: int) -> Camera:
        """The same middle, closer by `steps`, or wider for negative ones."""
        return replace(self, metres=scale_step(log10(self.metres) * STEPS - steps))

    def panned(self, columns: float, rows: float) -> Camera:
        """Another middle, by so many cells to the right and down."""
        return replace(self, centre=self.place(columns, rows, 0, 0))

    def at(self, centre: Point) -> Camera:
        """The same scale around another middle."""
        return replace(self, centre=centre)

    def shows(self, places: Iterable[Point], width: int, height: int, margin: float = 0.0) -> bool:
        """Whether all places lie on the map, and not within `margin`, a share, of its edges."""
        for place in places:
            x, y = self.cell(place, width, height)
            if not margin * width <= x < width * (1 - margin):
                return False
            if not margin * height <= y < height * (1 - margin):
                return False
        return True


def scale_step(number: float) -> float:
    """The metres of a scale by its number: ten steps to a factor of ten."""
    return min(max(10 ** (round(number) / STEPS), CLOSEST), WIDEST)


def fitted(places: Sequence[Point], width: int, height: int) -> Camera | None:
    """The closest camera that shows all places within its margins; None without any place."""
    if not places or width < 1 or height < 1:
        return None
    origin = places[0]
    metres = [flat(origin, place) for place in places]
    easts, norths = [east for east, _ in metres], [north for _, north in metres]
    room = 1 - 2 * MARGIN
    across = (max(easts) - min(easts)) / (2 * max(width * room, 1))
    down = (max(norths) - min(norths)) / (4 * max(height * room, 1))
    wanted = max(across, down, SNUG)
    middle = Camera(origin, 1.0).place(
        (max(easts) + min(easts)) / 4, -(max(norths) + min(norths)) / 8, 0, 0
    )
    # Rounded up: a scale in the middle of two would leave somebody outside.
    return Camera(middle, scale_step(ceil(log10(wanted) * STEPS - 1e-9)))


def together(places: Sequence[Point], around: Point | None) -> list[Point]:
    """Those that can be shown on one map: of places far apart, those with one in question, else the
    most. Each is at most `APART` from another of them.
    """
    if not places or not _wide(places):
        return [*places]
    left, groups = [*places], list[list[Point]]()
    while left:
        group = [left.pop()]
        for one in group:
            near = [other for other in left if distance(one, other) <= APART]
            left = [other for other in left if other not in near]
            group += near
        groups.append(group)
    mine = next((group for group in groups if around in group), None)
    return mine or max(groups, key=len)


def _wide(places: Sequence[Point]) -> bool:
    """Whether some may be further apart than a map of one water is wide."""
    return any(distance(places[0], other) > APART for other in places)


def refitted(camera: Camera | None, places: Sequence[Point], width: int, height: int) -> Camera:
    """The camera that a fleet is shown with: the one that is there as long as it serves.

    A map that stands still is easier to read, and costs less, than one that moves all the time.
    """
    best = fitted(places, width, height)
    if best is None:
        return camera or Camera(Point(0.0, 0.0), scale_step(10))
    if camera is None or not camera.shows(places, width, height, MARGIN / 4):
        return best
    return best if best.metres < camera.metres * LOOSE else camera


def bar(camera: Camera, room: int) -> tuple[int, str]:
    """A scale bar of at most `room` cells: how many cells, and what they stand for.

    (0, "") where there is no room for one.
    """
    longest = room * 2 * camera.metres
    if room < SHORTEST_BAR:
        return 0, ""
    power = 10.0 ** floor(log10(longest))
    # A logarithm may be rounded up to the next power.
    length = next(power * part for part in (5, 2, 1, 0.5) if power * part <= longest)
    cells = round(length / (2 * camera.metres))
    return (cells, metres_text(length)) if cells >= SHORTEST_BAR else (0, "")


def metres_text(metres: float) -> str:
    """A distance as sailors near each other say it: metres, from ten kilometres on kilometres."""
    if abs(metres) >= 10_000:
        return f"{metres / 1000:,.0f} km"
    if abs(metres) >= 1000:
        return f"{metres / 1000:.4g} km"
    return f"{metres:.0f} m" if abs(metres) >= 10 or metres == round(metres) else f"{metres:.1f} m"
