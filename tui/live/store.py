"""The store of all series of a feed: batches in; last values, columns, statistics, trails out."""

from __future__ import annotations

from array import array
from collections import Counter as Counting
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from tui.live.blocks import FURTHEST, Sealer, ascending
from tui.live.counts import Counts
from tui.live.derived import FIRST
from tui.live.derived.kinds import ANGLES
from tui.live.figures import Statistics, statistics_of
from tui.live.folds import Column
from tui.live.relief import Relief
from tui.live.ring import Samples
from tui.live.series import Series, SeriesKey
from tui.live.sift import judge_fixes, sifted
from tui.live.suspects import POSITION, QUALITY, bounds_of
from tui.live.tiers import MEMORY, Retention
from tui.live.views import View

Batch = tuple[tuple[str, int, int], Sequence[int], Sequence[Sequence[float]]]
"""Serial, type and source; times in milliseconds; one list of values per axis."""

CIRCULAR = frozenset({6, 7, 8, 11, 22}) | ANGLES
"""Igtimi's data types, and derived ones, that are angles on a circle."""
VIEWS = 4
"""Views kept for each series: the row's, the large one's, and one to switch back to."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Columns as they were when asked for: `columns[i]` begins at (first + i) * width ms."""

    first: int
    width: int
    columns: list[Column | None]


@dataclass(frozen=True, slots=True)
class Fix:
    """Where a device was. `time` in milliseconds since the epoch; degrees, WGS84."""

    time: int
    longitude: float
    latitude: float


class FeedStore:
    """Everything that a feed has brought, by series.

    `version` grows with every change of any series, `layout` when a series appears or all are
    cleared. Reading never changes what is kept. What no boat can have done is set apart, unless
    `sift` is false. Without a `retention` all series together have as much as a deck holds.
    """

    def __init__(
        self,
        retention: Retention | None = None,
        circular: Collection[int] = CIRCULAR,
        *,
        sift: bool = True,
    ) -> None:
        self.retention = retention or Retention(memory=MEMORY)
        self.version = 0
        self.layout = 0
        self.unfit = 0
        self._circular = frozenset(circular)
        self._sifts = sift
        self._sealer = Sealer()
        memory = self.retention.memory
        self._relief = None if memory is None else Relief(memory, self._sealer)
        self._series: dict[tuple[str, int, int], Series] = {}
        self._unopened: dict[tuple[str, int, int], Series] = {}
        """Those of which all that came so far stands apart."""
        self._views: dict[tuple[tuple[str, int, int], int, int, int], View] = {}
        self._devices: dict[str, list[Series]] = {}
        self._fixless: set[str] = set()
        """Units that have said at least once that they had no fix."""

    def add(
        self,
        batches: Iterable[Batch],
        horizon: int | None = None,
        heard: int = 0,
        *,
        fetched: bool = False,
    ) -> None:
        """Take in batches; those with the same list as times are best given one after another.

        Samples later than `horizon` are junk. `heard` is when they arrived; 0 where nobody
        knows. What was `fetched` is put in order as well, but does not count as late, nor as
        expired where it has become coarse: it is known already.
        A batch whose columns do not fit together or hold what is no number is dropped and
        counted in `unfit`.
        """
        later: list[Batch] = []
        self._add(batches, horizon, heard, later, fetched)
        if later:
            self._add(later, horizon, heard, None, fetched)
        if self._relief is not None:
            self._relief.step(self._series.values())

    def _add(
        self,
        batches: Iterable[Batch],
        horizon: int | None,
        heard: int,
        later: list[Batch] | None,
        fetched: bool,
    ) -> None:
        """Take in batches; positions of units that lose their fix go `later`, if that is given."""
        series = self._series
        changed = true = alone = False
        shared: Sequence[int] = ()
        stamps: array[int] | None = None
        latest = FURTHEST if horizon is None or horizon > FURTHEST else horizon + 1
        for key, times, axes in batches:
            if not times:
                continue
            known = series.get(key)
            one = known or self._make(key, len(axes))
            before = (one.ring.counts.late, one.ring.counts.expired) if fetched else (0, 0)
            try:
                if times is not shared:
                    shared = ()  # until all is known of these, whatever is raised
                    true = times[-1] < latest
                    alone = true and len(times) == 1
                    stamps = None if alone else ascending(times)
                    shared = times
                judge = one.judge
                if judge is None:
                    plain = True
                elif key[0] in self._fixless and key[1] == POSITION:
                    if later is not None:
                        # What is said of the fix comes beside it, in any order.
                        later.append((key, times, axes))
                        continue
                    plain = False
                else:
                    plain = (alone or (true and stamps is not None)) and judge.plain(times, axes)
                if not plain:
                    since = self._sift(one, times, axes, horizon)
                elif alone and one.ring.add(times[0], axes):
                    since = times[0]
                else:
                    since = one.ring.extend(times, axes, horizon, stamps)
            except (ValueError, TypeError, OverflowError):
                self.unfit += len(times)
                continue
            if known is None:
                if since is None:  # nothing that can be true opens no series
                    if one.apart:
                        self._unopened[one.key] = one
                    else:
                        self.unfit += len(times)
                    continue
                self._open(one)
            if fetched:
                one.was_fetched(times, *before)
            if since is not None:
                changed = True
                if heard:
                    one.heard = heard
                for watch in one.watches:  # as `Series.changed`, without its call
                    if since <= watch.tail and since < watch.dirty:
                        watch.dirty = since
                if key[1] == QUALITY and self._sifts:
                    if bounds_of(axes[0])[0] < 1 and min(axes[0]) < 1:
                        self._fixless.add(key[0])
                    if key[0] in self._fixless:
                        self._fix_said(one, times)
        self.version += changed

    def _sift(
        self,
        one: Series,
        times: Sequence[int],
        axes: Sequence[Sequence[float]],
        horizon: int | None,
    ) -> int | None:
        """Take in what can be true of samples of which some perhaps cannot; as `Ring.extend`."""
        quality = self._series.get((one.key.serial, QUALITY, one.key.source))
        fixless = one.key.serial in self._fixless and one.key.type == POSITION
        times, axes = sifted(one, times, axes, horizon, quality if fixless else None)
        return one.ring.extend(times, axes, horizon) if times else None

    def _fix_said(self, quality: Series, times: Sequence[int]) -> None:
        """Judge the positions of a unit anew by when it had a fix."""
        serial, _, source = quality.key
        key = (serial, POSITION, source)
        position = self._series.get(key) or self._unopened.get(key)
        if position is not None:
            judge_fixes(position, quality, times)
            if key in self._unopened and position.ring.size:
                self._open(position)

    def apart(self, types: Collection[int] = (), serials: Collection[str] = ()) -> Counting[str]:
        """Return how many samples stand apart as what no boat can have done, by reason: of all
        types and devices, or of these.
        """
        return sum((one.reasons for one in self._all(types, serials)), Counting[str]())

    def floor(self, serial: str) -> int:
        """Return the time before which nothing of a device is taken in any more; 0 for none."""
        return min((one.ring.floor for one in self._devices.get(serial, ())), default=0)

    def apart_of(self, serial: str) -> int:
        """Return how many samples of a device stand apart."""
        unopened = (one for one in self._unopened.values() if one.key.serial == serial)
        return sum(one.reasons.total() for one in chain(self._devices.get(serial, ()), unopened))

    def _all(self, types: Collection[int] = (), serials: Collection[str] = ()) -> Iterator[Series]:
        """Every series of which something came, those of which nothing can be true too."""
        for one in chain(self._series.values(), self._unopened.values()):
            if (not types or one.key.type in types) and (not serials or one.key.serial in serials):
                yield one

    def _make(self, key: tuple[str, int, int], axes: int) -> Series:
        found = self._unopened.get(key)
        if found is not None and found.ring.axes == axes:
            return found
        circular = key[1] in self._circular
        made = Series(SeriesKey(*key), axes, circular, self.retention, self._sealer)
        if not self._sifts:
            made.judge = None
        return made

    def _open(self, made: Series) -> None:
        self.layout += 1
        self._unopened.pop(made.key, None)
        self._series[made.key] = made
        self._devices.setdefault(made.key.serial, []).append(made)

    def forget(self, serial: str) -> None:
        """Forget the series of a device."""
        self._unopened = {k: one for k, one in self._unopened.items() if k[0] != serial}
        gone = {series.key for series in self._devices.pop(serial, ())}
        if gone:
            # In its place: `add` may be reading on.
            for key in gone:
                del self._series[key]
            self._views = {name: view for name, view in self._views.items() if name[0] not in gone}
            self.version += 1
            self.layout += 1

    def clear(self) -> None:
        """Forget every series."""
        if self._relief is not None:
            self._relief.forget()
        self._series.clear()
        self._unopened.clear()
        self._views.clear()
        self._devices.clear()
        self.version += 1
        self.layout += 1

    def __len__(self) -> int:
        return len(self._series)

    def __contains__(self, key: object) -> bool:
        return key in self._series

    def __iter__(self) -> Iterator[SeriesKey]:
        return iter([series.key for series in self._series.values()])

    def sorted_keys(self, serial: str | None = None) -> list[SeriesKey]:
        """Return the series' keys by serial number, type and source."""
        return sorted(key for key in self if serial is None or key.serial == serial)

    def serials(self) -> list[str]:
        """Return the serial numbers of which there is at least one series."""
        return sorted(self._devices)

    def series(self, key: tuple[str, int, int]) -> Series | None:
        """Return one series, or None."""
        return self._series.get(key)

    def last(self, key: tuple[str, int, int]) -> tuple[int, tuple[float, ...]] | None:
        """Return the newest sample of a series: time and axes, or None."""
        series = self._series.get(key)
        return None if series is None else series.last()

    def newest(self, serial: str) -> int | None:
        """Return the time of the newest sample of any type of a device, or None."""
        times = [series.last_time for series in self._devices.get(serial, ())]
        return max((time for time in times if time is not None), default=None)

    def heard(self, serial: str) -> int | None:
        """Return when samples of a device last arrived, or None where none did."""
        return max((one.heard for one in self._devices.get(serial, ())), default=0) or None

    def age(self, serial: str, now: int) -> int | None:
        """Return the age of a device's newest sample: it is no newer than its arrival."""
        newest = self.newest(serial)
        if newest is None:
            return None
        return now - min(newest, self.heard(serial) or newest)

    def span(self) -> tuple[int, int] | None:
        """Return the times of the oldest and the newest thing known, or None."""
        firsts = [s.first_time for s in self._series.values() if s.first_time is not None]
        lasts = [s.last_time for s in self._series.values() if s.last_time is not None]
        return (min(firsts), max(lasts)) if firsts and lasts else None

    def counts(self, types: Collection[int] = (), serials: Collection[str] = ()) -> Counts:
        """Return what became of all samples that came, over all series or these alone."""
        total = Counts(junk=self.unfit)
        every = self._all(types, serials)
        for counts in (one.ring.counts for one in every if one.key.type < FIRST):
            total.add(counts)
        return total

    def view(
        self, key: tuple[str, int, int], width: int, columns: int, axis: int = 0
    ) -> View | None:
        """Return the view of `columns` columns of `width` ms over a series, or None.

        The same object each time for the same arguments, so that updating it costs only what
        is new; see `View.update`.
        """
        series = self._series.get(key)
        if series is None or not 0 <= axis < series.ring.axes:
            return None
        name = (key, width, columns, axis)
        view = self._views.get(name)
        if view is None:
            view = self._views[name] = View(series, axis, width, columns)
            series.watched_by(view)
            views = [one for one in series.watches if isinstance(one, View)]
            if len(views) > VIEWS:
                dropped = views[0]
                series.let_go_of(dropped)
                self._views = {n: v for n, v in self._views.items() if v is not dropped}
        return view

    def buckets(
        self, key: tuple[str, int, int], start: int, end: int, columns: int, axis: int = 0
    ) -> Columns:
        """Return at most `columns` + 1 time buckets that cover [start, end).

        All have the same width, the window's by the number of columns, and lie on multiples of
        it since the epoch.
        """
        width = max(-(-(end - start) // max(columns, 1)), 1)
        first, last = start // width, (end - 1) // width
        view = self.view(key, width, last - first + 1, axis)
        if view is None:
            return Columns(first, width, [None] * (last - first + 1))
        view.update(end)
        return Columns(view.first, width, list(view.columns))

    def statistics(
        self, key: tuple[str, int, int], start: int, end: int, axis: int = 0
    ) -> Statistics | None:
        """Return count, extremes, mean and deviation over [start, end), or None if empty."""
        series = self._series.get(key)
        if series is None or not 0 <= axis < series.ring.axes:
            return None
        return statistics_of(series, start, end, axis)

    def value_at(
        self, key: tuple[str, int, int], time: int
    ) -> tuple[int, tuple[float, ...]] | None:
        """Return the last sample at or before `time`, however old: show its age."""
        series = self._series.get(key)
        return None if series is None else series.before(time)

    def next_time(self, key: tuple[str, int, int], time: int) -> int | None:
        """Return the time of the first raw sample after `time`, or None."""
        series = self._series.get(key)
        return None if series is None else series.ring.after(time)

    def samples(self, key: tuple[str, int, int], start: int, end: int) -> Samples:
        """Return the raw samples of [start, end) that are still kept."""
        series = self._series.get(key)
        return ([], ()) if series is None else series.ring.samples(start, end)

    def trail(self, serial: str, start: int, end: int, points: int, source: int = 0) -> list[Fix]:
        """Return where a device was in [start, end): at most `points` + 1 fixes, oldest first.

        They are true fixes, the last of each of that many equal parts of time, so a trail that
        grows does not change behind the boat.
        """
        width = max(-(-(end - start) // max(points, 1)), 1)
        count = (end - 1) // width - start // width + 1
        key = (serial, POSITION, source)
        longitudes, latitudes = self.view(key, width, count, 0), self.view(key, width, count, 1)
        if longitudes is None or latitudes is None:
            return []
        longitudes.update(end)
        latitudes.update(end)
        return [
            Fix(x.last_time, x.last, y.last)
            for x, y in zip(longitudes.columns, latitudes.columns, strict=True)
            if x is not None and y is not None
        ]
