"""Units whose clock is ahead: noticed when their samples arrive, and put right.

A stamp cannot lie after the moment at which it arrived. Where all that a unit sends does, its
clock is ahead by so much, and its samples belong that much earlier: else it would look alive for
as long after its last sample. A clock that is behind cannot be told from samples that come late.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from tui.live.store import Batch

AHEAD = 10_000
"""Milliseconds after its arrival that a stamp may lie: the server's clock and a unit's differ
(reference, Igtimi, section 7.12)."""
SET = 15_000
"""Milliseconds after which a clock that was ahead has been set, where nothing of it is ahead any
more. What a unit uploads late passes by the present time, too, once its stamps are an hour off."""
SET_OTHERWISE = 60_000
"""The same for one that is ahead by less than before, or behind: what is uploaded late is not as
late for that long.
"""
LATELY = 3_000
"""Milliseconds after a stamp that was ahead within which none that is not can be of a set clock."""
BELIEVED = 86_400_000
"""Milliseconds beyond which a stamp is junk, and tells nothing of a clock."""


class UnitClocks:
    """How far the units' clocks are ahead, in milliseconds; only of those that are.

    `learned` is told of each unit when that is noticed. The shift is of whole seconds, so that
    samples stay on their grid, and stays the same until the clock is another.
    """

    def __init__(self, learned: Callable[[str], None] | None = None) -> None:
        self.ahead: dict[str, int] = {}
        self._was_ahead: dict[str, int] = {}
        """When the last stamp came that was ahead as much as the unit's clock is."""
        self._other: dict[str, tuple[int, int]] = {}
        """Since when, and by how much, all that comes of a unit is ahead less than its clock is."""
        self._learned = learned

    def may_differ(self, batches: Iterable[Batch], since: int) -> bool:
        """Tell whether `placed` may change one of these, none of which arrived before `since`."""
        limit, ahead = since + AHEAD, self.ahead
        return any(key[0] in ahead or max(times, default=0) > limit for key, times, _ in batches)

    def placed(self, batches: Iterable[Batch], heard: int) -> Iterator[Batch]:
        """Yield batches that arrived at `heard`, in ms of the server, with samples put right."""
        limit = heard + AHEAD
        ahead = self.ahead
        shared: Sequence[int] = ()
        moved: Sequence[int] = ()
        by = 0
        for batch in batches:
            key, times, axes = batch
            if times and (times[-1] > limit or key[0] in ahead):
                shift = self._shift(key[0], times, heard)
                if shift:
                    # Series of one unit share their times, and go on sharing them.
                    if times is not shared or shift != by:
                        shared, by, moved = times, shift, [time - shift for time in times]
                    yield key, moved, axes
                    continue
            yield batch

    def fetched(self, batches: Iterable[Batch]) -> Iterator[Batch]:
        """Yield batches of an archive, of which nobody knows when they arrived."""
        for key, times, axes in batches:
            shift = self.ahead.get(key[0], 0)
            yield key, [time - shift for time in times] if shift else times, axes

    def _shift(self, serial: str, times: Sequence[int], heard: int) -> int:
        known, lead = self.ahead.get(serial, 0), times[-1] - heard
        if lead > BELIEVED:
            return known
        if lead - known > AHEAD:
            self.ahead[serial] = shift = -(-lead // 1000) * 1000
            self._was_ahead[serial] = heard
            if not known and self._learned is not None:
                self._learned(serial)
            return shift
        if not known:
            return 0
        if known - lead <= AHEAD:
            self._was_ahead[serial] = heard
            self._other.pop(serial, None)
            return known
        since, at = self._other.setdefault(serial, (heard, lead))
        right = abs(lead) <= AHEAD
        if abs(lead - at) > (2 * AHEAD if right else LATELY):
            # What was measured before it could be sent: the more of it, the nearer it comes.
            self._other[serial] = heard, lead
        elif heard - since > (SET if right else SET_OTHERWISE):
            # Somebody has set it, right or not.
            del self.ahead[serial], self._was_ahead[serial], self._other[serial]
            if lead > AHEAD:
                self.ahead[serial] = -(-lead // 1000) * 1000
                self._was_ahead[serial] = heard
            return self.ahead.get(serial, 0)
        return 0 if right and heard - self._was_ahead[serial] >= LATELY else known
