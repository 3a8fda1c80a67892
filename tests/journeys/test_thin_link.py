"""The live screen over a link that carries less than it has to show.

What counts is bytes, not seconds, so that a busy machine changes nothing: a key's echo waits
behind what was written before it, and what the terminal shows is as old as what still waits. What
the link carries while other programs keep the deck from the processor is no backlog.
"""

from __future__ import annotations

import os
import re
import select
import time
import tty
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from statistics import median

import pytest
from textual._ansi_sequences import SYNC_END, SYNC_START

from tests.deck import service_settings
from tests.harness import EmbeddedServer
from tests.paper import Paper
from tests.terminal import Terminal, deck, held_up

ROOM = 20_000.0
"""Bytes a second that the link carries."""
TURN = 0.02
"""Seconds of the link's rate that it carries at once."""
ECHO = 0.1
"""Seconds of the link's rate that may lie before the answer to a key."""
PRESSES = 9
GRAPH = re.compile("[\u2801-\u28ff]")
PATIENCE = 60.0
HEADER = 3
"""The line of the pane's title, whose mark is not the cursor's."""


class Link:
    """Between program and terminal: hands on no more than its rate, and nothing in advance."""

    def __init__(self, terminal: Terminal, rate: float) -> None:
        self.terminal = terminal
        self.rate = rate
        self._room = 0.0
        self._then = time.monotonic()

    def carry(self, seconds: float, until: Callable[[], bool] = lambda: False) -> int:
        """Carry for so long, or until something is seen; how many bytes that took."""
        began, carried = time.monotonic(), 0
        while (now := time.monotonic()) - began < seconds and not until():
            # What was not used in time is lost, as on any link.
            most = self.rate * TURN
            self._room = min(self._room + self.rate * (now - self._then), most)
            self._then = now
            if self._room < most / 2:
                select.select([], [], [], TURN / 2)  # the link is busy
            else:
                taken = self.terminal.read(TURN / 2, int(self._room))
                self._room -= taken
                carried += taken
        return carried

    def until(self, seen: Callable[[], bool], what: str) -> int:
        """Carry until something is seen; how many bytes went before it."""
        before = held_up(self.terminal.pid)
        carried = self.carry(PATIENCE, seen)
        assert seen(), f"never seen: {what}\n{self.terminal.text}"
        return max(0, carried - int((held_up(self.terminal.pid) - before) * self.rate))


def pty_holds() -> int:
    """Bytes that lie between a program and a terminal that reads nothing."""
    ours, theirs = os.openpty()
    held, piece = 0, b"x" * 100
    try:
        tty.setraw(theirs)
        os.set_blocking(theirs, False)
        with suppress(BlockingIOError):
            while True:
                held += os.write(theirs, piece)
    finally:
        os.close(ours)
        os.close(theirs)
    return held


def cursor_line(terminal: Terminal) -> int | None:
    """The line that the wall's cursor is on; None while it is being painted."""
    lines = enumerate(terminal.text.split("\n"))
    return next((y for y, line in lines if y > HEADER and line.startswith("▌")), None)


def has_rows(text: str) -> bool:
    """Whether the wall has rows of series: their names are longer where there is room."""
    return "SOG" in text or "Speed over ground" in text


def frames_of(output: bytes) -> list[bytes]:
    """What was written as one picture each, and what before the first."""
    return re.split(f"(?={re.escape(SYNC_START)})".encode(), output)


@pytest.mark.parametrize(
    ("size", "closer", "window"),
    [((120, 40), 5, "window 10 s"), ((200, 50), 2, "window 1 min")],
)
def test_the_wall_stays_current_and_keys_echo(
    home: Path, size: tuple[int, int], closer: int, window: str
) -> None:
    with EmbeddedServer(services=("igtimi",), boats=12, hertz=10.0) as server:
        settings = service_settings(server)
        environment = {
            f"TOCKDECK_{key.replace('.', '_')}".upper(): value
            for key, value in settings.items()
            if key.startswith("igtimi.")
        }
        with deck(home, "--screen", "live", size=size, **environment) as terminal:
            link = Link(terminal, ROOM)
            link.until(lambda: has_rows(terminal.text), "the wall")
            ended = terminal.output.count(SYNC_END.encode())
            link.until(lambda: terminal.output.count(SYNC_END.encode()) > ended, "all of it")
            opened = bytes(terminal.output)
            link.until(lambda: "● live" in terminal.text, "how the feed stands")
            link.until(lambda: "filling" not in terminal.text, "what was before, fetched")
            for _ in range(closer):
                terminal.press("+")
            link.until(lambda: window in terminal.text, window)
            link.carry(5.0)  # long enough to notice how thin it is
            echoes = []
            for _ in range(PRESSES):
                link.until(lambda: cursor_line(terminal) is not None, "the cursor")
                before = cursor_line(terminal)
                terminal.press("j")
                echoes.append(
                    link.until(
                        lambda before=before: cursor_line(terminal) not in (None, before),
                        "the cursor on the next row",
                    )
                )
                link.carry(0.35)
            assert median(echoes) < ECHO * ROOM, echoes
            terminal.press("space")
            held = link.until(lambda: "held at" in terminal.text, "the picture held")
            # Whether the link carries more by now is found out by writing more now and then: who
            # presses a key then waits for what lies on the way, and for the frame behind it.
            assert max(*echoes, held) < 2 * pty_holds(), (echoes, held)
            terminal.press("q")
            assert terminal.until_ended() == 0
    paint_was_needed(opened, size)


def paint_was_needed(opened: bytes, size: tuple[int, int]) -> None:
    """Whatever came when while it opened: no cell is written anew with what it has, and no graph
    before the name of its row.
    """
    paper = Paper(*size)
    for frame in frames_of(opened):
        paper.take(frame)
        for line in paper.display:
            graph = GRAPH.search(line)
            assert graph is None or re.search(r"\w", line[: graph.start()]), line
    paper.check()
