"""Lists in pages: to the end, to the limit, and not for ever."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.services.timesheets import samples as timesheets
from tui.services.errors import ProtocolViolation
from tui.services.paging import Page, Pages
from tui.services.timesheets.answers import pages as timesheets_pages


class Service:
    """Hands out numbers in pages of ten."""

    def __init__(self, count: int, *, limit: int | None = 10, total: bool = False) -> None:
        self.numbers = list(range(count))
        self.limit = limit
        self.total = total
        self.asked: list[tuple[int, int]] = []

    async def __call__(self, index: int, offset: int) -> Page[int]:
        self.asked.append((index, offset))
        items = self.numbers[offset : offset + 10]
        return Page(items, total=len(self.numbers) if self.total else None, limit=self.limit)


@pytest.mark.parametrize(
    ("count", "limit", "total", "asked"),
    [
        (0, 10, False, 1),
        (5, 10, False, 1),
        (10, 10, False, 2),
        (25, 10, False, 3),
        (20, 10, True, 2),
        (25, None, False, 4),
        (0, None, True, 1),
    ],
)
async def test_the_end_is_found(count: int, limit: int | None, total: bool, asked: int) -> None:
    service = Service(count, limit=limit, total=total)
    pages = Pages(service)
    assert await pages.collect() == service.numbers
    assert not pages.cut_off
    assert service.asked == [(index, index * 10) for index in range(asked - 1)] + [
        (asked - 1, min((asked - 1) * 10, count))
    ]


@pytest.mark.parametrize(("count", "cut"), [(25, True), (12, False), (13, True)])
async def test_the_limit_is_announced(count: int, cut: bool) -> None:
    pages = Pages(Service(count), at_most=12)
    assert await pages.collect() == list(range(12))
    assert pages.cut_off is cut


async def test_pages_are_asked_for_only_when_they_are_needed() -> None:
    service = Service(100)
    async for number in Pages(service):
        if number == 9:
            break
    assert len(service.asked) == 1


async def test_a_page_that_repeats_itself_is_refused() -> None:
    async def same(_index: int, _offset: int) -> Page[int]:
        return Page([1, 2])

    with pytest.raises(ProtocolViolation, match="page 2 repeats"):
        await Pages(same).collect()


async def test_the_total_is_kept() -> None:
    pages = Pages(Service(25, total=True))
    await pages.collect()
    assert pages.total == 25


class Shifting:
    """Hands out what it has, the newest first, and has one more after each page."""

    def __init__(self, count: int) -> None:
        self.newest = count

    async def __call__(self, _index: int, offset: int) -> Page[int]:
        rows = list(range(self.newest, 0, -1))
        self.newest += 1
        return Page(rows[offset : offset + 10], total=len(rows), limit=10)


@pytest.mark.parametrize("count", [9, 10, 11, 25, 40])
async def test_what_slid_onto_the_next_page_is_given_once(count: int) -> None:
    pages = Pages(Shifting(count), identity=lambda number: number)
    assert await pages.collect() == list(range(count, 0, -1))
    few = Pages(Shifting(count), at_most=count, identity=lambda number: number)
    assert await few.collect() == list(range(count, 0, -1))
    assert not few.cut_off, "what slid is no more than there was"


async def test_what_says_nothing_of_itself_is_always_given() -> None:
    async def fetch(_index: int, _offset: int) -> Page[int]:
        return Page([0, 0, 1, 1], total=4)

    assert await Pages(fetch, identity=lambda number: number).collect() == [0, 0, 1]


async def test_pages_of_the_same_in_another_order_do_not_go_on_for_ever() -> None:
    async def same(index: int, _offset: int) -> Page[int]:
        return Page([1, 2] if index % 2 else [2, 1])

    with pytest.raises(ProtocolViolation, match="page 2 repeats"):
        await Pages(same, identity=lambda number: number).collect()


async def test_an_invoice_that_comes_twice_is_owed_once() -> None:
    row = {"id": 3, "client_id": 1, "amount": "12.50", "status": "new"}
    made, _ = timesheets.client(timesheets.success([row, {**row, "id": 4}, row], count=3))
    found = await timesheets_pages(made.invoice.search, client_id=[1]).collect()
    assert [(one.id, one.amount) for one in found] == [(3, Decimal("12.50")), (4, Decimal("12.50"))]
