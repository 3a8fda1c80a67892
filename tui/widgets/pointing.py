"""Where the terminal's own cursor stands: on what is selected, hidden as it is.

Braille displays and speech (brltty, speakup) follow that cursor, and no colour. brltty's manual,
"Cursor tracking".
"""

from __future__ import annotations

from typing import Protocol, TypeGuard, runtime_checkable

from textual.geometry import Offset
from textual.widget import Widget


@runtime_checkable
class Pointing(Protocol):
    """A widget in which something is selected."""

    def pointed(self) -> Offset | None:
        """Where that begins, counted from the content; None where it is not seen."""
        ...


def place_of(widget: Widget | None) -> Offset | None:
    """Where on the screen the cursor belongs for what has the focus; None: where it was."""
    if widget is None:
        return None
    written = getattr(widget, "cursor_screen_offset", None)
    if isinstance(written, Offset):
        # Of an input whose cursor is behind the last letter Textual says one cell more.
        if getattr(widget, "cursor_at_end", False) is True:
            written -= Offset(1, 0)
        # And where that letter is in the last cell, the one behind it.
        last = max(widget.content_region.x, widget.content_region.right - 1)
        return Offset(min(written.x, last), written.y)
    begin = widget.content_region.offset
    if not _points(widget):
        return begin
    inside = widget.pointed()
    return None if inside is None else begin + inside


def _points(widget: Widget) -> TypeGuard[Pointing]:
    # Of an instance Python asks anew each time, for 35 µs or more; of a class it knows it.
    return issubclass(type(widget), Pointing)
