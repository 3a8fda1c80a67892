"""Compares a file with the rows of a table, before anything is sent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tui.services.errors import InvalidArgument
from tui.services.timetonic import Field
from tui.store.folding import fold
from tui.store.mirror.shape import Row
from tui.words import as_given, counted, noun
from tui.workspace.books.cells import is_required, sent_value, why_not_writable
from tui.workspace.books.into.columnwise import TWO_LINKS, Mapped, new_rows, sendable
from tui.workspace.books.into.compared import rows_linked, same
from tui.workspace.books.into.kept_so import Told, lost_in, lost_of, refusal
from tui.workspace.books.into.plan import Failed, Lost, Plan
from tui.workspace.books.into.sheets import Sheet, SheetError
from tui.workspace.books.into.values import CellError, Reading, id_text, linked_ids, read_cell
from tui.workspace.books.mirrored import cells_of
from tui.workspace.books.out.columns import (
    ROW_ID,
    Column,
    Value,
    columns_of,
    rows_of,
    titles_of,
)
from tui.workspace.books.out.plain import plain

EMPTIED = "it is required, and would be emptied"
MISSING = "it is required, and missing here"


@dataclass(slots=True)
class Found:
    """What the columns of a file are in the table."""

    mapped: list[Mapped] = field(default_factory=list)
    row_id: int = -1
    """Where the ids of rows stand, -1 where they do not."""
    unknown: list[str] = field(default_factory=list)
    fixed: list[str] = field(default_factory=list)
    nameless: list[str] = field(default_factory=list)

    def remarks(self) -> Iterator[str]:
        """Which columns are not taken, and why."""
        if self.unknown:
            yield f"no such column in the table: {', '.join(self.unknown)}"
        if self.fixed:
            yield f"not written, only read: {', '.join(self.fixed)}"
        if self.nameless:
            columns = f"{noun(len(self.nameless), 'column')} {', '.join(self.nameless)}"
            yield f"without a name in the first line, not taken: {columns}"


class Planner:
    """Compares a file with the rows of a table. `mapping` says which column of the file is which
    of the table, by their titles, where their names differ.
    """

    def __init__(
        self,
        sheet: Sheet,
        fields: Sequence[Field],
        reading: Reading,
        *,
        key: str = "",
        mapping: Mapping[str, str] | None = None,
        clear: bool = False,
        not_added: str = "",
    ) -> None:
        """`key` is the title of the column by which rows are known, beside their ids; with `clear`
        an empty cell empties the table's; `not_added` is why no row can be new. Raises SheetError.
        """
        self._not_added = not_added
        self._sheet = sheet
        self._reading = reading
        self._clear = clear
        self._key_title = key
        self.plan = Plan(remarks=[*sheet.remarks])
        found = _found_in(sheet, fields, reading, mapping or {})
        self.plan.remarks += found.remarks()
        self._row_id = found.row_id
        # Ids come after names, and say more.
        self._mapped = sorted(found.mapped, key=lambda one: one.column.kind == "ids")
        titled = [*zip(titles_of(fields), fields, strict=True)]
        self._key = _key_of(key, self._mapped, titled) if key else None
        if not self._mapped:
            raise SheetError("no column of the file is one of the table that can be written")
        self._columns = [one.column for one in self._mapped]
        self._required = {str(one.id): name for name, one in titled if is_required(one)}
        ids = sheet.column(self._row_id) if self._row_id >= 0 else ()
        self._named = {id_text(one) for one in ids if one not in (None, "")}
        self.knows_any = bool(self._named) or self._key is not None
        """Whether the file may name rows that are there, so that it has to know them."""
        self._rows: dict[int, list[Value]] = {}
        self._by_key: dict[str, list[int]] = {}
        self._passed: list[tuple[int, str, str]] = []
        """Names of links that could not be taken beside ids that could: line, column and why."""

    def _has(self, cells: Sequence[Any]) -> bool:
        return 0 <= self._row_id < len(cells) and cells[self._row_id] not in (None, "")

    def know(self, rows: Sequence[Row]) -> None:
        """Take some of the table's rows as they are now."""
        if self._key is None:
            # Only rows that the file names are compared.
            rows = [row for row in rows if str(row.id) in self._named]
        cells = [cells_of(row) for row in rows]
        read = rows_of([int(row.id) for row in rows], cells, self._columns)
        for row, values in zip(rows, read, strict=True):
            self._rows[int(row.id)] = [*values]
            if self._key is not None:
                at = self._mapped.index(self._key)
                text = self._shown(self._key.column, values[at])
                if text:
                    self._by_key.setdefault(fold(text), []).append(int(row.id))

    def made(self) -> Plan:
        """The plan, once all rows are known."""
        width = len(self._sheet.titles)
        seen: dict[int | str, int] = {}
        new: list[tuple[int, Sequence[Any]]] = []
        rows = self._sheet.rows
        if not self.knows_any and all(len(cells) == width for _, cells in rows):
            # Nothing is compared: all of them are new.
            self._add(rows, whole=True)
            rows = []
        for line, cells in rows:
            if len(cells) > width and any(one not in (None, "") for one in cells[width:]):
                self._fail(line, "", "it has more cells than the header")
                continue
            row = cells if len(cells) >= width else [*cells, *[None] * (width - len(cells))]
            if self._key is None and not self._has(row):
                new.append((line, row))
                continue
            try:
                row_id, key = self._row_of(row)
            except CellError as error:
                self._fail(line, self._key_title or ROW_ID, str(error))
                continue
            named = row_id if row_id is not None else key
            if named in seen:
                what = "row" if row_id is not None else "key"
                self._fail(line, "", f"the same {what} as line {seen[named]}")
                continue
            if named != "":
                seen[named] = line
            if row_id is None:
                new.append((line, row))
            else:
                self._take(line, row, row_id)
        self._add(new)
        if self._passed:
            first, title, why = self._passed[0]
            self.plan.remarks.append(
                f"names passed over, as the row ids beside them count:"
                f" {counted(len(self._passed), 'cell')}, such as line {first}, {title}: {why}"
            )
        self.plan.remarks += _losses(self.plan.lost)
        self.plan.is_data = True
        # Each line fails once, in the order of the file.
        self.plan.failed.sort(key=lambda one: one.line)
        return self.plan

    def _shown(self, column: Column, value: Value) -> str:
        """What stands in a cell, as such a file shows it."""
        return self._sheet.held(plain(column, value))

    def _add(self, new: Sequence[tuple[int, Sequence[Any]]], *, whole: bool = False) -> None:
        """Take the rows that are new, with their lines; whether that is the `whole` file."""
        if self._not_added:
            for line, _ in new:
                self._fail(line, "", self._not_added)
            return
        cells = [] if whole else [*zip(*(row for _, row in new), strict=True)]

        def by_place(place: int) -> Sequence[Any]:
            return self._sheet.column(place) if whole else cells[place] if new else ()

        made = new_rows(self._mapped, [row for _, row in new], self._reading, by_place)
        required, taken, lines = self._required, self.plan.new, self.plan.lines
        for (line, _), values in zip(new, made, strict=True):
            if isinstance(values, tuple):
                self._fail(line, *values)
            elif not values:
                self.plan.unchanged += 1
            elif required and (missing := required.keys() - values):
                named = [title for name, title in required.items() if name in missing]
                self._fail(line, ", ".join(named), MISSING)
            else:
                taken.append(values)
                lines[f"tmp{len(taken)}"] = line
        # What of them the service will not keep as it stands in the file.
        for place, one, column in self._mapped:
            name = str(one.id)
            sent = (row.get(name) if type(row) is dict else None for row in made)
            for at, lost in lost_in(one, by_place(place), sent).items():
                self._note(new[at][0], column.title, lost)

    def _note(self, line: int, title: str, told: Told) -> None:
        self.plan.lost.append(Lost(line, title, *told))

    def _fail(self, line: int, column: str, why: str) -> None:
        self.plan.failed.append(Failed(line, column, why))

    def _row_of(self, row: Sequence[Any]) -> tuple[int | None, str]:
        """Which row of the table one is that names it, None for a new one; and its key as it is
        compared. Raises CellError."""
        if self._key is not None:
            raw = row[self._key.place]
            if raw is None or raw == "":
                raise CellError("the key is empty")
            key = fold(
                self._shown(self._key.column, read_cell(self._key.field, raw, self._reading))
            )
            found = self._by_key.get(key, [])
            if len(found) > 1:
                rows = counted(len(found), "row")
                raise CellError(f"{as_given(raw)} is the key of {rows} of the table")
            return (found[0] if found else None), key
        text = id_text(row[self._row_id])
        if not text.isdecimal() or int(text) not in self._rows:
            raise CellError(f"there is no row {text} in the table")
        return int(text), ""

    def _take(self, line: int, row: Sequence[Any], row_id: int) -> None:
        """Take what changes in a row that is there."""
        now = self._rows.get(row_id)
        values: dict[str, Any] = {}
        named: dict[int, Value] = {}
        lost: list[tuple[str, Told]] = []
        for at, (place, one, column) in enumerate(self._mapped):
            raw, current = row[place], None if now is None else now[at]
            if raw in (None, "", []):
                if not self._clear or current is None or column.kind == "ids":
                    continue
                if str(one.id) in self._required and current != []:
                    self._fail(line, column.title, EMPTIED)
                    return
                values[str(one.id)] = sent_value(one, None)
                continue
            if isinstance(raw, str) and current is not None and raw == self._shown(column, current):
                continue
            try:
                read = linked_ids if column.kind == "ids" else read_cell
                value = read(one, raw, self._reading)
                sent = None if value is None else sendable(sent_value(one, value))
                if why := refusal(one, sent):
                    raise CellError(why)
            except InvalidArgument as error:
                self._fail(line, column.title, error.message)
                return
            except CellError as error:
                if column.kind == "links" and self._has_ids(row, one):
                    # Its ids stand beside the names, and say more.
                    self._passed.append((line, column.title, str(error)))
                    continue
                self._fail(line, column.title, str(error))
                return
            if one.id in named and rows_linked(value) != rows_linked(named[one.id]):
                self._fail(line, column.title, TWO_LINKS)
                return
            if not same(value, current):
                values[str(one.id)] = sent_value(one, value)
                named[one.id] = value
                if sent is not None and (told := lost_of(one, raw, sent)):
                    lost.append((column.title, told))
        for title, told in lost:
            self._note(line, title, told)
        if values:
            self.plan.changed[row_id] = values
            self.plan.lines[str(row_id)] = line
            self.plan.before[row_id] = {
                str(one.id): sent_value(one, None if now is None else now[at])
                for at, (_, one, _) in enumerate(self._mapped)
                if str(one.id) in values
            }
        else:
            self.plan.unchanged += 1

    def _has_ids(self, row: Sequence[Any], field: Field) -> bool:
        return any(
            one.field.id == field.id and one.column.kind == "ids" and row[one.place]
            for one in self._mapped
        )


def _found_in(
    sheet: Sheet, fields: Sequence[Field], reading: Reading, mapping: Mapping[str, str]
) -> Found:
    """Which column of the file is which of the table. Raises SheetError where two are the same."""
    given = {fold(one): other for one, other in mapping.items()}
    by_id = {one.id: one for one in fields}
    columns = {fold(column.title): column for column in columns_of(fields, reading.zone, ids=True)}
    found = Found()
    for place, title in enumerate(sheet.titles):
        name = fold(" ".join(given.get(fold(title), title).split()))
        column = columns.get(name)
        if name == ROW_ID:
            found.row_id = place
        elif column is None:
            if title.strip():
                found.unknown.append(title)
            elif _holds(sheet, place):
                found.nameless.append(str(place + 1))
        elif why_not_writable(by_id[column.field_id]):
            found.fixed.append(title)
        elif any(one.column is column for one in found.mapped):
            raise SheetError(
                f"two of its columns are {column.title}: rename one, or take it out of the file"
            )
        else:
            found.mapped.append(Mapped(place, by_id[column.field_id], column))
    return found


def _key_of(key: str, mapped: Sequence[Mapped], titled: Sequence[tuple[str, Field]]) -> Mapped:
    """The column by which rows are known. Raises SheetError where file or table lacks it."""
    by_title = {fold(title): one for title, one in titled}
    wanted = by_title.get(fold(key.strip()))
    for one in mapped:
        if wanted is not None and one.field.id == wanted.id:
            return one
    raise SheetError(f"the key {key!r} is no column of both the file and the table")


def _losses(lost: Sequence[Lost]) -> list[str]:
    """What is not kept, in a sentence for each column and what it is."""
    found: dict[tuple[str, str], list[Lost]] = {}
    for one in lost:
        found.setdefault((one.column, one.what), []).append(one)
    return [
        f"{title}: {counted(len(cells), 'cell')} {what},"
        f" such as line {min(cells).line}: {min(cells).example}"
        for (title, what), cells in found.items()
    ]


def _holds(sheet: Sheet, place: int) -> bool:
    """Whether a column of the file has something in it."""
    return any(one not in (None, "") for one in sheet.column(place))
