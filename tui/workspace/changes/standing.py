"""How the changes stand, for who shows it: what undo would take back, what waits, what is open."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

import msgspec

from tui.store.changes import Change
from tui.words import counted
from tui.workspace.changes.history import History
from tui.workspace.changes.kinds import kinds_of
from tui.workspace.changes.plans import Plan
from tui.workspace.changes.unsettled import NOTHING, Unsettled, unsettled_of

RUNNING = "trackmypeople/running"
"""The record of what is said of a timer that runs: it waits for the stop by its nature, so that
this is no news."""
MOST_TOLD = 50
"""Changes of others that are looked through for what they are about."""


class OwnStep(Protocol):
    """One change that no service has, such as of a reminder of one's own."""

    @property
    def time(self) -> float:
        """When, in seconds since the epoch."""

    @property
    def title(self) -> str:
        """What was done."""


class Standing(msgspec.Struct, frozen=True):
    """What is shown of the changes on every screen."""

    undo: str = ""
    """The title of what undo would take back; empty where there is nothing."""
    waiting: int = 0
    unknown: int = 0
    unsettled: Mapping[str, Unsettled] = msgspec.field(default_factory=dict)
    """What is open of the accounts that are connected now, by service."""

    @property
    def words(self) -> str:
        """What is open, for the end of a line; empty where nothing is."""
        parts = [f"{self.waiting:,} waiting" if self.waiting else ""]
        parts.append(f"{self.unknown:,} not known" if self.unknown else "")
        return " · ".join(filter(None, parts))


class Stand:
    """Looks how the changes stand: when asked, and when something has changed. No timer."""

    def __init__(self, history: History) -> None:
        self._history = history
        self.now = Standing()
        self.beside: Callable[[Plan | None], OwnStep | None] = lambda _plan: None
        """What undo is for instead, such as the change of a reminder, where that was made later."""
        self._version: int | None = None
        self._seen: tuple[int, dict[str, Change]] = (0, {})

    @property
    def set_aside(self) -> str:
        """What was said of a file of changes that could not be used; empty where all is well."""
        return self._history.changes.database.said

    async def look(self) -> Standing:
        """How they stand now. What cannot be read is not shown: who uses it says why."""
        try:
            await asyncio.to_thread(self._import)
            plan = await self._history.undoing.next_undo()
            step = await asyncio.to_thread(self.beside, plan)
            still_open = await self._history.outbox.still_open()
        except OSError:
            return self.now
        clients = self._history.clients
        news = [one.state for one in still_open if one.record != RUNNING]
        self.now = Standing(
            undo=_title(plan, step),
            waiting=news.count("waiting"),
            unknown=news.count("unknown"),
            unsettled={
                service: unsettled_of(still_open, clients.account(service))
                for service in {one.service for one in still_open} & {*clients.services}
            },
        )
        return self.now

    def of(self, service: str) -> Unsettled:
        """What is open of a service, as it was when it was last looked."""
        return self.now.unsettled.get(service, NOTHING)

    async def elsewhere(self) -> bool:
        """Whether another deck or command has changed something since this was last asked.

        Who listens is told the operations then. Asked when a person comes back, not by a timer.
        """
        try:
            version = await asyncio.to_thread(self._history.changes.version)
            if version == self._version:
                return False
            first, self._version = self._version is None, version
            operations = await asyncio.to_thread(self._changed_since)
        except OSError:
            return False
        for operation in () if first else operations:
            self._history.sender.tell(operation)
        return not first and bool(operations)

    def _changed_since(self) -> list[str]:
        """The operations of what was begun, or is open no more, since the last question."""
        changes, (last, before) = self._history.changes, self._seen
        newest = changes.newest(MOST_TOLD)
        still_open = {one.id: one for one in changes.still_open()}
        self._seen = max((one.sequence for one in newest), default=0), still_open
        moved = [one for one in before.values() if still_open.get(one.id) != one]
        begun = [one for one in newest if one.sequence > last and not changes.is_own(one)]
        return sorted({one.operation for one in (*moved, *begun)})

    def _import(self) -> None:
        """What is known of a service's changes brings its client with it: not in the loop."""
        last = self._history.changes.last_to_undo(self._history.sender.owners())
        if last is not None:
            kinds_of(last.service)

    def watch(self, changed: Callable[[], object]) -> Callable[[], None]:
        """Be told when it is to be looked again; returns what stops that."""

        def heard(_operation: str) -> None:
            changed()

        return self._history.on_change(heard)


def _title(plan: Plan | None, step: OwnStep | None) -> str:
    if step is not None:
        return step.title
    return "" if plan is None or plan.cannot else plan.title


def greeting(unknown: Sequence[Change]) -> str:
    """What a person is told at the start of what was left open; empty where nothing was."""
    if not unknown:
        return ""
    more = f" and {counted(len(unknown) - 1, 'more change')}" if len(unknown) > 1 else ""
    return f"Nobody knows whether this was done: {unknown[0].title}{more}."


def asks(plan: Plan, now: datetime, *, elsewhere: str = "") -> str:
    """Why a person is asked before this is taken back, in sentences; empty where they are not.

    `elsewhere` is the screen that it is on, in words, where that is not the one that is shown.
    """
    reasons = [f"It is on {elsewhere}."] if elsewhere else []
    reasons += ["It was done more than ten minutes ago."] if plan.is_old(now) else []
    reasons += ["It was not done by this deck since it began."] if plan.elsewhere else []
    return " ".join([*reasons, plan.inexact]).strip()
