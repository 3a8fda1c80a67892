"""Several entries of a list: one key marks one, one all; enter takes what is marked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar

from textual import events
from textual.binding import BindingType
from textual.widget import Widget
from textual.widgets import Input

from tui.spoken_keys import key_for, with_keys
from tui.widget_keys import CHOICE, FILTER, MARKING_ALL
from tui.widgets.bindings import bindings_from
from tui.widgets.dialog import Dialog
from tui.widgets.dialogs import as_narrowing
from tui.widgets.filterline import LineInput
from tui.widgets.grid import Grid
from tui.widgets.grid_model import Column, ListSource
from tui.workspace.worded import holds

MARKING = (
    "<table.mark> marks · <choice.filter> filters · <list.choose> takes them · "
    "<dialog.cancel> closes"
)
"""What the keys do in a list of which not all is there."""
OF_ALL = (
    "<table.mark> marks · <choices.all> all · <choice.filter> filters · "
    "<list.choose> takes · <dialog.cancel> closes"
)
TYPING = "typing narrows · <list.choose> or <filter.keep> to the list · <dialog.cancel> closes"


class Choices(Dialog[list[str] | None]):
    """Dismissed with the marked values in the order of the list, or None. Typing after ``/``
    narrows the list; what is marked stays so.
    """

    BINDINGS: ClassVar[list[BindingType]] = bindings_from((*CHOICE, *MARKING_ALL, FILTER[1]))

    def __init__(
        self,
        title: str,
        choices: Sequence[tuple[str, str]],
        marked: Sequence[str] = (),
        *,
        typed: bool = False,
        keys: str = "",
    ) -> None:
        """`choices` are pairs of value and title; where it is `typed` letters narrow at once."""
        super().__init__(title, keys or with_keys(OF_ALL if choices else "<dialog.cancel> closes"))
        self._at_edge = self._dialog_keys
        self._is_marking = self._at_edge in (with_keys(MARKING), with_keys(OF_ALL))
        self._has_all = not keys
        self._choices = tuple(choices)
        self._marked = frozenset(marked)
        self._typed = typed
        self._shown = frozenset[str]()
        self._grid = Grid([Column("title", "", flexible=True, is_name=True)], header=False)
        self._line = LineInput(placeholder=f"filter: enter or {key_for('filter.keep')} to the list")
        self._line.display = False

    def body(self) -> Iterable[Widget]:
        """The list with marks, and the line that narrows it."""
        self._show("")
        self._grid.set_marked(self._marked & set(self._values))
        yield self._grid
        yield self._line

    def _show(self, text: str) -> None:
        shown = [one for one in self._choices if holds(one[1], text)]
        self._shown = frozenset(value for value, _ in shown)
        self._grid.set_source(
            ListSource([(title,) for _, title in shown], [value for value, _ in shown])
        )

    @property
    def _values(self) -> list[str]:
        return [value for value, _ in self._choices]

    def on_mount(self) -> None:
        """Keys work at once."""
        self.set_focus(self._grid)
        self._fit_height()
        if self._typed:
            self.action_filter()

    def on_resize(self) -> None:
        """More lines of the list, or fewer."""
        self._fit_height()

    def _fit_height(self) -> None:
        self.fit_list(self._grid, len(self._choices))

    def action_filter(self) -> None:
        """Type to narrow."""
        self._line.display = True
        self._fit_height()
        self.set_focus(self._line)

    def action_mark_all(self) -> None:
        """Mark all that the filter leaves, or none of them where all are marked."""
        if self._has_all:
            shown, marked = self._shown, self._grid.marked
            self._grid.set_marked(marked - shown if shown <= marked else marked | shown)

    def on_descendant_focus(self, _event: events.DescendantFocus) -> None:
        """The keys at the edge are those that mean something where the focus is."""
        if self._is_marking:
            self.show_keys(with_keys(TYPING) if self._line.has_focus else self._at_edge)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Narrow."""
        event.stop()
        self.narrow(as_narrowing(event.value) if self._typed else event.value)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """What enter does in the line."""
        event.stop()
        self.leave_line()

    def action_keep(self) -> None:
        """Go from the line to what is left of the list."""
        self.set_focus(self._grid)

    def on_grid_selected(self, event: Grid.Selected) -> None:
        """Enter in the list."""
        event.stop()
        self.take()

    # A kind of its own has its own of these, not of the handlers: Textual calls those of all bases.

    def narrow(self, text: str) -> None:
        """Show what fits a text that is typed."""
        self._show(text)

    def leave_line(self) -> None:
        """To what is left of the list."""
        self.set_focus(self._grid)

    def take(self) -> None:
        """Take what is marked."""
        marked = self._grid.marked
        self.dismiss([value for value in self._values if value in marked])
