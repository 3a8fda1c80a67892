"""Lists in pages: to the end, to the limit, and not for ever."""

from __future__ import annotations

import pytest

from tui.services.errors import ProtocolViolation
from tui.services.paging import Page, Pages


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
