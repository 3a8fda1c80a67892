"""A driver that sleeps until something comes.

Textual's own looks ten times a second whether it is to end, which is all that a deck at rest
does. Textual's version is pinned exactly, and a test holds what is used of it here.
"""

from __future__ import annotations

import os
import selectors
from codecs import getincrementaldecoder
from contextlib import suppress
from threading import Event
from typing import Any

from textual._parser import ParseError
from textual._time import get_time
from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver

READ_BYTES = 4096


class WakingEvent(Event):
    """An event that also wakes who waits for a file to be readable."""

    def __init__(self) -> None:
        super().__init__()
        self.file, self._bell = os.pipe()
        os.set_blocking(self.file, False)

    def set(self) -> None:
        """Set it, and wake the selector."""
        super().set()
        os.write(self._bell, b"!")

    def clear(self) -> None:
        """Take both back."""
        super().clear()
        with suppress(BlockingIOError):
            os.read(self.file, READ_BYTES)


class SleepingDriver(LinuxDriver):
    """Textual's driver of a terminal, without its looking around."""

    exit_event: WakingEvent

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.exit_event = WakingEvent()

    def run_input_thread(self) -> None:
        """Read what the terminal sends until the driver ends."""
        parser = XTermParser(self._debug)
        decode = getincrementaldecoder("utf-8")("replace").decode
        bell = self.exit_event.file
        # Unlike epoll it takes a file, or nothing at all, for input.
        with selectors.SelectSelector() as selector:
            selector.register(bell, selectors.EVENT_READ)
            selector.register(self.fileno, selectors.EVENT_READ)
            while not self.exit_event.is_set():
                for key, _ in selector.select(_patience(parser)):
                    if key.fd == bell:
                        continue
                    received = os.read(self.fileno, READ_BYTES)
                    if not received:
                        # The end of a file stays readable for ever.
                        selector.unregister(self.fileno)
                    elif text := decode(received):
                        for event in parser.feed(text):
                            self.process_message(event)
                for event in parser.tick():
                    self.process_message(event)
        with suppress(EOFError, ParseError):
            for _ in parser.feed(""):
                pass


def _patience(parser: XTermParser) -> float | None:
    """How long an escape may still become a longer key; None while none is waiting."""
    due = parser._timeout_time
    return None if due is None else max(0.0, due - get_time())
