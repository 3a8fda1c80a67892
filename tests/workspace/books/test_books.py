"""Books over real sockets: what is read, written, undone, and seen by somebody else."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping
from datetime import UTC
from pathlib import Path
from typing import Any

import pytest

from tests.deck import workspace_of
from tests.harness import EmbeddedServer
from tests.workspace.books.service import all_rows, filled_cells, rows_of
from tui.services.errors import ConnectionFailed, InvalidArgument, PermissionDenied, Refused
from tui.workspace.books import rows as rows_module
from tui.workspace.books.books import BookDesk, Place, Shelf, table_places
from tui.workspace.books.cells import cell_text, typed
from tui.workspace.books.into.bring import links_of
from tui.workspace.books.link_names import by_names, links_to
from tui.workspace.books.rows import Field, TableRow, TableValues
from tui.workspace.changes.history import Conflict
from tui.workspace.workspace import Workspace


@pytest.fixture(scope="module", params=[False, True], ids=["plain", "quirks"])
def server(request: pytest.FixtureRequest) -> Iterator[EmbeddedServer]:
    """The sample workspace, in both forms of answers."""
    with EmbeddedServer(quirks=request.param, services=["timetonic"]) as running:
        yield running


@pytest.fixture(autouse=True)
def as_at_the_start(server: EmbeddedServer) -> None:
    server.reset()


@pytest.fixture
async def workspace(server: EmbeddedServer, tmp_path: Path) -> AsyncIterator[Workspace]:
    made = workspace_of(server, tmp_path)
    yield made
    await made.close()


@pytest.fixture
def desk(workspace: Workspace) -> BookDesk:
    return workspace.books


async def open_table(desk: BookDesk, book: str, table: str) -> tuple[Place, TableValues]:
    shelf = (await desk.shelf()).value
    found = next(one for one in shelf.books if one.b_c == book)
    tables = (await desk.tables(found)).value
    place = next(one for one in table_places(found, tables) if one.table.name == table)
    return place, (await desk.rows.page(place)).value


def field_of(values: TableValues, name: str) -> Field:
    return next(field for field in values.fields if field.name == name)


async def test_the_shelf_has_favourites_first_and_the_archive_apart(desk: BookDesk) -> None:
    assert await desk.kept_shelf() is None
    shelf = (await desk.shelf()).value
    assert shelf.open_books()[0].favorite
    assert [book.b_c for book in shelf.archived_books()] == ["last-season"]
    assert "last-season" not in [book.b_c for book in shelf.open_books()]
    assert shelf.name("camille") == "Camille Le Goff"
    assert shelf.name("nobody") == "nobody"
    kept = await desk.kept_shelf()
    assert kept is not None
    assert kept.value == shelf


async def test_tables_stand_as_their_tabs_without_summaries(desk: BookDesk) -> None:
    shelf = (await desk.shelf()).value
    fleet = next(one for one in shelf.books if one.b_c == "seabright-fleet")
    names = [one.table.name for one in table_places(fleet, (await desk.tables(fleet)).value)]
    assert names == ["Boats", "Fleet maintenance", "Parts inventory", "Seamarks"]
    kept = await desk.kept_tables(fleet)
    assert kept is not None
    assert [one.table.name for one in table_places(fleet, kept.value)] == names


async def test_tables_need_the_api_right_of_the_member(desk: BookDesk) -> None:
    shelf = (await desk.shelf()).value
    closed = shelf.archived_books()[0]
    assert not shelf.may_use_tables(closed)
    with pytest.raises(PermissionDenied):
        await desk.tables(closed)


async def test_what_may_not_be_changed_is_known_before(desk: BookDesk) -> None:
    shelf = (await desk.shelf()).value
    harbour = next(one for one in shelf.books if one.b_c == "harbour-office")
    places = table_places(harbour, (await desk.tables(harbour)).value)
    assert places
    assert not any(place.may_change for place in places)


async def test_rows_come_page_by_page_or_all(desk: BookDesk) -> None:
    place, first = await open_table(desk, "seabright-fleet", "Parts inventory")
    assert (len(first.rows), first.table.row_count) == (200, 650)
    last = (await desk.rows.page(place, 600)).value
    assert len(last.rows) == 50
    told: list[tuple[int, int | None]] = []
    whole = await all_rows(desk.rows, place, told=lambda *read: told.append(read))
    assert len({row.id for row in whole}) == 650
    assert told[-1] == (650, 650)
    assert filled_cells(whole[600:]) == filled_cells(last.rows)
    kept = desk.rows.mirrored(place, None, UTC)
    assert await kept.recall()
    assert kept.fields == first.fields
    assert [row.id for row in await rows_of(kept)] == [row.id for row in whole]


async def test_a_saved_view_shows_its_rows(desk: BookDesk) -> None:
    place, values = await open_table(desk, "seabright-fleet", "Fleet maintenance")
    view = next(one for one in place.table.views if one.name == "High priority")
    priority = field_of(values, "Priority")
    whole = await all_rows(desk.rows, place, view.id)
    found = {typed(priority, row.cells[priority.id]) for row in whole}
    assert found == {"High"}


async def edited(
    desk: BookDesk, place: Place, values: TableValues, row: TableRow, field: Field, value: object
) -> object:
    await desk.rows.write_cell(place, values.fields, row, field, value)
    now = await desk.rows.row(place, row.id)
    assert now is not None
    return typed(field, now.cells.get(field.id))


@pytest.mark.parametrize(
    ("name", "value"),
    [("Task", "[bold]oil\x1b[31m & <b>grease</b>"), ("People", 3), ("Checked", True),
     ("Status", "Cancelled"), ("Notes", "one\ntwo"), ("Task", "🛟 海燕")],
)  # fmt: skip
async def test_a_cell_is_written_and_put_back(
    desk: BookDesk, workspace: Workspace, name: str, value: object
) -> None:
    place, values = await open_table(desk, "seabright-fleet", "Fleet maintenance")
    field, row = field_of(values, name), values.rows[7]
    before = typed(field, row.cells.get(field.id))
    assert await edited(desk, place, values, row, field, value) == value
    assert await workspace.history.undo() is not None
    now = await desk.rows.row(place, row.id)
    assert now is not None
    assert typed(field, now.cells.get(field.id)) == before


async def test_dates_go_out_in_the_services_zone_and_come_back(desk: BookDesk) -> None:
    place, values = await open_table(desk, "seabright-fleet", "Fleet maintenance")
    started, due = field_of(values, "Started"), field_of(values, "Due")
    moment = values.sstamp and next(
        found for row in values.rows if (found := typed(started, row.cells.get(started.id)))
    )
    row = values.rows[3]
    assert await edited(desk, place, values, row, started, moment) == moment
    day = typed(due, values.rows[0].cells[due.id])
    assert await edited(desk, place, values, row, due, day) == day


async def test_a_name_is_looked_for_among_all_rows_that_a_link_may_point_to(
    desk: BookDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rows_module, "LARGE_PAGE", 4)
    monkeypatch.setattr(rows_module, "MOST_CHOICES", 4)
    place, values = await open_table(desk, "seabright-fleet", "Fleet maintenance")
    boat = field_of(values, "Boat")
    some = await desk.rows.link_choices(place, boat)
    assert (some.complete, len(some.rows)) == (False, 4)
    links = await links_to(desk.rows, place, boat)
    assert (links.complete, len(links.names)) == (True, 14)
    last = some.rows[0].row_id, [*links.names][-1]
    names = ", ".join(links.names[row_id] for row_id in last if row_id is not None)
    found = await by_names(desk.rows, place, boat, names, UTC)
    assert [one["row_id"] for one in found] == [*last]
    with pytest.raises(InvalidArgument, match="no row is called 'Nobody'"):
        await by_names(desk.rows, place, boat, "Nobody", UTC)
    kept = desk.rows.mirrored(place, None, UTC)
    kept.fields = list(values.fields)
    assert (await links_of(desk.rows, kept, ["boat"]))[boat.id].names == links.names
    # A service that passes over what is to be left out tells the same ones for ever.
    client = await desk.rows._connections.timetonic()
    ask = client.get_reference_field_values

    async def deaf(field_id: int, **more: Any) -> Any:
        return await ask(field_id, **{**more, "offset": 0})

    monkeypatch.setattr(client, "get_reference_field_values", deaf)
    assert not (await desk.rows.link_choices(place, boat, everything=True)).complete


async def test_a_link_is_chosen_among_the_rows_of_the_other_table(desk: BookDesk) -> None:
    place, values = await open_table(desk, "seabright-fleet", "Fleet maintenance")
    boat = field_of(values, "Boat")
    found = await desk.rows.link_choices(place, boat)
    assert found.complete
    assert len(found.rows) == 14
    sula = next(one for one in found.rows if one.text == "Sula")
    row = values.rows[2]
    sent = [{"row_id": sula.row_id, "value": sula.text}]
    await desk.rows.write_cell(place, values.fields, row, boat, sent)
    now = await desk.rows.row(place, row.id)
    assert now is not None
    assert now.cells[boat.id].value[0]["value"] == "Sula"


async def test_undo_puts_nothing_over_what_somebody_else_wrote_until_a_person_says_so(
    desk: BookDesk, workspace: Workspace
) -> None:
    place, values = await open_table(desk, "seabright-fleet", "Fleet maintenance")
    task, row = field_of(values, "Task"), values.rows[0]
    before = typed(task, row.cells[task.id])
    await desk.rows.write_cell(place, values.fields, row, task, "mine")
    client = await workspace.connections.timetonic()
    await client.update_table_value(row.id, task.id, "theirs")
    with pytest.raises(Conflict, match="somebody else") as caught:
        await workspace.history.undo()
    field = str(task.id)
    assert (caught.value.theirs, caught.value.mine) == ({field: "theirs"}, {field: before})
    there = await desk.rows.row(place, row.id)
    assert there is not None
    assert typed(task, there.cells[task.id]) == "theirs"

    async def mine(conflict: Conflict) -> Mapping[str, object]:
        return conflict.mine

    workspace.history.sender.resolve = mine
    await workspace.history.undo()
    there = await desk.rows.row(place, row.id)
    assert there is not None
    assert typed(task, there.cells[task.id]) == before


async def test_a_cell_is_written_even_where_it_cannot_be_looked_at_after(
    desk: BookDesk, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    place, values = await open_table(desk, "seabright-fleet", "Fleet maintenance")
    task, row = field_of(values, "Task"), values.rows[0]
    before = typed(task, row.cells[task.id])
    client = await workspace.connections.timetonic()
    look, write = client.get_table_values, client.post

    async def broken(*_: object, **__: object) -> None:
        raise ConnectionFailed("it broke")

    async def noted(request: str, *more: object) -> object:
        answer = await write(request, *more)  # type: ignore[arg-type]
        if request == "createOrUpdateTableRow":
            monkeypatch.setattr(client, "get_table_values", broken)
        return answer

    monkeypatch.setattr(client, "post", noted)
    await desk.rows.write_cell(place, values.fields, row, task, "mine")
    assert [one.state for one in workspace.history.changes.newest(9)] == ["done"]
    monkeypatch.setattr(client, "post", write)
    monkeypatch.setattr(client, "get_table_values", look)
    assert await workspace.history.undo() is not None
    there = await desk.rows.row(place, row.id)
    assert there is not None
    assert typed(task, there.cells[task.id]) == before


async def test_a_refused_cell_changes_nothing(desk: BookDesk, workspace: Workspace) -> None:
    place, values = await open_table(desk, "seabright-fleet", "Fleet maintenance")
    status, row = field_of(values, "Status"), values.rows[0]
    with pytest.raises(Refused, match="Status"):
        await desk.rows.write_cell(place, values.fields, row, status, "Sunk")
    assert await workspace.history.undoing.next_undo() is None


async def test_a_row_is_added_and_taken_back(desk: BookDesk, workspace: Workspace) -> None:
    place, values = await open_table(desk, "seabright-fleet", "Parts inventory")
    part = field_of(values, "Part")
    row_id = await desk.rows.add(place, {part.id: "[new] Zinc"})
    row = await desk.rows.row(place, row_id)
    assert row is not None
    assert typed(part, row.cells[part.id]) == "[new] Zinc"
    await workspace.history.undo()
    assert await desk.rows.row(place, row_id) is None


async def test_a_deleted_row_comes_back_as_it_was(desk: BookDesk, workspace: Workspace) -> None:
    place, values = await open_table(desk, "seabright-fleet", "Fleet maintenance")
    row = values.rows[4]
    await desk.rows.delete(place, values.fields, row)
    assert await desk.rows.row(place, row.id) is None
    taken = await workspace.history.undo()
    assert taken is not None
    assert "as it was" in taken.news
    back = await desk.rows.row(place, row.id)
    assert back is not None
    assert back.cells.keys() == row.cells.keys()


async def test_where_nothing_is_rolled_back_a_new_row_has_its_values(
    desk: BookDesk, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    place, values = await open_table(desk, "seabright-fleet", "Parts inventory")
    row = values.rows[4]
    client = await workspace.connections.timetonic()

    async def refuse(*_: object, **__: object) -> None:
        raise Refused("nothing to roll back")

    monkeypatch.setattr(client, "roll_back_before_change", refuse)
    await desk.rows.delete(place, values.fields, row)
    taken = await workspace.history.undo()
    assert taken is not None
    assert "new row with the id" in taken.news
    found = await all_rows(desk.rows, place)
    assert len(found) == 650
    assert row.id not in {one.id for one in found}
    made, zone = found[-1], workspace.zone
    for field in values.fields:
        old = cell_text(field, row.cells.get(field.id), zone)
        assert cell_text(field, made.cells.get(field.id), zone) == old


async def test_comments_of_a_cell(desk: BookDesk, workspace: Workspace) -> None:
    place, values = await open_table(desk, "seabright-fleet", "Fleet maintenance")
    field, row = field_of(values, "Comments"), values.rows[0]
    before = len(await desk.rows.comments(place, field, row.id))
    await desk.rows.comment(place, field, row.id, "seen [today]")
    found = await desk.rows.comments(place, field, row.id)
    assert len(found) == before + 1
    assert found[-1].text == "seen [today]"
    await workspace.history.undo()
    assert len(await desk.rows.comments(place, field, row.id)) == before


async def test_a_second_deck_hears_of_what_changed(
    server: EmbeddedServer, desk: BookDesk, tmp_path: Path
) -> None:
    mine = (await desk.shelf()).value
    _, changed = await desk.news(mine)
    assert changed == frozenset()
    other = workspace_of(server, tmp_path / "other")
    try:
        place, values = await open_table(other.books, "seabright-fleet", "Parts inventory")
        await other.books.rows.add(place, {field_of(values, "Part").id: "From elsewhere"})
        await other.books.talk.send(place.book, "look at the new part")
    finally:
        await other.close()
    answer, changed = await desk.news(mine)
    assert [key.partition("/")[2] for key in changed] == ["seabright-fleet"]
    assert len(answer.value.books) == len(mine.books)
    assert answer.value.contacts == mine.contacts
    _, again = await desk.news(answer.value)
    assert again == frozenset()


async def book_of(desk: BookDesk, code: str) -> tuple[Shelf, object]:
    shelf = (await desk.shelf()).value
    return shelf, next(one for one in shelf.books if one.b_c == code)


async def test_messages_are_sent_changed_deleted_and_taken_back(
    desk: BookDesk, workspace: Workspace
) -> None:
    shelf = (await desk.shelf()).value
    book = next(one for one in shelf.books if one.b_c == "regates")
    talk = desk.talk

    async def texts() -> list[str]:
        return [message.text for message in (await talk.talk(book)).value.messages]

    before = await texts()
    smid = await talk.send(book, "[hello]\nall")
    assert await texts() == [*before, "[hello]\nall"]
    message = next(m for m in (await talk.talk(book)).value.messages if m.smid == smid)
    assert message.author == shelf.me
    await talk.change(book, message, "hello, everybody")
    assert (await texts())[-1] == "hello, everybody"
    await workspace.history.undo()
    assert (await texts())[-1] == "[hello]\nall"
    await talk.delete(book, message)
    assert await texts() == before
    await workspace.history.undo()
    assert await texts() == [*before, "[hello]\nall"]
    assert (await talk.talk(book)).value.messages[-1].smid != smid


async def test_a_message_with_files_is_not_said_to_come_back(desk: BookDesk) -> None:
    from tui.workspace.books.talk import comes_back

    shelf = (await desk.shelf()).value
    book = next(one for one in shelf.books if one.b_c == "seabright-fleet")
    talk = (await desk.talk.talk(book)).value
    (with_file, file), *_ = talk.files
    assert file.name == "tools.csv"
    assert not comes_back(with_file)
    assert comes_back(talk.messages[-1])


async def test_messages_are_marked_as_read(desk: BookDesk) -> None:
    shelf = (await desk.shelf()).value
    book = next(one for one in shelf.books if one.b_c == "regates")
    assert book.unread == 4
    talk = (await desk.talk.talk(book)).value
    await desk.talk.mark_read(book, max(message.smid for message in talk.messages))
    again = (await desk.shelf()).value.find(f"{book.b_o}/{book.b_c}")
    assert again is not None
    assert again.unread == 0
    assert shelf.as_read(book).find(f"{book.b_o}/{book.b_c}") is not None


async def test_events_are_in_order_and_a_file_is_saved(desk: BookDesk, tmp_path: Path) -> None:
    shelf = (await desk.shelf()).value
    book = next(one for one in shelf.books if one.b_c == "seabright-fleet")
    events = (await desk.talk.events(book)).value.events
    starts = [event.start for event in events if event.start is not None]
    assert len(starts) == 5
    assert starts == sorted(starts)
    file = (await desk.talk.talk(book)).value.files[0][1]
    assert await desk.files.fetch_to(file, tmp_path / "tools.csv") == file.size
    assert (tmp_path / "tools.csv").read_bytes().startswith(b"tool;number")


async def test_a_read_only_deck_sends_nothing(server: EmbeddedServer, tmp_path: Path) -> None:
    quiet = workspace_of(server, tmp_path / "quiet", deck__read_only="true")
    try:
        place, values = await open_table(quiet.books, "seabright-fleet", "Parts inventory")
        with pytest.raises(PermissionDenied, match="read-only"):
            await quiet.books.rows.delete(place, values.fields, values.rows[0])
        with pytest.raises(PermissionDenied, match="read-only"):
            await quiet.books.talk.send(place.book, "x")
    finally:
        await quiet.close()
