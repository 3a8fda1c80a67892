"""Compression of a track: fewer of the same points, never other points.

`types[1]=0.00009` asks for a track whose error is at most that many degrees (reference/igtimi.md
section 3). The real answers hold exact original samples with the first and the last kept, so it
is line simplification (Douglas and Peucker 1973), not resampling.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

STRETCH = 5_000
"""Points that are looked at together: the work for a hostile track grows with its square."""


def _farthest(x: Sequence[float], y: Sequence[float], first: int, last: int) -> tuple[int, float]:
    """The point farthest from the segment first..last, and its squared distance."""
    x0, y0 = x[first], y[first]
    dx, dy = x[last] - x0, y[last] - y0
    length = dx * dx + dy * dy
    place, greatest = first, -1.0
    for index in range(first + 1, last):
        px, py = x[index] - x0, y[index] - y0
        if length > 0.0:
            share = min(1.0, max(0.0, (px * dx + py * dy) / length))
            px -= share * dx
            py -= share * dy
        distance = px * px + py * py
        if distance > greatest:
            place, greatest = index, distance
    return place, greatest


def simplified(longitude: Sequence[float], latitude: Sequence[float], error: float) -> list[int]:
    """Places of the points to keep so that no dropped one is off by more than `error` degrees.

    An explicit stack instead of recursion: a day at 50 Hz is millions of points.
    """
    count = len(longitude)
    if count < 3 or error <= 0.0:
        return list(range(count))
    keep = bytearray(count)
    ends = [*range(0, count - 1, STRETCH), count - 1]
    for end in ends:
        keep[end] = 1
    stack = list(pairwise(ends))
    while stack:
        first, last = stack.pop()
        if last - first < 2:
            continue
        place, distance = _farthest(longitude, latitude, first, last)
        if distance > error * error:
            keep[place] = 1
            stack.append((first, place))
            stack.append((place, last))
    return [index for index in range(count) if keep[index]]
