"""Who asks for rows in an order and is gone before they come leaves no file open."""

from __future__ import annotations

import asyncio
import threading
from datetime import UTC
from random import Random

import pytest

from tests.patient import MOST_SECONDS
from tests.workspace.books.any_tables import silent
from tests.workspace.books.service import OneTable, kept_nowhere
from tui.services.timetonic import Cell, Field, TableRow
from tui.store.mirror.ordered import Ordered
from tui.store.mirror.troubles import Lost
from tui.store.mirror.wishes import Wish


async def test_what_is_opened_for_nobody_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    table = OneTable([Field(id=1, name="Name", type="shorttext", order=0)], Random(1))
    table.put(TableRow(id=1, cells={1: Cell(value="Sula")}))
    kept = kept_nowhere(table, UTC)
    assert await kept.gather(silent)
    opened: list[Ordered] = []
    stands_open, left = threading.Event(), threading.Event()
    begin = Ordered.begin

    def held(ordered: Ordered) -> Ordered:
        found = begin(ordered)
        opened.append(ordered)
        stands_open.set()
        assert left.wait(MOST_SECONDS)
        return found

    monkeypatch.setattr(Ordered, "begin", held)
    waits = asyncio.create_task(kept.view(Wish()))
    assert await asyncio.to_thread(stands_open.wait, MOST_SECONDS)
    waits.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waits
    left.set()

    def lost(_ordered: Ordered, _row: int, _place: int) -> int:
        raise Lost

    monkeypatch.setattr(Ordered, "place_of", lost)
    await kept.view(Wish(), 1)
    # Every thread has ended once this has come back.
    await asyncio.get_running_loop().shutdown_default_executor()
    assert len(opened) > 1
    assert {one._connection for one in opened} == {None}
