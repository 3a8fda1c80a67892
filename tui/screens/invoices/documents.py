"""An invoice as a document: looked at, checked against the rules, written to a file."""

from __future__ import annotations

from asyncio import to_thread
from collections.abc import Sequence
from typing import TYPE_CHECKING

from tui.screens.asking import Asking
from tui.screens.saving import ask_path, shown
from tui.widgets.dialogs import Choice
from tui.widgets.outline_model import Node
from tui.workspace.saved_files import save

if TYPE_CHECKING:
    from tui.workspace.invoices.document_desk import DocumentDesk
    from tui.workspace.invoices.documents.document import Document

LOOK, CHECK = "look", "check"
CHECKED = ("facturx", "ubl")


async def take_out(asker: Asking, desk: DocumentDesk, invoice_id: int) -> None:
    """Choose what becomes of an invoice's document. What cannot be written is told by field."""
    from tui.workspace.invoices.documents.forms import FORMS
    from tui.workspace.invoices.documents.outcome import DocumentError

    _, document, said = await desk.document(invoice_id)
    nodes = [
        Node(LOOK, "Look at it", detail="here, as Markdown"),
        Node(CHECK, "Check it", detail="Factur-X and UBL: schema and rules"),
        *(Node(key, form.title, detail=f".{form.ending}") for key, form in FORMS.items()),
    ]
    title = f"Invoice {invoice_id} as a document"
    chosen = await asker.ask(Choice(title, nodes, note=_sentence(said)))
    if chosen is None:
        return
    try:
        if chosen == LOOK:
            await asker.read(title, await to_thread(_text, document))
        elif chosen == CHECK:
            await asker.read(title, await to_thread(_report, document))
        else:
            await _write(asker, desk, document, chosen, invoice_id)
    except DocumentError as error:
        await asker.read(title, str(error))


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
    asker.flash(f"Wrote {shown(path)}. {_sentence(said)}".rstrip(), "warn" if said else "good")


def _sentence(said: Sequence[str]) -> str:
    words = "; ".join(said)
    return f"{words[:1].upper()}{words[1:]}." if words else ""
