"""How letters and units are spelt where a charset has only those of ASCII.

Accents are no matter of this: without them a letter stands as it is (`unicodedata`).
"""

from __future__ import annotations

from collections.abc import Mapping

SPELT: Mapping[str, str] = {
    "°": "deg", "€": "EUR", "£": "GBP", "¥": "JPY", "§": "S.", "©": "(c)", "®": "(R)", "‰": "o/oo",
    "×": "x", "÷": ":", "±": "+-", "µ": "u", "¿": "?", "¡": "!", "»": ">>", "«": "<<",
    "¹": "^1", "²": "^2", "³": "^3", "½": " 1/2", "¼": " 1/4", "¾": " 3/4",
    "ß": "ss", "ẞ": "SS", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ø": "o", "Ø": "O",
    "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ð": "d", "Ð": "D", "þ": "th", "Þ": "Th",
    "ħ": "h", "Ħ": "H", "ŧ": "t", "Ŧ": "T", "ı": "i", "ŋ": "ng", "Ŋ": "Ng", "ĸ": "k",
}  # fmt: skip
