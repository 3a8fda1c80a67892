"""A driver that sleeps until something comes, and writes little.

Textual's own looks ten times a second whether it is to end, which is all that a deck at rest
does. Textual's version is pinned exactly, and a test holds what is used of it here.
"""

from __future__ import annotations

import os
import selectors
import signal
from codecs import getincrementaldecoder
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import suppress
from select import select
from threading import Event
from types import FrameType
from typing import Any

from textual._ansi_sequences import SYNC_END, SYNC_START
from textual._parser import ParseError
from textual._time import get_time
from textual._xterm_parser import XTermParser
from textual.app import ScreenStackError
from textual.drivers.linux_driver import LinuxDriver
from textual.events import Paste, Resize
from textual.geometry import Size
from textual.message import Message

from tui.widgets.bursts import GOES_ON_SECONDS, LONGEST, Bursts, text_at_start
from tui.widgets.terminal_cells import TerminalCells

READ_BYTES = 4096
BELL = "\a"
"""Written beside frames, and no cell is another for it."""


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
        self._bursts = Bursts()
        self.cells = TerminalCells()
        self._unknown = True
        self._terminal_size = Size()
        self.written = 0
        """Bytes that the terminal was given so far."""
        self._update: str | None = None
        """What a synchronised update has come to, while there is one."""

    def write(self, data: str) -> None:
        """Write what the terminal does not show already; an update as one, or not at all."""
        if data == SYNC_START:
            self._update = ""
        elif data == SYNC_END:
            update, self._update = self._update, None
            if update:
                self._write(SYNC_START + update + SYNC_END)
        elif self._update is None:
            self._write(self._needed(data))
        else:
            self._update += self._needed(data)

    def _write(self, data: str) -> None:
        if data:
            self.written += len(data) if data.isascii() else len(data.encode())
            super().write(data)

    def _needed(self, data: str) -> str:
        if data != BELL:
            if self._unknown:
                self._unknown = False
                self._terminal_size = Size(*self._get_terminal_size())
                self.cells.forget()
            if self._fits():
                return self.cells.needed(data)
            self.cells.forget()
        return data

    def forget(self) -> None:
        """Take nothing for shown already: somebody else may have written to the terminal."""
        self._unknown = True

    def _fits(self) -> bool:
        """Whether what is painted now is laid out for the terminal as it is now."""
        try:
            return self._app.screen.size == self._terminal_size
        except ScreenStackError:
            return False

    def start_application_mode(self) -> None:
        """Begin, and note whenever the terminal's size changes."""
        super().start_application_mode()  # type: ignore[no-untyped-call]
        handle = signal.getsignal(signal.SIGWINCH)

        def note(number: int, frame: FrameType | None) -> None:
            self._unknown = True
            if callable(handle):
                handle(number, frame)

        signal.signal(signal.SIGWINCH, note)

    def process_message(self, message: Message) -> None:
        """Hand on a message."""
        if isinstance(message, Resize):
            self._unknown = True
        super().process_message(message)

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
                        for event in self._events(parser, text, decode):
                            self.process_message(event)
                for event in parser.tick():
                    self.process_message(event)
        with suppress(EOFError, ParseError):
            for _ in parser.feed(""):
                pass

    def _events(
        self, parser: XTermParser, text: str, decode: Callable[[bytes], str]
    ) -> Iterator[Message]:
        """What a read comes to: keys and the like, and pastes that nobody called so."""
        parts = deque(self._bursts.parts(text))
        while parts:
            pasted, part = parts.popleft()
            if not pasted or parser._timeout_time is not None:
                yield from parser.feed(part)
                continue
            while not parts and len(part) < LONGEST:
                more = decode(self._at_once())
                if not more:
                    break
                goes_on = text_at_start(more)
                part += goes_on
                parts.extend(self._bursts.parts(more[len(goes_on) :]))
            yield Paste(part.replace("\r\n", "\n").replace("\r", "\n"))

    def _at_once(self) -> bytes:
        """What comes so soon that it belongs to what has come; nothing where that is all."""
        ready, _, _ = select([self.fileno], [], [], GOES_ON_SECONDS)
        return os.read(self.fileno, READ_BYTES) if ready else b""


def _patience(parser: XTermParser) -> float | None:
    """How long an escape may still become a longer key; None while none is waiting."""
    due = parser._timeout_time
    return None if due is None else max(0.0, due - get_time())
