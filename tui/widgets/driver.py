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
from asyncio import Future, wait_for
from codecs import getincrementaldecoder
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from select import select
from threading import Event, Lock
from types import FrameType
from typing import TYPE_CHECKING, Any

from textual._parser import ParseError
from textual._time import get_time
from textual.app import ScreenStackError
from textual.events import Key, MouseDown, Paste, Resize
from textual.geometry import Size
from textual.message import Message
from textual.messages import InBandWindowResize

from tui import first_moment
from tui.terminal import in_console
from tui.widgets.bursts import GOES_ON_SECONDS, LONGEST, Bursts, text_at_start
from tui.widgets.escapes import EscapeParser
from tui.widgets.frame_driver import FrameDriver

if TYPE_CHECKING:
    from tui.widgets.picture_answers import PictureAnswers
    from tui.workspace.books.picture_ways import Answered

READ_BYTES = 4096
ANSWER = "\x1b[?2026;"
"""Begins what a terminal says of synchronised updates: tmux, GNU screen and mosh say nothing."""

VEILED_SECONDS = 3.0
"""How long what was kept of the last frame stands before panes that have nothing to show yet."""
BACKGROUND_KEY = "ctrl+z"
"""Job control, as everywhere on a terminal: no command and no line of text ever gets it."""
GIVE_BACK = (
    "\x18\x1b[?2026l\x1b[m"  # whatever was cut short: a sequence, a frame, a colour
    "\x1b[?2004l\x1b[?7h\x1b[?2048l\x1b[?1000l\x1b[?1003l\x1b[?1015l\x1b[?1006l\x1b[?1016l"
    "\x1b[<u\x1b[?1049l\x1b[?25h\x1b[?1004l"
)
"""What leaves the terminal as Textual's driver does, in one text."""
STRING_END = "\x1b\\"
"""Ends a picture that was cut short; it means nothing where there is none."""
ANSWER_SECONDS = 2.0
"""How long a terminal is waited for that was asked for pictures; over a thin line it takes long."""
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


class SleepingDriver(FrameDriver):
    """Textual's driver of a terminal, without its looking around."""

    exit_event: WakingEvent

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.exit_event = WakingEvent()
        assert sys.__stdout__ is not None
        written_in = sys.__stdout__.encoding
        self._typed_in = "utf-8" if written_in == "ascii" else written_in
        """The charset of what is typed. Who says that there is but ASCII may type more."""
        self._stop_wanted = False
        self._bursts = Bursts()
        self._answers: PictureAnswers | None = None
        self._asking: Future[None] | None = None
        self._asked_in = Size()
        self._pictures: tuple[Size, Answered] | None = None
        """What the terminal answered last, and in what size."""

    # -- taking the terminal and giving it back ----------------------------------------------

    def start_application_mode(self) -> None:
        """Begin, and note whenever the terminal's size changes.

        In the background nothing begins: that comes with the signal to go on.
        """
        self._writer_thread = None
        self._started, self._taken = True, False
        if (drawn := getattr(self._app, "drawn", None)) is not None:
            self.draw_with(drawn())
        before = first_moment.taken()
        self._alternate = before is not None
        super().start_application_mode()  # type: ignore[no-untyped-call]
        self._alternate = False
        self._started = self._taken = self._writer_thread is not None
        if before is not None:
            self.attrs_before = before
            self.veil.lay(self._get_terminal_size()[1])
            self._loop.call_later(VEILED_SECONDS, self.unveil)
        if not self._started:
            self._must_signal_resume = True
            if self._is_gone():
                self._terminal_gone()
            return
        handle = signal.getsignal(signal.SIGWINCH)

        def note(number: int, frame: FrameType | None) -> None:
            self.window_changed()
            if callable(handle):
                # Not within the signal: the next one may come while this one has read the size and
                # not told it yet, and the older size would be the last that is told.
                self._at_next_turn(partial(handle, number, frame))

        signal.signal(signal.SIGWINCH, note)

    def stop_application_mode(self) -> None:
        """End, and return once the terminal has been told so."""
        if self._started:
            self._write(self.take_picture())
            super().stop_application_mode()
            self.close()
            self._started = False
            # Whoever has the terminal now leaves nothing on it of what stood there.
            self.forget()

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
        stands = None if self._picture is None else self._picture.stands
        before = "" if stands is None else f"{STRING_END}{stands.erase}"
        self._output.write_last(before + GIVE_BACK, GIVE_BACK_SECONDS)

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
        if isinstance(message, (Key, MouseDown)) and self.veil.is_there:
            self._at_next_turn(self.unveil)
        if isinstance(message, InBandWindowResize):
            # It is answered: from this thread that would fall into a frame that is being painted.
            self._at_next_turn(partial(self._answer, message))
            return
        if isinstance(message, Resize):
            self.window_changed()
        super().process_message(message)

    def _answer(self, message: InBandWindowResize) -> None:
        if self._started:
            super().process_message(message)

    # -- what the terminal says of pictures --------------------------------------------------

    async def ask_for_pictures(self) -> Answered:
        """What the terminal says that it can. It is asked once, and again in another size only
        where it has answered. One that says nothing in time can nothing, until it does."""
        from tui.widgets.picture_answers import PictureAnswers, question
        from tui.widgets.picture_place import PicturePlace
        from tui.workspace.books.picture_ways import Answered

        size = Size(*self._get_terminal_size())
        if self._answers is None:
            self._picture = PicturePlace(self.cells, self._pictured)
            self._answers = PictureAnswers(
                lambda answered: self._at_next_turn(partial(self._told_of_pictures, answered))
            )
        elif self._pictures is None:
            return Answered()
        elif self._pictures[0] == size:
            return self._pictures[1]
        self._asked_in, self._asking = size, self._loop.create_future()
        self._answers.ask((size.width, size.height))
        self.send(question())
        try:
            await wait_for(self._asking, ANSWER_SECONDS)
        except TimeoutError:
            self._pictures = None
        return Answered() if self._pictures is None else self._pictures[1]

    def _told_of_pictures(self, answered: Answered) -> None:
        """Later than somebody waits for it, it is for the next picture."""
        from tui.widgets.picture_answers import cell_of_window

        if answered.cell is None:
            answered = answered._replace(cell=cell_of_window(self.fileno))
        self._pictures = self._asked_in, answered
        if self._asking is not None and not self._asking.done():
            self._asking.set_result(None)

    def run_input_thread(self) -> None:
        """Read what the terminal sends until the driver ends."""
        bound = getattr(self._app, "keys_with_alt", ())
        parser = EscapeParser(bound, self._is_text, console=in_console())
        decode_only = getincrementaldecoder(self._typed_in)("replace").decode

        def decode(received: bytes) -> str:
            text = decode_only(received)
            return text if self._answers is None else self._answers.typed(text)

        bell = self.exit_event.file
        # Unlike epoll it takes a file, or nothing at all, for input.
        with selectors.SelectSelector() as selector:
            selector.register(bell, selectors.EVENT_READ)
            selector.register(self.fileno, selectors.EVENT_READ)
            while not self.exit_event.is_set():
                for key, _ in selector.select(self._patience(parser)):
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
                if self._answers is not None and (late := self._answers.overdue()):
                    for event in parser.keys(late):
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
        self, parser: EscapeParser, text: str, decode: Callable[[bytes], str]
    ) -> Iterator[Message]:
        """What a read comes to: keys and the like, and pastes that nobody called so."""
        parts = deque(self._bursts.parts(text))
        while parts:
            pasted, part = parts.popleft()
            if not pasted or parser._timeout_time is not None:
                yield from parser.keys(part, bracketed=self._bursts.is_bracketed)
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

    def _is_text(self, character: str) -> bool:
        """Whether what has the focus takes it as text."""
        try:
            focused = self._app.screen.focused
        except ScreenStackError:
            return False
        return focused is not None and focused.check_consume_key(character, character)

    def _patience(self, parser: EscapeParser) -> float | None:
        """How long what has come may still become a longer key, or an answer; None while nothing
        waits for that."""
        due = parser._timeout_time
        wait = None if due is None else max(0.0, due - get_time())
        kept = None if self._answers is None else self._answers.patience
        return min((one for one in (wait, kept) if one is not None), default=None)
