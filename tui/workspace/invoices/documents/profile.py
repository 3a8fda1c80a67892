"""Who sells, on which terms, and what the service has no field for of a client.

It comes from `[seller]` and `[invoices]` of the configuration and from `clients.toml` beside it: a
table for each client, named by its id or its name. The sample has both in `sample.toml`.

Assumption, where neither client nor configuration says how an invoice stands to VAT: services to
businesses. At home they have the rate of home; to the EU, where both have a VAT id, the buyer owes
the VAT (Directive 2006/112/EC, articles 44 and 196); outside of the EU they are out of its scope.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import msgspec

from tui.config.invoicing import Invoices, Seller
from tui.config.load import ConfigError
from tui.services.timesheets.records import Client
from tui.workspace.invoices.amounts import code_of, is_code
from tui.workspace.invoices.documents.document import (
    NOTHING,
    Address,
    Bank,
    Category,
    Document,
    Identifier,
    Language,
    Note,
    Party,
    Vat,
)
from tui.workspace.invoices.documents.words import REASON_CODES, reason_text

EU = frozenset(
    (
        "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU",
        "IE", "IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK",
    )
)  # fmt: skip
"""Members of the European Union, by ISO 3166 (2026)."""
BY_COUNTRY = "by country"
SAMPLE = Path(__file__).with_name("sample.toml")


class ProfileError(ConfigError):
    """What was set up for invoices cannot be used; the message names the file and the key."""


class Buyer(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the service does not know of a client. Empty is what the service or `[invoices]` has."""

    name: str = ""
    address: tuple[str, ...] = ()
    post_code: str = ""
    city: str = ""
    region: str = ""
    country: str = ""
    vat_id: str = ""
    tax_id: str = ""
    registration: str = ""
    registration_scheme: str = ""
    electronic_address: str = ""
    electronic_scheme: str = ""
    contact: str = ""
    phone: str = ""
    email: str = ""
    reference: str = ""
    """BT-10; the Leitweg-ID of a German office."""
    order: str = ""
    contract: str = ""
    language: str = ""
    currency: str = ""
    vat_category: str = ""
    vat_rate: str = ""
    vat_reason: str = ""
    vat_reason_code: str = ""
    due_days: int | None = None
    terms: str = ""
    business_process: str = ""


class Profile(msgspec.Struct, frozen=True, kw_only=True):
    """All that is set up for invoices."""

    seller: Seller
    invoices: Invoices
    buyers: Mapping[str, Buyer]
    """By the id or the name of a client."""
    shipped: Mapping[str, Buyer] = {}
    """Those of the sample, where a person set nothing up."""

    def buyer(self, client: Client) -> Buyer:
        """What is set up of a client; its id goes before its name."""
        own, shipped = self.buyers, self.shipped
        found = own.get(str(client.id)) or own.get(client.name) or shipped.get(str(client.id))
        return found or Buyer()

    def selling(self) -> Party:
        """The seller as it stands on a document."""
        one = self.seller
        return Party(
            name=one.name,
            trading_name=one.trading_name,
            address=Address(
                lines=tuple(one.address),
                post_code=one.post_code,
                city=one.city,
                region=one.region,
                country=one.country,
            ),
            vat_id=one.vat_id,
            tax_id=one.tax_id,
            registration=Identifier(value=one.registration, scheme=one.registration_scheme),
            electronic=_electronic(one.electronic_address, one.electronic_scheme, one.email),
            legal_text=one.legal_text,
            contact=one.contact or one.name,
            phone=one.phone,
            email=one.email,
        )

    def buying(self, client: Client) -> Party:
        """A client as it stands on a document."""
        one = self.buyer(client)
        own = tuple(part.strip() for part in client.address.splitlines() if part.strip())
        email = one.email or client.email
        return Party(
            name=one.name or client.name,
            address=Address(
                lines=one.address or own,
                post_code=one.post_code,
                city=one.city or client.city,
                region=one.region or client.state,
                country=one.country,
            ),
            vat_id=one.vat_id,
            tax_id=one.tax_id,
            registration=Identifier(value=one.registration, scheme=one.registration_scheme),
            electronic=_electronic(one.electronic_address, one.electronic_scheme, email),
            contact=one.contact or client.contact_info,
            phone=one.phone or client.phone,
            email=email,
        )

    def bank(self) -> Bank | None:
        """Where the money goes; None where that is not set up."""
        one = self.seller
        if not (one.iban or one.account):
            return None
        return Bank(
            holder=one.account_holder or one.name,
            iban="".join(one.iban.split()),
            bic=one.bic,
            account=one.account,
            name=one.bank,
        )

    def language(self, client: Client) -> Language:
        """What documents for a client are written in. Raises ProfileError."""
        said = self.buyer(client).language or self.invoices.language
        try:
            return Language(said)
        except ValueError:
            raise ProfileError(f"language {said!r} of {client.name}: en, de, fr or nl") from None

    def currency(self, client: Client) -> str:
        """What a client is billed in."""
        return self.buyer(client).currency or self.invoices.currency

    def currency_elsewhere(self, client: Client, usual: str) -> str:
        """What an invoice from elsewhere is in, as lists have it (`Book.currency`): the client's
        own, else what is `usual` in the deck, where that is a code of ISO 4217 or its sign.
        """
        said = self.buyer(client).currency or usual
        return code_of(said) if is_code(said) else self.currency(client)

    def due(self, client: Client, issued: date) -> date:
        """When an invoice of a day is due."""
        days = self.buyer(client).due_days
        return issued + timedelta(self.invoices.due_days if days is None else days)

    def terms(self, client: Client) -> str:
        """The terms of payment in words."""
        return self.buyer(client).terms or self.invoices.terms

    def business_process(self, client: Client) -> str:
        """BT-23."""
        return self.buyer(client).business_process or self.invoices.business_process

    def notes(self) -> tuple[Note, ...]:
        """The notes that stand on every document."""
        return tuple(Note(text=text, code=code) for code, text in self.invoices.notes.items())

    def vat(self, client: Client) -> Vat:
        """How work for a client stands to VAT. Raises ProfileError."""
        buyer, usual = self.buyer(client), self.invoices
        said = buyer.vat_category or usual.vat_category
        category = self._by_country(buyer) if said == BY_COUNTRY else _category(said, client.name)
        rate = _rate(buyer.vat_rate or usual.vat_rate, client.name)
        language = self.language(client)
        if category is Category.STANDARD and not rate:
            category = Category.ZERO
        if category in (Category.STANDARD, Category.ZERO):
            return Vat(category=category, rate=rate if category is Category.STANDARD else NOTHING)
        # What is set up for all is about the category that is set up for all.
        own = usual if said == usual.vat_category and said != BY_COUNTRY else None
        reason = buyer.vat_reason or (own.vat_reason if own else "")
        code = buyer.vat_reason_code or (own.vat_reason_code if own else "")
        return Vat(
            category=category,
            reason=reason or reason_text(category, language),
            reason_code=code or REASON_CODES.get(category, ""),
        )

    def bare(self, client: Client, *, issued: date, due: date | None, currency: str) -> Document:
        """A document for a client with all that is set up, without number and lines. Raises
        ProfileError.
        """
        buyer = self.buyer(client)
        return Document(
            number="",
            issued=issued,
            due=due,
            seller=self.selling(),
            buyer=self.buying(client),
            lines=(),
            currency=currency,
            language=self.language(client),
            buyer_reference=buyer.reference,
            order_reference=buyer.order,
            contract_reference=buyer.contract,
            terms=self.terms(client),
            bank=self.bank(),
            notes=self.notes(),
            business_process=self.business_process(client),
        )

    def _by_country(self, buyer: Buyer) -> Category:
        home = self.seller.country
        if not home or not buyer.country or buyer.country == home:
            return Category.STANDARD
        if buyer.country not in EU:
            return Category.OUTSIDE
        both = buyer.vat_id and self.seller.vat_id
        return Category.REVERSE_CHARGE if home in EU and both else Category.STANDARD


def _electronic(address: str, scheme: str, email: str) -> Identifier:
    if address:
        return Identifier(value=address, scheme=scheme or "EM")
    return Identifier(value=email, scheme="EM") if email else Identifier()


def _category(said: str, name: str) -> Category:
    try:
        return Category(said)
    except ValueError:
        known = ", ".join(one.value for one in Category)
        raise ProfileError(f"vat_category {said!r} of {name}: one of {known}") from None


def _rate(said: str, name: str) -> Decimal:
    try:
        rate = Decimal(said)
    except InvalidOperation:
        rate = Decimal("NaN")
    if not (rate.is_finite() and 0 <= rate <= 100):
        raise ProfileError(f"vat_rate {said!r} of {name}: a number of per cent, as 19 or 5.5")
    return rate


def profile_of(seller: Seller, invoices: Invoices, clients_file: Path) -> Profile:
    """What a person set up. A file that is not there says nothing. Raises ProfileError."""
    return Profile(seller=seller, invoices=invoices, buyers=_buyers(_tables(clients_file)))


def sample_profile(seller: Seller, invoices: Invoices, clients_file: Path) -> Profile:
    """What the sample has, where a person set nothing up. Raises ProfileError."""
    shipped = _tables(SAMPLE)
    own = _tables(clients_file)
    return Profile(
        seller=Seller(**shipped["seller"]) if seller == Seller() else seller,
        invoices=Invoices(**shipped["invoices"]) if invoices == Invoices() else invoices,
        buyers=_buyers(own),
        shipped=_buyers(shipped["clients"]),
    )


def _tables(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as error:
        raise ProfileError(f"{path}: cannot be read: {error}") from error
    except (ValueError, RecursionError) as error:
        raise ProfileError(f"{path}: is not valid TOML: {error}") from error


def _buyers(tables: Mapping[str, Any]) -> dict[str, Buyer]:
    found: dict[str, Buyer] = {}
    for name, table in tables.items():
        try:
            found[name] = msgspec.convert(table, Buyer)
        except msgspec.ValidationError as error:
            raise ProfileError(f"clients.toml: [{name}]: {error}") from error
    return found
