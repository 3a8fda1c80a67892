"""Words that were typed after a command: they answer what it asks first, so that it asks no more.

`export csv` chooses CSV where the form is asked for; a word that answers nothing of a list is kept
for the next question, and what is left at the end is said. Questions whether something may be lost
are never answered so, nor forms.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from textual.screen import Screen

if TYPE_CHECKING:
    from tui.widgets.outline_model import Node


class Answers:
    """What is left of the words after a command."""

    def __init__(self, words: Iterable[str]) -> None:
        self.words = list(words)

    def given(self, dialog: Screen[Any]) -> str | None:
        """The answer to what a dialog asks; None where a person has to be asked."""
        from tui.widgets.dialogs import Choice, TextPrompt

        if not self.words:
            return None
        if isinstance(dialog, Choice):
            key = choice_of(self.words[0], dialog.choices)
            if key is not None:
                del self.words[0]
            return key
        if isinstance(dialog, TextPrompt) and not dialog.is_secret:
            text = " ".join(self.words)
            if dialog.trouble_with(text) is None:
                self.words.clear()
                return text
        return None

    def take_all(self) -> str:
        """All words as one text, such as for a filter."""
        text = " ".join(self.words)
        self.words.clear()
        return text


def choice_of(word: str, choices: Iterable[Node]) -> str | None:
    """The key of the one entry that a word names: by its key, else by how its label begins."""
    wanted, found = word.casefold(), list[str]()
    for node in choices:
        if node.key.casefold() == wanted:
            return node.key
        if node.label.casefold().startswith(wanted):
            found.append(node.key)
    return found[0] if len(found) == 1 else None


NOTHING = Answers(())
ANSWERS: ContextVar[Answers] = ContextVar("answers", default=NOTHING)
"""The words for the command that is carried out in this context."""
