"""Text as it is compared: one form for what a person would call the same letters."""

from __future__ import annotations

import re
import unicodedata

_ACCENTS = re.compile("[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]+")
"""Marks of the Latin, Greek and Cyrillic scripts. Those of others are letters of a word: what
makes ga of ka in Japanese, and the vowels of Thai, Hindi, Hebrew and Arabic."""

_STROKES = str.maketrans("øłđħŧıæœ", "oldhti\0\1")


def fold(text: str) -> str:
    """The text without case, accents and width; what has no Unicode form is a question mark.

    Folding twice is folding once, and a text that holds another holds its folded form folded,
    but where marks follow the cut.
    """
    if text.isascii():
        return text.lower()
    whole = text.encode("utf-8", "replace").decode()
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", whole).casefold())
    bare = _ACCENTS.sub("", apart).translate(_STROKES)
    return unicodedata.normalize("NFC", bare.replace("\0", "ae").replace("\1", "oe"))
