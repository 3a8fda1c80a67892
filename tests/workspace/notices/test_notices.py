"""What is given word of, once each, whoever asks first: without a service, from what is known."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from tui.store.changes import Change
from tui.store.reminders import Reminders
from tui.store.told import MOST, Told
from tui.workspace.changes.standing import RUNNING
from tui.workspace.notices.notices import Known, Notices
from tui.workspace.reads import Answer
from tui.workspace.timers.running import Running
from tui.workspace.today.items import Item, Items

NOW = datetime(2026, 11, 29, 20, tzinfo=UTC)


class Outside:
    """Hooks that keep what they are told."""

    def __init__(self) -> None:
        self.due: list[str] = []
        self.overdue: list[tuple[str, int]] = []

    def tell_due(self, title: str, _when: datetime) -> None:
        self.due.append(title)

    def tell_overdue(self, item: Item, days: int) -> None:
        self.overdue.append((item.key, days))


class Machine:
    """What a machine knows, and two programs on it that give word."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.changes: list[Change] = []
        self.items: list[Item] | None = None
        self.paid: set[str] = set()
        self.outside = Outside()
        self.reminders = Reminders(folder / "reminders.json")

    def program(self) -> Notices:
        async def unpaid() -> Answer[Items] | None:
            if self.items is None:
                return None
            return Answer(Items(items=self.items, total=len(self.items)), NOW, kept=True)

        known = Known(
            self.reminders,
            Told(self.folder / "told.json"),
            self.folder / "status.json",
            lambda: self.changes,
            unpaid,
            lambda _moment: self.paid,
            lambda: "timesheets@x:me",
        )
        hooks: Any = self.outside
        return Notices(known, hooks, UTC, timedelta(hours=10))

    async def said(self, now: datetime = NOW) -> list[tuple[str, str]]:
        """By the first of two; the other has nothing to say any more."""
        found = await self.program().ring(now)
        assert await self.program().ring(now) == []
        return [(one.kind, one.text) for one in found]


def invoice(key: str, title: str, days: int) -> Item:
    return Item(key=key, title=title, when=NOW - timedelta(days=days), amount=Decimal("12.50"))


def change(id: str, title: str, **more: str) -> Change:
    values: dict[str, Any] = {"state": "unknown", **more}
    return Change(
        id=id, sequence=1, time=NOW, owner="o", operation="timetonic.x", title=title, **values
    )


async def test_each_kind_is_said_once_and_the_persons_commands_hear_of_it(tmp_path: Path) -> None:
    machine = Machine(tmp_path)
    assert await machine.said() == []
    assert await machine.program().next_ring(NOW) is None
    machine.reminders.add(NOW - timedelta(minutes=1), "tea")
    machine.reminders.add(NOW + timedelta(hours=9), "later")
    began = NOW - timedelta(hours=9)
    status = tmp_path / "status.json"
    Running(as_of=NOW.timestamp(), tracker="Booking", started_at=began.timestamp()).keep(status)
    machine.changes = [
        change("a", "Pay 7"),
        change("b", "Start it"),
        change("c", "waits", state="waiting"),
        change("d", "of the timer", record=RUNNING),
    ]
    machine.items = [
        invoice("3", "Fulmar", 4), invoice("4", "Petrel", 2), invoice("5", "Auk", -3),
        invoice("6", "Skua", 9),
    ]  # fmt: skip
    machine.paid = {"6"}
    assert await machine.said() == [
        ("reminder", "tea"),
        ("change", "Nobody knows whether this was done: Pay 7 and 1 more change."),
        ("invoice", "Fulmar, 4 days, and 1 more invoice"),
    ]
    assert machine.outside.due == ["tea"]
    assert machine.outside.overdue == [("3", 4), ("4", 2)]
    assert await machine.program().next_ring(NOW) == NOW + timedelta(hours=1), "the timer's"
    later = NOW + timedelta(hours=1, minutes=1)
    assert await machine.said(later) == [("timer", "Booking runs for more than 10:00 h")]
    assert await machine.program().next_ring(later) == NOW + timedelta(hours=4), "a new day"
    assert await machine.said(NOW + timedelta(days=4)) == [
        ("reminder", "later"),
        ("invoice", "Auk, 1 day"),
    ]
    # One that is given longer may become overdue once more.
    machine.items = [invoice("3", "Fulmar", 1)]
    assert await machine.said() == [("invoice", "Fulmar, 1 day")]


async def test_a_timer_that_is_right_as_it_is_is_not_spoken_of(tmp_path: Path) -> None:
    machine, began = Machine(tmp_path), NOW - timedelta(hours=11)
    told = Running(as_of=NOW.timestamp(), tracker="Booking", started_at=began.timestamp())
    told._replace(kept_at=NOW.timestamp() - 60).keep(tmp_path / "status.json")
    assert await machine.said() == []
    assert await machine.program().next_ring(NOW) is None
    told.keep(tmp_path / "status.json")
    assert [kind for kind, _ in await machine.said()] == ["timer"]


def test_what_was_told_is_kept_whole_and_bounded(tmp_path: Path) -> None:
    file = tmp_path / "told.json"
    keys: Sequence[str] = [f"k{number}" for number in range(MOST + 5)]
    assert Told(file).first(["a", "a"]) == {"a"}
    assert Told(file).first(["a"]) == set()
    assert len(Told(file).first(keys)) == MOST + 5
    assert Told(file).first(keys[-MOST:]) == set()
    assert Told(file).first(["a"]) == {"a"}, "the oldest made room"
    for damaged in ("{", "3", '[1, "b"]'):
        file.write_text(damaged)
        assert Told(file).first(["c"]) == {"c"}
    assert file.stat().st_mode & 0o777 == 0o600
