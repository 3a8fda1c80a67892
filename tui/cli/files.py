"""`tockdeck files "Book/Table"`: files of a table's cells or of a book, listed, fetched, sent."""

from __future__ import annotations

import argparse
import json
from asyncio import to_thread
from pathlib import Path
from typing import NamedTuple

from tui.cli import DONE, REFUSED, add_configuration_arguments, fail
from tui.cli.narration import narrate
from tui.cli.output import refuse_closed
from tui.cli.table import brought, done
from tui.cli.tables import print_table
from tui.services.timetonic import Book
from tui.words import counted
from tui.workspace.books.files import progress_text, size_text
from tui.workspace.books.found_files import (
    Found,
    called,
    columns_of_files,
    of_table,
    of_talk,
    row_named,
)
from tui.workspace.books.kept_rows import KeptRows
from tui.workspace.books.named import TableNameError, find_book
from tui.workspace.books.narrowed import not_understood, wish_of
from tui.workspace.text import clean
from tui.workspace.workspace import Workspace

MOST_PAGES = 100
"""Requests of a hundred messages each, among which files of a book are looked for."""
_COLUMNS = ("at", "column", "name", "bytes", "id")
_STEP = 5_000_000
"""Bytes after which it is said how far a file is."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What is done with which files."""
    parser.add_argument(
        "words",
        nargs="+",
        metavar="BOOK[/TABLE]",
        help="list the files of a table or a book; or: get BOOK[/TABLE] [NAME ...],"
        " or: put FILE BOOK[/TABLE]",
    )
    parser.add_argument(
        "--where", metavar="CONDITION", help="of a table: only those of rows such as 'Status=Done'"
    )
    parser.add_argument(
        "--column", metavar="NAME", help="of a table: only this column; for put: into this one"
    )
    parser.add_argument("--row", metavar="ROW", help="for put: the row, by its first column or id")
    parser.add_argument(
        "--to", type=Path, metavar="FOLDER", default=Path(), help="for get: where (default: here)"
    )
    parser.add_argument("--json", action="store_true", help="list them as JSON lines")
    add_configuration_arguments(parser)


def run(options: argparse.Namespace) -> int:
    """List them, fetch them, or send one."""
    way, *rest = options.words
    if way == "put":
        if len(rest) != 2:
            return fail("write it as: put FILE 'Book/Table' --row ROW, or: put FILE 'Book'")
        file = Path(rest[0]).expanduser()
        return done(options, lambda workspace: _put(options, workspace, file, rest[1]))
    if way == "get":
        if not rest:
            return fail("write it as: get 'Book/Table' [NAME ...]")
        return done(options, lambda workspace: _get(options, workspace, rest[0], rest[1:]))
    if rest:
        return fail("name one table or book, as 'Book/Table' or 'Book'")
    refuse_closed()
    return done(options, lambda workspace: _list(options, workspace, way))


class _There(NamedTuple):
    """A book, or a table with its rows."""

    book: Book | None
    kept: KeptRows | None


async def _named(workspace: Workspace, name: str) -> _There:
    book = await find_book(workspace.books, name)
    return _There(book, None if book is not None else await brought(workspace, name, None))


async def _found(options: argparse.Namespace, workspace: Workspace, name: str) -> list[Found]:
    book, kept = await _named(workspace, name)
    if kept is not None:
        where, zone = options.where or "", workspace.zone
        for term in not_understood(where, kept.fields, zone):
            narrate(f"{term!r} is no condition on a column: taken as a text in any of them")
        names = [options.column] if options.column else []
        columns = columns_of_files(kept.fields, names)
        return await of_table(kept, wish_of(where, [], kept.fields, zone), columns, zone)
    if options.where or options.column:
        raise TableNameError("--where and --column are for tables: name one as 'Book/Table'")
    assert book is not None
    talk = (await workspace.books.talk.talk(book, pages=MOST_PAGES)).value
    if talk.more:
        narrate(f"only those of the newest {counted(len(talk.messages), 'message')}")
    return of_talk(talk)


async def _list(options: argparse.Namespace, workspace: Workspace, name: str) -> int:
    found = await _found(options, workspace, name)
    rows = [
        {
            "at": one.at,
            "column": one.column,
            "name": one.file.name,
            "bytes": one.file.size,
            "id": one.id,
        }
        for one in found
    ]
    if options.json:
        for row in rows:
            print(json.dumps(row))
        narrate(counted(len(rows), "file"))
    elif rows:
        print_table(_COLUMNS, rows, f"tockdeck: {counted(len(rows), 'file')}", whole=("name",))
    else:
        narrate("no file")
    return DONE if found else REFUSED


async def _get(
    options: argparse.Namespace, workspace: Workspace, name: str, patterns: list[str]
) -> int:
    found = called(await _found(options, workspace, name), patterns)
    if not found:
        return fail("there is no such file: nothing was fetched", REFUSED)
    folder: Path = options.to.expanduser()
    await to_thread(folder.mkdir, parents=True, exist_ok=True)
    total = 0
    for one in found:
        path, size = await workspace.books.files.fetch(one.file, folder, _Told(one.file.size))
        total += size
        print(path, flush=True)
    narrate(f"{counted(len(found), 'file')}, {size_text(total)}")
    return DONE


class _Told:
    """Says now and then how far a file is."""

    def __init__(self, size: int | None) -> None:
        self._size = size
        self._said = 0

    def __call__(self, sofar: int) -> None:
        if sofar - self._said >= _STEP:
            self._said = sofar
            narrate(progress_text(sofar, self._size))


async def _put(options: argparse.Namespace, workspace: Workspace, file: Path, name: str) -> int:
    size = (await to_thread(file.stat)).st_size
    book, kept = await _named(workspace, name)
    desk, told = workspace.books.files, _Told(size)
    if kept is None:
        assert book is not None
        if options.row or options.column:
            raise TableNameError("--row and --column are for tables: name one as 'Book/Table'")
        await desk.attach(book, file, told)
        where = book.title
    else:
        if not options.row:
            raise TableNameError("say into which row it goes: --row, by its first column or its id")
        columns = columns_of_files(kept.fields, [options.column] if options.column else [])
        if len(columns) != 1:
            names = ", ".join(repr(field.name) for field in columns) or "none holds files"
            raise TableNameError(f"say into which column it goes, with --column: {names}")
        (field,) = columns
        row = await row_named(kept, options.row, workspace.zone)
        await desk.upload(kept.place, row, field, options.row, file, told)
        where = f"{field.name} of {options.row}"
    narrate(f"sent {clean(file.name)}, {size_text(size)}, to {clean(where)}; nothing takes it back")
    return DONE
