"""`tockdeck invoices draft CLIENT`: an invoice from approved work, after a look at its lines.

It shows the lines with their working and what should be known, and makes the invoice with --yes or
where a person says so. With --dry-run nothing is made and nobody is asked.
"""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from tui.cli import DONE, REFUSED, USAGE, fail
from tui.cli.asking import can_ask, says_yes
from tui.cli.invoices_known import known_of
from tui.cli.narration import narrate
from tui.cli.output import print_json
from tui.workspace.changes.errors import Waiting
from tui.workspace.invoices.amounts import money, plain
from tui.workspace.invoices.bill_text import bill_text
from tui.workspace.invoices.billing import something_to_bill
from tui.workspace.invoices.billing_terms import (
    LINE_EXAMPLE,
    OFF_EXAMPLE,
    VAT_EXAMPLE,
    TermError,
    read_terms,
)
from tui.workspace.invoices.book import Bill
from tui.workspace.invoices.documents.reckoning import adjusted_by
from tui.workspace.invoices.drafting import GROUPINGS, Chosen
from tui.workspace.invoices.extras import EXAMPLE, ExtraError, read_extras
from tui.workspace.invoices.naming import find_named
from tui.workspace.problems import one_line
from tui.workspace.text import clean_block
from tui.workspace.timers.period_text import NAMED, read_period
from tui.workspace.times import TimeTextError, read_day
from tui.workspace.workspace import Workspace

OPTIONS = (
    "project", "period", "first", "last", "group", "vat", "discount", "term", "line", "due",
    "dry_run",
)  # fmt: skip
"""Those of this verb alone."""


def _literal(text: str) -> str:
    """A text within the help of an option, where a per cent sign begins a name."""
    return text.replace("%", "%%")


def add_arguments(parser: argparse._ArgumentGroup) -> None:
    """Which work, and how it becomes lines."""
    parser.add_argument("--project", metavar="PROJECT", help="only this one of the client's")
    parser.add_argument(
        "--period",
        metavar="TEXT",
        help=f"only the work of these days: {', '.join(NAMED)}, 2026-03 or 1 to 15 Nov",
    )
    parser.add_argument("--from", dest="first", metavar="DAY", help="the first day; or none")
    parser.add_argument("--to", dest="last", metavar="DAY", help="the last day; or none")
    parser.add_argument(
        "--group", choices=GROUPINGS, help="one line for each of these (default: as set up)"
    )
    parser.add_argument("--vat", metavar="VAT", help=f"in place of the client's: {VAT_EXAMPLE}")
    parser.add_argument(
        "--discount", metavar="OFF", help=f"off all of the work: {_literal(OFF_EXAMPLE)}"
    )
    parser.add_argument(
        "--term",
        metavar="LINE:TERM",
        action="append",
        default=[],
        help="VAT or a discount of one line, by its number or a part of its text, as"
        f" {_literal(LINE_EXAMPLE.removesuffix(', one a line'))}; may be repeated",
    )
    parser.add_argument(
        "--line",
        metavar="LINE",
        action="append",
        default=[],
        help="a line beside the work, without VAT, as"
        f" {EXAMPLE.removesuffix(', one a line')}; may be repeated",
    )


async def run_draft(options: argparse.Namespace, workspace: Workspace) -> int:
    """Show it, and make it. Raises what reading and making raise, ConfigError and OSError."""
    try:
        first, last = _days(options, workspace)
        due = read_day(options.due, workspace.zone) if options.due else None
        extras = read_extras("\n".join(options.line))
        terms = read_terms(options.vat or "", options.discount or "", "\n".join(options.term))
    except (TimeTextError, ExtraError, TermError) as error:
        return fail(f"{str(error).rstrip('.')}. Nothing was made.")
    known = await known_of(workspace)
    clients = known.clients
    client = find_named(clients.clients, " ".join(options.words[1:]), "client")
    projects = clients.projects_of(client.id)
    project = find_named(projects, options.project, "project").id if options.project else None
    work = (await workspace.invoices.work.of_client(client.id, projects)).value
    desk = workspace.papers.bills
    bill = something_to_bill(
        await desk.bill(
            client, work, Chosen(project, first=first, last=last), options.group or desk.grouping,
            terms=terms, extras=extras, book=known.book,
        ),
        narrowed=bool(first or last or project),
        held=await desk.held(work, known.book),
    )  # fmt: skip
    due = due or bill.document.due
    assert due is not None
    told = desk.told_amount(bill.document)
    own = (await workspace.invoices.invoices_of(client.id)).invoices
    unknown = known.book.from_elsewhere(own, work.entries)
    row = _row(bill, due, told, unknown)
    if not options.json:
        page = bill_text(bill, work, due, told, unknown, workspace.zone)
        print(f"New invoice for {clean_block(client.name)}\n{clean_block(page)}")
    wanted = not options.dry_run and (options.yes or await _wants(bill))
    if wanted:
        try:
            row |= {"id": await desk.make(bill, due), "state": "drafted"}
        except Waiting as error:
            # It is kept and will be sent: that is no failure.
            narrate(one_line(error))
            row["state"] = "waits"
    if options.json:
        print_json(row)
    if row["state"] == "drafted":
        narrate(
            f"made draft {row['id']} of {_amount(bill)};"
            f" `invoices issue {row['id']}` gives it its number, `changes undo` takes it back"
        )
    if wanted or options.dry_run:
        return DONE
    return fail("nothing was made: --yes makes it", REFUSED if can_ask() else USAGE)


def _days(options: argparse.Namespace, workspace: Workspace) -> tuple[date | None, date | None]:
    """The first and the last day. Raises TimeTextError."""
    if options.period and (options.first or options.last):
        raise TimeTextError("--period and --from or --to say it twice")
    if options.period:
        span = read_period(options.period, workspace.zone)
        return span.first, span.last
    first, last = (
        read_day(typed, workspace.zone) if typed else None
        for typed in (options.first, options.last)
    )
    if first is not None and last is not None and last < first:
        raise TimeTextError(f"--to {last} is before --from {first}")
    return first, last


async def _wants(bill: Bill) -> bool:
    return can_ask() and await asyncio.to_thread(says_yes, f"Make it, {_amount(bill)}?")


def _amount(bill: Bill) -> str:
    return money(bill.totals.gross, bill.document.currency)


def _row(bill: Bill, due: date, told: Decimal, unknown: Sequence[str]) -> dict[str, Any]:
    document, sums = bill.document, bill.totals
    currency = document.currency
    return {
        "id": None,
        "state": "offered",
        "client": bill.client.name,
        "client_id": bill.client.id,
        "currency": currency,
        "net": plain(sums.net, currency),
        "vat": plain(sums.vat, currency),
        "amount": plain(sums.gross, currency),
        "told_service": plain(told, currency),
        "service_reckons": plain(bill.cost.sum, currency),
        "due": due.isoformat(),
        "lines": [
            {
                "text": line.text,
                "working": line.working,
                "amount": plain(line.amount, currency),
                "discount": plain(-adjusted_by(line.adjustments), currency),
                "vat": line.vat.category.value,
                "vat_rate": plain_rate(line.vat.rate),
                "vat_reason": line.vat.reason,
            }
            for line in document.lines
        ],
        "discounts": [
            {
                "amount": plain(one.amount, currency),
                "percent": plain_rate(one.percent) if one.percent is not None else "",
                "reason": one.reason,
                "vat": one.vat.category.value,
                "vat_rate": plain_rate(one.vat.rate),
            }
            for one in document.adjustments
        ],
        "entries": [one.id for one in bill.entries],
        "without_rate": [one.id for one in bill.unpriced],
        "marked_beside": [one.id for one in bill.beside],
        "linked_earlier": [one.id for one in bill.elsewhere],
        "unknown": list(unknown),
    }


def plain_rate(rate: Decimal) -> str:
    """Per cent without zeros that say nothing."""
    return f"{rate.normalize():f}"
