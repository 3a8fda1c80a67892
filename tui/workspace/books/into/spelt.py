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

_CODES = (
    "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN"
    " BZD CAD CDF CHF CLF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP"
    " GEL GHS GIP GMD GNF GTQ GYD HKD HNL HRK HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS"
    " KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR"
    " MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF"
    " SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD"
    " TZS UAH UGX USD UYU UZS VED VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG"
)
"""Of ISO 4217: other letters beside a number, such as MIN or TSD, say what it is a number of."""
_SIGNS = "$¢£¤¥฿₠-⃀﷼＄￠￡￥￦"
_MONEY = rf"(?:[A-Z]{{0,3}}[{_SIGNS}]|{'|'.join(_CODES.split())}|kr\.?|zł|Kč|Ft|Fr\.?)"
_CURRENCY = re.compile(rf"([+-]?)\s*{_MONEY}\s*([\d+-].*)|([\d+-].*?)\s*{_MONEY}")
_OWED = re.compile(rf"(?:({_MONEY})\s*)?\(\s*(.*\d.*?)\s*\)(?:\s*({_MONEY}))?|([^-]*\d[^-]*)-")
"""What is less than nothing as bookkeepers write it: in brackets, or with its sign behind it."""
_ROUND = re.compile(r"(?<=\d)([.,])\s?[-\u2013\u2014]{1,2}(?=\D*\Z)")
"""A stroke in place of the decimals: 19,- and Fr. 19.– are prices without any, and not owed."""

_MONTHS = (
    ("january", "januar", "jänner", "janvier"), ("february", "februar", "février"),
    ("march", "märz", "maerz", "mars"), ("april", "avril"), ("may", "mai"),
    ("june", "juni", "juin"), ("july", "juli", "juillet"), ("august", "août"),
    ("september", "septembre"), ("october", "oktober", "octobre"),
    ("november", "novembre"), ("december", "dezember", "décembre"),
)  # fmt: skip
_FROM_LETTERS = 3
"""Shorter names of months, with or without a point behind them, have so many letters at least."""
_WEEKDAY_NAMES = (
    "monday tuesday wednesday thursday friday saturday sunday"
    " montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag"
    " lundi mardi mercredi jeudi vendredi samedi dimanche"
)
_WEEKDAYS = _WEEKDAY_NAMES.split()
_OF_WEEKDAYS = 2
_NAMED_DAY = re.compile(
    r"(?:([^\W\d]+)\.?,?\s+)?(\d{1,2})(?:\.|er)?\s+([^\W\d]+)\.?\s+(\d{4})(?!\d)", re.IGNORECASE
)


def said_yes(text: str) -> bool | None:
    """Whether a text says yes; None where it says neither that nor no."""
    word = fold(text.strip())
    return _YES.get(word, _NO.get(word))


def without_currency(text: str) -> str:
    """A number without the sign, or the letters, of a currency, its own sign before it."""
    bare = _ROUND.sub(r"\g<1>0", text.strip().replace("\u2212", "-"))
    owed = _OWED.fullmatch(bare)
    if owed is not None and not (owed[1] and owed[3]):
        amount = _amount(owed[2] or owed[4].strip())
        return f"-{amount}" if amount[:1].isdecimal() else bare
    return _amount(bare)


def currency_of(text: str) -> str:
    """The sign, or the letters, of the currency that a number has; "" for none."""
    bare = re.sub(r"[\s\d.,+()'\u2019-]+", " ", text.replace("\u2212", "-")).strip()
    return bare if re.fullmatch(_MONEY, bare) else ""


def _amount(bare: str) -> str:
    found = _CURRENCY.fullmatch(bare)
    return bare if found is None else f"{found[1] or ''}{found[2] or found[3]}"


def named_day(text: str) -> tuple[date, str] | None:
    """The day that a text begins with, in German or French, or in English with the day first, and
    what stands behind it; None where it begins with none. Raises ValueError for a day that there
    is not.
    """
    found = _NAMED_DAY.match(text)
    month = None if found is None else _month(fold(found[3]))
    # "before 3 May 2026" is another day, or none.
    if found is None or month is None or not _is_weekday(fold(found[1] or "")):
        return None
    return date(int(found[4]), month, int(found[2])), text[found.end() :]


def _is_weekday(word: str) -> bool:
    """Whether it is the name of one, or its beginning; no word at all is none that is another."""
    return not word or (
        len(word) >= _OF_WEEKDAYS and any(name.startswith(word) for name in _WEEKDAYS)
    )


def _month(word: str) -> int | None:
    if len(word) < _FROM_LETTERS:
        return None
    months = {
        number
        for number, names in enumerate(_MONTHS, 1)
        if any(fold(name).startswith(word) for name in names)
    }
    return months.pop() if len(months) == 1 else None
