"""Where the cursor is in a report: which tracker and day that is, and which hours are meant."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from typing import NamedTuple

from tui.screens.timers.report import SUM, Reading, View
from tui.workspace.timers.periods import Span


class Place(NamedTuple):
    """A row of a view by its key, and of a table the column by its key too."""

    reading: Reading | None
    """None while nothing of the period is here; rows of one before may still be shown."""
    view: View
    key: str
    column: str

    @property
    def tracker(self) -> int | None:
        """The tracker of the block, or of the sum; days have none."""
        reading, key = self.reading, self.key
        if self.view == "trackers" and key.rstrip("=").isdecimal():
            return int(key.rstrip("="))
        if reading is None:
            return None
        if self.view == "table":
            line = reading.cell(key, SUM)
            return line.tracker if line is not None else None
        block = reading.report.block(key) if self.view == "blocks" else None
        return block.tracker_id if block is not None else None

    @property
    def day(self) -> date | None:
        """The day of the block, of the sum or of the table's column; None where it is none."""
        if self.reading is not None and self.view == "blocks":
            block = self.reading.report.block(self.key)
            return self.reading.day_of(block) if block is not None else None
        with suppress(ValueError):
            return date.fromisoformat(self.column if self.view == "table" else self.key)
        return None

    def hours(self, span: Span, marked: frozenset[str]) -> str:
        """The hours of the period that are meant, as a key of the screen of the timesheet: of the
        day, or else of the `marked` blocks, or else of the cell whose blocks are shown.
        """
        if self.view == "days" and self.key:
            span = Span(date.fromisoformat(self.key), date.fromisoformat(self.key))
        wanted = marked if self.view == "blocks" else frozenset()
        if self.reading is not None and self.reading.chosen is not None:
            cell = frozenset(str(one.id) for one in self.reading.blocks)
            wanted = wanted & cell or cell
        cursor = self.key if self.view == "blocks" else ""
        return f"{span.first}/{span.last}/{','.join(sorted(wanted))}/{cursor}"
