"""When a value goes beyond its limits: judged on what comes, whatever is on the screen. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from tui.screens.live.numbers import distinct_texts, unit_text
from tui.screens.live.row import STALE
from tui.workspace.live.presets import Limits
from tui.workspace.text import clean

if TYPE_CHECKING:
    from tui.live.series import Series, SeriesKey
    from tui.live.store import FeedStore
    from tui.workspace.live.live import DataType

JUDGED_EVERY = 0.5
"""Seconds between two looks at what has come."""


class Excursion(NamedTuple):
    """A value that has gone beyond a limit; both as they are stored."""

    serial: str
    kind: DataType
    axis: int
    value: float
    limit: float


class _Judged:
    """What is known of one series: which samples were seen, and how its values stood."""

    __slots__ = ("series", "since", "stands", "version")

    def __init__(self, series: Series, axes: int) -> None:
        self.series = series
        self.version = -1
        self.stands = [0] * axes
        self.since = [0] * axes
        """When each of them went beyond, in ms."""


class LimitWatch:
    """Tells of each excursion once: again only after the value has been within its limits."""

    def __init__(self) -> None:
        self._of: tuple[object, ...] = ()
        self._store: FeedStore | None = None
        self._limits: Mapping[int, Limits] = {}
        self._judged: dict[SeriesKey, _Judged] = {}
        self._next = 0.0

    def wait(self, clock: float) -> float:
        """In how many seconds the next look is due."""
        return max(0.0, self._next - clock)

    def judge(
        self,
        store: FeedStore,
        serials: Collection[str],
        limits: Mapping[int, Limits],
        kinds: Mapping[int, DataType],
        now: int,
        clock: float,
    ) -> list[Excursion]:
        """What has gone beyond its limits since the last look, by the newest samples."""
        if not limits or clock < self._next:
            return []
        self._next = clock + JUDGED_EVERY
        of = (store.layout, tuple(serials))
        if store is not self._store or limits != self._limits or of != self._of:
            self._learn(store, serials, limits, kinds)
            self._of = of
        found: list[Excursion] = []
        for key, one in self._judged.items():
            if one.series.version == one.version:
                continue
            one.version = one.series.version
            last = one.series.last()
            # What lies that far back is no news, such as what was fetched at the start.
            if last is None or now - last[0] > STALE:
                continue
            wanted = limits[key.type]
            for axis, value in enumerate(last[1]):
                before, one.stands[axis] = one.stands[axis], wanted.beyond(value)
                if one.stands[axis] in (0, before):
                    continue
                one.since[axis] = last[0]
                limit = wanted.limit(one.stands[axis])
                if limit is not None:
                    found.append(Excursion(key.serial, kinds[key.type], axis, value, limit))
        return found

    def standing(self, kinds: Mapping[int, DataType]) -> Iterator[tuple[Excursion, int]]:
        """What was found and is beyond its limit still, as it is now, and since when in ms."""
        for key, one in self._judged.items():
            last = one.series.last() if any(one.stands) else None
            if last is None:
                continue
            for axis, (value, stands) in enumerate(zip(last[1], one.stands, strict=True)):
                limit = self._limits[key.type].limit(stands)
                if limit is not None:
                    found = Excursion(key.serial, kinds[key.type], axis, value, limit)
                    yield found, one.since[axis]

    def forget(self) -> None:
        """Nobody wants to know of limits."""
        self._judged, self._of, self._limits = {}, (), {}

    def _learn(
        self,
        store: FeedStore,
        serials: Collection[str],
        limits: Mapping[int, Limits],
        kinds: Mapping[int, DataType],
    ) -> None:
        """Which series are to be looked at; those that go on under the same limits go on so."""
        before = self._judged if store is self._store else {}
        old, self._limits, self._store = self._limits, limits, store
        self._judged = {}
        wanted = set(serials)
        for key in store:
            judged = limits.get(key.type)
            kind = kinds.get(key.type)
            if judged is None or kind is None or not kind.numeric or key.serial not in wanted:
                continue
            series = store.series(key)
            if series is None:
                continue
            known = before.get(key)
            if known is None or known.series is not series or old.get(key.type) != judged:
                known = _Judged(series, len(kind.axes))
            self._judged[key] = known


def excursion_text(one: Excursion, name: Callable[[str], str], unit: str) -> str:
    """`Kittiwake: speed over ground 12.4 kn is above 10.0 kn`."""
    kind = one.kind
    value, limit = distinct_texts(kind, (one.value, one.limit), unit)
    shown = f" {unit_text(kind, unit)}".rstrip()
    title = kind.name if kind.name[1:2].isupper() else kind.name[:1].lower() + kind.name[1:]
    axis = f" {kind.axes[one.axis]}" if len(kind.axes) > 1 else ""
    way = "above" if one.value > one.limit else "below"
    return f"{clean(name(one.serial))}: {title}{axis} {value}{shown} is {way} {limit}{shown}"
