"""Sets apart what no boat can have done, of a series that is being filled.

What stands apart is kept, and is in no picture, scale, limit, statistic or export.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from tui.live.series import Series
from tui.live.suspects import POSITION, Judge, Values, a_place, judge_of

MOST = 20_000
"""Samples of a series that are kept apart; the oldest leave, and stay counted."""
Sifted = tuple[list[int], list[list[float]]]


def sifted(
    series: Series,
    times: Sequence[int],
    axes: Sequence[Sequence[float]],
    horizon: int | None,
    quality: Series | None,
) -> Sifted:
    """Return what of these samples can be true, in order of time; the rest is set apart.

    `quality` says when the unit had a fix. Raises ValueError where columns differ in length.
    """
    rows: dict[int, Values] = {}
    counts = series.ring.counts
    for time, *row in zip(times, *axes, strict=True):
        if time in rows:
            before = series.ring.before(time)
            stands = before[1] if before is not None and before[0] == time else rows[time]
            counts.duplicates += 1
            counts.conflicts += stands != tuple(row)
        else:
            rows[time] = tuple(row)
    low, high = series.ring.floor, horizon
    order = sorted(rows)
    # What is junk, or older than all that is kept, is the ring's to count.
    strange = [time for time in order if time <= low or (high is not None and time > high)]
    if strange:
        order = [time for time in order if low < time and (high is None or time <= high)]
    if quality is not None:
        fixless = {time for time in order if _without_fix(quality, time)}
        _set_apart(series, {time: rows[time] for time in fixless}, "no fix")
        order = [time for time in order if time not in fixless]
    own = series.judge
    if own is None:
        raise ValueError(f"anything is believed of type {series.key.type}")
    if not order:
        kept: list[int] = []
    elif all(seen is None or seen[0] < order[0] for seen in (own.near, own.waiting)):
        kept = _next(series, own, order, rows)
    else:
        kept = _Late(series, order, rows, quality).kept()
    return _columns(sorted({*kept, *strange}), rows, len(axes))


def _next(series: Series, own: Judge, order: list[int], rows: dict[int, Values]) -> list[int]:
    """Judge samples that come after all others; the times of those that are taken, of the one too
    that they pardon.
    """
    width = series.ring.axes
    verdict = own.judge(order, [[rows[time][axis] for time in order] for axis in range(width)])
    kept = [order[index] for index in verdict.kept]
    if verdict.pardoned is not None:
        time, values = verdict.pardoned
        if _pardon(series, time):
            rows[time] = values
            kept.append(time)
    for index in verdict.apart:
        values = rows[order[index]]
        _set_apart(series, {order[index]: values}, _reason(series, values))
    return kept


class _Late:
    """Samples that come late, judged with those around them as if all had come in their order.

    So what stands apart depends on what was measured, and not on how it was handed over.
    """

    def __init__(
        self,
        series: Series,
        order: list[int],
        rows: dict[int, Values],
        quality: Series | None,
        gone: Collection[int] = (),
    ) -> None:
        """`gone` are times of samples that stood, or waited, and do so no more."""
        self._series, self._rows = series, rows
        self._again = [time for time in order if self._stood(time) is not None]
        known = {*self._again, *series.apart}
        self._fresh = [time for time in order if time not in known]
        self._touched = sorted({*self._fresh, *gone})
        self._quality = quality
        self._good: dict[int, bool] = {}
        """Of each that was judged whether it is taken."""

    def kept(self) -> list[int]:
        """The times of those that are taken from now on, and of those that are known already."""
        if not self._touched:
            return self._again
        self._judge()
        series, rows, fresh = self._series, self._rows, {*self._fresh}
        kept = list(self._again)
        for time, good in self._good.items():
            if good and time not in fresh and time in series.apart:
                rows[time] = series.apart[time]
                _pardon(series, time)
            if good and time in rows:
                kept.append(time)
            elif not good:
                values = rows[time] if time in fresh else self._stood(time)
                if values is not None:
                    series.ring.take_out(time, time + 1)
                    _set_apart(series, {time: values}, _reason(series, values))
                    series.changed(time)
        return kept

    def _stood(self, time: int) -> Values | None:
        found = self._series.ring.before(time)
        return found[1] if found is not None and found[0] == time else None

    def _judge(self) -> None:
        """Judge what is other than it was and what comes after, up to where all is as it was."""
        series, fresh, own = self._series, self._fresh, self._series.judge
        judge = judge_of(series.key.type)
        if own is None or judge is None:
            return
        first, near = self._touched[0], series.ring.before(self._touched[0])
        before = None if near is None else series.ring.before(near[0] - 1)
        if near is not None and before is not None and not judge.fits(before, near):
            # It was pardoned, perhaps by one behind the fresh ones.
            first, near = near[0], before
        judge.near = near
        suspects = self._suspects(judge)
        earlier = [time for time in suspects if time < first]
        if earlier:
            judge.waiting = (earlier[-1], series.apart[earlier[-1]])
        ahead = sorted({*fresh, *suspects[len(earlier) :]})
        place, cursor = 0, first - 1
        while True:
            stood = series.ring.after(cursor)
            time = ahead[place] if place < len(ahead) else None
            if time is None or (stood is not None and stood < time):
                time = stood
            else:
                place += 1
            if time is None:
                # To the end: what comes next is judged by these.
                own.near, own.waiting = judge.near, judge.waiting
                return
            values = self._values(time)
            verdict = judge.judge([time], [[value] for value in values])
            if verdict.pardoned is not None:
                self._good[verdict.pardoned[0]] = True
            good = self._good[time] = bool(verdict.kept)
            if good and time == stood and time > self._touched[-1]:
                return
            cursor = time

    def _suspects(self, judge: Judge) -> list[int]:
        """What stands apart since the one before, and may be true for who knows its neighbours."""
        since = 0 if judge.near is None else judge.near[0]
        return sorted(
            time
            for time, values in self._series.apart.items()
            if time > since
            and judge.sort.true(values)
            and not (self._quality is not None and _without_fix(self._quality, time))
        )

    def _values(self, time: int) -> Values:
        values = self._stood(time)
        if values is None:
            values = self._series.apart.get(time)
        return self._rows[time] if values is None else values


def judge_fixes(positions: Series, quality: Series, times: Sequence[int]) -> None:
    """Judge anew the positions of stretches of time that begin with these samples of quality, as
    if it had been known from the start whether the unit had a fix.
    """
    rows: dict[int, Values] = {}
    gone: set[int] = set()
    for time in sorted(times):
        end = quality.ring.after(time) or 1 << 62
        fixless = _without_fix(quality, time)
        apart: list[int] = []
        if time <= positions.apart_until:
            apart = [one for one in positions.apart if time <= one < end]
        if fixless:
            taken, axes = positions.ring.take_out(time, end)
            lost = dict(zip(taken, zip(*axes, strict=True), strict=True))
            for one in apart:
                if one not in positions.fixless and a_place(positions.apart[one]):
                    lost[one] = positions.apart[one]
                    _pardon(positions, one)
            _set_apart(positions, lost, "no fix")
            gone.update(lost)
        else:
            for one in apart:
                if one in positions.fixless and a_place(positions.apart[one]):
                    rows[one] = positions.apart[one]
                    _pardon(positions, one)
    if not rows and not gone:
        return
    positions.changed(min([*rows, *gone]))
    kept = _Late(positions, sorted(rows), rows, quality, gone).kept()
    if kept:
        width = positions.ring.axes
        since = positions.ring.extend(*_columns(sorted({*kept}), rows, width))
        if since is not None:
            positions.changed(since)


def _pardon(series: Series, time: int) -> bool:
    """Have one that stands apart do so no more; whether it did."""
    values = series.apart.pop(time, None)
    if values is not None:
        reason = "no fix" if time in series.fixless else _reason(series, values)
        series.fixless.discard(time)
        series.reasons[reason] -= 1
    return values is not None


def _without_fix(quality: Series, time: int) -> bool:
    """Whether a unit had no fix at a time: quality is sent only when it changes."""
    found = quality.ring.before(time)
    return found is not None and found[1][0] < 1


def _reason(series: Series, values: Values) -> str:
    if series.key.type != POSITION:
        return "spike"
    return "jump" if a_place(values) else "no fix"


def _set_apart(series: Series, rows: dict[int, Values], reason: str) -> None:
    for time, values in rows.items():
        if time not in series.apart:
            series.apart[time] = values
            series.apart_until = max(time, series.apart_until)
            series.reasons[reason] += 1
            if reason == "no fix":
                series.fixless.add(time)
    while len(series.apart) > MOST:
        oldest = next(iter(series.apart))
        del series.apart[oldest]
        series.fixless.discard(oldest)


def _columns(order: list[int], rows: dict[int, Values], axes: int) -> Sifted:
    return order, [[rows[time][axis] for time in order] for axis in range(axes)]
