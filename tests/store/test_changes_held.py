"""Arguments that are very many stand beside a change, in whatever becomes of it."""

from __future__ import annotations

import secrets
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from tui.store.changes import Change, Changes, Renewal, Wanted
from tui.store.changes.held import FROM, Held
from tui.store.changes.layout import CHANGES
from tui.store.changes.moving import build_changes

MANY = {"rows": {f"tmp{n}": {"1": f"Egret {n}", "2": None} for n in range(FROM // 20)}, "cat_id": 7}


def change(title: str, **more: Any) -> Change:
    values: dict[str, Any] = {
        "id": secrets.token_hex(6), "sequence": 0, "time": datetime.now(UTC), "owner": "a@home",
        "operation": "timetonic.createOrUpdateTableRows", "title": title, "state": "waiting",
        "arguments": MANY, **more,
    }  # fmt: skip
    return Change(**values)


def beside(path: Path) -> list[tuple[int, int]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute("SELECT sequence, length(arguments) FROM beside").fetchall()


def test_they_are_read_again_searched_changed_and_forgotten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "changes.db"
    with closing(Changes(path)) as changes:
        few, many = changes.begin([change("Few", arguments={"cat_id": 7}), change("Many")])
        assert isinstance(many.arguments, Held)
        assert many.arguments == MANY
        assert [sequence for sequence, _ in beside(path)] == [many.sequence]
        # What is still as it is known is not read again; what was given other arguments is.
        taken = changes.claim(many.id, known=many)
        assert taken is not None
        assert taken.arguments is many.arguments
        assert taken.state == "sending"
        settled, error = changes.settle(taken, state="done", answer={"row_ids": [1]})
        assert error is None
        assert settled.arguments is many.arguments
    with closing(Changes(path)) as changes:
        found = changes.get(many.id)
        assert found == settled
        assert found.arguments == MANY
        assert dict(found.arguments) == MANY
        for text, count in (("egret 99", 1), ("heron", 0), ("many", 1), ("few", 1)):
            assert changes.count(Wanted(text=text)) == count, text
        held = change("Held back")
        (begun,) = changes.begin([held])
        other = {**MANY, "cat_id": 8}
        changes.amend(held.id, ("waiting",), arguments=other)
        taken = changes.claim(held.id, known=begun)
        assert taken is not None
        assert taken.arguments == other
        assert len(beside(path)) == 2
        changes.settle(taken, state="waiting")
        changes.amend(held.id, ("waiting",), arguments={"cat_id": 9})
        assert len(beside(path)) == 1
        assert getattr(changes.get(held.id), "arguments", None) == {"cat_id": 9}
        # A row that is there again under another id is so in what stands beside a change, too.
        named = change("Named", arguments={"rows": {"5": {"1": "x" * FROM}}}, also=("row/5",))
        (named,) = changes.begin([named])
        changes.settle(few, renewals=[Renewal("row/5", "row_id", 5, 6)])
        assert getattr(changes.get(named.id), "arguments", {})["rows"].keys() == {"6"}
        monkeypatch.setattr("tui.store.changes.changes.KEPT", 1)
        monkeypatch.setattr("tui.store.changes.changes.PRUNED_EVERY", 1)
        changes.begin([change("Last", arguments={})])
        assert changes.get(many.id) is None
        assert [sequence for sequence, _ in beside(path)] == [named.sequence], "what waits stays"


def test_a_file_of_the_first_version_goes_on_and_is_taken_along(tmp_path: Path) -> None:
    path, along = tmp_path / "changes.db", tmp_path / "along.db"
    with closing(Changes(path)) as changes:
        changes.begin([change("One", arguments={"cat_id": 7})])
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DROP TABLE beside")
        connection.execute("PRAGMA user_version = 1")
        connection.commit()
    assert build_changes(path, along, lambda one: replace(one, title="Taken along")) == 1
    said: list[str] = []
    with closing(Changes(path)) as changes:
        changes.database.told = said.append
        (many,) = changes.begin([change("Many")])
        assert [one.title for one in changes.newest(5)] == ["Many", "One"]
        assert said == []
        assert changes.database.layout is CHANGES
    with closing(Changes(along)) as taken:
        assert [one.title for one in taken.newest(5)] == ["Taken along"]
    assert build_changes(path, tmp_path / "both.db", lambda one: one) == 2
    with closing(Changes(tmp_path / "both.db")) as both:
        assert getattr(both.get(many.id), "arguments", None) == MANY


def test_what_is_damaged_beside_a_change_is_found_when_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "changes.db"
    with closing(Changes(path)) as changes:
        few, many = changes.begin([change("Few", arguments={}), change("Many")])
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE beside SET arguments = ?", (b'{"rows": {"tmp1"',))
        connection.commit()
    said: list[str] = []
    with closing(Changes(path)) as changes:
        changes.database.told = said.append
        assert changes.get(many.id) is None
        assert "1 change could still be read" in said[0]
        assert getattr(changes.get(few.id), "title", "") == "Few"
