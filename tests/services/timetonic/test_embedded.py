"""The TimeTonic client over real sockets against the embedded service."""

from __future__ import annotations

from contextlib import aclosing
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from tests.harness import EmbeddedServer
from tests.services.timetonic.embedded import book_with_tables, connect
from tui.services.errors import (
    AuthenticationFailed,
    NotFound,
    OutcomeUnknown,
    PermissionDenied,
    ProtocolViolation,
)
from tui.services.timetonic import (
    Keys,
    LinkedRow,
    Restrictions,
    TimeTonic,
    display,
    value_of,
)


async def test_a_password_a_pasted_key_and_a_wrong_one(server: EmbeddedServer) -> None:
    server.reset()
    kept: list[Keys] = []
    async with connect(server, on_keys=kept.append) as client:
        user = await client.get_user_info()
        assert user.u_c == client.o_u == "demo"
        assert (await client.get_or_create_sess_key()).sesskey == client.keys.sesskey
    async with connect(server, password=None, keys=kept[0]) as client:
        assert (await client.get_all_books()).books
        await client.drop_all_sessions()
        assert (await client.get_all_books()).books
    async with connect(server, password="wrong") as client:
        with pytest.raises(AuthenticationFailed):
            await client.get_all_books()
    async with connect(server, password=None, keys=Keys(sesskey="wrong")) as client:
        with pytest.raises(AuthenticationFailed):
            await client.get_all_books()


async def test_an_expired_session_is_renewed(server: EmbeddedServer, service: TimeTonic) -> None:
    stale = Keys(o_u="demo", sesskey="no-longer-good")
    async with connect(server, keys=stale) as client:
        assert (await client.get_all_books()).books
        assert client.keys.sesskey != stale.sesskey


async def test_books_and_their_messages(service: TimeTonic) -> None:
    books = await service.get_all_books()
    assert len(books.books) > 1
    book, _ = await book_with_tables(service)
    assert (await service.get_book_info(book.b_c)).title == book.title
    assert books.sstamp is not None
    sent = await service.send_msg("Hello [b]world[/b] 😀", b_c=book.b_c)
    news = await service.get_all_books(sstamp=books.sstamp)
    assert [changed.b_c for changed in news.books] == [book.b_c]
    found = await service.get_book_messages(book.b_c, sstamp=books.sstamp)
    assert [(m.smid, m.text) for m in found.messages] == [(sent.smid, "Hello [b]world[/b] 😀")]
    await service.send_msg("Changed", b_c=book.b_c, msg_id=sent.smid)
    await service.mark_books_messages_as_read(book.b_c)
    assert (await service.get_book_info(book.b_c)).unread == 0
    await service.copy_or_move_message(sent.smid, book.b_c)
    there = (await service.get_book_messages(book.b_c, sstamp=books.sstamp)).messages
    assert [m.text for m in there].count("Changed") == 2
    await service.delete_msg(sent.smid, book.b_c)
    gone = await service.get_book_messages(book.b_c, sstamp=books.sstamp)
    assert [m.deleted for m in gone.messages if m.smid == sent.smid] == [True]
    with pytest.raises(NotFound):
        await service.get_book_info("no-such-book")


async def test_messages_page_to_their_end(service: TimeTonic) -> None:
    book, _ = await book_with_tables(service)
    everything = (await service.get_book_messages(book.b_c)).messages
    paged = []
    for number in count(1):
        page = await service.get_book_messages(book.b_c, nb_max=1, page=number)
        if not page.messages:
            break
        paged += page.messages
    assert [one.smid for one in paged] == [one.smid for one in everything]
    assert len({message.smid for message in everything}) == len(everything) > 0


async def test_events(service: TimeTonic) -> None:
    book, _ = await book_with_tables(service)
    start = datetime(2031, 5, 1, 12, tzinfo=UTC)
    sent = await service.send_msg(
        "Regatta", b_c=book.b_c, event_start=start, event_timezone="Europe/Paris"
    )
    found = await service.get_book_events(book.b_c, date_min=start.date(), date_max=start.date())
    assert [(event.id, event.text, event.start) for event in found.events] == [
        (sent.smid, "Regatta", start)
    ]


async def test_tables_and_their_values(service: TimeTonic) -> None:
    book, tables = await book_with_tables(service)
    table = max(tables, key=lambda table: table.row_count or 0)
    values = await service.get_table_values(table.id, max_rows=20)
    assert len(values.rows) == min(20, table.row_count or 0)
    for row in values.rows:
        for field in values.columns:
            value_of(field, row.cells.get(field.id))
    async with aclosing(service.table_pages(table.id, size=50)) as pages:
        everything = [row async for page in pages for row in page.rows]
    assert len({row.id for row in everything}) == table.row_count
    by_rows = await service.get_table_values(table.id, max_rows=20, format="rows")
    assert [row.id for row in by_rows.rows] == [row.id for row in values.rows]
    listed = await service.list_table_rows_by_id(table.id, max_rows=5)
    assert len(listed.rows) == 5
    assert listed.rows[0].name
    for form in ("columns", "diff_ready_rows"):
        same = await service.list_table_rows_by_id(table.id, max_rows=5, format=form)
        assert [row.id for row in same.rows] == [row.id for row in listed.rows]
    android = await service.get_book_tables(book.b_c, format="android")
    assert {one.id for one in tables} <= {one.id for one in android.tables}
    rows = await service.get_table_rows(table.id, page_size=5, get_table_info=True)
    assert (len(rows.rows), rows.total) == (5, table.row_count)
    computed = await service.compute_table_operation(table.id)
    assert int(computed.result) == table.row_count
    field = values.columns[0]
    subset = await service.get_table_value_subset(table.id, [field.id], [values.rows[0].id])
    assert subset.values == [[values.rows[0].name]]
    coded = next((one for one in tables if one.code), None)
    if coded is not None:
        named = await service.get_named_table_values(book.b_c, str(coded.code))
        assert named.table.id == coded.id


async def test_every_table_of_every_book_can_be_read(service: TimeTonic) -> None:
    types = set()
    for book in (await service.get_all_books()).books:
        try:
            found = await service.get_book_tables(book.b_c, b_o=book.b_o)
        except PermissionDenied:
            assert not book.api_right(service.o_u)
            continue
        for table in found.tables:
            if table.pivot_id is not None:
                pivot = await service.get_table_pivot_values(table.id, b_o=book.b_o)
                assert pivot.values
                continue
            values = await service.get_table_values(table.id, b_o=book.b_o, max_rows=30)
            for row in values.rows:
                for field in values.fields:
                    types.add(field.type)
                    cell = row.cells.get(field.id)
                    display(cell)
                    value_of(field, cell)
    assert {"int", "date", "boolean", "link"} <= types


async def test_writing_rows(service: TimeTonic) -> None:
    _, tables = await book_with_tables(service)
    table = next(
        table
        for table in tables
        if not (table.forbid_add or table.forbid_delete or table.locked)
        and table.fields[0].type == "shorttext"
    )
    title = table.fields[0]
    made = await service.create_or_update_table_row(field_values={str(title.id): "New [row]"})
    assert made.id is not None
    [row] = (await service.get_table_values(table.id, filter_row_ids=[made.id])).rows
    assert row.name == "New [row]"
    await service.update_table_value(made.id, title.id, "Changed")
    await service.create_or_update_table_row(made.id, {str(title.id): "Again"})
    await service.roll_back_before_change(made.id)
    [row] = (await service.get_table_values(table.id, filter_row_ids=[made.id])).rows
    assert row.name == "Changed"
    several = {f"tmp{number}": {str(title.id): f"Row {number}"} for number in range(12)}
    written = await service.create_or_update_table_rows(several, cat_id=table.id)
    assert len(written.rows) == len(written.new_rows) == 12
    await service.delete_table_row(made.id)
    with pytest.raises(NotFound):
        await service.update_table_value(made.id, title.id, "x")


async def test_links_and_what_they_may_lead_to(service: TimeTonic) -> None:
    _, tables = await book_with_tables(service)
    table, field = next(
        (table, field) for table in tables for field in table.fields if field.type == "link"
    )
    choices = await service.get_reference_field_values(field.id, max_rows=3)
    assert choices.values
    chosen = choices.values[0]
    [row] = (await service.get_table_values(table.id, max_rows=1)).rows
    await service.create_or_update_table_row(
        row.id, {str(field.id): [{"row_id": chosen.row_id, "value": chosen.text}]}
    )
    [row] = (await service.get_table_values(table.id, filter_row_ids=[row.id])).rows
    assert value_of(field, row.cells[field.id]) == [
        LinkedRow(row_id=chosen.row_id or 0, value=chosen.text)
    ]


async def test_comments_in_cells(service: TimeTonic) -> None:
    _, tables = await book_with_tables(service)
    table, field = next(
        (table, field) for table in tables for field in table.fields if field.type == "comments"
    )
    [row] = (await service.get_table_values(table.id, max_rows=1)).rows
    before = len((await service.get_table_value_comments(row.id, field.id)).comments)
    await service.edit_table_value_comments(row.id, field.id, "Look at [this]")
    found = await service.get_table_value_comments(row.id, field.id)
    assert len(found.comments) == before + 1
    comment = found.comments[-1]
    assert (comment.text, comment.created is not None) == ("Look at [this]", True)
    assert comment.id is not None
    await service.edit_table_value_comments(row.id, field.id, "Better", comment_id=comment.id)
    await service.delete_table_value_comments(row.id, field.id, comment.id)
    found = await service.get_table_value_comments(row.id, field.id)
    assert len(found.comments) == before


async def test_files_go_up_and_come_down(service: TimeTonic, tmp_path: Path) -> None:
    _, tables = await book_with_tables(service)
    table, field = next(
        (table, field)
        for table in tables
        for field in table.fields
        if field.type in ("file", "files")
    )
    [row] = (await service.get_table_values(table.id, max_rows=1)).rows
    path = tmp_path / "né [b].txt"
    path.write_bytes(bytes(range(256)) * 40)
    whole = await service.file_upload(path, row_id=row.id, field_id=field.id)
    assert whole.url
    assert await service.file(whole.url) == path.read_bytes()
    pieces = await service.resumable_upload(path, row_id=row.id, field_id=field.id, chunk_size=3000)
    assert pieces.url
    assert await service.download(pieces.url, tmp_path / "copy") == path.stat().st_size
    assert (tmp_path / "copy").read_bytes() == path.read_bytes()
    [row] = (await service.get_table_values(table.id, filter_row_ids=[row.id])).rows
    names = [file.name for file in value_of(field, row.cells[field.id])]
    assert names[-1] == "né [b].txt"
    with pytest.raises(NotFound):
        await service.file("/live/dbi/in/full/none/none.jpg")


async def test_an_upload_goes_on_after_a_break(
    service: TimeTonic, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "film.bin"
    path.write_bytes(b"0123456789" * 100)
    book, _ = await book_with_tables(service)
    sent: list[Any] = []
    upload = service.upload

    async def breaking(request: str, form: Any, part: Any) -> Any:
        sent.append(form["resumableChunkNumber"])
        if sent == [1, 2, 3]:
            raise ProtocolViolation("the line broke")
        return await upload(request, form, part)

    monkeypatch.setattr(service, "upload", breaking)
    with pytest.raises(OutcomeUnknown):
        await service.resumable_upload(path, b_c=book.b_c, b_o=book.b_o, chunk_size=250)
    done = await service.resumable_upload(path, b_c=book.b_c, b_o=book.b_o, chunk_size=250)
    assert sent == [1, 2, 3, 3, 4]
    assert done.size == 1000


async def test_covers_come_without_a_session(service: TimeTonic) -> None:
    covers = [book.cover for book in (await service.get_all_books()).books if book.cover]
    for cover in covers:
        assert await service.file(cover)


async def test_restricted_sessions(service: TimeTonic, server: EmbeddedServer) -> None:
    async with connect(server) as client:
        keys = await client.log_in()
        made = await client.create_sesskey(
            keys.o_u, keys.oauthkey, restrictions=Restrictions(readonly=True)
        )
        assert made.restrictions is not None
        assert made.restrictions.readonly
    limited = Keys(o_u=keys.o_u, sesskey=made.sesskey)
    async with connect(server, password=None, keys=limited) as client:
        book, _ = await book_with_tables(client)
        with pytest.raises(PermissionDenied):
            await client.send_msg("x", b_c=book.b_c)


async def test_deadlocks_are_waited_out(service: TimeTonic, server: EmbeddedServer) -> None:
    _, tables = await book_with_tables(service)
    table = next(table for table in tables if not table.forbid_add and not table.locked)
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    service._sleep = sleep
    server.context.state["timetonic"].deadlocks = 2  # type: ignore[attr-defined]
    assert (await service.create_or_update_table_row(cat_id=table.id)).id
    assert slept == [0.2, 0.6]
