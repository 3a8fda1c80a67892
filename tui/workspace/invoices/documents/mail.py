"""A mail with a document attached, as a draft that a mail program opens and a person sends."""

from __future__ import annotations

from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP

from tui.workspace.invoices.documents import figures
from tui.workspace.invoices.documents.document import Document, Kind, Party
from tui.workspace.invoices.documents.outcome import DocumentError
from tui.workspace.invoices.documents.reckoning import totals
from tui.workspace.invoices.documents.words import word
from tui.workspace.text import clean


def draft(document: Document, attached: bytes, name: str, media: str) -> bytes:
    """The mail, in the language of the document, to the buyer's e-mail address. Nothing is sent.

    Raises DocumentError for an address that is none.
    """
    message = EmailMessage(policy=SMTP)
    language = document.language
    subject = "mail_subject" if document.kind is Kind.INVOICE else "mail_credit"
    seller = document.seller.trading_name or document.seller.name
    message["Subject"] = clean(word(subject, language).format(document.number, seller))
    for header, party in (("From", document.seller), ("To", document.buyer)):
        address = _address(party)
        if address is not None:
            message[header] = address
    # Mail programs open a message with this mark for writing, not for reading.
    message["X-Unsent"] = "1"
    due = figures.money(totals(document).due, document.currency, language)
    kind = word(document.kind.value, language)
    message.set_content(
        word("mail_body", language).format(kind, clean(document.number), due, clean(seller))
    )
    main, _, sub = media.partition("/")
    message.add_attachment(attached, maintype=main, subtype=sub, filename=name)
    return message.as_bytes()


def _address(party: Party) -> Address | None:
    if not party.email:
        return None
    try:
        return Address(display_name=clean(party.name), addr_spec=party.email)
    except (ValueError, IndexError) as error:
        raise DocumentError(f"{clean(party.email)} is no e-mail address: {error}") from error
