"""A driver that sleeps until something comes, and writes little.

It never takes the terminal twice and never waits for one that is gone: that is as a hang-up.

Textual's own looks ten times a second whether it is to end, which is all that a deck at rest
does. Textual's version is pinned exactly, and a test holds what is used of it here.
"""

from __future__ import annotations

import os
import selectors
import signal
import sys
import termios
from codecs import getincrementaldecoder
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import suppress
from select import select
from threading import Event, Lock
from time import monotonic
from types import FrameType
from typing import Any

from textual._ansi_sequences import SYNC_END, SYNC_START
from textual._parser import ParseError
from textual._time import get_time
from textual._xterm_parser import XTermParser
from textual.app import ScreenStackError
from textual.drivers.linux_driver import LinuxDriver
from textual.events import Key, Paste, Resize
from textual.geometry import Size
from textual.message import Message

from tui import first_moment
from tui.terminal import erases_in_colour
from tui.widgets.bursts import GOES_ON_SECONDS, LONGEST, Bursts, text_at_start
from tui.widgets.frame_pace import FramePace
from tui.widgets.scrolling_cheap import look_how_to_scroll
from tui.widgets.terminal_cells import TerminalCells
from tui.widgets.terminal_output import TerminalOutput

READ_BYTES = 4096
BELL = "\a"
"""Written beside frames, and no cell is another for it."""

ANSWER = "\x1b[?2026;"
"""Begins what a terminal says of synchronised updates: tmux, GNU screen and mosh say nothing."""

VEILED_SECONDS = 0.6
"""How long the frame that was kept stands before what is painted without anything in it yet."""
ALTERNATE = "\x1b[?1049h"

BACKGROUND_KEY = "ctrl+z"
"""Job control, as everywhere on a terminal: no command and no line of text ever gets it."""
GIVE_BACK = (
    "\x18\x1b[?2026l\x1b[m"  # whatever was cut short: a sequence, a frame, a colour
    "\x1b[?2004l\x1b[?7h\x1b[?2048l\x1b[?1000l\x1b[?1003l\x1b[?1015l\x1b[?1006l\x1b[?1016l"
    "\x1b[<u\x1b[?1049l\x1b[?25h\x1b[?1004l"
)
"""What leaves the terminal as Textual's driver does, in one text."""
GIVE_BACK_SECONDS = 0.1
"""How long a terminal that takes nothing is waited for at the end."""


class WakingEvent(Event):
    """An event that also wakes who waits for a file: it is readable while the event is set."""

    def __init__(self) -> None:
        super().__init__()
        self.file, self._bell = os.pipe()
        os.set_blocking(self.file, False)
        self._both = Lock()

    def set(self) -> None:
        """Set it, and wake the selector."""
        with self._both:
            if not self.is_set():
                super().set()
                os.write(self._bell, b"!")

    def clear(self) -> None:
        """Take both back."""
        with self._both:
            if self.is_set():
                super().clear()
                os.read(self.file, 1)


class SleepingDriver(LinuxDriver):
    """Textual's driver of a terminal, without its looking around."""

    exit_event: WakingEvent

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.exit_event = WakingEvent()
        assert sys.__stdout__ is not None, "the deck is opened on a terminal"
        # Not standard error, which may well be a file.
        self._output = TerminalOutput(
            sys.__stdout__.fileno(), sys.__stdout__.encoding, self._terminal_gone
        )
        self._file = self._output  # type: ignore[assignment]
        written_in = sys.__stdout__.encoding
        self._typed_in = "utf-8" if written_in == "ascii" else written_in
        """The charset of what is typed. Who says that there is but ASCII may type more."""
        self._veiled = False
        self._alternate = False
        """Whether the alternate screen is entered already, with the frame that was kept."""
        self._started = False
        """Whether the terminal is ours: taken, and not given back yet."""
        self._stop_wanted = False
        self._moving = False
        self._answered = False
        """Whether the terminal has answered what only terminals themselves do."""
        self._bursts = Bursts()
        self.cells = TerminalCells()
        self._unknown = True
        self._terminal_size = Size()
        self.written = 0
        """Bytes that the terminal was given so far."""
        self._held: Callable[[], None] | None = None
        """Paints the frame that has to wait, while one has."""
        self._output.drained = self._drained
        self._pace = FramePace(getattr(self._app, "kilobytes_per_second", 0.0))
        self._drawn: Callable[[str], str] | None = None
        """How a frame is drawn with what the terminal has; None where it has everything."""
        self._update: str | None = None
        """What a synchronised update has come to, while there is one."""

    def write(self, data: str) -> None:
        """Write what the terminal does not show already; an update as one, or not at all."""
        if self._alternate and data == ALTERNATE:
            return  # to enter it again would clear what stands there
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
        if not self._started:
            self._unknown = True
        elif data:
            size = len(data) if data.isascii() else len(data.encode())
            self.written += size
            self._pace.painted(monotonic(), size)
            super().write(data)

    def _needed(self, data: str) -> str:
        if data != BELL:
            if self._drawn is not None:
                data = self._drawn(data)
            if self._unknown:
                self._unknown = False
                self._terminal_size = Size(*self._get_terminal_size())
                self.cells.forget()
                self.cells.width = self._terminal_size.width
                self.cells.erases = erases_in_colour()
                self._look_how_to_scroll()
            if self._fits():
                return self.cells.needed(data)
            self.cells.forget()
        return data

    # -- a frame only when the one before has left --------------------------------------------

    def hold(self, paint: Callable[[], None]) -> bool:
        """Whether a frame has to wait; `paint` is called then once it is due, unless a later
        frame took its place. What waits is never written: the newest state is.
        """
        if not self._started or self._loop.is_closed():
            return False
        self._held = paint
        if self.is_veiled:
            return True
        if not self.is_behind:
            if (wait := self._pace.wait(monotonic())) <= 0:
                self._held = None
                return False
            self._loop.call_later(wait, self._paint_held)
        return True

    @property
    def is_veiled(self) -> bool:
        """Whether the frame that was kept still says more than what there is to paint."""
        if self._veiled and getattr(self._app, "has_content", True):
            self._veiled = False
        return self._veiled

    def _unveil(self) -> None:
        self._veiled = False
        self._paint_held()

    @property
    def is_behind(self) -> bool:
        """Whether what was given to the terminal still waits."""
        thread = self._writer_thread
        return thread is not None and (not thread._queue.empty() or self._output.is_writing)

    def _drained(self) -> None:
        if self._held is not None:
            self._at_next_turn(self._paint_held)

    def _paint_held(self) -> None:
        paint, self._held = self._held, None
        if paint is not None and not self._is_ending:
            paint()

    def _look_how_to_scroll(self) -> None:
        """The terminal, or how it lies in another one, may be another than it was."""

        def found(cheap: bool) -> None:
            self.cells.scrolls = cheap

        look_how_to_scroll(getattr(self._app, "scroll", "cells"), found, answered=self._answered)

    def draw_with(self, drawn: Callable[[str], str] | None) -> None:
        """Draw every frame by way of this from now on: in fewer colours, with fewer signs."""
        self._drawn = drawn

    def forget(self) -> None:
        """Take nothing for shown already: somebody else may have written to the terminal."""
        self._unknown = True

    def _fits(self) -> bool:
        """Whether what is painted now is laid out for the terminal as it is now."""
        try:
            return self._app.screen.size == self._terminal_size
        except ScreenStackError:
            return False

    # -- taking the terminal and giving it back ----------------------------------------------

    def start_application_mode(self) -> None:
        """Begin, and note whenever the terminal's size changes.

        In the background nothing begins: that comes with the signal to go on.
        """
        self._writer_thread = None
        self._started = True
        if (drawn := getattr(self._app, "drawn", None)) is not None:
            self.draw_with(drawn())
        before = first_moment.taken()
        self._alternate = before is not None
        super().start_application_mode()  # type: ignore[no-untyped-call]
        self._alternate = False
        self._started = self._writer_thread is not None
        if before is not None:
            self.attrs_before = before
            self._veiled = True
            self._loop.call_later(VEILED_SECONDS, self._unveil)
        if not self._started:
            self._must_signal_resume = True
            if self._is_gone():
                self._terminal_gone()
            return
        handle = signal.getsignal(signal.SIGWINCH)

        def note(number: int, frame: FrameType | None) -> None:
            self._unknown = True
            if callable(handle):
                handle(number, frame)

        signal.signal(signal.SIGWINCH, note)

    def stop_application_mode(self) -> None:
        """End, and return once the terminal has been told so."""
        if self._started:
            super().stop_application_mode()
            self.close()
            self._started = False

    def disable_input(self) -> None:
        """Read no more; what is typed once the terminal was given back is the shell's."""
        if self._started:
            super().disable_input()

    def let_go(self) -> None:
        """Paint no more, and wait no more for a terminal that takes nothing: this is the end."""
        self._output.drop()

    def give_back(self) -> None:
        """Leave the terminal as it was found, at once and whatever still waits to be written.

        Callable from any thread; nothing is written after it.
        """
        if not self._started:
            return
        # A terminal that another program has by now is not stopped for, only left in its state.
        signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTTOU])
        if self.attrs_before is not None and self._in_foreground():
            with suppress(termios.error):
                termios.tcsetattr(self.fileno, termios.TCSANOW, self.attrs_before)
        self._output.write_last(GIVE_BACK, GIVE_BACK_SECONDS)

    def _terminal_gone(self) -> None:
        """The same as the signal that the system sends to the one who leads a session."""
        os.kill(os.getpid(), signal.SIGHUP)

    def _is_gone(self) -> bool:
        try:
            termios.tcgetattr(self.fileno)
        except termios.error:
            return True
        return False

    def _in_foreground(self) -> bool:
        try:
            return os.tcgetpgrp(self.fileno) == os.getpgrp()
        except OSError:
            # Not the terminal that controls us: then none takes it from us.
            return True

    # Signals interrupt the main thread anywhere, a write to the terminal included: what they
    # ask for is done between two of the loop's turns.

    def _sigtstp_application(self, *_: object) -> None:
        self._stop_wanted = True
        self._at_next_turn(self._stop)

    def _sigcont_application(self, *_: object) -> None:
        self._stop_wanted = False
        self._at_next_turn(self._go_on)

    def _at_next_turn(self, act: Callable[[], None]) -> None:
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(act)

    @property
    def _is_ending(self) -> bool:
        """Whether the application is on its way out: then it neither stops nor goes on."""
        return bool(getattr(self._app, "is_ending", False))

    def _stop_job(self) -> None:
        """Stop as the terminal would: a script that started us stops as well. The terminal is
        given back before, since then it is the shell's at once.
        """
        if not self._is_ending:
            self.suspend_application_mode()
        if not self._is_ending:
            os.kill(0, signal.SIGTSTP)

    def _stop(self) -> None:
        if not self._stop_wanted or self._is_ending:
            return
        self._stop_wanted = False
        self.suspend_application_mode()
        self._must_signal_resume = True
        # The terminal may have gone meanwhile: nobody would ever let this go on again.
        if not self._is_ending:
            os.kill(os.getpid(), signal.SIGSTOP)

    def _go_on(self) -> None:
        """Take the terminal anew, also where it was never given back: nobody can tell what has
        become of it meanwhile.
        """
        if self._is_ending:
            return
        if not self._in_foreground():
            # A shell tells nobody who runs already that the terminal is his now.
            os.kill(os.getpid(), signal.SIGSTOP)
            return
        self.suspend_application_mode()
        self._must_signal_resume = True
        self.resume_application_mode()

    def process_message(self, message: Message) -> None:
        """Hand on a message; job control is nobody's key."""
        if isinstance(message, Key) and message.key == BACKGROUND_KEY:
            self._at_next_turn(self._stop_job)
            return
        if isinstance(message, Key) and self._veiled:
            self._at_next_turn(self._unveil)
        if isinstance(message, Resize):
            self._unknown = True
        super().process_message(message)

    def run_input_thread(self) -> None:
        """Read what the terminal sends until the driver ends."""
        parser = XTermParser(self._debug)
        decode = getincrementaldecoder(self._typed_in)("replace").decode
        bell = self.exit_event.file
        # Unlike epoll it takes a file, or nothing at all, for input.
        with selectors.SelectSelector() as selector:
            selector.register(bell, selectors.EVENT_READ)
            selector.register(self.fileno, selectors.EVENT_READ)
            while not self.exit_event.is_set():
                for key, _ in selector.select(_patience(parser)):
                    if key.fd == bell:
                        continue
                    received = self._received()
                    if not received:
                        # The end stays readable for ever.
                        selector.unregister(self.fileno)
                    elif text := decode(received):
                        if not self._answered and ANSWER in text:
                            self._answered = True
                            self._look_how_to_scroll()
                        for event in self._events(parser, text, decode):
                            self.process_message(event)
                for event in parser.tick():
                    self.process_message(event)
        with suppress(EOFError, ParseError):
            for _ in parser.feed(""):
                pass

    def _received(self) -> bytes:
        """What was typed; nothing at the end of a file, and when the terminal is gone."""
        try:
            received = os.read(self.fileno, READ_BYTES)
        except OSError:
            received = b""
        if not received and self.input_tty:
            self._terminal_gone()
        return received

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
        return self._received() if ready else b""


def _patience(parser: XTermParser) -> float | None:
    """How long an escape may still become a longer key; None while none is waiting."""
    due = parser._timeout_time
    return None if due is None else max(0.0, due - get_time())
