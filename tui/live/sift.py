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
    order = sorted(rows)
    if horizon is not None and order[-1] > horizon:
        return _columns(order, rows, len(axes))  # junk is the ring's to count
    if quality is not None:
        fixless = {time for time in order if _without_fix(quality, time)}
        _set_apart(series, {time: rows[time] for time in fixless}, "no fix")
        order = [time for time in order if time not in fixless]
    if not order:
        return [], []
    judge = _judge(series, order[0])
    verdict = judge.judge(
        order, [[rows[time][axis] for time in order] for axis in range(len(axes))]
    )
    own = series.judge
    if own is not None and own.near is not None and judge.near is not None:
        own.near = max(own.near, judge.near)
    if verdict.pardoned is not None:
        time, values = verdict.pardoned
        if series.apart.pop(time, None) is not None:
            series.reasons[_reason(series, values)] -= 1
            rows[time] = values
    for index in verdict.apart:
        values = rows[order[index]]
        _set_apart(series, {order[index]: values}, _reason(series, values))
    pardoned = [] if verdict.pardoned is None else [verdict.pardoned[0]]
    kept = sorted({*pardoned, *(order[index] for index in verdict.kept)} & rows.keys())
    return _columns(kept, rows, len(axes))


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


def _judge(series: Series, first: int) -> Judge:
    """The series' own judge, or for what comes late one that begins where that belongs."""
    own = series.judge
    if own is not None and (own.near is None or first > own.near[0]):
        return own
    late = judge_of(series.key.type)
    if late is None:
        raise ValueError(f"anything is believed of type {series.key.type}")
    late.near = series.ring.before(first)
    return late


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
