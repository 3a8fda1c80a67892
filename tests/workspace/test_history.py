"""Writes are noted before they are sent; undo takes them back; read-only refuses them."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest

from tests.services.capture import Capture, Sample
from tui.services.errors import (
    ConnectionFailed,
    OutcomeUnknown,
    PermissionDenied,
    ProtocolViolation,
    Refused,
    TimedOut,
)
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
        raise OutcomeUnknown("no answer", advice="Look which timer runs.")

    with pytest.raises(Refused):
        await history.write("Start", "x", {}, refuse)
    assert history.journal.entries()[-1].outcome == "failed"
    with pytest.raises(OutcomeUnknown):
        await history.write("Start", "x", {}, lose)
    open_entries = await history.unsettled()
    assert [history.look_at(entry) for entry in open_entries] == ["Look which timer runs."]
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


async def test_what_never_left_is_not_open() -> None:
    history = History(Journal(None))

    async def unreachable() -> None:
        raise ConnectionFailed("could not be reached")

    with pytest.raises(ConnectionFailed) as caught:
        await history.write("Start", "x", {}, unreachable)
    assert not isinstance(caught.value, OutcomeUnknown)
    assert history.journal.entries()[-1].outcome == "failed"


@pytest.mark.parametrize(
    "later", [ConnectionFailed("x"), ProtocolViolation("x"), TimedOut("x"), OSError(28, "full")]
)
async def test_what_fails_after_a_write_was_made_does_not_call_it_failed(later: Exception) -> None:
    history = History(Journal(None))
    seen: list[str] = []
    history.on_change(seen.append)

    async def made_and_then() -> None:
        await Sample(Capture({}).transport()).make()
        raise later

    with pytest.raises(OutcomeUnknown, match="whether it was done is not known") as caught:
        await history.write("Send", "timetonic.sendMsg", {}, made_and_then)
    assert caught.value.advice.startswith("Look whether the message stands in the book")
    (entry,) = await history.unsettled()
    assert history.look_at(entry) == caught.value.advice
    assert seen == ["timetonic.sendMsg"], "what shows it is read anew"


async def test_a_no_after_something_was_made_is_a_no() -> None:
    history = History(Journal(None))

    async def made_and_then() -> None:
        await Sample(Capture({}).transport()).make()
        raise PermissionDenied("not yours")

    with pytest.raises(PermissionDenied):
        await history.write("Send", "x", {}, made_and_then)
    assert history.journal.entries()[-1].outcome == "failed"


def test_an_entry_that_a_kill_left_open_says_what_to_look_at() -> None:
    entry = Journal(None).begin("Start", "trackmypeople.start", {})
    assert History.look_at(entry) == (
        "Look which timer runs now and since when before you send it again."
    )


async def test_a_disk_that_fills_after_sending_fails_no_write(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = Journal(tmp_path / "journal.jsonl")
    history = History(journal)
    told: list[str] = []
    history.told = told.append
    write = os.write

    async def action() -> str:
        monkeypatch.setattr(os, "write", lambda file, content: write(file, content[:9]))
        return "made"

    async def refuse() -> None:
        monkeypatch.setattr(os, "write", lambda file, content: write(file, content[:9]))
        raise Refused("no")

    undone = Undo("back", action)
    assert await history.write("Start", "x", {}, action, undo=lambda _: undone) == "made"
    assert told == ["Start: what became of it could not be noted (No space left on device);"
                    " it was made."]  # fmt: skip
    assert [entry.outcome for entry in journal.entries()] == ["done"], "it is known here"
    with pytest.raises(OSError, match="No space"):
        await history.write("Start", "x", {}, refuse)
    monkeypatch.setattr(os, "write", write)
    with pytest.raises(Refused):
        await history.write("Other", "x", {}, refuse)
    assert "it was refused" in told[-1]
    monkeypatch.setattr(os, "write", write)
    assert await history.undo() == "back"
    monkeypatch.setattr(os, "write", write)
    await history.write("Last", "x", {}, unreached)
    outcomes = {entry.title: entry.outcome for entry in Journal(journal.path).entries()}
    assert outcomes == {"Start": "done", "Other": "failed", "back": "done", "Last": "done"}


async def unreached() -> None:
    """A write that is made."""


async def test_giving_up_on_the_way_leaves_the_entry_open_and_says_what_to_look_at() -> None:
    history = History(Journal(None))
    told: list[str] = []
    history.told = told.append
    sent = asyncio.Event()

    async def action() -> None:
        await Sample(Capture({}).transport()).make()
        sent.set()
        await asyncio.Event().wait()

    writing = asyncio.create_task(history.write("Stop", "trackmypeople.stop", {}, action))
    await sent.wait()
    writing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await writing
    assert told == [
        "Stop: given up on the way; it may have been done."
        " Look which timer runs now and since when before you send it again."
    ]
    assert len(await history.unsettled()) == 1
