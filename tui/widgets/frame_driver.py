"""A driver's way out: what a frame comes to on the terminal, and when there is room for it."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from math import inf
from time import monotonic
from typing import TYPE_CHECKING, Any

from textual._ansi_sequences import SYNC_END, SYNC_START
from textual.app import ScreenStackError
from textual.drivers.linux_driver import LinuxDriver
from textual.geometry import Size

from tui import first_moment
from tui.terminal import erases_in_colour, in_tmux
from tui.widgets.due_frame import DueFrame
from tui.widgets.frame_pace import FramePace
from tui.widgets.scrolling_cheap import look_how_to_scroll
from tui.widgets.terminal_cells import TerminalCells
from tui.widgets.terminal_output import TerminalOutput
from tui.widgets.veil import Veil

if TYPE_CHECKING:
    from tui.widgets.picture_place import Pictured, PicturePlace

BELL = "\a"
"""Written beside frames, and no cell is another for it."""
ALTERNATE = "\x1b[?1049h"
BATCH_SECONDS = 0.005
"""After this it is looked again whether a batch of changes is over."""


class FrameDriver(LinuxDriver):
    """Textual's driver of a terminal, which writes what differs once what was written has left."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        assert sys.__stdout__ is not None, "the deck is opened on a terminal"
        # Not standard error, which may well be a file.
        self._output = TerminalOutput(
            sys.__stdout__.fileno(), sys.__stdout__.encoding, self._terminal_gone
        )
        self._file = self._output  # type: ignore[assignment]
        self.veil = Veil()
        self._alternate = False
        """Whether the alternate screen is entered already, with the frame that was kept."""
        self._started = False
        """Whether the terminal is ours: taken, and not given back yet."""
        self._taken = False
        """Whether it is ours for sure: who takes it in the background is stopped while that is
        written."""
        self._answered = False
        """Whether the terminal has answered what only terminals themselves do."""
        self.cells = TerminalCells()
        self._picture: PicturePlace | None = None
        """Where the terminal itself draws a picture; None until it was asked whether it can."""
        self._anew = False
        """Whether the frame that is being written writes over all cells."""
        self._unknown = True
        self._terminal_size = Size()
        self.written = 0
        """Bytes that the terminal was given so far."""
        self._given = 0
        """Texts that the thread that writes was given so far."""
        self._due = DueFrame(self._seconds_to_wait, self._paint_in_front, self._loop.call_later)
        self._output.drained = self._drained
        self._pace = FramePace(getattr(self._app, "kilobytes_per_second", 0.0))
        self._drawn: Callable[[str], str] | None = None
        """How a frame is drawn with what the terminal has; None where it has everything."""
        self._update: str | None = None
        """What a synchronised update has come to, while there is one."""
        self._beside: list[str] = []
        """What is to be sent once it is over."""

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
            self._picture_behind()
            while self._beside:
                self.send(self._beside.pop(0))
        elif self._update is None:
            self._write(self._needed(data))
            self._picture_behind()
        else:
            self._update += self._needed(data)

    def _pictured(self) -> Pictured | None:
        """The picture that belongs on the screen in front, as that is laid out and painted."""
        try:
            screen = self._app.screen
        except ScreenStackError:
            return None
        pictured: Callable[[], Pictured | None] | None = getattr(screen, "pictured", None)
        return pictured() if pictured is not None and self._fits() else None

    def _picture_behind(self) -> None:
        if self._picture is None or self._unknown or not self._started:
            return
        anew, self._anew = self._anew, False
        self._write(self._picture.behind(anew=anew))
        if self._picture.stands is not None:
            # Lines that the terminal moves or erases would take it along.
            self.cells.erases, self.cells.scrolls, self.cells.look = False, False, None

    def take_picture(self) -> str:
        """What takes a picture that is no cells away; it is no longer taken for shown."""
        if self._picture is None or self._picture.stands is None:
            return ""
        self.cells.erases = erases_in_colour()
        self._look_how_to_scroll()
        return self._picture.taken()

    def send(self, sequence: str) -> None:
        """Have the terminal do what draws nothing, between two frames: never within one."""
        if self._update is not None:
            self._beside.append(sequence)
        elif self._started:
            self._write(sequence)

    def _write(self, data: str) -> None:
        if not self._started:
            self._unknown = True
        elif data:
            size = len(data) if data.isascii() else len(data.encode())
            self.written += size
            self._pace.painted(monotonic(), size)
            # To wake the thread that writes takes longer than to write what finds room.
            waits = self.is_behind or not self._taken
            left = data if waits else self._output.offer(data)
            self._given += 1
            if left is not None:
                super().write(left)

    def _needed(self, data: str) -> str:
        before = ""
        if data != BELL and self._picture is not None and self._picture.is_left:
            before = self.take_picture()
        return before + self._needed_cells(data)

    def _needed_cells(self, data: str) -> str:
        if data != BELL:
            data = self.veil.seen(data)
            if self._drawn is not None:
                data = self._drawn(data)
            if self._unknown:
                self._unknown = False
                self._anew = True
                self._terminal_size = Size(*self._get_terminal_size())
                self.cells.forget()
                self.cells.width, self.cells.height = self._terminal_size
                self.cells.erases = erases_in_colour()
                self._look_how_to_scroll()
            if self._fits():
                return self.cells.needed(data)
            self.cells.forget()
            self._anew = True
        return data

    # -- a frame only when the one before has left --------------------------------------------

    def hold(self) -> bool:
        """Whether the frame that is to be painted has to wait. The screen in front is told to
        paint once it need not. What waits is never written: the newest state is.
        """
        if not self._started or self._loop.is_closed():
            self._due.settle()
            return False
        return self._due.hold()

    def _seconds_to_wait(self) -> float:
        """In how many seconds a frame may be painted; infinite where that is told by itself."""
        if self.is_behind:
            return inf
        if self._app._batch_count:
            # What is painted within a batch is lost, and nothing tells when it is over.
            return BATCH_SECONDS
        return self._pace.wait(monotonic())

    def _paint_in_front(self) -> None:
        """As a message of the screen: what calls this knows of no application, and a defect in
        a frame must not get lost there."""
        try:
            screen = self._app.screen
        except ScreenStackError:
            return  # between two screens: it is looked again
        if (paint := getattr(screen, "paint_due", None)) is None:
            self._due.settle()  # not one of ours, and it never waits
        else:
            screen.call_later(paint)

    def unveil(self) -> None:
        """Paint all of the screen in front: what was kept of the last frame is not needed any
        more, or says less than what there is."""
        if self.veil.is_there:
            if not self._unknown:
                # What stands there already, such as the lines of panes, is not written again.
                self.cells.know(self.veil.covered(first_moment.shown()))
            self.veil.lift()
            with suppress(ScreenStackError):  # between two screens: the next one is painted whole
                self._app.screen.call_later(self._app.screen.refresh)

    @property
    def is_behind(self) -> bool:
        """Whether what was given to the terminal still waits."""
        return self._given > self._output.taken

    def _drained(self) -> None:
        if self._due.is_due:
            self._at_next_turn(self._look)

    def _look(self) -> None:
        if not self._is_ending:
            self._due.look()

    def _look_how_to_scroll(self) -> None:
        """The terminal, or how it lies in another one, may be another than it was."""

        def found(cheap: bool) -> None:
            self.cells.scrolls = cheap

        def look() -> None:
            setting = getattr(self._app, "scroll", "cells")
            look_how_to_scroll(setting, found, answered=self._answered)

        self.cells.scrolls, self.cells.look = False, look
        if in_tmux():
            # A thread asks it: what it says is to be known in time.
            self.cells.look = None
            look()

    def draw_with(self, drawn: Callable[[str], str] | None) -> None:
        """Draw every frame by way of this from now on: in fewer colours, with fewer signs."""
        self._drawn = drawn

    def forget(self) -> None:
        """Take nothing for shown already: somebody else may have written to the terminal."""
        self._unknown = True
        # The frame that was kept stands there no longer, and must not be taken for shown later.
        self.veil.lift()

    def window_changed(self) -> None:
        """The window may have another size. Callable from any thread, and from within a signal.

        One that was made smaller and large again at once has lost what was cut, and Textual paints
        nothing where the size is the one that it knows.
        """
        self._unknown = True
        # What was kept was laid out for another size.
        self.veil.lift()
        self._at_next_turn(self._paint_anew)

    def _paint_anew(self) -> None:
        """Of a screen that is laid out for the window already; else its layout paints it."""
        self._terminal_size = Size(*self._get_terminal_size())
        if self._started and self._fits():
            screen = self._app.screen
            screen.call_later(screen.refresh)

    def _fits(self) -> bool:
        """Whether what is painted now is laid out for the terminal as it is now."""
        try:
            # Not its `size`: that is another as soon as the application knows, laid out or not.
            return self._app.screen.outer_size == self._terminal_size
        except ScreenStackError:
            return False

    def _terminal_gone(self) -> None:
        """The same as the signal that the system sends to the one who leads a session."""
        os.kill(os.getpid(), signal.SIGHUP)

    def _at_next_turn(self, act: Callable[[], None]) -> None:
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(act)

    @property
    def _is_ending(self) -> bool:
        """Whether the application is on its way out: then it neither stops nor goes on."""
        return bool(getattr(self._app, "is_ending", False))
