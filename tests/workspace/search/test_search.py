"""One search over what was read of all five services: what is found, where it is, whose it is."""

from __future__ import annotations

import asyncio
import stat
import threading
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import msgspec
import pytest

from tests.deck import at_work
from tests.harness import EmbeddedServer
from tui.commands import SCREENS
from tui.services.igtimi.records import Device
from tui.services.timetonic import Cell, Field, Table, TableRow
from tui.store.mirror.shape import Row
from tui.workspace.books.asked_rows import PAGE
from tui.workspace.books.books import table_places
from tui.workspace.books.found import rows_listed
from tui.workspace.books.mirrored import Described, Translation
from tui.workspace.search import making
from tui.workspace.search.listed import Document, Known
from tui.workspace.search.rooms import KINDS, ROOM_OF_SERVICE
from tui.workspace.search.search import Record, Results
from tui.workspace.search.unread import Unread, unread_words
from tui.workspace.search.wanted import wanted
from tui.workspace.sessions.found import describe as describe_sessions
from tui.workspace.timers.periods import Span
from tui.workspace.tocks.feeds import UPCOMING
from tui.workspace.workspace import Workspace


@pytest.fixture(scope="module")
def server() -> Iterator[EmbeddedServer]:
    with EmbeddedServer() as running:
        yield running


async def read_everything(workspace: Workspace) -> None:
    """What a person reads who looks at every screen."""
    shelf = (await workspace.books.shelf()).value
    for book in shelf.books:
        await workspace.books.talk.talk(book)
        await workspace.books.talk.events(book)
        if shelf.may_use_tables(book):
            tables = (await workspace.books.tables(book)).value
            for place in table_places(book, tables):
                kept = workspace.books.rows.mirrored(place, None, workspace.zone)
                values = (await workspace.books.rows.page(place)).value
                await kept.take(0, values)
                if kept.has_all(values, PAGE):
                    await kept.take_whole(values)
    await workspace.tocks.read(UPCOMING)
    for session in (await workspace.sessions.sessions()).value.sessions[:4]:
        await workspace.sessions.open(session)
    await workspace.sessions.fleet.devices()
    await workspace.timers.overview()
    await workspace.timers.report(Span.of("month", date.today()))  # noqa: DTZ011
    clients = (await workspace.invoices.clients()).value
    await workspace.invoices.invoices([one.id for one in clients.clients])
    for client in clients.clients[:3]:
        projects = clients.projects_of(client.id)
        await workspace.invoices.work.of_client(client.id, projects)


def put_in(workspace: Workspace) -> None:
    """All that was read and kept, at once."""
    filling = making.filling(workspace)
    filling.look_through(lambda: True)
    filling.close()


@pytest.fixture
async def read(server: EmbeddedServer, tmp_path: Path) -> AsyncIterator[Workspace]:
    async with at_work(server, tmp_path) as workspace:
        await read_everything(workspace)
        put_in(workspace)
        yield workspace


def found(workspace: Workspace, text: str) -> Results:
    results = workspace.search.look(wanted(text, list(SCREENS)))
    assert results is not None
    assert results.problem == ""
    return results


def first(workspace: Workspace, text: str) -> Record:
    return found(workspace, text).records[0]


async def test_everything_is_found_with_its_kind_and_where_it_is(read: Workspace) -> None:
    shelf = (await read.books.shelf()).value
    fleet = next(one for one in shelf.books if "Seabright" in one.title)
    # A service may leave its title out: then its code stands there, on the shelf as well.
    regattas = next(one for one in shelf.books if one.b_c == "regates")
    for text, kind, where in (
        ("seabright", "book", ""),
        ("b: boats", "table", fleet.title),
        ("b: start boat leaves", "message", regattas.title),
        ("tocks: breakwater", "tock", "Community · Upcoming"),
        ("s:twilight", "session", ""),
        ("ti: payment page", "tracker", "Fairlead Works › Harbour Trust › Berth bookings"),
        ("i: lumen", "client", "Lisboa"),
        ("shop front", "project", "Quay Street Bakery"),
        ("invoice 16", "invoice", "Kestrel Instruments"),
    ):
        record = first(read, text)
        assert record.kind == kind, text
        assert where in record.where, text
    kinds = {one.kind for text in "aeioulmst" for one in found(read, text).records}
    assert kinds <= set(KINDS)


async def test_every_kind_that_is_named_is_described_by_somebody(read: Workspace) -> None:
    documents = [one for service in ROOM_OF_SERVICE for one in everything(read, service)]
    assert {one.kind for one in documents} == set(KINDS) - {"device"}
    assert all(one.key and one.title for one in documents)


def everything(workspace: Workspace, service: str) -> list[Document]:
    index = workspace.search._index
    return index.of_place(workspace.connections.account(service), "")


async def test_what_was_read_is_found_without_asking_for_it(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    """The thread puts in what it hears, also what no answer keeps, such as devices."""
    async with at_work(server, tmp_path) as workspace:
        changed = threading.Event()
        workspace.feed.changed = changed.set
        workspace.feed.look_through()
        await workspace.sessions.fleet.devices()
        while not found(workspace, "s: leeward mark").records:
            assert await asyncio.to_thread(changed.wait, 30)
            changed.clear()
    async with at_work(server, tmp_path) as workspace:
        assert first(workspace, "s: leeward mark").kind == "device"


async def test_a_prefix_narrows_to_one_screen(read: Workspace) -> None:
    assert {one.room for one in found(read, "a").records} > {"books"}
    assert {one.room for one in found(read, "books: a").records} == {"books"}
    assert found(read, "live: a").records == []


async def test_what_stands_there_is_put_in_once(read: Workspace) -> None:
    before = {one.key for one in everything(read, "timetonic")}
    put_in(read)
    assert {one.key for one in everything(read, "timetonic")} == before
    places = read.search._index.places(read.connections.account("timetonic"))
    assert all(place.stamp is not None for place in places.values())


async def test_lists_that_were_read_in_part_are_told(read: Workspace) -> None:
    assert found(read, "b: a").partial > 0
    assert found(read, "ti: a").partial == 0


async def test_what_was_read_whole_leaves_nothing_to_open(read: Workspace) -> None:
    unread = found(read, "b: a").unread
    assert (unread.tables, unread.rooms) == (0, ())
    assert found(read, "a").unread.rooms == ()


async def test_tables_that_were_never_opened_are_counted_and_told(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    async with at_work(server, tmp_path) as workspace:
        assert found(workspace, "petrel").unread.rooms == tuple(ROOM_OF_SERVICE.values())
        shelf = (await workspace.books.shelf()).value
        books = len(shelf.books)
        book = next(one for one in shelf.books if "Seabright" in one.title)
        places = table_places(book, (await workspace.books.tables(book)).value)
        put_in(workspace)
        unread = found(workspace, "b: petrel").unread
        assert unread == Unread(tables=len(places), books=books - 1)
        assert unread_words(unread, SCREENS) == (
            f"{len(places)} tables, {books - 1} books not read yet: open them once"
        )
        place = next(one for one in places if one.table.name == "Boats")
        kept = workspace.books.rows.mirrored(place, None, workspace.zone)
        await kept.take(0, (await workspace.books.rows.page(place)).value)
        put_in(workspace)
        assert found(workspace, "b: petrel").unread.tables == len(places) - 1


@pytest.mark.parametrize(
    ("unread", "words"),
    [
        (Unread(), ""),
        (Unread(tables=1), "1 table not read yet: open it once"),
        (Unread(tables=3), "3 tables not read yet: open them once"),
        (Unread(rooms=("tocks",)), "Tocks not read yet: open it once"),
        (Unread(books=1, devices=True), "1 book, the devices not read yet: open them once"),
    ],
)
def test_what_is_to_be_opened_is_said_in_a_line(unread: Unread, words: str) -> None:
    assert unread_words(unread, SCREENS) == words


async def test_nothing_of_a_forgotten_account_is_found(read: Workspace) -> None:
    assert found(read, "i: lumen").records
    await read.reads.forget("timesheets@")
    assert found(read, "i: lumen").records == []
    assert found(read, "b: boats").records
    put_in(read)
    assert everything(read, "timesheets") == []


async def test_the_file_is_the_persons_own_and_holds_no_secret(
    read: Workspace, server: EmbeddedServer, tmp_path: Path
) -> None:
    read.search.close()
    held = server.credentials
    secrets = [held.timetonic_password, held.ticktocker_key, held.igtimi_access_token]
    for file in (tmp_path / "cache").glob("search.db*"):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        content = file.read_bytes()
        assert not any(secret.encode() in content for secret in secrets)


def described(*fields: Field) -> tuple[bytes, Row]:
    """What the mirror keeps beside the rows of a table, and one of them."""
    table = Table(id=3, name="T", fields=list(fields), row_count=9)
    row = TableRow(id=7, cells={one.id: Cell(value=f"value of {one.name}") for one in fields})
    kept = Translation(fields, UTC).records([row])
    return msgspec.json.encode(Described(table=table)), Row(0, kept.ids[0], kept.payloads[0])


def test_fields_that_are_encrypted_are_not_kept() -> None:
    info, kept = described(
        Field(id=1, name="name", type="shorttext"),
        Field(id=2, name="safe", type="password"),
        Field(id=4, name="vault", type="encryptedText"),
        Field(id=5, name="notes", type="longtext"),
    )
    known = Known(UTC, lambda _prefix: [Document("table", "me/b#3", "T", "Book")])
    listed = rows_listed("rows/3/", info, known)
    assert listed is not None
    (row,) = listed([kept])
    assert (row.title, row.text) == ("value of name", "value of notes")
    assert (row.key, row.where) == ("me/b#3#7", "Book › T")


def test_rows_of_a_table_that_nobody_can_be_sent_to_are_left_out() -> None:
    info, _ = described(Field(id=1, name="name", type="shorttext"))
    assert rows_listed("rows/3/", info, Known(UTC)) is None


def test_the_tag_that_takes_a_device_into_an_account_is_not_kept() -> None:
    device = Device(id=1, name="Boat", serial_number="DD-1", service_tag="SECRET", imei="4711")
    listed = describe_sessions("devices", [device], Known(UTC))
    assert listed is not None
    assert "SECRET" not in repr(listed.documents)
    assert "4711" not in repr(listed.documents)


def test_what_is_kept_names_no_day_that_is_another_tomorrow() -> None:
    known = Known(UTC)
    assert known.day(datetime(2026, 3, 1, 23, tzinfo=UTC)) == "2026-03-01"
    assert known.day(None) == ""


async def test_an_answer_of_another_version_is_passed_over(read: Workspace) -> None:
    account = read.connections.account("trackmypeople")
    await read.reads.fresh(f"{account}/report/own/x/y", _anything)
    put_in(read)
    assert first(read, "ti: payment page").kind == "tracker"


async def _anything() -> dict[str, int]:
    return msgspec.json.decode(b'{"a": 1}', type=dict[str, int])
