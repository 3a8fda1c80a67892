"""Which payment is for which invoice: proposed with its reason, taken by the person alone.

The number on the invoice decides; an amount alone never does, since two clients may owe the same.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Literal

from tui.workspace.invoices.amounts import code_of, is_code
from tui.workspace.invoices.bank.statement import Movement

Fit = Literal["whole", "part", "over", "likely", "unclear", "taken", "again", "back", "none"]
FITS: dict[Fit, str] = {
    "whole": "number and amount",
    "part": "number; less than what is open",
    "over": "number; more than what is open",
    "likely": "amount and name; no number",
    "unclear": "more than one invoice fits",
    "taken": "noted before",
    "again": "such a payment is noted",
    "back": "it went back",
    "none": "no invoice fits",
}
"""Why a payment is taken for an invoice, or for none."""


@dataclass(frozen=True)
class Open:
    """An invoice that is still to be paid, at least in part."""

    invoice: int
    number: str
    client: str
    open: Decimal
    currency: str = ""
    """As the person writes it; empty where nobody said which."""


@dataclass(frozen=True)
class Noted:
    """A payment that is noted of an invoice."""

    invoice: int
    number: str
    day: date
    amount: Decimal
    reference: str = ""
    """What the bank called it; empty of what a person typed."""


_SAME = 7
"""Days within which a payment that somebody noted may be the same as one of a statement."""


@dataclass(frozen=True)
class Match:
    """A payment, and the invoice that it seems to be for."""

    movement: Movement
    fit: Fit
    invoice: Open | None = None
    """None where there is none, or more than one."""
    others: tuple[Open, ...] = ()
    """Of those that are unclear, which fit."""

    @property
    def sure(self) -> bool:
        """Whether it may be marked from the start."""
        return self.fit == "whole"

    @property
    def missing(self) -> Decimal:
        """What is open after it; below nothing where too much came."""
        return Decimal() if self.invoice is None else self.invoice.open - self.movement.amount


def matched(
    movements: Sequence[Movement], invoices: Sequence[Open], noted: Collection[Noted] = ()
) -> list[Match]:
    """What each payment that came in seems to be for, in their order.

    `noted` are the payments that were noted before: one with the bank's reference is known again,
    one that a person typed, or that stood in a file of another form, may be the same. What a
    payment leaves open of an invoice is what the next one is held against; what went back leaves
    all of it.
    """
    taken = {one.reference for one in noted} - {""}
    here = {one.reference for one in movements}
    alike = [one for one in noted if one.reference not in here]
    gone = [one for one in movements if one.amount < 0]
    left = {one.invoice: one for one in invoices}
    found: list[Match] = []
    for movement in movements:
        if movement.amount <= 0:
            continue
        if movement.reference in taken:
            # What sent it back sends no other back.
            numbers = [one.number for one in noted if one.reference == movement.reference]
            _went_back(movement, numbers[0], gone)
            found.append(Match(movement, "taken"))
            continue
        match = _match(movement, list(left.values()))
        if match.invoice is not None:
            match = _doubtful(match, match.invoice, alike, gone)
        elif movement.is_reversal:
            match = Match(movement, "back")
        found.append(match)
        if match.invoice is not None and match.fit in ("whole", "part", "over"):
            rest = match.missing
            if rest > 0:
                left[match.invoice.invoice] = replace(left[match.invoice.invoice], open=rest)
            else:
                del left[match.invoice.invoice]
    return found


def _doubtful(match: Match, invoice: Open, alike: list[Noted], gone: list[Movement]) -> Match:
    """The match, or that it went back, or that it is noted perhaps. What it was held against is
    there for no other.
    """
    movement = match.movement
    if movement.is_reversal:
        # Money of one's own that came back pays nothing.
        return Match(movement, "back", invoice)
    if _went_back(movement, invoice.number, gone):
        return Match(movement, "back", invoice)
    for known in alike:
        near = abs((known.day - movement.day).days) <= _SAME
        if near and (known.invoice, known.amount) == (invoice.invoice, movement.amount):
            alike.remove(known)
            return Match(movement, "again", invoice)
    return match


def _went_back(movement: Movement, number: str, gone: list[Movement]) -> bool:
    """Whether one of `gone` sent a payment of an invoice back; that one is there for no other."""
    for other in gone:
        later = other.day >= movement.day
        if later and other.amount == -movement.amount and _names(other, number):
            gone.remove(other)
            return True
    return False


def gone_back(movements: Iterable[Movement], noted: Iterable[Noted]) -> list[Noted]:
    """Payments that are noted, and that by the statement went back to who paid."""
    found: list[Noted] = []
    for movement in movements:
        if movement.amount >= 0:
            continue
        for one in noted:
            of_it = one.amount == -movement.amount and one.day <= movement.day
            if of_it and one not in found and _names(movement, one.number):
                found.append(one)
                break
    return found


def _match(movement: Movement, invoices: Sequence[Open]) -> Match:
    fitting = [one for one in invoices if _same_money(movement, one)]
    named = [one for one in fitting if _names(movement, one.number)]
    # A number that is the end of another one (12 of 2026-12) names both: the longest is meant.
    longest = max((len(one.number) for one in named), default=0)
    named = [one for one in named if len(one.number) == longest]
    if len(named) > 1:
        return Match(movement, "unclear", None, tuple(named))
    if named:
        (one,) = named
        if movement.amount == one.open:
            return Match(movement, "whole", one)
        return Match(movement, "part" if movement.amount < one.open else "over", one)
    alike = [
        one for one in fitting if movement.amount == one.open and _alike(movement.name, one.client)
    ]
    if len(alike) == 1:
        return Match(movement, "likely", alike[0])
    return Match(movement, "unclear" if alike else "none", None, tuple(alike))


def _same_money(movement: Movement, invoice: Open) -> bool:
    """A sign such as $ may be that of any; a code, or a sign of one alone, has to be the same."""
    told, asked = code_of(movement.currency), code_of(invoice.currency)
    return not told or not is_code(asked) or told == asked


def _names(movement: Movement, number: str) -> bool:
    """Whether a payment names the number of an invoice, with other or no signs between its parts
    but never as a part of a longer one, of a day or of an amount. A word for an invoice may be
    written to it (`RE2026-0003`), as may what follows where a bank left out a blank; one that is
    but a year wants such a word before it.
    """
    parts = [re.escape(one) for one in re.findall(r"[A-Za-z]+|\d+", number)]
    if not parts or (len(parts) == 1 and len(number) < 3):
        return False  # `3` stands in every second text.
    before = rf"(?:(?<![^\W_])|(?<![^\W_])(?:{_BEFORE}))" if number[0].isdigit() else r"(?<![^\W_])"
    behind = rf"(?![^\W_])|(?=(?:{_BEHIND})(?![^\W_]))" if number[-1].isdigit() else r"(?![^\W_])"
    pattern = f"{before}{r'[^A-Za-z0-9]{0,2}'.join(parts)}(?:{behind})"
    longer = [one.span() for kind in _LONGER for one in kind.finditer(movement.text)]
    for found in re.finditer(pattern, movement.text, re.IGNORECASE):
        start, end = found.span()
        if any(a <= start and end <= b and (a, b) != (start, end) for a, b in longer):
            continue
        if _YEAR.fullmatch(number) is None or _SAID.search(movement.text, 0, start + 1):
            return True
        if found[0].strip() == movement.text.strip() or not found[0][0].isdigit():
            return True
    return False


_BEFORE = (
    "bill|fac|fact|factnr|factuur|factuurnr|factuurnummer|facture|faktura|fakturanr|fakt|faktnr"
    "|fra|fv|inv|invnr|invno|invoice|invoiceno|invoicenr|lasku|no|nr|num|numero|number|rechnr"
    "|rech|rechn|rechnnr|rechnung|rechnungnr|rechnungsnr|rechnungsnummer|re|renr|rg|rgnr|rn|rnr"
)
_SAID = re.compile(rf"(?<![^\W_])(?:{_BEFORE})[^A-Za-z0-9]{{0,3}}\d\Z", re.IGNORECASE)
"""Such a word, up to the first digit of a number."""
_YEAR = re.compile(r"(?:19|20)\d\d")
"""A number that in most texts is the year of a day or of a month."""
_LONGER = (
    re.compile(r"(?<!\d)\d{1,2}([./-])[ ]?\d{1,2}\1[ ]?(?:\d{4}|\d{2})(?!\d)"),
    re.compile(r"(?<!\d)\d{4}([./-])\d{2}\1\d{2}(?!\d)"),
    re.compile(r"(?<![\d.,])\d{1,3}(?:[.,'’]\d{3})+[.,]\d{2}(?!\d)|(?<!\d)\d+[.,]\d{2}(?!\d)"),
)
"""Days, and amounts with their decimals: what is a part of one is no number of an invoice."""
_BEHIND = (
    "and|avec|customer|danke|dated|dd|de|du|et|from|klantnr|kd|kdnr|kundennr|kunde|kundnr|merci|og"
    "|och|of|pour|thank|thanks|und|van|vom|von"
)
"""Words that stand beside a number without a blank, and are no part of it."""


_FORMS = frozenset({
    "ag", "bv", "co", "gmbh", "inc", "kg", "limited", "llc", "llp", "ltd", "nv", "plc", "sa",
    "sarl", "sas", "se", "the", "ug",
})  # fmt: skip
"""Words of a name that only say what kind of company it is."""


def _alike(one: str, other: str) -> bool:
    """Whether two names are of the same: by their words without legal forms."""
    first, second = _words(one), _words(other)
    return bool(first) and bool(second) and (first <= second or second <= first)


def _words(name: str) -> set[str]:
    found = re.findall(r"\w+", name.casefold().replace(".", ""))
    return {one for one in found if one not in _FORMS and len(one) > 1}
