"""The way out of the deck: whatever ends it, it ends in time, with what was typed kept.

A thread of its own waits for the signals that end a program. It needs nothing of the main
thread: a deck that hangs, or that waits for a terminal that takes nothing, ends as well.
"""

from __future__ import annotations

import os
import select
import signal
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from contextvars import copy_context
from types import FrameType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from asyncio import AbstractEventLoop

ENDING = (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGTERM)
"""The signals that end the deck; its exit status is then 128 and the signal's number."""
LEAVE_SECONDS = 0.6
"""What keeping drafts and letting go of services may take after a signal."""
QUIT_SECONDS = 2.0
"""What they may take when a person leaves, and the end of all threads with them."""
GIVE_BACK_SECONDS = 0.25
"""How long the end waits for the terminal to be given back."""
_QUIT = 0


class WayOut:
    """Ends the process: in order where that is possible in time, and otherwise at once."""

    def __init__(
        self,
        end: Callable[[int], None] = os._exit,
        before: Callable[[], None] | None = None,
    ) -> None:
        """Made in the main thread, before anything is opened that has to be closed. `before` gives
        the terminal back for as long as nothing else is armed to do so.
        """
        self.status = 0
        """What the process ends with."""
        self._end = end
        self._leave: Callable[[], None] | None = None
        self._give_back = before
        self._wake: Callable[[], object] | None = None
        self._signalled = False
        self._finishing = threading.Lock()
        self._heard, self._bell = os.pipe()
        os.set_blocking(self._bell, False)
        # Written by the system's own handler, whatever the main thread is busy with.
        signal.set_wakeup_fd(self._bell, warn_on_full_buffer=False)
        for number in ENDING:
            signal.signal(number, self._note)
        threading.Thread(target=self._watch, name="way-out", daemon=True).start()

    def arm(
        self,
        leave: Callable[[], None],
        give_back: Callable[[], None],
        wake: Callable[[], object],
    ) -> None:
        """From here on `leave` begins an orderly way out that calls `finish`, and `give_back`
        restores the terminal at once. `wake` has the main thread do something: the system may
        give any signal to any thread, but only the main one acts upon it, and it may be asleep.
        All may be called from any thread.
        """
        self._leave, self._give_back, self._wake = leave, give_back, wake

    def arm_in(
        self,
        loop: AbstractEventLoop,
        leave: Callable[[], object],
        *,
        before: Callable[[], object],
        give_back: Callable[[], None],
    ) -> None:
        """As `arm`, for what runs in a loop: `leave` is called in it and in the context of now,
        `before` at once.
        """
        context = copy_context()

        def begin() -> None:
            before()
            loop.call_soon_threadsafe(leave, context=context)

        def wake() -> None:
            # One turn of the loop is enough: Python acts on signals before it.
            loop.call_soon_threadsafe(lambda: None)

        self.arm(begin, give_back, wake)

    def quit(self, status: int = 0) -> None:
        """The deck is being left: from here on it ends in time."""
        if not self._signalled:
            self.status = status
        os.write(self._bell, bytes((_QUIT,)))

    def finish(self) -> None:
        """Give the terminal back and end the process."""
        if self._finishing.acquire(timeout=GIVE_BACK_SECONDS) and self._give_back is not None:
            giving = threading.Thread(target=self._give_back, daemon=True)
            giving.start()
            giving.join(GIVE_BACK_SECONDS)
        self._end(self.status)

    def _note(self, number: int, frame: FrameType | None) -> None:
        """What ends the deck is known at once, before any other signal is acted upon."""
        del frame
        if not self._signalled:
            self._signalled, self.status = True, 128 + number

    @property
    def is_told(self) -> bool:
        """Whether a signal has ended the deck."""
        return self._signalled

    def _watch(self) -> None:
        due: float | None = None
        left = False
        while due is None or due > time.monotonic():
            wait = None if due is None else max(0.0, due - time.monotonic())
            if not select.select([self._heard], [], [], wait)[0]:
                break
            for number in os.read(self._heard, 64):
                if number == _QUIT:
                    due = min(due or float("inf"), time.monotonic() + QUIT_SECONDS)
                elif number not in ENDING:
                    self._wake_main()
                elif not left:
                    left = True
                    self._note(number, None)
                    due = time.monotonic() + LEAVE_SECONDS
                    self._begin_to_leave()
        self.finish()

    def _wake_main(self) -> None:
        if self._wake is not None:
            # Where the loop is closed, the main thread is awake.
            with suppress(RuntimeError):
                self._wake()

    def _begin_to_leave(self) -> None:
        if self._leave is None:
            self.finish()
            return
        try:
            self._leave()
        except RuntimeError:
            # The loop is closed: what there was to keep is kept.
            self.finish()
