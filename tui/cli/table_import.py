"""`tockdeck table import FILE "Book/Table"`: a file into a table, after a look at it."""

from __future__ import annotations

import argparse
from pathlib import Path

from tui.cli import DONE, REFUSED, UNKNOWN, UNREACHABLE, fail
from tui.cli.narration import narrate
from tui.words import counted, were
from tui.workspace.books.into.bring import Wanted, failures, news_of, plan_file, send
from tui.workspace.books.into.earlier import earlier_of
from tui.workspace.books.into.sheets import FORMS, SheetError
from tui.workspace.books.kept_rows import KeptRows
from tui.workspace.hours.tables import Order
from tui.workspace.times import moment_text
from tui.workspace.workspace import Workspace

SEPARATORS = {"comma": ",", "semicolon": ";", "tab": "\t"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """How a file is read, and which rows it is about."""
    parser.add_argument(
        "--key", metavar="COLUMN", default="", help="of an import: rows are known by this column"
    )
    parser.add_argument(
        "--dry-run", action="store_true", help="of an import: say what it would do, send nothing"
    )
    parser.add_argument(
        "--map",
        metavar="COLUMN=FIELD",
        action="append",
        default=[],
        help="of an import: what a column of the file is called in the table; may be repeated",
    )
    parser.add_argument("--as", dest="form", choices=FORMS, help="of an import: the file's form")
    parser.add_argument(
        "--encoding", default="", metavar="NAME", help="of an import: such as cp1252"
    )
    parser.add_argument("--separator", choices=list(SEPARATORS), help="of an import: between cells")
    parser.add_argument(
        "--decimal", choices=["point", "comma"], help="of an import: the decimal sign of numbers"
    )
    parser.add_argument(
        "--percent",
        choices=["number", "fraction"],
        help="of an import: how plain numbers take 0.63%%: as 0.63 or as 0.0063",
    )
    parser.add_argument(
        "--dates",
        metavar="dmy|mdy",
        action="append",
        default=[],
        help="of an import: the order of day and month where a column does not tell it, or"
        " COLUMN=mdy for that of one; may be repeated",
    )
    parser.add_argument(
        "--clear-empty", action="store_true", help="of an import: empty cells empty the table's"
    )
    parser.add_argument(
        "--written",
        choices=["rest", "again"],
        help="of an import: where an earlier one wrote rows of this file, add the rest, or all of"
        " them once more; one that broke off is gone on with",
    )


def wanted_of(options: argparse.Namespace) -> Wanted:
    """How the file is to be read. Raises SheetError."""
    mapping: dict[str, str] = {}
    for one in options.map:
        column, sign, name = one.partition("=")
        if not sign:
            raise SheetError(f"--map {one}: write it as COLUMN=FIELD")
        mapping[column.strip()] = name.strip()
    dates: dict[str, Order] = {}
    for one in options.dates:
        column, _, name = one.rpartition("=")
        if name not in ("dmy", "mdy"):
            raise SheetError(f"--dates {one}: write it as dmy, mdy or COLUMN=mdy")
        dates[column.strip()] = "mdy" if name == "mdy" else "dmy"
    return Wanted(
        form=options.form,
        encoding=options.encoding,
        separator=SEPARATORS.get(options.separator, ""),
        decimal=options.decimal,
        percents=options.percent,
        dates=dates.pop("", None),
        dates_of=dates,
        key=options.key,
        mapping=mapping,
        clear=options.clear_empty,
    )


async def run_import(
    options: argparse.Namespace, workspace: Workspace, kept: KeptRows, file: Path
) -> int:
    """Plan, say it, and send it. A row that fails keeps none of the others back."""
    desk = workspace.books.rows
    try:
        with workspace.feed.resting():
            plan, told = await plan_file(desk, kept, file, wanted_of(options), workspace.zone)
    except SheetError as error:
        return fail(f"{str(error).rstrip('.')}. Nothing was changed.")
    narrate(f"{told}: {news_of(plan)}")
    for remark in (*plan.remarks, *failures(plan)):
        narrate(remark)
    status = REFUSED if plan.failed else DONE
    by_key = bool(options.key)
    earlier = await earlier_of(workspace.history, kept.place, plan, by_key=by_key)
    if earlier is not None:
        narrate(earlier.told(plan, moment_text(earlier.begun, workspace.zone)))
        if options.written == "again":
            earlier = None
        elif not earlier.open and options.written is None and not options.dry_run:
            return fail(
                "nothing was sent, as they would be there twice: `--written rest` adds those that"
                " are not, `--written again` all of them",
                REFUSED,
            )
    if earlier is not None:
        earlier.rest(plan)
    nothing = plan.nothing and (earlier is None or not earlier.open)
    if options.dry_run or nothing:
        if not nothing:
            narrate("nothing was sent: without --dry-run it is")
        return status
    said = [0]

    def progress(done: int) -> None:
        if done - said[0] >= 1_000:
            said[0] = done
            narrate(f"{counted(done, 'row')} sent")

    with workspace.feed.resting():
        sent = await send(
            workspace.history, desk, kept, plan, progress,
            rows_a_call=workspace.connections.rows_a_call, earlier=earlier,
        )  # fmt: skip
    back = "; an undo takes all of it back" if sent.rows else ""
    narrate(f"{counted(sent.rows, 'row')} {were(sent.rows)} {plan.verb}{back}")
    for count, why in sent.refused:
        narrate(f"{counted(count, 'row')} {were(count)} refused: {why}")
    if sent.unknown:
        narrate(
            f"whether {counted(sent.unknown, 'row')} {were(sent.unknown)} {plan.verb} is not known:"
            " `tockdeck changes` shows them"
        )
    if kept_here := sent.waiting - sent.unknown:
        why = f" ({sent.why})" if sent.why else ""
        narrate(
            f"{counted(kept_here, 'row')} kept, to be sent when the way is open{why}:"
            " do not import them again before"
        )
    if sent.waiting:
        return UNKNOWN if sent.unknown else UNREACHABLE
    return REFUSED if sent.refused else status
