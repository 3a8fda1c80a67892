"""Writes: noted on disk before they are sent, settled after, and undone where they can be."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from tui.services.errors import OutcomeUnknown, PermissionDenied, ServiceError
from tui.services.operation import following
from tui.services.outcomes import advice_on, outcome_unknown
from tui.store.journal import Entry, Journal, Outcome

__all__ = ["Entry", "History", "ReadOnly", "Undo", "following"]

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
        self.told: Callable[[str], object] = lambda _text: None
        """What a person should know of a write that was made all the same."""
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
        `action` raises: OutcomeUnknown where the service may have made it, and then the entry
        stays open. `undo` is given the result and says how to take it back. Nothing that fails
        after the write was made is raised past it.
        """
        if self.read_only:
            raise ReadOnly(f"{title} was not sent: the deck is read-only", operation=operation)
        result = await self._carry_out(title, operation, arguments, action)
        step = undo(result) if undo is not None else None
        if step is not None:
            self._undo.append(step)
            del self._undo[:-MOST_UNDO_STEPS]
        self._tell_listeners(operation)
        return result

    async def _carry_out(
        self,
        title: str,
        operation: str,
        arguments: Mapping[str, Any],
        action: Callable[[], Awaitable[T]],
    ) -> T:
        entry = await asyncio.to_thread(self.journal.begin, title, operation, arguments)
        with following() as run:
            try:
                result = await action()
            except (ServiceError, OSError) as error:
                nothing_done = isinstance(error, ServiceError) and error.nothing_done
                if isinstance(error, OutcomeUnknown) or (run.sent and not nothing_done):
                    unknown = outcome_unknown(operation, error)
                    await self._settle(entry, "pending", unknown.advice)
                    # Where it is shown, it is read anew: a person sees whether it was made.
                    self._tell_listeners(operation)
                    if unknown is error:
                        raise
                    raise unknown from error
                words = str(error)
                if isinstance(error, ServiceError):
                    words = f"{error.progress} {error.message}".strip()
                await self._settle(entry, "failed", words)
                raise
            except asyncio.CancelledError:
                if run.sent:
                    advice = advice_on(operation)
                    self.told(f"{title}: given up on the way; it may have been done. {advice}")
                raise
        await self._settle(entry, "done")
        return result

    async def _settle(self, entry: Entry, outcome: Outcome, reason: str = "") -> None:
        """Note what became of a write. A disk that is full by now changes nothing of that."""
        try:
            await asyncio.to_thread(self.journal.settle, entry, outcome, reason)
        except OSError as error:
            became = {"done": "was made", "failed": "was refused"}.get(outcome, "is not known")
            why = error.strerror or str(error)
            self.told(f"{entry.title}: what became of it could not be noted ({why}); it {became}.")

    def _tell_listeners(self, operation: str) -> None:
        for listener in list(self._changed):
            listener(operation)

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
        await self._carry_out(step.title, "undo", {}, step.action)
        self._undo.remove(step)
        self._tell_listeners("undo")
        return step.title

    async def unsettled(self) -> list[Entry]:
        """Writes of earlier runs whose outcome is not known."""
        return await asyncio.to_thread(self.journal.unsettled)

    @staticmethod
    def look_at(entry: Entry) -> str:
        """What to look at before an entry that is still open is sent again."""
        return entry.reason or advice_on(entry.operation)

    async def acknowledge(self, entries: list[Entry]) -> None:
        """A person has seen these; they are not shown again."""
        for entry in entries:
            await asyncio.to_thread(
                self.journal.settle, entry, "failed", "outcome unknown, seen by the person"
            )
