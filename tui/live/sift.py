"""Sets apart what no boat can have done, of a series that is being filled.

What stands apart is kept, and is in no picture, scale, limit, statistic or export.
"""

from __future__ import annotations

from collections.abc import Sequence

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
        self, series: Series, order: list[int], rows: dict[int, Values], quality: Series | None
    ) -> None:
        self._series, self._rows = series, rows
        self._again = [time for time in order if self._stood(time) is not None]
        known = {*self._again, *series.apart}
        self._fresh = [time for time in order if time not in known]
        self._quality = quality
        self._good: dict[int, bool] = {}
        """Of each that was judged whether it is taken."""

    def kept(self) -> list[int]:
        """The times of those that are taken from now on, and of those that are known already."""
        if not self._fresh:
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
        """Judge the fresh ones and what comes after them, up to where all is as it was."""
        series, fresh, own = self._series, self._fresh, self._series.judge
        judge = judge_of(series.key.type)
        if own is None or judge is None:
            return
        first, near = fresh[0], series.ring.before(fresh[0])
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
            if good and time == stood and time > fresh[-1]:
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


def set_fixless_apart(
    positions: Series, quality: Series, times: Sequence[int], values: Sequence[float]
) -> None:
    """Take out the positions of stretches of time that begin with the quality 0."""
    for time, value in zip(times, values, strict=True):
        if value >= 1:
            continue
        end = quality.ring.after(time)
        taken, axes = positions.ring.take_out(time, 1 << 62 if end is None else end)
        if taken:
            rows = dict(zip(taken, zip(*axes, strict=True), strict=True))
            _set_apart(positions, rows, "no fix")
            positions.changed(taken[0])
            if positions.judge is not None:
                positions.judge.near = positions.last()


def _pardon(series: Series, time: int) -> bool:
    """Have one that stands apart do so no more; whether it did."""
    values = series.apart.pop(time, None)
    if values is not None:
        series.reasons[_reason(series, values)] -= 1
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
            series.reasons[reason] += 1
    while len(series.apart) > MOST:
        del series.apart[next(iter(series.apart))]


def _columns(order: list[int], rows: dict[int, Values], axes: int) -> Sifted:
    return order, [[rows[time][axis] for time in order] for axis in range(axes)]
