"""Keys about rows that are on their way: they wait for them, or it is said why they cannot."""

from __future__ import annotations

import asyncio
import inspect
import re
from pathlib import Path
from typing import Any

import pytest
from textual import events

from tests.deck import LOOK_SECONDS, deck_of, opened, screen_text, seen, until
from tests.harness import EmbeddedServer
from tests.screens.books.steps import books_of, open_table, stored
from tui.screens.books.arriving import ABOUT_ROWS
from tui.screens.books.opened import OpenTable
from tui.screens.books.table import TablePane
from tui.services.errors import ServiceError
from tui.widgets.cell_editor import CellEditor
from tui.workspace.books.kept_rows import KeptRows

PARTS = 3
WAITS = "Reading this row"
KEYS = (("y", "characters to", 0), ("enter", "Part of", 1), ("d", "values back.", 1),
        ("V", "row above or below", 0))  # fmt: skip
"""Each with what is read once the row is here, and whether esc closes that."""


async def test_a_key_waits_for_the_row_that_it_is_about(
    server: EmbeddedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.reset()
    app = deck_of(server, tmp_path, "books", timetonic__events="off")
    fetch, gate, fails = OpenTable.fetch, asyncio.Event(), False

    async def late(self: OpenTable, page: int, **more: Any) -> bool:
        await gate.wait()
        if fails:
            raise ServiceError("The service went away", service="timetonic")
        return await fetch(self, page, **more)

    monkeypatch.setattr(OpenTable, "fetch", late)
    async with opened(app, (160, 40)) as pilot:
        grid = await open_table(pilot, PARTS, "Shackle, bow 1")
        table, rows = books_of(app).table, stored(server, "Parts inventory")
        # As after an undo, when the cursor went on while the rows were read: what it is on now
        # is not among those that came.
        await pilot.press("G")
        await until(pilot, lambda: grid.cursor_row == 649 and not grid.cursor_key)
        await pilot.press("y")
        await seen(pilot, WAITS)
        gate.set()
        await seen(pilot, "characters to")
        assert table._copied == rows[-1]["Part"]

        async def gone() -> None:
            """The cursor's row is not here, and on its way."""
            gate.clear()
            assert table.opened is not None
            assert table.opened.source is not None
            table.opened.source.clear()
            grid.rows_changed()
            await until(pilot, lambda: not grid.cursor_key and bool(table._fetching))

        titles = {one.title: one.key for one in grid.columns}
        grid.move_to(299, titles["Part"])
        await until(pilot, lambda: grid.cursor_key == str(rows[299]["id"]))
        for key, meant, closes in KEYS:
            await gone()
            await pilot.press(key)
            await seen(pilot, WAITS)
            gate.set()
            await seen(pilot, meant)
            if closes:
                await pilot.press("escape")
            await until(pilot, lambda: grid.has_focus and WAITS not in screen_text(pilot), key)
        await gone()
        await pilot.press("f2")
        await seen(pilot, WAITS)
        gate.set()
        await until(pilot, lambda: bool(table.query(CellEditor)), "the cell is typed in")
        await pilot.press("escape")
        await until(pilot, lambda: grid.has_focus and not table.query(CellEditor), "given up")
        # A mark is one of the row that the key was pressed on.
        await gone()
        await pilot.press("space")
        await seen(pilot, WAITS)
        gate.set()
        await until(pilot, lambda: grid.marked == {str(rows[299]["id"])}, "it is marked")
        # What is marked is meant wherever it is.
        await pilot.press("g")
        await gone()
        gate.set()
        await until(pilot, lambda: grid.cursor_key == str(rows[0]["id"]), "the first row is here")
        assert table.opened is not None
        assert not table.opened.records(grid.marked)
        await pilot.press("Y")
        await until(pilot, lambda: table._copied.startswith(f"{rows[299]['Part']}\t"))
        # A key behind a filter is about the rows that it leaves.
        view = KeptRows.view

        def waits() -> bool:
            line = table._filter_line
            left = line is not None and not line.display
            return left and [getattr(one, "key", "") for one in app._line] == ["y"]

        async def held(*arguments: Any) -> Any:
            # Nothing tells when a key waits; one that does not is taken at once.
            while not (table._copied or waits()):  # noqa: ASYNC110
                await asyncio.sleep(LOOK_SECONDS)
            return await view(*arguments)

        await pilot.press("slash")
        monkeypatch.setattr(KeptRows, "view", held)
        table._copied = ""
        for key in "anode\ry":
            app.post_message(events.Key("enter" if key == "\r" else key, key))
        found = [row for row in rows if "anode" in str(row).casefold()]
        await until(pilot, lambda: bool(table._copied), "it is copied")
        assert table._copied == found[0]["Part"]
        await pilot.press("escape")
        await until(pilot, lambda: grid.row_count == len(rows), "all are shown")
        # Given up, and refused.
        await gone()
        await pilot.press("y")
        await seen(pilot, WAITS)
        await pilot.press("escape")
        await seen(pilot, "Given up: the row did not come")
        await pilot.press("y")
        await seen(pilot, WAITS)
        fails = True
        gate.set()
        await seen(pilot, "The service went away")
        assert stored(server, "Parts inventory") == rows


def test_every_command_about_rows_waits_for_them() -> None:
    about = {
        name.removeprefix("command_")
        for name, method in inspect.getmembers(TablePane, inspect.isfunction)
        if name.startswith("command_")
        and re.search(r"self\.row\b|self\.marked_rows|self\._paste", inspect.getsource(method))
    }
    # Marked rows that are exported need none under the cursor.
    assert about - {"export"} <= ABOUT_ROWS
