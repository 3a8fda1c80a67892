"""An invoice or a credit note as data: all that a client, a bookkeeper and a state read of it.

Field names say what EN 16931-1:2017 calls a business term (BT) or group (BG), given in brackets.
Prices are without VAT, amounts of a credit note are positive. Nothing here is reckoned:
`reckoning.py` does that, and `checks.py` says what is wrong.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import Enum

import msgspec

NOTHING = Decimal()


class Kind(Enum):
    """What the document is (BT-3)."""

    INVOICE = "invoice"
    CREDIT_NOTE = "credit-note"


class Category(Enum):
    """How a line stands to VAT (BT-151), by the codes of UNTDID 5305."""

    STANDARD = "S"
    """At a rate above nothing."""
    ZERO = "Z"
    """At the rate of nothing."""
    EXEMPT = "E"
    """Without VAT, as for a small business; needs a reason."""
    REVERSE_CHARGE = "AE"
    """The buyer owes it; needs a reason and the buyer's VAT id."""
    INTRA_COMMUNITY = "K"
    """Goods to another country of the EU; needs a reason."""
    EXPORT = "G"
    """Goods out of the EU; needs a reason."""
    OUTSIDE = "O"
    """Outside of the scope of VAT; needs a reason, and no VAT id on either side."""


class Language(Enum):
    """What the document is written in."""

    ENGLISH = "en"
    GERMAN = "de"
    FRENCH = "fr"
    DUTCH = "nl"


class Vat(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """VAT of a line or of a discount: category, per cent, and why none is taken."""

    category: Category = Category.STANDARD
    rate: Decimal = NOTHING
    """Per cent (BT-152); nothing for all but `STANDARD`."""
    reason: str = ""
    """In words (BT-120)."""
    reason_code: str = ""
    """Of the list VATEX (BT-121), as `VATEX-EU-AE`."""


class Address(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Where somebody is; `country` by ISO 3166 (`DE`, `GB`)."""

    lines: tuple[str, ...] = ()
    """Street and what else stands above the city, three at most (BT-35, 36, 162)."""
    post_code: str = ""
    city: str = ""
    region: str = ""
    country: str = ""


class Identifier(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A name in a register; `scheme` by ISO 6523 (`0002` SIREN, `0009` SIRET, `0204` Leitweg)."""

    value: str = ""
    scheme: str = ""


class Party(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Who sells (BG-4) or buys (BG-7)."""

    name: str = ""
    trading_name: str = ""
    address: Address = Address()
    vat_id: str = ""
    """With the country before it (BT-31, BT-48)."""
    tax_id: str = ""
    """The tax office's number, where it is another one (BT-32)."""
    registration: Identifier = Identifier()
    """In the register of companies (BT-30, BT-47)."""
    identifiers: tuple[Identifier, ...] = ()
    """Further ones, as a SIRET (BT-29)."""
    electronic: Identifier = Identifier()
    """Address for e-invoices (BT-34, BT-49); scheme `EM` is an e-mail address."""
    legal_text: str = ""
    """Legal form, capital, managers (BT-33)."""
    contact: str = ""
    phone: str = ""
    email: str = ""


class Bank(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Where the money goes (BG-17)."""

    holder: str = ""
    iban: str = ""
    bic: str = ""
    account: str = ""
    """A number that is no IBAN, where the country has none."""
    name: str = ""


class Adjustment(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A discount, or with `charge` something on top; on a line or on the whole document.

    Either `amount` stands alone, or it is `percent` of `base`, rounded as `reckoning` does.
    """

    amount: Decimal
    percent: Decimal | None = None
    base: Decimal | None = None
    reason: str = ""
    charge: bool = False
    vat: Vat = Vat()
    """Of one on the whole document; on a line the line's own holds."""


class Line(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A line (BG-25)."""

    text: str
    amount: Decimal
    """Without VAT, rounded, after the line's discounts, as it was reckoned (BT-131)."""
    quantity: Decimal = Decimal(1)
    """As it is written (BT-129): of hours four decimals, where they are not even."""
    unit: str = "C62"
    """By UNECE recommendation 20: `HUR` hours, `DAY` days, `KMT` kilometres, `C62` pieces."""
    price: Decimal = NOTHING
    """For `price_base` units, without VAT, never negative (BT-146)."""
    price_base: Decimal = Decimal(1)
    seconds: int | None = None
    """Worked seconds that the quantity stands for: the amount is reckoned from them."""
    vat: Vat = Vat()
    adjustments: tuple[Adjustment, ...] = ()
    id: str = ""
    """Number of the line (BT-126); empty is its place, from 1."""
    note: str = ""
    working: str = ""
    """How the amount was reckoned, as it was drafted: `2:15 h × 62.50 = 140.63`. A document shows
    it in its own language, of work always."""
    start: date | None = None
    end: date | None = None


class Payment(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What was paid already; their sum is BT-113."""

    amount: Decimal
    day: date | None = None
    text: str = ""


class Preceding(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The invoice that a credit note is for (BG-3)."""

    number: str
    day: date | None = None


class Note(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A note (BG-1); `code` by UNTDID 4451, as `PMT`, `PMD`, `AAB` in France."""

    text: str
    code: str = ""


class Document(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An invoice or credit note."""

    number: str
    """Empty on a draft (BT-1)."""
    issued: date
    seller: Party
    buyer: Party
    lines: tuple[Line, ...]
    kind: Kind = Kind.INVOICE
    currency: str = "EUR"
    """By ISO 4217 (BT-5)."""
    language: Language = Language.ENGLISH
    due: date | None = None
    delivered: date | None = None
    """The day of delivery (BT-72), where it is one day."""
    start: date | None = None
    end: date | None = None
    """The days from and to which the work was done (BG-14), both included."""
    deliver_to: Address | None = None
    """Where goods went (BG-15), where that is not the buyer's address."""
    buyer_reference: str = ""
    """What the buyer wants to read; the Leitweg-ID of a German office (BT-10)."""
    order_reference: str = ""
    contract_reference: str = ""
    project_reference: str = ""
    terms: str = ""
    """Terms of payment in words (BT-20); `{due}` and `{days}` in them are of this one."""
    bank: Bank | None = None
    payment_means: str = ""
    """By UNTDID 4461 (BT-81); empty is a transfer: 58 to an IBAN, else 30."""
    payment_reference: str = ""
    """What the buyer is to write on the transfer (BT-83); empty is the number."""
    adjustments: tuple[Adjustment, ...] = ()
    """Discounts and charges on the whole; one for each VAT group that they touch."""
    payments: tuple[Payment, ...] = ()
    rounding: Decimal = NOTHING
    """Added to what is due, as to five rappen (BT-114)."""
    preceding: tuple[Preceding, ...] = ()
    notes: tuple[Note, ...] = ()
    business_process: str = ""
    """BT-23: in France `S1` for services, `B1` for goods, `M1` for both."""
    tax_currency: str = ""
    """The currency in which the seller declares VAT, where it is another one (BT-6)."""
    tax_total: Decimal | None = None
    """The VAT of all groups in `tax_currency` (BT-111)."""
    service_amount: Decimal | None = None
    """What the service has for this invoice, to be held against our sums; not written."""


def as_json(document: Document) -> bytes:
    """A document as it is kept."""
    return msgspec.json.encode(document)


def from_json(data: bytes | str) -> Document:
    """A document that was kept.

    Raises `msgspec.DecodeError` or `msgspec.ValidationError` for what is none.
    """
    return msgspec.json.decode(data, type=Document)
