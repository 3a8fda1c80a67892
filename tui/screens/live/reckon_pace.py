"""When derived rows are reckoned. Pure.

All samples count, yet many are reckoned at once: where a column of the picture begins, and as
often as numbers are read. One by one they would cost several times as much, for nobody to see.
"""

from __future__ import annotations

from math import ceil, inf

from tui.screens.live.drawing import NUMBERS_EVERY


class ReckonPace:
    """Paces rows that are seen by the picture they stand in, and others by a part at a time."""

    def __init__(self, all_every: float) -> None:
        """Within `all_every` seconds all rows have their turn, seen or not."""
        self._all_every = all_every
        self._picture: object = None
        """The one of which all rows that are seen were reckoned."""
        self._version = -1
        self._next = self._others_at = 0.0
        self._other = 0

    def forget(self) -> None:
        """What is seen is reckoned the next time that it is asked for."""
        self._picture = None

    def wait(self, picture: object, version: int, now: float) -> float:
        """In how many seconds the rows that are seen are to be reckoned; 0 for at once, infinity
        where nothing has come since.

        `picture` is another one where a column begins or there are other rows; `version` that of
        the store; `now` in seconds on a steady clock.
        """
        if picture != self._picture or now >= self._next:
            return 0.0
        return inf if version == self._version else self._next - now

    def reckoned(self, picture: object, version: int, now: float, *, left: bool) -> None:
        """Note that they were; `left` says that some is left over, which is due at once."""
        self._picture = None if left else picture
        self._version, self._next = version, now + NUMBERS_EVERY

    def others(self, count: int, now: float) -> slice:
        """Which of so many rows have their turn at `now`, whoever sees them."""
        spent = min(now - self._others_at, self._all_every)
        first = self._other if self._other < count else 0
        self._others_at, self._other = now, first + ceil(count * spent / self._all_every)
        return slice(first, self._other)
