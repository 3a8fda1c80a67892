"""A fleet on a map made of characters. Pure functions; no Textual.

From below to above: trails of dots, laylines and the start line, marks, boats, names, and in the
corners wind, scale and what lies outside. What a chosen boat is can be read without colour: its
name stands in brackets, and the one that is measured to in angles.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from rich.cells import get_character_cell_size

from tui.live.course import Point
from tui.live.units import arrow, bearing, point, wind_arrow
from tui.widgets.cells import cell_text, clip, name_text
from tui.widgets.sparkline_cells import GlyphSet, dot_bit, dots_character, dots_per_cell
from tui.widgets.track_camera import Camera, bar

if TYPE_CHECKING:
    from tui.widgets.palette import Role

LONGEST_NAME = 16
ASCII_ARROWS = "^/>\\v/<\\"
MARK_GLYPHS: Mapping[str, str] = {"pin": "◇", "committee": "◆", "": "○"}
ASCII_MARKS: Mapping[str, str] = {"pin": "+", "committee": "#", "": "o"}
ADRIFT, ASCII_ADRIFT = "•", "*"
"""A boat whose heading is not known."""
SUSPECT = "?"
"""A place where no boat can have been."""
LOST, ASCII_LOST = "×", "x"
"""A boat whose newest position is too old to stand for where it is."""


class Boat(NamedTuple):
    """A boat: where it is, where its bow points, and where it came from; None is a gap."""

    key: str
    name: str
    place: Point
    heading: float | None = None
    trail: Sequence[Point | None] = ()
    lost: bool = False
    ink: Role = "text"
    """Its own colour, for where it came from and is; its name is written as all text is."""


class Mark(NamedTuple):
    """A mark of the course. `kind` is pin, committee, or anything else."""

    key: str
    name: str
    place: Point
    kind: str = ""


class Way(NamedTuple):
    """A line to sail along, such as a layline."""

    start: Point
    end: Point
    role: Role


class Scene(NamedTuple):
    """Everything on the water. `chosen` is the key of a boat, `other` of a boat or mark."""

    boats: Sequence[Boat] = ()
    marks: Sequence[Mark] = ()
    line: tuple[Point, Point] | None = None
    wind_from: float | None = None
    wind_text: str = ""
    chosen: str = ""
    other: str = ""
    ways: Sequence[Way] = ()
    suspects: Sequence[Point] = ()
    """Places that units said and where no boat can have been; the map need not show them."""

    def places(self) -> list[Point]:
        """Where boats and marks are: what a map of all has to show."""
        return [*(one.place for one in self.boats), *(one.place for one in self.marks)]


class MapLine(NamedTuple):
    """One line of the map: a text for each cell, and what it is.

    The cell after a wide character holds an empty text.
    """

    cells: tuple[str, ...]
    roles: tuple[Role, ...]


class _Canvas:
    """Dots below characters."""

    def __init__(self, width: int, height: int, glyphs: GlyphSet) -> None:
        self.width, self.height, self.glyphs = width, height, glyphs
        self.across, self.down = dots_per_cell(glyphs)
        self.bits: dict[tuple[int, int], int] = {}
        self.inks: dict[tuple[int, int], Role] = {}
        self.texts: dict[tuple[int, int], tuple[str, Role]] = {}

    def dot(self, x: int, y: int, role: Role) -> None:
        """Set one dot, by its number across and down."""
        column, row = x // self.across, y // self.down
        if 0 <= column < self.width and 0 <= row < self.height:
            cell = (column, row)
            bit = dot_bit(x % self.across, y % self.down, self.glyphs)
            self.bits[cell] = self.bits.get(cell, 0) | bit
            self.inks[cell] = role

    def line(
        self,
        start: tuple[float, float],
        end: tuple[float, float],
        role: Role,
        every: int = 1,
        *,
        heavy: bool = False,
    ) -> None:
        """Dots from one place, in cells, to another; each, or each second, third... A heavy line
        is two dots thick.
        """
        cut = _clipped(start, end, self.width, self.height)
        if cut is None:
            return
        (x0, y0), (x1, y1) = cut
        x0, x1, y0, y1 = x0 * self.across, x1 * self.across, y0 * self.down, y1 * self.down
        count = max(1, round(max(abs(x1 - x0), abs(y1 - y0))))
        flat = abs(x1 - x0) > abs(y1 - y0)
        for step in range(0, count + 1, every):
            share = step / count
            x, y = int(x0 + (x1 - x0) * share), int(y0 + (y1 - y0) * share)
            self.dot(x, y, role)
            if heavy:
                self.dot(x + (not flat), y + flat, role)

    def free(self, x: int, y: int, width: int) -> bool:
        """Whether a text of so many cells fits there without covering another."""
        if not (0 <= y < self.height and x >= 0 and x + width <= self.width):
            return False
        return all((column, y) not in self.texts for column in range(x, x + width))

    def write(self, x: int, y: int, text: str, role: Role) -> None:
        """Write clean text, cut at the right edge."""
        for piece, cells in _characters(text):
            if not (0 <= y < self.height and x >= 0 and x + cells <= self.width):
                return
            self.texts[x, y] = (piece, role)
            for extra in range(1, cells):
                self.texts[x + extra, y] = ("", role)
            x += cells

    def lines(self) -> list[MapLine]:
        """The picture."""
        texts, bits, inks = self.texts, self.bits, self.inks
        ink = {bit: dots_character(bit, self.glyphs) for bit in {0, *bits.values()}}
        if self.glyphs == "ascii":
            ink[1] = "."  # lighter than the boats
        drawn = []
        for y in range(self.height):
            cells: list[str] = []
            roles: list[Role] = []
            for x in range(self.width):
                text, role = texts.get((x, y)) or (
                    ink[bits.get((x, y), 0)],
                    inks.get((x, y), "text"),
                )
                cells.append(text)
                roles.append(role)
            drawn.append(MapLine(tuple(cells), tuple(roles)))
        return drawn


def _characters(text: str) -> Iterator[tuple[str, int]]:
    """The characters of a clean text with their cells; combining marks stay with their letter."""
    held = ""
    for character in text:
        if held and get_character_cell_size(character) == 0:
            held += character
            continue
        if held:
            yield held, max(1, get_character_cell_size(held[0]))
        held = character
    if held:
        yield held, max(1, get_character_cell_size(held[0]))


def _clipped(
    start: tuple[float, float], end: tuple[float, float], width: int, height: int
) -> tuple[tuple[float, float], tuple[float, float]] | None:
    """The part of a line that lies on the map (Liang and Barsky, 1984), or None."""
    x, y = start
    across, down = end[0] - x, end[1] - y
    first, last = 0.0, 1.0
    for way, room in ((-across, x), (across, width - x), (-down, y), (down, height - y)):
        if way == 0:
            if room < 0:
                return None
        elif way < 0:
            first = max(first, room / way)
        else:
            last = min(last, room / way)
    if first > last:
        return None
    return (x + across * first, y + down * first), (x + across * last, y + down * last)


class Drawn(NamedTuple):
    """A map, and beside which boat on which of its sides the name stands."""

    lines: list[MapLine]
    sides: Mapping[str, int]


def draw(
    scene: Scene,
    camera: Camera,
    width: int,
    height: int,
    *,
    glyphs: GlyphSet = "braille",
    sides: Mapping[str, int] | None = None,
) -> Drawn:
    """Draw the scene. `sides` of the picture before keep names where they were."""
    canvas = _Canvas(width, height, glyphs)
    _draw_trails(canvas, scene, camera)
    _draw_line(canvas, scene, camera)
    _draw_corners(canvas, scene, camera)
    named: list[tuple[str, str, tuple[int, int], Role]] = []
    for mark in scene.marks:
        cell = _cell(canvas, camera, mark.place)
        if cell is not None:
            known = ASCII_MARKS if glyphs == "ascii" else MARK_GLYPHS
            canvas.write(*cell, known.get(mark.kind, known[""]), "warn")
            name = f"<{mark.name}>" if mark.key == scene.other else mark.name
            named.append((mark.key, name, cell, "warn"))
    named = [*_draw_boats(canvas, scene, camera), *named]
    kept = _draw_names(canvas, named, sides or {})
    for place in scene.suspects:
        cell = _cell(canvas, camera, place)
        if cell is not None and canvas.free(*cell, 1):
            canvas.write(*cell, SUSPECT, "warn")
    return Drawn(canvas.lines(), kept)


def _cell(canvas: _Canvas, camera: Camera, place: Point) -> tuple[int, int] | None:
    x, y = camera.cell(place, canvas.width, canvas.height)
    inside = 0 <= x < canvas.width and 0 <= y < canvas.height
    return (int(x), int(y)) if inside else None


def _role(scene: Scene, boat: Boat) -> Role:
    if boat.key == scene.chosen:
        return "key"
    if boat.key == scene.other:
        return "accent"
    return "muted" if boat.lost else boat.ink


def _written(role: Role) -> Role:
    """What a boat's name is: no text has the colour of a line."""
    return "text" if role.startswith("ink-") else role


def _draw_trails(canvas: _Canvas, scene: Scene, camera: Camera) -> None:
    # The chosen one's last, so that it is not hidden below the others'.
    for boat in sorted(scene.boats, key=lambda one: one.key in (scene.chosen, scene.other)):
        role = _role(scene, boat)
        heavy = boat.key == scene.chosen
        before: tuple[float, float] | None = None
        for place in (*boat.trail, None if boat.lost else boat.place):
            here = None if place is None else camera.cell(place, canvas.width, canvas.height)
            if here is not None and before is not None:
                canvas.line(before, here, "muted" if role == "text" else role, heavy=heavy)
            before = here


def _draw_line(canvas: _Canvas, scene: Scene, camera: Camera) -> None:
    size = canvas.width, canvas.height
    for way in scene.ways:
        start, end = (camera.cell(place, *size) for place in (way.start, way.end))
        canvas.line(start, end, way.role, every=4)
    if scene.line is not None:
        pin, committee = (camera.cell(place, *size) for place in scene.line)
        canvas.line(pin, committee, "warn")
    at = {one.key: one.place for one in scene.marks} | {one.key: one.place for one in scene.boats}
    if scene.chosen in at and scene.other in at:
        start, end = (camera.cell(at[key], *size) for key in (scene.chosen, scene.other))
        canvas.line(start, end, "accent", every=3)


def _draw_boats(
    canvas: _Canvas, scene: Scene, camera: Camera
) -> list[tuple[str, str, tuple[int, int], Role]]:
    """Draw the boats; the names that are to stand beside them, the most wanted first.

    Boats that share a cell share one name, with how many more there are.
    """
    crowds: dict[tuple[int, int], list[Boat]] = {}
    ranked = sorted(
        scene.boats,
        key=lambda one: (one.key != scene.chosen, one.key != scene.other, one.lost, one.name),
    )
    for boat in ranked:
        cell = _cell(canvas, camera, boat.place)
        if cell is not None:
            crowds.setdefault(cell, []).append(boat)
    named: list[tuple[str, str, tuple[int, int], Role]] = []
    for cell, (first, *more) in crowds.items():
        role = _role(scene, first)
        canvas.write(*cell, boat_glyph(first, canvas.glyphs), "strong" if role == "text" else role)
        name = name_text(first.name, LONGEST_NAME)
        if first.key == scene.chosen:
            name = f"[{name}]"
        elif first.key == scene.other:
            name = f"<{name}>"
        named.append((first.key, f"{name} +{len(more)}" if more else name, cell, _written(role)))
    return named


def boat_glyph(boat: Boat, glyphs: GlyphSet) -> str:
    """The character of a boat: where its bow points, north being up."""
    plain = glyphs == "ascii"
    if boat.lost:
        return ASCII_LOST if plain else LOST
    if boat.heading is None:
        return ASCII_ADRIFT if plain else ADRIFT
    if plain:
        return ASCII_ARROWS[round(bearing(boat.heading) / 45) % 8]
    return arrow(boat.heading)


def _draw_names(
    canvas: _Canvas,
    named: Sequence[tuple[str, str, tuple[int, int], Role]],
    sides: Mapping[str, int],
) -> dict[str, int]:
    """Write each name where it covers nothing, at the side it had before if that is free.

    Where it can it touches no other boat either: nobody could tell which of the two it is of.
    """
    kept: dict[str, int] = {}
    for key, text, (x, y), role in named:
        shown = list(_characters(clip(cell_text(text, LONGEST_NAME + 8), LONGEST_NAME + 8)))
        width = sum(cells for _, cells in shown)
        spots = (
            (x + 2, y), (x - width - 1, y), (x + 1, y - 1), (x + 1, y + 1),
            (x - width, y - 1), (x - width, y + 1),
        )  # fmt: skip
        order = sorted(range(len(spots)), key=lambda side: (side != sides.get(key, 0), side))
        # Sorting keeps the order of those that are alike.
        order.sort(key=lambda side: _touches(canvas, *spots[side], width))
        for side in order:
            column, row = spots[side]
            if canvas.free(column, row, width):
                canvas.write(column, row, "".join(piece for piece, _ in shown), role)
                for beside in (column - 1, column + width):
                    if canvas.free(beside, row, 1):
                        canvas.write(beside, row, " ", role)  # no trail touches a name
                kept[key] = side
                break
    return kept


def _touches(canvas: _Canvas, column: int, row: int, width: int) -> bool:
    """Whether a name there would stand against a boat or another name."""
    return any(
        0 <= beside < canvas.width and not canvas.free(beside, row, 1)
        for beside in (column - 1, column + width)
    )


def _draw_corners(canvas: _Canvas, scene: Scene, camera: Camera) -> None:
    """Wind in the upper right corner, scale and north in the lower left one."""
    plain = canvas.glyphs == "ascii"
    if scene.wind_from is not None:
        towards = point(scene.wind_from) if plain else wind_arrow(scene.wind_from)
        text = f"wind {towards} {bearing(round(scene.wind_from)):03.0f}°"
        text = f"{text} {scene.wind_text}".rstrip()
        text = text.replace("°", "") if plain else text
        canvas.write(max(0, canvas.width - len(text) - 1), 0, text, "number")
    cells, length = bar(camera, canvas.width // 4)
    left = "N^ " if plain else "N↑ "
    if cells:
        ends = ("|", "-", "|") if plain else ("├", "─", "┤")
        left += f"{ends[0]}{ends[1] * (cells - 1)}{ends[2]} {length}"
    canvas.write(1, canvas.height - 1, left, "muted")
    outside = sum(_cell(canvas, camera, boat.place) is None for boat in scene.boats)
    if outside:
        said = f"{outside} outside"
        canvas.write(max(0, canvas.width - len(said) - 1), canvas.height - 1, said, "muted")
