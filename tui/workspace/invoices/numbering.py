"""With which number a series goes on: what the next invoice or credit note is called.

Each series begins with 1; who comes from another program has it go on where that ended.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import date
from functools import partial
from typing import NamedTuple, TypeVar

from tui.services.errors import Refused
from tui.store.papers import NumberTaken
from tui.workspace.invoices.kept_here import NEXT_NUMBER, with_next_number
from tui.workspace.invoices.numbers import NumberPattern
from tui.workspace.invoices.on_papers import OnPapers

T = TypeVar("T")


class Next(NamedTuple):
    """The next number of a series."""

    series: str
    place: int
    number: str
    """As it will be written."""


class Numbering(OnPapers):
    """The use cases of numbers that nothing has yet."""

    def numbers(self, *, credit: bool = False) -> NumberPattern:
        """How invoices are numbered, or the `credit` notes. Raises ConfigError."""
        pattern = self._settings.credit_number if credit else self._settings.number
        return NumberPattern(pattern, self._settings.prefix)

    async def next_number(self, day: date, *, credit: bool = False) -> Next:
        """What is next in the series of a day. Raises ConfigError, OSError."""
        numbers = self.numbers(credit=credit)
        series = numbers.series(day)
        place = await asyncio.to_thread(self._papers.next_number, self.owner, series)
        return Next(series, place, numbers.number(day, place))

    async def proposed(self, day: date) -> str:
        """The number that an invoice of a day would have now. Raises ConfigError."""
        return (await self.next_number(day)).number

    async def would_go_on(self, day: date, place: int, *, credit: bool = False) -> Next:
        """What would be next were `place` set. Raises Refused where it or a later one of the series
        is used, ConfigError where it would be too long to be a number.
        """
        numbers = self.numbers(credit=credit)
        series = numbers.series(day)
        look = partial(self._papers.series.insist_on_unused, self.owner, series, place)
        await asyncio.to_thread(or_refused(look, "It was not set"))
        return Next(series, place, numbers.number(day, place))

    async def go_on_with(self, before: Next, after: Next) -> None:
        """Have a series go on with another number than it would have. It is a change, which can be
        undone until that number is used. Raises Refused where it was used meanwhile.
        """
        arguments = with_next_number(after.series, before.place, after.place)
        title = f"Go on with number {after.number}"
        await self._history.here.make(title, NEXT_NUMBER, arguments)


def or_refused(take: Callable[[], T], what: str) -> Callable[[], T]:
    """The same, with a number that is taken as a no: the change that is noted has it as its reason,
    and does not say that a person gave up.
    """

    def work() -> T:
        try:
            return take()
        except NumberTaken as error:
            raise Refused(f"{what}: {error}", advice="Nothing was changed.") from error

    return work
