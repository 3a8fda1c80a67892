"""CSV of other programs: columns by name in any order, and what only all rows together tell."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Literal

from tui.words import as_given, counted
from tui.workspace.csv_cells import first_line_told, separators_of
from tui.workspace.hours.entries import HoursError, LineError, Log, Reading
from tui.workspace.hours.walls import iso_day, wall

Order = Literal["dmy", "mdy"]
_SLASHED = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4}|\d{2})\Z")
_DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4}|\d{2})\Z")
_LONGEST = 1_000_000
"""Characters of a cell."""


@dataclass
class Row:
    """One row: its line, and its cells by the names of their columns in small letters."""

    at: int
    cells: dict[str, str]
    used: set[str]
    """Which columns were asked for, of the whole table."""

    def get(self, *names: str) -> str:
        """The first of these columns that there is, without blanks around; "" for none."""
        self.used.update(names)
        return next((self.cells[name].strip() for name in names if name in self.cells), "")


@dataclass
class Table:
    """A header and its rows."""

    columns: list[str]
    rows: list[Row] = field(default_factory=list)
    used: set[str] = field(default_factory=set)
    bad: list[tuple[int, str]] = field(default_factory=list)
    """Lines that are no rows."""

    def has(self, *names: str) -> bool:
        """Whether all these columns are there."""
        return set(names) <= set(self.columns)

    def called(self, names: Mapping[str, str]) -> Table:
        """The table with other names for its columns; one that is taken already stays."""
        new = [names.get(name, name) for name in self.columns]
        taken = [
            name if found != name and (found in self.columns or found in new[:place]) else found
            for place, (name, found) in enumerate(zip(self.columns, new, strict=True))
        ]
        of = dict(zip(self.columns, taken, strict=True))
        used: set[str] = set()
        rows = [
            Row(row.at, {of[name]: cell for name, cell in row.cells.items()}, used)
            for row in self.rows
        ]
        return Table(taken, rows, used, self.bad)

    def log(self, form: str) -> Log:
        """A log to be filled from the rows, with what is wrong with the table itself."""
        log = Log(form)
        for at, words in self.bad:
            log.refuse(at, words)
        return log

    def unused_note(self) -> list[str]:
        """Which columns hold something that was not taken over."""
        found = [
            name
            for name in self.columns
            if name and name not in self.used and any(row.cells.get(name) for row in self.rows)
        ]
        return [f"Columns not taken over: {', '.join(found)}."] if found else []


def read_table(text: str) -> Table:
    """The table of a text. Raises HoursError where there is none, or not one alone."""
    body = text[len(first_line_told(text)) :]
    skipped = text[: len(text) - len(body)].count("\n")
    usual = csv.field_size_limit(_LONGEST)
    try:
        reader = csv.reader(io.StringIO(body, newline=""), delimiter=separators_of(text)[0])
        header = next(reader, [])
        columns = [name.strip().strip("\ufeff").casefold() for name in header]
        table = Table(columns)
        at = reader.line_num + 1
        while True:
            try:
                cells = next(reader)
            except StopIteration:
                break
            except csv.Error as error:
                table.bad.append((skipped + at, f"it is no row of CSV: {error}"))
                cells = []
            line, at = skipped + at, reader.line_num + 1
            if not any(cell.strip() for cell in cells):
                continue
            if any(cell.strip() for cell in cells[len(columns) :]):
                there = f"{counted(len(cells), 'cell')} under a header of {len(columns)}"
                table.bad.append((line, f"it has {there}: a separator in a text without quotes?"))
                continue
            table.rows.append(Row(line, dict(zip(columns, cells, strict=False)), table.used))
    except csv.Error as error:
        raise HoursError(f"this is no table: {error}") from None
    finally:
        csv.field_size_limit(usual)
    return table


def order_of(dates: Iterable[str], reading: Reading) -> Order:
    """In which order day and month stand, from all dates of a file.

    Raises HoursError where they contradict one another, or tell nothing and nobody said.
    """
    found: set[Order] = set()
    open_one = ""
    for text in dates:
        slashed = _SLASHED.match(text)
        if slashed is None:
            continue
        if int(slashed[1]) > 12:
            found.add("dmy")
        elif int(slashed[2]) > 12:
            found.add("mdy")
        elif slashed[1] != slashed[2]:
            open_one = open_one or text
    if len(found) > 1:
        raise HoursError("some dates have the day first and others the month: mend the file first")
    if found:
        return found.pop()
    if open_one and not reading.dates:
        raise HoursError(
            f"{open_one} can be read in two ways, and no other date tells which:"
            " say --dates dmy or --dates mdy"
        )
    return reading.dates or "dmy"


def day_in(text: str, order: Order) -> date:
    """A date of a cell. Raises LineError."""
    slashed, dotted = _SLASHED.match(text), _DOTTED.match(text)
    found = slashed or dotted
    if found is None:
        return iso_day(text)
    year = int(found[3]) + (2000 if len(found[3]) == 2 else 0)
    day_first = dotted is not None or order == "dmy"
    day, month = (found[1], found[2]) if day_first else (found[2], found[1])
    try:
        return date(year, int(month), int(day))
    except ValueError:
        raise LineError(f"{as_given(text)} is no day") from None


def wall_in(day: str, clock: str, order: Order) -> datetime:
    """A date and a time of two cells. Raises LineError."""
    at = day_in(day, order)
    return wall(at, clock) if clock else datetime.combine(at, time())


def parted(text: str, separator: str) -> tuple[str, ...]:
    """Tags of one cell."""
    return tuple(filter(None, (one.strip() for one in text.split(separator))))


def path_of(cells: Sequence[str]) -> tuple[str, ...]:
    """A path without what is empty."""
    return tuple(filter(None, cells))
