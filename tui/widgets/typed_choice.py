"""A list whose entries can be typed as well: a letter or a digit in it begins a line."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual import events

from tui.spoken_keys import key_for
from tui.widgets.dialogs import Choice
from tui.widgets.filterline import LineInput
from tui.widgets.outline import Outline
from tui.widgets.outline_model import Node

_OF_TREES = ("unfold", "fold", "toggle_fold")
"""What keys do that a list without children has no use for."""


class TypedChoice(Choice):
    """A list in which a key that moves nothing begins a line, and goes on in it."""

    DIGITS_BEGIN_TEXT = True
    """Where a number before a key says how far it moves, too (see `chords`)."""

    def __init__(
        self,
        title: str,
        choices: Sequence[Node],
        *,
        offers: Callable[[str], Sequence[Node]],
        begins: Callable[[str], bool],
        current: str = "",
    ) -> None:
        """`offers` gives the entries for a text that is typed, the first of which enter chooses.
        `begins` says whether a text begins a word that is known: then a letter that moved the
        cursor is the first of that word, where another letter follows it.
        """
        super().__init__(title, choices, current=current)
        self._dialog_keys = (
            f"{key_for('list.choose')} chooses · or type it · {key_for('dialog.cancel')} closes"
        )
        self._offers = offers
        self._begins = begins
        self._moved = ""

    def narrow(self, text: str) -> None:
        """Show what a text means, and what fits it."""
        outline = self.query_one(Outline)
        outline.set_nodes(self._offers(text) if text.strip() else self.choices)
        outline.move_to_row(0)

    def on_key(self, event: events.Key) -> None:
        """Begin the line, unless the key moves the cursor of the list."""
        moved, self._moved = self._moved, ""
        letter = event.character
        if letter is None or not event.is_printable or letter == " ":
            return
        line = self.query_one(LineInput)
        if line.has_focus:
            return
        bound = self.active_bindings.get(event.key)
        if bound is not None and bound.binding.action not in _OF_TREES:
            self._moved = letter
            return
        event.stop()
        event.prevent_default()
        self.action_filter()
        known = bool(moved) and self._begins(moved + letter)
        line.insert_text_at_cursor(moved + letter if known else letter)
