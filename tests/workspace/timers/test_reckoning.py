"""Sums of hours against a slow formula: by day, tracker and tree, over change nights, rounded."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from tests.workspace.timers.tallied import tally_of
from tui.services.digits import LONGEST
from tui.services.trackmypeople import Block, Tracker
from tui.services.trackmypeople.lines import Line, bare
from tui.workspace.timers.periods import Span
from tui.workspace.timers.reckoning import pieces
from tui.workspace.timers.reckoning.lines import apart, tally_lines
from tui.workspace.timers.reckoning.pieces import pieces_of, touching, until
from tui.workspace.timers.reckoning.rounding import (
    EXACT,
    Rounding,
    RoundingError,
    read_rounding,
)
from tui.workspace.timers.reckoning.sheet import BYS, By, Sheet, parts_of, sheet
from tui.workspace.timers.reckoning.tally import (
    Sum,
    Tally,
    by_day,
    by_tracker,
    columns_of,
    table,
    tally,
    under,
    whole,
)
from tui.workspace.times import start_of_day

PARIS = ZoneInfo("Europe/Paris")
# Half an hour is changed there, and here midnight itself is jumped over.
ZONES = [PARIS, ZoneInfo("UTC"), ZoneInfo("Australia/Lord_Howe"), ZoneInfo("America/Santiago")]
TREE = [
    Tracker(id=1, name="Étude", depth=0),
    Tracker(id=2, name="Hull", depth=1),
    Tracker(id=3, name="Keel", depth=2),
    Tracker(id=4, name="Sails", depth=1),
    Tracker(id=5, name="Own", depth=0),
]
# Around both nights on which clocks change in Europe, and those in the south.
STARTS = [datetime(2026, 3, 27, tzinfo=UTC), datetime(2026, 10, 2, tzinfo=UTC),
          datetime(2026, 10, 23, tzinfo=UTC), datetime(2026, 9, 4, tzinfo=UTC)]  # fmt: skip


def block(start: datetime, seconds: int, tracker: int | None, number: int = 1) -> Block:
    return Block(
        id=number, tracker_id=tracker, time_in=start,
        time_out=start + timedelta(seconds=seconds), total=seconds,
    )  # fmt: skip


@some.composite
def logs(draw: some.DrawFn) -> list[Block]:
    origin = draw(some.sampled_from(STARTS))
    found = []
    for number in range(draw(some.integers(0, 6))):
        start = origin + timedelta(seconds=draw(some.integers(0, 5 * 86400)))
        length = draw(some.one_of(some.integers(0, 9000), some.integers(0, 2 * 86400)))
        tracker = draw(some.sampled_from([1, 2, 3, 4, 5, 99, None]))
        found.append(block(start, length, tracker, number))
    return found


def slow(blocks: list[Block], where: ZoneInfo) -> dict[tuple[int | None, date], int]:
    """Second by second of what is not a whole quarter of an hour: what day is it there?"""
    sums: dict[tuple[int | None, date], int] = {}
    for one in blocks:
        assert one.time_in is not None
        assert one.time_out is not None
        at = one.time_in
        while at < one.time_out:
            # No day of these zones begins within a quarter of an hour of UTC.
            rest = 900 - int(at.timestamp()) % 900
            step = min(timedelta(seconds=rest), one.time_out - at)
            key = (one.tracker_id, at.astimezone(where).date())
            sums[key] = sums.get(key, 0) + int(step.total_seconds())
            at += step
    return sums


@settings(max_examples=150, deadline=None)
@given(logs(), some.sampled_from(ZONES))
def test_each_second_counts_to_the_day_that_it_is_there(
    blocks: list[Block], where: ZoneInfo
) -> None:
    found = tally_of(blocks, where)
    assert {key: one for key, one in found.exact.items() if one} == slow(blocks, where)
    seconds = sum(one.total or 0 for one in blocks)
    assert sum(one.exact for one in by_day(found).values()) == seconds
    assert sum(one.exact for one in by_tracker(found).values()) == seconds


@settings(max_examples=100, deadline=None)
@given(
    logs(),
    some.sampled_from(ZONES),
    some.sampled_from(["none", "up", "nearest"]),
    some.integers(5, 60),
    some.sampled_from(["block", "day"]),
    some.integers(1, 40),
)
def test_a_table_agrees_both_ways_and_with_the_tree(
    blocks: list[Block], where: ZoneInfo, way: str, minutes: int, per: str, length: int
) -> None:
    rounding = Rounding(way, minutes, per)  # type: ignore[arg-type]
    first = date(2026, 10, 20)
    span = Span(first, first + timedelta(days=length))
    sums = tally_of(blocks, where, span, rounding)
    columns = columns_of(span)
    found = table(sums, TREE, columns)
    assert columns[0].first == span.first
    assert columns[-1].last == span.last
    for place, column_sum in enumerate(found.sums):
        cells = [line.cells[place] for line in found.lines if line.counts]
        assert Sum(sum(c.exact for c in cells), sum(c.rounded for c in cells)) == column_sum
    for line in found.lines:
        assert line.sum == Sum(sum(c.exact for c in line.cells), sum(c.rounded for c in line.cells))
        if not line.own:
            those = under(TREE, line.tracker)
            assert line.sum.exact == sum(s for (t, _), s in sums.exact.items() if t in those)
    assert found.total.exact == sum(line.sum.exact for line in found.lines if line.counts)
    assert found.total.rounded == sum(line.sum.rounded for line in found.lines if line.counts)
    inside = slow(blocks, where)
    assert found.total.exact == sum(
        seconds for (_, day), seconds in inside.items() if span.first <= day <= span.last
    )


@settings(max_examples=150, deadline=None)
@given(logs(), some.sampled_from(ZONES), some.sampled_from(["up", "nearest"]), some.integers(5, 60))
def test_days_of_a_block_come_to_what_the_whole_block_is_rounded_to(
    blocks: list[Block], where: ZoneInfo, way: str, minutes: int
) -> None:
    rounding = Rounding(way, minutes, "block")  # type: ignore[arg-type]
    for one in blocks:
        found = tally_of([one], where, None, rounding)
        assert whole(found).rounded == rounding.length(one.total or 0)
        assert all(part % (minutes * 60) == 0 <= part for part in found.rounded.values())
    together = tally_of(blocks, where, None, rounding)
    assert whole(together).rounded == sum(rounding.length(one.total or 0) for one in blocks)


def test_a_day_has_23_or_25_hours_where_clocks_change() -> None:
    for start, hours in ((datetime(2026, 3, 28, 23, tzinfo=UTC), 23),
                         (datetime(2026, 10, 24, 22, tzinfo=UTC), 25)):  # fmt: skip
        day = start.astimezone(PARIS).date()
        found = by_day(tally_of([block(start, hours * 3600 + 60, 1)], PARIS))
        assert found == {day: Sum(hours * 3600, hours * 3600),
                         day + timedelta(days=1): Sum(60, 60)}  # fmt: skip


def test_rounding_is_of_blocks_or_of_days_and_never_of_what_is_exact() -> None:
    start = datetime(2026, 11, 24, 8, tzinfo=UTC)
    blocks = [block(start, 61, 1), block(start + timedelta(hours=1), 420, 1)]
    for typed, rounded in (("none", 481), ("up 15", 1800), ("nearest 15", 0),
                           ("up 15 per day", 900),
                           ("nearest 15 per day", 900), ("nearest 5 per day", 600)):  # fmt: skip
        found = tally_of(blocks, PARIS, None, read_rounding(typed))
        assert whole(found) == Sum(481, rounded), typed
    assert read_rounding("up 15 per day").rule == "each tracker's day up to 15 min"
    assert read_rounding("Nearest 6 min/block") == Rounding("nearest", 6, "block")
    assert read_rounding("up", Rounding("none", 30, "day")) == Rounding("up", 30, "day")
    for rounding in (EXACT, Rounding("up", 5, "day"), Rounding("nearest", 60, "block")):
        assert read_rounding(rounding.typed) == rounding
    for typed in ("", "up 4", "up 61", "15", "down 5", "up 1e3", "up -5", "up ٣"):
        with pytest.raises(RoundingError):
            read_rounding(typed)


def test_what_runs_counts_as_long_as_the_service_told_and_free_time_does_not() -> None:
    start = datetime(2026, 11, 24, 22, 30, tzinfo=UTC)
    runs = Block(id=1, tracker_id=1, time_in=start, total=7200)
    free = Block(id=2, tracker_id=1, time_in=start, total=28800, free=True)
    none = Block(id=3, tracker_id=1, total=60)
    found = by_day(tally(pieces_of([runs, free, none], PARIS)))
    assert {day.day: one.exact for day, one in found.items()} == {24: 1800, 25: 5400}
    # A total that its times do not come to counts, and is shared out by them.
    odd = Block(id=4, tracker_id=1, time_in=start, time_out=start + timedelta(hours=1), total=101)
    assert [piece.seconds for piece in pieces_of([odd], PARIS)] == [50, 51]
    assert whole(tally_of([], PARIS)) == Sum()
    for first, last, there in ((25, 25, [runs, odd]), (26, 27, []), (24, 26, [runs, odd])):
        span = Span(date(2026, 11, first), date(2026, 11, last))
        assert touching([runs, free, none, odd], span, PARIS) == there
        left = pieces_of([runs, free, none, odd], PARIS, span)
        assert {one.block.id for one in left} == {one.id for one in there}
    whole_calendar = Span(date.min, date.max)
    assert touching([runs, odd], whole_calendar, PARIS) == [runs, odd]


def test_a_block_of_centuries_costs_no_more_than_the_days_that_are_asked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def at(year: int) -> datetime:
        return datetime(year, 6, 1, tzinfo=UTC)

    begun: list[date] = []

    def counted(day: date, where: tzinfo) -> datetime:
        begun.append(day)
        return start_of_day(day, where)

    monkeypatch.setattr(pieces, "start_of_day", counted)
    week = Span(date(2026, 11, 23), date(2026, 11, 29))
    for begin, end in ((2, 2026), (2, 9998), (2026, 9998), (2, None), (9997, None)):
        seconds = None if end is None else round((at(end) - at(begin)).total_seconds())
        one = Block(
            id=1, tracker_id=1, time_in=at(begin), time_out=None if end is None else at(end),
            total=LONGEST if seconds is None else seconds,
        )  # fmt: skip
        found = pieces_of([one], PARIS, week)
        runs = begin <= 2026 and end == 9998
        assert [piece.seconds for piece in found] == [86_400] * (7 if runs else 0), (begin, end)
        if found:
            since = start_of_day(week.first, PARIS) - at(begin)
            assert found[0].before == round(since.total_seconds())
    assert len(begun) < 100
    # As the service says, and not as the clock does, it is shared out all the same.
    half = Block(id=1, tracker_id=1, time_in=at(2026), time_out=at(2027), total=365 * 43_200)
    whole_year = [
        piece for piece in pieces_of([half], PARIS) if week.first <= piece.day <= week.last
    ]
    assert pieces_of([half], PARIS, week) == whole_year


def test_a_parent_is_shown_with_what_is_under_it_and_with_what_is_its_own() -> None:
    start = datetime(2026, 11, 24, 8, tzinfo=UTC)
    blocks = [block(start, 600, tracker) for tracker in (2, 3, 3, 5, 99, None)]
    span = Span.of("week", date(2026, 11, 24))
    found = table(tally_of(blocks, PARIS, span), TREE, columns_of(span))
    assert [(line.key, line.depth, line.sum.exact, line.counts) for line in found.lines] == [
        ("1", 0, 1800, False), ("2", 1, 1800, False), ("2=", 2, 600, True), ("3", 2, 1200, True),
        ("5", 0, 600, True), ("99", 0, 600, True), ("-", 0, 600, True),
    ]  # fmt: skip
    assert found.lines[3].path == ("Étude", "Hull", "Keel")
    assert [one.exact for one in found.sums] == [0, 3600, 0, 0, 0, 0, 0]
    empty = table(tally_of([], PARIS), TREE, columns_of(span))
    assert (empty.lines, empty.total, len(empty.sums)) == ([], Sum(), 7)


def test_periods_stand_beside_each_other_and_are_cut_into_parts() -> None:
    def moved(first: str, last: str, steps: int) -> tuple[str, str]:
        found = Span(date.fromisoformat(first), date.fromisoformat(last)).beside("own", steps)
        return found.first.isoformat(), found.last.isoformat()

    assert moved("2026-11-03", "2026-11-12", 1) == ("2026-11-13", "2026-11-22")
    assert moved("2026-11-03", "2026-11-12", -1) == ("2026-10-24", "2026-11-02")
    assert moved("2026-01-01", "2026-03-31", -1) == ("2025-10-01", "2025-12-31")
    assert moved("2026-01-01", "2026-03-31", 1) == ("2026-04-01", "2026-06-30")
    assert moved("2024-02-01", "2024-02-29", 1) == ("2024-03-01", "2024-03-31")
    most = Span(date(2026, 1, 15), date(2026, 12, 31))
    for by in ("day", "week", "month"):
        parts = most.parts(by)
        assert sum(one.days for one in parts) == most.days
        assert (parts[0].first, parts[-1].last) == (most.first, most.last)
    assert [Span.of(one, date(2026, 11, 29)).period for one in ("day", "week", "month")] == [
        "day", "week", "month"
    ]  # fmt: skip
    assert most.period == "own"
    assert len(columns_of(Span.of("month", date(2026, 11, 1)))) == 6
    assert len(columns_of(most)) == 12
    assert most.within(Span.of("month", date(2026, 1, 1))) == Span(
        date(2026, 1, 15), date(2026, 1, 31)
    )
    assert most.within(Span.of("day", date(2026, 1, 14))) is None


def line_of(one: Block, *, free: bool, runs: bool) -> Line:
    """A block as a report has it for sums."""
    assert one.time_in is not None
    assert one.time_out is not None
    begin, end = (moment.replace(tzinfo=None) for moment in (one.time_in, one.time_out))
    return Line(one.id, one.tracker_id or 0, begin, None if runs else end, one.total or 0, free)


@settings(max_examples=300, deadline=None)
@given(
    logs(), some.sampled_from(ZONES), some.data(), some.sampled_from(BYS),
    some.sampled_from([EXACT, Rounding("up", 15), Rounding("nearest", 6, "day")]),
)  # fmt: skip
def test_lines_come_to_what_their_blocks_come_to(
    blocks: list[Block], where: ZoneInfo, data: some.DataObject, by: By, rounding: Rounding
) -> None:
    kinds = some.sampled_from(["plain", "plain", "plain", "free", "runs"])
    lines = [
        line_of(one, free=(kind := data.draw(kinds)) == "free", runs=kind == "runs")
        for one in blocks
    ]
    now = data.draw(some.sampled_from(STARTS)) + timedelta(hours=60)
    first = (now - timedelta(days=data.draw(some.integers(0, 4)))).date()
    span = Span(first, first + timedelta(days=data.draw(some.integers(0, 40))))
    plain, others = apart(lines, now)
    assert sorted(map(id, [*plain, *others])) == sorted(map(id, lines))

    def report(tallied: Tally) -> Sheet:
        return sheet(by, tallied, TREE, span, rounding, where)

    few = tally_of(until(map(bare, others), now), where, span, rounding)
    parts = parts_of(by, span, rounding)
    told = report(tally_lines(plain, where, parts, rounding, few))
    assert told == report(tally_of(until(map(bare, lines), now), where, span, rounding))
