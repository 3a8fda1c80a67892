"""Changes: on the disk before they are sent, one sender each, in order, never lost."""

from __future__ import annotations

import errno
import os
import secrets
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from datetime import UTC, datetime
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from msgspec.structs import replace

from tui.store.changes import AlreadyTaken, Change, Changes, Renewal, State, Step, Wanted
from tui.store.changes import changes as module
from tui.store.database import Database

OURS = ("a@home",)
DONE: tuple[State, ...] = ("done",)
UNDONE: tuple[State, ...] = ("undone",)
UNKNOWN: tuple[State, ...] = ("unknown",)
WAITING: tuple[State, ...] = ("waiting",)
Open = Callable[..., Changes]


def change(title: str, **more: Any) -> Change:
    values: dict[str, Any] = {
        "id": secrets.token_hex(6),
        "sequence": 0,
        "time": datetime.now(UTC),
        "owner": OURS[0],
        "operation": "timesheets.client.update",
        "title": title,
        **more,
    }
    return Change(**values)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "changes.db"


@pytest.fixture
def open_at(path: Path) -> Iterator[Open]:
    """Opens the file as another deck would."""
    with ExitStack() as opened:
        yield lambda **more: opened.enter_context(closing(Changes(path, **more)))


def made(changes: Changes, *many: Change) -> list[Change]:
    """Changes that were begun and made one after the other."""
    found: list[Change] = []
    for one in many:
        (begun,) = changes.begin([one])
        found.append(changes.settle(begun, state="done", inverse=Step(operation="a.b"))[0])
    return found


def titles(found: list[Change]) -> list[str]:
    return [one.title for one in found]


def test_a_change_is_on_disk_before_it_is_sent(path: Path, open_at: Open) -> None:
    (begun,) = open_at().begin([change("One", arguments={"name": "Zoë\n"}, record="client/3")])
    (found,) = open_at().still_open()
    assert found == begun
    assert (found.state, found.arguments) == ("sending", {"name": "Zoë\n"})
    for file in (path, *path.parent.glob("changes-senders/*"), *path.parent.glob("*-wal")):
        assert file.stat().st_mode & 0o077 == 0, file


def test_what_became_of_it_is_known_to_all(open_at: Open) -> None:
    here, there = open_at(), open_at()
    (begun,) = here.begin([change("One")])
    settled, error = here.settle(begun, state="refused", reason="no")
    assert error is None
    assert there.get(begun.id) == settled
    assert settled.settled is not None
    assert there.still_open() == []


_KILLED = """
import os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from tui.store.changes import Change, Changes
Changes(Path(sys.argv[1])).begin([Change(id="k", sequence=0, time=datetime.now(UTC),
    owner="a@home", operation="timesheets.client.update", title="Killed", record="client/3")])
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_what_a_killed_sender_left_is_not_known(path: Path, open_at: Open) -> None:
    killed = subprocess.run([sys.executable, "-c", _KILLED, str(path)], check=False)
    assert killed.returncode == -signal.SIGKILL
    living, watching = open_at(), open_at()
    living.begin([change("Living")])
    assert titles(watching.recover()) == ["Killed"]
    assert [(one.title, one.state) for one in watching.still_open()] == [
        ("Killed", "unknown"),
        ("Living", "sending"),
    ]
    assert watching.recover() == [], "once"
    # And what is of the same record waits until somebody has looked.
    (behind,) = living.begin([change("Behind", record="client/3")])
    assert behind.state == "waiting"


def test_changes_of_a_record_go_out_in_order(open_at: Open) -> None:
    changes = open_at()
    first, other, second = (
        changes.begin([change(title, record=record)])[0]
        for title, record in (("One", "row/1"), ("Other", "row/2"), ("Two", "row/1"))
    )
    assert [one.state for one in (first, other, second)] == ["sending", "sending", "waiting"]
    assert changes.claim(second.id) is None
    changes.settle(first, state="waiting")
    assert changes.claim(second.id) is None, "the first one waits before it"
    taken = changes.claim(first.id)
    assert taken is not None
    changes.settle(taken, state="done")
    assert changes.claim(second.id) is not None


def test_another_account_is_another_record(open_at: Open) -> None:
    changes = open_at()
    changes.begin([change("Mine", record="row/1")])
    (theirs,) = changes.begin([change("Theirs", record="row/1", owner="a@elsewhere")])
    assert theirs.state == "sending"


def test_a_part_waits_for_the_part_that_it_needs(open_at: Open) -> None:
    changes = open_at()
    first = change("One")
    one, two = changes.begin([first, change("Two", needs=first.id)])
    assert two.state == "waiting"
    assert changes.claim(two.id) is None
    changes.settle(one, state="done")
    assert changes.claim(two.id) is not None


def test_one_of_many_takes_it(open_at: Open) -> None:
    decks = [open_at() for _ in range(8)]
    (waiting,) = decks[0].begin([change("One", state="waiting")])
    gate = Barrier(len(decks))

    def claim(deck: Changes) -> Change | None:
        gate.wait()
        return deck.claim(waiting.id)

    with ThreadPoolExecutor(len(decks)) as pool:
        taken = [one for one in pool.map(claim, decks) if one is not None]
    assert len(taken) == 1


def test_what_is_held_goes_out_by_a_word_only(open_at: Open) -> None:
    changes = open_at()
    (waiting,) = changes.begin([change("One", state="waiting", held=True)])
    assert changes.claim(waiting.id) is None
    taken = changes.claim(waiting.id, even_held=True)
    assert taken is not None
    assert not taken.held
    assert changes.amend(waiting.id, WAITING, held=True) is None, "it is being sent"


def test_undo_and_redo_go_back_and_forth_in_order(open_at: Open) -> None:
    changes = open_at()
    one, two, three = made(changes, change("One"), change("Two"), change("Three"))

    def undo(taken: Change) -> None:
        (back,) = changes.begin([change(f"Undo {taken.title}", undoes=taken.id)])
        changes.settle(back, state="done")
        changes.amend(taken.id, DONE, state="undone")

    def at() -> tuple[str, str]:
        back, forth = changes.last_to_undo(OURS), changes.last_to_redo(OURS)
        return (back.title if back else "", forth.title if forth else "")

    assert at() == ("Three", "")
    undo(three)
    assert at() == ("Two", "Three")
    undo(two)
    assert at() == ("One", "Two")
    (again,) = changes.begin([change("Redo Two", redoes=two.id)])
    changes.settle(again, state="done")
    changes.amend(two.id, UNDONE, state="done")
    assert at() == ("Two", "Three")
    undo(two)
    undo(one)
    assert at() == ("", "One")
    made(changes, change("New"))
    assert at() == ("New", ""), "what was undone is of another past now"
    assert open_at().last_to_undo(("a@elsewhere",)) is None
    assert open_at().last_to_undo(OURS) is not None, "after a restart too"


def test_a_change_is_undone_once(open_at: Open) -> None:
    here, there = open_at(), open_at()
    (one,) = made(here, change("One"))
    here.begin([change("Undo", undoes=one.id)])
    with pytest.raises(AlreadyTaken):
        there.begin([change("Undo", undoes=one.id)])


def test_passed_over_is_not_offered_again(open_at: Open) -> None:
    changes = open_at()
    _, two = made(changes, change("One"), change("Two"))
    changes.amend(two.id, DONE, passed=True)
    found = changes.last_to_undo(OURS)
    assert found is not None
    assert found.title == "One"


def test_a_new_id_reaches_every_change_of_the_record(open_at: Open) -> None:
    changes = open_at()
    edited, _, bulk = made(
        changes,
        change("Edit", record="x/row/7", arguments={"row_id": 7, "other": 7}),
        change("Elsewhere", record="x/row/8", arguments={"row_id": 8}),
        change(
            "Bulk",
            also=("x/row/6", "x/row/7"),
            arguments={"row_ids": [6, 7], "rows": {"6": {"1": "a"}, "7": {"1": "b"}}},
            wanted={"6/1": "a", "7/1": "b"},
        ),
    )
    inverse = Step(operation="a.b", arguments={"row_id": 7})
    changes.amend(edited.id, DONE, inverse=inverse)
    (undo,) = changes.begin([change("Undo", undoes=edited.id)])
    known = changes.get(edited.id)
    assert known is not None
    changes.settle(
        undo,
        state="done",
        followed=replace(known, state="undone"),
        renewals=[Renewal("x/row/7", "row_id", 7, 70)],
    )
    now = changes.get(edited.id)
    assert now is not None
    assert now.inverse is not None
    assert (now.state, now.record, now.arguments, now.inverse.arguments) == (
        "undone",
        "x/row/70",
        {"row_id": 70, "other": 7},
        {"row_id": 70},
    )
    found = changes.get(bulk.id)
    assert found is not None
    assert found.arguments == {
        "row_ids": [6, 70],
        "rows": {"6": {"1": "a"}, "70": {"1": "b"}},
    }
    assert found.also == ("x/row/6", "x/row/70")
    assert found.wanted == {"6/1": "a", "70/1": "b"}
    assert [one.title for one in changes.newest(9, Wanted(record="x/row/70"))] == ["Bulk", "Edit"]


def test_the_order_holds_for_every_record_of_a_change(open_at: Open) -> None:
    changes = open_at()
    (bulk,) = changes.begin([change("Bulk", also=("x/row/6", "x/row/7"))])
    assert bulk.state == "sending"
    later, other = changes.begin(
        [change("Later", record="x/row/7"), change("Other", record="x/row/8")]
    )
    assert (later.state, other.state) == ("waiting", "sending")
    assert changes.claim(later.id) is None
    assert changes.glance(later.owner, ("x/row/6",))[0]
    assert not changes.glance(later.owner, ("x/row/9",))[0]
    changes.settle(bulk, state="done")
    assert changes.claim(later.id) is not None


@pytest.fixture
def full(monkeypatch: pytest.MonkeyPatch) -> Callable[[bool], None]:
    """Makes the disk full or gives room again, for what is written from then on."""
    write = Database.write
    state = {"full": False}

    def guarded(self: Any, work: Any, *, durable: bool) -> Any:
        if state["full"]:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return write(self, work, durable=durable)

    monkeypatch.setattr(Database, "write", guarded)
    return lambda is_full: state.update(full=is_full)


def test_settling_never_raises_and_is_made_up_for(
    open_at: Open, full: Callable[[bool], None]
) -> None:
    changes, elsewhere = open_at(), open_at()
    (one,) = changes.begin([change("One")])
    full(True)
    settled, error = changes.settle(one, state="done", inverse=Step(operation="a.b"))
    assert error is not None
    assert error.errno == errno.ENOSPC
    assert changes.still_open() == [settled], "as the disk has it, told as it is"
    assert changes.get(one.id) == settled
    with pytest.raises(OSError, match="No space"):
        changes.begin([change("Two")])
    full(False)
    changes.begin([change("Three")])
    assert elsewhere.get(one.id) == settled


def test_what_could_not_be_settled_is_written_at_the_end(
    path: Path, full: Callable[[bool], None]
) -> None:
    changes = Changes(path)
    (one,) = changes.begin([change("One")])
    full(True)
    changes.settle(one, state="done")
    full(False)
    changes.close()
    with closing(Changes(path)) as later:
        found = later.get(one.id)
        assert found is not None
        assert found.state == "done"


def test_a_file_that_cannot_be_written_sends_nothing(path: Path) -> None:
    path.parent.mkdir()
    path.mkdir()
    with closing(Changes(path)) as changes, pytest.raises(OSError, match="changes"):
        changes.begin([change("One")])


def test_the_newest_and_all_that_is_open_stay(
    open_at: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "KEPT", 20)
    monkeypatch.setattr(module, "PRUNED_EVERY", 4)
    changes = open_at()
    (waiting,) = changes.begin([change("Waiting", state="waiting")])
    made(changes, *(change(str(number)) for number in range(60)))
    kept = titles(changes.newest(1000))
    assert kept[:3] == ["59", "58", "57"]
    assert 20 <= len(kept) <= 20 + 4 + 1
    assert kept[-1] == waiting.title, "it is open, so it is there whatever its age"
    assert kept[:-1] == [str(number) for number in range(59, 59 - len(kept) + 1, -1)]
    assert changes.count() == len(kept)


def test_a_damaged_file_is_set_aside_and_said(path: Path, open_at: Open) -> None:
    path.parent.mkdir(parents=True)
    path.write_bytes(b"this is no database" * 100)
    changes = open_at()
    said: list[str] = []
    changes.database.told = said.append
    changes.begin([change("One")])
    (kept,) = path.parent.glob("changes.damaged-*.db")
    assert kept.read_bytes().startswith(b"this is no database")
    assert len(said) == 1
    assert str(kept) in said[0]


def test_a_newer_file_is_set_aside_whole(path: Path, open_at: Open) -> None:
    with closing(Changes(path)) as changes:
        changes.begin([change("Of the future")])
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 99")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    again = open_at()
    said: list[str] = []
    again.database.told = said.append
    assert again.newest(5) == []
    assert "newer version" in said[0]
    (kept,) = path.parent.glob("changes.newer-*.db")
    with closing(sqlite3.connect(kept)) as connection:
        assert connection.execute("SELECT count(*) FROM changes").fetchone() == (1,)


@pytest.mark.parametrize("cut", range(20))
def test_a_log_that_is_cut_anywhere_opens(tmp_path: Path, cut: int) -> None:
    """As a power cut may leave it: what was whole is there, nothing that was not."""
    path = tmp_path / "changes.db"
    changes = Changes(path)
    begun = [changes.begin([change(str(number))])[0] for number in range(6)]
    wal = path.with_name(path.name + "-wal")
    content, length = wal.read_bytes(), wal.stat().st_size
    copied = tmp_path / "copy" / "changes.db"
    copied.parent.mkdir()
    copied.write_bytes(path.read_bytes())
    copied.with_name(wal.name).write_bytes(content[: length * cut // 19])
    changes.close()
    with closing(Changes(copied)) as after:
        found = after.still_open()
        assert [one.id for one in found] == [one.id for one in begun[: len(found)]]
        (new,) = after.begin([change("New")])
        assert after.get(new.id) == new


JOURNAL = """
{"id": "a1", "time": "2026-01-05T09:00:00+00:00", "title": "Start", "operation": "trackmypeople.start", "arguments": {"tracker_id": 3}, "outcome": "pending", "reason": ""}
{"id": "a2", "time": "2026-01-05T09:01:00+00:00", "title": "Send", "operation": "timetonic.sendMsg", "arguments": {}, "outcome": "pending", "reason": ""}

{"id": "a2", "time": "2026-01-05T09:01:00+00:00", "title": "Send", "operation": "timetonic.sendMsg", "arguments": {}, "outcome": "done", "reason": ""}
{"id": "a3", "time": "2026-01-05T09:02:00+00:00", "title": "Pay", "operation": "x", "arguments": {}, "outcome": "failed", "reason": "not yours"}
[1, 2]
{"id": "a4", "time": "2026-01-05T09:
"""  # noqa: E501 (lines as they were written)


def test_the_old_journal_is_taken_over_once(tmp_path: Path, open_at: Open) -> None:
    journal = tmp_path / "journal.jsonl"
    journal.write_text(JOURNAL)
    changes = open_at(journal=journal)
    assert [(one.title, one.state, one.reason) for one in changes.newest(9)] == [
        ("Pay", "refused", "not yours"),
        ("Send", "done", ""),
        ("Start", "unknown", ""),
    ]
    assert changes.last_to_undo(OURS) is None
    assert not journal.exists()
    assert (tmp_path / "journal.jsonl.taken-over").read_text() == JOURNAL
    (new,) = changes.begin([change("New")])
    assert new.sequence == 4
    assert len(open_at(journal=journal).newest(9)) == 4


def test_pages_and_filters(open_at: Open) -> None:
    changes = open_at()
    made(changes, *(change(str(n), record=f"row/{n % 2}") for n in range(10)))
    first = changes.newest(4)
    second = changes.newest(4, past=4)
    assert titles(first + second) == ["9", "8", "7", "6", "5", "4", "3", "2"]
    assert titles(changes.newest(9, Wanted(record="row/1"))) == ["9", "7", "5", "3", "1"]
    assert titles(changes.newest(2, Wanted(record="row/1"), past=3)) == ["3", "1"]
    assert changes.newest(9, Wanted(states=UNKNOWN)) == []
    assert changes.newest(9, Wanted(owner="a@elsewhere")) == []
    assert len(changes.newest(99, Wanted(states=("done", "undone"), owner=OURS[0]))) == 10
    assert changes.count() == 10
    assert changes.count(Wanted(record="row/1", states=DONE)) == 5


def test_filters_by_service_and_by_text_in_any_letters(open_at: Open) -> None:
    changes = open_at()
    made(
        changes,
        change("Rename ÄRGER", operation="timesheets.client.update"),
        change("Two", operation="timetonic.sendMsg", arguments={"msg": ['Grüße "an" alle']}),
        change("Three", operation="timesheets2.x.y", record="row/7", reason="it was refused"),
    )
    assert titles(changes.newest(9, Wanted(service="timesheets"))) == ["Rename ÄRGER"]
    assert titles(changes.newest(9, Wanted(text="ärger"))) == ["Rename ÄRGER"]
    assert titles(changes.newest(9, Wanted(text="arger"))) == ["Rename ÄRGER"], "without accents"
    assert titles(changes.newest(9, Wanted(text='GRÜSSE "AN"'))) == ["Two"]
    assert titles(changes.newest(9, Wanted(text="row/7"))) == ["Three"]
    assert titles(changes.newest(9, Wanted(text="Refused"))) == ["Three"]
    assert changes.count(Wanted(text="title")) == 0, "what the fields are called is no text"
    assert changes.count(Wanted(text="t", service="timetonic")) == 1


def test_what_is_open_is_counted_and_who_began_it_is_known(open_at: Open) -> None:
    changes, other = open_at(), open_at()
    made(changes, change("Done"))
    (theirs,) = other.begin([change("Theirs", state="waiting")])
    ours, _ = changes.begin([change("A", state="waiting"), change("B")])
    assert [one.state for one in changes.still_open()] == ["waiting", "waiting", "sending"]
    assert changes.is_own(ours)
    assert not changes.is_own(theirs)
    assert not changes.is_own(change("Of an earlier version"))


def test_a_group_is_one_action(open_at: Open) -> None:
    changes = open_at()
    parts = made(changes, *(change(title, group="g") for title in ("One", "Two")))
    made(changes, change("Alone"))
    assert titles(changes.of_group(parts[1])) == ["One", "Two"]
    alone = changes.newest(1)[0]
    assert changes.of_group(alone) == [alone]
    assert changes.of_group(replace(alone, id="nobody")) == []


def test_what_was_settled_has_no_sender_and_what_could_not_be_noted_is_no_unknown(
    open_at: Open, full: Callable[[bool], None], path: Path
) -> None:
    here, there = open_at(), open_at()
    (begun,) = here.begin([change("One")])
    assert begun.sender
    settled, _ = here.settle(begun, state="waiting")
    assert settled.sender == ""
    taken = here.claim(begun.id)
    assert taken is not None
    full(True)
    here.settle(taken, state="done")
    full(False)
    here.senders.close()  # Its name is free; what it knows is known all the same.
    assert here.recover() == []
    assert [one.state for one in here.newest(1)] == ["done"]
    assert titles(there.recover()) == ["One"], "who does not know it says so"


def test_the_lock_of_a_sender_that_ended_is_cleared_away(path: Path, open_at: Open) -> None:
    killed = subprocess.run([sys.executable, "-c", _KILLED, str(path)], check=False)
    assert killed.returncode == -signal.SIGKILL
    watching = open_at()
    names = {file.name for file in path.parent.glob("changes-senders/*")}
    assert len(watching.recover()) == 1
    assert len(names - {file.name for file in path.parent.glob("changes-senders/*")}) == 1


def test_what_was_refused_or_dropped_since_does_not_keep_from_redo(open_at: Open) -> None:
    changes = open_at()
    (one,) = made(changes, change("One"))
    (back,) = changes.begin([change("Undo", undoes=one.id)])
    changes.settle(back, state="done", followed=replace(one, state="undone"))
    for state in ("refused", "dropped"):
        (other,) = changes.begin([change(state)])
        changes.settle(other, state=state)
        found = changes.last_to_redo(OURS)
        assert found is not None
        assert found.id == one.id
    changes.begin([change("Waits", state="waiting")])
    assert changes.last_to_redo(OURS) is None


def test_a_new_id_is_that_of_one_account(open_at: Open) -> None:
    changes = open_at()
    mine, theirs = made(
        changes,
        change("Mine", record="x/row/7", arguments={"row_id": 7}),
        change("Theirs", record="x/row/7", arguments={"row_id": 7}, owner="a@elsewhere"),
    )
    (undo,) = changes.begin([change("Undo", undoes=mine.id)])
    changes.settle(
        undo,
        state="done",
        followed=replace(mine, state="undone"),
        renewals=[Renewal("x/row/7", "row_id", 7, 70)],
    )
    assert [(one.title, one.arguments) for one in changes.newest(9)][1:] == [
        ("Theirs", {"row_id": 7}),
        ("Mine", {"row_id": 70}),
    ]
    assert changes.get(theirs.id) == theirs
