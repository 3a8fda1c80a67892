"""`tockdeck invoices next [N]`: what the next invoice, or with --credit the next credit note, is
called; with N its series goes on with that, as for who comes from another program.

No service is asked: numbers are kept here.
"""

from __future__ import annotations

import argparse
import asyncio

from tui.cli import DONE, REFUSED, USAGE, fail
from tui.cli.asking import can_ask, says_yes
from tui.cli.numbers import whole_number
from tui.cli.output import print_json
from tui.words import counted
from tui.workspace.text import clean
from tui.workspace.times import TimeTextError, read_day
from tui.workspace.workspace import Workspace

NEXT = "next"
OPTIONS = ("on", "credit", "dry_run")
MOST = 10**15
"""A number beyond it is a slip, and its series could go on with no other once it is used."""


def add_arguments(parser: argparse._ArgumentGroup) -> None:
    """Of which series."""
    parser.add_argument("--credit", action="store_true", help="next: of the credit notes")


async def run_next(options: argparse.Namespace, workspace: Workspace) -> int:
    """Print it or set it. Raises what setting raises, ConfigError and OSError."""
    rest = options.words[1:]
    if len(rest) > 1:
        return fail(f"invoices {NEXT} takes one number, or none: {NEXT} [N]")
    try:
        place = whole_number(1, MOST)(rest[0]) if rest else None
        day = read_day(options.on or "today", workspace.zone)
    except (argparse.ArgumentTypeError, TimeTextError) as error:
        return fail(f"{str(error).rstrip('.')}. Nothing was done.")
    papers, credit = workspace.papers, options.credit
    before = await papers.next_number(day, credit=credit)
    after = before if place is None else await papers.would_go_on(day, place, credit=credit)
    row = {
        "of": "credit notes" if credit else "invoices",
        "series": after.series,
        "place": after.place,
        "number": after.number,
        "state": "offered",
    }
    one = "credit note" if credit else "invoice"
    said, status = after.number, DONE
    if place is not None:
        left_out = after.place - before.place
        gap = f" {counted(left_out, 'number')} before it {_is(left_out)} left out."
        would = f"The next {one} would be called {after.number} instead of {before.number}."
        would += gap if left_out > 0 else ""
        question = f"{would} Have the series go on with it?"
        if after == before:
            row["state"], said = "set", f"The next {one} is called {after.number} as it is."
        elif options.dry_run:
            said = would
        elif options.yes or (can_ask() and await asyncio.to_thread(says_yes, clean(question))):
            await papers.go_on_with(before, after)
            row["state"] = "set"
            said = f"The next {one} is called {after.number}; `changes undo` takes it back."
        else:
            said, status = would, REFUSED if can_ask() else USAGE
    if options.json:
        print_json(row)
    else:
        print(clean(said))
    return fail("nothing was done: --yes does it", status) if status != DONE else DONE


def _is(count: int) -> str:
    return "is" if count == 1 else "are"
