"""Texts as they are searched: which parts of them are found, and by which trigrams.

They are folded before SQLite sees them: 3.40, the one of Python 3.11, takes no accents off where
it splits a text into trigrams, and elsewhere takes a Japanese sentence for one word.

A query word of three letters or more is found anywhere. One of one or two letters has to begin a
word, else it would be found everywhere: a word begins after white space, where letters follow
signs, where digits follow letters or letters digits, at every sign, and at every letter of a
script that has no spaces between its words.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from tui.store.folding import fold as compared

FORMAT = f"2/{unicodedata.unidata_version}"
"""Names the way in which texts are folded and taken apart: what was indexed in another way
cannot be found, or taken out, in this one."""

SHORT = 2
"""Letters of a query word that has to begin a word."""

_UNSPACED = (
    (0x0E00, 0x1100), (0x1780, 0x1800), (0x1950, 0x19E0), (0x2E80, 0xA4D0), (0xAC00, 0xD7B0),
    (0xF900, 0xFB00), (0x20000, 0x40000),
)  # fmt: skip
"""Thai to Burmese, Khmer, Tai, Chinese and Japanese and Yi, Korean, and what belongs to them."""


def fold(text: str) -> str:
    """A text as it is searched: in the form in which texts are compared, in one line with single
    blanks, without what is not seen. `fold(fold(x)) == fold(x)`; it holds neither control nor
    private characters.
    """
    if not text.isprintable():
        text = "".join(map(_seen, text))
    return " ".join(compared(text).split())


@lru_cache(4096)
def _seen(character: str) -> str:
    """A character, a blank for one that separates, nothing for one that is not seen."""
    category = unicodedata.category(character)
    if category == "Cf":
        return ""
    return " " if category[0] in "ZC" else character


def starts(folded: str) -> Iterator[int]:
    """Where the words of a folded text begin (see the top of this module)."""
    before = " "
    for place, character in enumerate(folded):
        if character != " " and _begins(character, before):
            yield place
        before = character


@lru_cache(65536)
def _begins(character: str, before: str) -> bool:
    if before == " " or not character.isalnum() or not before.isalnum():
        return True
    if character.isdecimal() != before.isdecimal():
        return True
    code = ord(character)
    return code > 0x0E00 and any(first <= code < end for first, end in _UNSPACED)


def heads(folded: str) -> list[str]:
    """The first letters, two or where it is shorter one, of every word; each once, in order."""
    found: dict[str, None] = {}
    for piece in dict.fromkeys(folded.split(" ")):
        if piece.isascii() and piece.isalpha():
            found[piece[:SHORT]] = None
        else:
            found.update(_heads(piece))
    return list(found)


@lru_cache(4096)
def _heads(piece: str) -> dict[str, None]:
    """The same of what stands between two blanks: much of it comes again and again."""
    return dict.fromkeys(piece[place : place + SHORT] for place in starts(piece))


def holds(folded: str, word: str) -> bool:
    """Whether a folded text answers to a folded query word."""
    return word in folded if len(word) > SHORT else begins_word(folded, word)


def begins_word(folded: str, word: str) -> bool:
    """Whether a word of a folded text begins with a folded query word."""
    place = folded.find(word)
    while place >= 0:
        if _begins(folded[place], folded[place - 1] if place else " "):
            return True
        place = folded.find(word, place + 1)
    return False
