"""When the live screen draws, and when it stands still.

Pictures are drawn when the feed has news, ten times a second at most. Beside that there is at
most one timer: for rows that a thin link has left over, and once a second while ages grow.
When all series are late but for a last look at them, or nobody looks, nothing runs and nothing
is written.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from math import inf
from time import monotonic
from typing import NamedTuple

from tui.screens.live.pace import FRAME, Pacer, Tempo


class Tick(NamedTuple):
    """What a tick did: cells written, whether rows are left over, and `rest` as `Drawn` has it."""

    cells: int
    left_over: bool
    rest: float


class Link(NamedTuple):
    """How the terminal takes what is written."""

    backlog: bool
    """Whether what was given to it still waits."""
    written: int
    """Bytes that were given to it in all."""


Paint = Callable[[float, int, bool], Tick]
"""Draws a picture: seconds on a steady clock, bytes that may be written, whether to draw also
what stands still."""


class Beat:
    """Has pictures painted when there is news, as far as the link goes, while somebody looks."""

    def __init__(self, paint: Paint, seen: Callable[[], bool], link: Callable[[], Link]) -> None:
        self._paint = paint
        self._seen = seen
        self._link = link
        self._pacer = Pacer()
        self._tempo = Tempo()
        self._due: asyncio.TimerHandle | None = None
        self._forced = False

    def news(self) -> None:
        """Draw what is new, now or when the next frame is due."""
        wait = self._tempo.wait(monotonic())
        if wait > 0:
            self._later(wait)
        else:
            self._draw()

    def draw(self) -> None:
        """Draw also what stands still, as far as the link goes."""
        self._forced = True
        self._draw()

    def rest(self) -> None:
        """Draw nothing until there is news."""
        if self._due is not None:
            self._due.cancel()
            self._due = None

    def _later(self, delay: float) -> None:
        self.rest()
        self._due = asyncio.get_running_loop().call_later(delay, self._draw)

    def _draw(self) -> None:
        """Draw what is new, and decide when to look again."""
        self.rest()
        if not self._seen():
            return
        now = monotonic()
        link = self._link()
        room = self._pacer.room(now, backlog=link.backlog, written=link.written)
        if room <= 0:
            self._later(FRAME)
            return
        self._tempo.drawn(now, link.written)
        forced, self._forced = self._forced, False
        painted = self._paint(now, room, forced)
        if painted.left_over:
            self._forced = forced
            self._later(self._tempo.frame)
        elif painted.rest < inf:
            self._later(painted.rest)
