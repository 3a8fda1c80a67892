"""A pilot that knows when the application is at rest."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from time import monotonic
from typing import Any
from unittest.mock import patch

from textual.app import App
from textual.pilot import Pilot

from tests import style_sheets
from tui.widgets.turns import LOOK_SECONDS, LOOKS_ON, _all_of, _at_work

style_sheets.read_once()

MOST_SECONDS = 30.0
ASKED_SECONDS = 1.0
"""How long a pause waits for what a command or the pane with the focus asks for."""


class Patient(Pilot[Any]):
    """Presses keys as a person does who looks what each has done before the next one.

    Textual's own waits until the process takes no time, one second at most: a server in the same
    process never does that, and a busy machine lets it be idle while it has no turn. The
    application knows when it is at rest.
    """

    def __init__(self, app: App[Any]) -> None:
        super().__init__(app)
        self._frames = 0
        self._read: tuple[int, str] | None = None
        """What was read, and at which frame."""
        self._asked = False

    def count_frames(self) -> None:
        """From now on know when there is something else to read."""
        display = self.app._display

        def counted(*frame: Any) -> None:
            self._frames += 1
            display(*frame)

        self.app._display = counted  # type: ignore[method-assign]

    def holds(self, condition: Callable[[], bool]) -> bool:
        """Whether something holds just after a pause: between two frames nothing else is read."""
        self._asked = self._frames > 0
        try:
            return condition()
        finally:
            self._asked = False

    def read(self, draw: Callable[[Pilot[Any]], str]) -> str:
        """What is on the screen, drawn where it may have become something else."""
        if self._asked and self._read is not None and self._read[0] == self._frames:
            return self._read[1]
        text = draw(self)
        self._read = (self._frames, text) if self._asked else None
        return text

    async def press(self, *keys: str) -> None:
        with patch("textual.app.wait_for_idle", self._rest):
            await super().press(*keys)
        await self._lay_out()

    async def pause(self, delay: float | None = None) -> None:
        with patch("textual.pilot.wait_for_idle", self._settle):
            await super().pause(delay)

    async def _lay_out(self) -> None:
        """Now, what Textual does at the next sixtieth of a second."""
        if self.app.is_running and self.app.screen_stack:
            self.app.screen._on_timer_update()
            await self._rest()

    async def _wait_for_screen(self, timeout: float = 0.0) -> bool:
        await self._settle()
        return True

    async def _rest(self, *_seconds: float) -> None:
        """Until the next key can be taken."""
        end = monotonic() + MOST_SECONDS
        while not await self.app.at_rest() and monotonic() < end:
            continue

    async def _settle(self, *_seconds: float) -> None:
        """Until all messages are handled; for what is asked for a moment only, since it may take
        for ever, and what is said meanwhile stands for a few seconds.
        """
        now = monotonic()
        end, asked_end = now + MOST_SECONDS, now + ASKED_SECONDS
        while self.app.is_running and now < end:
            await asyncio.sleep(0)
            if self.app._all_taken() and (
                self.app._at_rest(LOOKS_ON) if now < asked_end else self._all_is_handled()
            ):
                return
            await asyncio.sleep(LOOK_SECONDS)
            now = monotonic()

    def _all_is_handled(self) -> bool:
        stack = self.app.screen_stack
        everything = (one for screen in stack for one in _all_of(screen))
        return not (
            _at_work(self.app) or any(one._callbacks for one in stack[-1:])
            or any(map(_at_work, everything))
        )  # fmt: skip
