"""A block of cells put into a table from one of its cells on, as spreadsheets copy it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import tzinfo

from tui.services.timetonic import Field
from tui.spoken_keys import key_for
from tui.store.folding import fold
from tui.words import counted, noun
from tui.workspace.books.into.bring import Wanted, links_of, plan_sheet
from tui.workspace.books.into.plan import Plan
from tui.workspace.books.into.sheets import Sheet, SheetError
from tui.workspace.books.kept_rows import KeptRows
from tui.workspace.books.out.columns import ROW_ID, titles_of
from tui.workspace.books.rows import TableDesk
from tui.workspace.csv_cells import unguard

MOST_ROWS = 10_000
"""Rows of one block; more are a file to import."""


_CELL = re.compile(r'"([^"]*(?:""[^"]*)*)"(?=[\t\r\n]|\Z)|([^\t\r\n]*)')
_BEHIND = re.compile(r"\t|\r\n?|\n")
_LAST_END = re.compile(r"(\r\n?|\n)\Z")


def block_of(text: str) -> list[list[str]]:
    """The cells of what was copied: tabs between them, one line a row. Quotes around a cell, as
    what has line breaks is written in, are no part of it; a cell that goes on behind the second
    one, or has none, has them as its own letters. Raises SheetError.

    The end of the last line is no cell, since most programs write one behind each line. What
    stands empty before it is one in a block of one column; in a wider one it lacks its tabs.
    """
    text = _LAST_END.sub("", text)
    rows: list[list[str]] = [[]]
    at = 0
    while text:
        found = _CELL.match(text, at)
        assert found is not None  # it matches nothing, too
        quoted, plain = found.groups()
        rows[-1].append(unguard(plain if quoted is None else quoted.replace('""', '"')))
        behind = _BEHIND.match(text, found.end())
        if behind is None:
            break
        at = behind.end()
        if behind[0] != "\t":
            rows.append([])
    if len(rows) > MOST_ROWS:
        raise SheetError(
            f"the block has {counted(len(rows), 'row')}: import them as a file "
            f"({key_for('books.import')})"
        )
    width = max(map(len, rows))
    while width > 1 and rows[-1] == [""]:
        del rows[-1]
    return [row + [""] * (width - len(row)) for row in rows if width]


async def plan_paste(
    desk: TableDesk,
    kept: KeptRows,
    block: Sequence[Sequence[str]],
    ids: Sequence[int],
    fields: Sequence[Field],
    wanted: Wanted,
    zone: tzinfo,
) -> tuple[Plan, str]:
    """What a block would change in a table whose rows are all here, and how it was read.

    `ids` are the rows from the cursor on, `fields` the columns from there on, as they are shown:
    what goes beyond the rows is added, what goes beyond the columns is left out, and said. A first
    line of these columns' names is no row. An empty cell empties the table's. Raises SheetError,
    and what reading links raises.
    """
    named: Mapping[int, str] = {
        one.id: title for one, title in zip(kept.fields, titles_of(kept.fields), strict=True)
    }
    titles = [named[field.id] for field in fields]
    width = len(block[0]) if block else 0
    rows, remarks = list(block), []
    if rows and [fold(one) for one in rows[0]] == [fold(one) for one in titles[:width]]:
        rows = rows[1:]
        remarks.append("its first line names the columns")
    if width > len(titles):
        beyond = width - len(titles)
        remarks.append(f"{beyond:,} of its {noun(width, 'column')} do not fit and stay out")
    at: list[int | None] = [*ids[: len(rows)], *[None] * (len(rows) - len(ids))]
    sheet = Sheet(
        "a block",
        [ROW_ID, *titles[:width]],
        [
            (line, [row_id, *row[: len(titles)]])
            for line, (row_id, row) in enumerate(zip(at, rows, strict=True), 1)
        ],
    )
    links = await links_of(desk, kept, titles[:width])
    plan, told = await plan_sheet(kept, sheet, replace(wanted, clear=True), zone, links)
    plan.remarks[:0] = remarks
    return plan, told
