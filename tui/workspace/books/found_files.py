"""The files of a table's cells, or of a book's messages, found by their names for the shell."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import tzinfo
from fnmatch import fnmatchcase
from typing import NamedTuple

from tui.services.timetonic import Attachment, Field, TableRow
from tui.store.folding import fold
from tui.store.mirror.wishes import Wish
from tui.words import counted
from tui.workspace.books.brought import all_rows, check
from tui.workspace.books.cells import files_of, kind_of, row_title
from tui.workspace.books.kept_rows import KeptRows
from tui.workspace.books.named import TableNameError, fields_named
from tui.workspace.books.talk import Talk, opening

ROWS_AT_ONCE = 1_000


class Found(NamedTuple):
    """A file, and where it hangs."""

    file: Attachment
    at: str
    """The row's title, or the beginning of the message."""
    column: str
    """The name of the field; empty for a message."""
    id: int
    """Of the row or of the message."""


def of_talk(talk: Talk) -> list[Found]:
    """The files of a book's messages, the newest first."""
    return [Found(file, opening(message), "", message.smid) for message, file in talk.files]


async def rows_of(kept: KeptRows, wish: Wish) -> AsyncIterator[TableRow]:
    """The rows of a table, as they are wanted, a part at a time. Raises NotAllHere."""
    view = await all_rows(kept, wish)
    try:
        for first in range(0, view.total, ROWS_AT_ONCE):
            found = await view.rows(first, ROWS_AT_ONCE)
            check(view)
            for place in sorted(found):
                yield found[place]
    finally:
        await view.close()


def columns_of_files(fields: Sequence[Field], names: Sequence[str]) -> list[Field]:
    """The fields that hold files, or those of them that are named. Raises TableNameError."""
    holding = [field for field in fields if kind_of(field) == "files"]
    if not names:
        return holding
    named = fields_named(fields, names)
    other = next((field for field in named if field not in holding), None)
    if other is not None:
        raise TableNameError(f"the column {other.name!r} holds no files")
    return named


async def of_table(
    kept: KeptRows, wish: Wish, columns: Sequence[Field], zone: tzinfo
) -> list[Found]:
    """The files of a table's cells, in the order of its rows. Raises NotAllHere."""
    return [
        Found(file, row_title(kept.fields, row, zone), field.name, row.id)
        async for row in rows_of(kept, wish)
        for field in columns
        for file in files_of(field, row.cells.get(field.id))
        if not file.deleted
    ]


def called(found: Sequence[Found], patterns: Sequence[str]) -> list[Found]:
    """Those whose names are like one of the patterns (`*.pdf`), in any case; all without one."""
    wanted = [fold(pattern) for pattern in patterns]
    return [
        one
        for one in found
        if not wanted or any(fnmatchcase(fold(one.file.name), pattern) for pattern in wanted)
    ]


async def row_named(kept: KeptRows, name: str, zone: tzinfo) -> TableRow:
    """The one row of an id, or that is called so. Raises TableNameError, NotAllHere."""
    wanted, found = fold(name.strip()), list[TableRow]()
    async for row in rows_of(kept, Wish()):
        if name.strip() == str(row.id):
            return row
        if wanted and fold(row_title(kept.fields, row, zone)) == wanted:
            found.append(row)
    if len(found) == 1:
        return found[0]
    if not found:
        raise TableNameError(f"there is no row {name.strip()!r}: name it by its first column or id")
    ids = ", ".join(str(row.id) for row in found[:8])
    raise TableNameError(
        f"{counted(len(found), 'row')} are called {name.strip()!r}: name one by its id ({ids})"
    )
