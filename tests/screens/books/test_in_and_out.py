"""A table out of the deck and in again, copied in a form, and its columns described."""

from __future__ import annotations

import asyncio
import csv
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from textual import events
from textual.pilot import Pilot

from tests.deck import deck_of, gone, opened, screen_text, seen, unreachable, until
from tests.harness import EmbeddedServer
from tests.screens.books.steps import open_table, stored
from tests.workspace.changes.timetonic.tables import sending
from tui.app import Tockdeck
from tui.screens.books import leaving, pasting
from tui.services.transport import Transport
from tui.services.wire import Request, Response
from tui.workspace.books.into.pasted import MOST_ROWS
from tui.workspace.books.out.export import Written, write
from tui.workspace.search.feed import REST
from tui.workspace.workspace import Workspace

PARTS = 3
WIDE = (160, 40)


async def export_as_csv(pilot: Pilot[Any], file: Path) -> None:
    """Write what is shown to a file, by the keys of a person."""
    await pilot.press("E")
    await seen(pilot, "All of it")
    await pilot.press("enter")
    await seen(pilot, "Export as")
    await pilot.press("enter")
    await seen(pilot, "Export the table")
    await pilot.press("ctrl+u", *str(file), "enter")


async def bring_in(pilot: Pilot[Any], file: Path, how: str = "By their row ids") -> None:
    """Name a file that is to come in, and take what is offered first for `how` it does."""
    await pilot.press("I")
    await seen(pilot, "CSV, TSV, XLSX, ODS or JSON")
    await pilot.press("ctrl+u", *str(file), "enter")
    await seen(pilot, how)
    await pilot.press("enter")


async def test_a_table_leaves_and_comes_in_again(
    server: EmbeddedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.reset()
    rested: list[float] = []

    async def look(*words: Any) -> Written:
        rested.append(app.workspace.feed._rest())
        return await write(*words)

    monkeypatch.setattr(leaving, "write", look)
    file = tmp_path / "parts.csv"
    app = deck_of(server, tmp_path, "books")
    async with opened(app, WIDE) as pilot:
        await open_table(pilot, PARTS, "Shackle, bow 1")
        await pilot.press("slash", *"price>400", "enter")
        await seen(pilot, "of 650 match")
        shown = sum(row["Price"] > 400 for row in stored(server, "Parts inventory"))
        await export_as_csv(pilot, file)
        await seen(pilot, f"{shown} rows as of ")
        assert rested == [REST], "the index of the search goes on once it is written"
        rows = list(csv.reader(StringIO(file.read_text(), newline="")))
        assert len(rows) == shown + 1
        stock = rows[0].index("In stock")
        rows[1][stock] = "999999"
        rows[2][stock] = "many"
        with file.open("w", newline="") as out:
            csv.writer(out, delimiter=";").writerows(rows)
        await bring_in(pilot, file)
        await seen(pilot, "line 3, In stock: 'many' is no number")
        await pilot.press("enter")
        await seen(pilot, "1 row stays out")
        await pilot.press("y")
        await seen(pilot, "1 row was written.")
        assert 999999 in [row["In stock"] for row in stored(server, "Parts inventory")]
        await seen(pilot, "Undo: Import 1 row")
        await pilot.press("u")
        await seen(pilot, "Undone: Import 1 row")
        assert 999999 not in [row["In stock"] for row in stored(server, "Parts inventory")]


async def test_a_table_leaves_without_the_service_with_its_age_and_what_it_lacks(
    server: EmbeddedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.reset()
    monkeypatch.chdir(tmp_path)
    file = Path("parts.csv")  # what is said of it stands whole on one line
    app = deck_of(server, tmp_path, "books", timetonic__events="off")
    async with opened(app, WIDE) as pilot:
        await open_table(pilot, PARTS, "Shackle, bow 1")
        await pilot.press("slash", *"price>400", "enter")
        await seen(pilot, "of 650 match")
        priced = [row for row in stored(server, "Parts inventory") if row["Price"] > 400]
        with unreachable():
            await pilot.press("e", "end", *" [mine]", "enter")
            await seen(pilot, "1 waiting")
            await export_as_csv(pilot, file)
            await seen(pilot, f"{len(priced)} rows as of ")
            await seen(pilot, "1 change that is not settled yet is not in it.")
    rows = list(csv.DictReader(StringIO(file.read_text(), newline="")))
    assert [row["Part"] for row in rows] == [row["Part"] for row in priced]


async def test_a_block_that_is_too_long_is_refused_before_the_table_is_read_for_it(
    server: EmbeddedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def never(_table: object) -> None:
        raise AssertionError("the table was read")

    monkeypatch.setattr(pasting, "shown_rows", never)
    app = deck_of(server, tmp_path, "books")
    async with opened(app, WIDE) as pilot:
        await open_table(pilot, PARTS, "Shackle, bow 1")
        app.post_message(events.Paste("Bolt\n" * (MOST_ROWS + 1)))
        await seen(pilot, "the block has 10,001 rows: import them as a file")


async def test_an_import_says_how_far_it_is_and_may_be_given_up(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    server.reset()
    file = tmp_path / "bolts.csv"
    file.write_text("Part\n" + "".join(f"Bolt {number}\n" for number in range(30)))
    send, calls, freed = Transport.send, list[int](), asyncio.Event()

    async def hold(self: Transport, request: Request) -> Response:
        if ("req", "createOrUpdateTableRows") in list(request.form or ()):
            calls.append(len(calls))
            if len(calls) == 2:
                answer = await send(self, request)
                # It was made, and its answer does not come.
                await freed.wait()
                return answer
        return await send(self, request)

    app = deck_of(server, tmp_path, "books")
    async with opened(app, WIDE) as pilot:
        await open_table(pilot, PARTS, "Shackle, bow 1")
        before = len(stored(server, "Parts inventory"))
        with sending(hold):
            await bring_in(pilot, file, "Add every row")
            await seen(pilot, "30 rows to add")
            await pilot.press("y")
            await seen(pilot, "10 of 30 rows written")
            await until(pilot, lambda: len(stored(server, "Parts inventory")) == before + 20)
            await pilot.press("escape")
            await seen(pilot, "Given up: 20 of 30 rows were added. u takes them back.")
        assert len(calls) == 2
        await seen(pilot, "Undo: Import 30 rows")
        await pilot.press("u")
        await seen(pilot, "Undone: Import 30 rows")
        assert len(stored(server, "Parts inventory")) == before


async def test_a_column_is_described_and_rows_are_copied_in_a_form(
    server: EmbeddedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.reset()
    copied: list[str] = []

    async def copy(_app: Tockdeck, text: str, *_more: object) -> str:
        copied.append(text)
        return "Copied."

    monkeypatch.setattr("tui.screens.clipboard.copy", copy)
    app = deck_of(server, tmp_path, "books")
    async with opened(app, WIDE) as pilot:
        grid = await open_table(pilot, PARTS, "Shackle, bow 1")
        rows = stored(server, "Parts inventory")
        await pilot.press("space", "c")
        await seen(pilot, "The row as JSON")
        await pilot.press("enter")
        await until(pilot, lambda: bool(copied), "it is copied")
        header, first = copied[0].splitlines()
        assert header.startswith("Part\t")
        assert first.startswith("Shackle, bow 1")
        await pilot.press("c")
        await seen(pilot, "Part of every row")
        await pilot.press("G", "enter")
        await until(pilot, lambda: len(copied) == 2, "the column is copied")
        assert len(copied[1].splitlines()) == 651
        await pilot.press("l", "l", "i")
        await seen(pilot, "In stock: 650 rows")
        total = sum(row["In stock"] for row in rows)
        await seen(pilot, f"sum {total:,}")
        await pilot.press("j", "j", "enter")
        await seen(pilot, "Columns of Parts inventory")
        assert "commonest" in screen_text(pilot)
        # From there to the values of one of them.
        await pilot.press("j", "j", "enter")
        await seen(pilot, "In stock: 650 rows")
        await gone(pilot, "Columns of Parts inventory")
        await pilot.press("escape")
        await gone(pilot, "In stock: 650 rows")
        await pilot.press("i")
        await seen(pilot, "In stock: 650 rows")
        await pilot.press("j", "j", "j", "enter")
        counts = [row["In stock"] for row in rows]
        most = max(counts.count(one) for one in counts)
        await seen(pilot, f"{most} of 650 match “In stock=")
        assert grid.row_count == most


async def test_a_file_that_was_brought_in_already_is_asked_about(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    server.reset()
    file = tmp_path / "parts.csv"
    file.write_text("Part\nNew 1\nNew 2\n")
    app = deck_of(server, tmp_path, "books")

    def written() -> list[str]:
        return sorted(
            row["Part"] for row in stored(server, "Parts inventory") if row["Part"][:4] == "New "
        )

    async with opened(app, WIDE) as pilot:
        await open_table(pilot, PARTS, "Shackle, bow 1")
        await bring_in(pilot, file, "Add every row")
        await seen(pilot, "takes all of it back")
        await pilot.press("y")
        await seen(pilot, "2 rows were added.")
        await bring_in(pilot, file, "Add every row")
        await seen(pilot, "Written before, today", "all of 2 rows ─")
        await pilot.press("escape")
        await gone(pilot, "Written before, ")
        await bring_in(pilot, file, "Add every row")
        await seen(pilot, "Only those that did not")
        await pilot.press("enter")
        await seen(pilot, "All rows of the file were written before: nothing was sent.")
        assert written() == ["New 1", "New 2"]
        await bring_in(pilot, file, "Add every row")
        await seen(pilot, "All of them once more")
        await pilot.press("down", "enter")
        await seen(pilot, "takes all of it back")
        await pilot.press("y")
        await until(pilot, lambda: len(written()) == 4, "they are there twice, as was said")


async def test_an_import_is_compared_with_what_others_have_written_meanwhile(
    server: EmbeddedServer, tmp_path: Path, other: Workspace
) -> None:
    server.reset()
    file = tmp_path / "stock.csv"
    app = deck_of(server, tmp_path, "books", timetonic__events="off")
    async with opened(app, WIDE) as pilot:
        grid = await open_table(pilot, PARTS, "Shackle, bow 1")
        await pilot.press("slash", *"price>400", "enter")
        await seen(pilot, "of 650 match")
        await until(pilot, lambda: bool(grid.source.key(0)), "the first row is here")
        row = int(grid.source.key(0))
        stock = next(one.key for one in grid.columns if one.title == "In stock")
        client = await other.connections.timetonic()
        await client.update_table_value(row, int(stock), 4242)
        file.write_text(f"row id,In stock\n{row},7\n")
        await bring_in(pilot, file)
        await seen(pilot, "1 to change")
        await pilot.press("y")
        await seen(pilot, "1 row was written.")
        await pilot.press("u")
        await seen(pilot, "Undone: Import 1 row")
        (now,) = [one for one in stored(server, "Parts inventory") if one["id"] == row]
        assert now["In stock"] == 4242


@pytest.mark.parametrize("count", [3, 300])
async def test_what_others_write_while_an_import_is_asked_about_is_not_written_over_unseen(
    server: EmbeddedServer, tmp_path: Path, other: Workspace, count: int
) -> None:
    server.reset()
    file = tmp_path / "stock.csv"
    app = deck_of(server, tmp_path, "books", timetonic__events="off")
    async with opened(app, WIDE) as pilot:
        grid = await open_table(pilot, PARTS, "Shackle, bow 1")
        stock = next(one.key for one in grid.columns if one.title == "In stock")
        before = stored(server, "Parts inventory")
        rows = [one["id"] for one in before[:count]]
        client = await other.connections.timetonic()

        async def asked(value: int) -> None:
            lines = "".join(f"{row},{value}\n" for row in rows)
            file.write_text(f"row id,In stock\n{lines}")
            await bring_in(pilot, file)
            await seen(pilot, f"{count} to change")

        def now() -> list[object]:
            return [one.get("In stock") for one in stored(server, "Parts inventory")[:count]]

        await asked(4001)
        await client.update_table_value(rows[1], int(stock), 77)
        await pilot.press("y")
        await seen(pilot, "Somebody else has changed 1 cell of these meanwhile")
        await pilot.press("n")
        await seen(pilot, f"{count - 1} rows were written.")
        assert now() == [4001, 77, *[4001] * (count - 2)]
        await pilot.press("u")
        await seen(pilot, f"Undone: Import {count - 1} rows")
        left = [one.get("In stock") for one in before[:count]]
        await until(pilot, lambda: now() == [left[0], 77, *left[2:]])
        await asked(4002)
        await client.update_table_value(rows[0], int(stock), 78)
        await client.delete_table_row(rows[2])
        await pilot.press("y")
        await seen(pilot, "Somebody else has changed 1 cell of these meanwhile")
        await pilot.press("y")
        await seen(pilot, f"{count - 1} rows were written.")
        await pilot.press("u")
        await seen(pilot, f"Undone: Import {count - 1} rows")
        await until(pilot, lambda: now()[:2] == [78, 77], "theirs is there again")


@pytest.mark.parametrize(("keys", "taken"), [("", 0.63), ("j", 0.0063), ("jj", None)])
async def test_so_many_of_a_hundred_are_asked_about_where_a_number_is_plain(
    server: EmbeddedServer, tmp_path: Path, keys: str, taken: float | None
) -> None:
    server.reset()
    app = deck_of(server, tmp_path, "books", timetonic__events="off")
    async with opened(app, WIDE) as pilot:
        await open_table(pilot, PARTS, "Shackle, bow 1")
        before = stored(server, "Parts inventory")[0]
        file = tmp_path / "rates.csv"
        file.write_text(f"row id,Price\n{before['id']},0.63%\n")
        await bring_in(pilot, file)
        await seen(pilot, "Price is a plain number: how is 0.63% taken?")
        await pilot.press(*keys, "enter")
        if taken is None:
            await seen(pilot, "What the file would change", "numbers with a decimal point")
            assert "--percent" not in screen_text(pilot)
            return
        await seen(pilot, "1 to change")
        await pilot.press("y")
        await seen(pilot, "1 row was written.")
        assert float(stored(server, "Parts inventory")[0]["Price"]) == taken
