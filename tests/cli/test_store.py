"""`tockdeck store`: what is kept of earlier reads is told, cleared and checked."""

from __future__ import annotations

import json
from contextlib import closing
from datetime import UTC, datetime

import msgspec
import pytest

from tests.cli.conftest import Shell
from tui.cli import DONE, REFUSED, USAGE
from tui.cli.store import CALLED
from tui.services.timetonic import Table
from tui.store.cache import Cache
from tui.store.index.documents import Document
from tui.store.index.index import Index
from tui.store.mirror.mirror import Mirror
from tui.store.mirror.shape import Column, Record, Shape
from tui.workspace.backup.kept import CONNECTIONS, DATABASES, IN_DATA, IN_STATE
from tui.workspace.books.mirrored import Described

SHAPE = Shape((Column("name", "text"),))


def keep_some(shell: Shell) -> None:
    """A whole collection, a part of one, and an answer."""
    folder = shell.home / "cache"
    with closing(Mirror(folder / "mirror.db")) as mirror:
        for name, total in (("boats", 3), ("crews", 1_000)):
            kept = mirror.collection("timetonic@here:me", name)
            kept.begin(SHAPE)
            since = kept.start()
            kept.put([Record(n, ("a",), ("a",), b"") for n in range(3)], SHAPE, first=0)
            kept.finish(since, total=total, as_of=datetime.now(UTC))
    with closing(Cache(folder / "answers.db")) as answers:
        answers.put("timetonic@here:me/shelf", b"1")
    with closing(Index(folder / "search.db")) as index:
        index.put("timetonic@here:me", "boats", [Document("row", "1", "a", "b")])


def test_what_is_kept_is_told_with_what_is_a_part(shell: Shell) -> None:
    keep_some(shell)
    said = shell.run("store", "size")
    assert said.status == DONE
    assert "Records and the search over them: 0." in said.out
    assert "of at most 512 MB" in said.out
    assert "boats of TimeTonic, here:me: all 3 records" in said.out
    assert "crews of TimeTonic, here:me: 3 records of 1,000" in said.out
    found = json.loads(shell.run("store", "size", "--json").out)
    assert {one["name"]: one["complete"] for one in found["collections"]} == {
        "boats": True,
        "crews": False,
    }
    assert found["most_bytes"] == 512 * 1024 * 1024
    with closing(Index(shell.home / "cache" / "search.db")) as index:
        assert found["search_bytes"] == index.size > 0


def test_a_table_is_told_by_its_name(shell: Shell) -> None:
    table = Table(id=126187, name="Fleet\x1b[31m maintenance")
    info = msgspec.json.encode(Described(table=table))
    with closing(Mirror(shell.home / "cache" / "mirror.db")) as mirror:
        for name in ("rows/126187/", "rows/126187.4/9"):
            kept = mirror.collection("timetonic@embedded:620f", name)
            kept.begin(SHAPE, info)
            kept.finish(kept.start(), total=0, as_of=datetime.now(UTC))
    said = shell.run("store", "size").out
    assert "Fleet␛[31m maintenance of TimeTonic, embedded: " in said
    assert ", as another book mirrors it, through view 9 of TimeTonic, embedded: " in said
    assert "rows/" not in said
    assert "\x1b" not in said
    found = json.loads(shell.run("store", "size", "--json").out)["collections"]
    assert {one["name"] for one in found} == {"rows/126187/", "rows/126187.4/9"}
    assert all("maintenance" in one["title"] for one in found)


def test_clearing_lets_everything_go(shell: Shell) -> None:
    keep_some(shell)
    assert shell.run("store", "clear").status == DONE
    with closing(Cache(shell.home / "cache" / "answers.db")) as answers:
        assert answers.get("timetonic@here:me/shelf") is None
    assert json.loads(shell.run("store", "size", "--json").out)["collections"] == []
    with closing(Index(shell.home / "cache" / "search.db")) as index:
        assert index.count == 0
        assert index.places("timetonic@here:me") == {}


def test_clearing_gives_the_room_of_the_search_back(shell: Shell) -> None:
    file = shell.home / "cache" / "search.db"
    with closing(Index(file)) as index:
        index.put("me", "boats", [Document("row", f"{n}", f"boat {n}") for n in range(2000)])
    before = file.stat().st_size
    assert shell.run("store", "clear").status == DONE
    assert file.stat().st_size < before / 3
    with closing(Index(file)) as index:
        assert index.put("me", "boats", [Document("row", "1", "boat")])
        assert index.count == 1


def test_a_sound_file_is_called_sound_and_a_damaged_one_set_aside(shell: Shell) -> None:
    keep_some(shell)
    said = shell.run("store", "check")
    assert (said.status, said.err) == (DONE, "")
    assert "sound" in said.out
    file = shell.home / "cache" / "mirror.db"
    file.write_bytes(b"no database at all" * 1000)
    said = shell.run("store", "check")
    assert said.status == REFUSED
    assert "is damaged: it is now mirror.db.broken" in said.out
    assert shell.run("store", "check").status == DONE


def test_a_damaged_search_is_set_aside_and_said(shell: Shell) -> None:
    keep_some(shell)
    file = shell.home / "cache" / "search.db"
    for ending in ("-wal", "-shm"):
        file.with_name(f"search.db{ending}").unlink(missing_ok=True)
    file.write_bytes(b"no database at all" * 1000)
    said = shell.run("store", "check")
    assert said.status == REFUSED
    assert "The search index was damaged. It is kept as search.db.broken" in said.out
    assert shell.run("store", "check").status == DONE


def test_all_that_a_backup_holds_is_said(shell: Shell) -> None:
    assert {*CALLED} == {*DATABASES, CONNECTIONS, *IN_DATA, *IN_STATE}
    assert shell.run("remind", "2031-05-01 9:00 haul out").status == DONE
    file = shell.home / "all.zip"
    said = shell.run("store", "backup", str(file))
    assert (said.status, said.out) == (DONE, f"{file}: reminders.\n")


def test_what_is_to_be_done_has_to_be_said(shell: Shell) -> None:
    assert shell.run("store").status == USAGE
    assert shell.run("store", "vacuum").status == USAGE


@pytest.mark.parametrize("action", ["size", "check", "clear"])
def test_what_is_about_earlier_reads_is_not_taken_for_being_about_a_file(
    shell: Shell, action: str
) -> None:
    keep_some(shell)
    said = shell.run("store", action, "tockdeck.zip")
    assert (said.status, said.out) == (USAGE, "")
    assert f"store {action} takes no file" in said.err
    assert "a FILE is for backup and restore. Nothing was done" in said.err
    assert json.loads(shell.run("store", "size", "--json").out)["collections"]
