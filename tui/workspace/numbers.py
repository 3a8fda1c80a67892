"""Numbers as people type them, in every country, and never taken for another one.

A number that could be read in two ways is asked for again: ``1,250`` is a thousand and more for
one half of the world and something above one for the other.
"""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

_BLANKS = " \u00a0\u2009\u202f"
_APOSTROPHES = "'\u2019"
_MINUS = "\u2212"
_WRITTEN = re.compile(r"([+-]?)([0-9.,]+)((?:[eE][+-]?[0-9]+)?)")
_BETWEEN = f"[{_BLANKS}{_APOSTROPHES}]"
_GROUPED = re.compile(rf"[+-]?\d{{1,3}}({_BETWEEN})\d{{3}}(?:\1\d{{3}})*(?:[.,]\d*)?")


class NumberTextError(ValueError):
    """A text that is no number, or not only one; the message says what to write."""


def read_decimal(text: str, *, exponent: bool = True, comma: bool = False) -> Decimal:
    """The number that a text means.

    Blanks and apostrophes may stand between groups of three digits, points and commas too where
    no other reading is left; U+2212 is a minus. `exponent` takes ``1e9``, too. `comma` says that
    the numbers around have a decimal comma, so that ``1.250`` is asked for again as ``1,250`` is.
    Raises NumberTextError.
    """
    plain = text.strip().replace(_MINUS, "-")
    if any(one.isdigit() and not one.isascii() for one in plain):
        raise NumberTextError("Write the digits 0 to 9.")
    grouped = _GROUPED.fullmatch(plain) is not None
    if grouped:
        plain = re.sub(_BETWEEN, "", plain)
    found = _WRITTEN.fullmatch(plain)
    if found is None or (found[3] and not exponent):
        raise NumberTextError("This is not a number.")
    digits = found[2] if grouped else _without_groups(found[2], comma=comma)
    try:
        return Decimal(found[1] + digits.replace(",", ".") + found[3])
    except InvalidOperation:
        raise NumberTextError("This is not a number.") from None


def _without_groups(digits: str, *, comma: bool) -> str:
    """The same with one mark at most, the decimal one."""
    marks = [one for one in digits if one in ".,"]
    if not marks:
        return digits
    last = marks[-1]
    whole, _, rest = digits.rpartition(last)
    if len(set(marks)) == 2:
        # 1,250.00 and 1.250,00: the last one is the decimal mark.
        group = marks[0]
        if group == last or not _in_threes(whole, group):
            raise NumberTextError("This is not a number.")
        return whole.replace(group, "") + "." + rest
    if len(marks) > 1:
        # 1,250,000: a decimal mark stands once.
        if not _in_threes(digits, last):
            raise NumberTextError("This is not a number.")
        return digits.replace(last, "")
    ambiguous = last == "," or comma
    if ambiguous and len(rest) == 3 and 1 <= len(whole) <= 3 and whole.strip("0"):
        short = rest.rstrip("0")
        decimal = f"{whole}.{short or '0'}" if len(short) < 3 else f"{whole}.{rest}0"
        raise NumberTextError(f"This can be read in two ways: write {whole}{rest} or {decimal}.")
    return digits


def _in_threes(digits: str, mark: str) -> bool:
    return re.fullmatch(rf"\d{{1,3}}(?:{re.escape(mark)}\d{{3}})+", digits) is not None
