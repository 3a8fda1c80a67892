"""Reminding of an invoice: the text to copy, and that it was sent, noted by level and day."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from tui.screens.asking import Asking
from tui.spoken_keys import key_for
from tui.widgets.dialogs import Choice, Confirm
from tui.widgets.outline_model import Node
from tui.workspace.invoices.amounts import money
from tui.workspace.times import day_text, today_in

if TYPE_CHECKING:
    from tui.workspace.invoices.book import Book
    from tui.workspace.invoices.documents.document import Document
    from tui.workspace.invoices.invoices import Invoice


async def remind(asker: Asking, invoice: Invoice, book: Book) -> bool:
    """A reminder of an invoice of which something is open; whether one was noted or taken back."""
    left = book.open(invoice)
    if not left or book.state(invoice, asker.workspace.zone) == "draft":
        why = "nothing is open" if not left else "it is a draft: nobody was asked to pay it yet"
        asker.flash(f"Invoice {book.number(invoice)}: {why}.", "warn")
        return False
    document = (await asker.workspace.documents.document(invoice.id)).document
    return await remind_of(asker, invoice.id, document, left, book)


async def remind_of(
    asker: Asking, invoice_id: int, document: Document, left: Decimal, book: Book
) -> bool:
    """Choose the level, look at the text, say whether it was sent."""
    from tui.widgets.viewer import Viewer
    from tui.workspace.invoices.reminder import LEVELS, next_level, reminder_text

    noted, today = book.reminded.get(invoice_id, []), today_in(asker.workspace.zone)
    days = {one.level: day_text(one.day, today) for one in noted}
    nodes = [
        Node(str(level), f"The {name} reminder",
             detail=f"noted {days[level]}" if level in days else "")
        for level, name in enumerate(LEVELS)
    ]  # fmt: skip
    nodes += [
        Node(f"-{place}", f"Take back: {LEVELS[one.level]} of {one.day},"
             f" {money(one.amount, one.currency)}")
        for place, one in enumerate(noted)
    ]  # fmt: skip
    chosen = await asker.ask(Choice("Which reminder", nodes, current=str(next_level(noted))))
    if chosen is None:
        return False
    if chosen.startswith("-"):
        await asker.workspace.papers.not_reminded(noted[int(chosen[1:])])
        asker.flash("The reminder is not noted any more.", "good")
        return True
    level = int(chosen)
    # Not in a small box, however short: only the large one copies.
    await asker.ask(Viewer("Reminder", reminder_text(document, left, level, today)))
    sure = await asker.ask(
        Confirm(
            "Reminder",
            f"Note the {LEVELS[level]} reminder as sent today, of"
            f" {money(left, document.currency)}?",
            loses="The deck sends nothing: send the text yourself.",
            yes="it was sent",
            no="it was not",
        )
    )
    if not sure:
        return False
    await asker.workspace.papers.remind(invoice_id, level, left, document.currency)
    asker.flash(
        f"Noted the {LEVELS[level]} reminder. {key_for('invoices.remind')} takes it back.", "good"
    )
    return True
