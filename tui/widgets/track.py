"""A fleet on a map: one widget, of which only the cells that changed are painted again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from rich.segment import Segment
from textual import events
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from tui.widgets.palette import palette_of
from tui.widgets.sparkline_cells import GlyphSet
from tui.widgets.track_camera import Camera, refitted, together
from tui.widgets.track_cells import MapLine, Scene, draw

Aim = Literal["all", "follow", "free"]
"""What the map keeps in view: everybody, the chosen boat, or what a person steered to."""
NEAR = 4.0
"""Cells that a click may lie beside the boat it is meant for."""
CALM = 0.25
"""The share of the map at each edge that a followed boat may not enter."""


class Track(Widget, can_focus=True):
    """The map. The mouse moves it and comes closer; everything else is told to it from outside."""

    ALLOW_SELECT = False

    DEFAULT_CSS = """
    Track { height: 1fr; width: 1fr; background: $background; }
    """

    class Steered(Message):
        """The map shows another piece of water because a person said so."""

    class Picked(Message):
        """A boat was clicked on."""

        def __init__(self, key: str) -> None:
            super().__init__()
            self.key = key

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
        self.apart = 0
        """Boats that are on other waters than those which a map of all shows."""
        self._glyphs: GlyphSet = glyphs
        self._camera: Camera | None = None
        self._lines: list[MapLine] = []
        self._sides: Mapping[str, int] = {}
        self._held: tuple[int, int] | None = None
        self._dragged = False

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

    def zoom(self, steps: int, at: tuple[int, int] | None = None) -> None:
        """Come closer, or go further away for negative steps; what is in the cell `at` stays."""
        if self._camera is not None:
            if self.aim == "all":
                self.aim = "free"
            before, self._camera = self._camera, self._camera.zoomed(steps)
            if at is not None and self.aim == "free":
                there = before.place(*at, *self.content_size)
                x, y = self._camera.cell(there, *self.content_size)
                self._camera = self._camera.panned(x - at[0], y - at[1])
            self.show(self.scene)

    def pan(self, columns: int, rows: int) -> None:
        """Move the map by eighths of what it shows."""
        width, height = self.content_size
        self._move(columns * width / 8, rows * height / 8)

    def _move(self, columns: float, rows: float) -> None:
        if self._camera is not None:
            self.aim = "free"
            self._camera = self._camera.panned(columns, rows)
            self.show(self.scene)
            self.post_message(self.Steered())

    # -- the mouse --------------------------------------------------------------------------------

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Closer, around where the pointer is."""
        event.stop()
        self.zoom(1, (event.x, event.y))
        self.post_message(self.Steered())

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Wider."""
        event.stop()
        self.zoom(-1, (event.x, event.y))
        self.post_message(self.Steered())

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Take hold of the water."""
        self._held, self._dragged = (event.screen_x, event.screen_y), False
        self.capture_mouse()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Drag it along."""
        if self._held is None:
            return
        x, y = self._held
        self._held = (event.screen_x, event.screen_y)
        if self._held != (x, y):
            self._dragged = True
            self._move(x - event.screen_x, y - event.screen_y)

    def on_mouse_up(self, event: events.MouseUp) -> None:
        """Let it go; where it was not moved, the boat under the pointer is meant."""
        if self._held is None:
            return
        self._held = None
        self.release_mouse()
        key = "" if self._dragged else self.boat_at(event.x, event.y)
        if key:
            self.post_message(self.Picked(key))

    def boat_at(self, x: int, y: int) -> str:
        """The key of the boat that is nearest to a cell, empty where none is near it."""
        if self._camera is None:
            return ""
        near = []
        for boat in self.scene.boats:
            right, down = self._camera.cell(boat.place, *self.content_size)
            # A cell is twice as high as it is wide.
            near.append((abs(right - x - 0.5) + 2 * abs(down - y - 0.5), boat.key))
        far, key = min(near, default=(NEAR + 1.0, ""))
        return key if far <= NEAR else ""

    def _aim_camera(self) -> None:
        width, height = self.content_size
        if not width or not height:
            return
        places = self.scene.places()
        if self.aim == "all" or self._camera is None:
            chosen = [one.place for one in self.scene.boats if one.key == self.scene.chosen]
            places = together(places, chosen[0] if chosen else None)
            self.apart = sum(one.place not in places for one in self.scene.boats)
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
        # It may be drawn for another size before it is told of that.
        sizes = [
            (len(lines), len(lines[0].cells) if lines else 0) for lines in (before, self._lines)
        ]
        if sizes[0] != sizes[1]:
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
            # A space too: with few colours a role may have a ground of its own.
            if here != role:
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
