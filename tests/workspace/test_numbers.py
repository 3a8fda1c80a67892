"""Numbers as people type them: one reading, or a question."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.workspace.numbers import NumberTextError, read_decimal

READ = {
    "1250": "1250",
    "1.250": "1.250",
    "12,5": "12.5",
    "0,125": "0.125",
    "1250,125": "1250.125",
    "1 250": "1250",
    "1\u00a0250,50": "1250.50",
    "1\u202f250\u202f000": "1250000",
    "1’250.50": "1250.50",
    "1'250": "1250",
    "−5": "-5",
    "\u22121\u202f250,5": "-1250.5",
    "1,250.00": "1250.00",
    "1.250,00": "1250.00",
    "1,250,000": "1250000",
    "1.250.000": "1250000",
    ".5": "0.5",
    "5,": "5",
    "+3": "3",
    "1e3": "1000",
}


@pytest.mark.parametrize(("text", "value"), READ.items(), ids=ascii)
def test_what_has_one_reading_is_read(text: str, value: str) -> None:
    assert read_decimal(text) == Decimal(value)


@pytest.mark.parametrize(
    ("text", "comma", "whole", "decimal"),
    [
        ("1,250", False, "1250", "1.25"),
        ("1,250", True, "1250", "1.25"),
        ("1.250", True, "1250", "1.25"),
        ("-12.125", True, "12125", "12.1250"),
        ("100,000", False, "100000", "100.0"),
    ],
)
def test_what_has_two_readings_is_asked_again(
    text: str, comma: bool, whole: str, decimal: str
) -> None:
    with pytest.raises(NumberTextError, match=f"write {whole} or {decimal}"):
        read_decimal(text, comma=comma)
    sign = "-" if text.startswith("-") else ""
    for offered in (whole, decimal):
        assert read_decimal(sign + offered, comma=comma) == Decimal(sign + offered)


@pytest.mark.parametrize(
    "text",
    [
        "", "x", "nan", "inf", "--1", "1,2,3", "1.2.3", "1,25,000", "1 2", "1 25", "1 250 00",
        "1 250’000", "1.250,0.0", "1_000", "１２", "１", "١٢", "²", ".", ",", "-", "e5", "1e",
        "1 e5", "0x10", "Infinity", "1,250.000.0",
    ],
    ids=ascii,
)  # fmt: skip
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(NumberTextError):
        read_decimal(text)


def test_money_has_no_exponent() -> None:
    with pytest.raises(NumberTextError):
        read_decimal("1e9", exponent=False)


@given(
    st.decimals(
        allow_nan=False, allow_infinity=False, places=2, min_value=-(10**9), max_value=10**9
    ),
    st.sampled_from(["", " ", "\u00a0", "\u202f", "'", "’", ",", "."]),
    st.sampled_from([".", ","]),
    st.booleans(),
)
def test_every_way_to_write_a_number_is_the_same_number(
    value: Decimal, group: str, mark: str, comma: bool
) -> None:
    if group == mark:
        return
    whole, _, rest = f"{abs(value):,.2f}".partition(".")
    text = ("−" if value < 0 else "") + whole.replace(",", group) + mark + rest
    assert read_decimal(text, comma=comma) == value


@given(st.text(alphabet="0123456789.,' \u202f’−-+eE", max_size=14), st.booleans())
def test_a_comma_around_only_asks_more(text: str, exponent: bool) -> None:
    def read(comma: bool) -> Decimal | None:
        try:
            return read_decimal(text, exponent=exponent, comma=comma)
        except NumberTextError:
            return None

    assert read(True) in (None, read(False))
