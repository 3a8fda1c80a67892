"""What a question over a screen is made of.

None dims what is under it: that would write the whole screen twice, and a person often wants to
read there what the question is about.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar, Generic, TypeVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.events import DescendantFocus
from textual.widget import Widget
from textual.widgets import Input

from tui.spoken_keys import key_for
from tui.widget_keys import DIALOG
from tui.widgets.bindings import bindings_from
from tui.widgets.cells import clip
from tui.widgets.dialog_frame import DialogKeys, Frame
from tui.widgets.filterline import LineInput
from tui.widgets.lines import Lines
from tui.widgets.rows import RowsWidget
from tui.widgets.screen import CalmModalScreen
from tui.widgets.tall_text import MOST_HEIGHT
from tui.workspace.text import clean

Result = TypeVar("Result")


class Dialog(CalmModalScreen[Result], Generic[Result]):
    """A framed box in the middle; esc always closes it without a result."""

    DEFAULT_CSS = """
    Dialog { align: center middle; background: transparent; layers: keys box; }
    Dialog > #box {
        layer: box; width: 64; max-width: 96%; height: auto; max-height: 94%;
        border: round $primary; border-title-color: $primary; border-title-style: bold;
        border-subtitle-color: $muted; background: $background; padding: 0 1;
    }
    Dialog.-tiny > #box { overflow-y: auto; scrollbar-size-vertical: 0; }
    """

    MOST_LINES: ClassVar = 16
    """Of a list to choose from."""

    BINDINGS: ClassVar[list[BindingType]] = bindings_from(DIALOG)

    AUTO_FOCUS = ""

    def __init__(self, title: str, keys: str = "") -> None:
        """`keys` is the line of keys at the lower edge of the box."""
        super().__init__()
        self._dialog_title = title
        self._dialog_keys = keys
        self._keys_before = ""
        """Those that are shown again once what was said in their place is over."""

    def compose(self) -> ComposeResult:
        """The box with its title at the upper and its keys at the lower edge."""
        bar = DialogKeys()
        bar.show_keys(self._dialog_keys)
        yield bar
        with Frame(id="box") as box:
            # Content, not a string: a string would be read as markup.
            box.border_title = Content(clean(self._dialog_title))
            box.show_keys(self._dialog_keys)
            yield from self.body()

    def show_keys(self, keys: str) -> None:
        """Show another line of keys."""
        self._keys_before = ""
        self.query_one(Frame).show_keys(keys)
        self.query_one(DialogKeys).show_keys(keys)

    def on_rows_widget_nothing_chosen(self, message: RowsWidget.NothingChosen) -> None:
        """Say so: a key after which all is as before looks like one that was not taken."""
        message.stop()
        typed = next((line.value.strip() for line in self.query(LineInput) if line.display), "")
        why = f"nothing fits “{clip(clean(typed), 20)}”: type less" if typed else "nothing is there"
        self.say_of_typed(f"{why} · {key_for('dialog.cancel')} closes")

    def say_of_typed(self, text: str) -> None:
        """Say something in the place of the keys, until something else is typed."""
        before = self._keys_before or self.query_one(Frame).keys
        self.show_keys(text)
        self._keys_before = before

    def on_input_changed(self, _event: Input.Changed) -> None:
        """What was said of the text before says nothing of this one."""
        if self._keys_before:
            self.show_keys(self._keys_before)

    def body(self) -> Iterable[Widget]:
        """What stands in the box."""
        return ()

    def fit_list(self, rows: Widget, lines: int) -> None:
        """As many lines of a list as the box has beside what else is in it, at most `MOST_LINES`:
        of those outside of it none is seen, wherever the cursor goes."""
        beside = sum(one.outer_size.height or 1 for one in rows.siblings if one.display)
        rows.styles.height = max(1, min(lines, self.MOST_LINES, self.most_lines - beside))

    @property
    def most_lines(self) -> int:
        """The lines that the box has at most."""
        return self.app.size.height * MOST_HEIGHT // 100 - 2

    def on_descendant_focus(self, event: DescendantFocus) -> None:
        """Of what is scrolled itself Textual does not see that it is behind the edge of the box."""
        if self.has_class("-tiny"):
            self._show_in_box(event.widget)

    def on_resize(self) -> None:
        """In less room what has the focus may stand below the edge of the box."""
        if self.focused is not None:
            self.call_after_refresh(self.focused.scroll_visible, animate=False)
            self.call_after_refresh(self._show_in_box, self.focused)

    def _show_in_box(self, widget: Widget) -> None:
        for one in widget.ancestors_with_self:
            if isinstance(one, Widget) and isinstance(one.parent, Frame):
                one.scroll_visible(animate=False)

    @property
    def followed(self) -> Widget | None:
        """A box in which nothing is chosen or typed is read from where its text begins, not from
        what had the cursor below it."""
        return super().followed or next(
            (one for kind in (Lines, Frame) for one in self.walk_children(kind) if one.display),
            None,
        )

    def action_cancel(self) -> None:
        """Close without a result."""
        self.dismiss(None)
