"""Questions about invoices that count: issuing one, what was paid of it, a credit note."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from tui.screens.asking import Asking
from tui.spoken_keys import key_for
from tui.widgets.dialogs import Choice, Confirm
from tui.widgets.form_values import FormField
from tui.widgets.outline_model import Node
from tui.words import counted
from tui.workspace.invoices.amounts import decimals, money, plain
from tui.workspace.times import day_text, today_in

if TYPE_CHECKING:
    from tui.workspace.invoices.book import Book
    from tui.workspace.invoices.invoices import Invoice

ENTRIES_MAY_STAY = "The service does not say whether its entries become unpaid too: look at them."
STAYS, FREE = "stays", "free"
MOST_CHARACTERS = 255
NUMBERS_RISE = "number and day rise together."


async def issue(asker: Asking, invoice: Invoice, book: Book) -> bool:
    """Ask for the day, give the invoice its number."""
    from tui.workspace.invoices.issuing import LeftAlone

    paper = book.papers.get(invoice.id)
    if paper is not None and paper.state != "draft":
        asker.flash(f"It is issued already, as {paper.number}.", "warn")
        return False
    papers, today = asker.workspace.papers, today_in(asker.workspace.zone)
    number = await papers.proposed(today)
    due = await papers.due_when_issued(invoice, today)
    since = await papers.since_drafted(invoice)

    async def give(values: Mapping[str, Any]) -> str:
        day = values["day"]
        if day > today and not await asker.ask(
            Confirm(
                "Issue it later",
                f"{day} has not come yet. Issue it of that day?",
                loses=f"Until then none can be issued of an earlier day: {NUMBERS_RISE}",
                yes="Issue it",
            )
        ):
            raise LeftAlone
        issued = await papers.issue(invoice, day, values["due"])
        pays = f", due {issued.due}" if issued.due is not None else ""
        news = (
            f"Issued as {issued.number}{pays}, for good. "
            f"{key_for('invoices.document')} makes its document."
        )
        return f"{news} {issued.news}".rstrip()

    return await asker.ask_form(
        f"invoices.issue.{invoice.id}",
        f"Issue invoice {invoice.id}",
        [
            FormField("day", "Day of issue", "date", required=True, default="today"),
            FormField(
                "due", "Due", "date",
                help=f"Empty: by its terms from the day of issue, of today {due}."
                if due is not None else "Empty: it has none.",
                placeholder="by its terms, from the day of issue" if due is not None else "none",
            ),
        ],
        give,
        save="Issue it",
        intro=f"Of today it will be {number}. From then on it stands: it is neither changed nor"
        f" deleted, only taken back by a credit note.{f' ! {since}' if since else ''}",
    )  # fmt: skip


async def pay(asker: Asking, invoice: Invoice, book: Book) -> bool:
    """Note what was paid, whole or a part; of one that is paid, whether it is not."""
    if invoice.paid:
        return await _unpay(asker, invoice, book)
    name, left = book.number(invoice), book.open(invoice)
    currency = book.currency(invoice, asker.workspace.settings.deck.currency)
    state = book.papers.get(invoice.id)
    if state is not None and state.state == "cancelled":
        asker.flash(f"Invoice {name} was taken back: nothing is open.", "warn")
        return False
    from tui.workspace.invoices.settling import refuse_settled

    refuse_settled(invoice, book)
    await asker.workspace.papers.refuse_marked(invoice, book)
    noted = book.paid(invoice)

    async def note(values: Mapping[str, Any]) -> str:
        rest = await asker.workspace.settling.pay(
            invoice, book, values["day"], values.get("amount"),
            text=(values.get("text") or "").strip(), settles=bool(values.get("settles")),
        )  # fmt: skip
        if rest:
            return f"Noted {money(left - rest, currency)}; {money(rest, currency)} is open."
        over = (values.get("amount") or left) - left
        more = f", {money(over, currency)} more than was open" if over > 0 else ""
        return f"Invoice {name} is paid{more}. {key_for('deck.undo')} takes it back."

    day = FormField("day", "Paid on", "date", required=True, default="today")
    parts = [
        FormField(
            "amount", "Amount", "money", required=True, default=plain(left, currency),
            check=_something, digits=decimals(left, currency),
            help="Less than what is open is a part: it is noted here.",
        ),
        day,
        FormField("text", "Text", limit=MOST_CHARACTERS),
        FormField(
            "settles", "Rest is waived", "boolean", default=False,
            help="Where less came: a fee or a discount, nothing more is asked.",
        ),
    ]  # fmt: skip
    before = f" {money(noted, currency)} was paid before." if noted else ""
    return await asker.ask_form(
        f"invoices.pay.{invoice.id}",
        f"Invoice {name}: {money(left, currency)} open",
        parts if left > 0 else [day],
        note,
        save="Note it" if left > 0 else "Mark paid",
        intro=f"What pays it whole marks it paid; its time entries become paid, too.{before}",
    )


def _something(amount: object) -> str | None:
    return None if isinstance(amount, Decimal) and amount > 0 else "It has to be more than nothing."


async def _unpay(asker: Asking, invoice: Invoice, book: Book) -> bool:
    """Mark a paid invoice not paid, after a question."""
    name, noted = book.number(invoice), book.payments_of(invoice)
    gone = f" {counted(len(noted), 'payment')} noted here goes, too." if noted else ""
    sure = await asker.ask(
        Confirm(
            "Mark unpaid",
            f"Invoice {name} is paid. Mark it not paid?",
            loses=f"{ENTRIES_MAY_STAY}{gone}",
            yes="Mark unpaid",
        )
    )
    if not sure:
        return False
    await asker.workspace.settling.unpay(invoice, noted, book)
    back = f" {key_for('deck.undo')} marks it paid again." if invoice.payed_date is not None else ""
    asker.flash(f"Invoice {name} is not paid.{back}", "good")
    return True


async def payments(asker: Asking, invoice: Invoice, book: Book) -> bool:
    """The payments of an invoice; one that was noted by mistake is taken back."""
    name, noted = book.number(invoice), book.payments_of(invoice)
    zone = asker.workspace.zone
    currency = book.currency(invoice, asker.workspace.settings.deck.currency)
    today = today_in(zone)
    nodes = [
        Node(one.id, f"{day_text(one.day, today)}  {money(one.amount, currency)}", detail=one.text)
        for one in noted
    ]
    chosen = await asker.ask(
        Choice(
            f"Payments of invoice {name}", nodes, empty="None is noted here.",
            note=f"{key_for('list.choose')} takes one back, after a question." if nodes else "",
        )
    )  # fmt: skip
    taken = next((one for one in noted if one.id == chosen), None)
    if taken is None:
        return False
    sure = await asker.ask(
        Confirm(
            "Take payment back",
            f"Take back {money(taken.amount, currency)} of {taken.day}?",
            loses=(
                f"Invoice {name} is marked not paid, too. {ENTRIES_MAY_STAY}"
                if invoice.paid
                else "It is open again."
            ),
            yes="Take back",
        )
    )
    if not sure:
        return False
    await asker.workspace.settling.unpay(invoice, [taken], book)
    asker.flash(f"Took back {money(taken.amount, currency)} of invoice {name}.", "good")
    return True


async def credit(asker: Asking, invoice: Invoice, book: Book) -> bool:
    """A credit note over an issued invoice, after a question that asks for its hours, too."""
    paper = book.papers.get(invoice.id)
    if book.is_cancelled(invoice.id) and book.work_of(invoice.id):
        return await _free_work(asker, invoice, book)
    if paper is None or paper.state != "issued":
        why = (
            f"was taken back already, as {book.called(_note_of(invoice))}"
            if paper is not None and paper.state == "cancelled"
            else f"is not issued: {key_for('invoices.delete')} deletes it"
        )
        asker.flash(f"Invoice {book.number(invoice)} {why}.", "warn")
        return False
    hours = counted(len(book.work_of(invoice.id)), "entry")
    noted = book.payments_of(invoice)

    async def write(values: Mapping[str, Any]) -> str:
        frees = values["hours"] == FREE
        note = await asker.workspace.papers.credit(invoice, values["day"], frees=frees)
        after = "Its work can be billed again." if frees else "Its work stays billed."
        return (
            f"Credit note {note.number} takes {paper.number} back. {after} "
            f"{key_for('invoices.document')} makes its document."
            " The service knows no credit notes: there it stays new."
        )

    intro = f"A credit note over all of {paper.number} takes it back. This stands, too."
    intro += " The service knows no credit notes: there it stays new, here nobody owes it."
    if noted or invoice.paid:
        intro += " ! It was paid, at least in part: give that back yourself."
    return await asker.ask_form(
        f"invoices.credit.{invoice.id}",
        f"Credit note for {paper.number}",
        [
            FormField("day", "Day", "date", required=True, default="today"),
            FormField(
                "hours", "Its work", "choice", required=True, default=STAYS,
                choices=[(STAYS, "stays billed"), (FREE, "can be billed again")],
                help=f"{hours} of this invoice; {key_for('invoices.credit')} frees it later, too.",
            ),
        ],
        write,
        save="Write it",
        intro=intro,
    )  # fmt: skip


async def _free_work(asker: Asking, invoice: Invoice, book: Book) -> bool:
    """Have the work of an invoice that was taken back be billed again, after a question."""
    name, note = book.called(invoice.id), book.called(_note_of(invoice))
    work = counted(len(book.work_of(invoice.id)), "entry")
    sure = await asker.ask(
        Confirm(
            "Free its work",
            f"{name} was taken back by {note}, and its work stays billed: {work}."
            " Can it be billed again?",
            yes="Free it",
        )
    )
    if not sure:
        return False
    await asker.workspace.papers.free_work(invoice)
    back = f"{key_for('deck.undo')} has it stay billed."
    asker.flash(f"{work} of {name} can be billed again. {back}", "good")
    return True


def _note_of(invoice: Invoice) -> int:
    from tui.workspace.invoices.issuing import CREDIT_NOTES

    return CREDIT_NOTES + invoice.id
