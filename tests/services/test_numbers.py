"""Every number that comes from outside is finite and bounded, or is refused by name."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import msgspec
import pytest

from tests.services.strategies import LONG
from tui.services.digits import whole
from tui.services.errors import ProtocolViolation
from tui.services.igtimi.columns import decode_data
from tui.services.limits import LONGEST_WAIT, retry_after
from tui.services.reading import read
from tui.services.timetonic.frames import NUMBERS, kind_of
from tui.services.timetonic.table_reading import read_row_list
from tui.services.trackmypeople.answers import tracker_tree
from tui.services.widgets.bookstore import Book
from tui.workspace.operations.operations import plain_result


@pytest.mark.parametrize(
    "value",
    [10**39, -(10**39), 10**400, 10**4000, "9" * 64, LONG, 1e308, Decimal("1E+400"), "1e999999999",
     float("inf"), float("nan")],
)  # fmt: skip
def test_a_whole_number_is_bounded(value: Any) -> None:
    with pytest.raises(ProtocolViolation, match="should be a whole number"):
        read(int, value, "answer.calls")


def test_what_counts_or_numbers_something_is_read_whole() -> None:
    for value in (2**53 + 1, 2**63, 2**64, -(2**63), 10**38):
        assert read(int, value) == read(int, str(value)) == value


@pytest.mark.parametrize(
    ("value", "wait"),
    [
        ("inf", None), ("-inf", None), ("nan", None), ("1e400", None), ("Infinity", None),
        ("9" * 400, None), (LONG, None), ("1e9", LONGEST_WAIT), ("86401", LONGEST_WAIT),
        ("86400", 86_400), ("12", 12), ("-3", 0), ("12.5", 12.5), ("soon", None),
        ("Mon, 01 Jan 99999 00:00:00 GMT", None), ("Mon, 01 Jan 0001 00:00:00 GMT", 0),
        ("Fri, 31 Dec 9999 23:59:59 GMT", LONGEST_WAIT),
        ("Mon, 01 Jan 2024 00:00:00 +99999999", None),
    ],
)  # fmt: skip
def test_a_wait_is_finite_and_not_for_ever(value: str, wait: float | None) -> None:
    assert retry_after(value) == wait


def test_digits_are_read_as_far_as_ids_go() -> None:
    assert whole("18446744073709551615") == 2**64 - 1
    assert [whole(text) for text in ("", "-1", "1.5", "²", "9" * 21, LONG)] == [None] * 6


@pytest.mark.parametrize("stamp", [10**18, -(10**18), 10**400, 1e300])
@pytest.mark.parametrize("value", [1.5, None])
def test_times_of_samples_are_times(stamp: float, value: float | None) -> None:
    content = msgspec.json.encode({"AA": {"1": {"t": [1, stamp], "1": [value, 1], "2": [1, 1]}}})
    with pytest.raises(ProtocolViolation, match=r"AA\.1.*no time"):
        decode_data(content)


def test_numbers_in_names_of_fields_and_frames() -> None:
    answer = {"tableRows": [{"id": 1, "fields": {LONG: "x", "7": "y"}}]}
    (row,) = read_row_list(answer).rows
    assert list(row.cells) == [7]
    assert kind_of({"type": LONG}, NUMBERS) == ""
    assert kind_of({"type": str(NUMBERS["ack_ping"])}, NUMBERS) == "ack_ping"
    with pytest.raises(ProtocolViolation):
        tracker_tree({LONG: "Work"})
    content = msgspec.json.encode({"archived_resources": [LONG, "7", 8]})
    assert decode_data(content).archived_resources == [7, 8]


def test_prices_can_be_written_out() -> None:
    assert Book(price="1e999999999").amount is None
    assert Book(price="12.50").amount == Decimal("12.50")


def test_an_amount_that_no_float_holds_is_shown_as_it_came() -> None:
    assert plain_result({"a": Decimal("1E+400"), "b": [Decimal("1.50"), 10**400]}) == {
        "a": "1E+400",
        "b": [1.5, 10**400],
    }
