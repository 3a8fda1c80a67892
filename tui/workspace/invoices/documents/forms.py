"""The forms in which a document leaves: what each is called, its ending, and what writes it.

Libraries that are extras are imported only by what needs them; where one is missing, that is
`MissingExtra`, which names the line that installs it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from tui.workspace.invoices.documents.document import Document, as_json
from tui.workspace.invoices.documents.outcome import MissingExtra, Written
from tui.workspace.invoices.documents.page import page_of
from tui.workspace.invoices.documents.words import word
from tui.workspace.saved_files import proposed_name

ATTACHED, ATTACHED_WITHOUT = "pdf", "html"
"""What goes with a mail, and what where the first needs an extra that is not installed."""


@dataclass(frozen=True)
class Form:
    """One form: how it is called, how its files end, and what makes it."""

    title: str
    ending: str
    media: str
    """Media type, for a mail."""
    write: Callable[[Document, Path | None], Written]
    """Given a document and a person's own template. Raises DocumentError."""
    text: bool = True
    """Whether a terminal can show it."""


def _text(text: str) -> Written:
    return Written(text.encode("utf-8", "replace"))


def _markdown(document: Document, _template: Path | None) -> Written:
    from tui.workspace.invoices.documents.markdown import markdown

    return _text(markdown(page_of(document)))


def _html(document: Document, _template: Path | None) -> Written:
    from tui.workspace.invoices.documents.html import html

    return _text(html(page_of(document)))


def _csv(document: Document, _template: Path | None) -> Written:
    from tui.workspace.csv_cells import csv_text
    from tui.workspace.invoices.documents.table import NAMES, rows

    return _text(csv_text(NAMES, rows(document)))


def _json(document: Document, _template: Path | None) -> Written:
    data = json.loads(as_json(document))
    return _text(json.dumps(data, indent=2, ensure_ascii=False) + "\n")


def _pdf(document: Document, template: Path | None) -> Written:
    from tui.workspace.invoices.documents.pdf import pdf

    return pdf(document, template)


def _facturx(document: Document, template: Path | None) -> Written:
    from tui.workspace.invoices.documents.electronic import facturx_pdf

    return facturx_pdf(document, template)


def _cii(document: Document, _template: Path | None) -> Written:
    from tui.workspace.invoices.documents.electronic import cii

    return Written(cii(document))


def _ubl(document: Document, _template: Path | None) -> Written:
    from tui.workspace.invoices.documents.electronic import ubl

    return Written(ubl(document))


def _xrechnung(document: Document, _template: Path | None) -> Written:
    from tui.workspace.invoices.documents.electronic import xrechnung

    return Written(xrechnung(document))


def mail(document: Document, template: Path | None = None, attach: str = "") -> Written:
    """A draft of a mail with the document in a form of FORMS; without typst and without a word on
    it that is HTML instead of PDF. Raises DocumentError.
    """
    from tui.workspace.invoices.documents.mail import draft

    form = attach or ATTACHED
    try:
        attached = written(document, form, template)
    except MissingExtra as error:
        if attach:
            raise
        form = ATTACHED_WITHOUT
        attached = written(document, form, template)
        attached = attached._replace(said=(f"{error}; the HTML is attached instead",))
    name = file_name(document, form)
    return Written(draft(document, attached.content, name, FORMS[form].media), attached.said)


FORMS: Mapping[str, Form] = {
    "pdf": Form("PDF", "pdf", "application/pdf", _pdf, text=False),
    "facturx": Form(
        "Factur-X / ZUGFeRD: PDF with its data", "pdf", "application/pdf", _facturx, text=False
    ),
    "cii": Form("The data of Factur-X alone", "xml", "application/xml", _cii),
    "ubl": Form("UBL 2.1", "xml", "application/xml", _ubl),
    "xrechnung": Form("XRechnung, as UBL", "xml", "application/xml", _xrechnung),
    "md": Form("Markdown", "md", "text/markdown", _markdown),
    "html": Form("HTML", "html", "text/html", _html),
    "csv": Form("Lines as CSV", "csv", "text/csv", _csv),
    "json": Form("JSON", "json", "application/json", _json),
    "eml": Form("Draft of a mail, with the file", "eml", "message/rfc822", mail),
}
"""By the word of the command line, the most wanted first."""


def written(document: Document, form: str, template: Path | None = None) -> Written:
    """A document in a form of FORMS. Raises DocumentError where it cannot be."""
    return FORMS[form].write(document, template)


def file_name(document: Document, form: str, invoice_id: int | None = None) -> str:
    """What a file of a document is called; it names nothing but a file. Drafts have no number, and
    are told apart by the id of the invoice.
    """
    kind = word(document.kind.value, document.language)
    draft = "draft" if invoice_id is None else f"draft-{invoice_id}"
    return proposed_name(kind, document.number or draft, ending=FORMS[form].ending)
