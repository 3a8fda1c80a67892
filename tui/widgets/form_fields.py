"""The fields of a form on the screen: label, editor, count, and what is wrong."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from rich.style import Style
from rich.text import Text
from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.geometry import Offset, Region
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input, TextArea

from tui.spoken_keys import key_for
from tui.widget_keys import EDITOR, PICKER
from tui.widgets.bar import Bar, Piece, one_line
from tui.widgets.bindings import bindings_from
from tui.widgets.cells import in_editor
from tui.widgets.filterline import LineInput
from tui.widgets.form_values import FieldError, FormField, hint_of, read_list
from tui.widgets.lines import Lines, Paragraph
from tui.widgets.palette import Palette
from tui.widgets.rows import CURSOR_MARK

LABEL_WIDTH = 20
COUNT_WIDTH = 10
SLIM = 60
"""Cells of a window below which a field would have less than a third of them."""
LINES_HEIGHT = 5
PROPOSED = frozenset({"number", "money", "date", "time", "datetime", "duration", "hours"})
"""Kinds of what is typed anew rather than gone on with: the first letter is written over it."""


class Edited(Message):
    """The text of a field is another one."""

    def __init__(self, row: FieldRow) -> None:
        super().__init__()
        self.row = row


class PickWanted(Message):
    """A person wants the list of a field with choices."""

    def __init__(self, picker: Picker) -> None:
        super().__init__()
        self.picker = picker


class FieldText(Bar):
    """A label or a count beside an editor."""

    def __init__(self, text: str, *, id: str) -> None:
        super().__init__(id=id)
        self.text = text
        self.wrong = False
        self.here = False

    def ground(self, palette: Palette) -> Style:
        """The background of the box."""
        return palette.plain["text"]

    def pieces(self, width: int, palette: Palette) -> tuple[list[Piece], list[Piece]]:
        """The text; a mark before it where the field has the focus."""
        role = "bad" if self.wrong else "strong" if self.here else "muted"
        mark = Piece(CURSOR_MARK if self.here else " ", palette.plain["primary"])
        return [mark, Piece(one_line(self.text, width - 1), palette.plain[role])], []


class Picker(Bar, can_focus=True):
    """Yes or no, one of several, or some of several, without typing."""

    BINDINGS: ClassVar[list[BindingType]] = bindings_from(PICKER)

    class Changed(Message):
        """Another choice."""

    def __init__(self, field: FormField, value: str) -> None:
        super().__init__()
        self.field = field
        self._value = value

    @property
    def value(self) -> str:
        """The choice as text; of several as a list with commas; ``yes`` or nothing."""
        return self._value

    @value.setter
    def value(self, value: str) -> None:
        if value != self._value:
            self._value = value
            self.refresh()
            self.post_message(self.Changed())

    @property
    def chosen(self) -> list[str]:
        """The chosen values."""
        return read_list(self._value) if self.field.kind == "choices" else [self._value]

    def action_pick(self) -> None:
        """Turn over yes and no; for the others, ask for the list."""
        if self.field.kind == "boolean":
            self.value = "" if self._value else "yes"
        else:
            self.post_message(PickWanted(self))

    def action_leave(self) -> None:
        """On to the next field."""
        self.screen.focus_next()

    def action_step(self, by: int) -> None:
        """The next one of the list."""
        if self.field.kind == "boolean":
            self.action_pick()
        elif self.field.kind == "choice" and self.field.choices:
            values = [value for value, _ in self.field.choices]
            if not self.field.required:
                values.insert(0, "")
            here = values.index(self._value) if self._value in values else -1
            self.value = values[max(0, min(here + by, len(values) - 1))]

    def ground(self, palette: Palette) -> Style:
        """The background of the box."""
        return palette.plain["text"]

    def pieces(self, width: int, palette: Palette) -> tuple[list[Piece], list[Piece]]:
        """The choice by its title."""
        here = self.has_focus
        style = palette.plain["key" if here else "text"]
        if self.field.kind == "boolean":
            return [Piece("[x] yes" if self._value else "[ ] no", style)], []
        titles = dict(self.field.choices)
        shown = [titles.get(value, value) for value in self.chosen if value]
        text = one_line(", ".join(shown) or "none", max(0, width - 16))
        hint = f"{key_for('picker.choose')} lists" if here else ""
        return [Piece(f"‹ {text} ›", style)], [Piece(hint, palette.plain["muted"])]

    def on_click(self, event: events.Click) -> None:
        """A click is the same as space."""
        event.stop()
        self.action_pick()


class TextLines(TextArea, inherit_bindings=False):
    """An editor of several lines that obeys nothing of what it shows.

    ctrl+z is job control everywhere; what was typed is taken back by ctrl+_.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        *(one for one in TextArea.BINDINGS if "ctrl+z" not in one.key),  # type: ignore[union-attr]
        *bindings_from(EDITOR),
    ]

    def get_line(self, line_index: int) -> Text:
        """A line as it is drawn: Textual hands control characters on to the terminal."""
        return Text(in_editor(self.document.get_line(line_index)), no_wrap=True, end="")


def is_slim(widget: Widget) -> bool:
    """Whether a window has no room for labels beside the fields: then they stand above them."""
    return widget.app.size.width < SLIM


class FormScroll(VerticalScroll, can_focus=False, inherit_bindings=False):
    """The fields, scrolled to the one that has the focus and by no key past it: arrows go from
    field to field."""

    def scroll_to_region(self, region: Region, **options: Any) -> Offset:
        """With the label that stands above a field, where it does."""
        if is_slim(self) and region.y:
            region = Region(region.x, region.y - 1, region.width, region.height + 1)
        # At once: of a move that still goes on it is not known what will be seen.
        return super().scroll_to_region(region, **(options | {"animate": False}))


class FieldRow(Widget):
    """One field with everything that belongs to it."""

    DEFAULT_CSS = f"""
    FieldRow {{ height: auto; layout: vertical; }}
    FieldRow > #line {{ height: auto; }}
    FieldRow #label {{ width: {LABEL_WIDTH}; }}
    FieldRow #count {{ width: {COUNT_WIDTH}; }}
    FieldRow #wrong {{ margin-left: {LABEL_WIDTH}; }}
    FieldRow.-slim > #line {{ layout: vertical; }}
    FieldRow.-slim #label {{ width: 1fr; }}
    FieldRow.-slim #wrong {{ margin-left: 0; }}
    FieldRow.-slim #count {{ display: none; }}
    FieldRow.-slim #count.-over {{ display: block; }}
    FieldRow TextArea, FieldRow TextArea:focus {{
        border: none; padding: 0; height: {LINES_HEIGHT}; width: 1fr; background: $surface;
    }}
    FieldRow TextArea:focus {{ background: $panel; }}
    """

    def __init__(self, field: FormField, text: str, default: str | None = None) -> None:
        """`default` is the text of the field's default, where a draft stands there instead."""
        super().__init__()
        self.field = field
        self._start = text
        self._default = text if default is None else default
        self._wrong_about: str | None = None
        self._wrong = Lines(id="wrong")
        self._wrong.display = False
        self._label = FieldText(field.label + (" *" if field.required else ""), id="label")
        self._count = FieldText("", id="count")
        self.editor = self._make_editor(text)
        if text == self._default:
            # An editor may write line ends in its own way.
            self._default = self.text

    def _make_editor(self, text: str) -> Input | TextArea | Picker:
        field = self.field
        if field.kind in ("choice", "choices", "boolean"):
            return Picker(field, text)
        if field.kind == "lines":
            area = TextLines(
                text, compact=True, show_line_numbers=False, placeholder=hint_of(field)
            )
            area.cursor_blink = False
            return area
        return LineInput(text, placeholder=hint_of(field), password=field.kind == "secret")

    def compose(self) -> ComposeResult:
        """Label, editor and count on one line; what is wrong below."""
        with Horizontal(id="line"):
            yield self._label
            yield self.editor
            if self.field.limit is not None:
                yield self._count
        yield self._wrong

    def on_mount(self) -> None:
        """Count what is there."""
        self._show_count()
        if self.field.at_end and isinstance(self.editor, TextArea):
            self.editor.move_cursor(self.editor.document.end)

    @property
    def text(self) -> str:
        """What is typed or chosen."""
        return self.editor.text if isinstance(self.editor, TextArea) else self.editor.value

    @text.setter
    def text(self, text: str) -> None:
        if isinstance(self.editor, TextArea):
            self.editor.text = text
        else:
            self.editor.value = text

    @property
    def is_edited(self) -> bool:
        """Whether the text is another one than at first, or has been."""
        return self.text != self._start

    @property
    def untouched(self) -> bool:
        """Whether the text is still that of the default."""
        return self.text == self._default

    def show_wrong(self, text: str) -> None:
        """Say what is wrong with the field; nothing where the text is empty."""
        self._wrong_about = self.text if text else None
        self._label.wrong = bool(text)
        self._label.refresh()
        if text or self._wrong.display:
            self._wrong.show([Paragraph(f"✗ {text}", "bad")])
            self._wrong.display = bool(text)

    def _show_count(self) -> None:
        if self.field.limit is not None:
            count = len(self.text)
            self._count.text = f"{count}/{self.field.limit}"
            self._count.wrong = count > self.field.limit
            self._count.set_class(self._count.wrong, "-over")
            self._count.refresh()

    def _edited(self) -> None:
        self._show_count()
        # Typing and saving in one breath: the news of the typing comes after the verdict on it.
        if self.text != self._wrong_about:
            self.show_wrong("")
        self.post_message(Edited(self))

    def on_input_changed(self, event: Input.Changed) -> None:
        """Count, and forget what was wrong."""
        event.stop()
        # An input says so too when it is given its first text.
        if event.value != self._start:
            self._start = "\0"
            self._edited()

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        """Count, and forget what was wrong."""
        event.stop()
        if event.text_area.text != self._start:
            self._start = "\0"
            self._edited()

    def on_picker_changed(self, event: Picker.Changed) -> None:
        """Forget what was wrong."""
        event.stop()
        self._edited()

    def on_descendant_focus(self) -> None:
        """Mark the label, and propose what may be typed over as a whole."""
        if isinstance(self.editor, LineInput) and self.field.kind in PROPOSED and self.untouched:
            self.editor.propose()
        self._label.here = True
        self._label.refresh()

    def on_descendant_blur(self) -> None:
        """Unmark the label."""
        self._label.here = False
        self._label.refresh()


def check_fields(fields: Iterable[FormField]) -> None:
    """Raises `FieldError` where two fields have one name."""
    seen: set[str] = set()
    for field in fields:
        if field.name in seen:
            raise FieldError(f"Two fields are called {field.name}.")
        seen.add(field.name)
