"""What word is given of: reminders, a forgotten timer, what nobody knows of, overdue invoices.

Nothing is asked of any service: it is what this machine knows already.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

from tui.store.changes import Change
from tui.store.reminders import Reminder, Reminders
from tui.store.told import Told
from tui.words import counted
from tui.workspace.changes.standing import RUNNING, greeting
from tui.workspace.invoices.due import days_late
from tui.workspace.reads import Answer
from tui.workspace.timers.running import Running
from tui.workspace.times import end_of_day, today_in
from tui.workspace.today.items import Item, Items

if TYPE_CHECKING:
    from tui.workspace.hooks import Hooks

Kind = Literal["reminder", "timer", "change", "invoice"]


class Notice(NamedTuple):
    """What is said. Both texts are as people and services wrote them."""

    kind: Kind
    title: str
    text: str
    when: datetime
    """When it was due or has become so."""
    reminder: Reminder | None = None
    """Of a reminder, the reminder."""


class Known(NamedTuple):
    """Where what this machine knows is read from. Each may raise OSError."""

    reminders: Reminders
    told: Told
    status_file: Path
    still_open: Callable[[], Sequence[Change]]
    """The changes that are not settled."""
    unpaid: Callable[[], Awaitable[Answer[Items] | None]]
    """The invoices that were unpaid when they were asked for last."""
    not_owed_since: Callable[[datetime], set[str]]
    """The ids of those that nobody owes any more since then, by what was done here."""
    account: Callable[[], str]
    """Whose invoices they are."""


class Notices:
    """Gives each notice out once, whichever program asks first."""

    def __init__(self, known: Known, hooks: Hooks, where: tzinfo, long: timedelta) -> None:
        """`long` is what a timer may run until its end is taken for forgotten."""
        self._known = known
        self._hooks = hooks
        self._zone = where
        self._long = long

    async def ring(self, now: datetime) -> list[Notice]:
        """What is to be said now and was not yet; the person's commands for it are run.

        Raises OSError.
        """
        said = await asyncio.to_thread(self._reminders, now)
        said += await asyncio.to_thread(self._timer, now)
        said += await asyncio.to_thread(self._unknown)
        said += await self._overdue(now)
        return said

    async def next_ring(self, now: datetime) -> datetime | None:
        """When there may be something to say next, as far as is known. Raises OSError."""
        moments = [
            await asyncio.to_thread(self._known.reminders.next_ring),
            await asyncio.to_thread(self._long_at, now),
        ]
        unpaid = await self._known.unpaid()
        if unpaid is not None and unpaid.value.items:
            moments.append(end_of_day(today_in(self._zone, now), self._zone))
        return min((one for one in moments if one is not None), default=None)

    def _reminders(self, now: datetime) -> list[Notice]:
        found = self._known.reminders.ring(now)
        for one in found:
            self._hooks.tell_due(one.text, one.moment)
        return [Notice("reminder", "Reminder", one.text, one.moment, one) for one in found]

    def _timer(self, now: datetime) -> list[Notice]:
        known = Running.read(self._known.status_file)
        ripe = None if known is None else known.long_at(self._long)
        if known is None or ripe is None or ripe > now:
            return []
        if not self._known.told.first([f"timer/{known.started_at}"]):
            return []
        words = known.warning(now, self._zone, self._long)
        return [Notice("timer", "Timer", f"{known.tracker} {words}", ripe)]

    def _long_at(self, now: datetime) -> datetime | None:
        known = Running.read(self._known.status_file)
        ripe = None if known is None else known.long_at(self._long)
        return ripe if ripe is not None and ripe > now else None

    def _unknown(self) -> list[Notice]:
        found = {
            f"change/{one.id}": one
            for one in self._known.still_open()
            if one.state == "unknown" and one.record != RUNNING
        }
        new = self._known.told.first([*found])
        changes = [one for key, one in found.items() if key in new]
        if not changes:
            return []
        return [Notice("change", "Not known", greeting(changes), changes[0].time)]

    async def _overdue(self, now: datetime) -> list[Notice]:
        kept = await self._known.unpaid()
        if kept is None:
            return []
        late = [one for one in kept.value.items if days_late(one.when, self._zone, now)]
        if not late:
            return []
        return await asyncio.to_thread(self._newly_late, late, kept.as_of, now)

    def _newly_late(self, late: Sequence[Item], as_of: datetime, now: datetime) -> list[Notice]:
        paid, account = self._known.not_owed_since(as_of), self._known.account()
        # With the day: one that is given longer may become overdue once more.
        keys = {
            f"{account}/invoice/{one.key}/{one.when:%Y-%m-%d}": one
            for one in late
            if one.key not in paid
        }
        new = self._known.told.first([*keys])
        found = [one for key, one in keys.items() if key in new]
        if not found:
            return []
        days = [days_late(one.when, self._zone, now) for one in found]
        for one, many in zip(found, days, strict=True):
            self._hooks.tell_overdue(one, many)
        first = f"{found[0].title}, {counted(days[0], 'day')}"
        more = f", and {counted(len(found) - 1, 'more invoice')}" if len(found) > 1 else ""
        return [Notice("invoice", "Overdue", f"{first}{more}", found[0].when or now)]
