"""How table programs spell yes and no, amounts of money and days with the name of their month, by
the language that they run in.
"""

from __future__ import annotations

import re
from datetime import date

from tui.store.folding import fold

_YES_WORDS = (
    "true yes y t 1 1.0 on x checked ☑ ✓ ✔ oui vrai ja wahr sì si sí vero verdadero verdadeiro sim"
    " waar sant prawda tak"
)
_NO_WORDS = (
    "false no n f 0 0.0 off unchecked ☐ ✗ ✘ non faux nein falsch falso não nee onwaar falskt nej"
    " fałsz nie"
)
_YES = {fold(word): True for word in _YES_WORDS.split()}
_NO = {fold(word): False for word in _NO_WORDS.split()}

_SIGNS = "$¢£¤¥฿₠-⃀﷼＄￠￡￥￦"
_MONEY = rf"(?:[A-Z]{{0,3}}[{_SIGNS}]|[A-Z]{{3}}|kr\.?|zł|Kč|Ft|Fr\.?)"
_CURRENCY = re.compile(rf"([+-]?)\s*{_MONEY}\s*([\d+-].*)|([\d+-].*?)\s*{_MONEY}")
_OWED = re.compile(rf"(?:({_MONEY})\s*)?\(\s*(.*\d.*?)\s*\)(?:\s*({_MONEY}))?|([^-]*\d[^-]*)-")
"""What is less than nothing as bookkeepers write it: in brackets, or with its sign behind it."""

_MONTHS = (
    ("january", "januar", "jänner", "janvier"), ("february", "februar", "février"),
    ("march", "märz", "maerz", "mars"), ("april", "avril"), ("may", "mai"),
    ("june", "juni", "juin"), ("july", "juli", "juillet"), ("august", "août"),
    ("september", "septembre"), ("october", "oktober", "octobre"),
    ("november", "novembre"), ("december", "dezember", "décembre"),
)  # fmt: skip
_FROM_LETTERS = 3
"""Shorter names of months, with or without a point behind them, have so many letters at least."""
_NAMED_DAY = re.compile(
    r"(?:[^\W\d]+\.?,?\s+)?(\d{1,2})(?:\.|er)?\s+([^\W\d]+)\.?\s+(\d{4})(?!\d)", re.IGNORECASE
)


def said_yes(text: str) -> bool | None:
    """Whether a text says yes; None where it says neither that nor no."""
    word = fold(text.strip())
    return _YES.get(word, _NO.get(word))


def without_currency(text: str) -> str:
    """A number without the sign, or the letters, of a currency, its own sign before it."""
    bare = text.strip().replace("\u2212", "-")
    owed = _OWED.fullmatch(bare)
    if owed is not None and not (owed[1] and owed[3]):
        amount = _amount(owed[2] or owed[4].strip())
        return f"-{amount}" if amount[:1].isdecimal() else bare
    return _amount(bare)


def _amount(bare: str) -> str:
    found = _CURRENCY.fullmatch(bare)
    return bare if found is None else f"{found[1] or ''}{found[2] or found[3]}"


def named_day(text: str) -> tuple[date, str] | None:
    """The day that a text begins with, in German or French, or in English with the day first, and
    what stands behind it; None where it begins with none. Raises ValueError for a day that there
    is not.
    """
    found = _NAMED_DAY.match(text)
    month = None if found is None else _month(fold(found[2]))
    if found is None or month is None:
        return None
    return date(int(found[3]), month, int(found[1])), text[found.end() :]


def _month(word: str) -> int | None:
    if len(word) < _FROM_LETTERS:
        return None
    months = {
        number
        for number, names in enumerate(_MONTHS, 1)
        if any(fold(name).startswith(word) for name in names)
    }
    return months.pop() if len(months) == 1 else None
