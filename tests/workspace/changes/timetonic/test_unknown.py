"""What became of changes whose answer was lost is found by its effect."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from msgspec.structs import replace

from tests.workspace.changes.timetonic.tables import (
    book_of,
    field_of,
    held,
    lost,
    messages,
    open_table,
)
from tui.services.errors import OutcomeUnknown, Refused
from tui.services.timetonic import TableValues, TimeTonic
from tui.workspace.books.books import Place
from tui.workspace.books.cells import sent_value, typed
from tui.workspace.changes.timetonic.talk import find_comment_deletion
from tui.workspace.workspace import Workspace


async def change_cell(workspace: Workspace) -> None:
    place, values = await open_table(workspace)
    task = field_of(values, "Task")
    await workspace.books.rows.write_cell(place, values.fields, values.rows[0], task, "mine")


async def change_link(workspace: Workspace) -> None:
    place, values = await open_table(workspace)
    boat = field_of(values, "Boat")
    boats, listed = await open_table(workspace, "Boats")
    sent = sent_value(boat, [{"row_id": listed.rows[1].id, "value": listed.rows[1].name}])
    del boats
    row = values.rows[0]
    await workspace.books.rows.write_cell(place, values.fields, row, boat, sent)


async def add_row(workspace: Workspace) -> None:
    place, values = await open_table(workspace)
    await workspace.books.rows.add(place, {field_of(values, "Task").id: "A new one"})


async def add_value_as_text(workspace: Workspace) -> None:
    client = await workspace.connections.timetonic()
    _place, values = await open_table(workspace)
    due, row = field_of(values, "Due"), values.rows[0]
    call = partial(client.update_table_value, row.id, due.id, "2031-02-03")
    await workspace.history.write("Change a day", call)


async def change_rows(workspace: Workspace) -> None:
    client = await workspace.connections.timetonic()
    place, values = await open_table(workspace)
    task = str(field_of(values, "Task").id)
    wanted = {str(values.rows[0].id): {task: "old one"}, "tmp1": {task: "new one"}}
    call = partial(client.create_or_update_table_rows, wanted, cat_id=place.table.id)
    await workspace.history.write("Change rows", call)


async def delete_row(workspace: Workspace) -> None:
    place, values = await open_table(workspace)
    await workspace.books.rows.delete(place, values.fields, values.rows[0])


async def send_message(workspace: Workspace) -> None:
    await workspace.books.talk.send(await book_of(workspace, "regates"), "A new one")


async def change_message(workspace: Workspace) -> None:
    mine = next(one for one in reversed(await messages(workspace)) if one.author == "demo")
    book = await book_of(workspace, "regates")
    await workspace.books.talk.change(book, mine, "Another text")


async def delete_message(workspace: Workspace) -> None:
    mine = next(one for one in reversed(await messages(workspace)) if one.author == "demo")
    await workspace.books.talk.delete(await book_of(workspace, "regates"), mine)


async def comment(workspace: Workspace) -> None:
    place, values = await open_table(workspace)
    field = field_of(values, "Comments")
    await workspace.books.rows.comment(place, field, values.rows[0].id, "A new one")


async def mark_read(workspace: Workspace) -> None:
    book = await book_of(workspace, "regates")
    smid = max(one.smid for one in await messages(workspace))
    await workspace.books.talk.mark_read(book, smid)


UNKNOWN = [
    (change_cell, "createOrUpdateTableRow"),
    (change_link, "createOrUpdateTableRow"),
    (add_value_as_text, "updateTableValue"),
    (add_row, "createOrUpdateTableRow"),
    (change_rows, "createOrUpdateTableRows"),
    (delete_row, "deleteTableRow"),
    (send_message, "sendMsg"),
    (change_message, "sendMsg"),
    (delete_message, "deleteMsg"),
    (comment, "editTableValueComments"),
    (mark_read, "markBooksMessagesAsRead"),
]


@pytest.mark.parametrize("made", [True, False], ids=["made", "not made"])
@pytest.mark.parametrize(
    ("change", "request_name"), UNKNOWN, ids=[change.__name__ for change, _ in UNKNOWN]
)
async def test_what_became_of_a_change_is_found_by_its_effect(
    workspace: Workspace,
    change: Callable[[Workspace], Any],
    request_name: str,
    made: bool,
) -> None:
    with lost(request_name, made=made), pytest.raises(OutcomeUnknown):
        await change(workspace)
    (unknown,) = await workspace.history.outbox.still_open()
    assert unknown.state == "unknown"
    left = await workspace.history.outbox.recover()
    assert [one.id for one in left] == ([] if made else [unknown.id])
    if not made:
        assert await workspace.history.outbox.again(unknown.id)
    (now, *_) = workspace.history.changes.newest(1)
    assert now.state == "done"
    plan = await workspace.history.undoing.next_undo()
    assert plan is not None
    if "unread" in plan.cannot:
        return
    assert not plan.cannot
    await workspace.history.undo()
    assert await workspace.history.outbox.still_open() == []


async def test_an_undo_of_which_nobody_knows_the_outcome_is_found_too(
    workspace: Workspace, table: tuple[Place, TableValues]
) -> None:
    place, values = table
    task, row = field_of(values, "Task"), values.rows[0]
    book, talk = await book_of(workspace, "regates"), workspace.books.talk
    before = [one.text for one in await messages(workspace)]
    await talk.send(book, "one")
    await talk.change(book, (await messages(workspace))[-1], "two")
    await talk.delete(book, (await messages(workspace))[-1])
    with lost("sendMsg", made=True), pytest.raises(OutcomeUnknown):
        await workspace.history.undo()
    assert await workspace.history.outbox.recover() == []
    assert [one.text for one in await messages(workspace)] == [*before, "two"]
    # What was done to it before means the message that is there now.
    await workspace.history.undo()
    assert [one.text for one in await messages(workspace)] == [*before, "one"]
    await workspace.books.rows.delete(place, values.fields, row)
    with lost("rollBackBeforeChange", made=True), pytest.raises(OutcomeUnknown):
        await workspace.history.undo()
    assert await workspace.history.outbox.recover() == []
    assert await held(workspace, place, row.id, task) == typed(task, row.cells[task.id])


@pytest.mark.parametrize("made", [True, False], ids=["made", "not made"])
async def test_rows_that_are_taken_back_are_gone_before_that_counts_as_done(
    workspace: Workspace, table: tuple[Place, TableValues], made: bool
) -> None:
    place, values = table
    task, row = field_of(values, "Task"), values.rows[0]
    client, history = await workspace.connections.timetonic(), workspace.history

    async def new_ones() -> set[int]:
        listed = await client.list_table_rows_by_id(place.table.id, max_rows=1_000)
        return {one.id for one in listed.rows if one.name in ("old one", "new one")}

    await change_rows(workspace)
    assert len(await new_ones()) == 2
    with lost("deleteTableRow", made=made), pytest.raises(OutcomeUnknown):
        await history.undo()
    left = await history.outbox.recover()
    # The changed row has its old value; the new one is there or not.
    assert await held(workspace, place, row.id, task) == typed(task, row.cells[task.id])
    assert len(await new_ones()) == len(left) == (0 if made else 1)
    if left:
        plan = await history.undoing.plan_of(history.changes.newest(2)[1])
        with pytest.raises(Refused, match="nobody knows whether it was done: look at it in Chang"):
            await history.undoing.undo(plan)
        assert await history.outbox.again(left[0].id)
    assert await new_ones() == set()
    assert [one.state for one in history.changes.newest(2)] == ["done", "undone"]
    assert await history.outbox.still_open() == []
    await history.redo()
    assert len(await new_ones()) == 2


async def test_a_second_row_like_it_keeps_a_new_one_from_being_taken_for_it(
    workspace: Workspace, client: TimeTonic, table: tuple[Place, TableValues]
) -> None:
    place, values = table
    with lost("createOrUpdateTableRow", made=True), pytest.raises(OutcomeUnknown):
        await add_row(workspace)
    task = str(field_of(values, "Task").id)
    await client.create_or_update_table_row(field_values={task: "A new one"}, cat_id=place.table.id)
    assert len(await workspace.history.outbox.recover()) == 1


async def test_a_comment_that_is_taken_back_by_its_text_is_looked_for_by_its_text(
    workspace: Workspace, client: TimeTonic, table: tuple[Place, TableValues]
) -> None:
    _, values = table
    field, row = field_of(values, "Comments"), values.rows[0]
    await comment(workspace)
    said = {"row_id": row.id, "field_id": field.id, "comment": "A new one", "known": []}
    (change, *_) = workspace.history.changes.newest(1)
    assert await find_comment_deletion(client, replace(change, arguments=said)) is None
    await workspace.history.undo()
    assert await find_comment_deletion(client, replace(change, arguments=said)) == {}
