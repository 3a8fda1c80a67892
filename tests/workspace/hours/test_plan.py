"""What becomes of entries: new, there, changed, in the way; lengths in the gaps of their day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest

from tests.workspace.hours import NOW, PARIS
from tui.services.trackmypeople import Block, TimerState, Tracker
from tui.workspace.hours.entries import Entry
from tui.workspace.hours.names import Names, named_by_tags, said_names, tracker_of
from tui.workspace.hours.plan import State, Step, plan
from tui.workspace.timers.finding import TrackerNameError
from tui.workspace.timers.overview import Overview

A, B = (Tracker(id=number, name=name, depth=0) for number, name in ((1, "a"), (2, "b")))
TRACKERS = {"a": A, "b": B, "x": None}
DAY = date(2026, 1, 14)


def at(hour: float) -> datetime:
    """An hour of the day, UTC."""
    return datetime(2026, 1, 14, tzinfo=UTC) + timedelta(hours=hour)


def entry(begin: float, end: float | None, name: str = "a", text: str = "") -> Entry:
    stop = None if end is None else at(end)
    return Entry(at=7, start=at(begin), stop=stop, names=(name,), text=text)


def length(hours: float, name: str = "a", text: str = "", **more: object) -> Entry:
    seconds = round(hours * 3600)
    return Entry(at=9, day=DAY, seconds=seconds, names=(name,), text=text, **more)  # type: ignore[arg-type]


def block(
    begin: float,
    end: float | None,
    tracker: int = 1,
    text: str = "",
    number: int = 1,
    free: bool = False,
) -> Block:
    total = None if end is None else round((end - begin) * 3600)
    return Block(
        id=number, tracker_id=tracker, description=text, time_in=at(begin),
        time_out=None if end is None else at(end), total=total, free=free,
    )  # fmt: skip


def planned(
    entries: Sequence[Entry],
    blocks: Sequence[Block] = (),
    place: time | None = None,
    now: datetime = NOW,
) -> list[Step]:
    return plan(
        entries, TRACKERS, blocks, lambda one: one.time_in and one.time_in.date(), PARIS, now,
        place_from=place,
    )  # fmt: skip


def states(entries: Sequence[Entry], blocks: Sequence[Block] = ()) -> list[State]:
    return [step.state for step in planned(entries, blocks)]


def test_what_is_new_is_added_with_its_times() -> None:
    (step,) = planned([entry(8, 10)])
    assert (step.state, step.tracker, step.start, step.stop) == (State.NEW, A, at(8), at(10))


@pytest.mark.parametrize(
    ("one", "blocks", "state"),
    [
        (entry(8, 10), [block(8, 10)], State.THERE),
        (entry(8, 10, text="a  b"), [block(8, 10, text="a b")], State.THERE),
        (entry(8, 10, text="new"), [block(8, 10, text="old")], State.CHANGED),
        (entry(8, 10), [block(8, 9)], State.CHANGED),
        (entry(8, 10), [block(8, None)], State.CHANGED),
        (entry(8, 10), [block(8, 10, tracker=2)], State.OVERLAPS),
        (entry(8, 10), [block(9, 9.5)], State.OVERLAPS),
        (entry(8, 10), [block(7, 11)], State.OVERLAPS),
        (entry(8, 10), [block(7, None)], State.OVERLAPS),
        (entry(8, 10), [block(9, 17, free=True)], State.OVERLAPS),
        (entry(8, 10), [block(7, 8), block(10, 11)], State.NEW),
        (entry(8, None), [], State.OPEN),
        (entry(8, 8), [], State.ZERO),
        (entry(8, 10, "x"), [], State.UNMAPPED),
        (entry(8, 10, "unheard"), [], State.UNMAPPED),
        (entry(24 * 365, 24 * 365 + 1), [], State.AHEAD),
        (length(1), [], State.UNTIMED),
        (length(-1), [], State.ZERO),
        (length(0), [], State.ZERO),
        (length(1), [block(3, 4)], State.THERE),
        (length(1, text="other"), [block(3, 4)], State.UNTIMED),
        (length(1, free=True), [], State.NEW),
        (length(1, free=True), [block(3, 4, free=True)], State.THERE),
        (length(1), [block(3, 4, free=True)], State.UNTIMED),
        (Entry(at=1, seconds=60, names=("a",)), [], State.UNTIMED),
    ],
)
def test_what_becomes_of_one_entry(one: Entry, blocks: list[Block], state: State) -> None:
    assert states([one], blocks) == [state]


@pytest.mark.parametrize(
    ("one", "blocks", "why"),
    [
        (entry(8, 10), [block(8, None)], "it still runs there"),
        (entry(8, 10), [block(8, 9)], "it ends at another time there"),
        (entry(8, 8), [block(8, 8)], "the service takes no block without length"),
        (length(-1), [], "it is subtracted from others"),
        (length(0), [], "the service takes no block without length"),
        (length(0, lost=("its end was not read", "nor its day")), [],
         "its end was not read; nor its day"),
    ],
)  # fmt: skip
def test_why_it_is_not_added_is_said(one: Entry, blocks: list[Block], why: str) -> None:
    (step,) = planned([one], blocks)
    assert step.why == why


def test_what_says_why_is_not_said_again() -> None:
    lost = ("all day, 2 days: that is no number of hours",)
    (step,) = planned([length(0, lost=lost)])
    assert step.said == lost[0]
    (step,) = planned([length(-1, lost=("its zone", "its end"))])
    assert step.said == "it is subtracted from others; its zone; its end"


def test_a_length_is_put_where_time_is_over_already() -> None:
    """As an entry with times that is not over yet: it becomes hours on the next run."""
    one = length(2)
    early = datetime.combine(DAY, time(10), PARIS)
    (step,) = planned([one], place=time(9), now=early)
    assert (step.state, step.start, step.stop) == (State.AHEAD, None, None)
    assert step.why == "put at Wed 14 Jan 09:00 to 11:00, 2:00 h"
    (step,) = planned([one], place=time(9), now=early + timedelta(hours=1))
    assert step.state is State.NEW


def test_what_ends_just_now_has_ended() -> None:
    assert [step.state for step in planned([entry(8, 10)], now=at(10))] == [State.NEW]
    (step,) = planned([entry(8, 10)], now=at(10) - timedelta(seconds=1))
    assert step.state is State.AHEAD


def test_a_block_far_before_that_reaches_here_is_in_the_way() -> None:
    blocks = [block(-40, 9), *(block(-30 + n / 2, -29.9 + n / 2, number=n + 2) for n in range(9))]
    (step,) = planned([entry(8, 10)], blocks)
    assert step.state is State.OVERLAPS
    assert step.why.startswith("a block of the service: Mon 12 Jan 09:00 to Wed 14 Jan 10:00")
    (step,) = planned([entry(8, 10)], blocks, now=NOW.replace(year=2027))
    assert "Mon 12 Jan 2026 09:00 to Wed 14 Jan 2026 10:00" in step.why, "of another year"


def test_equal_rows_are_counted_and_not_dropped() -> None:
    """Of two equal ones in the file one is there: the other is missing, and in its own way."""
    assert states([entry(8, 10), entry(8, 10)], [block(8, 10)]) == [State.THERE, State.OVERLAPS]
    both = [block(8, 10), block(8, 10, number=2)]
    assert states([entry(8, 10), entry(8, 10)], both) == [State.THERE, State.THERE]
    lengths = [length(1), length(1)]
    assert states(lengths, [block(3, 4)]) == [State.THERE, State.UNTIMED]


def test_very_times_are_found_before_what_only_begins_then() -> None:
    found = states([entry(8, 9), entry(8, 10)], [block(8, 10)])
    assert found == [State.OVERLAPS, State.THERE]
    texts = [entry(8, 10, text="b"), entry(8, 10, text="a")]
    blocks = [block(8, 10, text="a"), block(8, 10, text="b", number=2)]
    assert states(texts, blocks) == [State.THERE, State.THERE]


def test_of_two_at_once_in_the_file_the_first_is_added_and_the_other_told() -> None:
    first, second, third = planned([entry(8, 10), entry(9, 11, "b"), entry(10, 11)])
    assert (first.state, second.state, third.state) == (
        State.NEW, State.OVERLAPS, State.NEW,
    )  # fmt: skip
    assert second.why == "number 7 of the file: Wed 14 Jan 09:00 to 11:00, 2:00 h"


def test_lengths_are_put_into_the_gaps_of_their_day_in_order() -> None:
    entries = [length(1.5), entry(9, 10), length(1, text="second"), length(20)]
    steps = planned(entries, [block(8.5, 9, tracker=2)], time(9))
    # 9:00 in Paris is 8:00 UTC.
    assert (steps[0].start, steps[0].stop) == (at(10), at(11.5))
    assert (steps[2].start, steps[2].stop) == (at(11.5), at(12.5))
    assert (steps[3].state, steps[3].why) == (State.OVERLAPS, "its day has no gap as long as it")
    blocks = [block(8.5, 9, tracker=2)]
    for number, step in enumerate(steps[:3], 2):
        assert step.start is not None
        assert step.stop is not None
        hours = [(one - at(0)).total_seconds() / 3600 for one in (step.start, step.stop)]
        blocks.append(block(hours[0], hours[1], text=step.entry.text, number=number))
    again = [step.state for step in planned(entries, blocks, time(9))]
    assert again == [State.THERE] * 3 + [State.OVERLAPS]


# -- names ----------------------------------------------------------------------------------------


def tree() -> Overview:
    names = [(1, "Harbour", 0), (2, "Hull", 1), (3, "Design", 1), (4, "Sail", 0), (5, "Design", 1)]
    trackers = [Tracker(id=number, name=name, depth=depth) for number, name, depth in names]
    return Overview(trackers=trackers, state=TimerState())


def test_names_are_kept_by_account(tmp_path: Path) -> None:
    file = tmp_path / "data" / "names.json"
    names = Names(file, "one")
    assert names.known() == {}
    names.remember({"Étude": 2, "*": 3})
    names.remember({"*": 4})
    assert Names(file, "one").known() == {"Étude": 2, "*": 4}
    assert Names(file, "other").known() == {}


@pytest.mark.parametrize("content", [b"", b"[]", b"{", b'{"one": 7}', b'{"one": {"a": "b"}}'])
def test_a_file_of_names_that_is_none_is_as_none(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "names.json"
    file.write_bytes(content)
    assert Names(file, "one").known() == {}


def test_a_name_is_a_tracker_only_where_it_was_said_or_is_the_same() -> None:
    overview = tree()

    def of(name: str, **known: int) -> int | None:
        found = tracker_of(name, known, overview)
        return found.id if found is not None else None

    assert of("hull") == 2
    assert of("Harbour › design") == 3
    assert of("Design") is None, "two are called so"
    assert of("Hul") is None, "most that only look like one are mistakes"
    assert of("") is None
    assert of("Hul", Hul=4) == 4
    assert of("Hul", Hul=99) is None, "that tracker is gone"
    assert tracker_of("any", {"*": 4}, overview) == overview.trackers[3]
    assert tracker_of("hull", {"*": 4}, overview) == overview.trackers[1]


def test_what_is_said_of_names() -> None:
    assert said_names(["a=b=hull", "*=sail", "=harbour/design"], tree()) == {
        "a=b": 2, "*": 4, "": 3,
    }  # fmt: skip
    with pytest.raises(TrackerNameError, match="write NAME=TRACKER"):
        said_names(["hull"], tree())
    with pytest.raises(
        TrackerNameError, match=r"2 trackers fit .*: Harbour › Design, Sail › Design"
    ):
        said_names(["a=design"], tree())


def test_what_has_only_tags_is_named_by_one_that_is_a_tracker_or_that_most_have() -> None:
    rows = [("Watch 1/03", "class", "x"), ("Watch 2/03", "class"), ("class",), ("Read", "hull"), ()]
    entries = [
        Entry(at=1, start=at(place), stop=at(place + 1), tags=tags)
        for place, tags in enumerate(rows)
    ]
    path = Entry(at=1, start=at(9), stop=at(10), names=("own", "path"), tags=("y", "class"))

    def names(**known: int) -> list[str]:
        return [one.name for one in named_by_tags([*entries, path], known, tree())]

    assert names() == ["class", "class", "class", "hull", "", "own › path"]
    assert names(x=4) == ["x", "class", "class", "hull", "", "own › path"]
    assert names(**{"*": 4}) == names(), "what stands for every name tells none apart"
    found = named_by_tags(entries, {}, tree())
    assert [sorted(one.tags) for one in found] == [sorted(tags) for tags in rows], "none is lost"
