"""A picture in a terminal that answers that it shows pictures, by one way and by the other."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from tests.journeys.ways_out import environment_of
from tests.terminal import Terminal, for_pyte

KITTY, SIXEL = b"\x1b_Ga=T,", b"\x1bP0;1;0q"
GONE = b"\x1b_Ga=d,d=I,"
LEFT = b"\x1b[?1049l"
ASKED = b"\x1b[16t\x1b[14t\x1b[c"
TO_PICTURES = 13
"""Columns right of the first one."""


class PictureTerminal(Terminal):
    """One that answers as a terminal with sixels, then as kitty, each time that it is asked."""

    answers: list[bytes]
    asked = 0

    def _take(self, data: bytes) -> None:
        self.output += data
        if b"\x1b[?2026$p" in data:
            os.write(self._file, b"\x1b[?2026;2$y")
        if self.output.count(ASKED) > self.asked:
            os.write(self._file, self.answers[self.asked])
            self.asked += 1
        self._stream.feed(for_pyte(data))


def to_picture(terminal: Terminal) -> None:
    """From the cell to the choice that shows its picture, which enter takes."""
    terminal.press("enter")
    terminal.until("Pictures of", "checklist", "defect-1.png")
    terminal.press("/", "defect")
    terminal.until_gone("checklist")
    terminal.press("enter")
    terminal.until("Show it here", "Save as")
    terminal.press("/", "Show it here")
    terminal.until_gone("Save as")


def test_a_picture_is_drawn_as_the_terminal_answers_and_leaves_nothing(shared_home: Path) -> None:
    words = [sys.executable, "-m", "tui", "--screen", "books"]
    PictureTerminal.answers = [
        b"\x1b_Gi=7340;ENOTSUPPORTED:\x1b\\\x1b[6;20;10t\x1b[?62;4;22c",
        b"\x1b_Gi=7340;OK\x1b\\\x1b[4;600;1000t\x1b[?62;22c",
    ]
    with PictureTerminal(words, environment=environment_of(shared_home)) as terminal:
        terminal.until("Fleet maintenance", "? more")
        assert ASKED not in terminal.output, "nothing is asked before there is a picture"
        terminal.press("j", "j", "enter")
        terminal.until("1 of 420")
        terminal.press(*"l" * TO_PICTURES)
        to_picture(terminal)
        terminal.press("enter")
        terminal.until_written(SIXEL, 0)
        terminal.until("q or esc closes", "PNG, 48 × 32")
        # Closed, its lines are written anew; opened again, nobody is asked.
        since = len(terminal.output)
        terminal.press("q")
        terminal.until_gone("q or esc closes")
        terminal.until("1 of 420", "? more")
        assert terminal.asked == 1
        to_picture(terminal)
        terminal.press("enter")
        terminal.until_written(SIXEL, since)
        assert terminal.asked == 1
        # In another size it is made anew; and here the terminal answers as kitty.
        since = len(terminal.output)
        terminal.resize(100, 30)
        terminal.until_written(KITTY, since)
        assert SIXEL not in terminal.output[since:]
        # Stopped, the shell has its terminal without the picture; gone on, it is there again.
        since = len(terminal.output)
        terminal.press("ctrl+z")
        terminal.until_stopped()
        terminal.until_written(LEFT, since)
        assert 0 <= terminal.output.find(GONE, since) < terminal.output.find(LEFT, since)
        since = len(terminal.output)
        terminal.signal(signal.SIGCONT)
        terminal.until_written(KITTY, since)
        # Of no answer anything was typed: it would have closed the picture.
        terminal.until("q or esc closes", "PNG, 48 × 32")
        since = len(terminal.output)
        terminal.signal(signal.SIGTERM)
        terminal.until_left()
        assert 0 <= terminal.output.find(GONE, since) < terminal.output.find(LEFT, since)
        assert terminal.modes_left_on() == []
