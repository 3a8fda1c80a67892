"""From approved entries to the lines of an invoice: which, at what price, how they are grouped."""

from __future__ import annotations

from dataclasses import replace as with_
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.services.timesheets.records import Invoice, Project, Rate, Task, TimeEntry, User
from tui.store.papers import Paper
from tui.workspace.invoices.book import EMPTY
from tui.workspace.invoices.documents.document import Vat
from tui.workspace.invoices.drafting import (
    GROUPINGS,
    Chosen,
    Drafted,
    Grouping,
    billable,
    drafted,
    marked_beside,
)
from tui.workspace.invoices.pricing import Price, Prices
from tui.workspace.invoices.work import Work

ZONE = ZoneInfo("Europe/Berlin")
START = datetime(2026, 11, 2, 8, tzinfo=UTC)
VAT = Vat(rate=Decimal(19))
USERS = {1: User(id=1, first_name="Ada", hourly_rate=Decimal("62.5")), 2: User(id=2)}
TASKS = {
    10: Task(id=10, name="Panels", project=100),
    11: Task(id=11, name="Cutting list", project=100),
    12: Task(id=12, name="Panels", project=101),
}


def entry(number: int, *, task: int = 10, seconds: int = 3600, **more: object) -> TimeEntry:
    start = START + timedelta(hours=number * 7)
    fields = {
        "user_id": 1, "task_id": task, "status": "approved", "start_time": start,
        "end_time": start + timedelta(seconds=seconds), "duration": seconds, **more,
    }  # fmt: skip
    return TimeEntry(id=number, **fields)  # type: ignore[arg-type]


def work(*entries: TimeEntry) -> Work:
    return Work(
        client_id=7,
        projects={100: Project(id=100, name="Kiosk"), 101: Project(id=101, name="Booth")},
        entries=list(entries),
        tasks=TASKS,
        users=USERS,
        total=len(entries),
    )


def draft(
    entries: list[TimeEntry], grouping: Grouping = "task", *rates: Rate, currency: str = "EUR"
) -> Drafted:
    return drafted(
        Prices(rates, USERS).priced(entries), work(*entries), grouping,
        currency=currency, vat=VAT, zone=ZONE,
    )  # fmt: skip


def test_each_line_shows_its_working() -> None:
    found = draft([entry(1, seconds=8100), entry(2, task=11, seconds=3661)])
    assert [(line.text, line.working, line.amount) for line in found.lines] == [
        ("Kiosk: Panels", "2:15 h × 62.50 = 140.63", Decimal("140.63")),
        ("Kiosk: Cutting list", "1:01:01 h × 62.50 = 63.56", Decimal("63.56")),
    ]
    assert (found.amount, found.seconds) == (Decimal("204.19"), 11761)
    assert found.lines[0].start == date(2026, 11, 2)


@pytest.mark.parametrize(
    ("grouping", "texts"),
    [
        ("project", ["Kiosk", "Booth"]),
        ("task", ["Kiosk: Panels", "Kiosk: Cutting list", "Booth: Panels"]),
        ("day", ["2026-11-02", "2026-11-03"]),
        (
            "entry",
            ["2026-11-02 Panels", "2026-11-02 Cutting list", "2026-11-03 Panels",
             "2026-11-03 Panels"],
        ),
    ],
)  # fmt: skip
def test_entries_are_grouped(grouping: Grouping, texts: list[str]) -> None:
    """Two tasks of one name in two projects are two lines."""
    entries = [entry(1), entry(2, task=11), entry(3, task=12), entry(4)]
    assert [line.text for line in draft(entries, grouping).lines] == texts


def test_a_rate_of_user_and_schedule_goes_before_the_users_own() -> None:
    rates = [
        Rate(id=2, user_id=1, schedule_id=5, amount=Decimal(800), duration_unit="days"),
        Rate(id=1, user_id=1, schedule_id=5, amount=Decimal(99), duration_unit="hours"),
        Rate(id=3, user_id=2, schedule_id=5, amount=None, duration_unit="hours"),
    ]
    prices = Prices(rates, USERS)
    assert prices.of(entry(1, schedule_id=5)) == Price(Decimal(800), "DAY")
    assert prices.of(entry(1, schedule_id=6)) == Price(Decimal("62.5"))
    assert prices.of(entry(1, user_id=2, schedule_id=5)) is None
    (line,) = draft([entry(1, seconds=8100, schedule_id=5)], "task", *rates).lines
    assert (line.working, line.unit) == ("2:15 h × 800.00 / d = 225.00", "DAY")


def test_work_without_a_price_is_told_and_in_no_line() -> None:
    found = draft([entry(1), entry(2, user_id=2), entry(3, user_id=None)])
    assert [one.id for one in found.unpriced] == [2, 3]
    assert found.seconds == 3600


def test_only_what_is_not_billed_can_be_billed_and_what_the_service_marks_beside_is_known() -> None:
    entries = [
        entry(3),
        entry(1),
        entry(2, status="new"),
        entry(4, payment_status="payed"),
        entry(5, task=11),
        entry(6),
    ]
    worked = work(*entries)
    noted = with_(EMPTY, billed={6: 2})
    assert [one.id for one in billable(worked, noted)] == [1, 3, 5]
    assert [one.id for one in billable(worked, with_(noted, left_open={4, 6}))] == [1, 3, 4, 5]
    assert [one.id for one in marked_beside(worked, {10}, {1}, EMPTY)] == [3, 6]
    assert [one.id for one in marked_beside(worked, {10}, {1}, noted)] == [3]


def test_work_on_an_invoice_from_elsewhere_is_neither_billed_again_nor_linked_beside() -> None:
    """What the service says of the invoice counts for one that is not ours, what is kept here for
    one that is: that one was linked with all approved work of its tasks.
    """
    worked = work(
        entry(1),
        entry(2, invoice_id=7),
        entry(3, invoice_id=7, payment_status="payed"),
        entry(4, invoice_id=9),
        entry(5, invoice_id=9),
        entry(6),
    )
    ours = Paper(owner="a", invoice=9, body=b"")
    book = with_(EMPTY, papers={9: ours}, billed={4: 9}, left_open={3, 5})
    assert [book.holder(one) for one in worked.entries] == [None, 7, 7, 9, None, None]
    assert [one.id for one in billable(worked, book)] == [1, 5, 6], "3 was paid with 7, not with 9"
    assert [one.id for one in marked_beside(worked, {10}, {1}, book)] == [6], "5 is linked to 9"
    assert [one.id for one in marked_beside(worked, {11}, {1}, book)] == []
    unpaid = [Invoice(id=number, status="new") for number in (7, 8, 9)]
    assert book.from_elsewhere(unpaid, worked.entries) == ["8"], "of 7 it is known what it bills"
    assert book.from_elsewhere(unpaid, []) == ["7", "8"]


def test_a_period_is_of_days_in_the_persons_zone() -> None:
    late = entry(1, start_time=datetime(2026, 10, 31, 23, 30, tzinfo=UTC))
    november = Chosen(first=date(2026, 11, 1), last=date(2026, 11, 30))
    assert november.holds(late, work(late), ZONE), "it is past midnight in Berlin"
    assert not november.holds(late, work(late), ZoneInfo("UTC"))
    assert not november.holds(entry(1, start_time=None), work(), ZONE)
    assert not Chosen(project=101).holds(late, work(late), ZONE)
    assert not Chosen(tasks=frozenset({11})).holds(late, work(late), ZONE)


@given(
    st.lists(
        st.tuples(
            st.integers(0, 200_000), st.sampled_from(list(TASKS)), st.sampled_from([1, 1, 2])
        ),
        max_size=12,
    ),
    st.sampled_from(list(GROUPINGS)),
    st.sampled_from([("EUR", 2), ("JPY", 0), ("BHD", 3)]),
)
def test_nothing_is_lost_and_sums_are_exact(
    rows: list[tuple[int, int, int]], grouping: Grouping, money: tuple[str, int]
) -> None:
    """Against fractions: every line is its true value to half a unit, the sum that of its lines."""
    currency, digits = money
    entries = [
        entry(number, task=task, seconds=seconds, user_id=user)
        for number, (seconds, task, user) in enumerate(rows, 1)
    ]
    found = draft(entries, grouping, currency=currency)
    assert found.seconds == sum(one.duration or 0 for one in entries if one.user_id == 1)
    assert len(found.unpriced) == sum(one.user_id == 2 for one in entries)
    for line in found.lines:
        exact = Fraction(line.seconds or 0) * Fraction(125, 2) / 3600
        unit = Decimal(1).scaleb(-digits)
        assert abs(Fraction(line.amount) - exact) <= Fraction(unit) / 2
        assert line.amount == line.amount.quantize(unit, ROUND_HALF_UP)
    assert found.amount == sum((line.amount for line in found.lines), Decimal())
