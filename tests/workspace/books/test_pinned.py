"""The kept rows that open changes refer to stay, whatever else has to make room."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.deck import workspace_of
from tests.harness import EmbeddedServer
from tui.store.changes import Change
from tui.store.changes.change import State
from tui.store.index.documents import Document
from tui.store.mirror.mirror import MEGABYTE
from tui.store.mirror.room import Pin
from tui.store.mirror.shape import Column, Record, Shape
from tui.workspace.books.waiting import rows_meant
from tui.workspace.search import making

SHAPE = Shape((Column("name", "text"),))


def change(
    operation: str, state: State = "waiting", about: Any = None, owner: str = "me", **arguments: Any
) -> Change:
    return Change(
        id="1",
        sequence=1,
        time=datetime.now(UTC),
        owner=owner,
        operation=f"timetonic.{operation}",
        title="Change",
        arguments=arguments,
        about=about or {},
        state=state,
    )


@pytest.mark.parametrize(
    ("waiting", "rows"),
    [
        (change("createOrUpdateTableRow", row_id=5, cat_id=3, field_values={"1": "a"}), [5]),
        (change("createOrUpdateTableRow", row_id="tmp1", cat_id=3), []),
        (change("createOrUpdateTableRows", cat_id=3, rows={"5": {}, "6": {}, "tmp2": {}}), [5, 6]),
        (change("deleteTableRow", about={"cat_id": 3}, row_id=5), [5]),
        (change("deleteTableRow", about={"cat_id": 3}, row_ids=[5, 6]), [5, 6]),
        (change("sendMsg", about={"cat_id": 3}, msg="a"), []),
    ],
)
def test_the_rows_of_a_table_stay_where_it_is_kept(waiting: Change, rows: list[int]) -> None:
    pins = list(rows_meant([waiting]))
    assert pins == [Pin("me", name, row) for row in rows for name in ("rows/3/", "rows/3.")]
    for pin in pins:
        kept = [name for name in ("rows/3/", "rows/3/12", "rows/3.9/", "rows/31/", "rows/2/")
                if pin.holds("me", name)]  # fmt: skip
        assert kept in (["rows/3/", "rows/3/12"], ["rows/3.9/"])


def test_of_a_row_whose_table_nobody_knows_every_one_stays() -> None:
    written = change("updateTableValue", row_id=5, field_id=1, value="a")
    assert list(rows_meant([written])) == [Pin("me", "rows/", 5)]


@pytest.mark.parametrize("state", ["done", "refused", "undone", "dropped"])
def test_what_is_settled_holds_nothing(state: State) -> None:
    settled = change("createOrUpdateTableRow", state, row_id=5, cat_id=3)
    assert list(rows_meant([settled])) == []


@pytest.mark.parametrize("state", ["waiting", "sending", "unknown"])
def test_what_is_open_in_any_way_holds_its_row(state: State) -> None:
    opened = change("createOrUpdateTableRow", state, row_id=5, cat_id=3)
    assert len(list(rows_meant([opened]))) == 2


async def test_what_is_kept_stays_within_its_room_and_what_waits_stays_in_it(
    tmp_path: Path,
) -> None:
    with EmbeddedServer(services=["timetonic"]) as server:
        workspace = workspace_of(server, tmp_path, store__megabytes="4")
    owner = workspace.connections.account("timetonic")
    waits = change("createOrUpdateTableRow", owner=owner, row_id=5, cat_id=3)
    workspace.history.changes.begin([waits])
    for name, count in (("rows/3/", 400), ("rows/4/", 5000)):
        kept = workspace.mirror.collection(owner, name)
        kept.begin(SHAPE)
        for first in range(0, count, 200):
            made = [Record(n, (f"{n}",), (), b"x" * 1000) for n in range(first, first + 200)]
            kept.put(made, SHAPE, first=first)
    kept = workspace.mirror.collection(owner, "rows/3/")
    assert kept.record(5) is not None
    assert kept.record(6) is None
    filling = making.filling(workspace)
    for part in range(30):
        documents = [Document("row", f"{part} {n}", f"boat {part} {n} " * 9) for n in range(200)]
        filling._index.put(owner, f"rows/4/{part}", documents)
    sizes = workspace.mirror.size().bytes, filling._index.size
    assert all(MEGABYTE < size < 2.3 * MEGABYTE for size in sizes), sizes
    assert workspace.keeping.size().search == sizes[1]
    filling.close()
    await workspace.close()
