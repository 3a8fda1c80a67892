"""How long the next key waits for what a screen or a pane has begun: a question, a few lines."""

from __future__ import annotations

from asyncio import Event
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from time import monotonic
from typing import TypeVar

from textual.worker import Worker

COMMAND_SECONDS = 1.0
"""How long keys wait for a command that may be about to ask something."""
LOADING_SECONDS = 2.0
"""How long keys wait for the first content of a pane, counted from when it began to load."""

Answered = TypeVar("Answered")


class Patience:
    """Of one that carries out commands: what of its work keys have to wait for, and how long."""

    def __init__(self) -> None:
        self._commands: dict[Work, float] = {}
        self._reads: dict[Worker[None], float] = {}

    def works(self, command: Work) -> None:
        """It has begun, or goes on: until it asks or has ended keys wait for it."""
        self._commands[command] = monotonic() + COMMAND_SECONDS

    def rests(self, command: Work) -> None:
        """It has ended, or waits for an answer."""
        self._commands.pop(command, None)

    def reads(self, worker: Worker[None]) -> None:
        """A worker brings what the next keys are about, such as the lines of a fold."""
        self._reads = {one: till for one, till in self._reads.items() if not one.is_finished}
        self._reads[worker] = monotonic() + LOADING_SECONDS

    def until(self, *, about_content: bool) -> float:
        """Until when (`monotonic`) a key has to wait at most; 0 where it need not.

        `about_content` says whether what the key means depends on what is shown.
        """
        until = max(self._commands.values(), default=0.0)
        if about_content:
            until = max(until, *(t for one, t in self._reads.items() if not one.is_finished), 0.0)
        return until


class Work:
    """A command that is carried out from now on, or a question that none of them asks."""

    def __init__(self, patience: Patience) -> None:
        self._patience = patience
        self.has_ended = False
        self._asks: Event | None = None
        patience.works(self)

    @property
    def asks(self) -> bool:
        """Whether it has a question open."""
        return self._asks is not None

    async def is_answered(self) -> None:
        """Wait while it has a question open."""
        while self._asks is not None:
            await self._asks.wait()

    def ends(self) -> None:
        """Keys need not wait for it any more."""
        self.has_ended = True
        self._patience.rests(self)

    async def asked(
        self, call_when_shown: Callable[[Callable[[], None]], object], answer: Awaitable[Answered]
    ) -> Answered:
        """An answer that it waits for; the keys are the question's once it is shown."""
        answered = False
        before, closed = self._asks, Event()
        self._asks = closed

        def note() -> None:
            if not answered:
                self._patience.rests(self)

        call_when_shown(note)
        try:
            return await answer
        finally:
            answered = True
            self._asks = before
            closed.set()
            if not self.has_ended:
                self._patience.works(self)


AT_WORK: ContextVar[Work | None] = ContextVar("at work", default=None)
"""The command that is carried out in this context. Whoever asks for it, such as another pane or
what sends a change: it is the command that keys wait for, and that waits for the answer."""


async def asked_by(
    patience: Patience,
    call_when_shown: Callable[[Callable[[], None]], object],
    answer: Awaitable[Answered],
) -> Answered:
    """An answer that the command at work waits for. Where none is, it is waited for by itself,
    and keys wait for the question alone by the `patience` of who asks it.
    """
    command = AT_WORK.get()
    if command is not None and not command.has_ended:
        return await command.asked(call_when_shown, answer)
    alone = Work(patience)
    try:
        return await alone.asked(call_when_shown, answer)
    finally:
        alone.ends()
