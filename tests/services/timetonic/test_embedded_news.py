"""News of TimeTonic, by socket and by polling, from the embedded service."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from tests.harness import EmbeddedServer
from tests.services.timetonic.embedded import book_with_tables, connect
from tui.services.errors import (
    AuthenticationFailed,
    NotFound,
)
from tui.services.timetonic import (
    Keys,
    TimeTonic,
)
from tui.services.timetonic.happenings import (
    BookUpdated,
    FeedState,
    Happening,
    MessageArrived,
    SystemMessage,
)
from tui.services.timetonic.socket import TimeTonicEvents


@asynccontextmanager
async def events(
    service: TimeTonic, server: EmbeddedServer, *, socket: bool
) -> AsyncIterator[tuple[TimeTonicEvents, AsyncIterator[Happening]]]:
    """News by the socket or by polling, begun and ready."""
    asleep = asyncio.Event()

    async def sleep(_seconds: float) -> None:
        asleep.set()
        await asyncio.sleep(0)

    url = server.url("/timetonic/socket").replace("http:", "ws:") if socket else None
    async with TimeTonicEvents(service, url=url, sleep=sleep) as running:
        told = aiter(running)
        state = await asyncio.wait_for(anext(told), 30)
        assert isinstance(state, FeedState)
        assert state.mode == ("socket" if socket else "polling")
        if not socket:
            await asyncio.wait_for(asleep.wait(), 30)
        yield running, told


@pytest.mark.parametrize("socket", [True, False], ids=["socket", "polling"])
async def test_news_are_the_same_by_socket_and_by_polling(
    service: TimeTonic, server: EmbeddedServer, socket: bool
) -> None:
    book, _ = await book_with_tables(service)
    async with events(service, server, socket=socket) as (_, told):
        sent = await service.send_msg("Hello", b_c=book.b_c, b_o=book.b_o)
        seen: dict[type[Happening], Happening] = {}
        while not {MessageArrived, BookUpdated} <= set(seen):
            happening = await asyncio.wait_for(anext(told), 30)
            seen[type(happening)] = happening
        message, updated = seen[MessageArrived], seen[BookUpdated]
        assert isinstance(message, MessageArrived)
        assert isinstance(updated, BookUpdated)
        assert (message.message.smid, message.message.text) == (sent.smid, "Hello")
        assert (updated.b_c, updated.b_o) == (book.b_c, book.b_o)
        assert bool(message.raw) is socket


async def test_the_rest_of_the_socket(service: TimeTonic, server: EmbeddedServer) -> None:
    book, tables = await book_with_tables(service)
    table = next(
        table
        for table in tables
        if not table.locked and table.fields[0].type == "shorttext" and table.row_count
    )
    [row] = (await service.get_table_values(table.id, max_rows=1)).rows
    async with (
        events(service, server, socket=True) as (one, _),
        events(service, server, socket=True) as (_two, told),
    ):
        assert (await one.ping()).sstamp
        await one.send_system("restart")
        happening = await asyncio.wait_for(anext(told), 30)
        assert isinstance(happening, SystemMessage)
        assert happening.text == "restart"
        await one.update_value(row.id, table.fields[0].id, "By socket", b_o=book.b_o)
        [row] = (await service.get_table_values(table.id, filter_row_ids=[row.id])).rows
        assert row.name == "By socket"
        sent = await one.send_message(book.b_c, "Hello", b_o=book.b_o)
        assert sent.smid
        await one.send_message(book.b_c, "Hello!", b_o=book.b_o, smid=sent.smid)
        await one.send_message(book.b_c, b_o=book.b_o, smid=sent.smid, delete=True)
        with pytest.raises(NotFound):
            await one.send_message("no-such-book", "Hello")


async def test_an_account_that_is_refused_ends_the_news(server: EmbeddedServer) -> None:
    server.reset()
    async with connect(server, password=None, keys=Keys(o_u="demo", sesskey="x")) as client:
        url = server.url("/timetonic/socket").replace("http:", "ws:")
        async with TimeTonicEvents(client, url=url) as running:
            told = aiter(running)
            state = await asyncio.wait_for(anext(told), 30)
            assert isinstance(state, FeedState)
            assert state.mode == "polling"
            with pytest.raises(AuthenticationFailed):
                await asyncio.wait_for(anext(told), 30)
