"""One row while it is visible: its graph, its scale, its numbers, and how alive it is."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Sequence
from datetime import tzinfo
from math import inf
from statistics import median_low
from typing import TYPE_CHECKING, NamedTuple

from tui.live.derived import FLEET
from tui.screens.live.angles import OFF_BOW, around, centre_of, scale_off_bow
from tui.screens.live.chart import Chart, Summary, Values
from tui.screens.live.numbers import (
    LATE,
    NOTHING,
    age_text,
    arrow_text,
    since_text,
    unit_text,
    value_text,
)
from tui.screens.live.rows import RowSpec
from tui.screens.live.window import Frame
from tui.widgets.sparkline_cells import Bucket, GlyphSet, scale_of, span_of
from tui.workspace.live.presets import Arrangement, Limits

if TYPE_CHECKING:
    from tui.live.series import Series
    from tui.live.store import FeedStore
    from tui.live.views import View
    from tui.workspace.live.live import DataType

STALE = 60_000
"""Milliseconds after which it no longer counts as alive. A unit at rest sends every 40 s, from
one moment to the next: reference, Igtimi, section 7.8."""
LONGEST_STALE = 300_000
AGES_EVERY = 1.0
"""Seconds from one look at ages that count up to the next."""
CADENCE = 1000
SAMPLES = 24
"""Newest samples that tell how often a series sends."""
FIXED_SPEED = (0.0, 50.0)
"""Fixed scale of speeds where a person has set none, in units of the wire."""
WHOLE_CIRCLE = 180.0
"""How far a fixed scale of directions reaches to both sides, where a person has set none."""
DIRECTIONS = 2
"""The one level of colour that directions are drawn in."""
NO_LIMITS = Limits()


class Numbers(NamedTuple):
    """What stands beside a graph."""

    value: str = NOTHING
    unit: str = ""
    arrow: str = ""
    age: str = ""
    low: str = ""
    mean: str = ""
    high: str = ""
    mark: str = ""
    """`high`, `low`, `stale`, `silent`, or empty for a value that is as it should be."""
    late: bool = False
    """Whether a newer value should have come."""


class Row:
    """The state of one visible row. Drawn from a store, only what changed."""

    def __init__(self, spec: RowSpec, glyphs: GlyphSet, height: int = 1) -> None:
        self.spec = spec
        self.chart = Chart(glyphs, height)
        self.values = Values()
        self.numbers = Numbers()
        self.scale = (0.0, 1.0)
        self.late_after, self.stale_after = LATE, STALE
        self.numbers_at = 0.0
        self.summary_at = 0.0
        self.rest = inf
        """Seconds for which what stands there stays as it is without any news."""
        self.key_of_scale: object = None
        """Those rows that share it are drawn to one scale; None for a scale that is fixed."""
        self._frame: Frame | None = None
        self._version = -1
        self._apart: object = None
        """What was known of what is left out when the graph was last marked."""
        self._summary = Summary()
        self._summed = (NOTHING, NOTHING, NOTHING)

    @property
    def stale(self) -> bool:
        """Whether nothing has come for longer than this series usually takes."""
        return self.numbers.mark in ("stale", "silent")

    @property
    def circular(self) -> bool:
        """Whether its values lie on a circle."""
        kind = self.spec.kind
        return kind is not None and kind.angular and self.spec.axis == 0

    @property
    def sided(self) -> bool:
        """Whether its values are angles to the bow: drawn as how far off it, coloured by side."""
        return self.circular and self.spec.kind is not None and self.spec.kind.kind == "relative"

    def forget(self) -> None:
        """Draw everything anew at the next update: scale, unit or glyphs are others."""
        self._frame = None
        self.numbers_at = self.summary_at = 0.0

    # -- the graph ------------------------------------------------------------------------------

    def view(self, store: FeedStore, frame: Frame) -> View | None:
        """The series' columns in a frame."""
        if self.spec.key is None:
            return None
        return store.view(self.spec.key, frame.width, frame.size, self.spec.axis)

    def take(self, store: FeedStore, frame: Frame, arrangement: Arrangement) -> int | None:
        """Take in what is new; the place of the first column that differs, None if none does."""
        before = self._frame
        view = self.view(store, frame)
        if view is None:
            # A derived series has none before it is first reckoned: then all is drawn.
            self._frame = frame if self.spec.key is None else None
            return None if before is not None and self.chart.text else 0
        version = view.series.version
        if frame == before and version == self._version:
            return None
        changed = view.update(frame.end)
        self._version, self._frame = version, frame
        if before is None or before[:3] != frame[:3]:
            self._learn(view, arrangement)
            since = 0
        else:
            since = max(0, before.newest - frame.first)
            if changed is not None:
                since = min(since, changed - frame.first)
        if view.series.apart or self.chart.marks:
            since = min(since, self._mark(view.series, frame))
        since = max(0, min(since, len(self.values.shown)))
        self.values.fill(view.columns, frame, since, view.samples)
        self._summary.cut(since)
        return since

    def _mark(self, series: Series, frame: Frame) -> int:
        """Have the graph mark what is left out of it; the first column that is another by that."""
        newest = next(reversed(series.apart), None)
        apart = (frame[:3], len(series.apart), series.reasons.total(), newest)
        if apart == self._apart:
            return frame.size
        self._apart = apart
        places = (frame.column_of(time) for time, _ in series.suspects(frame.start, frame.end))
        changed = self.chart.mark(place for place in places if place is not None)
        return frame.size if changed is None else changed

    def _learn(self, view: View, arrangement: Arrangement) -> None:
        """See how often the series sends, and around which direction it turns."""
        block = next((one for one in reversed(view.series.ring.blocks) if one.size), None)
        stamps = list(block.stamps()[-SAMPLES:]) if block is not None else []
        steps = [later - one for one, later in itertools.pairwise(stamps)]
        cadence = median_low(steps) if steps else CADENCE
        self.values.hold = max(round(2.5 * cadence), view.width)
        self.late_after = min(max(LATE, 4 * cadence), LONGEST_STALE)
        self.stale_after = max(STALE, self.late_after)
        self.values.smooth = arrangement.smooth
        self.values.port = bytearray() if self.sided else None
        if self.circular and not self.sided:
            limits = self._wanted(arrangement)
            self.values.wraps = limits is not None
            self.values.centre = centre_of(view.columns) if limits is None else sum(limits) / 2

    def _wanted(self, arrangement: Arrangement) -> tuple[float, float] | None:
        """The scale that a person has set, where fixed ones are wanted."""
        kind = self.spec.kind
        if kind is None or arrangement.scale != "fixed":
            return None
        limits = arrangement.limits.get(kind.id, NO_LIMITS)
        if limits.low is None or limits.high is None:
            return None
        return (limits.low, limits.high)

    def bounds(self, since: int = 0) -> tuple[float, float] | None:
        """The lowest and the highest of the values from a place on."""
        there = [value for value in self.values.shown[since:] if value is not None]
        return (min(there), max(there)) if there else None

    def own_scale(self) -> tuple[float, float]:
        """Round numbers around what is shown."""
        return (scale_off_bow if self.sided else scale_of)(self.values.shown)

    def fixed_scale(
        self, arrangement: Arrangement, fleet: tuple[float, float] | None = None
    ) -> tuple[float, float] | None:
        """Where fixed scales are wanted, that which a person has set, the `fleet`'s, or that which
        the type has.
        """
        kind = self.spec.kind
        wanted = self._wanted(arrangement)
        if wanted is not None or kind is None or arrangement.scale != "fixed":
            return wanted
        if self.circular:
            return OFF_BOW if self.sided else None
        if fleet is not None:
            return fleet
        return FIXED_SPEED if kind.kind == "speed" else None

    def directions(self, least: float, edges: Sequence[Bucket] = ()) -> tuple[float, float]:
        """The scale of directions: around their middle, `least` to both sides or as far as they
        or the `edges` reach.
        """
        centre, reach = around(self.values.centre or 0.0, self.values.shown)
        reach = max([reach, *(abs(edge - centre) for edge in edges if edge is not None)])
        span = max(least, span_of(reach))
        return centre - span, centre + span

    def draw(self, since: int, cells: int) -> range:
        """Draw the graph from a place on, in so many cells; the cells that differ."""
        values = self.values
        # How high a direction stands is around its own middle: no height of a colour's own.
        level = DIRECTIONS if self.circular else None
        return self.chart.draw(values.shown, since, cells, *self.scale, values.port, level)

    # -- the numbers ----------------------------------------------------------------------------

    def read(
        self,
        store: FeedStore,
        arrangement: Arrangement,
        now: int,
        at: int | None,
        where: tzinfo,
        *,
        ascii_only: bool,
        summed: bool,
        reckoning: bool = False,
        filling: Collection[str] = (),
    ) -> bool:
        """Work out the numbers of now, or of the time `at`; whether they differ.

        `summed` asks for minimum, mean and maximum anew too; while `reckoning` what is derived may
        not be there yet, nor anything of devices that the archive is `filling`: no silence.
        """
        spec, before = self.spec, self.numbers
        self.rest = inf
        if spec.key is None or spec.kind is None:
            return self._nothing(filling)
        series = store.series(spec.key)
        if series is None:
            found = None
        else:
            found = series.last() if at is None else series.before(at)
        known = age = 0
        if found is not None:
            known = series.known_at(found[0]) if series is not None and at is None else found[0]
            age = max(0, (now if at is None else at) - known)
        if reckoning and spec.derived and (found is None or age > self.late_after):
            self.rest = AGES_EVERY
            self.numbers = Numbers(age="..." if ascii_only else "…")
            return self.numbers != before
        if found is None:
            return self._nothing(filling)
        time, axes = found
        value = axes[spec.axis]
        alarm = arrangement.limits.get(spec.kind.id, NO_LIMITS).beyond(value)
        late, stale = age > self.late_after, age > self.stale_after
        if not stale:
            self.rest = (self.stale_after - age) / 1000 + AGES_EVERY if late else AGES_EVERY
        unit = arrangement.unit
        if summed:
            self._summed = self._sum(store, spec.kind, unit)
        self.numbers = Numbers(
            value_text(spec.kind, value, unit),
            unit_text(spec.kind, unit),
            arrow_text(spec.kind, value, ascii_only=ascii_only),
            since_text(time, now, where) if late else age_text(age),
            *self._summed,
            "stale" if stale else {0: "", 1: "high", -1: "low"}[alarm],
            late,
        )
        return self.numbers != before

    def _nothing(self, filling: Collection[str]) -> bool:
        """Say that there is nothing, or nothing yet; whether that is news."""
        before = self.numbers
        # What is of all boats is of those that are filled, too.
        comes = self.spec.serial in filling or (self.spec.serial == FLEET and bool(filling))
        if comes:
            self.rest = AGES_EVERY
        self.numbers = Numbers(age="filling") if comes else Numbers(age="no data", mark="silent")
        return self.numbers != before

    def _sum(self, store: FeedStore, kind: DataType, unit: str) -> tuple[str, str, str]:
        """Lowest, mean and highest of what the window shows."""
        view = None if self._frame is None else self.view(store, self._frame)
        found = None
        if view is not None:
            end = len(self.values.shown)
            sided = view.samples if self.sided else None
            found = self._summary.of(view.columns, end, circular=self.circular, sided=sided)
        # Directions that lie all around have neither extremes nor a middle.
        if found is None or (self.circular and not self.sided and found[2] - found[0] >= 180):
            return (NOTHING, NOTHING, NOTHING)
        if self.sided:
            low, mean, high = (f"{one:.0f}" for one in found)
        else:
            low, mean, high = (value_text(kind, one, unit) for one in found)
        return low, mean, high
