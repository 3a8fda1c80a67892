"""How much may be written now, so that a thin link stays current and keys still echo at once.

Nothing tells how fast a terminal's link is. While it keeps up, all may be written. Once writes
pile up, the time that they take to drain says what the link carries; from then on no more is
written than that in a tenth of a second, with room left for the echo of keys. What the rate is
is tried anew after a while.
"""

from __future__ import annotations

from math import exp, sqrt

from tui.live.clock import EARLY

FRAME = 0.1
"""Seconds from one frame to the next."""
LONGEST_FRAME = 0.5
COSTLY = 8_000.0
"""Bytes a second above which frames come less often."""
AVERAGED = 3.0
"""Seconds over which that counts: a whole picture now and then may cost what it costs."""
UNLIMITED = 1 << 30
SHARE = 0.7
"""Of the link's rate; the rest is for the answers to keys."""
BURST = 0.1
"""Seconds of the link's rate that may be written at once."""
UNSEEN = 20_000
"""Bytes that a pseudo terminal takes before its writer notices that nobody reads."""
WOKEN = 0.65
"""Of these, how much has been read when a writer that had to wait goes on; measured on Linux."""
LONGEST_WAIT = 3.0
SLOWEST = 500.0
STALL = 0.25
"""Seconds that writes must have waited before that says anything about the link."""
FORGET = 20.0
GROWTH = 1.2
FASTEST = 1e6


class Tempo:
    """How often to draw, by what drawing has cost: not ten times a second at any price.

    A link that carries just what is written has a queue in it that blocks nobody, so nothing
    tells of it but the late echo of keys. Ten frames a second cost 3 to 6 kB on most walls.
    """

    def __init__(self) -> None:
        self.frame = FRAME
        """Seconds from a frame to the next."""
        self._rate = 0.0
        self._then: float | None = None
        self._heard = 0.0
        self._written = 0

    def wait(self, now: float) -> float:
        """Return in how many seconds to draw what is new at `now`; 0 for at once.

        News that come as seldom as frames are drawn when they come: waiting for a whole frame
        after one in between, such as the answer to a key, would make all later ones late.
        """
        heard, self._heard = self._heard, now
        wait = self.frame - (now - (self._then or 0.0))
        return wait if wait > EARLY and now - heard < self.frame - EARLY else 0.0

    def drawn(self, now: float, written: int) -> None:
        """Note a frame; `written` is all that was written before it, in bytes."""
        if self._then is not None and now > self._then:
            span = now - self._then
            weight = 1 - exp(-span / AVERAGED)
            self._rate += weight * ((written - self._written) / span - self._rate)
        self._then, self._written = now, written
        self.frame = min(FRAME * max(1.0, self._rate / COSTLY) ** 2, LONGEST_FRAME)


class Pacer:
    """Bytes that may be written, from the backlog that is seen and the bytes that were written."""

    def __init__(self) -> None:
        self.rate: float | None = None
        """Bytes a second that the link was seen to carry; None while it keeps up."""
        self._clear = 0
        self._blocked: float | None = None
        self._blocked_last = 0.0
        self._mark: tuple[float, int] | None = None
        self._resume = 0.0
        self._tokens = 0.0
        self._then = 0.0
        self._written = 0

    def room(self, now: float, *, backlog: bool, written: int) -> int:
        """How many bytes may be written at `now`, in seconds; 0 or less for none.

        `backlog` says whether what was given to the terminal still waits; `written` is how much
        was given to it in all.
        """
        if self._mark is None:
            self._mark = (now, written)
        if backlog:
            if self._blocked is None:
                self._blocked = now
            return 0
        if self._blocked is not None:
            self._drained(now, now - self._blocked, written)
        self._clear = written
        if self.rate is None:
            return UNLIMITED
        # Too much is noticed only when the terminal's buffer is full: the thinner, the later.
        if now - self._blocked_last > FORGET * max(1.0, UNSEEN / self.rate):
            self._blocked_last = now
            self.rate *= GROWTH
            if self.rate > FASTEST:
                self.rate = None
                return UNLIMITED
        if now < self._resume:
            self._then, self._written = now, written
            return 0
        self._tokens += (now - self._then) * self.rate * SHARE - (written - self._written)
        self._then, self._written = now, written
        self._tokens = min(self._tokens, self.rate * BURST)
        return int(self._tokens)

    def _drained(self, now: float, took: float, written: int) -> None:
        """Learn from writes that had to wait for `took` seconds.

        How full the terminal's buffer was before and is now nobody knows, so the wait only says
        between which bounds the rate lies; what was written since the wait before is another
        lower bound.
        """
        size, self._blocked = written - self._clear, None
        since, before = self._mark or (now, written)
        self._mark = (now, written)
        if took < STALL:
            return
        span = max(now - since, took)

        def drained(unseen: float) -> float:
            return max((size - unseen) / took, (written - before - unseen) / span, SLOWEST)

        low, high = drained(UNSEEN), max((size + UNSEEN) / took, drained(UNSEEN))
        # A writer that had to wait goes on once most of the buffer has been read, however
        # little it was that waited. One such wait says little, many say what the rate is.
        likely = max(drained(0.75 * UNSEEN), WOKEN * UNSEEN / took)
        self.rate = min(max(sqrt((self.rate or likely) * likely), low), high)
        self._blocked_last = now
        self._resume = now + min(UNSEEN / self.rate, LONGEST_WAIT)
        self._tokens = 0.0
