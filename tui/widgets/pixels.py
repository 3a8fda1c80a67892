"""A picture drawn by the terminal itself, else in half blocks, or, where there are few colours, in
signs from dark to light."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar

from rich.color import Color
from rich.segment import Segment
from rich.style import Style
from textual.binding import BindingType
from textual.geometry import Size
from textual.strip import Strip
from textual.widget import Widget

from tui.spoken_keys import either_of
from tui.widget_keys import READING
from tui.widgets.bindings import bindings_from
from tui.widgets.dialog import Dialog
from tui.widgets.palette import palette_of
from tui.widgets.picture_place import Pictured
from tui.workspace.books.pictures import Drawn

HALF = "▀"
RAMP = " .:-=+*#%@"
"""From dark to light, for a terminal of few colours or signs."""
EDGES = 4, 2
"""Columns and lines that the dialog takes around the picture."""

Rgb = tuple[int, int, int]


def light_of(pixel: Rgb) -> float:
    """How light a pixel is, from 0 to 1 (ITU-R BT.601)."""
    red, green, blue = pixel
    return (299 * red + 587 * green + 114 * blue) / 255_000


def signs_of(upper: Sequence[Rgb], lower: Sequence[Rgb]) -> str:
    """Two rows of pixels as a line of signs."""
    return "".join(
        RAMP[min(len(RAMP) - 1, int((light_of(one) + light_of(other)) / 2 * len(RAMP)))]
        for one, other in zip(upper, lower, strict=True)
    )


class Picture(Widget):
    """Draws rows of pixels, two a line."""

    ALLOW_SELECT = False

    def __init__(self, rows: Sequence[Sequence[Rgb]], *, in_colours: bool) -> None:
        super().__init__()
        self._rows = rows
        self._in_colours = in_colours
        self.styles.width = len(rows[0])
        self.styles.height = len(rows) // 2

    def render_line(self, y: int) -> Strip:
        """One line of it."""
        if 2 * y + 1 >= len(self._rows):
            return Strip.blank(self.size.width)
        upper, lower = self._rows[2 * y], self._rows[2 * y + 1]
        if not self._in_colours:
            style = palette_of(self.app).plain["text"]
            return Strip([Segment(signs_of(upper, lower), style)], len(upper))
        return Strip(
            [
                Segment(HALF, Style(color=Color.from_rgb(*one), bgcolor=Color.from_rgb(*other)))
                for one, other in zip(upper, lower, strict=True)
            ],
            len(upper),
        )


class PicturePlaceholder(Widget):
    """Blanks where the terminal itself draws a picture."""

    ALLOW_SELECT = False

    def __init__(self, picture: Drawn) -> None:
        super().__init__()
        self.picture = picture
        self.styles.width, self.styles.height = picture.columns, picture.lines

    def render_line(self, y: int) -> Strip:
        """One line of nothing."""
        del y
        return Strip.blank(self.size.width, self.rich_style)


class PictureShown(Dialog[bool]):
    """A picture, until a key closes it; True where it is to be made anew, for another size."""

    DEFAULT_CSS = """
    PictureShown > #box { width: auto; padding: 0 1; }
    PictureShown.-drawn > #box {
        width: 100%; height: 100%; max-width: 100%; max-height: 100%; align: center middle;
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = bindings_from(READING)

    def __init__(self, title: str, shown: Picture | PicturePlaceholder, made_for: Size) -> None:
        """`made_for` is the size of the screen that the picture was made for."""
        super().__init__(title, f"{either_of('viewer.close', 'dialog.cancel')} closes")
        self._picture = shown
        self._made_for = made_for
        self.set_class(isinstance(shown, PicturePlaceholder), "-drawn")

    def body(self) -> Iterable[Widget]:
        """The picture."""
        yield self._picture

    def pictured(self) -> Pictured | None:
        """What the terminal is to draw itself, once there is a place for it."""
        if not isinstance(self._picture, PicturePlaceholder):
            return None
        drawn, region = self._picture.picture, self._picture.region
        if region.size != (drawn.columns, drawn.lines) or not self.region.contains_region(region):
            return None
        return Pictured(region.offset, region.size, drawn.draw, drawn.erase)

    def on_resize(self) -> None:
        """It is made for another size."""
        self._look_at_size()

    def on_screen_resume(self) -> None:
        """In front again: the size may be another one meanwhile."""
        self._look_at_size()

    def _look_at_size(self) -> None:
        if self.is_current and self.app.size != self._made_for:
            self.dismiss(True)
