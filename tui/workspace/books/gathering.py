"""All rows of a table, asked for by several requests at once and given on as they come."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from typing import NamedTuple

from tui.services.left_out import received
from tui.services.timetonic import TableValues

AT_ONCE = 4
"""Requests that are on their way together."""
LARGE_PAGE = 1000
"""Rows of a request where all of them are wanted."""

Ask = Callable[[int, int], Awaitable[TableValues]]
"""Asks for rows from an offset on, at most so many."""
Take = Callable[[int, TableValues], Awaitable[None]]
"""Is given the rows of an offset as they come, in any order."""


class Gathered(NamedTuple):
    """What came: the first answer, rows that the service sent, those of them that could be read,
    and whether the service has more of them by now.
    """

    first: TableValues
    came: int
    read: int
    whole: bool


async def gather(ask: Ask, take: Take, *, counted: bool) -> Gathered:
    """Ask for all rows; `counted` says that the service tells how many there are.

    Where it does not, they end with a page that is not full. Raises what `ask` and `take` raise;
    what is on its way then is given up.
    """
    first = await ask(0, LARGE_PAGE)
    await take(0, first)
    size = received(first.rows)
    came, read = size, len(first.rows)
    total = first.table.row_count if counted else None
    if not size or (size < LARGE_PAGE and (total is None or total <= size)):
        return Gathered(first, came, read, True)
    # A service that gives fewer than were asked for gives as many the next time.
    offsets = _offsets(size, total)
    ended = False

    async def work() -> None:
        nonlocal came, read, ended
        for offset in offsets:
            if ended:
                return
            found = await ask(offset, size)
            number = received(found.rows)
            # What could not be read counts as well: the next page begins behind it.
            came, read = came + number, read + len(found.rows)
            if found.rows:
                await take(offset, found)
            if number < size:
                ended = total is None

    tasks = [asyncio.create_task(work()) for _ in range(AT_ONCE)]
    try:
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    return Gathered(first, came, read, total is None or came >= total)


def _offsets(step: int, total: int | None) -> Iterator[int]:
    offset = step
    while total is None or offset < total:
        yield offset
        offset += step
