"""Text as it is compared: one form for what a person would call the same letters."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

_ACCENTS = re.compile("[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]+")
"""Marks of the Latin, Greek and Cyrillic scripts. Those of others are letters of a word: what
makes ga of ka in Japanese, and the vowels of Thai, Hindi, Hebrew and Arabic."""

_STROKES = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ħ": "h", "ŧ": "t", "ı": "i", "æ": "ae", "œ": "oe"}
)


_REMEMBERED = 4096
_IOTA = re.compile("[\u0345\u037a\u1f80-\u1fff]")
"""The one mark that becomes a letter, and what has it."""


@lru_cache(_REMEMBERED)
def fold(text: str) -> str:
    """What `folded` says, of texts that come again and again."""
    return folded(text)


def folded(text: str) -> str:
    """The text without case, accents and width; what has no Unicode form is a question mark.

    Folding twice is folding once, and a text that holds another holds its folded form folded,
    but where marks follow the cut.
    """
    if text.isascii():
        return text.lower()
    try:
        latin = text.encode("latin-1").translate(_LATIN)
    except UnicodeEncodeError:
        return _fold(text)
    return _fold(text) if _OTHERWISE in latin else latin.decode("latin-1")


def folded_all(texts: Sequence[str]) -> list[str]:
    """What `folded` says of each of many texts: of those of one line at once."""
    joined = "\n".join(texts)
    if texts and joined.count("\n") == len(texts) - 1:
        return folded(joined).split("\n")
    return [folded(text) for text in texts]


class _Letters(dict[int, str]):
    """What becomes of each letter by itself: worked out once, when it is met."""

    def __missing__(self, code: int) -> str:
        if len(self) >= _REMEMBERED:
            self.clear()
        whole = chr(code).encode("utf-8", "replace").decode()
        apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", whole).casefold())
        bare = self[code] = _ACCENTS.sub("", apart).translate(_STROKES)
        return bare


_LETTERS = _Letters()


def _fold(text: str) -> str:
    if _IOTA.search(text):
        # It has to stand in its place among the marks before it becomes a letter.
        text = unicodedata.normalize("NFKD", text)
    # What letters become by themselves is put together, and in order, by the last step.
    return unicodedata.normalize("NFC", text.translate(_LETTERS))


_OTHERWISE = b"\xff"
"""Stands for a letter of Latin-1 that does not become one letter of ASCII: those take longer."""
_LATIN = bytes(
    ord(one) if len(one := _fold(chr(code))) == 1 and one.isascii() else 0xFF for code in range(256)
)
