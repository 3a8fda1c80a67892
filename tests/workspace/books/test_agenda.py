"""Events of a book as they will be: with what waits to be added, changed and deleted."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tests.workspace.books.service import PLACE
from tui.services.timetonic import BookEvent
from tui.store.changes import Change
from tui.workspace.books.agenda import Planned, by_day, planned
from tui.workspace.books.waiting import MessageChange, messages_waiting
from tui.workspace.changes.arguments import as_data

NINE = datetime(2026, 3, 9, 9, tzinfo=UTC)


def sent(id: str, **arguments: object) -> Change:
    """An event on its way, as it is kept."""
    known = {"b_c": "book", "b_o": "me", **arguments}
    return Change(
        id=id, sequence=1, time=NINE, title=id, operation="timetonic.sendMsg", owner="me",
        state="waiting",
        arguments={key: as_data(value) for key, value in known.items()},
    )  # fmt: skip


def test_what_was_kept_of_an_event_is_read_back_with_its_times() -> None:
    hour = timedelta(hours=1)
    changes = [
        sent("a", msg="Haul out", event_start=NINE, event_end=NINE + hour),
        sent("b", msg="only words"),
        sent("c", msg="later", msg_id=7, event_start=NINE + hour, event_end=None),
    ]
    assert messages_waiting(changes, "me", PLACE.book) == [
        MessageChange("a", None, "Haul out", start=NINE, end=NINE + hour),
        MessageChange("b", None, "only words"),
        MessageChange("c", 7, "later", start=NINE + hour),
    ]


def test_events_stand_as_they_will_be_each_with_its_mark() -> None:
    hour = timedelta(hours=1)
    events = [
        BookEvent(id=1, text="Race", start=NINE, end=NINE + hour),
        BookEvent(id=2, text="Dinner", start=NINE + 2 * hour),
        BookEvent(id=3, text="Briefing", start=NINE + 3 * hour),
    ]
    waiting = [
        MessageChange("a", 1, "Race [2]", start=NINE + 5 * hour),
        MessageChange("b", 2, deletes=True, unknown=True),
        MessageChange("c", None, "Haul out", start=NINE + hour),
        MessageChange("d", None, "words without a time"),
        MessageChange("e", 99, "of a message that is no event"),
    ]
    found = planned(events, waiting)
    assert [(one.marked.text, one.event.start) for one in found] == [
        ("… Haul out", NINE + hour),
        ("? ✗ Dinner", NINE + 2 * hour),
        ("Briefing", NINE + 3 * hour),
        ("… Race [2]", NINE + 5 * hour),
    ]
    assert found[-1].event.end is None, "it has no end any more"
    days = by_day((one.marked for one in found), UTC)
    assert [one.text[:3] for one in days[NINE.date()]] == ["… H", "? ✗", "Bri", "… R"]


@given(
    st.lists(st.integers(0, 60), max_size=8, unique=True),
    st.lists(st.tuples(st.none() | st.integers(0, 60), st.booleans()), max_size=8),
)
def test_no_event_is_lost_or_doubled_and_without_changes_all_are_as_they_were(
    ids: list[int], changes: list[tuple[int | None, bool]]
) -> None:
    events = [BookEvent(id=one, start=NINE + timedelta(hours=one)) for one in sorted(ids)]
    assert planned(events, []) == [Planned(one, None) for one in events]
    waiting = [
        MessageChange(str(number), smid, "x", start=NINE, deletes=deletes and smid is not None)
        for number, (smid, deletes) in enumerate(changes)
    ]
    found = planned(events, waiting)
    assert sorted(one.event.id for one in found if one.event.id is not None) == sorted(ids)
    new = [one.change for one in found if one.event.id is None]
    assert new == [one for one in waiting if one.smid is None]
