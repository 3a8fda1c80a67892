"""How the report reads: block by block, by tracker, or by day. Rows and columns, no widgets."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, tzinfo
from typing import TYPE_CHECKING, Literal, NamedTuple

from tui.widgets.grid_model import Cell, CellValue, Column, ListSource
from tui.widgets.palette import Role
from tui.workspace.sums import span_total
from tui.workspace.timers.period_text import column_words
from tui.workspace.timers.periods import Span
from tui.workspace.timers.reckoning.pieces import Piece, pieces_of, planned, seconds_ahead, until
from tui.workspace.timers.reckoning.rounding import Rounding
from tui.workspace.timers.reckoning.tally import (
    Line,
    Sum,
    Table,
    by_day,
    columns_of,
    table,
    tally,
    under,
    whole,
)
from tui.workspace.times import (
    clock,
    column_text,
    day_text,
    length_text,
    moment_text,
    stretch_text,
)

if TYPE_CHECKING:
    from tui.workspace.timers.timers import Block, Overview, Profile, Report, Tracker

View = Literal["blocks", "table", "trackers", "days"]
VIEWS: tuple[View, ...] = ("blocks", "table", "trackers", "days")
VIEW_TITLES = {
    "blocks": "block by block",
    "trackers": "by tracker, with what is under it",
    "table": "by tracker and day",
    "days": "by day",
}
BAR_CELLS = 24
NARROW_BAR_CELLS = 12
MOST_NARROW, MOST_WIDE = 7, 12
"""Columns of a table that are seen at once with the sums behind them."""
NAME_CELLS, CELL_CELLS, SUM_CELLS = 13, 7, 8
"""Cells of the screen that a table needs at least for names, each column, and a column of sums."""
NARROW = 100
"""Columns of the screen below which the report leaves out what was done."""
SUM, ROUNDED = "sum", "rounded"
"""Keys of the last rows and columns of a table."""


class Chosen(NamedTuple):
    """What of a report is looked at, where it is not all: a cell of its table."""

    trackers: frozenset[int | None] | None
    """None is all of them."""
    span: Span
    name: str
    tracker: int | None = None
    """The one tracker of its line, to be started."""


def block_columns(rounded: list[Column], *, narrow: bool) -> list[Column]:
    """The columns of blocks, with or without what they are rounded to."""
    shared = [
        Column("day", "Day"),
        Column("start", "From", width=5),
        *([] if narrow and rounded else [Column("stop", "To", maximum=7)]),
        Column("total", "Time", kind="number"),
        *rounded,
    ]
    if narrow:
        return [*shared, Column("tracker", "Tracker", width=12, flexible=True)]
    return [
        *shared,
        Column("tracker", "Tracker", maximum=28),
        Column("description", "What was done", width=16, flexible=True),
    ]


class Reading:
    """One report, read for one person's eyes."""

    def __init__(
        self,
        report: Report,
        overview: Overview | None,
        where: tzinfo,
        today: date,
        *,
        width: int,
        span: Span,
        rounding: Rounding,
        now: datetime,
        chosen: Chosen | None = None,
    ) -> None:
        """What is over by `now` counts; what is planned for later is only shown. `width` is that
        of the screen.
        """
        self.report = report
        self.rounding = rounding
        self.span = span if chosen is None else chosen.span
        self.overview = overview
        self._zone = where
        self._today = today
        self._width, self._narrow = width, width < NARROW
        ahead = planned(report.blocks, now)
        self._planned = {block.id for block in ahead}
        pieces = pieces_of(until(report.blocks, now), where, self.span)
        self.planned = seconds_ahead(ahead, now)
        """Seconds of what is not over yet."""
        if chosen is not None and chosen.trackers is not None:
            pieces = [one for one in pieces if one.tracker in chosen.trackers]
        self.chosen = chosen
        self._pieces = pieces
        self.tally = tally(pieces, rounding)

    # -- columns --------------------------------------------------------------------------------

    def columns(self, view: View) -> list[Column]:
        """The columns of a view; where it is narrow a block's words are left to its own page."""
        most = _room(self.sum)
        width = max(6, most)
        rounded = [Column(ROUNDED, "Round", kind="number", width=width)]
        rounded = rounded if self._rounds(view) else []
        if view == "blocks":
            return block_columns(rounded, narrow=self._narrow)
        name = Column("what", "Tracker", width=11, flexible=True)
        if view == "table":
            parts = columns_of(self.span)
            titles = [column_words(one, self.span) for one in parts]
            cells = [
                Column(
                    one.first.isoformat(), title, kind="number",
                    width=max(5 + (one.days > 7), _room(below)),
                )
                for one, title, below in zip(parts, titles, self.table(parts).sums, strict=True)
            ]  # fmt: skip
            sums = [Column(SUM, "Sum", kind="number", width=width), *rounded]
            # Of many columns the sums are seen first.
            return [name, *sums, *cells] if self._many(parts) else [name, *cells, *sums]
        numbers = [Column("total", "Time", kind="number", width=max(7, most)), *rounded]
        numbers.append(Column("share", "", kind="number", width=5))
        bar_column = Column("bar", "", width=NARROW_BAR_CELLS if self._narrow else BAR_CELLS)
        if view == "days":
            return [Column("what", "Day"), *numbers, bar_column]
        # The bar goes before the name does.
        return [name, *numbers, *([] if self._narrow else [bar_column])]

    def _rounds(self, view: View) -> bool:
        """A block has no rounded length where days are rounded."""
        return self.rounding.changes and (view != "blocks" or self.rounding.per == "block")

    # -- rows -----------------------------------------------------------------------------------

    def source(self, view: View) -> ListSource:
        """The rows of a view."""
        if view == "blocks":
            newest_first = self.blocks[::-1]
            return ListSource(self._block_rows(newest_first), [str(b.id) for b in newest_first])
        if view == "trackers":
            lines = self.table([self.span]).lines
            named = [(_indented(line), line.sum) for line in lines]
            rows = self._sums(named, bars=not self._narrow)
            return ListSource(rows, [line.key for line in lines])
        if view == "table":
            return self._table_source()
        days = list(by_day(self.tally).items())[::-1]
        rows = self._sums([(day_text(day, self._today), one) for day, one in days], bars=True)
        return ListSource(rows, [day.isoformat() for day, _ in days])

    @property
    def trackers(self) -> Sequence[Tracker]:
        """The trackers as far as they are known by now."""
        return self.overview.trackers if self.overview is not None else ()

    @property
    def blocks(self) -> list[Block]:
        """The blocks that are looked at, the oldest first."""
        if self.chosen is None:
            return self.report.blocks
        mine = {one.block.id for one in self._pieces}
        return [block for block in self.report.blocks if block.id in mine]

    def table(self, columns: Sequence[Span]) -> Table:
        """Hours by tracker and column."""
        return table(self.tally, self.trackers, columns)

    def _table_source(self) -> ListSource:
        found = self.table(columns_of(self.span))
        if not found.lines:
            return ListSource()
        rows: list[list[CellValue]] = []
        for line in found.lines:
            role: Role = "text" if line.counts else "strong"
            name = _indented(line, 1 if self._narrow else 2)
            cells: list[CellValue] = [Cell(name, role)]
            cells += [Cell(_length(one.exact), role) for one in line.cells]
            cells.append(Cell(_length(line.sum.exact), "strong"))
            if self.rounding.changes:
                cells.append(Cell(_length(line.sum.rounded), "accent"))
            rows.append(cells)
        keys = [line.key for line in found.lines]
        for key, name in ((SUM, "Sum"), (ROUNDED, "Rounded")):
            if key == ROUNDED and not self.rounding.changes:
                continue
            rounds = key == ROUNDED
            role = "accent" if rounds else "strong"
            below = [one.rounded if rounds else one.exact for one in found.sums]
            last: list[CellValue] = [Cell(name, role), *(Cell(_length(one), role) for one in below)]
            # Each total stands once: in the column and in the row of its kind.
            last.append(Cell("" if rounds else _length(found.total.exact), role))
            if self.rounding.changes:
                last.append(Cell(_length(found.total.rounded) if rounds else "", role))
            rows.append(last)
            keys.append(key)
        if self._many(found.columns):
            sums = -2 if self.rounding.changes else -1
            rows = [[row[0], *row[sums:], *row[1:sums]] for row in rows]
        return ListSource(rows, keys)

    def _many(self, parts: Sequence[Span]) -> bool:
        """Whether not all columns of these can be seen at once with the sums behind them."""
        if not self._narrow:
            return len(parts) > MOST_WIDE
        beside = NAME_CELLS + SUM_CELLS * (1 + self.rounding.changes)
        return len(parts) > min(MOST_NARROW, (self._width - beside) // CELL_CELLS)

    def cell(self, row: str, column: str) -> Chosen | None:
        """What a cell of the table is of; None where that is nothing."""
        parts = columns_of(self.span)
        span = next((one for one in parts if one.first.isoformat() == column), self.span)
        lines = {line.key: line for line in self.table(parts).lines}
        if row in (SUM, ROUNDED):
            return Chosen(None, span, "all trackers")
        line = lines.get(row)
        if line is None:
            return None
        trackers: set[int | None] = {line.tracker}
        if not line.own and self.overview is not None:
            trackers = under(self.overview.trackers, line.tracker)
        return Chosen(frozenset(trackers), span, self.name(line.tracker), line.tracker)

    @property
    def sum(self) -> Sum:
        """All of it that is on the clock, exact and rounded."""
        return whole(self.tally)

    def total(self, view: View) -> str:
        """What the rows of a view come to, without free time; with the rule, what it rounds to."""
        rows: Sequence[float] = list(self.tally.exact.values())
        if view == "blocks":
            rows = [one.seconds for one in self._pieces]
        elif view == "days":
            rows = [one.exact for one in by_day(self.tally).values()]
        elif view == "trackers":
            rows = [line.sum.exact for line in self.table([self.span]).lines if line.counts]
        told = span_total(rows)
        if not self.rounding.changes:
            return told
        return f"{told} · {length_text(self.sum.rounded)}, {self.rounding.rule}"

    def name(self, tracker: int | None) -> str:
        """A tracker's name, as far as it is known by now."""
        return self.overview.name(tracker) if self.overview is not None else "…"

    def _block_rows(self, blocks: Sequence[Block]) -> list[list[CellValue]]:
        rows: list[list[CellValue]] = []
        day_before = None
        of_block: dict[int, list[Piece]] = {}
        for piece in self._pieces:
            of_block.setdefault(piece.block.id, []).append(piece)
        for block in blocks:
            start, stop = block.time_in, block.time_out
            day = self.day_of(block)
            waits = self.report.waits(block) is not None
            tracker: CellValue = self.name(block.tracker_id)
            if block.free:
                tracker = Cell(f"{tracker} (free)", "accent")
            if waits:
                tracker = Cell(f"… {self.name(block.tracker_id)}", "warn")
            if block.id in self._planned:
                tracker = Cell(f"{self.name(block.tracker_id)} (planned)", "muted")
            pieces = of_block.get(block.id, [])
            row: list[CellValue] = [
                Cell(self._day(day), "text" if day != day_before else "muted"),
                clock(start, self._zone) if start and not (waits and block.free) else "",
            ]
            if not (self._narrow and self._rounds("blocks")):
                running = "" if block.free else Cell("running", "good")
                row.append(clock(stop, self._zone) if stop else running)
            row.append(_inside(block, pieces))
            if self._rounds("blocks"):
                rounded = whole(tally(pieces, self.rounding)).rounded
                row.append(Cell(column_text(rounded), "accent") if pieces else "")
            row.append(tracker)
            rows.append(row if self._narrow else [*row, block.description])
            day_before = day
        return rows

    def day_of(self, block: Block) -> date | None:
        """The day that a block is listed under."""
        return self.report.day(block, self._zone)

    def _day(self, day: date | None) -> str:
        if day is None:
            return ""
        return f"{day:%a} {day.day}" if self._narrow else day_text(day, self._today)

    def _sums(self, sums: Sequence[tuple[str, Sum]], *, bars: bool) -> list[list[CellValue]]:
        everything = self.sum.exact
        most = max((one.exact for _, one in sums), default=0)
        cells = NARROW_BAR_CELLS if self._narrow else BAR_CELLS
        rows: list[list[CellValue]] = []
        for label, one in sums:
            row: list[CellValue] = [label, column_text(one.exact)]
            if self.rounding.changes:
                row.append(Cell(column_text(one.rounded), "accent"))
            share = round(100 * one.exact / everything) if everything else 0
            row.append(Cell(f"{share} %", "muted"))
            if bars:
                row.append(Cell(bar(one.exact / most if most else 0, cells), "primary"))
            rows.append(row)
        return rows

    def block_text(self, block: Block) -> str:
        """Everything about one block, to read."""
        start, stop = block.time_in, block.time_out
        path = self.name(block.tracker_id)
        if self.overview is not None and block.tracker_id is not None:
            path = self.overview.path(block.tracker_id)
        show: Callable[[datetime], str] = lambda moment: moment_text(moment, self._zone)  # noqa: E731
        if start is not None and stop is not None and stop > start:
            lines = [path, stretch_text(start, stop, self._zone)]
        else:
            span = f"{show(start) if start else '?'} to {show(stop) if stop else 'now'}"
            lines = [path, f"{span} · {length_text(block.total or 0)}"]
        if block.free:
            lines.append("Free time")
        waits = self.report.waits(block)
        if waits is not None:
            lines.append(f"The service does not have it yet. {waits.why}".rstrip())
        return "\n".join([*lines, "", block.description or "Nothing is written about it."])


def _indented(line: Line, by: int = 2) -> str:
    """A tracker below the one that it stands under; what is its own is said."""
    return " " * by * line.depth + (f"({line.path[-1]} itself)" if line.own else line.path[-1])


def _length(seconds: int) -> str:
    return column_text(seconds) if seconds else ""


def _room(most: Sum) -> int:
    """The cells that a column with this sum at its foot needs: `4793:17` of a year is whole."""
    return max(len(column_text(most.exact)), len(column_text(most.rounded)))


def _inside(block: Block, pieces: Sequence[Piece]) -> str:
    """How long a block is; of one over the end of the period, how much of it is within."""
    length = block.total
    if length is None and block.time_in is not None and block.time_out is not None:
        length = int((block.time_out - block.time_in).total_seconds())
    inside = sum(one.seconds for one in pieces)
    if block.free or not pieces or inside == (length or 0):
        return column_text(length or 0)
    return f"{column_text(inside)} of {column_text(length or 0)}"


def bar(share: float, cells: int) -> str:
    """A thin bar of `share` (0 to 1) of so many cells, in halves of a cell."""
    halves = round(max(0.0, min(share, 1.0)) * cells * 2)
    return "━" * (halves // 2) + "╸" * (halves % 2)


def person_name(person: Profile) -> str:
    """What somebody is called."""
    return f"{person.first_name} {person.family_name}".strip() or person.title or f"{person.id}"
