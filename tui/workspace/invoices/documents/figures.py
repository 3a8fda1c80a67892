"""Numbers, money and days as they are written in a language.

Source: Unicode CLDR 46 for en (with the day first), de, fr and nl. Money is written with its code
of ISO 4217, which no font lacks and no reader mistakes.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from tui.workspace.invoices.amounts import digits_of
from tui.workspace.invoices.documents.document import Document, Language, Line
from tui.workspace.invoices.documents.reckoning import UNIT_SECONDS, rounded, true_value
from tui.workspace.invoices.documents.words import unit_word

_MARKS: Mapping[Language, tuple[str, str]] = {
    Language.ENGLISH: (",", "."),
    Language.GERMAN: (".", ","),
    Language.FRENCH: ("\N{NARROW NO-BREAK SPACE}", ","),
    Language.DUTCH: (".", ","),
}
"""Between thousands, and before the decimals."""
_DAYS: Mapping[Language, str] = {
    Language.ENGLISH: "{0.day} {1} {0.year}",
    Language.GERMAN: "{0:%d.%m.%Y}",
    Language.FRENCH: "{0:%d/%m/%Y}",
    Language.DUTCH: "{0:%d-%m-%Y}",
}
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip


def number(value: Decimal, language: Language, digits: int | None = None) -> str:
    """A number with all its decimals, or with so many at least."""
    shown = f"{value:f}"
    whole, _, part = shown.lstrip("-").partition(".")
    part = part.rstrip("0").ljust(digits or 0, "0")
    thousands, point = _MARKS[language]
    sign = "\N{MINUS SIGN}" if value < 0 else ""
    return f"{sign}{int(whole):,}".replace(",", thousands) + (f"{point}{part}" if part else "")


def money(amount: Decimal, currency: str, language: Language) -> str:
    """An amount with the code of its currency, and as many decimals as that has or it has."""
    shown = number(amount, language, digits_of(currency))
    if language in (Language.ENGLISH, Language.DUTCH):
        return f"{currency} {shown}"
    return f"{shown} {currency}"


def day(value: date, language: Language) -> str:
    """A day."""
    return _DAYS[language].format(value, _MONTHS[value.month - 1])


def terms(document: Document) -> str:
    """The terms of payment in words, with `{due}` and `{days}` as they are for this one; empty
    where they name them and it has no day on which it is due."""
    said = document.terms
    if "{due}" not in said and "{days}" not in said:
        return said
    if document.due is None:
        return ""
    shown = said.replace("{due}", day(document.due, document.language))
    return shown.replace("{days}", str((document.due - document.issued).days))


def days(start: date | None, end: date | None, language: Language) -> str:
    """From the one day to the other; either may be missing."""
    shown = [day(one, language) for one in (start, end) if one is not None]
    return " – ".join(dict.fromkeys(shown))


def quantity(line: Line, language: Language) -> str:
    """How many of what."""
    return f"{number(line.quantity, language)} {unit_word(line.unit, language)}".rstrip()


def price(line: Line, currency: str, language: Language) -> str:
    """What a unit costs, without the currency; `per 100` where that is not one."""
    return number(line.price, language, digits_of(currency))


def hours(seconds: int) -> str:
    """Worked seconds as hours and minutes, and seconds where there are any: `2:15`, `2:15:20`."""
    minutes, rest = divmod(seconds, 60)
    shown = f"{minutes // 60}:{minutes % 60:02}"
    return f"{shown}:{rest:02}" if rest else shown


def working(line: Line, currency: str, language: Language) -> str:
    """How a line's amount comes about: `2:15 h × 62.50 = 140.63`; discounts follow.

    Where the amount is another one than the rule gives, the rule's is shown, so that it is seen.
    """
    digits = digits_of(currency)
    many = quantity(line, language)
    if line.seconds is not None and line.unit in UNIT_SECONDS:
        # The hours are exact; a quantity in weeks is not, and would come to something else.
        hour = unit_word("HUR", language)
        many = f"{hours(line.seconds)} {hour}"
        unit, whole = UNIT_SECONDS[line.unit], UNIT_SECONDS["HUR"]
        if unit > whole:
            many += f" / {number(Decimal(unit // whole), language)} {hour}"
        elif unit < whole:
            many += f" × {number(Decimal(whole // unit), language)}"
    per = f" / {number(line.price_base, language)}" if line.price_base != 1 else ""
    before = rounded(true_value(line), currency)
    parts = [f"{many} × {price(line, currency, language)}{per}"]
    parts.append(number(before, language, digits))
    for one in line.adjustments:
        sign = "+" if one.charge else "\N{MINUS SIGN}"
        percent = "" if one.percent is None else f" ({number(one.percent, language)} %)"
        parts[-1] += f" {sign} {number(one.amount, language, digits)}{percent}"
    if line.adjustments:
        parts.append(number(line.amount, language, digits))
    return " = ".join(parts)
