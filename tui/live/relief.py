"""Keeps what all series of a store hold together below a bound: what is oldest becomes coarse."""

from __future__ import annotations

from collections.abc import Collection

from tui.live.series import Series


def relieve(every: Collection[Series], most: int) -> int:
    """Have what is oldest of all series become coarse, where they hold more than `most` bytes.

    A sixteenth more goes at once, since all are looked at for it; what came last stays. Returns
    how many more bytes may come before that is due again.
    """
    series = list(every)
    held = sum(one.bytes for one in series)
    if held > most:
        oldest = sorted(
            (block.last, place, block.bytes)
            for place, one in enumerate(series)
            for block in one.ring.blocks[:-2]
        )
        for _, place, size in oldest:
            if held <= most - most // 16:
                break
            series[place].ring.let_go()
            held -= size
    return max(most - held, most // 16)
