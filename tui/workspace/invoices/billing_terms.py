"""VAT and discounts as a person types them for a draft, and put on its lines.

VAT is `7`, `exempt § 4 Nr. 21 UStG` with the reason that the law wants, `reverse` where the buyer
owes it, `outside` of its scope. A discount is `10 %` or `50.00`, with a reason behind it or none.
By line it is `LINE: VAT 7` or `LINE: -10 % loyal`, one a line of text; LINE is a number of the
page, or a part of the texts of those that are meant.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from msgspec.structs import replace

from tui.services.digits import whole
from tui.words import in_brief
from tui.workspace.invoices.amounts import digits_of, money
from tui.workspace.invoices.documents.document import Adjustment, Category, Line, Vat
from tui.workspace.invoices.documents.reckoning import discount, line_amount, rounded, true_value
from tui.workspace.invoices.documents.words import REASON_CODES
from tui.workspace.numbers import NumberTextError, read_decimal

MOST_PERCENT = 100
NAMED: Mapping[str, Category] = {
    "exempt": Category.EXEMPT,
    "reverse": Category.REVERSE_CHARGE,
    "outside": Category.OUTSIDE,
}
VAT_EXAMPLE = "7, exempt and why, reverse or outside"
OFF_EXAMPLE = "10 % or 50.00, then its reason"
LINE_EXAMPLE = "2: VAT 7, 2: -10 % loyal or Panels: -50.00, one a line"
_NAMED = re.compile(r"(?P<word>[a-zA-Z]+)(?:\s+charge\b)?(?:\s+(?P<reason>\S.*))?")
_NUMBER = r"\d(?:[\d.,']|[ \u00a0\u202f](?=\d))*"
_OFF = re.compile(
    rf"(?P<number>{_NUMBER})\s*(?:(?P<percent>%)\s*(?P<why>.*)|(?:\s(?P<reason>\D.*))?)"
)
_LINE = re.compile(r"(?P<which>.+?):\s*(?:(?i:VAT)\s+(?P<vat>\S.*)|[-−]\s*(?P<off>\d.*))")


class TermError(ValueError):
    """What is typed cannot be read, or does not fit the lines; says which and why."""


@dataclass(frozen=True)
class Off:
    """A discount: `percent` of what it is on, or an `amount`, without VAT."""

    percent: Decimal | None = None
    amount: Decimal = Decimal()
    reason: str = ""


@dataclass(frozen=True)
class LineTerm:
    """VAT or a discount of one line, or of all that have a text."""

    which: str
    vat: Vat | None = None
    off: Off | None = None


@dataclass(frozen=True)
class Terms:
    """All that is said of VAT and discounts; nothing said is as the client's."""

    vat: Vat | None = None
    off: Off | None = None
    """On all of the work together; where there is none, on all lines."""
    lines: tuple[LineTerm, ...] = ()


def read_vat(typed: str) -> Vat:
    """What is typed of VAT. Raises TermError."""
    text = typed.strip()
    found = _NAMED.fullmatch(text)
    if found is not None and found["word"].casefold() in NAMED:
        category = NAMED[found["word"].casefold()]
        reason = (found["reason"] or "").strip()
        if category is Category.EXEMPT and not reason:
            raise TermError(f"{text!r}: say why it is exempt, as exempt § 4 Nr. 21 UStG.")
        return Vat(category=category, reason=reason, reason_code=REASON_CODES.get(category, ""))
    try:
        percent = read_decimal(text.removesuffix("%").strip(), exponent=False)
    except NumberTextError as error:
        raise TermError(f"{text[:40]!r}: VAT is {VAT_EXAMPLE}.") from error
    if not 0 <= percent <= MOST_PERCENT:
        raise TermError(f"{text!r}: VAT is {MOST_PERCENT} per cent at most.")
    return Vat(rate=percent) if percent else Vat(category=Category.ZERO)


def read_off(typed: str) -> Off:
    """What is typed of a discount. Raises TermError."""
    text = typed.strip()
    found = _OFF.fullmatch(text)
    if found is None:
        raise TermError(f"{text[:40]!r}: a discount is {OFF_EXAMPLE}.")
    try:
        number = read_decimal(found["number"].strip(), exponent=False)
    except NumberTextError as error:
        raise TermError(f"{text[:40]!r}: {error}") from error
    if not number:
        raise TermError(f"{text[:40]!r}: there is none of it.")
    if not found["percent"]:
        return Off(amount=number, reason=(found["reason"] or "").strip())
    if number > MOST_PERCENT:
        raise TermError(f"{text[:40]!r}: a discount is {MOST_PERCENT} per cent at most.")
    return Off(percent=number, reason=(found["why"] or "").strip())


def read_terms(vat: str = "", off: str = "", lines: str = "") -> Terms:
    """All that is typed; what is empty says nothing. Raises TermError."""
    return Terms(
        vat=read_vat(vat) if vat.strip() else None,
        off=read_off(off) if off.strip() else None,
        lines=tuple(_read_line(one.strip()) for one in lines.splitlines() if one.strip()),
    )


def _read_line(typed: str) -> LineTerm:
    found = _LINE.fullmatch(typed)
    if found is None:
        raise TermError(f"{typed[:40]!r}: write it as {LINE_EXAMPLE}.")
    which = found["which"].strip()
    try:
        if found["vat"]:
            return LineTerm(which, vat=read_vat(found["vat"]))
        return LineTerm(which, off=read_off(found["off"]))
    except TermError as error:
        raise TermError(f"{which[:40]}: {error}") from error


# -- on the lines ---------------------------------------------------------------------------------


def with_line_terms(lines: Sequence[Line], terms: Sequence[LineTerm], currency: str) -> list[Line]:
    """The lines with what is said of each. Raises TermError."""
    found = list(lines)
    for one in terms:
        for at in _meant(lines, one.which):
            if one.vat is not None:
                found[at] = replace(found[at], vat=one.vat)
            if one.off is not None:
                found[at] = _taken_off(found[at], one.off, currency)
    return found


def _meant(lines: Sequence[Line], which: str) -> list[int]:
    if which.isascii() and which.isdecimal():
        at = whole(which)
        if at is None or not 1 <= at <= len(lines):
            raise TermError(f"There is no line {in_brief(which)}: there are {len(lines)}.")
        return [at - 1]
    wanted = which.casefold()
    texts = [one.text.casefold() for one in lines]
    same = [at for at, text in enumerate(texts) if text == wanted]
    found = same or [at for at, text in enumerate(texts) if wanted in text]
    if not found:
        raise TermError(f"No line has {which!r}: write its number or a part of its text.")
    return found


def _taken_off(line: Line, off: Off, currency: str) -> Line:
    """Per cent of two discounts on a line are both of what it comes to before either."""
    if off.percent is not None:
        base = rounded(true_value(line), currency)
        made = discount(base, off.percent, currency, off.reason)
    else:
        made = Adjustment(amount=_exact(off.amount, currency), reason=off.reason)
    after = replace(line, adjustments=(*line.adjustments, made))
    after = replace(after, amount=line_amount(after, currency))
    if after.amount < 0:
        raise TermError(
            f"{line.text[:40]}: {money(made.amount, currency)} is more than the"
            f" {money(line.amount, currency)} that it is taken from."
        )
    return after


def off_all(lines: Sequence[Line], off: Off, currency: str) -> tuple[Adjustment, ...]:
    """A discount on some lines together, one for each VAT that they have: per cent are rounded
    for each, an amount is shared out by what they come to and adds up to itself. Raises TermError.
    """
    bases: dict[tuple[Category, Decimal], Decimal] = {}
    vats: dict[tuple[Category, Decimal], Vat] = {}
    for line in lines:
        key = (line.vat.category, line.vat.rate)
        bases[key] = bases.get(key, Decimal()) + line.amount
        vats.setdefault(key, line.vat)
    if off.percent is not None:
        made = {
            key: discount(base, off.percent, currency, off.reason) for key, base in bases.items()
        }
    else:
        shares = shared_out(_exact(off.amount, currency), list(bases.values()), currency)
        made = {
            key: Adjustment(amount=share, reason=off.reason)
            for key, share in zip(bases, shares, strict=True)
        }
    return tuple(replace(one, vat=vats[key]) for key, one in made.items() if one.amount)


def shared_out(amount: Decimal, bases: Sequence[Decimal], currency: str) -> list[Decimal]:
    """An amount in parts as large as the bases are beside each other, in whole smallest units: what
    is left over goes to those that lost most. They add up to it. Raises TermError.
    """
    digits = digits_of(currency)
    whole, units = int(amount.scaleb(digits)), [int(one.scaleb(digits)) for one in bases]
    if whole > sum(units):
        raise TermError(
            f"{money(amount, currency)} is more than the {money(sum(bases, Decimal()), currency)}"
            " that it is taken from."
        )
    parts = [whole * one // sum(units) for one in units]
    lost = sorted(range(len(units)), key=lambda at: (-(whole * units[at] % sum(units)), at))
    for at in lost[: whole - sum(parts)]:
        parts[at] += 1
    return [Decimal(one).scaleb(-digits) for one in parts]


def _exact(amount: Decimal, currency: str) -> Decimal:
    kept = rounded(amount, currency)
    if kept != amount:
        raise TermError(f"{amount:f} is finer than the smallest amount of {currency}.")
    return kept
