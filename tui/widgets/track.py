"""A fleet on a map: one widget, of which only the cells that changed are painted again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Literal

from rich.segment import Segment
from textual.binding import Binding, BindingType
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from tui.widgets.palette import palette_of
from tui.widgets.sparkline_cells import GlyphSet
from tui.widgets.track_camera import Camera, refitted
from tui.widgets.track_cells import MapLine, Scene, draw

Aim = Literal["all", "follow", "free"]
"""What the map keeps in view: everybody, the chosen boat, or what a person steered to."""
CALM = 0.25
"""The share of the map at each edge that a followed boat may not enter."""


class Track(Widget, can_focus=True):
    """The map. Arrows or h j k l move it; everything else is told to it from outside."""

    ALLOW_SELECT = False

    DEFAULT_CSS = """
    Track { height: 1fr; width: 1fr; background: $background; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left,h", "pan(-1, 0)", "West", show=False),
        Binding("right,l", "pan(1, 0)", "East", show=False),
        Binding("up,k", "pan(0, -1)", "North", show=False),
        Binding("down,j", "pan(0, 1)", "South", show=False),
    ]

    class Steered(Message):
        """The map shows another piece of water because a person said so."""

    def __init__(
        self,
        *,
        glyphs: GlyphSet = "braille",
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self.scene = Scene()
        self.aim: Aim = "all"
        self._glyphs: GlyphSet = glyphs
        self._camera: Camera | None = None
        self._lines: list[MapLine] = []
        self._sides: Mapping[str, int] = {}

    @property
    def camera(self) -> Camera | None:
        """What the map shows; None before there was anything to show."""
        return self._camera

    def show(self, scene: Scene) -> int:
        """Draw what is on the water now; how many cells are painted again."""
        self.scene = scene
        self._aim_camera()
        return self._redraw()

    def aim_at(self, aim: Aim) -> None:
        """Keep other things in view."""
        self.aim = aim
        if aim == "all":
            self._camera = None
        self.show(self.scene)

    def zoom(self, steps: int) -> None:
        """Come closer, or go further away for negative steps."""
        if self._camera is not None:
            if self.aim == "all":
                self.aim = "free"
            self._camera = self._camera.zoomed(steps)
            self.show(self.scene)

    def action_pan(self, columns: int, rows: int) -> None:
        """Move the map by an eighth of what it shows."""
        if self._camera is not None:
            width, height = self.content_size
            self.aim = "free"
            self._camera = self._camera.panned(columns * width / 8, rows * height / 8)
            self.show(self.scene)
            self.post_message(self.Steered())

    def _aim_camera(self) -> None:
        width, height = self.content_size
        if not width or not height:
            return
        places = self.scene.places()
        if self.aim == "all" or self._camera is None:
            self._camera = refitted(self._camera, places, width, height) if places else None
        elif self.aim == "follow":
            chosen = [one.place for one in self.scene.boats if one.key == self.scene.chosen]
            if chosen and not self._camera.shows(chosen, width, height, CALM):
                self._camera = self._camera.at(chosen[0])

    def _redraw(self) -> int:
        width, height = self.content_size
        before = self._lines
        self._lines = []
        if self._camera is not None and width and height:
            drawn = draw(
                self.scene, self._camera, width, height, glyphs=self._glyphs, sides=self._sides
            )
            self._lines, self._sides = drawn.lines, drawn.sides
        if len(before) != len(self._lines):
            self.refresh()
            return width * height
        regions = []
        for y, (old, new) in enumerate(zip(before, self._lines, strict=True)):
            if old != new:
                first, last = changed_cells(old, new)
                regions.append(Region(first, y, last - first + 1, 1))
        if regions:
            self.refresh(*regions)
        return sum(region.width for region in regions)

    def on_resize(self) -> None:
        """Draw for the new size."""
        self._lines = []
        self.show(self.scene)

    def render_line(self, y: int) -> Strip:
        """One line of the map, cells of one look joined."""
        width = self.content_size.width
        styles = palette_of(self.app).plain
        if y >= len(self._lines):
            return Strip.blank(width, styles["text"])
        cells, roles = self._lines[y]
        segments: list[Segment] = []
        text, role = "", roles[0] if roles else "text"
        for cell, here in zip(cells, roles, strict=True):
            # A space looks the same in every colour.
            if here != role and cell != " ":
                segments.append(Segment(text, styles[role]))
                text, role = "", here
            text += cell
        segments.append(Segment(text, styles[role]))
        return Strip(segments, width)


def changed_cells(old: MapLine, new: MapLine) -> tuple[int, int]:
    """The first and the last cell in which two lines of one width differ.

    A wide character is painted whole, from its first cell on.
    """
    places = [
        place
        for place, (before, after) in enumerate(
            zip(zip(*old, strict=True), zip(*new, strict=True), strict=True)
        )
        if before != after
    ]
    first, last = places[0], places[-1]
    while first > 0 and "" in (old.cells[first], new.cells[first]):
        first -= 1
    while last + 1 < len(new.cells) and "" in (old.cells[last + 1], new.cells[last + 1]):
        last += 1
    return first, last
