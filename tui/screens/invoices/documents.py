"""An invoice as a document: looked at, checked against the rules, written to a file."""

from __future__ import annotations

from asyncio import to_thread
from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from tui.screens.asking import Asking
from tui.screens.saving import ask_path, tell_where
from tui.widgets.dialogs import Choice
from tui.widgets.outline_model import Node
from tui.workspace.saved_files import save

if TYPE_CHECKING:
    from tui.workspace.invoices.book import Book
    from tui.workspace.invoices.document_desk import DocumentDesk
    from tui.workspace.invoices.documents.document import Document
    from tui.workspace.invoices.invoices import Invoice

LOOK, CHECK, REMIND = "look", "check", "remind"
CHECKED = ("facturx", "ubl")


async def take_out(asker: Asking, desk: DocumentDesk, invoice: Invoice, book: Book) -> bool:
    """Choose what becomes of an invoice's document, or of the credit note that took it back. What
    cannot be written is told by field. Whether a reminder was noted.
    """
    chosen_id = await _which(asker, invoice.id, book)
    if chosen_id is None:
        return False
    left = book.open(invoice) if chosen_id == invoice.id else Decimal()
    return await _take_out(asker, desk, chosen_id, book, left)


async def _which(asker: Asking, invoice_id: int, book: Book) -> int | None:
    from tui.workspace.invoices.issuing import CREDIT_NOTES

    note = CREDIT_NOTES + invoice_id
    if note not in book.papers:
        return invoice_id
    nodes = [
        Node(str(invoice_id), f"Invoice {book.called(invoice_id)}"),
        Node(str(note), f"Credit note {book.called(note)}"),
    ]
    chosen = await asker.ask(Choice("Which document", nodes, current=str(note)))
    return None if chosen is None else int(chosen)


async def _take_out(
    asker: Asking, desk: DocumentDesk, invoice_id: int, book: Book, left: Decimal
) -> bool:
    from tui.workspace.invoices.documents.forms import FORMS
    from tui.workspace.invoices.documents.outcome import DocumentError

    _, document, said = await desk.document(invoice_id)
    nodes = [
        Node(LOOK, "Look at it", detail="here, as Markdown"),
        Node(CHECK, "Check it", detail="Factur-X and UBL: schema and rules"),
        *(Node(key, form.title, detail=f".{form.ending}") for key, form in FORMS.items()),
        *(
            [Node(REMIND, "Remind of it", detail="a text to copy, noted by its level")]
            if left and document.number
            else []
        ),
    ]
    kind = document.kind.value.replace("-", " ").capitalize()
    title = f"{kind} {book.called(invoice_id)} as a document"
    chosen = await asker.ask(Choice(title, nodes, note=_sentence(said)))
    if chosen is None:
        return False
    try:
        if chosen == LOOK:
            await asker.read(title, await to_thread(_text, document))
        elif chosen == REMIND:
            from tui.screens.invoices.reminding import remind_of

            return await remind_of(asker, invoice_id, document, left, book)
        elif chosen == CHECK:
            await asker.read(title, await to_thread(_report, document))
        else:
            await _write(asker, desk, document, chosen, invoice_id)
    except DocumentError as error:
        await asker.read(title, str(error))
    return False


def _text(document: Document) -> str:
    from tui.workspace.invoices.documents.forms import written

    return written(document, "md").content.decode()


def _report(document: Document) -> str:
    from tui.workspace.invoices.documents.report import held_against

    return "\n\n".join(held_against(document, CHECKED).lines)


async def _write(
    asker: Asking, desk: DocumentDesk, document: Document, form: str, invoice_id: int
) -> None:
    from tui.workspace.invoices.documents.forms import FORMS, file_name, written

    # Before a file is asked for: what is wrong with the document is told first.
    content, said = await to_thread(written, document, form, desk.template)
    path = await ask_path(asker, FORMS[form].title, file_name(document, form, invoice_id))
    if path is None:
        return
    await save(path, content)
    tell_where(
        asker, path, lambda where: f"Wrote {where}. {_sentence(said)}".rstrip(),
        "warn" if said else "good",
    )  # fmt: skip


def _sentence(said: Sequence[str]) -> str:
    words = "; ".join(said)
    return f"{words[:1].upper()}{words[1:]}." if words else ""
