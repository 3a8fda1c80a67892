"""Lists that services hand out in pages, as one iteration to the end with an announced limit."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from tui.services.errors import ProtocolViolation
from tui.services.left_out import received

T = TypeVar("T")


@dataclass(frozen=True)
class Page(Generic[T]):
    """One page: its items, how many there are in all and how many a full page holds.

    `total` and `limit` are None where the service does not say.
    """

    items: list[T]
    total: int | None = None
    limit: int | None = None


class Pages(Generic[T]):
    """An async iterator over the items of all pages, asked for one after the other.

    `fetch(index, offset)` gets the page with that index (0, 1, 2, ...) which begins after
    `offset` items; services use the one or the other. The end is an empty page, a page with
    fewer items than its limit, or the total. After `at_most` items the iteration stops; then
    `cut_off` is True when the service had more. A service that answers the same page again
    is a ProtocolViolation, not an endless loop.

    What has been given is not given again: where something is added meanwhile, the last items of
    a page are the first of the next one, and a sum would have them twice. `identity` tells an
    item from others; what it says nothing of (None or 0) is always given.
    """

    def __init__(
        self,
        fetch: Callable[[int, int], Awaitable[Page[T]]],
        *,
        at_most: int = 10_000,
        identity: Callable[[T], object] = lambda _item: None,
    ) -> None:
        self._fetch = fetch
        self._identity = identity
        self.at_most = at_most
        self.total: int | None = None
        self.cut_off = False

    async def __aiter__(self) -> AsyncIterator[T]:
        index = offset = given = 0
        before: list[T] = []
        known: set[object] = set()
        while True:
            page = await self._fetch(index, offset)
            came = received(page.items)
            self.total = page.total if page.total is not None else self.total
            if page.items and page.items == before:
                raise _repeated(index)
            before_page = given
            for item in page.items:
                identity = self._identity(item)
                if identity and identity in known:
                    continue
                if given >= self.at_most:
                    self.cut_off = True
                    return
                known.add(identity)
                yield item
                given += 1
            # What was left out of a page counts, too: the next one begins after it.
            offset += came
            short = page.limit is not None and came < page.limit
            if not came or short or (self.total is not None and offset >= self.total):
                return
            if page.items and given == before_page:
                raise _repeated(index)
            index, before = index + 1, page.items

    async def collect(self) -> list[T]:
        """Every item as a list; `cut_off` says whether the limit ended it."""
        return [item async for item in self]


def _repeated(index: int) -> ProtocolViolation:
    return ProtocolViolation(
        f"page {index + 1} repeats the page before it: the service does not page"
    )
