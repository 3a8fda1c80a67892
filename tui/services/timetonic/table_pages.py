"""The pages of a table, several of them asked for at once and given in their order.

Source: reference page, section 5.3: pages by offset and maxRows, the end is a page that is not
full; totalRowCount is of the whole table and takes no notice of a filter. No limit on the rate of
reads is documented, so no more than a few are under way at a time, and no more than a few pages
are held.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from tui.services.left_out import as_received
from tui.services.timetonic.by_column import SomeValues
from tui.services.timetonic.table_records import TableRow, TableValues

AT_ONCE = 4
"""Requests that are under way at a time."""
SIZE = 500
"""Rows of a request where all of them are wanted."""
LEAST = 100
"""Rows that a service gives at least where it has them: what it gives unasked. A page of fewer is
the last one; one of more that is not full may come from a service that gives no larger ones."""

V = TypeVar("V", TableValues, SomeValues)
Fetch = Callable[[int, int], Awaitable[V]]
"""Gets the rows after so many others, so many of them at most."""


@dataclass(frozen=True)
class TablePage(Generic[V]):
    """Some rows of a table, and how far one has come with it."""

    values: V
    offset: int
    """How many rows stand before them."""
    total: int | None
    """How many rows there are in all, as this answer tells it; None where only some are asked for,
    which no answer counts."""

    @property
    def rows(self) -> list[TableRow]:
        """The rows that could be read."""
        return self.values.rows

    @property
    def done(self) -> int:
        """How many rows have come with this page and those before it, unreadable ones too."""
        return self.offset + self.values.came


async def pages_in_order(
    fetch: Fetch[V], *, counted: bool, start: int = 0, size: int = SIZE, at_once: int = AT_ONCE
) -> AsyncGenerator[TablePage[V], None]:
    """Every page from the row after `start` others on, in order.

    The first is asked for alone; it tells how many there are, where all rows are asked for
    (`counted`). Where nobody tells, few are asked for at first and more the longer it goes on, so
    that little is asked for behind the end. At most `at_once` pages are under way or held. Closing
    the generator gives up what is under way. Raises what `fetch` raises, after the pages before it.
    """
    under_way: deque[asyncio.Task[TablePage[V]]] = deque()
    following, given = start, 0

    def ask() -> None:
        nonlocal following
        page = _whole_page(fetch, following, size, counted=counted)
        under_way.append(asyncio.create_task(page))
        following += size

    ask()
    try:
        while under_way:
            page = await under_way[0]
            under_way.popleft()
            given += 1
            came = page.done - page.offset
            if came or given == 1:
                yield page
            if came < size:
                return
            # No filter lets more rows through than there are; behind them only one more is asked
            # for, since rows may have been added.
            whole = page.values.table.row_count
            room = at_once if counted and whole is not None else min(at_once, given)
            while len(under_way) < room and (not under_way or whole is None or following < whole):
                ask()
    finally:
        for task in under_way:
            task.cancel()
        await asyncio.gather(*under_way, return_exceptions=True)


async def _whole_page(fetch: Fetch[V], offset: int, size: int, *, counted: bool) -> TablePage[V]:
    """The rows after `offset` others, `size` of them where there are so many.

    A service may give fewer than were asked for: then the rest is asked for.
    """
    values: V = await fetch(offset, size)
    came = latest = values.came
    total = values.table.row_count if counted else None
    while came < size and latest > 0 and _may_follow(offset + came, latest, total):
        rest: V = await fetch(offset + came, size - came)
        latest = rest.came
        came += latest
        rows = as_received([*values.rows, *rest.rows], came)
        values = TableValues(table=values.table, rows=rows, sstamp=values.sstamp)
    return TablePage(values, offset, total)


def _may_follow(done: int, latest: int, total: int | None) -> bool:
    """Whether more rows may stand behind a page that is not full."""
    return latest >= LEAST if total is None else done < total
