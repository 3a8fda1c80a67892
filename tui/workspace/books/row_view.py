"""Rows of a table in an order, read in a thread and given up with whoever waits for them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import NamedTuple, Protocol, TypeVar

from tui.services.timetonic import TableRow
from tui.store.mirror.ordered import Match, Ordered
from tui.store.mirror.troubles import GivenUp, Lost
from tui.workspace.books.mirrored import Translation

SEEN = 70
"""Rows around a place that may be seen at once."""

T = TypeVar("T")
Pages = dict[int, dict[int, TableRow]]
"""Rows by their places, by the number of their page."""


class Seen(NamedTuple):
    """What is seen of a table: the place of the cursor, the first one; and rows of a page."""

    row: int
    top: int
    size: int


class RowView:
    """Rows of a table in an order, of one moment. It is closed by who asked for it."""

    def __init__(self, ordered: Ordered) -> None:
        self.ordered = ordered
        self.lost = False
        """Whether rows of it that were here are not any more: they made room, or were put away."""

    @property
    def total(self) -> int:
        """How many rows it has, those included that are not here."""
        return self.ordered.total

    @property
    def became_other(self) -> bool:
        """Whether its rows were told in more than one order, since some were written meanwhile."""
        return self.ordered.became_other

    def stay(self) -> None:
        """Keep its order as it is, whatever is written from now on. For a thread."""
        with suppress(GivenUp, Lost):
            self.ordered.complete()

    async def rows(self, first: int, count: int) -> dict[int, TableRow]:
        """Those of the rows from place `first` on that are here, by their places."""

        def read() -> dict[int, TableRow]:
            expected = min(count, self.total - first)
            rows = self._rows(first, count)
            if len(rows) < expected:
                self.lost = self.lost or self.ordered.lacks()
            return rows

        return await self._found(read) or {}

    def _rows(self, first: int, count: int) -> dict[int, TableRow]:
        return {row.place: Translation.row(row) for row in self.ordered.window(first, count)}

    def begin(self, row_id: int | None, at: Seen) -> Pages:
        """Begin, with the pages around a row, or, where it is not among these, around what is
        seen. For a thread. Whatever it raises, nothing stays open.
        """
        try:
            return self._begin(row_id, at)
        except BaseException:
            self.ordered.close()
            raise

    def _begin(self, row_id: int | None, at: Seen) -> Pages:
        self.ordered.begin()
        place = None if row_id is None else self.ordered.place_of(row_id, at.row)
        last = max(0, self.total - 1)
        if place is not None and not self.ordered.wish.plain:
            # The rest of their pages stands anywhere in the file, and follows once these are seen.
            first = max(0, place - SEEN)
            return _by_page(self._rows(first, place + SEEN - first), at.size)
        # The view goes to the row that the cursor is on; without one it stays.
        seen = (at.row, at.top, at.top + SEEN) if place is None else (place - SEEN, place + SEEN)
        pages = sorted({max(0, min(one, last)) // at.size for one in seen})
        return {page: self._rows(page * at.size, at.size) for page in pages}

    async def match(self, text: str, start: int, *, backwards: bool) -> Match | None:
        """The next row behind place `start`, or before it, that holds a text."""
        return await self._found(lambda: self.ordered.match(text, start, backwards=backwards))

    async def _found(self, work: Callable[[], T]) -> T | None:
        """What is found; None where the rows are not here any more, or it was closed."""
        try:
            return await given_up_with(self.ordered, work)
        except Lost:
            self.lost = True
            return None
        except GivenUp:
            return None

    def leave(self) -> None:
        """Be done with it, without waiting for that."""
        self.ordered.give_up()
        asyncio.get_running_loop().run_in_executor(None, self.ordered.close)

    async def close(self) -> None:
        """Be done with it."""
        self.ordered.give_up()
        await asyncio.to_thread(self.ordered.close)


def _by_page(rows: dict[int, TableRow], size: int) -> Pages:
    pages: Pages = {}
    for place, row in rows.items():
        pages.setdefault(place // size, {})[place] = row
    return pages


class GivesUp(Protocol):
    """Works something out, which can be ended from any thread."""

    def give_up(self) -> None:
        """End it."""


async def given_up_with(works: GivesUp, work: Callable[[], T]) -> T:
    """Run in a thread; who waits no longer ends what is worked out there."""
    try:
        return await asyncio.to_thread(work)
    except asyncio.CancelledError:
        works.give_up()
        raise


async def to_its_end(work: Callable[[], None]) -> None:
    """Run in a thread what is short and is never left half: who gives up waits for it."""
    task = asyncio.ensure_future(asyncio.to_thread(work))
    try:
        await asyncio.shield(task)
    finally:
        if not task.done():
            await asyncio.wait([task])
