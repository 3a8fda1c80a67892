"""What is written is read back as it was, in nights of a change and with any words."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.workspace.hours import NOW, PARIS, log_of, reading
from tests.workspace.times.changes import PLACES, around_changes
from tui.workspace.hours.entries import Entry, with_newlines
from tui.workspace.hours.figures import decimal, h_mm
from tui.workspace.hours.hours import written
from tui.workspace.hours.reading import read
from tui.workspace.hours.timeclock import written as written_timeclock

EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00\r"), max_size=12)
NAMES = st.lists(
    st.one_of(TEXTS.filter(lambda text: bool(text)), st.sampled_from(["a › b", "›", "=1+1", "-"])),
    max_size=3,
).map(tuple)


@st.composite
def entries(draw: st.DrawFn) -> Entry:
    """Any block: on the clock, still open, or free."""
    start = EPOCH + timedelta(seconds=draw(st.integers(0, 400 * 86400)))
    length = draw(st.integers(0, 100_000))
    names, text = draw(NAMES), draw(TEXTS)
    key = draw(st.sampled_from(["", "trackmypeople:7"]))
    made = Entry(at=0, names=names, text=text, key=key)
    kind = draw(st.sampled_from(["clocked", "open", "free"]))
    if kind == "free":
        return replace(made, day=start.date(), seconds=length, free=True)
    stop = start + timedelta(seconds=length) if kind == "clocked" else None
    return replace(made, start=start, stop=stop)


def told(entry: Entry) -> tuple[object, ...]:
    """All that a block has."""
    return (
        entry.start, entry.stop, entry.day, entry.length, entry.names, entry.text, entry.free,
    )  # fmt: skip


@pytest.mark.parametrize("form", ["csv", "json"])
@given(made=st.lists(entries(), min_size=1, max_size=5), where=st.sampled_from(PLACES))
def test_csv_and_json_are_read_back_as_they_were(
    form: str, made: list[Entry], where: ZoneInfo
) -> None:
    text, said = written(made, form, where)
    log = log_of(text)
    assert (log.form, log.problems, said) == ("tockdeck", [], [])
    assert [(told(one), one.key) for one in log.entries] == [(told(one), one.key) for one in made]


@given(made=st.lists(entries().filter(lambda one: not one.open), max_size=5))
def test_ics_is_read_back_as_it_was(made: list[Entry]) -> None:
    plain = [
        replace(
            one,
            key=f"trackmypeople:{place}",
            text=_printable(one.text).strip() or "x",
            names=tuple(filter(None, (_printable(name).strip() for name in one.names))),
        )
        for place, one in enumerate(made)
    ]
    text, said = written(plain, "ics", PARIS, NOW)
    assert said == []
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    log = log_of(text)
    assert log.problems == []
    back = {one.key: told(one) for one in log.entries}
    assert back == {one.key: told(one) for one in plain}


def _printable(text: str) -> str:
    return "".join(one for one in text if one >= " " and one != "\x7f")


def test_ics_without_words_has_the_path_and_is_read_back_without() -> None:
    one = Entry(at=0, start=NOW, stop=NOW, names=("a, b", "c;d"), key="trackmypeople:1")
    text, _ = written([one], "ics", PARIS, NOW)
    assert "SUMMARY:a\\, b › c\\;d\r\n" in text
    (back,) = log_of(text).entries
    assert (back.text, back.names) == ("", ("a, b", "c;d"))


@given(around_changes(), st.integers(0, 100_000))
def test_timeclock_is_read_back_to_the_second_or_says_that_it_is_not(
    where_and_moment: tuple[ZoneInfo, datetime], length: int
) -> None:
    where, moment = where_and_moment
    start = moment.astimezone(UTC).replace(microsecond=0)
    stop = start + timedelta(seconds=length)
    one = Entry(at=0, start=start, stop=stop, names=("a", "b"), text="x y")
    text, said = written_timeclock([one], where)
    if not said:
        (back,) = read(text.encode(), reading(where)).entries
        assert told(back) == told(one)
    else:
        assert "change of clocks" in said[0] if text else "clocks were set back" in said[0]


def test_timeclock_has_no_session_that_ends_before_it_begins() -> None:
    # hledger shows a negative length, and ledger reads nothing of the file.
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    half = timedelta(minutes=30)
    made = [Entry(at=0, start=first + half * at, stop=first + half * (at + 1)) for at in range(2)]
    text, said = written_timeclock(made, PARIS)
    assert text == "i 2026-10-25 02:00:00 none\no 2026-10-25 02:30:00\n"
    assert said[0] == (
        "1 entry left out: clocks were set back meanwhile, so that the end would stand before the"
        " beginning."
    )


def test_timeclock_says_what_is_not_in_it() -> None:
    def block(hour: float, length: float | None, **more: object) -> Entry:
        start = EPOCH + timedelta(hours=hour)
        stop = None if length is None else start + timedelta(hours=length)
        return Entry(at=0, start=start, stop=stop, **more)  # type: ignore[arg-type]

    night = datetime(2026, 10, 24, 23, tzinfo=UTC)
    made = [
        block(9, 2, names=("a: b", "c  d"), text="one; two\nthree"),
        block(10, 2, names=("over",)),
        block(12, None, names=("open",)),
        Entry(at=0, day=date(2026, 1, 2), seconds=3600, free=True),
        Entry(at=0, start=night, stop=night + timedelta(hours=3)),
        block(9000, None, names=("last",)),
    ]
    text, said = written_timeclock(made, PARIS)
    assert text.splitlines() == [
        "i 2026-01-01 10:00:00 a- b:c d  one, two three",
        "o 2026-01-01 12:00:00",
        "i 2026-10-25 01:00:00 none",
        "o 2026-10-25 03:00:00",
        "i 2027-01-11 01:00:00 last",
    ]
    assert [words.split(":")[0] for words in said] == [
        "1 length without times left out",
        "1 entry left out",
        "1 open entry left out",
        "1 text reworded",
        "1 entry is over a change of clocks, which timeclock does not know",
    ]


def test_csv_has_decimal_hours_and_minutes_names_and_zone() -> None:
    one = Entry(
        at=0,
        start=datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
        stop=datetime(2026, 10, 25, 2, 50, tzinfo=UTC),
        names=("Harbour", "=1+1"),
        text="@home",
        key="trackmypeople:9",
    )
    text, _ = written([one], "csv", PARIS)
    (row,) = csv.DictReader(io.StringIO(text))
    assert row == {
        "date": "2026-10-25",
        "start": "2026-10-25T02:30:00+02:00",
        "stop": "2026-10-25T03:50:00+01:00",
        "zone": "Europe/Paris",
        "hours": "2.33",
        "h:mm": "2:20",
        "seconds": "8400",
        "path": "Harbour › =1+1",
        "tracker": "'=1+1",
        "description": "'@home",
        "free": "",
        "id": "trackmypeople:9",
    }
    (said,) = json.loads(written([one], "json", PARIS)[0])
    assert (said["path"], said["hours"], said["description"]) == (
        ["Harbour", "=1+1"], "2.33", "@home",
    )  # fmt: skip


@given(st.integers(-(10**6), 10**6))
def test_the_rounded_hours_are_the_nearest(seconds: int) -> None:
    assert abs(float(decimal(seconds)) * 3600 - seconds) <= 18.001
    sign, _, rest = h_mm(seconds).rpartition("-")
    del sign
    hours, minutes = rest.split(":")
    assert abs(int(hours) * 60 + int(minutes) - abs(seconds) / 60) <= 0.5


def test_markdown_has_days_with_their_sums_and_nothing_that_it_would_read() -> None:
    start = datetime(2026, 1, 14, 8, tzinfo=UTC)
    made = [
        Entry(at=0, start=start, stop=start + timedelta(hours=2), names=("a|b",), text="<b>\nx"),
        Entry(at=0, start=start + timedelta(hours=24), names=("c",)),
        Entry(at=0, day=date(2026, 1, 15), seconds=5400, names=("c",), free=True),
    ]
    text, _ = written(made, "md", PARIS)
    assert text.splitlines()[2:] == [
        "|  | 09:00 | 11:00 | 2:00 | a\\|b | \\<b\\> x |",
        "| **2026-01-14** |  |  | **2:00** |  |  |",
        "|  | 09:00 |  | runs | c |  |",
        "|  |  |  | 1:30 | c | (free) |",
        "| **2026-01-15** |  |  | **1:30** |  |  |",
        "| **all** |  |  | **3:30** |  |  |",
    ]


def test_line_breaks_become_of_one_kind() -> None:
    assert with_newlines("a\r\nb\rc\n") == "a\nb\nc\n"
