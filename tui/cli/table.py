"""`tockdeck table "Book/Table"`: a table, or what is wanted of it, as a file; `table import FILE
"Book/Table"` brings one in.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Coroutine
from contextlib import suppress
from pathlib import Path
from typing import Any

from tui.cli import DONE, REFUSED, add_configuration_arguments, fail, table_import
from tui.cli.narration import narrate
from tui.cli.output import refuse_closed
from tui.cli.statuses import report, to_its_end
from tui.cli.timing import opened
from tui.config.load import ConfigError
from tui.services.errors import ServiceError
from tui.store.mirror.troubles import Lost
from tui.words import counted
from tui.workspace.books.brought import bring_up
from tui.workspace.books.kept_rows import KeptRows
from tui.workspace.books.looks import Look
from tui.workspace.books.named import TableNameError, fields_named, find_place, view_named
from tui.workspace.books.narrowed import joined, not_understood, wish_of
from tui.workspace.books.out.export import (
    BINARY,
    FORMS,
    Asked,
    FormMissing,
    FormTooSmall,
    write,
)
from tui.workspace.books.own_views import OwnView, columns_seen
from tui.workspace.workspace import Workspace


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which table, which rows and columns of it, in which form."""
    parser.add_argument(
        "words",
        nargs="+",
        metavar="BOOK/TABLE",
        help="the table by parts of its names, as 'Fleet/Boats'; or: import FILE BOOK/TABLE",
    )
    parser.add_argument("--to", choices=list(FORMS), help="the form of the file (default: csv)")
    parser.add_argument(
        "--where",
        metavar="CONDITION",
        help="only rows such as 'Status=Done & Hours>2', or with a text in any column",
    )
    parser.add_argument("--view", metavar="NAME", help="only the rows of a saved view")
    parser.add_argument(
        "--columns",
        metavar="NAMES",
        action="append",
        default=[],
        help="only these columns in this order, with commas between; may be repeated",
    )
    parser.add_argument(
        "--sort", metavar="COLUMN", help="in this order; --sort=-COLUMN is downwards"
    )
    parser.add_argument(
        "--no-ids", action="store_true", help="without the ids of rows and of what links point to"
    )
    parser.add_argument(
        "-o",
        "--output",
        type=Path,
        metavar="FILE",
        help="the file (default: standard output, as -)",
    )
    table_import.add_arguments(parser)
    add_configuration_arguments(parser)


def run(options: argparse.Namespace) -> int:
    """Write the table, or bring a file into it."""
    way, *rest = options.words
    if way == "import" and len(rest) == 2:
        return done(
            options,
            lambda workspace: _import(options, workspace, Path(rest[0]).expanduser(), rest[1]),
        )
    if rest or way == "import":
        return fail("name one table, as 'Book/Table', or: import FILE 'Book/Table'")
    return run_export(options, way)


async def _import(options: argparse.Namespace, workspace: Workspace, file: Path, table: str) -> int:
    kept = await brought(workspace, table, None)
    return await table_import.run_import(options, workspace, kept, file)


def run_export(options: argparse.Namespace, table: str) -> int:
    """Write a table of that name."""
    if options.output == Path("-"):
        options.output = None
    options.to = options.to or "csv"
    if options.output is None:
        if options.to in BINARY and sys.stdout.isatty():
            return fail(f"{FORMS[options.to][0]} is nothing for a terminal: name a file with -o")
        refuse_closed()
    return done(options, lambda workspace: _export(options, workspace, table))


def done(options: argparse.Namespace, work: Callable[[Workspace], Coroutine[Any, Any, int]]) -> int:
    """Do the work with a workspace; the exit status."""
    try:
        workspace = opened(options)
    except ConfigError as error:
        return fail(str(error))

    async def run() -> int:
        try:
            return await work(workspace)
        except (TableNameError, FormMissing) as error:
            return fail(f"{error}")
        except FormTooSmall as error:
            return fail(f"{error}. Nothing was written.", REFUSED)
        except Lost:
            return fail("the rows that are kept were put away meanwhile: try again", REFUSED)
        except (ServiceError, ConfigError, OSError) as error:
            return report(error, as_json=False)
        finally:
            await workspace.close()

    return to_its_end(run())


async def brought(workspace: Workspace, table: str, view_name: str | None) -> KeptRows:
    """All rows of a table, or of one of its views, as they are now."""
    return (await brought_as(workspace, table, view_name))[0]


async def brought_as(
    workspace: Workspace, table: str, view_name: str | None
) -> tuple[KeptRows, Look]:
    """The same, and how a view of one's own looks at them."""
    desk = workspace.books
    place = await find_place(desk, table)
    view_id: int | None = None
    look = Look()
    if view_name is not None:
        own = await desk.rows.own_views(place)
        view = view_named([*place.table.views, *own], view_name)
        if isinstance(view, OwnView):
            view_id, look = view.view, view.look
        else:
            view_id = view.id
    kept = desk.rows.mirrored(place, view_id, workspace.zone)
    said = [0]

    def told(read: int, total: int | None) -> None:
        if read - said[0] >= 10_000:
            said[0] = read
            narrate(f"{read:,} of {counted(total, 'row') if total else 'the rows'} read")

    old = await bring_up(desk.rows, kept, view_id, told)
    if old is not None:
        narrate(old.sentence)
    return kept, look


async def _export(options: argparse.Namespace, workspace: Workspace, table: str) -> int:
    kept, look = await brought_as(workspace, table, options.view)
    names = [name for part in options.columns for name in part.split(",") if name.strip()]
    fields = [field.id for field in fields_named(kept.fields, names)] if names else None
    if fields is None:
        fields = columns_seen(look, (field.id for field in kept.fields))
    sorts: list[tuple[str, bool]] = list(look.sorts)
    if options.sort:
        down = options.sort.startswith("-")
        (by, *_) = fields_named(kept.fields, [options.sort[1:] if down else options.sort])
        sorts = [(str(by.id), down)]
    where = joined([look.filter, options.where or ""])
    for term in not_understood(where, kept.fields, workspace.zone):
        narrate(f"{term!r} is no condition on a column: taken as a text in any of them")
    wish = wish_of(where, sorts, kept.fields, workspace.zone)
    asked = Asked(wish=wish, fields=fields, ids=not options.no_ids)
    output = None if options.output is None else options.output.expanduser()
    sys.stdout.flush()
    out = sys.stdout.buffer if output is None else output
    with workspace.feed.resting():
        written = await write(kept, asked, options.to, out, workspace.zone)
    if output is None:
        sys.stdout.buffer.flush()
    for remark in written.remarks:
        narrate(remark)
    with suppress(OSError):
        narrate(counted(written.rows, "row"))
    return DONE if written.rows else REFUSED
