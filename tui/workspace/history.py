"""Writes: noted on disk before they are sent, settled after, and undone where they can be."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from tui.services.errors import ConnectionFailed, PermissionDenied, ServiceError
from tui.store.journal import Entry, Journal

__all__ = ["Entry", "History", "ReadOnly", "Undo"]

T = TypeVar("T")
UndoAction = Callable[[], Awaitable[object]]
MOST_UNDO_STEPS = 100


@dataclass(frozen=True)
class Undo:
    """How to take a write back: what that is called, and the call that does it."""

    title: str
    action: UndoAction


class ReadOnly(PermissionDenied):
    """The deck is in read-only mode."""

    kind = "read-only"
    default_advice = "Start without --read-only to change things."


class History:
    """Every write of a session goes through `write`; `undo` takes back the latest one."""

    def __init__(self, journal: Journal, *, read_only: bool = False) -> None:
        self.journal = journal
        self.read_only = read_only
        self._undo: list[Undo] = []
        self._changed: list[Callable[[str], None]] = []

    def on_change(self, listener: Callable[[str], None]) -> Callable[[], None]:
        """Be told the operation id after each write; returns the function that stops it."""
        self._changed.append(listener)
        return lambda: self._changed.remove(listener)

    async def write(
        self,
        title: str,
        operation: str,
        arguments: Mapping[str, Any],
        action: Callable[[], Awaitable[T]],
        *,
        undo: Callable[[T], Undo | None] | None = None,
    ) -> T:
        """Carry out one write. `arguments` are noted on disk and must hold no secrets.

        Raises ReadOnly, OSError when it cannot be noted (then nothing was sent), and what
        `action` raises. `undo` is given the result and says how to take it back.
        """
        if self.read_only:
            raise ReadOnly(f"{title} was not sent: the deck is read-only", operation=operation)
        entry = await asyncio.to_thread(self.journal.begin, title, operation, arguments)
        try:
            result = await action()
        except ConnectionFailed:
            # It may or may not have been made: the entry stays open and is shown as such.
            raise
        except ServiceError as error:
            await asyncio.to_thread(self.journal.settle, entry, "failed", error.message)
            raise
        await asyncio.to_thread(self.journal.settle, entry, "done")
        step = undo(result) if undo is not None else None
        if step is not None:
            self._undo.append(step)
            del self._undo[:-MOST_UNDO_STEPS]
        for listener in list(self._changed):
            listener(operation)
        return result

    @property
    def next_undo(self) -> str | None:
        """What `undo` would take back, in words; None when there is nothing."""
        return self._undo[-1].title if self._undo else None

    async def undo(self) -> str | None:
        """Take back the latest write; what was undone in words, or None. Raises as it does."""
        if not self._undo:
            return None
        if self.read_only:
            raise ReadOnly("nothing was undone: the deck is read-only")
        step = self._undo[-1]
        entry = await asyncio.to_thread(self.journal.begin, step.title, "undo", {})
        try:
            await step.action()
        except ServiceError as error:
            await asyncio.to_thread(self.journal.settle, entry, "failed", error.message)
            raise
        self._undo.remove(step)
        await asyncio.to_thread(self.journal.settle, entry, "done")
        for listener in list(self._changed):
            listener("undo")
        return step.title

    async def unsettled(self) -> list[Entry]:
        """Writes of earlier runs whose outcome is not known."""
        return await asyncio.to_thread(self.journal.unsettled)

    async def acknowledge(self, entries: list[Entry]) -> None:
        """A person has seen these; they are not shown again."""
        for entry in entries:
            await asyncio.to_thread(
                self.journal.settle, entry, "failed", "outcome unknown, seen by the person"
            )
