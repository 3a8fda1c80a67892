"""Changes of TimeTonic over real sockets: looked at before, taken back, found, kept waiting."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.deck import workspace_of
from tests.harness import EmbeddedServer
from tui.services.errors import ConnectionFailed, OutcomeUnknown, Refused, TimedOut
from tui.services.operation import mark_sent
from tui.services.timetonic import Book, Field, Message, TableValues, TimeTonic
from tui.services.transport import Transport
from tui.services.wire import Request, Response
from tui.workspace.books.books import Place, table_places
from tui.workspace.books.cells import sent_value, typed, values_of
from tui.workspace.changes.history import Conflict, Gone, Waiting
from tui.workspace.changes.kinds import kind_of, kinds_of
from tui.workspace.workspace import Workspace

FLEET = "Fleet maintenance"


@pytest.fixture(scope="module", params=[False, True], ids=["plain", "quirks"])
def server(request: pytest.FixtureRequest) -> Iterator[EmbeddedServer]:
    """The sample workspace, in both forms of answers."""
    with EmbeddedServer(quirks=request.param, services=["timetonic"]) as running:
        yield running


@pytest.fixture
async def workspace(server: EmbeddedServer, tmp_path: Path) -> AsyncIterator[Workspace]:
    server.reset()
    made = workspace_of(server, tmp_path)
    yield made
    await made.close()


@pytest.fixture
async def client(workspace: Workspace) -> TimeTonic:
    return await workspace.connections.timetonic()


@pytest.fixture
async def table(workspace: Workspace) -> tuple[Place, TableValues]:
    return await open_table(workspace)


async def open_table(workspace: Workspace, name: str = FLEET) -> tuple[Place, TableValues]:
    book = await book_of(workspace, "seabright-fleet")
    places = table_places(book, (await workspace.books.tables(book)).value)
    place = next(one for one in places if one.table.name == name)
    return place, (await workspace.books.rows.page(place)).value


async def book_of(workspace: Workspace, code: str) -> Book:
    return next(one for one in (await workspace.books.shelf()).value.books if one.b_c == code)


def field_of(values: TableValues, name: str) -> Field:
    return next(field for field in values.fields if field.name == name)


async def held(workspace: Workspace, place: Place, row_id: int, field: Field) -> object:
    row = await workspace.books.rows.row(place, row_id)
    assert row is not None
    return typed(field, row.cells.get(field.id))


async def messages(workspace: Workspace, code: str = "regates") -> list[Message]:
    book = await book_of(workspace, code)
    return (await workspace.books.talk.talk(book)).value.messages


@contextmanager
def sending(replaced: Callable[[Transport, Request], Any]) -> Iterator[None]:
    """Every request goes that way meanwhile."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Transport, "send", replaced)
        yield


def unreachable() -> AbstractContextManager[None]:
    """Nothing leaves this machine meanwhile."""

    async def fail(_self: Transport, _request: Request) -> Response:
        raise ConnectionFailed("there is no network")

    return sending(fail)


def lost(request_name: str, *, made: bool) -> AbstractContextManager[None]:
    """The answer to one kind of request is lost, after it was carried out or not."""
    send = Transport.send

    async def lose(self: Transport, request: Request) -> Response:
        if ("req", request_name) not in list(request.form):
            return await send(self, request)
        if made:
            await send(self, request)
        mark_sent()
        raise TimedOut("no answer came")

    return sending(lose)


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
    assert await held(workspace, place, row.id, task) == "theirs"
    assert workspace.history.changes.count() == 0

    async def both(one: Conflict) -> Mapping[str, Any]:
        return {key: f"{one.theirs[key]} and {one.mine[key]}"}

    workspace.history.sender.resolve = both
    await workspace.books.rows.write_cell(place, values.fields, row, task, "mine")
    assert await held(workspace, place, row.id, task) == "theirs and mine"
    await workspace.history.undo()
    assert await held(workspace, place, row.id, task) == "theirs"


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
    workspace: Workspace, table: tuple[Place, TableValues]
) -> None:
    place, values = table
    rows = values.rows[2:5]
    await workspace.books.rows.delete(place, values.fields, *rows)
    assert [await workspace.books.rows.row(place, row.id) for row in rows] == [None] * 3
    plan = await workspace.history.undoing.next_undo()
    assert plan is not None
    assert plan.title == f"Delete 3 rows from {FLEET}"
    await workspace.history.undo()
    back = [await workspace.books.rows.row(place, row.id) for row in rows]
    assert all(row is not None for row in back)
    assert await workspace.history.undo() is None


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


# -- comments -------------------------------------------------------------------------------------


@pytest.mark.parametrize("told", [True, False])
async def test_a_comment_is_unsaid_though_others_said_the_same(
    workspace: Workspace,
    client: TimeTonic,
    table: tuple[Place, TableValues],
    monkeypatch: pytest.MonkeyPatch,
    told: bool,
) -> None:
    place, values = table
    field, row = field_of(values, "Comments"), values.rows[0]
    rows = workspace.books.rows
    await client.edit_table_value_comments(row.id, field.id, "seen")
    before = await rows.comments(place, field, row.id)
    if not told:
        kind = kind_of("timetonic.editTableValueComments")
        silent = {**vars(kind), "answer": lambda _answer: {}}
        known = {**kinds_of("timetonic"), kind.operation: type(kind)(**silent)}
        monkeypatch.setattr("tui.workspace.changes.kinds.kinds_of", lambda _service: known)
    await rows.comment(place, field, row.id, "seen")
    assert len(await rows.comments(place, field, row.id)) == len(before) + 1
    await workspace.history.undo()
    assert await rows.comments(place, field, row.id) == before


async def test_a_deleted_comment_comes_back_as_a_new_one_and_is_followed(
    workspace: Workspace, client: TimeTonic, table: tuple[Place, TableValues]
) -> None:
    place, values = table
    field, row = field_of(values, "Comments"), values.rows[0]
    rows, history = workspace.books.rows, workspace.history
    await rows.comment(place, field, row.id, "first")
    said = (await rows.comments(place, field, row.id))[-1]
    change = partial(client.edit_table_value_comments, row.id, field.id, comment_id=said.id)
    await history.write("Change", partial(change, comment="second"))
    await history.write(
        "Delete", partial(client.delete_table_value_comments, row.id, field.id, said.id)
    )
    plan = await history.undoing.next_undo()
    assert plan is not None
    assert "new comment" in plan.inexact
    await history.undo()
    back = (await rows.comments(place, field, row.id))[-1]
    assert (back.text, back.id == said.id) == ("second", False)
    await history.undo()
    assert (await rows.comments(place, field, row.id))[-1].text == "first"
    await history.undo()
    assert back.id not in {one.id for one in await rows.comments(place, field, row.id)}


# -- messages -------------------------------------------------------------------------------------


async def test_what_was_done_to_a_message_is_taken_back_step_by_step(workspace: Workspace) -> None:
    book, talk, history = (
        await book_of(workspace, "regates"),
        workspace.books.talk,
        workspace.history,
    )
    before = [one.text for one in await messages(workspace)]
    await talk.send(book, "one [1]\ntwo")
    await talk.change(book, (await messages(workspace))[-1], "another")
    await talk.delete(book, (await messages(workspace))[-1])
    plan = await history.undoing.next_undo()
    assert plan is not None
    assert "as a new message" in plan.inexact
    steps = [[*before, "another"], [*before, "one [1]\ntwo"], before]
    for expected in steps:
        await history.undo()
        assert [one.text for one in await messages(workspace)] == expected
    assert await history.undo() is None
    for expected in (*reversed(steps[:-1]), before):
        assert await history.redo() is not None
        assert [one.text for one in await messages(workspace)] == expected


async def test_a_message_that_was_changed_elsewhere_is_neither_changed_nor_deleted_unseen(
    workspace: Workspace, client: TimeTonic
) -> None:
    book, talk = await book_of(workspace, "regates"), workspace.books.talk
    smid = await talk.send(book, "mine")
    message = (await messages(workspace))[-1]
    await client.send_msg("theirs", b_c=book.b_c, b_o=book.b_o, msg_id=smid)
    for attempt in (talk.change(book, message, "other"), talk.delete(book, message)):
        with pytest.raises(Conflict) as caught:
            await attempt
        assert caught.value.theirs == {"msg": "theirs"}
    with pytest.raises(Conflict):
        await workspace.history.undo()
    assert (await messages(workspace))[-1].text == "theirs"


async def test_a_message_with_files_has_no_way_back_and_says_why(workspace: Workspace) -> None:
    book = await book_of(workspace, "seabright-fleet")
    talk = workspace.books.talk
    (message, _file), *_ = (await talk.talk(book)).value.files
    await talk.delete(book, message)
    plan = await workspace.history.undoing.next_undo()
    assert plan is not None
    assert plan.cannot == "Its files cannot be sent again."


async def test_what_counts_as_read_stays_read_and_is_passed_over_where_nobody_asked_for_it(
    workspace: Workspace,
) -> None:
    book, talk = await book_of(workspace, "regates"), workspace.books.talk
    await talk.send(book, "mine")
    await talk.mark_read(book, 10**9, unasked=True)
    plan = await workspace.history.undoing.next_undo()
    assert plan is not None
    assert plan.title == f"Send a message to {book.title}"
    await talk.mark_read(book, 10**9)
    plan = await workspace.history.undoing.next_undo()
    assert plan is not None
    assert "unread again" in plan.cannot


async def test_a_copy_is_deleted_and_a_moved_message_says_why_it_stays(
    workspace: Workspace, client: TimeTonic
) -> None:
    message = (await messages(workspace))[-1]
    before = [one.text for one in await messages(workspace, "seabright-fleet")]
    copy = partial(client.copy_or_move_message, message.smid, "seabright-fleet")
    await workspace.history.write("Copy", copy)
    assert len(await messages(workspace, "seabright-fleet")) == len(before) + 1
    await workspace.history.undo()
    assert [one.text for one in await messages(workspace, "seabright-fleet")] == before
    await workspace.history.write("Move", partial(copy, action="move"))
    plan = await workspace.history.undoing.next_undo()
    assert plan is not None
    assert "cannot be moved back" in plan.cannot


# -- what nobody knows the outcome of --------------------------------------------------------


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


async def test_a_second_row_like_it_keeps_a_new_one_from_being_taken_for_it(
    workspace: Workspace, client: TimeTonic, table: tuple[Place, TableValues]
) -> None:
    place, values = table
    with lost("createOrUpdateTableRow", made=True), pytest.raises(OutcomeUnknown):
        await add_row(workspace)
    task = str(field_of(values, "Task").id)
    await client.create_or_update_table_row(field_values={task: "A new one"}, cat_id=place.table.id)
    assert len(await workspace.history.outbox.recover()) == 1


# -- what waits ---------------------------------------------------------------------------------


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
    assert await workspace.history.outbox.send_all() == 4
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
    assert await workspace.history.outbox.send_all() == 3
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
