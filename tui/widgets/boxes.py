"""What only holds other widgets: one line drawn once stands for all of its lines.

Textual draws each container line by line, though nothing of it is seen below what it holds:
on a screen of five panes that was most of the lines of a frame.
"""

from __future__ import annotations

from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget


def filtered(widget: Widget, strip: Strip) -> Strip:
    """A line that was drawn beside Textual's own way, with its filters (NO_COLOR is one)."""
    background = widget.background_colors[1]
    for line_filter in widget.get_line_filters():
        strip = strip.apply_filter(line_filter, background)
    return strip


def blank_lines(widget: Widget, crop: Region) -> list[Strip]:
    """The widget's background on every line of a part of it."""
    blank = filtered(widget, Strip.blank(crop.width, widget.visual_style.rich_style))
    return [blank] * crop.height


class Box(Widget):
    """Holds widgets, one above the other."""

    DEFAULT_CSS = """
    Box { layout: vertical; width: 1fr; height: 1fr; }
    """

    def render_lines(self, crop: Region) -> list[Strip]:
        """Its background, which is seen between what it holds."""
        return blank_lines(self, crop)


class Row(Box):
    """Holds widgets side by side."""

    DEFAULT_CSS = """
    Row { layout: horizontal; }
    """
