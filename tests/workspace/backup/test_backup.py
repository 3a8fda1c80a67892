"""Backups: what is kept for a person comes to another machine whole, or nothing changes there."""

from __future__ import annotations

import ast
import errno
import json
import os
import re
import secrets
import sqlite3
import stat
import tomllib
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import tomli_w

import tui.workspace
from tui.config.load import load
from tui.config.locations import Locations
from tui.store.archive import write_archive
from tui.store.changes import Change, Changes
from tui.store.copying import copy_database
from tui.store.drafts import Drafts
from tui.store.papers import Paper, Papers, Payment
from tui.workspace.backup.backup import back_up
from tui.workspace.backup.kept import DATABASES, IN_DATA, IN_STATE, LEFT_OUT, connections_of
from tui.workspace.backup.restore import HELD, CannotRestore, finish, restore

OURS = "timesheets@https://work.example/x:me"
STAYS = {
    "status.json": "the running timer, made anew",
    "journal.jsonl": "an old journal, which the changes take over",
    "recordings": "large files that a person names",
}


def machine(folder: Path) -> Locations:
    return Locations(*(folder / name for name in ("config", "data", "state", "cache")))


def change(title: str, **more: Any) -> Change:
    values: dict[str, Any] = {
        "id": secrets.token_hex(6),
        "sequence": 0,
        "time": datetime.now(UTC),
        "owner": OURS,
        "operation": "timesheets.client.update",
        "title": title,
        **more,
    }
    return Change(**values)


@pytest.fixture
def old(tmp_path: Path) -> Locations:
    """A machine with something of everything."""
    found = machine(tmp_path / "old")
    with closing(Changes(found.data / "changes.db")) as changes:
        (done,) = changes.begin([change("Made")])
        changes.settle(done, state="done", no_inverse="Nothing.")
        changes.begin([change("Sent", record="x/1"), change("Waits", state="waiting")])
        changes.begin([change("Embedded", owner="timesheets@embedded:1", state="waiting")])
    (found.data / "connections.toml").write_text(
        tomli_w.dumps(
            {
                "timesheets": {
                    "base_url": "https://work.example/x",
                    "email": "me@work.example",
                    "password": "rosebud",
                },
                "timetonic": {"login": "me", "password": "rosebud", "sesskey": "rosebud"},
                "igtimi": {"access_token": "rosebud"},
            }
        )
    )
    (found.data / "session-timetonic.json").write_text('{"sesskey": "rosebud"}')
    for name in IN_STATE:
        (found.state / name).parent.mkdir(exist_ok=True)
        (found.state / name).write_text(json.dumps({"of": name}))
    for name in IN_DATA:
        (found.data / name).write_text(json.dumps({"of": name}))
    Drafts(found.state / "drafts").save("invoices.client", {"name": "Heron"})
    return found


@pytest.fixture
def backup(old: Locations, tmp_path: Path) -> Path:
    back_up(tmp_path / "backup.zip", old)
    return tmp_path / "backup.zip"


@pytest.fixture
def new(tmp_path: Path) -> Locations:
    return machine(tmp_path / "new")


def contents(locations: Locations) -> dict[str, bytes]:
    """Every file of a machine but the locks, which say nothing."""
    root = locations.data.parent
    return {
        str(file.relative_to(root)): file.read_bytes()
        for file in sorted(root.rglob("*"))
        if file.is_file() and "changes-senders" not in file.parts
    }


def states(locations: Locations) -> dict[str, tuple[str, bool, str]]:
    with closing(Changes(locations.data / "changes.db")) as changes:
        return {one.title: (one.state, one.held, one.reason) for one in changes.newest(100)}


def test_everything_comes_to_another_machine(backup: Path, new: Locations) -> None:
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    restored = restore(backup, new)
    assert (restored.changes, restored.kept) == (4, ())
    assert Drafts(new.state / "drafts").load("invoices.client") == {"name": "Heron"}
    for name in IN_STATE:
        assert json.loads((new.state / name).read_text()) == {"of": name}
    for name in IN_DATA:
        assert json.loads((new.data / name).read_text()) == {"of": name}
    for file in new.data.parent.rglob("*"):
        assert stat.S_IMODE(file.stat().st_mode) & 0o077 == 0 or file.is_dir(), file
    assert not (new.data / "restoring").exists()
    assert not (new.state / "restoring").exists()


def test_what_may_have_been_sent_elsewhere_waits_for_a_word(backup: Path, new: Locations) -> None:
    restore(backup, new)
    assert states(new) == {
        "Made": ("done", False, ""),
        "Sent": ("unknown", False, HELD),
        "Waits": ("waiting", True, HELD),
        "Embedded": ("waiting", True, HELD),
    }
    with closing(Changes(new.data / "changes.db")) as changes:
        assert [one.title for one in changes.newest(9)] == ["Embedded", "Waits", "Sent", "Made"]


def test_connections_come_without_secrets_and_those_that_are_there_stay(
    backup: Path, new: Locations
) -> None:
    new.data.mkdir(parents=True)
    ours = {"timetonic": {"login": "other", "password": "tulip"}}
    (new.data / "connections.toml").write_text(tomli_w.dumps(ours))
    restored = restore(backup, new)
    assert restored.connected == {"timesheets": "https://work.example/x"}
    assert tomllib.loads((new.data / "connections.toml").read_text()) == {
        **ours,
        "timesheets": {"base_url": "https://work.example/x", "email": "me@work.example"},
    }
    loaded = load(new.config / "config.toml", environment={}, kept=new.connections_file)
    assert loaded.configured("timesheets")
    (kept,) = restored.kept
    assert tomllib.loads(kept.read_text()) == ours


def test_what_is_there_already_is_kept_under_another_name(backup: Path, new: Locations) -> None:
    with closing(Changes(new.data / "changes.db")) as changes:
        changes.begin([change("Of this machine")])
    Drafts(new.state / "drafts").save("invoices.client", {"name": "Egret"})
    Drafts(new.state / "drafts").save("invoices.task", {"name": "Sails"})
    restored = restore(backup, new)
    by_name = {re.sub(r"-\d{8}T\d+", "", file.name): file for file in restored.kept}
    assert len(by_name) == 2
    with closing(sqlite3.connect(by_name["changes.before-restore.db"])) as kept:
        assert kept.execute("SELECT count(*) FROM changes").fetchone() == (1,)
    (draft,) = (file for name, file in by_name.items() if name != "changes.before-restore.db")
    assert json.loads(draft.read_text())["values"] == {"name": "Egret"}
    drafts = Drafts(new.state / "drafts")
    assert drafts.load("invoices.client") == {"name": "Heron"}
    assert drafts.load("invoices.task") == {"name": "Sails"}, "nothing stood in its way"
    # And what was kept is in no backup: it is this machine's.
    again = back_up(backup, new)
    assert not [one for one in again.files if "before-restore" in one.name]


def test_no_secret_is_in_it(backup: Path, old: Locations, tmp_path: Path) -> None:
    assert b"rosebud" in b"".join(contents(old).values())
    restored = machine(tmp_path / "out")
    restore(backup, restored)
    assert b"rosebud" not in backup.read_bytes() + b"".join(contents(restored).values())


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ('[timetonic]\nlogin = "a"\ntoken_command = "x"\nother = 1\n', {"login": "a"}),
        ('[timetonic]\nlogin = "a"\nbase_url = "https://u:rosebud@h.example"\n', {"login": "a"}),
        ("[deck]\ntheme = 'x'\n", None),
        ("timetonic = 3\n", None),
    ],
)
def test_of_connections_only_what_is_known_is_taken(written: str, read: Any) -> None:
    assert connections_of(written.encode()) == ({"timetonic": read} if read else {})


def test_it_is_whole_while_a_deck_writes(old: Locations, new: Locations, tmp_path: Path) -> None:
    with closing(Changes(old.data / "changes.db")) as deck:
        (begun,) = deck.begin([change("Meanwhile")])
        back_up(tmp_path / "b.zip", old)
        deck.settle(begun, state="done", no_inverse="Nothing.")
        assert deck.get(begun.id) is not None
    restore(tmp_path / "b.zip", new)
    assert states(new)["Meanwhile"][0] == "unknown"


def test_nothing_is_restored_under_an_open_deck(backup: Path, new: Locations) -> None:
    with closing(Changes(new.data / "changes.db")) as deck:
        deck.newest(1)  # It looked; it has sent nothing.
        before = contents(new)
        with pytest.raises(CannotRestore, match="A deck or a command of tockdeck is open"):
            restore(backup, new)
        assert contents(new) == before
    restore(backup, new)


def test_no_deck_opens_what_is_being_replaced(
    new: Locations, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.store.changes.senders.LONGEST_WAIT", 0.0)
    with (
        closing(Changes(new.data / "changes.db")) as deck,
        closing(Changes(new.data / "changes.db")) as restoring,
    ):
        with restoring.senders.alone(), pytest.raises(OSError, match="being restored"):
            deck.newest(1)
        assert deck.newest(1) == []


def newer_changes(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA user_version = 99")


def torn_change(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("UPDATE changes SET body = '{}' WHERE sequence = 2")
        connection.commit()


def view(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("ALTER TABLE changes RENAME TO others")
        connection.execute("CREATE VIEW changes AS SELECT * FROM others")


def torn_page(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[-1024:] = b"\xff" * 1024
    file.write_bytes(content)


def twice(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("CREATE TABLE others AS SELECT * FROM changes")
        connection.execute("INSERT INTO others SELECT * FROM changes")
        connection.execute("DROP TABLE changes")
        connection.execute("ALTER TABLE others RENAME TO changes")
        connection.commit()


def no_database(file: Path) -> None:
    file.write_bytes(b"no database " * 1000)


@pytest.mark.parametrize(
    "damage", [newer_changes, torn_change, view, torn_page, twice, no_database]
)
def test_changes_that_cannot_be_read_are_refused_and_nothing_is_touched(
    old: Locations, new: Locations, tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    copy, archive = tmp_path / "copy.db", tmp_path / "b.zip"
    with closing(Changes(old.data / "changes.db")) as changes:
        copy_database(changes.database, copy)
    damage(copy)
    write_archive(archive, {"console.json": b"[]", "changes.db": copy}, by="x")
    with pytest.raises(CannotRestore, match="Nothing was changed"):
        restore(archive, new)
    assert contents(new) == {}


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("console.json", b"[" * 100_000),
        ("drafts/0123456789abcdef01234567.json", b"no json"),
        ("connections.toml", b"no toml"),
        (
            "connections.toml",
            b'[timetonic]\nbase_url = "https://x.example/live"\nlogin = 3\n[[igtimi',
        ),
        ("console.json.exe", b"[]"),
        ("session-timetonic.json", b"{}"),
    ],
)
def test_what_the_program_could_not_read_is_refused(
    old: Locations, new: Locations, tmp_path: Path, name: str, content: bytes
) -> None:
    archive = tmp_path / "b.zip"
    write_archive(archive, {"live-presets.json": b"{}", name: content}, by="x")
    with pytest.raises(CannotRestore, match=re.escape(name)):
        restore(archive, new)
    assert contents(new) == {}


@pytest.mark.parametrize("after", range(20))
def test_a_disk_that_refuses_at_any_moment_leaves_all_as_it_was(
    backup: Path, new: Locations, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    with closing(Changes(new.data / "changes.db")) as changes:
        changes.begin([change("Of this machine")])
    (new.state / "console.json").parent.mkdir()
    (new.state / "console.json").write_text("[]")
    before = contents(new)
    replace, count = Path.replace, [0]

    def guarded(self: Path, target: Path) -> Path:
        count[0] += 1
        if count[0] == after + 1:
            raise OSError(errno.EIO, os.strerror(errno.EIO), str(self))
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", guarded)
    try:
        restore(backup, new)
    except OSError:
        assert contents(new) == before
    else:
        assert count[0] <= after, "it was made without that many"
        assert "Made" in states(new)


def killed_after(renames_made: int, backup: Path, locations: Locations) -> bool:
    """Restores in a process that is killed before it gives the next file its name."""
    child = os.fork()
    if child:
        return os.waitpid(child, 0)[1] != 0
    replace, count = Path.replace, [0]  # pragma: no cover

    def guarded(self: Path, target: Path) -> Path:
        count[0] += 1
        if count[0] > renames_made:
            os.kill(os.getpid(), 9)
        return replace(self, target)

    Path.replace = guarded  # type: ignore[method-assign]
    restore(backup, locations)
    os._exit(0)


@pytest.mark.parametrize("after", range(20))
def test_a_kill_at_any_moment_leaves_the_old_or_leads_to_the_new(
    backup: Path, new: Locations, after: int
) -> None:
    (new.state / "drafts").mkdir(parents=True)
    (new.state / "console.json").write_text("[]")
    with closing(Changes(new.data / "changes.db")) as changes:
        changes.begin([change("Of this machine")])
    before = contents(new)
    killed_after(after, backup, new)
    planned = new.restoring.exists()
    if planned:
        finish(new)
        assert not new.restoring.exists()
    made = "Made" in states(new)
    if not made:
        assert not planned
        now = contents(new)
        assert {name: now[name] for name in before} == before
    else:
        assert set(states(new)) == {"Made", "Sent", "Waits", "Embedded"}
        assert (new.state / "console.json").read_text() == '{"of": "console.json"}'
        kept = [name for name in contents(new) if "before-restore" in name]
        assert len(kept) == 2
    # And what is left of the killed one is in nobody's way.
    restore(backup, new)
    assert not (new.data / "restoring").exists()


def test_every_file_of_the_program_is_kept_or_known_to_stay() -> None:
    """Who adds one decides whether a person would miss it on another machine."""
    named: set[str] = set()
    for file in Path(tui.workspace.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if (
                isinstance(node, ast.BinOp)
                and isinstance(node.op, ast.Div)
                and isinstance(node.left, ast.Attribute)
                and node.left.attr in ("data", "state")
                and isinstance(node.right, ast.Constant)
            ):
                named.add(node.right.value)
    assert {"changes.db", "drafts", "console.json"} <= named
    assert named <= {*DATABASES, "drafts", *IN_DATA, *IN_STATE, *STAYS}
    assert "recordings" in LEFT_OUT


def billed(folder: Path) -> Locations:
    """A machine with an issued invoice, its work and a part that was paid."""
    found = machine(folder)
    found.data.mkdir(parents=True)
    with closing(Papers(found.data / "invoices.db")) as papers:
        papers.draft(Paper(owner=OURS, invoice=7, body=b'{"a": 1}'), [1, 2], [3])
        issued = Paper(owner=OURS, invoice=7, series="{n}", issued=date(2026, 11, 29))
        papers.issue(issued, lambda place: f"{place}", body=lambda _: b'{"a": 2}')
        papers.pay(
            OURS, [Payment(id="p", invoice=7, day=date(2026, 11, 30), amount=Decimal("1.5"))]
        )
        papers.series.go_on_with(OURS, "{n}", 40)
    return found


def test_invoices_come_along_and_their_numbers_go_on(tmp_path: Path) -> None:
    new = machine(tmp_path / "new")
    back_up(tmp_path / "file.zip", billed(tmp_path / "old"))
    assert restore(tmp_path / "file.zip", new).names == ("invoices.db",)
    with closing(Papers(new.data / "invoices.db")) as papers:
        kept = papers.paper(OURS, 7)
        assert kept is not None
        assert (kept.number, kept.state, kept.body) == ("1", "issued", b'{"a": 2}')
        assert (papers.billed(OURS), papers.left_open(OURS)) == ({1: 7, 2: 7}, {3})
        assert papers.payments(OURS)[7].sum == Decimal("1.5")
        assert papers.next_number(OURS, "{n}") == 40


@pytest.mark.parametrize(
    "wrong",
    [
        "UPDATE papers SET state = 'odd'",
        "UPDATE papers SET issued = 'tomorrow'",
        "UPDATE payments SET amount = 'NaN'",
        "PRAGMA user_version = 99",
        "DROP TABLE billed",
    ],
)
def test_invoices_that_cannot_be_read_are_not_restored(tmp_path: Path, wrong: str) -> None:
    old, new = billed(tmp_path / "old"), billed(tmp_path / "new")
    copy = tmp_path / "invoices.db"
    with closing(Papers(old.data / "invoices.db")) as papers:
        copy_database(papers.database, copy)
    with closing(sqlite3.connect(copy)) as odd:
        odd.execute(wrong)
        odd.commit()
    write_archive(tmp_path / "file.zip", {"invoices.db": copy}, by="x")
    with pytest.raises(CannotRestore, match="Nothing was changed"):
        restore(tmp_path / "file.zip", new)
    with closing(Papers(new.data / "invoices.db")) as papers:
        assert papers.next_number(OURS, "{n}") == 40
