"""Which task a tracker is: inherited, suggested, found by name; and what its time costs."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from tui.services.timesheets.records import Rate, Schedule, TimeEntry
from tui.services.trackmypeople import TimerState, Tracker
from tui.workspace.timers.overview import Overview
from tui.workspace.timesheet.entered import Entered, EnteredBlocks
from tui.workspace.timesheet.prices import Prices, cost
from tui.workspace.timesheet.targets import (
    NEVER,
    Target,
    TaskNameError,
    find_target,
    lineages,
    said_of,
    suggested,
)

TREE = Overview(
    trackers=[
        Tracker(id=number, name=name, depth=depth)
        for number, name, depth in (
            (1, "Harbour Trust", 0), (2, "Berth bookings", 1), (3, "Booking form", 2),
            (4, "Payment page", 2), (5, "Internal", 0), (6, "Lunch", 1),
        )
    ],
    state=TimerState(),
)  # fmt: skip
TARGETS = [
    Target(10, "Booking form", "Old bookings", "Harbour Trust", 1, done=True),
    Target(11, "Form", "Berth bookings", "Harbour Trust", 1),
    Target(12, "Mail", "Office", "Ourselves", 2),
    Target(13, "Mail", "Office", "Others", 3),
]


def test_what_stands_below_inherits_until_it_is_said_otherwise() -> None:
    lines = lineages(TREE)
    assert lines[3] == (3, 2, 1)
    known = {"1": 11, "4": NEVER}
    found = {one.id: said_of(one.id, known, lines) for one in TREE.trackers}
    assert found == {1: (11, 1), 2: (11, 1), 3: (11, 1), 4: (NEVER, 4), 5: None, 6: None}
    assert said_of(None, known, lines) is None
    assert said_of(99, {"99": 12}, lines) == (12, 99), "one that is in the tree no more"


def test_tasks_are_suggested_by_the_words_of_the_path() -> None:
    path = ["Harbour Trust", "Berth bookings", "Booking form"]
    assert [one.task_id for one in suggested(path, TARGETS)] == [11, 10], "what ended is last"
    assert suggested(["Lunch"], TARGETS) == []


@pytest.mark.parametrize(
    ("typed", "task"),
    [("form", 11), ("BERTH BOOKINGS / form", 11), ("ourselves", 12), ("never", NEVER), ("13", 13)],
)
def test_a_task_is_found_by_its_name(typed: str, task: int) -> None:
    assert find_target(TARGETS, typed) == task


@pytest.mark.parametrize("typed", ["mail", "nothing", ""])
def test_a_name_of_none_or_several_is_refused(typed: str) -> None:
    with pytest.raises(TaskNameError):
        find_target(TARGETS, typed)


def test_what_time_costs_is_by_the_schedule_that_holds() -> None:
    week = dict.fromkeys(("monday", "tuesday", "wednesday", "thursday", "friday"), True)
    evening = Schedule(id=1, days_of_week=week, start_time="18:00", end_time="21:59")
    night = Schedule(
        id=2, days_of_week=week, start_time="22:00", end_time="05:59", is_overnight=True
    )
    holiday = Schedule(
        id=3, days_of_week=week, start_time="00:00", end_time="23:59", is_holiday=True
    )
    prices = Prices(
        Decimal("62.5"),
        [
            (holiday, Rate(amount=Decimal(999), duration_unit="hours")),
            (evening, Rate(amount=Decimal(80), duration_unit="hours")),
            (night, Rate(amount=Decimal(800), duration_unit="days")),
        ],
    )

    def rate(day: int, hour: int) -> Decimal | None:
        return prices.rate(datetime(2026, 11, day, hour, tzinfo=UTC), UTC)

    assert (rate(16, 9), rate(16, 19), rate(16, 23)) == (Decimal("62.5"), 80, 100)
    assert (rate(21, 3), rate(21, 19)) == (100, Decimal("62.5")), "Friday's night, and Saturday"
    said = [prices.rate_of(TimeEntry(schedule_id=one)) for one in (None, 1, 2, 3, 4)]
    assert said == [Decimal("62.5"), 80, 100, 999, Decimal("62.5")], "by the service's own clock"
    assert Prices().rate(datetime(2026, 11, 16, tzinfo=UTC), UTC) is None
    assert Prices(Decimal()).rate(datetime(2026, 11, 16, tzinfo=UTC), UTC) is None
    assert cost(Decimal("62.5"), 4500, "EUR") == Decimal("78.13"), "half a cent up"
    assert cost(Decimal("9000"), 4501, "JPY") == Decimal("11253"), "half a yen up"


def test_what_was_entered_is_kept_by_account(tmp_path: Path) -> None:
    file, at = tmp_path / "entered.json", datetime(2026, 11, 16, 9, tzinfo=UTC)
    one = Entered("c1", 5, at, at, "Étude", 7)
    EnteredBlocks(file, "mine").note({"1": one, "2": one})
    EnteredBlocks(file, "other").note({"1": one})
    EnteredBlocks(file, "mine").settle({"2": None})
    assert EnteredBlocks(file, "mine").known() == {"1": one}
    assert EnteredBlocks(file, "other").known() == {"1": one}
    file.write_bytes(b'{"mine": 3}')
    assert EnteredBlocks(file, "mine").known() == {}, "not ours any more: it is as none"
