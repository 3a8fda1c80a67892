"""`tockdeck invoices issue|pay|unpaid|credit N`: an invoice gets its number, is paid, is not, is
taken back. N is its number or its id.

What cannot be taken back is asked about, or wants --yes; what would be done is said by --dry-run.
"""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Awaitable, Callable
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from tui.cli import DONE, REFUSED, UNKNOWN, USAGE, fail
from tui.cli.asking import can_ask, says_yes
from tui.cli.invoices_known import Known, known_of
from tui.cli.narration import narrate
from tui.cli.output import print_json
from tui.services.errors import OutcomeUnknown, Refused
from tui.services.timesheets.records import Invoice
from tui.words import counted
from tui.workspace.changes.errors import Waiting
from tui.workspace.invoices.amounts import money, plain
from tui.workspace.invoices.issuing import refuse_credit
from tui.workspace.invoices.naming import find_invoice
from tui.workspace.invoices.settling import refuse_finer, refuse_settled
from tui.workspace.numbers import NumberTextError, read_decimal
from tui.workspace.problems import one_line
from tui.workspace.text import clean
from tui.workspace.times import TimeTextError, read_day, today_in
from tui.workspace.workspace import Workspace

Row = dict[str, Any]


class Meant(NamedTuple):
    """The invoice, and what was said of it."""

    workspace: Workspace
    known: Known
    invoice: Invoice
    day: date
    due: date | None
    amount: Decimal | None
    options: argparse.Namespace

    @property
    def name(self) -> str:
        """What it is called."""
        return self.known.book.number(self.invoice)

    @property
    def currency(self) -> str:
        """What it is in."""
        return self.known.book.currency(self.invoice, self.workspace.settings.deck.currency)

    def money(self, amount: Decimal) -> str:
        """An amount of it."""
        return money(amount, self.currency)


class Done(NamedTuple):
    """What was done, in words and as data."""

    said: str
    row: Row
    status: int = DONE


class Plan(NamedTuple):
    """What would be done."""

    question: str
    """Empty where nobody has to be asked: what is done can be taken back."""
    says: str
    """What would be done, with a dry run."""
    does: Callable[[], Awaitable[Done]]
    row: Row
    """What is known before it is done."""


def add_arguments(parser: argparse._ArgumentGroup) -> None:
    """When, and what goes with it."""
    parser.add_argument(
        "--on",
        metavar="DAY",
        help="the day of issue, payment or credit note; next: in whose series (default: today)",
    )
    parser.add_argument("--text", metavar="TEXT", default="", help="to pay: what is noted with it")
    parser.add_argument(
        "--waive-rest", action="store_true", help="to pay: nothing more is asked of this invoice"
    )
    parser.add_argument(
        "--free-work",
        action="store_true",
        help="to credit: its work can be billed again, also after the credit note was written",
    )


def _amount(text: str) -> Decimal:
    """An amount that was paid. Raises NumberTextError with the text that is none."""
    try:
        amount = read_decimal(text, exponent=False)
    except NumberTextError as error:
        why = str(error)
        raise NumberTextError(f"{text}: {why[:1].lower()}{why[1:]}") from error
    if amount <= 0:
        raise NumberTextError(f"{text}: it has to be more than nothing")
    return amount


async def run_standing(options: argparse.Namespace, workspace: Workspace) -> int:
    """Do it. Raises what reading and the changes raise, ConfigError and OSError."""
    word, *rest = options.words
    if not rest or len(rest) > (2 if word == "pay" else 1):
        more = " [AMOUNT]" if word == "pay" else ""
        return fail(f"invoices {word} takes the number or the id of one invoice: {word} N{more}")
    try:
        amount = _amount(rest[1]) if len(rest) > 1 else None
        day = read_day(options.on or "today", workspace.zone)
        due = read_day(options.due, workspace.zone) if options.due else None
    except (NumberTextError, TimeTextError) as error:
        return fail(f"{str(error).rstrip('.')}. Nothing was done.")
    known = await known_of(workspace)
    invoice = find_invoice(known.invoices, known.book, rest[0])
    plan = await PLANS[word](Meant(workspace, known, invoice, day, due, amount, options))
    row: Row = {"id": invoice.id, "number": known.book.number(invoice), "state": "offered"}
    row |= plan.row
    done = Done("", {})
    wanted = not options.dry_run and (options.yes or not plan.question or await _wants(plan))
    if wanted:
        try:
            done = await plan.does()
            row |= done.row
        except Waiting as error:
            # It is kept and will be sent: that is no failure.
            narrate(one_line(error))
            row["state"] = "waits"
    elif not options.json:
        print(clean(plan.says))
    if options.json:
        print_json(row)
    elif done.said:
        print(clean(done.said))
    if wanted or options.dry_run:
        return done.status
    return fail("nothing was done: --yes does it", REFUSED if can_ask() else USAGE)


async def _wants(plan: Plan) -> bool:
    return can_ask() and await asyncio.to_thread(says_yes, clean(plan.question))


async def _issue(meant: Meant) -> Plan:
    papers, invoice = meant.workspace.papers, meant.invoice
    paper = meant.known.book.papers.get(invoice.id)
    if paper is not None and paper.state != "draft":
        raise Refused(f"It is issued already, as {paper.number}.", advice="Nothing was done.")
    number, due = await papers.proposed(meant.day), meant.due
    if due is None:
        due = await papers.due_when_issued(invoice, meant.day)
    pays = f", due {due}" if due is not None else ""
    since = await papers.since_drafted(invoice)
    if since:
        narrate(since)

    async def give() -> Done:
        issued = await papers.issue(invoice, meant.day, due)
        if issued.news:
            narrate(issued.news)
        row = {
            "number": issued.number,
            "state": "issued",
            "issued": issued.day.isoformat(),
            "due": due.isoformat() if due is not None else "",
        }
        status = UNKNOWN if isinstance(issued.error, OutcomeUnknown) else DONE
        return Done(f"Issued as {issued.number}{pays}.", row, status)

    ahead = ""
    if meant.day > today_in(meant.workspace.zone):
        ahead = f" {meant.day} has not come yet: until then none can be of an earlier day."
    of = f"invoice {invoice.id} of {meant.money(meant.known.book.asked(invoice))}"
    return Plan(
        f"Issue {of} as {number}{pays}?{ahead} From then on it stands.",
        f"I{of[1:]} would be issued as {number} on {meant.day}{pays}.{ahead}",
        give,
        row={
            "number": number,
            "due": due.isoformat() if due is not None else "",
            "since_drafted": since,
        },
    )


async def _pay(meant: Meant) -> Plan:
    book, invoice = meant.known.book, meant.invoice
    refuse_settled(invoice, book)
    await meant.workspace.papers.refuse_marked(invoice, book)
    left = book.open(invoice)
    if meant.amount not in (None, left):
        refuse_finer(meant.amount, meant.currency)

    async def note() -> Done:
        rest = await meant.workspace.settling.pay(
            invoice, book, meant.day, meant.amount,
            text=meant.options.text.strip(), settles=meant.options.waive_rest,
        )  # fmt: skip
        row = {
            "state": "part" if rest else "paid",
            "currency": meant.currency,
            "paid": plain(amount, meant.currency),
            "open": plain(rest, meant.currency),
            "day": meant.day.isoformat(),
        }
        if rest:
            return Done(f"Noted {meant.money(amount)}; {meant.money(rest)} is open.", row)
        return Done(f"Invoice {meant.name} is paid; `changes undo` takes it back.", row)

    amount = left if meant.amount is None else meant.amount
    if amount > left:
        narrate(f"{meant.money(left)} is open: this is {meant.money(amount - left)} more")
    would = f"Of invoice {meant.name} {meant.money(amount)} would be noted as paid."
    if not amount:
        # Its payments are all noted, and what marks it paid was cut short.
        would = f"Nothing of invoice {meant.name} is open: it would be marked paid."
    return Plan(
        "",
        would,
        note,
        {"currency": meant.currency, "open": plain(left, meant.currency)},
    )


async def _unpaid(meant: Meant) -> Plan:
    book, invoice = meant.known.book, meant.invoice
    noted = book.payments_of(invoice)
    if not invoice.paid and not noted:
        raise Refused(
            f"Invoice {meant.name} is not paid, and no payment of it is noted here.",
            advice="Nothing was done.",
        )

    async def take_back() -> Done:
        await meant.workspace.settling.unpay(invoice, noted, book)
        row = {"state": "unpaid", "payments_taken_back": len(noted)}
        return Done(f"Invoice {meant.name} is not paid.", row)

    gone = f", and take back {counted(len(noted), 'payment')} noted here" if noted else ""
    return Plan(
        f"Mark invoice {meant.name} not paid{gone}?",
        f"It would mark invoice {meant.name} not paid{gone}.",
        take_back,
        {},
    )


async def _credit(meant: Meant) -> Plan:
    papers, invoice = meant.workspace.papers, meant.invoice
    frees, held = meant.options.free_work, meant.known.book.work_of(invoice.id)
    if meant.known.book.is_cancelled(invoice.id) and held:
        return _free_work(meant, counted(len(held), "entry"))
    refuse_credit(invoice, meant.known.book.papers.get(invoice.id))
    if meant.known.book.paid(invoice) or invoice.paid:
        narrate("it was paid, at least in part: give that back yourself")

    async def write() -> Done:
        note = await papers.credit(invoice, meant.day, frees=frees)
        row = {
            "state": "cancelled",
            "credit_note": note.number,
            "day": meant.day.isoformat(),
            "frees_work": frees,
        }
        after = "Its work can be billed again." if frees else "Its work stays billed."
        return Done(f"Credit note {note.number} takes {meant.name} back. {after}", row)

    works = "its work can be billed again" if frees else "its work stays billed"
    return Plan(
        f"Write a credit note over all of {meant.name}? {works.capitalize()}.",
        f"A credit note would take {meant.name} back; {works}.",
        write,
        {},
    )


def _free_work(meant: Meant, work: str) -> Plan:
    """What is left to do of one that was taken back."""
    if not meant.options.free_work:
        raise Refused(
            f"{meant.name} was taken back already; its work, {work}, stays billed.",
            advice="Nothing was done. --free-work lets it be billed again.",
        )

    async def free() -> Done:
        await meant.workspace.papers.free_work(meant.invoice)
        said = f"{work} of {meant.name} can be billed again; `changes undo` takes it back."
        return Done(said, {"state": "cancelled", "frees_work": True})

    return Plan("", f"{work} of {meant.name} could be billed again.", free, {})


PLANS: dict[str, Callable[[Meant], Awaitable[Plan]]] = {
    "issue": _issue,
    "pay": _pay,
    "unpaid": _unpaid,
    "credit": _credit,
}
OPTIONS: dict[str, tuple[str, ...]] = {
    "issue": ("on", "due", "dry_run"),
    "pay": ("on", "text", "waive_rest", "dry_run"),
    "unpaid": ("dry_run",),
    "credit": ("on", "free_work", "dry_run"),
}
"""What each of them takes."""
