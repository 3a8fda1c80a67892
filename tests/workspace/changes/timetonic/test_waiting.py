"""Changes that cannot leave wait, go out in order, and are looked at again."""

from __future__ import annotations

import pytest

from tests.workspace.changes.timetonic.tables import (
    book_of,
    field_of,
    held,
    messages,
    sending,
    unreachable,
)
from tui.services.timetonic import TableValues, TimeTonic
from tui.services.transport import Transport
from tui.services.wire import Request, Response
from tui.workspace.books.books import Place
from tui.workspace.books.cells import typed
from tui.workspace.changes.history import Waiting
from tui.workspace.workspace import Workspace


async def test_without_a_network_writes_wait_and_go_out_in_order(
    workspace: Workspace, table: tuple[Place, TableValues]
) -> None:
    place, values = table
    task, rows = field_of(values, "Task"), values.rows
    book, talk = await book_of(workspace, "regates"), workspace.books.talk
    mine = next(one for one in reversed(await messages(workspace)) if one.author == "demo")
    before = [one.text for one in await messages(workspace) if one.smid != mine.smid]
    desk = workspace.books.rows
    with unreachable():
        for attempt in (
            desk.write_cell(place, values.fields, rows[0], task, "mine"),
            desk.add(place, {task.id: "new"}),
            desk.delete(place, values.fields, rows[1]),
            talk.send(book, "first"),
            talk.send(book, "second"),
            talk.delete(book, mine),
        ):
            with pytest.raises(Waiting):
                await attempt
    shown = [
        (one.row_id, {name: cell.value for name, cell in one.cells.items()}, one.deletes)
        for one in await desk.waiting(place, values.fields)
    ]
    assert shown == [
        (rows[0].id, {task.id: "mine"}, False),
        (None, {task.id: "new"}, False),
        (rows[1].id, {}, True),
    ]
    said = [(one.smid, one.text, one.deletes) for one in await talk.waiting(book)]
    assert said == [(None, "first", False), (None, "second", False), (mine.smid, "", True)]
    other = await book_of(workspace, "seabright-fleet")
    assert await talk.waiting(other) == []
    assert await workspace.history.outbox.send_all() == 6
    assert await desk.waiting(place, values.fields) == []
    assert await talk.waiting(book) == []
    assert await held(workspace, place, rows[0].id, task) == "mine"
    assert await desk.row(place, rows[1].id) is None
    assert [one.text for one in await messages(workspace)] == [*before, "first", "second"]


async def test_ones_own_earlier_changes_are_no_conflict_when_they_all_waited(
    workspace: Workspace, table: tuple[Place, TableValues]
) -> None:
    place, values = table
    task, (row, other) = field_of(values, "Task"), values.rows[:2]
    before = typed(task, row.cells[task.id])
    desk = workspace.books.rows
    with unreachable():
        for attempt in (
            desk.write_cell(place, values.fields, row, task, "once"),
            desk.write_cell(place, values.fields, row, task, "twice"),
            desk.delete(place, values.fields, other, row),
        ):
            with pytest.raises(Waiting):
                await attempt
    assert await workspace.history.outbox.send_all() == 3
    assert await desk.row(place, row.id) is None
    assert await desk.row(place, other.id) is None
    await workspace.history.undo()
    assert await held(workspace, place, row.id, task) == "twice"
    assert await desk.row(place, other.id) is not None
    for expected in ("once", before):
        await workspace.history.undo()
        assert await held(workspace, place, row.id, task) == expected


async def test_rows_are_not_deleted_before_what_waits_on_them(
    workspace: Workspace, table: tuple[Place, TableValues]
) -> None:
    place, values = table
    task, (row, other) = field_of(values, "Task"), values.rows[:2]
    with unreachable(), pytest.raises(Waiting):
        await workspace.books.rows.write_cell(place, values.fields, row, task, "mine")
    with pytest.raises(Waiting, match="behind an earlier"):
        await workspace.books.rows.delete(place, values.fields, row, other)
    assert await workspace.books.rows.row(place, other.id) is not None
    assert await workspace.history.outbox.send_all() == 2
    assert await workspace.books.rows.row(place, row.id) is None


async def test_what_is_on_its_way_is_not_there_yet(
    workspace: Workspace, table: tuple[Place, TableValues]
) -> None:
    place, values = table
    task, row = field_of(values, "Task"), values.rows[0]
    seen: list[int] = []
    send = Transport.send

    async def look(self: Transport, request: Request) -> Response:
        if ("req", "createOrUpdateTableRow") in (request.form or ()):
            seen.append(len(await workspace.books.rows.waiting(place, values.fields)))
        return await send(self, request)

    with sending(look):
        await workspace.books.rows.write_cell(place, values.fields, row, task, "mine")
    assert seen == [1]
    assert await workspace.books.rows.waiting(place, values.fields) == []


async def test_a_message_does_not_pass_one_that_waits(workspace: Workspace) -> None:
    book, talk = await book_of(workspace, "regates"), workspace.books.talk
    with unreachable(), pytest.raises(Waiting):
        await talk.send(book, "first")
    with pytest.raises(Waiting):
        await talk.send(book, "second")
    await workspace.history.outbox.send_all()
    assert [one.text for one in (await messages(workspace))[-2:]] == ["first", "second"]


async def test_what_waited_is_held_where_somebody_changed_it_meanwhile(
    workspace: Workspace, client: TimeTonic, table: tuple[Place, TableValues]
) -> None:
    place, values = table
    task, row = field_of(values, "Task"), values.rows[0]
    with unreachable(), pytest.raises(Waiting):
        await workspace.books.rows.write_cell(place, values.fields, row, task, "mine")
    await client.update_table_value(row.id, task.id, "theirs")
    assert await workspace.history.outbox.send_all() == 0
    (waiting,) = await workspace.history.outbox.still_open()
    assert (waiting.held, waiting.theirs) == (True, {str(task.id): "theirs"})
    assert await held(workspace, place, row.id, task) == "theirs"
