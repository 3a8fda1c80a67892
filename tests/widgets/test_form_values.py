from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import cast
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.widgets.form_filled import read_all
from tui.widgets.form_understood import understood
from tui.widgets.form_values import (
    FieldError,
    FieldKind,
    FormField,
    hint_of,
    read_hours,
    read_list,
    read_money,
    read_number,
    read_value,
    write_value,
)

PARIS = ZoneInfo("Europe/Paris")
NOW = datetime(2026, 8, 21, 14, 5, 30, tzinfo=PARIS)


@pytest.mark.parametrize(
    ("text", "hours"),
    [("8", "8"), ("7.5", "7.5"), ("7,5", "7.5"), ("7h30", "7.5"), ("7:30", "7.5"), ("90m", "1.5"),
     ("20m", "0.333333"), ("1,5 h", "1.5")],
)  # fmt: skip
def test_hours_are_a_number_or_a_length_of_time(text: str, hours: str) -> None:
    assert read_hours(text) == Decimal(hours)
    for wrong in ("soon", "7h30x", "", "1e9999"):
        with pytest.raises(FieldError):
            read_hours(wrong)


@pytest.mark.parametrize(
    ("text", "words"),
    [("1:5", "1:05 or 1:50"), ("1,250", "write 1250 or 1.25"), ("1.5h30", "Only the last part")],
)
def test_hours_that_can_be_meant_in_two_ways_are_asked_for_again(text: str, words: str) -> None:
    with pytest.raises(FieldError, match=words):
        read_hours(text)


def test_less_than_a_minute_is_said_in_seconds() -> None:
    for kind, text in (("duration", "45s"), ("hours", "45s"), ("hours", "0.0125")):
        field = FormField("one", "One", cast(FieldKind, kind))
        assert understood([field], {"one": text}, field, NOW, PARIS) == "45 s"
    start = FormField("start", "Start", "datetime", until="end")
    texts = {"start": "9:00:00-9:00:30"}
    assert understood([start], texts, start, NOW, PARIS) == "Fri 21 Aug 09:00 to 09:00:30, 30 s"


@pytest.mark.parametrize("text", ["1.30", "1,30", "1.30h"])
def test_a_fraction_of_hours_is_said_as_it_was_understood(text: str) -> None:
    field = FormField("hours", "Hours", "hours")
    assert understood([field], {"hours": text}, field, NOW, PARIS) == "1:18 h"


def test_numbers() -> None:
    assert read_number("12") == 12
    assert isinstance(read_number("12"), int)
    assert read_number("1e3") == 1000
    assert read_number("12.50") == Decimal("12.50")
    assert read_number("12,5") == Decimal("12.5")
    assert read_number(" 1 250 ") == 1250
    for wrong in ("", "x", "nan", "inf", "1,250", "1,2,3", "1e999999", "--1"):
        with pytest.raises(FieldError):
            read_number(wrong)


def test_money_is_decimal_with_two_places() -> None:
    assert read_money("1250.5") == Decimal("1250.5")
    assert isinstance(read_money("1250"), Decimal)
    for wrong in (
        "1.234",
        "1e13",
        "nan",
        "1e9",
        "１２",
        "1.250",
        "1,250",
        "1.2345",
        "1" + "0" * 12,
    ):
        with pytest.raises(FieldError):
            read_money(wrong)


def test_money_has_the_digits_of_its_currency() -> None:
    assert read_money("1.235", 3) == Decimal("1.235")
    assert read_money("1235.00", 0) == 1235
    assert str(read_money("-0.00")) == "0.00"
    for text, digits in (("1235.5", 0), ("1.2355", 3), ("1,235", 3), ("1.250", 0)):
        with pytest.raises(FieldError):
            read_money(text, digits)
    field = FormField("a", "A", "money", digits=3)
    assert read_value(field, "0.125", NOW, PARIS) == Decimal("0.125")


def test_a_decimal_comma_around_makes_a_point_a_question() -> None:
    field = FormField("a", "A", "number", comma=True)
    with pytest.raises(FieldError, match=r"write 1250 or 1\.25"):
        read_value(field, "1.250", NOW, PARIS)
    assert read_value(field, "11,25", NOW, PARIS) == Decimal("11.25")
    assert read_value(FormField("a", "A", "number"), "1.250", NOW, PARIS) == Decimal("1.25")


def test_lists_keep_commas_in_quotes() -> None:
    assert read_list('a, "b, c" ,, d') == ["a", "b, c", "d"]
    assert read_list(write_value(["a", "b, c"])) == ["a", "b, c"]


def test_how_values_are_written() -> None:
    assert write_value(None) == ""
    assert write_value(True) == "yes"
    assert write_value(False) == ""
    assert write_value(Decimal("12.50")) == "12.50"
    assert write_value(date(2026, 1, 2)) == "2026-01-02"
    assert write_value(time(9, 5)) == "09:05"
    assert write_value(timedelta(minutes=90)) == "1:30"


def test_a_field_says_what_is_wrong(tmp_path: Path) -> None:
    def wrong(field: FormField, text: str) -> str:
        with pytest.raises(FieldError) as caught:
            read_value(field, text, NOW)
        return str(caught.value)

    assert wrong(FormField("a", "A", required=True), "  ") == "This is needed."
    assert wrong(FormField("a", "A", limit=3), "abcde") == "2 characters too long."
    assert wrong(FormField("a", "A", "number", minimum=1), "0") == "At least 1."
    assert wrong(FormField("a", "A", "number", maximum=1), "2") == "At most 1."
    assert wrong(FormField("a", "A", check=lambda _: "No."), "x") == "No."
    assert "no such file" in wrong(FormField("a", "A", "file"), str(tmp_path / "x"))
    pairs = [("1", "One"), ("2", "Two")]
    assert wrong(FormField("a", "A", "choice", choices=pairs), "3")
    assert wrong(FormField("a", "A", "choices", choices=pairs), "1, 3")


def test_every_kind_is_read(tmp_path: Path) -> None:
    path = tmp_path / "there"
    path.write_bytes(b"")
    pairs = [("1", "One"), ("2", "Two")]
    read: dict[FieldKind, tuple[str, object]] = {
        "text": (" a ", "a"),
        "secret": (" a ", " a "),
        "lines": ("a\n b ", "a\n b "),
        "number": ("3", 3),
        "money": ("3.50", Decimal("3.50")),
        "choice": ("1", "1"),
        "choices": ("2, 1", ["2", "1"]),
        "boolean": ("yes", True),
        "date": ("today", date(2026, 8, 21)),
        "time": ("9:00", time(9)),
        "datetime": ("now", NOW.replace(second=0)),
        "duration": ("90", timedelta(minutes=90)),
        "file": (str(path), path),
        "list": ("a, b", ["a", "b"]),
    }
    for kind, (text, value) in read.items():
        assert read_value(FormField("a", "A", kind, choices=pairs), text, NOW, PARIS) == value
    empty: Callable[[FieldKind], object] = lambda kind: read_value(  # noqa: E731
        FormField("a", "A", kind), "", NOW
    )
    assert empty("text") is None
    assert empty("boolean") is False
    assert empty("list") == []
    assert hint_of(FormField("a", "A", "date")).startswith("2026")
    assert hint_of(FormField("a", "A", "date", placeholder="x")) == "x"


@given(
    st.sampled_from(
        ["text", "number", "money", "date", "time", "datetime", "duration", "list", "boolean"]
    ),
    st.text(max_size=30),
)
def test_whatever_is_typed_is_a_value_or_a_sentence(kind: FieldKind, text: str) -> None:
    values, wrong = read_all([FormField("a", "A", kind)], {"a": text}, NOW, PARIS)
    assert ("a" in values) != ("a" in wrong)
    assert all(message.endswith(".") for message in wrong.values())
