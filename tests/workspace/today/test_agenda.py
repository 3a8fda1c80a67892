"""The agenda, what waits, and the hours: pure, from what the parts told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from tui.services.trackmypeople import Block
from tui.store.changes import Change
from tui.store.reminders import Reminder
from tui.workspace.timers.overview import Report
from tui.workspace.today.agenda import agenda
from tui.workspace.today.hours import hours_of
from tui.workspace.today.items import Item, Items, Part
from tui.workspace.today.waits import Place, waits

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 29, 13, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def items(*found: Item) -> Items:
    return Items(items=list(found), total=len(found))


def event(key: str, after: timedelta, long: timedelta | None = HOUR, where: str = "") -> Item:
    begin = NOW + after
    until = None if long is None else begin + long
    return Item(key=key, title=key, detail=where, when=begin, until=until)


def invoice(key: str, days: int, amount: str = "10", currency: str = "") -> Item:
    return Item(
        key=key, title=f"Client {key}", when=NOW + days * DAY, amount=Decimal(amount),
        currency=currency,
    )  # fmt: skip


def reminder(number: int, after: timedelta) -> Reminder:
    return Reminder(number, (NOW + after).timestamp(), f"remember {number}")


def lines(parts: dict[Part, Items], *reminders: Reminder) -> list[str]:
    return [
        line
        for day in agenda(parts, reminders, BERLIN, NOW, "€")
        for line in (
            f"{day.title} [{day.note}]",
            *(f"{one.time}|{one.kind}|{one.title}|{one.where}|{one.amount}" for one in day.entries),
        )
    ]


def test_all_sources_stand_in_one_order_and_what_is_overdue_first() -> None:
    parts: dict[Part, Items] = {
        "tocks": items(
            event("Lunch", -HOUR, 2 * HOUR, "Café"), event("Ended", -2 * HOUR),
            event("Briefing", 2 * HOUR), event("Morning", 17 * HOUR),
        ),
        "events": items(event("Meeting", 90 * timedelta(minutes=1), where="Crews")),
        "sessions": items(event("Twilight", -3 * HOUR, None), event("Regatta", -HOUR, 30 * HOUR)),
        "invoices": items(
            invoice("1", -33, "4347.28"), invoice("2", -7, "0.50"), invoice("3", 0), invoice("4", 3)
        ),
        "books": items(Item(key="b", title="Unread", count=4)),
    }  # fmt: skip
    assert lines(
        parts, reminder(1, -HOUR), reminder(2, 18 * HOUR), reminder(3, -8 * DAY),
        reminder(4, -2 * DAY),
    ) == [
        "Overdue [€ 4,347.78 · 5]",
        "21 Nov|reminder|remember 3||",
        "Fri 14:00|reminder|remember 4||",
        "13:00|reminder|remember 1||",
        "33 d late|invoice|Client 1||€ 4,347.28",
        "7 d late|invoice|Client 2||€ 0.50",
        "Today, Sun 29 Nov [6]",
        "|invoice|Client 3||€ 10.00",
        "until 15:00|tock|Lunch|Café|",
        "to Mon 19:00|session|Regatta||",
        "goes on|session|Twilight||",
        "15:30|event|Meeting|Crews|",
        "16:00|tock|Briefing||",
        "Tomorrow, Mon 30 Nov [2]",
        "07:00|tock|Morning||",
        "08:00|reminder|remember 2||",
        "Wed 2 Dec [1]",
        "|invoice|Client 4||€ 10.00",
    ]  # fmt: skip


def test_what_goes_on_stands_in_the_order_in_which_it_ends() -> None:
    ends = {"A": 3.5, "B": 1, "C": 0.5, "D": 2}
    tocks = [event(key, -n * HOUR, (n + ends[key]) * HOUR) for n, key in enumerate(ends, 1)]
    assert lines({"tocks": items(*tocks, event("Next", HOUR / 4))})[1:] == [
        "until 14:30|tock|C||", "until 15:00|tock|B||", "until 16:00|tock|D||",
        "until 17:30|tock|A||", "14:15|tock|Next||",
    ]  # fmt: skip


def test_money_of_several_currencies_stands_in_each() -> None:
    found = [invoice("1", -33, "1000.50"), invoice("2", -7, "24690", "JPY"), invoice("3", 3, "5")]
    parts: dict[Part, Items] = {"invoices": items(*found, invoice("4", 9, "1.235", "BHD"))}
    assert lines(parts)[:3] == [
        "Overdue [€ 1,000.50 + JPY 24,690 · 2]",
        "33 d late|invoice|Client 1||€ 1,000.50",
        "7 d late|invoice|Client 2||JPY 24,690",
    ]
    badges = [one.badge for one in waits(parts, [], [], BERLIN, NOW, "€")]
    assert badges == ["€ 1,000.50 + JPY 24,690", "€ 5.00 + BHD 1.235"]


def test_what_tells_no_time_comes_last_and_nothing_is_empty() -> None:
    untold = Item(key="x", title="Some day")
    bare = Item(key="y", title="No due day", amount=Decimal(1))
    later = event("Later", 400 * DAY)
    parts: dict[Part, Items] = {"tocks": items(untold, later), "invoices": items(bare)}
    assert lines(parts) == [
        "Mon 3 Jan 2028 [1]", "14:00|tock|Later||", "No time told [2]",
        "|invoice|No due day||€ 1.00", "|tock|Some day||",
    ]  # fmt: skip
    assert lines({}) == []


@given(
    st.lists(st.tuples(st.integers(-900, 900), st.integers(1, 400)), max_size=12),
    st.lists(st.integers(-900, 900), max_size=6),
)
def test_nothing_that_is_not_over_is_left_out_and_days_are_in_order(
    tocks: list[tuple[int, int]], reminders: list[int]
) -> None:
    hours = [event(f"t{n}", a * HOUR, long * HOUR) for n, (a, long) in enumerate(tocks)]
    days = agenda(
        {"tocks": items(*hours)},
        [reminder(n, a * HOUR) for n, a in enumerate(reminders)],
        BERLIN,
        NOW,
    )
    shown = [(one.kind, one.key) for day in days for one in day.entries]
    ahead = [("tock", one.key) for one in hours if one.until and one.until > NOW]
    assert sorted(shown) == sorted([*ahead, *(("reminder", f"{n}") for n in range(len(reminders)))])
    keys = [day.key for day in days if day.key != "overdue"]
    assert keys == sorted(keys)
    assert "overdue" not in [day.key for day in days[1:]]
    assert min((key for key in keys), default="2026-11-29") >= "2026-11-29"


def change(title: str, state: str, sequence: int) -> Change:
    return msgspec.convert(
        {
            "id": f"{sequence}", "sequence": sequence, "time": NOW, "operation": "timesheets.x",
            "owner": "timesheets@", "title": title, "state": state, "record": f"r{sequence}",
        },
        Change,
    )  # fmt: skip


def test_what_waits_is_in_the_order_of_urgency_and_leads_there() -> None:
    parts: dict[Part, Items] = {
        "invoices": items(invoice("1", -33, "100"), invoice("2", -1), invoice("3", 5)),
        "work": items(
            Item(key="4#9", title="Kestrel", count=7200), Item(key="5#8", title="Lumen", count=60)
        ),
        "books": items(
            Item(key="a/b", title="Crews", count=1200, detail="Start boat"),
            Item(key="a/c", title="Office", count=1),
        ),
    }
    changes = [change("Pay it", "waiting", 1), change("Add it", "unknown", 2)]
    due = [reminder(1, -HOUR), reminder(2, HOUR)]
    found = waits(parts, changes, due, BERLIN, NOW, "€")
    assert [(one.mark, one.title, one.badge, one.detail, one.place) for one in found] == [
        ("?", "1 change not known", "", "Add it", Place("changes", "open")),
        ("↑", "1 change to be sent", "waits", "Pay it", Place("changes", "open")),
        ("!", "remember 1", "today 13:00", "reminder", Place("today", "1", "reminder")),
        ("!", "2 invoices overdue", "€ 110.00", "Client 1, 33 d", Place("invoices", "1")),
        ("◷", "Approved, not paid", "2:01 h", "2 clients", Place("invoices", "4#9", "entry")),
        ("✉", "1,201 messages unread", "1,201", "in 2 books", Place("books", "a/b")),
        ("·", "1 invoice to be paid", "€ 10.00", "the first due Fri 4 Dec",
         Place("invoices", "3")),
    ]  # fmt: skip
    assert [part.place for part in found[0].parts] == [Place("changes", "r2")]
    assert [(part.title, part.badge) for part in found[5].parts] == [
        ("Crews", "1,200"), ("Office", "1")
    ]  # fmt: skip
    both = waits({}, [], [reminder(1, -HOUR), reminder(3, -2 * HOUR)], BERLIN, NOW)
    assert [(one.title, len(one.parts)) for one in both] == [("2 reminders due", 2)]
    assert waits({}, [], [], BERLIN, NOW) == []


def test_hours_count_what_runs_up_to_now_and_are_cut_at_midnight_as_in_the_report() -> None:
    def block(
        number: int, tracker: int, begin: datetime, hours: float | None, *, free: bool = False
    ) -> Block:
        end = None if hours is None else begin + hours * HOUR
        return Block(
            id=number, tracker_id=tracker, time_in=begin, time_out=end,
            total=None if hours is None else int(hours * 3600), free=free,
        )  # fmt: skip

    monday = datetime(2026, 11, 23, 8, tzinfo=UTC)
    report = Report(
        blocks=[
            block(1, 7, monday - DAY, 5),
            block(2, 7, monday, 2),
            block(3, 8, monday, 3),
            block(4, 8, monday + DAY, 8, free=True),
            block(5, 7, NOW - HOUR, None),
        ]
    )
    hours = hours_of(report, BERLIN, NOW, NOW - HOUR, 7)
    assert (hours.today, hours.week) == (3600, 6 * 3600)
    assert [seconds // 3600 for _, seconds in hours.days] == [5, 0, 0, 0, 0, 0, 1]
    assert hours.trackers == [(7, 3 * 3600), (8, 3 * 3600)]
    later = hours_of(report, BERLIN, NOW + HOUR, NOW - HOUR, 7)
    assert later.today == 7200
    midnight = monday - 9 * HOUR
    long = hours_of(Report(blocks=[block(6, 8, midnight - 3 * HOUR, 7)]), BERLIN, NOW, None, None)
    assert long.days[0][1] == long.week == 4 * 3600, "of Sunday's block what is on Monday"
    night = block(7, 8, midnight + DAY - HOUR, 3)
    both = hours_of(Report(blocks=[night]), BERLIN, NOW, None, None)
    assert [one for _, one in both.days[:3]] == [3600, 2 * 3600, 0]
    assert sum(one for _, one in both.trackers) == both.week == 3 * 3600
    runs = hours_of(Report(blocks=[]), BERLIN, NOW, NOW - 30 * HOUR, 7)
    begun = NOW.astimezone(BERLIN).replace(hour=0, minute=0)
    assert runs.today == (NOW - begun).total_seconds(), "what runs over midnight as well"
    assert runs.week == 30 * 3600
