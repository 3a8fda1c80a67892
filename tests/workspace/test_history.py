"""Writes are noted before they are sent; undo takes them back; read-only refuses them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tui.services.errors import Refused, TimedOut
from tui.store.journal import Journal
from tui.workspace.history import History, ReadOnly, Undo


async def test_a_write_is_on_disk_before_it_is_sent(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal.jsonl")
    history = History(journal)

    async def action() -> str:
        assert [entry.title for entry in Journal(journal.path).unsettled()] == ["Start"]
        return "done"

    assert await history.write("Start", "trackmypeople.start", {}, action) == "done"
    assert await history.unsettled() == []


async def test_a_refusal_settles_the_entry_and_a_lost_answer_leaves_it_open() -> None:
    history = History(Journal(None))

    async def refuse() -> None:
        raise Refused("already started")

    async def lose() -> None:
        raise TimedOut("no answer")

    with pytest.raises(Refused):
        await history.write("Start", "x", {}, refuse)
    assert history.journal.entries()[-1].outcome == "failed"
    with pytest.raises(TimedOut):
        await history.write("Start", "x", {}, lose)
    open_entries = await history.unsettled()
    assert len(open_entries) == 1
    await history.acknowledge(open_entries)
    assert await history.unsettled() == []


async def test_undo_takes_back_the_latest_first_and_survives_a_refusal() -> None:
    history = History(Journal(None))
    done: list[str] = []
    refuse = True

    def step(name: str) -> Undo:
        async def action() -> None:
            if name == "b" and refuse:
                raise Refused("not now")
            done.append(name)

        return Undo(f"take back {name}", action)

    async def nothing() -> None:
        return None

    for name in "ab":
        await history.write(name, "x", {}, nothing, undo=lambda _, name=name: step(name))
    with pytest.raises(Refused):
        await history.undo()
    refuse = False
    assert await history.undo() == "take back b"
    assert await history.undo() == "take back a"
    assert await history.undo() is None
    assert done == ["b", "a"]


async def test_read_only_sends_nothing() -> None:
    history = History(Journal(None), read_only=True)

    async def action() -> None:
        raise AssertionError("sent")

    with pytest.raises(ReadOnly):
        await history.write("Start", "x", {}, action)
    assert history.journal.entries() == []


async def test_nothing_is_sent_when_it_cannot_be_noted(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    history = History(Journal(tmp_path / "file" / "journal.jsonl"))

    async def action() -> None:
        raise AssertionError("sent")

    with pytest.raises(OSError):
        await history.write("Start", "x", {}, action)
