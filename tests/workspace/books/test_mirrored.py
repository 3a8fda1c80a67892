"""A table that a book mirrors from another: shown, read and written through its tab."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.deck import workspace_of
from tests.harness import EmbeddedServer
from tests.workspace.books.service import all_rows, filled_cells
from tui.services.left_out import collecting, sentences
from tui.workspace.books.books import Place, table_places
from tui.workspace.workspace import Workspace


@pytest.fixture(scope="module")
def server() -> Iterator[EmbeddedServer]:
    with EmbeddedServer(services=["timetonic"]) as running:
        yield running


@pytest.fixture
async def workspace(server: EmbeddedServer, tmp_path: Path) -> AsyncIterator[Workspace]:
    server.reset()
    made = workspace_of(server, tmp_path)
    yield made
    await made.close()


async def places_of(workspace: Workspace, b_c: str) -> list[Place]:
    shelf = (await workspace.books.shelf()).value
    book = next(one for one in shelf.books if one.b_c == b_c)
    return table_places(book, (await workspace.books.tables(book)).value)


async def mirrors(workspace: Workspace) -> list[Place]:
    shelf = (await workspace.books.shelf()).value
    found = []
    for book in shelf.open_books():
        tables = (await workspace.books.tables(book)).value
        found += [one for one in table_places(book, tables) if one.tab_id is not None]
    return found


async def test_a_mirrored_table_is_shown_and_written_through_its_tab(workspace: Workspace) -> None:
    [mirror] = await mirrors(workspace)
    home = next(
        one
        for one in await places_of(workspace, "seabright-fleet")
        if one.table.id == mirror.table.id
    )
    assert home.tab_id is None
    assert mirror.book.b_c != home.book.b_c
    assert mirror.key != home.key
    rows = workspace.books.rows
    shown = (await rows.page(mirror)).value
    # Its tab shows a view of it: only what is open.
    assert 0 < len(shown.rows) < (home.table.row_count or 0)
    every = await all_rows(rows, mirror)
    assert filled_cells(every[: len(shown.rows)]) == filled_cells(shown.rows)
    field = next(one for one in shown.fields if one.type == "shorttext" and not one.choices)
    await rows.write_cell(mirror, shown.fields, shown.rows[0], field, "By the mirror")
    there = await rows.row(home, shown.rows[0].id)
    assert there is not None
    assert there.cells[field.id].value == "By the mirror"
    await workspace.history.undo()
    back = await rows.row(mirror, shown.rows[0].id)
    assert back is not None
    assert back.cells.get(field.id) == shown.rows[0].cells.get(field.id)


async def test_all_that_is_asked_and_written_names_the_tab(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    [mirror] = await mirrors(workspace)
    client = await workspace.connections.timetonic()
    sent: list[dict[str, object]] = []
    post = client.post_raw

    async def noted(request: str, parameters: dict[str, object], *more: object) -> object:
        sent.append({"req": request, **parameters})
        return await post(request, parameters, *more)  # type: ignore[arg-type]

    monkeypatch.setattr(client, "post_raw", noted)
    rows = workspace.books.rows
    shown = (await rows.page(mirror)).value
    made = await rows.add(mirror, {shown.fields[0].id: "New"})
    row = await rows.row(mirror, made)
    assert row is None or row.id == made
    await rows.delete(mirror, shown.fields, shown.rows[0])
    assert [one["req"] for one in sent] == [
        "getTableValues", "createOrUpdateTableRow", "getTableValues", "getTableValues",
        "getTableValues", "deleteTableRow",
    ]  # fmt: skip
    assert {one["tabId"] for one in sent} == {mirror.tab_id}


async def test_a_row_that_left_the_view_of_its_mirror_is_still_put_back(
    workspace: Workspace,
) -> None:
    [mirror] = await mirrors(workspace)
    rows = workspace.books.rows
    shown = (await rows.page(mirror)).value
    status = next(one for one in shown.fields if one.name == "Status")
    row = shown.rows[0]
    await rows.write_cell(mirror, shown.fields, row, status, "Cancelled")
    assert await rows.row(mirror, row.id) is None, "the mirror shows only what is open"
    assert await workspace.history.undo() is not None
    assert await rows.row(mirror, row.id) is not None


async def test_a_mirror_that_may_not_be_seen_is_counted(
    workspace: Workspace, server: EmbeddedServer
) -> None:
    [mirror] = await mirrors(workspace)
    with server.context.database.write() as connection:
        connection.execute(
            "DELETE FROM timetonic_member WHERE book_id ="
            " (SELECT book_id FROM timetonic_table WHERE id = ?)",
            (mirror.table.id,),
        )
    with collecting() as notes:
        answer = await workspace.books.tables(mirror.book)
    assert answer.value.mirrored == []
    said = [f"1 of 1 mirrored tables could not be read: tab {mirror.tab_id}"]
    assert sentences(notes) == sentences(answer.left_out) == said
    # And so it is said of the kept answer, until a fresh one has them all.
    with collecting() as notes:
        await workspace.books.kept_tables(mirror.book)
    assert sentences(notes) == said


async def test_a_row_that_was_made_is_made_whatever_is_told_of_it(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    [place, *_] = await places_of(workspace, "seabright-fleet")
    fields = (await workspace.books.rows.page(place)).value.fields
    client = await workspace.connections.timetonic()
    post = client.post

    async def silent(request: str, *more: object) -> object:
        answer = await post(request, *more)  # type: ignore[arg-type]
        return {**answer, "rows": [], "newRows": []}

    monkeypatch.setattr(client, "post", silent)
    assert await workspace.books.rows.add(place, {fields[0].id: "Albatross"}) is None
    plan = await workspace.history.undoing.next_undo()
    assert plan is not None
    assert plan.cannot == "The service did not tell the id of what it made."
