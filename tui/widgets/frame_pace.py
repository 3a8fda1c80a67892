"""How soon after a frame the next one is painted, by what frames have cost.

A key that is held down would have thirty of them a second, and what a thin line cannot carry in
time is shown when the key is long let go. Nothing tells of that: the line's far end is behind
buffers that take all. So it is what frames cost that counts; a person's single keys never wait.
"""

from __future__ import annotations

from collections import deque

SPAN = 1.0
"""Seconds that are looked back on."""
BYTES = 4_000
"""Bytes within them that no line is asked for more often than that."""
FRAMES = 6
"""Frames within them that are painted at once, whatever they cost."""
LONGEST = 0.15
"""Seconds that a frame waits at most."""
LONGEST_SET = 1.0
"""The same where a person has said how much the line carries."""


class FramePace:
    """When the next frame is due."""

    def __init__(self, kilobytes_per_second: float = 0.0) -> None:
        """`kilobytes_per_second` that a person has set; 0 where nothing is."""
        self._set = kilobytes_per_second * 1000
        self._frames: deque[tuple[float, int]] = deque()

    def painted(self, now: float, cost: int) -> None:
        """Note a frame at `now`, in seconds of a steady clock, and its bytes."""
        self._frames.append((now, cost))

    def wait(self, now: float) -> float:
        """In how many seconds the next frame is due; 0 for now."""
        frames = self._frames
        while frames and not now - SPAN <= frames[0][0] <= now:
            frames.popleft()  # of before, or by a clock that was set back
        spent = sum(cost for _, cost in frames)
        if not frames or spent <= (self._set or BYTES):
            return 0.0
        last = frames[-1][0]
        if self._set:
            return max(0.0, last + min(frames[-1][1] / self._set, LONGEST_SET) - now)
        return max(0.0, last + LONGEST - now) if len(frames) >= FRAMES else 0.0
