"""Several entries of a list: space marks, enter takes what is marked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from textual.widget import Widget

from tui.widgets.dialogs import Dialog
from tui.widgets.grid import Grid
from tui.widgets.grid_model import Column, ListSource

_MOST_VISIBLE = 16


class Choices(Dialog[list[str] | None]):
    """Dismissed with the marked values in the order of the list, or None."""

    def __init__(
        self, title: str, choices: Sequence[tuple[str, str]], marked: Sequence[str] = ()
    ) -> None:
        """`choices` are pairs of value and title."""
        super().__init__(title, "space marks · enter takes the marked ones · esc closes")
        self._choices = tuple(choices)
        self._marked = frozenset(marked)

    def body(self) -> Iterable[Widget]:
        """The list with marks."""
        rows = [(title,) for _, title in self._choices]
        grid = Grid(
            [Column("title", "", flexible=True)], ListSource(rows, self._values), header=False
        )
        grid.set_marked(self._marked & set(self._values))
        grid.styles.height = max(1, min(len(rows), _MOST_VISIBLE))
        yield grid

    @property
    def _values(self) -> list[str]:
        return [value for value, _ in self._choices]

    def on_mount(self) -> None:
        """Keys work at once."""
        self.set_focus(self.query_one(Grid))

    def on_grid_selected(self, event: Grid.Selected) -> None:
        """Take what is marked."""
        event.stop()
        marked = event.grid.marked
        self.dismiss([value for value in self._values if value in marked])
