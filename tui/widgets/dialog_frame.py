"""What is around a dialog: its box, and its keys in the place of those of the screen below."""

from __future__ import annotations

from typing import Any

from textual.containers import Vertical
from textual.content import Content
from textual.geometry import Offset, Region

from tui.spoken_keys import fitting, reachable
from tui.widgets.bar import Bar, Piece
from tui.widgets.palette import Palette
from tui.workspace.text import clean


class Frame(Vertical):
    """The box of a dialog, with a line of keys at its lower edge of which no word is cut."""

    keys = ""

    def show_keys(self, keys: str) -> None:
        """Show another line of keys."""
        self.keys = reachable(clean(keys))
        # Beside the corners there are two cells at each end.
        room = self.outer_size.width - 6
        self.border_subtitle = Content(fitting(self.keys, room) if room > 0 else self.keys)

    def scroll_to_region(self, region: Region, **options: Any) -> Offset:
        """At once: of a move that still goes on it is not known what will be seen."""
        return super().scroll_to_region(region, **(options | {"animate": False}))

    def on_resize(self) -> None:
        """More room, or less."""
        self.show_keys(self.keys)


class DialogKeys(Bar):
    """The keys of a dialog over the last line of the window, where those of the screen stand, none
    of which works meanwhile. It has more room there than at the edge of the box.
    """

    DEFAULT_CSS = """
    DialogKeys { dock: bottom; layer: keys; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._keys = ""

    def show_keys(self, keys: str) -> None:
        """Show another line of keys."""
        keys = reachable(clean(keys))
        if keys != self._keys:
            self._keys = keys
            self.refresh()

    def pieces(self, width: int, palette: Palette) -> tuple[list[Piece], list[Piece]]:
        """The keys, each part whole."""
        return [Piece(f" {fitting(self._keys, width - 2)}", palette.bar_muted)], []
