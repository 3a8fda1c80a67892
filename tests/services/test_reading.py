"""Tolerant reading: every form that services are known to use, and nothing else."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any, ClassVar, Literal
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.services.strategies import json_values
from tui.services.errors import ProtocolViolation
from tui.services.guarded import Guarded
from tui.services.reading import (
    Extra,
    Milliseconds,
    ParisText,
    Record,
    Seconds,
    TimeForm,
    read,
)


class Colour(Enum):
    RED = "red"
    BLUE = 2


class Leaf(Record, frozen=True, kw_only=True):
    id: int
    name: str = ""


class Tree(Record, frozen=True, kw_only=True):
    aliases: ClassVar[dict[str, tuple[str, ...]]] = {"label": ("title", "name")}

    id: int
    label: str = msgspec.field(name="LABEL", default="none")
    leaf: Leaf | None = None
    leaves: list[Leaf] = msgspec.field(default_factory=list)
    children: list[Tree] = msgspec.field(default_factory=list)
    counts: dict[int, float] = msgspec.field(default_factory=dict)
    when: Seconds | None = None
    maybe: bool | None = None
    extra: Extra = msgspec.field(default_factory=dict)


NOON = datetime(2024, 7, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("hint", "values", "expected"),
    [
        (bool, [True, 1, "1", 1.0, "true", "TRUE", " yes ", "on", "active"], True),
        (bool, [False, 0, "0", "", "false", "no", "off", "inactive", None], False),
        (int, [12, "12", " 12 ", 12.0, "12.0", Decimal(12), "+12"], 12),
        (int, ["1"], 1),
        (int | None, [False, None, ""], None),
        (int | bool, [True, 1, "1"], 1),
        (int, [17013721742940, "17013721742940"], 17013721742940),
        (float, [1.5, "1.5", Decimal("1.5")], 1.5),
        (Decimal, ["1.10", Decimal("1.10"), 1.1], Decimal("1.1")),
        (str, ["x"], "x"),
        (str, [5], "5"),
        (str, [True], "true"),
        (datetime, [1719835200, "1719835200", "1719835200.0", "2024-07-01 12:00:00",
                    "2024-07-01T12:00:00Z", "2024-07-01 14:00:00+02:00",
                    "2024-07-01 12:00:00 UTC"], NOON),
        (Seconds, [1719835200, "2024-07-01 12:00:00"], NOON),
        (Milliseconds, [1719835200000, "1719835200000", 1719835200000.0], NOON),
        (ParisText, [1719835200, "2024-07-01 14:00:00"], NOON),
        (date, ["2024-07-01", "2024-07-01 12:00:00", 1719835200], date(2024, 7, 1)),
        (list[int], [[1, "2"]], [1, 2]),
        (list[int], [[], {}, "", None], []),
        (tuple[int, ...], [[1, "2"]], [1, 2]),
        (dict[str, int], [{"a": "1"}], {"a": 1}),
        (dict[int, int], [{"5": "1"}], {5: 1}),
        (dict[str, int], [{}, [], "", None], {}),
        (Literal["new", "done"], ["new", "NEW", " new "], "new"),
        (Literal[1, 2], [1, "1"], 1),
        (Colour, ["red", "RED"], Colour.RED),
        (Colour, [2, "2"], Colour.BLUE),
        (int | None, [None, ""], None),
        (str | None, [""], ""),
        (int | str, ["x"], "x"),
        (int | str, ["5"], 5),
        (Leaf | None, [None, "", []], None),
        (Any, [{"a": [1]}], {"a": [1]}),
        (Annotated[int, "a note"], ["5"], 5),
    ],
)  # fmt: skip
def test_every_known_form_is_read(hint: Any, values: list[Any], expected: Any) -> None:
    for value in values:
        result: Any = read(hint, value)
        assert result == (tuple(expected) if isinstance(result, tuple) else expected), value


def test_eight_digits_are_a_day_and_more_are_seconds() -> None:
    assert read(date, "20261129") == read(date, "2026-11-29") == date(2026, 11, 29)
    assert read(date, "999999999") == date(2001, 9, 9)


def test_milliseconds_keep_theirs() -> None:
    assert read(Milliseconds, 1719835200123).microsecond == 123000
    winter: datetime = read(ParisText, "2024-01-01 12:00:00")
    assert winter.astimezone(UTC).hour == 11
    assert TimeForm().unit == 1


@pytest.mark.parametrize(
    ("hint", "values"),
    [
        (bool, [2, "maybe", [], {}, 0.5]),
        (int, ["x", 1.5, "1.5", None, [], {}, "1e400", math.inf, math.nan, "1" * 65, "--1",
               Decimal("NaN"), Decimal("1E+1000000"), True, False]),
        (float, ["x", None, [], "nan", "inf", 10**400, math.inf, True, False]),
        (int | None, [True]),
        (Decimal | None, [True]),
        (Decimal, ["x", None, [], "NaN", "Infinity", True, "1E+1000000"]),
        (str, [None, [], {}]),
        (datetime, ["tomorrow", "2024-02-30", None, [], True, 10**30, "9" * 30, math.nan, ""]),
        (date, ["x", None, [], True, 10**30]),
        (list[int], [5, {"a": 1}, ["x"], "x"]),
        (dict[str, int], [[1], 5, {"a": "x"}]),
        (Literal["a"], ["b", None, [], {}]),
        (Colour, ["green", None]),
        (Leaf, [None, [], {}, {"id": "x"}, {"id": None}, 5]),
        (int | None, ["x", []]),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused(hint: Any, values: list[Any]) -> None:
    for value in values:
        with pytest.raises(ProtocolViolation):
            read(hint, value)


def test_a_record_reads_names_aliases_and_what_nothing_else_does() -> None:
    tree: Tree = read(
        Tree,
        {
            "id": "7",
            "title": "oak",
            "leaf": {"id": 1},
            "leaves": [{"id": 2, "name": "b"}],
            "children": [{"id": 8, "children": []}],
            "counts": {"3": "1.5"},
            "when": "1719835200",
            "maybe": "",
            "unheard": [1],
        },
    )
    assert tree == Tree(
        id=7,
        label="oak",
        leaf=Leaf(id=1),
        leaves=[Leaf(id=2, name="b")],
        children=[Tree(id=8)],
        counts={3: 1.5},
        when=NOON,
        maybe=None,
        extra={"unheard": [1]},
    )
    both: Tree = read(Tree, {"id": 1, "LABEL": "first", "title": "second"})
    assert both.label == "first"


def test_null_takes_the_default_where_the_field_cannot_be_null() -> None:
    tree: Tree = read(Tree, {"id": 1, "LABEL": None, "leaves": None, "when": None})
    assert (tree.label, tree.leaves, tree.when) == ("none", [], None)


@pytest.mark.parametrize(
    ("value", "place"),
    [
        ({}, "answer.id is missing"),
        ({"id": None}, "answer.id is missing"),
        ({"id": "x"}, "answer.id should be a whole number"),
        ({"id": 1, "leaf": {"id": "x"}}, "answer.leaf.id"),
        ({"id": 1, "leaves": [{"id": 1}, {"id": "x"}]}, r"answer.leaves\[1\].id"),
        ({"id": 1, "counts": {"3": "x"}}, "answer.counts.3"),
        ({"id": 1, "when": "soon"}, "answer.when should be a time"),
    ],
)
def test_the_error_names_the_field(value: Any, place: str) -> None:
    with pytest.raises(ProtocolViolation, match=place):
        read(Tree, value)


def test_the_error_shows_no_more_than_a_glance_of_the_value() -> None:
    with pytest.raises(ProtocolViolation) as caught:
        read(int, "x" * 100_000)
    assert len(caught.value.message) < 120
    with pytest.raises(ProtocolViolation):
        read(date, 10**5000)


def test_deep_nesting_is_refused_and_does_not_crash() -> None:
    deep: Any = {"id": 1}
    for _ in range(50_000):
        deep = {"id": 1, "children": [deep]}
    with pytest.raises(ProtocolViolation, match="nested too deeply"):
        read(Tree, deep)
    # Taken apart by hand: letting go of such a tree at once would nest as deeply.
    while deep.get("children"):
        deep = deep.pop("children")[0]


def test_secrets_stand_in_no_repr() -> None:
    class Key(Guarded, frozen=True, kw_only=True):
        id: int
        held: str = msgspec.field(name="sesskey", default="")

    key: Key = read(Key, {"id": 1, "sesskey": "S1"})
    assert key.held == "S1"
    for shown in (repr(key), str(key), repr([key]), repr(key.__rich_repr__())):
        assert "S1" not in shown
        assert "•••" in shown


def test_a_hint_that_nobody_can_read_is_a_mistake_of_the_program() -> None:
    with pytest.raises(TypeError, match="no reader"):
        read(complex, 1)


HINTS: list[Any] = [
    bool, int, float, Decimal, str, datetime, Seconds, Milliseconds, ParisText, date,
    list[int], dict[str, Decimal], dict[int, bool], Literal["a", "b"], Colour, Leaf, Tree,
    Leaf | None, int | str, list[Tree], Any,
]  # fmt: skip
KEYS = ["id", "LABEL", "title", "leaf", "leaves", "children", "counts", "when", "maybe", "x"]


@settings(max_examples=200)
@given(value=json_values(KEYS) | st.floats() | st.decimals() | st.text())
def test_anything_is_read_or_refused(value: Any) -> None:
    for hint in HINTS:
        try:
            result: Any = read(hint, value)
        except ProtocolViolation as error:
            assert len(error.message) < 300  # noqa: PT017
        else:
            if hint is bool:
                assert result in (True, False)
            if hint is float:
                assert math.isfinite(result)
            if isinstance(result, datetime):
                assert result.tzinfo is not None


@settings(max_examples=100)
@given(value=st.integers(-(2**63), 2**63 - 1))
def test_whole_numbers_come_back_as_they_are(value: int) -> None:
    assert read(int, value) == read(int, str(value)) == read(int, Decimal(value)) == value


@settings(max_examples=100)
@given(value=st.decimals(allow_nan=False, allow_infinity=False, places=2, max_value=10**12,
                         min_value=-(10**12)))  # fmt: skip
def test_amounts_keep_every_digit(value: Decimal) -> None:
    assert read(Decimal, str(value)) == read(Decimal, value) == value


@settings(max_examples=100)
@given(value=st.datetimes(min_value=datetime(1971, 1, 1), max_value=datetime(2100, 1, 1)))  # noqa: DTZ001
def test_times_come_back_as_they_are(value: datetime) -> None:
    whole = value.replace(microsecond=0, tzinfo=UTC)
    assert read(Seconds, int(whole.timestamp())) == whole
    assert read(Seconds, whole.isoformat()) == whole
    assert read(Seconds, whole.strftime("%Y-%m-%d %H:%M:%S")) == whole


@pytest.mark.parametrize(
    "value",
    ["9999-12-31 23:59:59", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00", 253402300799,
     "253402300799", -62135596800],
)  # fmt: skip
def test_a_moment_that_no_clock_shows_everywhere_is_never(value: Any) -> None:
    """Databases write it for no end, .NET for no date; a zone to the east would overflow."""
    assert read(datetime | None, value) is None
    if isinstance(value, int):
        assert read(Milliseconds | None, value * 1000) is None
    with pytest.raises(ProtocolViolation, match="end of the calendar"):
        read(datetime, value)
    # Nothing within is none because of it.
    with pytest.raises(ProtocolViolation, match="end of the calendar"):
        read(Dated | None, {"at": value})


class Dated(Record, frozen=True, kw_only=True):
    at: datetime


@pytest.mark.parametrize("value", ["9998-12-31 23:59:59", "0002-01-01 00:00:00"])
def test_what_lies_before_the_ends_is_shown_in_every_zone(value: str) -> None:
    moment: datetime = read(datetime | None, value)
    for hours in (-14, 12):
        assert moment.astimezone(ZoneInfo(f"Etc/GMT{hours:+d}")).year
