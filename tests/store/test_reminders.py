"""Reminders on disk: kept, rung for once, taken back, by several programs at once."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tui.store.reminders import STEPS, Reminders

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "data" / "reminders.json"


def test_they_are_kept_in_order_and_what_is_due_is_told(file: Path) -> None:
    reminders = Reminders(file)
    assert (reminders.all(), reminders.due(NOW), reminders.next_ring()) == ([], [], None)
    late = reminders.add(NOW + HOUR, "later")
    soon = reminders.add(NOW - HOUR, "sooner: [bold]\x1b[31m")
    again = Reminders(file)
    assert again.all() == [soon, late]
    assert again.due(NOW) == [soon]
    assert again.due(NOW + HOUR) == [soon, late], "at that very moment it is"
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_bell_is_rung_once_whoever_looks_and_again_where_it_was_put_off(file: Path) -> None:
    ours, theirs = Reminders(file), Reminders(file)
    one = ours.add(NOW, "tea")
    assert ours.ring(NOW - HOUR) == []
    assert ours.next_ring() == NOW
    assert ours.ring(NOW) == [one]
    assert theirs.ring(NOW) == ours.ring(NOW + HOUR) == Reminders(file).ring(NOW) == []
    assert ours.next_ring() is None
    assert [each.text for each in ours.due(NOW)] == ["tea"], "it is due until it is done"
    theirs.snooze(one.id, NOW + HOUR)
    assert (ours.due(NOW), ours.next_ring()) == ([], NOW + HOUR)
    assert [each.id for each in ours.ring(NOW + HOUR)] == [one.id]


def test_each_change_is_taken_back_the_latest_first(file: Path) -> None:
    reminders = Reminders(file)
    one, two = reminders.add(NOW, "one"), reminders.add(NOW + HOUR, "two")
    reminders.done(one.id)
    reminders.snooze(two.id, NOW + 2 * HOUR)
    reminders.delete(two.id)
    assert reminders.all() == []
    assert (reminders.done(two.id), reminders.delete(99), reminders.snooze(99, NOW)) == (None,) * 3
    titles = []
    states = []
    while (step := Reminders(file).undo()) is not None:
        titles.append(step.title)
        states.append([(each.text, each.moment) for each in reminders.all()])
    assert titles == ["Delete: two", "Snooze: two", "Done: one", "Remind: two", "Remind: one"]
    assert states == [
        [("two", NOW + 2 * HOUR)],
        [("two", NOW + HOUR)],
        [("one", NOW), ("two", NOW + HOUR)],
        [("one", NOW)],
        [],
    ]
    assert reminders.last_step() is None
    assert reminders.add(NOW, "three").id == 3, "no number is given twice"


def test_what_was_taken_back_is_made_again_until_something_new_is_done(file: Path) -> None:
    reminders = Reminders(file)
    one = reminders.add(NOW, "one")
    reminders.snooze(one.id, NOW + HOUR)
    reminders.done(one.id)
    steps, states = [reminders.last_step()], [reminders.all()]
    while reminders.undo() is not None:
        steps.append(reminders.last_step())
        states.append(reminders.all())
    for step, state in zip(reversed(steps[:-1]), reversed(states[:-1]), strict=True):
        undone = Reminders(file).last_undone()
        assert undone is not None
        assert Reminders(file).redo() == undone.step == reminders.last_step() == step
        assert reminders.all() == state
    assert (reminders.redo(), reminders.last_undone()) == (None, None)
    reminders.undo()
    reminders.add(NOW, "two")
    assert (reminders.redo(), reminders.last_undone()) == (None, None), "it would be out of order"
    held = json.loads(file.read_bytes())
    del held["undone"]
    file.write_text(json.dumps(held))
    assert [each.text for each in reminders.all()] == ["two", "one"], "a file of earlier versions"


def test_the_way_back_does_not_grow_for_ever(file: Path) -> None:
    reminders = Reminders(file)
    for _ in range(STEPS + 5):
        reminders.add(NOW, "x")
    assert len(json.loads(file.read_bytes())["steps"]) == STEPS
    assert len(reminders.all()) == STEPS + 5


def test_several_programs_lose_nothing_of_each_other(file: Path) -> None:
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda n: Reminders(file).add(NOW, f"{n}"), range(24)))
        rung = list(pool.map(lambda _: Reminders(file).ring(NOW), range(4)))
    assert len({one.id for one in made}) == len(Reminders(file).all()) == 24
    assert sorted(len(one) for one in rung) == [0, 0, 0, 24], "one of them rings"


@pytest.mark.parametrize(
    "content",
    [
        b"", b"[]", b"{", b'{"reminders": 3}', b"[" * 100_000,
        b'{"reminders": [{"id": 1, "when": 1e300, "text": "x"}], "steps": [], "last": 1}',
        b'{"reminders": [{"id": 1, "when": 1, "text": 5}], "steps": [], "last": 1}',
        b'{"reminders": [{"id": 1, "when": "1", "text": "x"}], "steps": [], "last": 1}',
    ],
)  # fmt: skip
def test_a_file_that_is_none_of_ours_is_said_and_not_written_over(
    file: Path, content: bytes
) -> None:
    file.parent.mkdir()
    file.write_bytes(content)
    reminders = Reminders(file)
    for act in (reminders.all, reminders.undo, lambda: reminders.add(NOW, "x")):
        with pytest.raises(OSError, match="reminders cannot be read") as raised:
            act()
        assert str(file) in str(raised.value)
    assert file.read_bytes() == content
