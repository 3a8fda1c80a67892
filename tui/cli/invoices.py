"""`tockdeck invoices`: all invoices, what clients owe by how late it is, and sums of months;
`tockdeck invoices recurring`: those that recur, and what of them is due; `draft` after it drafts;
`tockdeck invoices draft|issue|pay|unpaid|credit`: one invoice from the work to the money;
`tockdeck invoices next`: the next number of the series, or with which it goes on.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Mapping
from typing import Any

from tui.cli import (
    DONE,
    REFUSED,
    add_configuration_arguments,
    fail,
    invoices_draft,
    invoices_next,
    invoices_standing,
)
from tui.cli.invoices_known import known_of
from tui.cli.invoices_recurring import DRAFT, RECURRING, of_recurring, run_recurring
from tui.cli.narration import narrate
from tui.cli.output import print_json, refuse_closed, write_data
from tui.cli.statuses import report, to_its_end
from tui.cli.tables import print_table
from tui.cli.timing import opened
from tui.config.load import ConfigError
from tui.services.errors import ServiceError
from tui.services.timesheets.records import Invoice
from tui.words import counted
from tui.workspace.csv_cells import csv_text
from tui.workspace.invoices.amounts import code_of, plain, totals_text
from tui.workspace.invoices.book import Book
from tui.workspace.invoices.invoices import Clients
from tui.workspace.invoices.owed import AGES, DRAFTS, months, owed
from tui.workspace.invoices.reminder import LEVELS
from tui.workspace.times import day_of
from tui.workspace.workspace import Workspace

LIST = (
    "number",
    "client",
    "state",
    "issued",
    "due",
    "paid_on",
    "currency",
    "amount",
    "open",
    "reminded",
    "id",
)
OWED = ("client", "currency", *AGES, "owed", DRAFTS)
MONTHS = ("month", "currency", "issued", "credited", "paid")
VERBS: Mapping[str, tuple[str, ...]] = {
    DRAFT: invoices_draft.OPTIONS,
    **invoices_standing.OPTIONS,
    invoices_next.NEXT: invoices_next.OPTIONS,
}
"""The words that do something, with the options that are for them alone."""
WORDS = (*VERBS, RECURRING)
"""What the first word may be that is not looked for in invoices."""
OPTION = {"first": "from", "last": "to"}
Rows = list[dict[str, Any]]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What of them, whose, and in which form."""
    parser.add_argument(
        "words",
        nargs="*",
        metavar="WORD",
        help="only those that hold all of these, as a client; `recurring` alone lists what recurs,"
        " `recurring draft` drafts what of it is due, of those that hold the words after it;"
        " `draft CLIENT` drafts approved work, `issue N` takes the number of one, `pay N [AMOUNT]`"
        " notes what was paid, `unpaid N` that it was not, `credit N` takes it back; N is number"
        " or id; `next` prints the next number, `next 41` has the series go on with 41",
    )
    what = parser.add_mutually_exclusive_group()
    what.add_argument(
        "--owed", action="store_true", help="what each client owes, by days after the due day"
    )
    what.add_argument(
        "--months", action="store_true", help="what was issued, credited and paid in each month"
    )
    form = parser.add_mutually_exclusive_group()
    form.add_argument(
        "--json",
        action="store_true",
        help="an array of objects; of what is done one, whose state is offered where nothing was"
        " done, waits where it is sent later, else drafted, issued, part, paid, unpaid, cancelled"
        " or set",
    )
    form.add_argument("--csv", action="store_true", help="as CSV")
    doing = parser.add_argument_group("to draft, issue, pay, credit and number")
    doing.add_argument("--yes", action="store_true", help="do it without a question")
    doing.add_argument("--dry-run", action="store_true", help="say what would be done, do nothing")
    doing.add_argument(
        "--due", metavar="DAY", help="to draft or issue: when it is due (default: by the terms)"
    )
    invoices_standing.add_arguments(doing)
    invoices_next.add_arguments(doing)
    invoices_draft.add_arguments(parser.add_argument_group("to draft"))
    add_configuration_arguments(parser)


def run(options: argparse.Namespace) -> int:
    """Print them, or do what the first word says."""
    word = next(iter(options.words), "") if not options.owed and not options.months else ""
    recurs = bool(word) and of_recurring(options.words)
    # Alone it is a state of invoices.
    verb = word if word in VERBS and options.words != [DRAFT] else ""
    wrong = _misused(options, verb, drafts=recurs and DRAFT in options.words)
    if wrong:
        return fail(wrong)
    if verb:
        refuse_closed()
    try:
        workspace = opened(options)
    except ConfigError as error:
        return fail(str(error))
    if verb:
        return to_its_end(_do(options, workspace))
    return to_its_end(run_recurring(options, workspace) if recurs else _run(options, workspace))


def _misused(options: argparse.Namespace, verb: str, *, drafts: bool) -> str:
    """What is wrong with the options together; "" for nothing."""
    if options.words == [DRAFT] and (
        options.yes or any(getattr(options, one) for one in VERBS[DRAFT])
    ):
        return "invoices draft takes the client that it is for: draft CLIENT. Nothing was made."
    if options.yes and not verb and not drafts:
        return f"--yes is for what is done: {', '.join(VERBS)}, and recurring draft"
    if verb and options.csv:
        return "what is done is told as text or with --json"
    for name in dict.fromkeys(name for names in VERBS.values() for name in names):
        if getattr(options, name) and name not in VERBS.get(verb, ()):
            meant = ", ".join(f"invoices {one}" for one, names in VERBS.items() if name in names)
            return f"--{OPTION.get(name, name).replace('_', '-')} is for {meant}"
    return ""


async def _do(options: argparse.Namespace, workspace: Workspace) -> int:
    """Do one of `VERBS`, and close what was opened."""
    try:
        if options.words[0] == DRAFT:
            return await invoices_draft.run_draft(options, workspace)
        if options.words[0] == invoices_next.NEXT:
            return await invoices_next.run_next(options, workspace)
        return await invoices_standing.run_standing(options, workspace)
    except (ServiceError, ConfigError, OSError) as error:
        return report(error, as_json=options.json)
    finally:
        await workspace.close()


async def _run(options: argparse.Namespace, workspace: Workspace) -> int:
    try:
        clients, found, book = await known_of(workspace)
    except (ServiceError, ConfigError, OSError) as error:
        return report(error, as_json=options.json)
    finally:
        await workspace.close()
    # What reads this as data finds codes, of which the documents are full.
    zone, usual = workspace.zone, code_of(workspace.settings.deck.currency)
    if options.months:
        names: tuple[str, ...] = MONTHS
        rows = [
            _amounts(vars(one), one.currency, ("issued", "credited", "paid"))
            for one in months(found, book, zone, usual)
        ]
    elif options.owed:
        names = OWED
        rows = [
            {"client": one.client, "currency": one.currency}
            | {age: plain(sum_, one.currency) for age, sum_ in zip(AGES, one.ages, strict=True)}
            | {"owed": plain(one.total, one.currency), DRAFTS: plain(one.drafts, one.currency)}
            for one in owed(found, clients, book, zone, usual)
        ]
    else:
        names = LIST
        rows = [_row(one, clients, book, workspace) for one in found]
    rows = list(_holding(rows, options.words))
    others = [one for one in found if book.state(one, zone) == "other"]
    if others:
        said = ", ".join(dict.fromkeys(one.status for one in others))
        narrate(
            f"{counted(len(others), 'invoice')} of a status that is not known here ({said}):"
            " counted neither as paid nor as unpaid"
        )
    if options.json:
        print_json(rows)
    elif options.csv:
        write_data(csv_text(names, rows).encode("utf-8", "replace"))
    elif rows:
        open_ones = [(book.currency(one, usual), book.open(one)) for one in found]
        everything = totals_text(one for one in open_ones if one[1]) or "nothing"
        note = f"{counted(len(rows), 'row')}; of all invoices {everything} is unpaid"
        print_table(names, rows, note)
    elif not options.words:
        narrate("nothing is owed" if options.owed else "there are no invoices")
    return DONE if rows or not options.words else fail("no invoice holds this", REFUSED)


def _row(one: Invoice, clients: Clients, book: Book, workspace: Workspace) -> dict[str, Any]:
    zone = workspace.zone
    currency = book.currency(one, code_of(workspace.settings.deck.currency))
    paper, state = book.papers.get(one.id), book.state(one, zone)
    day = {
        "issued": paper.issued if paper is not None else None,
        "due": day_of(one.due_date, zone) if one.due_date is not None else None,
        "paid_on": day_of(one.payed_date, zone) if one.paid and one.payed_date else None,
    }
    reminder = book.last_reminder(one)
    reminded = f"{LEVELS[reminder.level]} {reminder.day}" if reminder is not None else ""
    return {
        "id": one.id,
        "reminded": reminded,
        "number": book.number(one),
        "client": clients.name(one.client_id) if one.client_id is not None else "",
        "state": one.status if state == "other" else state,
        **{name: when.isoformat() if when is not None else "" for name, when in day.items()},
        "currency": currency,
        "amount": plain(book.asked(one), currency),
        "open": plain(book.open(one), currency),
    }


def _amounts(row: Mapping[str, Any], currency: str, names: Iterable[str]) -> dict[str, Any]:
    return {**row, **{name: plain(row[name], currency) for name in names}}


def _holding(rows: Rows, words: list[str]) -> Iterable[dict[str, Any]]:
    wanted = [one.casefold() for one in words]
    for row in rows:
        text = " ".join(str(value) for value in row.values()).casefold()
        if all(word in text for word in wanted):
            yield row
