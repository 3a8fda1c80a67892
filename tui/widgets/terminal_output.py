"""A terminal to write to that can be given up at any time, and that may go while one writes."""

from __future__ import annotations

import os
import select
import termios
from collections.abc import Callable
from contextlib import suppress
from threading import Lock


class TerminalOutput:
    """Writes as a file does. What is written to a terminal that is gone goes nowhere."""

    def __init__(self, file: int, encoding: str, gone: Callable[[], None]) -> None:
        """`gone` is called once, in the thread that writes, when the terminal is no more."""
        self._file = _opened_anew(file)
        self._waits = self._file == file
        """Whether a write may wait for the terminal, since the number is not ours alone."""
        self._rest = b""
        """What the terminal has not taken of a text that was offered to it."""
        self._encoding = encoding
        self._gone = gone
        self._writing = Lock()
        self._dropping = False
        """Whether nothing that is to be written is."""
        self._is_gone = False
        self._heard, self._bell = os.pipe()
        self.taken = 0
        """Texts that the terminal has taken, or that went nowhere, so far."""
        self.drained: Callable[[], None] = lambda: None
        """Called by the thread that writes when nothing is left to write."""

    def flush(self) -> None:
        """Nothing is held back: called when all that was to be written is."""
        self.drained()

    def offer(self, text: str) -> str | None:
        """Have the terminal take a text at once, without waiting, in any thread; what is left for
        `write` to do, None where nothing is. Only while nothing else waits to be written.
        """
        if self._waits or not self._writing.acquire(blocking=False):
            return text
        try:
            if self._dropping or self._is_gone:
                return text
            data = memoryview(text.encode(self._encoding, "replace"))
            self._rest = bytes(data[self._taken(data) :])
        finally:
            self._writing.release()
        if self._rest:
            return ""
        self.taken += 1
        return None

    def write(self, text: str) -> None:
        """Write a text, waiting for the terminal as long as it takes."""
        with self._writing:
            data = memoryview(self._rest + text.encode(self._encoding, "replace"))
            self._rest = b""
            while data and not (self._dropping or self._is_gone):
                data = data[self._taken(data) :]
                if data:
                    select.select([self._heard], [self._file], [])
        self.taken += 1

    def drop(self) -> None:
        """Write nothing any more, and what is being written no further: nobody waits for it."""
        self._dropping = True
        os.write(self._bell, b"!")

    def write_last(self, text: str, seconds: float) -> None:
        """Write this and nothing after it: what still waits is dropped.

        Callable from any thread. A terminal that takes nothing for so much time loses what it
        was given before and has not taken, in favour of this. One whose output was stopped, as by
        ctrl+s or `tcflow`, is let go on: what comes after us would be stopped as well.
        """
        self.drop()
        if not self._writing.acquire(timeout=seconds):
            return
        data = memoryview(text.encode(self._encoding, "replace"))
        if not self._takes(seconds):
            with suppress(termios.error):
                termios.tcflush(self._file, termios.TCOFLUSH)
                termios.tcflow(self._file, termios.TCOON)
        while data and not self._is_gone and self._takes(0):
            data = data[self._taken(data) :]
        self._is_gone = True
        self._writing.release()

    def _takes(self, seconds: float) -> bool:
        """Whether the terminal takes something, at the latest after so much time."""
        return bool(select.select([], [self._file], [], seconds)[1])

    def _taken(self, data: memoryview) -> int:
        """How much the terminal takes now; all of it once the terminal is gone."""
        try:
            return os.write(self._file, data)
        except BlockingIOError:
            return 0
        except OSError:
            self._is_gone = True
            self._gone()
            return len(data)


def _opened_anew(file: int) -> int:
    """The same terminal under a number of its own: whether a write waits is then our affair
    alone, where the shell and others share the number that they gave us.
    """
    try:
        return os.open(os.ttyname(file), os.O_WRONLY | os.O_NOCTTY | os.O_NONBLOCK)
    except OSError:
        # Not a terminal, or another user's as after `su`.
        return file
