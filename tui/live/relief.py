"""Keeps what all series of a store hold together below a bound: what is oldest becomes coarse."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection

from tui.live.blocks import Block, Sealer
from tui.live.ring import Ring
from tui.live.series import Series

STEP = 64
"""Blocks that become coarse after one batch: of thousands of series that fill theirs together all
at once would hold up a screen for half a second."""


class Relief:
    """Has what is oldest of all series become coarse, where they hold more than `most` bytes.

    A sixteenth more goes then, since all are looked at for it; what came last stays. It goes in
    steps, in each of them twice as much as came since the one before: what is held does not grow
    meanwhile.
    """

    def __init__(self, most: int, sealer: Sealer) -> None:
        self._most = most
        self._sealer = sealer
        self._room = most
        """Bytes that may be sealed before all are looked at."""
        self._came = 0
        """What was sealed until the step before."""
        self._leaving: deque[tuple[Ring, Block]] = deque()

    def step(self, every: Collection[Series]) -> None:
        """Have the next of what is to leave become coarse; look for it where it is due."""
        sealed = self._sealer.sealed
        if not self._leaving:
            self._came = sealed
            if sealed <= self._room:
                return
            self._sealer.sealed = self._came = 0
            self._room = self._look(every)
            self._let_go(0)
            return
        came, self._came = sealed - self._came, sealed
        self._let_go(2 * came)

    def forget(self) -> None:
        """Nothing is to leave any more: the series are gone."""
        self._leaving.clear()

    def _look(self, every: Collection[Series]) -> int:
        """Find what is to leave; how many more bytes may come before that is due again."""
        most, series = self._most, list(every)
        held = sum(one.bytes for one in series)
        if held > most:
            oldest = sorted(
                (block.last, place, index)
                for place, one in enumerate(series)
                for index, block in enumerate(one.ring.blocks[:-2])
            )
            for _, place, index in oldest:
                if held <= most - most // 16:
                    break
                ring = series[place].ring
                self._leaving.append((ring, ring.blocks[index]))
                held -= ring.blocks[index].bytes
        return max(most - held, most // 16)

    def _let_go(self, least: int) -> None:
        """Have a step's blocks become coarse, and as many more as hold `least` bytes."""
        left = STEP
        while self._leaving and (left > 0 or least > 0):
            ring, block = self._leaving.popleft()
            left -= 1
            # Its series may have been put in order anew, or have left it behind itself.
            if ring.blocks[0] is block and len(ring.blocks) > 2:
                least -= block.bytes
                ring.let_go()
