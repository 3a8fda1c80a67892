"""A mail with a document attached, as a draft that a mail program opens and a person sends."""

from __future__ import annotations

from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

from tui.workspace.invoices.documents import figures
from tui.workspace.invoices.documents.document import Document, Kind, Party
from tui.workspace.invoices.documents.forms import (
    FORMS,
    DocumentError,
    MissingExtra,
    Written,
    file_name,
    written,
)
from tui.workspace.invoices.documents.reckoning import totals
from tui.workspace.invoices.documents.words import word
from tui.workspace.text import clean

ATTACHED = "pdf"


def draft(document: Document, template: Path | None = None, form: str = "") -> Written:
    """The mail, in the language of the document, to the buyer's e-mail address.

    What is attached is the PDF; without typst it is the HTML, which needs nothing. Nothing is sent.
    Raises DocumentError.
    """
    message = EmailMessage(policy=SMTP)
    language = document.language
    subject = "mail_subject" if document.kind is Kind.INVOICE else "mail_credit"
    name = document.seller.trading_name or document.seller.name
    message["Subject"] = clean(word(subject, language).format(document.number, name))
    for header, party in (("From", document.seller), ("To", document.buyer)):
        address = _address(party)
        if address is not None:
            message[header] = address
    # Mail programs open a message with this mark for writing, not for reading.
    message["X-Unsent"] = "1"
    due = figures.money(totals(document).due, document.currency, language)
    kind = word(document.kind.value, language)
    message.set_content(
        word("mail_body", language).format(kind, clean(document.number), due, clean(name))
    )
    form, attached = _attachment(document, template, form)
    main, _, sub = FORMS[form].media.partition("/")
    message.add_attachment(
        attached.content, maintype=main, subtype=sub, filename=file_name(document, form)
    )
    return Written(message.as_bytes(), attached.said)


def _attachment(document: Document, template: Path | None, form: str) -> tuple[str, Written]:
    if form:
        return form, written(document, form, template)
    try:
        return ATTACHED, written(document, ATTACHED, template)
    except MissingExtra as error:
        page = written(document, "html", template)
        return "html", page._replace(said=(f"{error}; the HTML is attached instead",))


def _address(party: Party) -> Address | None:
    if not party.email:
        return None
    try:
        return Address(display_name=clean(party.name), addr_spec=party.email)
    except (ValueError, IndexError) as error:
        raise DocumentError(f"{clean(party.email)} is no e-mail address: {error}") from error
