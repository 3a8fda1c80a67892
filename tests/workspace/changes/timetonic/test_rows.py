"""Changes of cells and rows: looked at before, taken back, made again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from tests.deck import workspace_of
from tests.harness import EmbeddedServer
from tests.workspace.changes.timetonic.tables import (
    FLEET,
    field_of,
    held,
    open_table,
    sending,
    unreachable,
)
from tui.screens.changes.texts import entry_text
from tui.services.errors import Refused
from tui.services.timetonic import TableValues, TimeTonic
from tui.services.transport import Transport
from tui.services.wire import Request, Response
from tui.workspace.books import rows as rows_of_tables
from tui.workspace.books.books import Place
from tui.workspace.books.cells import typed, values_of
from tui.workspace.changes.history import Conflict, Gone, Waiting
from tui.workspace.changes.undoing import LEFT
from tui.workspace.changes.words import field_text
from tui.workspace.workspace import Workspace

# -- cells ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["Task", "People", "Checked", "Started", "Due", "Boat", "Hours"])
async def test_a_value_of_every_kind_comes_back_exactly_after_a_restart(
    server: EmbeddedServer,
    workspace: Workspace,
    table: tuple[Place, TableValues],
    tmp_path: Path,
    name: str,
) -> None:
    place, values = table
    field = next((one for one in values.fields if one.name == name), None)
    if field is None:
        field = next(one for one in values.fields if one.type == "double")
    with_one = [row for row in values.rows if typed(field, row.cells.get(field.id)) is not None]
    row = with_one[0]
    before = typed(field, row.cells.get(field.id))
    other = next(
        (found for one in with_one if (found := typed(field, one.cells[field.id])) != before), None
    )
    wanted = "Anode" if name == "Task" else (not before) if name == "Checked" else other
    await workspace.books.rows.write_cell(place, values.fields, row, field, wanted)
    assert await held(workspace, place, row.id, field) == wanted
    await workspace.close()
    again = workspace_of(server, tmp_path)
    try:
        plan = await again.history.undoing.next_undo()
        assert plan is not None
        assert (plan.cannot, plan.inexact) == ("", "")
        await again.history.undo()
        assert await held(again, place, row.id, field) == before
        await again.history.redo()
        assert await held(again, place, row.id, field) == wanted
        await again.history.undo()
        assert await held(again, place, row.id, field) == before
    finally:
        await again.close()


async def test_what_somebody_else_wrote_is_shown_and_not_written_over(
    workspace: Workspace, client: TimeTonic, table: tuple[Place, TableValues]
) -> None:
    place, values = table
    task, row = field_of(values, "Task"), values.rows[0]
    seen = typed(task, row.cells[task.id])
    await client.update_table_value(row.id, task.id, "theirs")
    with pytest.raises(Conflict) as caught:
        await workspace.books.rows.write_cell(place, values.fields, row, task, "mine")
    key = str(task.id)
    conflict = caught.value
    assert (conflict.seen, conflict.theirs, conflict.mine) == (
        {key: seen}, {key: "theirs"}, {key: "mine"},
    )  # fmt: skip
    assert conflict.called == {key: "Task"}
    assert await held(workspace, place, row.id, task) == "theirs"
    assert workspace.history.changes.count() == 0

    async def both(one: Conflict) -> Mapping[str, Any]:
        return {key: f"{one.theirs[key]} and {one.mine[key]}"}

    workspace.history.sender.resolve = both
    await workspace.books.rows.write_cell(place, values.fields, row, task, "mine")
    (change,) = workspace.history.changes.newest(9)
    assert change.field_names == {key: "Task"}
    plan = await workspace.history.undoing.next_undo()
    assert plan is not None
    assert [one.inverse and one.inverse.about for one in plan.changes] == [change.about]
    assert await held(workspace, place, row.id, task) == "theirs and mine"
    await workspace.history.undo()
    assert await held(workspace, place, row.id, task) == "theirs"


async def test_a_change_of_rows_is_read_by_the_names_of_its_columns(
    workspace: Workspace, table: tuple[Place, TableValues]
) -> None:
    place, values = table
    task, (row, *others) = field_of(values, "Task"), values.rows[:4]
    desk, fields = workspace.books.rows, values.fields
    await desk.add(place, {task.id: "made here"}, fields)
    await desk.write_cell(place, fields, row, task, "written here")
    await desk.delete(place, fields, others[0])
    await desk.delete(place, fields, *others[1:])
    several, single, written, added = workspace.history.changes.newest(9)
    every = {str(field.id): field.name for field in fields}
    assert several.field_names == single.field_names == every
    for change in (written, added):
        assert change.field_names == {str(task.id): "Task"}
        text = entry_text(change, None, "", UTC)
        assert "Task" in text
        assert str(task.id) not in text
    assert field_text(f"{row.id}/{task.id}", several.field_names) == f"{row.id}/Task"
    # What was kept before the names were.
    text = entry_text(replace(written, about={}), None, "", UTC)
    assert f"\n  {task.id}\n" in text


async def test_another_field_of_the_row_is_nobodys_conflict_and_is_not_sent(
    workspace: Workspace, client: TimeTonic, table: tuple[Place, TableValues]
) -> None:
    place, values = table
    task, notes, row = field_of(values, "Task"), field_of(values, "Notes"), values.rows[0]
    await client.update_table_value(row.id, notes.id, "theirs")
    await workspace.books.rows.write_cell(place, values.fields, row, task, "mine")
    await workspace.history.undo()
    assert await held(workspace, place, row.id, notes) == "theirs"
    (change, *_) = reversed(workspace.history.changes.newest(9))
    assert set(change.wanted) == {str(task.id)}
    assert change.before is not None
    assert set(change.before) == {str(task.id)}


async def test_a_link_is_the_same_whatever_its_row_is_called_by_now(
    workspace: Workspace, client: TimeTonic, table: tuple[Place, TableValues]
) -> None:
    place, values = table
    boat = field_of(values, "Boat")
    row = next(one for one in values.rows if typed(boat, one.cells.get(boat.id)))
    linked = typed(boat, row.cells[boat.id])[0].row_id
    boats, listed = await open_table(workspace, "Boats")
    await client.update_table_value(linked, listed.fields[0].id, "Renamed", b_o=boats.book.b_o)
    other = next(one for one in listed.rows if one.id != linked)
    sent = [{"row_id": other.id, "value": other.name}]
    await workspace.books.rows.write_cell(place, values.fields, row, boat, sent)
    await client.update_table_value(other.id, listed.fields[0].id, "Also renamed")
    await workspace.history.undo()
    now = await workspace.books.rows.row(place, row.id)
    assert now is not None
    assert [one.row_id for one in typed(boat, now.cells[boat.id])] == [linked]


async def test_one_value_by_its_operation_is_looked_at_though_its_table_is_not_named(
    workspace: Workspace, client: TimeTonic, table: tuple[Place, TableValues]
) -> None:
    place, values = table
    task, row = field_of(values, "Task"), values.rows[0]
    seen = typed(task, row.cells[task.id])
    call = partial(client.update_table_value, row.id, task.id, "mine")
    await workspace.history.write("Change a value", call)
    await workspace.history.undo()
    assert await held(workspace, place, row.id, task) == seen


# -- several rows in one call --------------------------------------------------------------------


async def test_several_rows_are_looked_at_in_one_call_and_taken_back_in_one(
    workspace: Workspace, client: TimeTonic, table: tuple[Place, TableValues]
) -> None:
    place, values = table
    task, notes = field_of(values, "Task"), field_of(values, "Notes")
    rows = values.rows[:5]
    before = [await held(workspace, place, row.id, task) for row in rows]
    asked: list[str] = []
    send = Transport.send

    async def noted(self: Transport, request: Request) -> Response:
        asked.append(dict(request.form)["req"])
        return await send(self, request)

    wanted = {str(row.id): {str(task.id): f"job {row.id}"} for row in rows}
    call = partial(client.create_or_update_table_rows, wanted, cat_id=place.table.id)
    with sending(noted):
        await workspace.history.write("Change 5 rows", call)
    assert asked == ["getTableValues", "createOrUpdateTableRows", "getTableValues"]
    await client.update_table_value(rows[0].id, notes.id, "somebody's")
    plan = await workspace.history.undoing.next_undo()
    assert plan is not None
    assert len(plan.changes) == 1
    await workspace.history.undo()
    assert [await held(workspace, place, row.id, task) for row in rows] == before
    assert await held(workspace, place, rows[0].id, notes) == "somebody's"


async def test_the_order_holds_for_each_row_of_a_call_for_several(
    workspace: Workspace, client: TimeTonic, table: tuple[Place, TableValues]
) -> None:
    place, values = table
    task, (first, second, third) = field_of(values, "Task"), values.rows[:3]
    wanted = {str(row.id): {str(task.id): "earlier"} for row in (first, second)}
    call = partial(client.create_or_update_table_rows, wanted, cat_id=place.table.id)
    with unreachable(), pytest.raises(Waiting):
        await workspace.history.write("Change 2 rows", call)
    with pytest.raises(Waiting, match="behind an earlier"):
        await workspace.books.rows.write_cell(place, values.fields, second, task, "later")
    await workspace.books.rows.write_cell(place, values.fields, third, task, "at once")
    assert await held(workspace, place, third.id, task) == "at once"
    waiting = await workspace.books.rows.waiting(place, values.fields)
    assert [(one.row_id, one.cells[task.id].value) for one in waiting] == [
        (first.id, "earlier"), (second.id, "earlier"), (second.id, "later"),
    ]  # fmt: skip
    assert await workspace.history.outbox.send_all() == 2
    assert await held(workspace, place, first.id, task) == "earlier"
    assert await held(workspace, place, second.id, task) == "later"
    assert await workspace.books.rows.waiting(place, values.fields) == []


async def test_new_rows_among_several_are_deleted_where_nobody_changed_them(
    workspace: Workspace, client: TimeTonic, table: tuple[Place, TableValues]
) -> None:
    place, values = table
    task, row = field_of(values, "Task"), values.rows[0]
    before = typed(task, row.cells[task.id])
    wanted = {str(row.id): {str(task.id): "old one"}, "tmp1": {str(task.id): "new one"}}
    call = partial(client.create_or_update_table_rows, wanted, cat_id=place.table.id)
    written = await workspace.history.write("Change rows", call)
    made = written.new_rows[0].id
    await workspace.history.undo()
    assert await held(workspace, place, row.id, task) == before
    assert await workspace.books.rows.row(place, made) is None
    written = await workspace.history.write("Change rows", call)
    made = written.new_rows[0].id
    await client.update_table_value(made, task.id, "theirs")
    with pytest.raises(Refused, match="somebody else has changed"):
        await workspace.history.undo()
    assert await held(workspace, place, made, task) == "theirs"
    assert await held(workspace, place, row.id, task) == "old one"


async def test_an_action_of_which_a_call_cannot_be_taken_back_goes_on_with_the_others(
    workspace: Workspace, client: TimeTonic, table: tuple[Place, TableValues]
) -> None:
    place, values = table
    task, row = field_of(values, "Task"), values.rows[0]
    await workspace.books.rows.write_cell(place, values.fields, row, task, "before it")
    before = await workspace.history.undoing.next_undo()
    assert before is not None
    made = await workspace.history.write_each(
        "Import 2 rows",
        [
            partial(
                client.create_or_update_table_rows,
                {"tmp1": {str(task.id): f"new {number}"}},
                cat_id=place.table.id,
            )
            for number in range(4)
        ],
    )
    ids = [one.change.answer["row_ids"][0] for one in made]
    for place_of in (1, 3):
        await client.update_table_value(ids[place_of], task.id, "theirs")
    with pytest.raises(Refused, match="somebody else has changed") as refused:
        await workspace.history.undo()
    assert refused.value.progress == "2 of 4 were taken back."
    rows = [await workspace.books.rows.row(place, one) for one in ids]
    assert [row is not None for row in rows] == [False, True, False, True]
    # What is left is offered once more: meanwhile one of them may be as it was.
    await client.update_table_value(ids[3], task.id, "new 3")
    step = await workspace.history.undoing.next_undo()
    assert step is not None
    assert [one.answer["row_ids"] for one in step.changes] == [[ids[3]], [ids[1]]]
    with pytest.raises(Refused, match="somebody else has changed") as refused:
        await workspace.history.undo()
    assert refused.value.progress == "1 of 2 were taken back."
    # Once nothing of it is taken back it steps aside, so that it is not offered without end.
    with pytest.raises(Refused, match="somebody else has changed"):
        await workspace.history.undo()
    assert await held(workspace, place, ids[1], task) == "theirs"
    step = await workspace.history.undoing.next_undo()
    assert step is not None
    assert step.title == before.title, "what was done before it"


# -- rows -----------------------------------------------------------------------------------------


async def test_a_row_that_comes_back_as_a_new_one_says_so_and_is_followed(
    workspace: Workspace,
    client: TimeTonic,
    table: tuple[Place, TableValues],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    place, values = table
    task, row = field_of(values, "Task"), values.rows[4]
    before = typed(task, row.cells[task.id])
    await workspace.books.rows.write_cell(place, values.fields, row, task, "mine")
    now = await workspace.books.rows.row(place, row.id)
    assert now is not None
    await workspace.books.rows.delete(place, values.fields, now)

    async def refuse(*_: object, **__: object) -> None:
        raise Refused("nothing to roll back")

    monkeypatch.setattr(client, "roll_back_before_change", refuse)
    plan = await workspace.history.undoing.next_undo()
    assert plan is not None
    assert "its id may be another" in plan.inexact
    taken = await workspace.history.undo()
    assert taken is not None
    assert "as a new row with the id" in taken.news
    new_id = int(taken.news.partition("with the id ")[2].partition(";")[0])
    back = await workspace.books.rows.row(place, new_id)
    assert back is not None
    assert values_of(values.fields, back) == values_of(values.fields, now)
    # What was done to the row before means the new one.
    await workspace.history.undo()
    assert await held(workspace, place, new_id, task) == before
    await workspace.history.redo()
    await workspace.history.redo()
    assert await workspace.books.rows.row(place, new_id) is None


async def test_rows_that_are_deleted_together_come_back_together(
    workspace: Workspace,
    client: TimeTonic,
    table: tuple[Place, TableValues],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    place, values = table
    notes, rows = field_of(values, "Notes"), values.rows[2:7]
    held = [values_of(values.fields, row) for row in rows]
    monkeypatch.setattr(rows_of_tables, "MOST_AT_ONCE", 3)
    sent, send = list[str](), Transport.send

    async def noting(self: Transport, request: Request) -> Response:
        sent.append(dict(request.form or ())["req"])
        return await send(self, request)

    with sending(noting):
        await workspace.books.rows.delete(place, values.fields, *rows)
    # What they hold is read again by one request for each that deletes.
    assert sent == ["getTableValues"] * 2 + ["deleteTableRows"] * 2
    assert [await workspace.books.rows.row(place, row.id) for row in rows] == [None] * 5
    plan = await workspace.history.undoing.next_undo()
    assert plan is not None
    assert plan.title == f"Delete 5 rows from {FLEET}"
    await workspace.history.undo()
    back = [await workspace.books.rows.row(place, row.id) for row in rows]
    assert [values_of(values.fields, row) for row in back if row is not None] == held
    assert await workspace.history.undo() is None
    # Where one of them was changed by somebody else none is deleted.
    await client.update_table_value(rows[1].id, notes.id, "theirs")
    with pytest.raises(Conflict) as caught:
        await workspace.books.rows.delete(place, values.fields, *rows[:3])
    assert caught.value.theirs == {f"{rows[1].id}/{notes.id}": "theirs"}
    assert await workspace.books.rows.row(place, rows[0].id) is not None


async def test_a_row_that_somebody_changed_is_not_deleted_unseen(
    workspace: Workspace, client: TimeTonic, table: tuple[Place, TableValues]
) -> None:
    place, values = table
    notes, row = field_of(values, "Notes"), values.rows[0]
    await client.update_table_value(row.id, notes.id, "theirs")
    with pytest.raises(Conflict) as caught:
        await workspace.books.rows.delete(place, values.fields, row)
    assert caught.value.theirs == {str(notes.id): "theirs"}
    assert await held(workspace, place, row.id, notes) == "theirs"


async def test_a_new_row_is_taken_away_only_where_nobody_has_filled_it(
    workspace: Workspace, client: TimeTonic, table: tuple[Place, TableValues]
) -> None:
    place, values = table
    task, notes = field_of(values, "Task"), field_of(values, "Notes")
    made = await workspace.books.rows.add(place, {task.id: "New"})
    assert made is not None
    await workspace.history.undo()
    await workspace.history.redo()
    (last,) = (await workspace.books.rows.page(place, 400)).value.rows[-1:]
    assert (last.id != made, typed(task, last.cells[task.id])) == (True, "New")
    await client.update_table_value(last.id, notes.id, "theirs")
    with pytest.raises(Conflict):
        await workspace.history.undo()
    assert await held(workspace, place, last.id, notes) == "theirs"


async def test_a_row_of_which_only_the_id_is_known_is_rolled_back_or_not_at_all(
    workspace: Workspace,
    client: TimeTonic,
    table: tuple[Place, TableValues],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    place, values = table
    task, row = field_of(values, "Task"), values.rows[0]
    delete = partial(client.delete_table_row, row.id)
    await workspace.history.write("Delete a row", delete)
    await workspace.history.undo()
    assert await held(workspace, place, row.id, task) == typed(task, row.cells[task.id])
    await workspace.history.redo()

    async def refuse(*_: object, **__: object) -> None:
        raise Refused("nothing to roll back")

    monkeypatch.setattr(client, "roll_back_before_change", refuse)
    rows = (await workspace.books.rows.page(place)).value.table.row_count
    with pytest.raises(Refused, match="nothing to roll back"):
        await workspace.history.undo()
    assert (await workspace.books.rows.page(place)).value.table.row_count == rows


async def test_what_is_gone_is_said_to_be_gone(
    workspace: Workspace, client: TimeTonic, table: tuple[Place, TableValues]
) -> None:
    place, values = table
    task, row = field_of(values, "Task"), values.rows[0]
    await client.delete_table_row(row.id)
    with pytest.raises(Gone, match="not there any more"):
        await workspace.books.rows.write_cell(place, values.fields, row, task, "mine")


async def test_a_roll_back_is_taken_back(
    workspace: Workspace, client: TimeTonic, table: tuple[Place, TableValues]
) -> None:
    place, values = table
    task, row = field_of(values, "Task"), values.rows[0]
    before = typed(task, row.cells[task.id])
    await client.update_table_value(row.id, task.id, "theirs")
    call = partial(client.roll_back_before_change, row.id, cat_id=place.table.id)
    await workspace.history.write("Roll back", call)
    assert await held(workspace, place, row.id, task) == before
    await workspace.history.undo()
    assert await held(workspace, place, row.id, task) == "theirs"


# -- what is secret ------------------------------------------------------------------------------


async def test_what_encrypted_fields_hold_is_kept_nowhere(
    workspace: Workspace, client: TimeTonic, table: tuple[Place, TableValues], tmp_path: Path
) -> None:
    place, values = table
    task, notes, row = field_of(values, "Task"), field_of(values, "Notes"), values.rows[0]
    shown = typed(task, row.cells[task.id])
    passwords = {str(notes.id): "the-password"}
    where = {"cat_id": place.table.id, "encrypted_field_passwords": passwords}
    both = {str(notes.id): "in-clear-1", str(task.id): "not secret"}
    await workspace.history.write(
        "One", partial(client.create_or_update_table_row, row.id, both, **where)
    )
    await workspace.history.write(
        "Several",
        partial(
            client.create_or_update_table_rows,
            {str(values.rows[1].id): {str(notes.id): "in-clear-2"}}, **where,
        ),
    )  # fmt: skip
    await workspace.history.write(
        "Value",
        partial(
            client.update_table_value, row.id, notes.id, "in-clear-3",
            encrypted_field_passwords=passwords,
        ),
    )  # fmt: skip
    for words in ("encrypted", "encrypted"):
        plan = await workspace.history.undoing.next_undo()
        assert plan is not None
        assert words in plan.cannot
        await workspace.history.undoing.pass_over(plan)
    plan = await workspace.history.undoing.next_undo()
    assert plan is not None
    assert "encrypted" in plan.inexact
    await workspace.history.undo()
    assert await held(workspace, place, row.id, task) == shown
    await workspace.history.close()
    kept = b"".join(file.read_bytes() for file in (tmp_path / "data").glob("changes.db*"))
    assert b"not secret" in kept
    assert b"in-clear" not in kept
    assert b"the-password" not in kept


async def test_what_was_written_into_new_rows_and_stays_is_told_before_they_are_deleted(
    workspace: Workspace, client: TimeTonic, table: tuple[Place, TableValues]
) -> None:
    place, values = table
    task, notes = field_of(values, "Task"), field_of(values, "Notes")
    undoing, rows = workspace.history.undoing, workspace.books.rows
    new = partial(
        client.create_or_update_table_rows, {"tmp1": {}, "tmp2": {}}, cat_id=place.table.id
    )
    before = {row.id for row in (await rows.page(place, 400)).value.rows}
    await workspace.history.write("Add 2 rows", new)
    found = [row for row in (await rows.page(place, 400)).value.rows if row.id not in before]
    plan = await undoing.next_undo()
    assert plan is not None
    assert plan.inexact == "", "nothing was done to them since"
    # Another row is none of theirs.
    await rows.write_cell(place, values.fields, values.rows[0], notes, "elsewhere")
    await rows.write_cells(place, values.fields, found[0], {task.id: "Anode", notes.id: "zinc"})
    # What is required cannot be empty again, so that this is refused, and steps aside.
    with pytest.raises(Refused) as caught:
        await workspace.history.undo()
    assert caught.value.advice == LEFT, "there is nothing that a person could correct"
    await workspace.history.undo()
    plan = await undoing.next_undo()
    assert plan is not None
    assert plan.title == "Add 2 rows"
    assert plan.inexact.startswith("What was done since goes with it: Change Task, Notes of ")
    await undoing.undo(plan)
    assert {row.id for row in (await rows.page(place, 400)).value.rows} == before
