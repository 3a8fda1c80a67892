"""How the report reads: block by block, by tracker, or by day. Rows and columns, no widgets."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, tzinfo
from typing import TYPE_CHECKING, Literal

from tui.widgets.grid_model import Cell, CellValue, Column, ListSource
from tui.workspace.sums import span_total
from tui.workspace.times import clock, column_text, day_text, length_text, moment_text

if TYPE_CHECKING:
    from tui.workspace.timers.timers import Block, Overview, Report

View = Literal["blocks", "trackers", "days"]
VIEWS: tuple[View, ...] = ("blocks", "trackers", "days")
VIEW_TITLES = {"blocks": "block by block", "trackers": "by tracker", "days": "by day"}
BAR_CELLS = 24
NARROW_BAR_CELLS = 12


def columns_of(view: View, *, narrow: bool) -> list[Column]:
    """The columns of a view; where it is narrow a block's words are left to its own page."""
    if view == "blocks" and narrow:
        return [
            Column("day", "Day"),
            Column("start", "From", width=5),
            Column("stop", "To", maximum=7),
            Column("total", "Time", kind="number"),
            Column("tracker", "Tracker", width=12, flexible=True),
        ]
    if view == "blocks":
        return [
            Column("day", "Day"),
            Column("start", "From", width=5),
            Column("stop", "To", maximum=7),
            Column("total", "Time", kind="number"),
            Column("tracker", "Tracker", maximum=28),
            Column("description", "What was done", width=16, flexible=True),
        ]
    bar_column = Column("bar", "", width=NARROW_BAR_CELLS if narrow else BAR_CELLS)
    numbers = [
        Column("total", "Time", kind="number", width=6),
        Column("share", "", kind="number", width=4),
        bar_column,
    ]
    if view == "days":
        return [Column("what", "Day"), *numbers]
    if narrow:
        return [Column("what", "Tracker", width=12, flexible=True), *numbers]
    return [
        Column("what", "Tracker", maximum=28),
        *numbers,
        Column("under", "Under", width=12, flexible=True),
    ]


class Reading:
    """One report, read for one person's eyes."""

    def __init__(
        self, report: Report, overview: Overview | None, where: tzinfo, today: date, *, narrow: bool
    ) -> None:
        self.report = report
        self._overview = overview
        self._zone = where
        self._today = today
        self._narrow = narrow

    def source(self, view: View) -> ListSource:
        """The rows of a view."""
        if view == "blocks":
            newest_first = self.report.blocks[::-1]
            return ListSource(self._block_rows(newest_first), [str(b.id) for b in newest_first])
        if view == "trackers":
            sums = self.report.by_tracker()
            rows = self._sums([(self.name(tracker), seconds) for tracker, seconds in sums])
            if not self._narrow:
                for row, (tracker, _) in zip(rows, sums, strict=True):
                    row.append(Cell(self._above(tracker), "muted"))
            return ListSource(rows, [str(tracker) for tracker, _ in sums])
        days = self.report.by_day(self._zone)
        rows = self._sums([(day_text(day, self._today), seconds) for day, seconds in days])
        return ListSource(rows, [day.isoformat() for day, _ in days])

    def total(self, view: View) -> str:
        """What the rows of a view come to, without free time."""
        if view == "blocks":
            return span_total(one.total or 0 for one in self.report.blocks if not one.free)
        if view == "trackers":
            return span_total(seconds for _, seconds in self.report.by_tracker())
        return span_total(seconds for _, seconds in self.report.by_day(self._zone))

    def name(self, tracker: int | None) -> str:
        """A tracker's name, as far as it is known by now."""
        return self._overview.name(tracker) if self._overview is not None else "…"

    def _above(self, tracker: int | None) -> str:
        if self._overview is None or tracker is None:
            return ""
        # The nearest first: the outermost is most often the same for all.
        return " ‹ ".join(reversed(self._overview.above(tracker)))

    def _block_rows(self, blocks: Sequence[Block]) -> list[list[CellValue]]:
        rows: list[list[CellValue]] = []
        day_before = None
        for block in blocks:
            start, stop = block.time_in, block.time_out
            day = self.report.day(block, self._zone)
            waits = self.report.waits(block) is not None
            tracker: CellValue = self.name(block.tracker_id)
            if block.free:
                tracker = Cell(f"{tracker} (free)", "accent")
            if waits:
                tracker = Cell(f"… {self.name(block.tracker_id)}", "warn")
            row: list[CellValue] = [
                Cell(self._day(day), "text" if day != day_before else "muted"),
                clock(start, self._zone) if start and not (waits and block.free) else "",
                clock(stop, self._zone) if stop else "" if block.free else Cell("running", "good"),
                column_text(block.total or 0),
                tracker,
            ]
            rows.append(row if self._narrow else [*row, block.description])
            day_before = day
        return rows

    def _day(self, day: date | None) -> str:
        if day is None:
            return ""
        return f"{day:%a} {day.day}" if self._narrow else day_text(day, self._today)

    def _sums(self, sums: Sequence[tuple[str, int]]) -> list[list[CellValue]]:
        whole = sum(seconds for _, seconds in sums)
        most = max((seconds for _, seconds in sums), default=0)
        cells = NARROW_BAR_CELLS if self._narrow else BAR_CELLS
        return [
            [
                label,
                column_text(seconds),
                Cell(f"{round(100 * seconds / whole) if whole else 0} %", "muted"),
                Cell(bar(seconds / most if most else 0, cells), "primary"),
            ]
            for label, seconds in sums
        ]

    def block_text(self, block: Block) -> str:
        """Everything about one block, to read."""
        start, stop = block.time_in, block.time_out
        path = self.name(block.tracker_id)
        if self._overview is not None and block.tracker_id is not None:
            path = self._overview.path(block.tracker_id)
        show: Callable[[datetime], str] = lambda moment: moment_text(moment, self._zone)  # noqa: E731
        span = f"{show(start) if start else '?'} to {show(stop) if stop else 'now'}"
        lines = [path, f"{span} · {length_text(block.total or 0)}"]
        if block.free:
            lines.append("Free time")
        waits = self.report.waits(block)
        if waits is not None:
            lines.append(f"The service does not have it yet. {waits.why}".rstrip())
        return "\n".join([*lines, "", block.description or "Nothing is written about it."])


def bar(share: float, cells: int) -> str:
    """A thin bar of `share` (0 to 1) of so many cells, in halves of a cell."""
    halves = round(max(0.0, min(share, 1.0)) * cells * 2)
    return "━" * (halves // 2) + "╸" * (halves % 2)
