"""A day as a bar, and a report as a sheet that is written."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.workspace.timers.tallied import tally_of
from tests.workspace.timers.trackers import PARIS, tree
from tui.services.trackmypeople import Block, Tracker
from tui.workspace.timers.periods import Span
from tui.workspace.timers.reckoning.day_bar import SIGNS, day_bar
from tui.workspace.timers.reckoning.rounding import EXACT, Rounding
from tui.workspace.timers.reckoning.sheet import BYS, FORMS, sheet, written

DAY = date(2026, 11, 26)
NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)


def block(number: int, tracker: int | None, start: str, stop: str) -> Block:
    begin, end = (datetime.fromisoformat(one).replace(tzinfo=PARIS) for one in (start, stop))
    begin, end = begin.astimezone(UTC), end.astimezone(UTC)
    return Block(id=number, tracker_id=tracker, time_in=begin, time_out=end,
                 total=int((end - begin).total_seconds()))  # fmt: skip


def test_a_day_is_cut_into_blocks_overlaps_and_gaps() -> None:
    blocks = [
        block(1, 2, "2026-11-25 23:00", "2026-11-26 01:00"),
        block(2, 3, "2026-11-26 09:00", "2026-11-26 12:00"),
        block(3, 5, "2026-11-26 11:30", "2026-11-26 13:00"),
        block(4, 3, "2026-11-26 14:00", "2026-11-26 17:00"),
        Block(id=5, tracker_id=5, time_in=datetime(2026, 11, 26, 7, tzinfo=UTC), total=9,
              free=True),
    ]  # fmt: skip
    bar = day_bar(blocks, None, DAY, NOW, PARIS)
    told = [(one.kind, f"{one.start.astimezone(PARIS):%H:%M}", one.seconds // 60,
             [each.id for each in one.blocks]) for one in bar.segments]  # fmt: skip
    assert told == [
        ("block", "00:00", 60, [1]), ("gap", "01:00", 480, []), ("block", "09:00", 150, [2]),
        ("overlap", "11:30", 30, [2, 3]), ("block", "12:00", 60, [3]), ("gap", "13:00", 60, []),
        ("block", "14:00", 180, [4]),
    ]  # fmt: skip
    assert bar.signs == {2: "a", 3: "b", 5: "c"}
    assert bar.cells(17) == "a········bb#c·bbb"
    assert bar.cells(34) == "aa················bbbbb#cc··bbbbbb"
    assert bar.hours(34, PARIS).split() == ["0", "2", "4", "6", "8", "10", "12", "14", "16"]
    for width in (17, 34, 74, 200):
        for segment in bar.segments:
            first, cells = bar.place(segment, width)
            assert first >= 0
            assert 1 <= cells <= width - first
            drawn = bar.cells(width)[first : first + cells]
            assert bar.sign(segment) in drawn or segment.seconds < 1800


def test_a_day_with_nothing_and_one_with_very_much_are_drawn() -> None:
    empty = day_bar([], None, date(2026, 11, 28), NOW, PARIS)
    assert (empty.segments, set(empty.cells(40))) == ([], {" "})
    clocks = [f"2026-11-26 {number // 60:02}:{number % 60:02}" for number in range(600)]
    many = [block(number, number, at, f"{at}:30") for number, at in enumerate(clocks)]
    bar = day_bar(many, None, DAY, NOW, PARIS)
    assert len(bar.signs) == len(SIGNS)
    assert len(bar.cells(74)) == 74
    assert bar.segments[0].kind == "block"
    running = Block(id=1, tracker_id=2, time_in=NOW - timedelta(hours=1))
    (gap, runs) = day_bar([running], NOW - timedelta(hours=1), NOW.date(), NOW, PARIS).segments
    assert (gap.kind, runs.kind, runs.seconds) == ("gap", "block", 3600)


@pytest.mark.parametrize(
    ("day", "hours"),
    [(date(2026, 3, 29), ["0", "1", "3", "4"]), (date(2026, 10, 25), ["0", "1", "2", "2", "3"])],
)
def test_the_hours_above_it_are_those_that_clocks_show(day: date, hours: list[str]) -> None:
    blocks = [block(1, 2, f"{day} 00:00", f"{day} 23:30")]
    bar = day_bar(blocks, None, day, NOW, PARIS)
    assert bar.hours(200, PARIS).split()[: len(hours)] == hours
    assert round((bar.last - bar.first).total_seconds() / 3600) == (23 if day.month == 3 else 25)


# -- sheets -------------------------------------------------------------------------------------

HOSTILE = Tracker(id=99, name="=1+1|<b>", depth=1)


def sheets() -> list[Block]:
    return [
        block(1, 1, "2026-11-23 09:00", "2026-11-23 10:00:30"),
        block(2, 2, "2026-11-24 09:00", "2026-11-24 09:20"),
        block(3, 99, "2026-11-24 23:30", "2026-11-25 00:10"),
    ]


@pytest.mark.parametrize("by", BYS)
def test_a_report_is_written_so_that_its_sums_agree(by: str) -> None:
    trackers = [*tree().trackers, HOSTILE]
    span, rounding = Span.of("week", date(2026, 11, 24)), Rounding("up", 15, "block")
    tallied = tally_of(sheets(), PARIS, span, rounding)
    found = sheet(by, tallied, trackers, span, rounding, PARIS)  # type: ignore[arg-type]
    rows = list(csv.DictReader(io.StringIO(written(found, "csv"))))
    counted = [row for row in rows[:-1] if row.get("counts") != "with what is under it"]
    assert rows[-1]["seconds"] == "7230"
    assert sum(int(row["seconds"]) for row in counted) == 7230
    assert sum(int(row["rounded seconds"]) for row in counted) == 9000
    assert rows[-1]["h:mm"] == "2:01"
    assert rows[-1]["hours"] == "2.01"
    told = json.loads(written(found, "json"))
    assert (told["sum"]["seconds"], told["sum"]["rounded"]) == (7230, 9000)
    assert told["rounding"] == "each block up to 15 min"
    assert (told["first"], told["zone"]) == ("2026-11-23", "Europe/Paris")
    lines = written(found, "md").splitlines()
    assert "**sum**" in lines[-3]
    assert lines[-1].endswith("rounded: each block up to 15 min.")
    assert len({line.count("|") - line.count("\\|") for line in lines[:-2]}) == 1
    if by in ("tracker", "table"):
        assert "'=1+1|<b>" in {row["tracker"] for row in rows}, "no cell is a formula"
        assert "\\<b\\>" in written(found, "md")
        assert ["Harbour Trust", "Booking form"] in [one["path"] for one in told["rows"]]
        assert any("Harbour Trust (itself)" in line for line in lines)
    if by == "table":
        assert rows[-1]["2026-11-24"] == "0:50:00"
        assert told["sum"]["cells"] == {"2026-11-23": 3630, "2026-11-24": 3000, "2026-11-25": 600}
    plain = sheet(by, tallied, trackers, span, EXACT, ZoneInfo("UTC"))  # type: ignore[arg-type]
    assert all("rounded" not in written(plain, form) for form in FORMS if form != "json")
