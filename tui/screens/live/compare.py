"""Two to four boats in one chart in the place of the wall, with the difference below."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from math import inf
from typing import TYPE_CHECKING

from textual import on

from tui.live.derived import FLEET
from tui.screens.live.beat import Tick
from tui.screens.live.comparing import Line, compared_lines
from tui.screens.live.numbers import axis_text
from tui.screens.live.picture import Picture
from tui.screens.live.row import AGES_EVERY, Row
from tui.screens.live.rows import RowSpec
from tui.screens.live.sheet import Sheet
from tui.screens.live.stage_pane import StagePane
from tui.screens.live.window import frame_of, window_text
from tui.widgets.choices import Choices
from tui.widgets.plot_overlaid import LETTERS
from tui.widgets.sparkline_cells import buckets_per_cell
from tui.workspace.text import NaturalOrder, clean, in_order
from tui.workspace.workspace import Workspace

if TYPE_CHECKING:
    from tui.live.series import SeriesKey
    from tui.screens.live.watch import Watching

EVERY = 0.5
"""Seconds between two pictures."""
AXIS = 10
"""Cells that are not of the chart."""


def marked_first(serials: Sequence[str], chosen: str, apart: Collection[str]) -> list[str]:
    """Which two are marked at first: the chosen one and its next of the same kind, if any is."""
    kin = [one for one in serials if (one in apart) == (chosen in apart)]
    pool = kin if len(kin) > 1 else list(serials)
    place = pool.index(chosen)
    return [pool[(place + step) % len(pool)] for step in (0, 1)]


class ComparePane(StagePane):
    """Draws the chosen boats when it is told to by `tick`; `bring` reckons derived series."""

    DEFAULT_CSS = """
    ComparePane { padding: 0; }
    """

    def __init__(
        self,
        workspace: Workspace,
        picture: Picture,
        bring: Callable[[Sequence[RowSpec]], bool],
    ) -> None:
        self.sheet = Sheet(id="compare-sheet")
        super().__init__(workspace, picture, self.sheet, "Compare", id="compare")
        self._bring = bring
        self._rows: list[Row] = []
        self._due = 0.0
        self._now = 0

    @property
    def takes_focus(self) -> Sheet:
        """The lines."""
        return self.sheet

    async def choose(self, row: RowSpec | None) -> bool:
        """Ask which boats are compared in what the row is of; whether any were chosen."""
        watching = self.picture.watching
        store = None if watching is None else watching.store
        if watching is None or store is None:
            return False
        if row is None or row.key is None or row.kind is None:
            self.flash("Put the cursor on a row with values: that is what is compared.", "warn")
            return False
        alike = self._alike(watching, row)
        if len(alike) < 2:
            self.flash(f"Only one has {row.kind.name.lower()}: there is nothing beside it.", "warn")
            return False
        names = [
            (one.serial, f"{clean(watching.room.name(one.serial))}  {one.serial}") for one in alike
        ]
        marked = marked_first([one.serial for one in alike], row.key.serial, self._apart)
        chosen = await self.ask(Choices(f"Compare {row.kind.name}: two to four", names, marked))
        if chosen is None:
            return False
        if not 2 <= len(chosen) <= len(LETTERS):
            self.flash("Two to four boats can be compared.", "warn")
            return False
        # The one that the cursor was on comes first: the others are measured from it.
        keys = sorted(
            (one for one in alike if one.serial in chosen), key=lambda one: one.serial != row.serial
        )
        kind = row.kind
        called = watching.names()
        specs = [
            RowSpec(key.serial, clean(called(key.serial)), key, row.axis, kind, "") for key in keys
        ]
        self._rows = [Row(spec, self.picture.glyphs) for spec in specs]
        self._due = 0.0
        return True

    def _alike(self, watching: Watching, row: RowSpec) -> list[SeriesKey]:
        """The series of the same type of all that is watched; of several sources the first.

        Boats are first beside a boat; wind units and marks, beside what is none either.
        """
        store, key = watching.store, row.key
        if store is None or key is None:
            return []
        found: dict[str, SeriesKey] = {}
        apart = self._apart
        for one in store.sorted_keys():
            if one.type == key.type and one.serial in watching.serials:
                found.setdefault(one.serial, one)
        if row.derived and key.serial != FLEET:
            for serial in watching.serials:
                if serial not in apart:
                    found.setdefault(serial, key._replace(serial=serial))
        found[key.serial] = key

        def order(one: SeriesKey) -> tuple[bool, NaturalOrder]:
            other = (one.serial in apart) != (key.serial in apart)
            return other, in_order(watching.room.name(one.serial))

        return sorted(found.values(), key=order)

    @property
    def _apart(self) -> frozenset[str]:
        """Devices that are no boats."""
        course = self.picture.course
        return frozenset() if course is None else course.not_boats

    # -- drawing ----------------------------------------------------------------------------------

    def tick(self, now: int, clock: float, *, forced: bool = False) -> Tick:
        """Draw the boats up to `now`."""
        if not self.is_mounted or not self._rows:
            return Tick(0, False, inf)
        if clock < self._due and not forced:
            return Tick(0, False, self._due - clock)
        self._due, self._now = clock + EVERY, now
        left = self._bring([row.spec for row in self._rows])
        return Tick(self._draw(), left, AGES_EVERY)

    @on(Sheet.Resized)
    def _resized(self) -> None:
        for row in self._rows:
            row.forget()
        self._draw()

    def _draw(self) -> int:
        watching, arrangement = self.picture.watching, self.picture.arrangement
        store = None if watching is None else watching.store
        width, height = self.sheet.content_size
        if store is None or not self._rows or not width:
            return 0
        per_cell = buckets_per_cell(self.picture.glyphs)
        room = max(4, width - AXIS) * per_cell
        frame = frame_of(arrangement.window, room, per_cell, self._now)
        lines = []
        for row in self._rows:
            row.take(store, frame, arrangement)
            row.read(
                store, arrangement, self._now, self._now, self.picture.zone,
                ascii_only=self.picture.ascii_only, summed=False,
            )  # fmt: skip
            late = row.numbers.age if row.numbers.late else ""
            lines.append(Line(row.spec.device, list(row.values.shown), late))
        first = self._rows[0]
        kind = first.spec.kind
        if kind is None:
            return 0
        ends = [
            axis_text(time, arrangement.window, self.picture.zone)
            for time in (frame.start, frame.end)
        ]
        heading = f"{kind.name} · {window_text(arrangement.window)} · difference to A below"
        return self.sheet.show(
            compared_lines(
                lines,
                kind,
                arrangement.unit,
                (width, height),
                self.picture.glyphs,
                (ends[0], ends[1]),
                heading,
                sided=first.sided,
            )
        )
