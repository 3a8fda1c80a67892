"""How long the next key waits for what a screen or a pane has begun: a question, a few lines."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
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
        self._commands = 0
        self._commands_until = 0.0
        self._reads: dict[Worker[None], float] = {}

    def works(self) -> None:
        """A command has begun, or goes on: until it asks or has ended keys wait for it."""
        self._commands += 1
        self._commands_until = monotonic() + COMMAND_SECONDS

    def rests(self) -> None:
        """It has ended, or waits for an answer."""
        self._commands -= 1

    async def asked(
        self, call_when_shown: Callable[[Callable[[], None]], object], answer: Awaitable[Answered]
    ) -> Answered:
        """An answer that a command waits for; the keys are the question's once it is shown."""
        shown = answered = False

        def note() -> None:
            nonlocal shown
            if not answered:
                shown = True
                self.rests()

        call_when_shown(note)
        try:
            return await answer
        finally:
            answered = True
            if shown:
                self.works()

    def reads(self, worker: Worker[None]) -> None:
        """A worker brings what the next keys are about, such as the lines of a fold."""
        self._reads = {one: till for one, till in self._reads.items() if not one.is_finished}
        self._reads[worker] = monotonic() + LOADING_SECONDS

    def until(self, *, about_content: bool) -> float:
        """Until when (`monotonic`) a key has to wait at most; 0 where it need not.

        `about_content` says whether what the key means depends on what is shown.
        """
        until = self._commands_until if self._commands > 0 else 0.0
        if about_content:
            until = max(until, *(t for one, t in self._reads.items() if not one.is_finished), 0.0)
        return until
