"""Settings of invoices as documents: who writes them, and how they read."""

from __future__ import annotations

from typing import Literal

from tui.config.declaring import Section, setting


class Seller(Section):
    """Who writes the invoices: what stands in their head, and where the money goes."""

    name: str = setting("", "Name as it is registered.")
    trading_name: str = setting("", "Name that is traded under, where it is another one.")
    address: list[str] = setting(
        [], "Lines of the address above the town, three at most.", example='["Quay Street 1"]'
    )
    post_code: str = setting("", "Post code.")
    city: str = setting("", "Town.")
    region: str = setting("", "Region, where it belongs to an address.")
    country: str = setting("", "Country by ISO 3166.", example="DE")
    vat_id: str = setting("", "VAT id with the country before it.", example="DE123456788")
    tax_id: str = setting("", "Number that the tax office gave, where it is another one.")
    registration: str = setting("", "Number in a register of companies; in France the SIREN.")
    registration_scheme: str = setting(
        "", "Which register, by ISO 6523: 0002 is the SIREN.", example="0002"
    )
    electronic_address: str = setting("", "Address for e-invoices.")
    electronic_scheme: str = setting(
        "EM", "Kind of that address by the list EAS: EM is an e-mail address, 0225 a French one."
    )
    legal_text: str = setting("", "Legal form, capital, managers: what the law wants to be read.")
    contact: str = setting("", "Whom a client can ask.")
    phone: str = setting("", "Telephone.")
    email: str = setting("", "E-mail address; reminders and drafts of mails come from it.")
    iban: str = setting("", "IBAN of the account that money goes to.")
    bic: str = setting("", "BIC of the bank.")
    bank: str = setting("", "Name of the bank.")
    account: str = setting("", "Number of the account, where there is no IBAN.")
    account_holder: str = setting("", "Whose account it is, where that is not the name.")


class Invoices(Section):
    """Invoices as documents. A client's own terms are in clients.toml beside this file."""

    currency: str = setting("EUR", "Currency by ISO 4217.")
    language: Literal["en", "de", "fr", "nl"] = setting("en", "Language of a document.")
    vat_category: Literal["by country", "S", "Z", "E", "AE", "K", "G", "O"] = setting(
        "by country",
        "How invoices stand to VAT: E for a small business; by country goes by those of seller "
        "and buyer, for services to businesses.",
    )
    vat_rate: str = setting("0", "VAT at home in per cent.", example="19")
    vat_reason: str = setting("", "Why no VAT is taken, in words.")
    vat_reason_code: str = setting("", "The same by the list VATEX.", example="VATEX-FR-FRANCHISE")
    number: str = setting(
        "{year}-{n:04}",
        "How invoices are numbered: {n} is the place in the series, {n:04} with four digits; "
        "{year} and {month} are of the day of issue.",
        example="R{year}-{n:03}",
    )
    credit_number: str = setting(
        "C{year}-{n:04}", "How credit notes are numbered, which have a series of their own."
    )
    prefix: str = setting(
        "",
        "Stands before every number. A second machine that issues invoices for the same account "
        "needs one of its own.",
        example="B-",
    )
    grouping: Literal["task", "project", "day", "entry"] = setting(
        "task", "What one line of an invoice is for."
    )
    service_amount: Literal["net", "gross"] = setting(
        "net",
        "Which sum the service is told of an invoice: without VAT, as it reckons work itself, or "
        "with it. Its document does not say which it means.",
    )
    elsewhere_amount: Literal["gross", "net"] = setting(
        "gross",
        "What the service's amount of an invoice from elsewhere is, of which nothing is kept here: "
        "what its client was asked for, or that without VAT, as of those of another machine with "
        "service_amount = net. Lists, sums, reminders and documents go by it.",
    )
    due_days: int = setting(14, "Days after which an invoice is due.", above=-1)
    terms: str = setting(
        "",
        "Terms of payment in words; {due} is the day on which it is due, {days} is how many days "
        "that is after the day of issue.",
        example="Payable by {due} without deduction.",
    )
    business_process: str = setting(
        "", "BT-23: in France S1 for services, B1 for goods, M1 for both."
    )
    notes: dict[str, str] = setting(
        {},
        "Notes by their code of UNTDID 4451; France wants PMT, PMD and AAB.",
        example='{ AAB = "Pas d\'escompte" }',
    )
    template: str = setting(
        "", "Your own typst template of the PDF; empty is the one that is shipped."
    )
