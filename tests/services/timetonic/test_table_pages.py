"""All pages of a table: in order, each row once, a few requests at once, given up at any time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

import httpx
import pytest

from tests.services.capture import Capture
from tests.services.timetonic.sample import client, nok, ok
from tui.services.errors import NotFound
from tui.services.left_out import collecting
from tui.services.timetonic import TablePage, TimeTonic
from tui.services.timetonic.table_pages import LEAST


@dataclass
class Service:
    """A table of so many rows; answers wait until they are let go where `held` says so."""

    rows: int
    hidden: int = 0
    """Rows of the table that are not asked for."""
    most: int = 10_000
    """Rows of an answer, however many are asked for."""
    held: bool = False
    odd: frozenset[int] = frozenset()
    """Rows whose cell cannot be read."""
    asked: list[tuple[int, int]] = field(default_factory=list)
    waiting: dict[int, asyncio.Event] = field(default_factory=dict)
    moved: asyncio.Condition = field(default_factory=asyncio.Condition)
    """Notified of every request and answer."""
    under_way: int = 0
    most_under_way: int = 0
    breaks: dict[int, Any] = field(default_factory=dict)
    """By offset, what is answered once in the page's place."""

    def connect(self) -> TimeTonic:
        capture = Capture({})
        capture.handle = self.handle  # type: ignore[method-assign]
        return client(capture)

    async def handle(self, request: httpx.Request) -> httpx.Response:
        form = dict(parse_qsl((await request.aread()).decode()))
        offset, count = int(form["offset"]), min(int(form["maxRows"]), self.most)
        self.asked.append((offset, int(form["maxRows"])))
        self.most_under_way = max(self.most_under_way, self.under_way + 1)
        await self.moves(1)
        try:
            if self.held:
                await self.waiting.setdefault(offset, asyncio.Event()).wait()
            broken = self.breaks.pop(offset, None)
            if isinstance(broken, Exception):
                raise broken
            answer = broken or self.page(offset, count)
            return httpx.Response(200, stream=Streamed(httpx.Response(200, json=answer).content))
        finally:
            await self.moves(-1)

    async def moves(self, by: int) -> None:
        self.under_way += by
        async with self.moved:
            self.moved.notify_all()

    async def until(self, so: Callable[[], bool]) -> None:
        async with self.moved:
            await self.moved.wait_for(so)

    async def until_asked(self, *offsets: int) -> None:
        await self.until(lambda: {*offsets} <= {offset for offset, _ in self.asked})

    def page(self, offset: int, count: int) -> dict[str, Any]:
        ids = range(offset + 1, min(offset + count, self.rows) + 1)
        values = [{"id": row, "value": f"row {row}"} if row not in self.odd else 5 for row in ids]
        infos = {str(row): {"order": row, "index": row - 1} for row in ids if row not in self.odd}
        table = {"id": 9, "totalRowCount": self.rows + self.hidden, "rowInfos": infos or []}
        return ok(tableValues={**table, "fields": [{"id": 5, "values": values}]}, sstamp=1)

    def let_go(self, offset: int) -> None:
        self.waiting.setdefault(offset, asyncio.Event()).set()


class Streamed(httpx.AsyncByteStream):
    def __init__(self, content: bytes) -> None:
        self.content = content

    async def __aiter__(self) -> Any:
        yield self.content


async def every(service: Service, **options: Any) -> list[TablePage]:
    async with service.connect() as made, aclosing(made.table_pages(9, **options)) as pages:
        return [page async for page in pages]


def ids(pages: list[TablePage]) -> list[int]:
    return [row.id for page in pages for row in page.rows]


@pytest.mark.parametrize("rows", [0, 1, 49, 50, 51, 199, 200, 201, 1234])
@pytest.mark.parametrize("options", [{}, {"view_id": 3}, {"tab_id": 3}, {"filter_row_ids": [1]}])
async def test_every_row_comes_once_and_in_order(rows: int, options: dict[str, Any]) -> None:
    service = Service(rows, hidden=1000 if options else 0)
    pages = await every(service, size=50, **options)
    assert ids(pages) == list(range(1, rows + 1))
    assert [page.offset for page in pages] == list(range(0, max(rows, 1), 50))
    assert pages[-1].done == rows
    assert all(page.total == (None if options else rows) for page in pages)
    # Where nobody tells the end, a few are asked for behind it.
    behind = sum(offset >= max(rows, 1) for offset, _ in service.asked)
    assert behind <= (4 if options else 1)


async def test_no_more_is_asked_for_than_the_table_has() -> None:
    service = Service(220)
    assert ids(await every(service, size=50, view_id=1)) == list(range(1, 221))
    assert [offset for offset, _ in service.asked] == [0, 50, 100, 150, 200]


@pytest.mark.parametrize("options", [{}, {"view_id": 3}])
async def test_rows_that_are_added_meanwhile_come_too(options: dict[str, Any]) -> None:
    service = Service(100)
    async with (
        service.connect() as made,
        aclosing(made.table_pages(9, size=50, **options)) as pages,
    ):
        found = [await anext(pages)]
        service.rows = 130
        found += [page async for page in pages]
    assert ids(found) == list(range(1, 131))


async def test_one_may_begin_further_on() -> None:
    service = Service(130)
    assert ids(await every(service, size=50, start=40)) == list(range(41, 131))


@pytest.mark.parametrize("options", [{}, {"view_id": 3}])
async def test_a_service_that_gives_smaller_pages_is_asked_for_the_rest(options: Any) -> None:
    service = Service(1234, most=LEAST)
    pages = await every(service, size=500, **options)
    assert ids(pages) == list(range(1, 1235))
    assert [page.offset for page in pages] == [0, 500, 1000]


async def test_a_few_are_under_way_at_once_and_given_in_order() -> None:
    service = Service(1000, held=True)
    async with service.connect() as made, aclosing(made.table_pages(9, size=50)) as pages:
        service.let_go(0)
        assert (await anext(pages)).offset == 0
        following = asyncio.create_task(anext(pages))
        await service.until_asked(50, 100, 150, 200)
        for offset in (200, 100, 150):
            service.let_go(offset)
        await service.until(lambda: service.under_way == 1)
        assert not following.done()
        # Nothing more is asked for while four pages are under way or held.
        assert len(service.asked) == 5
        service.let_go(50)
        assert (await following).offset == 50
        assert [(await anext(pages)).offset for _ in range(3)] == [100, 150, 200]
        assert service.most_under_way == 4
    assert service.under_way == 0


async def test_little_is_asked_for_ahead_where_nobody_tells_the_end() -> None:
    service = Service(1000)
    ahead = []
    async with service.connect() as made, aclosing(made.table_pages(9, view_id=1, size=50)) as all_:
        async for page in all_:
            ahead.append(len(service.asked) - page.offset // 50 - 1)
    assert all(more <= min(place, 3) for place, more in enumerate(ahead)), ahead


async def test_giving_up_ends_what_is_under_way() -> None:
    service = Service(1000, held=True)
    async with service.connect() as made:
        async with aclosing(made.table_pages(9, size=50)) as pages:
            service.let_go(0)
            await anext(pages)
            following = asyncio.create_task(anext(pages))
            await service.until_asked(50, 100, 150, 200)
            following.cancel()
            with pytest.raises(asyncio.CancelledError):
                await following
        assert service.under_way == 0
        assert len(service.asked) == 5
        assert [task for task in asyncio.all_tasks() if task is not asyncio.current_task()] == []


async def test_what_breaks_off_is_asked_for_again() -> None:
    service = Service(400, breaks={100: httpx.ReadError("broken")})
    assert ids(await every(service, size=50)) == list(range(1, 401))
    assert [offset for offset, _ in service.asked].count(100) == 2


async def test_a_refusal_comes_after_the_pages_before_it() -> None:
    service = Service(400, breaks={150: nok("no such row", code="not_found")})
    given: list[int] = []

    async def read() -> None:
        async with service.connect() as made, aclosing(made.table_pages(9, size=50)) as pages:
            async for page in pages:
                given.append(page.offset)

    with pytest.raises(NotFound):
        await read()
    assert given == [0, 50, 100]
    assert service.under_way == 0


async def test_what_cannot_be_read_counts_and_is_noted() -> None:
    service = Service(200, odd=frozenset({3, 60, 61}))
    with collecting() as notes:
        pages = await every(service, size=50)
    assert ids(pages) == [row for row in range(1, 201) if row not in service.odd]
    assert [page.done for page in pages] == [50, 100, 150, 200]
    assert sum(len(note.places) for note in notes) == 3
