"""Questions over a screen: confirm, choose, say, ask for one line. Results come by dismissal."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import ClassVar

from textual import events
from textual.binding import BindingType
from textual.widget import Widget
from textual.widgets import Input

from tui.spoken_keys import either_of, key_for, pair_of
from tui.widget_keys import CHOICE, CLOSING, CONFIRM, FINDING, MESSAGE, TEXT, TEXT_EDGES
from tui.widgets.bindings import bindings_from
from tui.widgets.dialog import Dialog
from tui.widgets.filterline import LineInput
from tui.widgets.lines import Lines, Paragraph
from tui.widgets.outline import Outline
from tui.widgets.outline_model import Node
from tui.widgets.palette import Role
from tui.widgets.tall_text import TallText
from tui.workspace.text import clean


class MessageBox(Dialog[None]):
    """Says something that a person has to have read: enter, space, q or esc closes it."""

    BINDINGS: ClassVar[list[BindingType]] = bindings_from((*MESSAGE, *TEXT, *TEXT_EDGES))

    def __init__(self, title: str, text: str, *, role: Role = "text") -> None:
        super().__init__(title, f"{key_for('message.close')} closes")
        self._role: Role = role
        self._text = TallText([Paragraph(text, role)])

    def body(self) -> Iterable[Widget]:
        """The text."""
        yield self._text

    def show_text(self, text: str) -> None:
        """Say something else, from the line on that is read just now."""
        self._text.show([Paragraph(text, self._role)])

    def action_scroll(self, by: int) -> None:
        """Read on, or back, by so many lines."""
        self._text.scroll_lines(by)

    def action_page(self, by: int) -> None:
        """Read on by what is seen."""
        self._text.scroll_lines(by * max(1, self._text.size.height - 1))

    def action_edge(self, by: int) -> None:
        """To the first or the last line."""
        self._text.scroll_lines(by * self._text.count)

    def on_tall_text_moved(self) -> None:
        """Say at the edge which lines these are, where there are more."""
        text = self._text
        lines = f"lines {text.top + 1}–{text.top + text.size.height} of {text.count}"
        seen = f"{lines} · {pair_of('text.up', 'text.down')} scroll · "
        keys = f"{seen if text.size.height < text.count else ''}{self._dialog_keys}"
        self.show_keys(keys)


class Confirm(Dialog[bool]):
    """Asks before something is lost; only the key that it names says yes.

    `question` says what will be done, `loses` what will be gone. The key is never the one that
    opened the question, so that a key pressed twice confirms nothing. With `typed_name` the name
    has to be typed as well, for what cannot be had back by anybody.
    """

    BINDINGS: ClassVar[list[BindingType]] = bindings_from(CONFIRM)

    def __init__(
        self,
        title: str,
        question: str,
        *,
        loses: str = "",
        yes: str = "yes",
        no: str = "keep",
        key: str = "y",
        typed_name: str = "",
    ) -> None:
        way = f"type the name, then enter: {yes}" if typed_name else f"{key} {yes}"
        away = key_for("dialog.cancel") if typed_name else either_of("confirm.no", "dialog.cancel")
        super().__init__(title, f"{way} · {away} {no}")
        self._question = question
        self._loses = loses
        self._key = key
        self._typed_name = typed_name

    def body(self) -> Iterable[Widget]:
        """The question, what is lost, and where the name is typed."""
        lines = [Paragraph(self._question)]
        if self._loses:
            lines.append(Paragraph(f"! {self._loses}", "warn"))
        yield Lines(lines)
        if self._typed_name:
            yield LineInput(placeholder=clean(self._typed_name))

    def on_mount(self) -> None:
        """A name is typed at once."""
        for line in self.query(LineInput):
            self.set_focus(line)

    def on_key(self, event: events.Key) -> None:
        """The named key says yes; where a name is typed, only that counts."""
        if not self._typed_name and self._key in (event.character, event.key):
            event.stop()
            self.dismiss(True)

    def action_no(self) -> None:
        """No, where nothing is typed."""
        if not self._typed_name:
            self.dismiss(False)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Yes where the name is the right one, else say so and stay."""
        event.stop()
        if event.value.strip() == self._typed_name.strip():
            self.dismiss(True)
            return
        self.say_of_typed(f"that is another name · {key_for('dialog.cancel')} keeps everything")

    def action_cancel(self) -> None:
        """No."""
        self.dismiss(False)


def as_narrowing(text: str) -> str:
    """What narrows a list whose line is open from the start: who presses the key that opens such a
    line first does not look for that sign.
    """
    return text.removeprefix(key_for("choice.filter"))


class Choice(Dialog[str | None]):
    """A list to choose one entry from, narrowed by typing after ``/``; gives its key."""

    BINDINGS: ClassVar[list[BindingType]] = bindings_from((*CHOICE, *CLOSING, *FINDING[:2]))

    def __init__(
        self,
        title: str,
        choices: Sequence[Node],
        *,
        current: str = "",
        empty: str = "Nothing.",
        note: str = "",
        typed: bool = False,
    ) -> None:
        """`note` says what is amiss with the list; where it is `typed` letters narrow at once."""
        way = "typing narrows" if typed else f"{key_for('choice.filter')} filters"
        # Of nothing none is chosen: keys that do nothing are not offered.
        offered = f"{key_for('list.choose')} chooses · {way} · " if choices else ""
        super().__init__(title, f"{offered}{key_for('dialog.cancel')} closes")
        self._typed = typed
        self._note = note
        self._choices = tuple(choices)
        self._current = current
        self._empty = empty

    @property
    def choices(self) -> Sequence[Node]:
        """The entries."""
        return self._choices

    def body(self) -> Iterable[Widget]:
        """The list, and the line that narrows it."""
        if self._note:
            yield Lines([Paragraph(self._note, "warn")])
        yield Outline(self._choices, empty=self._empty)
        line = LineInput(placeholder="filter")
        line.display = False
        yield line

    def on_mount(self) -> None:
        """The cursor starts on what is chosen now."""
        outline = self.query_one(Outline)
        self.set_focus(outline)
        self._fit_height()
        if self._current:
            outline.move_to_key(self._current)
        if self._typed:
            self.action_filter()

    def on_resize(self) -> None:
        """More lines, or fewer, once those beside the list have theirs."""
        self._fit_height()
        self.call_after_refresh(self._fit_height)

    def _fit_height(self) -> None:
        self.fit_list(self.query_one(Outline), len(self._choices))

    def action_filter(self) -> None:
        """Type to narrow."""
        line = self.query_one(LineInput)
        line.display = True
        self._fit_height()
        self.set_focus(line)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Narrow."""
        event.stop()
        self.points_at = None
        self.narrow(as_narrowing(event.value) if self._typed else event.value)

    def narrow(self, text: str) -> None:
        """Show what fits a text that is typed."""
        self.query_one(Outline).set_filter(text)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter in the line chooses what the cursor is on."""
        event.stop()
        self.query_one(Outline).action_choose()

    def action_found_by(self, by: int) -> None:
        """Move the cursor while the line has the focus."""
        self.points_at = outline = self.query_one(Outline)
        outline.action_cursor_by(by)

    def on_outline_selected(self, event: Outline.Selected) -> None:
        """Give the entry's key."""
        event.stop()
        self.dismiss(event.key)


class TextPrompt(Dialog[str | None]):
    """Asks for one line; `check` says what is wrong with it, in words, or nothing."""

    def __init__(
        self,
        title: str,
        *,
        value: str = "",
        label: str = "",
        placeholder: str = "",
        secret: bool = False,
        check: Callable[[str], str | None] | None = None,
        understood: Callable[[str], str] | None = None,
        enter: str = "saves",
        replaces: bool = False,
    ) -> None:
        """`understood` says while one types what it means; `enter` says what that key does. Where
        a letter `replaces` the value, all of it is selected.
        """
        super().__init__(title, f"enter {enter} · {key_for('dialog.cancel')} closes")
        self._replaces = replaces
        self._value = value
        self._label = label
        self._placeholder = placeholder
        self._secret = secret
        self._check = check
        self._understood = understood
        self._is_refused = False
        """Whether what is wrong with the text is said."""

    @property
    def is_secret(self) -> bool:
        """Whether what is typed must not be seen."""
        return self._secret

    def trouble_with(self, text: str) -> str | None:
        """What is wrong with a text as the answer, in words."""
        return None if self._check is None else self._check(text)

    def body(self) -> Iterable[Widget]:
        """The label, the line, and what is wrong with it, or understood of it."""
        if self._label:
            yield Lines([Paragraph(self._label, "muted")])
        yield LineInput(self._value, placeholder=self._placeholder, password=self._secret)
        wrong = Lines(id="wrong")
        wrong.display = self._understood is not None
        yield wrong

    def on_mount(self) -> None:
        """Typing starts at once."""
        line = self.query_one(LineInput)
        self.set_focus(line)
        if self._replaces:
            line.select_all()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Say what is understood so far; what is wrong with it is said once it is entered."""
        event.stop()
        said = None
        if self._understood is not None:
            wrong = self._check(event.value) if self._check is not None else None
            said = f"= {self._understood(event.value)}" if wrong is None else " "
        elif self._is_refused:
            said = " "  # the text before was wrong: this one need not be
        self._is_refused = False
        if said is not None:
            self.query_one("#wrong", Lines).show([Paragraph(said, "muted")])

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Give the text where nothing is wrong with it."""
        event.stop()
        wrong = self.trouble_with(event.value)
        if wrong is None:
            self.dismiss(event.value)
            return
        self._is_refused = True
        lines = self.query_one("#wrong", Lines)
        lines.show([Paragraph(f"✗ {wrong}", "bad")])
        lines.display = True
