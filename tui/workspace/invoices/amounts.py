"""Amounts of money as a person reads them, with the digits of their currency."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal, localcontext

from tui.late_patterns import late_pattern
from tui.workspace.sums import ROUNDED

USUAL_DIGITS = 2
_DIGITS = {
    code: digits
    for digits, codes in {
        0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
        3: "BHD IQD JOD KWD LYD OMR TND",
        4: "CLF UYW",
    }.items()
    for code in codes.split()
}
"""Digits after the point by ISO 4217, of the currencies that have not two."""
_CODE = late_pattern(r"[A-Z]{3}")
_SIGNS = {
    "€": "EUR", "£": "GBP", "₹": "INR", "¥": "JPY", "￥": "JPY", "円": "JPY", "₩": "KRW",
    "₫": "VND", "CFA": "XOF", "FCFA": "XAF",
}  # fmt: skip
"""Signs that stand for one currency. Assumption: a bare ¥ is the yen, as the yuan is CNY, and a
bare £ the pound sterling. A $ may be one of many, and stands for itself."""


def code_of(currency: str) -> str:
    """The code of ISO 4217 of a sign or code; what stands for no single one as it is."""
    word = currency.strip()
    return _SIGNS.get(word, word.upper())


def is_code(currency: str) -> bool:
    """Whether a sign or code stands for one currency of ISO 4217."""
    return _CODE.fullmatch(code_of(currency)) is not None


def digits_of(currency: str) -> int:
    """How many digits amounts have after the point, by a sign or a code of ISO 4217."""
    return _DIGITS.get(code_of(currency), USUAL_DIGITS)


def shown_as(currency: str, usual: str) -> str:
    """How a currency is written beside the usual one: as that where it is the same money, as EUR
    where € is usual.
    """
    return usual if code_of(currency) == code_of(usual) else currency


def plain(amount: Decimal, currency: str = "") -> str:
    """An amount as it would be typed: the currency's digits, and more where it has more."""
    exponent = amount.as_tuple().exponent
    digits = digits_of(currency)
    if isinstance(exponent, int) and -exponent > digits and amount != _rounded(amount, digits):
        return f"{amount:f}"
    return _text(amount, digits, grouped=False)


def decimals(amount: Decimal | None, currency: str = "") -> int:
    """How many decimals a form takes for an amount: the currency's, or as many as it has."""
    written = plain(amount or Decimal(), currency).partition(".")[2]
    return max(digits_of(currency), len(written))


def money(amount: Decimal | None, currency: str = "") -> str:
    """An amount after the sign or code that the person set, half a unit up; empty for None."""
    if amount is None:
        return ""
    sign = currency.strip()
    return f"{sign}{' ' if sign else ''}{_text(amount, digits_of(sign), grouped=True)}"


def total(amounts: Iterable[Decimal], currency: str = "") -> str:
    """The sum of amounts that stand in rows; where the rows as shown come to another, that is
    said.
    """
    parts = list(amounts)
    digits = digits_of(currency)
    exact = sum(parts, Decimal())
    shown = sum((_rounded(one, digits) for one in parts), Decimal())
    said = ROUNDED if shown != _rounded(exact, digits) else ""
    return f"{money(exact, currency)}{said}"


def totals_text(amounts: Iterable[tuple[str, Decimal]]) -> str:
    """The sums of amounts with their currencies, one sum a currency, however that is written;
    empty for none.
    """
    sums: dict[str, tuple[str, list[Decimal]]] = {}
    for currency, amount in amounts:
        sums.setdefault(code_of(currency), (currency, []))[1].append(amount)
    return " + ".join(total(parts, currency) for currency, parts in sums.values())


def _rounded(amount: Decimal, digits: int) -> Decimal:
    return Decimal(_text(amount, digits, grouped=False))


def _text(amount: Decimal, digits: int, *, grouped: bool) -> str:
    # `z`: what rounds to nothing has no minus.
    with localcontext(rounding=ROUND_HALF_UP):
        return f"{amount:z,.{digits}f}" if grouped else f"{amount:z.{digits}f}"
