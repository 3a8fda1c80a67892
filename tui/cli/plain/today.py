"""Today: what runs, what is next, what waits."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial

from tui.cli.plain.page import Line, Page, joined
from tui.cli.plain.seat import Seat, failure
from tui.cli.timing import running_words
from tui.workspace.problems import EXPECTED
from tui.workspace.today.agenda import SCREEN_OF, agenda
from tui.workspace.today.items import SERVICES, Items, Part
from tui.workspace.today.sample import sample_words
from tui.workspace.today.waits import waits


class TodayPage(Page):
    """Parts of five services: where one is silent the others are said all the same."""

    title = "Today"
    empty = "Nothing is next and nothing waits."

    def __init__(self, seat: Seat, room: Callable[[str], Page]) -> None:
        """`room` makes the page of a screen."""
        super().__init__(seat)
        self._room = room

    async def read(self) -> Sequence[Line]:
        """What waits before what is next; a number opens the screen that it is on."""
        where, now = self.workspace.zone, datetime.now(UTC)
        sign = self.workspace.settings.deck.currency
        read = await asyncio.gather(self._runs(), *map(self._part, SERVICES))
        parts = {part: items for part, items in zip(SERVICES, read[1:], strict=True) if items}
        changes = await self.workspace.history.outbox.still_open()
        reminders = await asyncio.to_thread(self.workspace.reminders.all)
        recurring = await asyncio.to_thread(self.workspace.recurring.due)
        if shown := self.workspace.connections.shows_sample():
            self.head.insert(0, sample_words(shown))
        lines = [
            self._line(joined(f"Waits: {one.title}", one.badge, one.detail), one.place.scope)
            for one in waits(parts, changes, reminders, where, now, sign, recurring)
        ]
        lines += [
            self._line(
                joined(f"{day.title}: {entry.title}", entry.time, entry.where, entry.amount),
                SCREEN_OF[entry.kind],
            )
            for day in agenda(parts, reminders, where, now, sign)
            for entry in day.entries
        ]
        return lines

    def _line(self, text: str, scope: str) -> Line:
        return Line(text, partial(self._room, scope))

    async def _runs(self) -> None:
        timers, where = self.workspace.timers, self.workspace.zone
        if not self.workspace.connections.connected("trackmypeople"):
            return
        try:
            overview = await self.answer(timers.overview(), timers.kept)
        except EXPECTED as error:
            self.head.append(failure(error))
            return
        runs = running_words(overview, where)
        self.head.append(f"Runs: {joined(runs, overview.description)}" if runs else "Nothing runs.")

    async def _part(self, part: Part) -> Items | None:
        """A part; None, and why is said, where it is not known."""
        if not self.workspace.connections.connected(SERVICES[part]):
            return None
        today = self.workspace.today
        try:
            found = await self.answer(today.part(part), partial(today.kept, part))
        except EXPECTED as error:
            self.head.append(failure(error))
            return None
        if part == "events" and found.asked:
            self.head.append(found.asked)
        return found
