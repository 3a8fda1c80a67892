"""Pasted text where the terminal does not say that it is pasted.

Without bracketed paste (GNU screen by its default, a bare console, `tmux paste-buffer` without -p)
what somebody pastes comes as keys, and over a list every letter of it would be a command. What
tells it from keys is how much comes at once: a person's keys come one by one, and what a slow link
has gathered of them is short, or one key that was held down, or has keys among it that are no
text. This is a guess, so it is made here alone. It errs towards keys: `2jj` and enter, or a few
words with an enter between them, are typed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

MOST_TYPED_LINES = 24
"""Characters that may come at once as keys though a line break stands among them."""
MOST_TYPED_LINE_FEEDS = 8
"""The same where the line break is a line feed: the enter of a keyboard is a carriage return."""
MOST_TYPED = 64
"""The same without a line break: some five seconds of quick typing."""
LEAST_DIFFERENT = 5
"""Different characters that text has at least; less is a key that is held down."""
GOES_ON_SECONDS = 0.05
"""Within this after pasted text, what comes belongs to it as long as it is text."""
LONGEST = 1 << 20
"""Characters of one paste; what is more is another one."""

_CONTROL = re.compile(
    r"(\x1b(?:\[[0-?]*[ -/]*[@-~]?|O.?|.?)|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f])", re.DOTALL
)
"""A key that is no text: an escape sequence, or a control character."""
BEGIN, END = "\x1b[200~", "\x1b[201~"


class Bursts:
    """Looks at what comes from the terminal, read by read."""

    def __init__(self) -> None:
        self._bracketed = False
        self._tail = ""
        self.is_bracketed = False
        """Whether any of the read that was looked at last stands within the brackets of a paste."""

    def parts(self, text: str) -> Iterator[tuple[bool, str]]:
        """The parts of what came, in its order: whether each was pasted without being said so."""
        self.is_bracketed = self._is_bracketed(text)
        if self.is_bracketed:
            yield False, text
            return
        keys = ""
        for part in _CONTROL.split(text):
            if _is_much(part):
                if keys:
                    yield False, keys
                yield True, part
                keys = ""
            else:
                keys += part
        if keys:
            yield False, keys

    def _is_bracketed(self, text: str) -> bool:
        """Whether any of it stands within the brackets of a paste, which the terminal sent."""
        seen = self._tail + text
        begun, ended = seen.rfind(BEGIN), seen.rfind(END)
        was, self._tail = self._bracketed, seen[1 - len(BEGIN) :]
        if begun != ended:
            self._bracketed = begun > ended
        return was or begun >= 0


def text_at_start(text: str) -> str:
    """As much as there is before the first key that is no text."""
    return _CONTROL.split(text, 1)[0]


def _is_much(text: str) -> bool:
    if len(set(text)) < LEAST_DIFFERENT:
        return False
    within = text.strip("\r\n")
    if "\n" in within:
        return len(text) > MOST_TYPED_LINE_FEEDS
    return len(text) > (MOST_TYPED_LINES if "\r" in within else MOST_TYPED)
