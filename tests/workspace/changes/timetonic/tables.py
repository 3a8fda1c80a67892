"""Tables and messages of the sample, and a line on which requests or answers are lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest

from tui.services.errors import ConnectionFailed, TimedOut
from tui.services.operation import mark_sent
from tui.services.timetonic import Book, Field, Message, TableValues
from tui.services.transport import Transport
from tui.services.wire import Request, Response
from tui.workspace.books.books import Place, table_places
from tui.workspace.books.cells import typed
from tui.workspace.workspace import Workspace

FLEET = "Fleet maintenance"


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
