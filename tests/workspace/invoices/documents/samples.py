"""A document that nothing is wrong with, to be changed by the tests."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from tui.config.invoicing import Invoices, Seller
from tui.services.timesheets.records import Client
from tui.workspace.invoices.documents import document as d
from tui.workspace.invoices.documents.profile import Profile, sample_profile
from tui.workspace.invoices.documents.reckoning import discount, piece_line, work_line

NOWHERE = Path("/nonexistent/clients.toml")
HOME, HOSTILE, GREAT_BRITAIN, DENMARK, NETHERLANDS = 1, 5, 3, 6, 12


def sample() -> Profile:
    """What the sample has set up."""
    return sample_profile(Seller(), Invoices(), NOWHERE)


def client(number: int, name: str = "Harbour Film Collective") -> Client:
    """One of the sample's, as the service has it."""
    return Client(
        id=number,
        name=name,
        address=f"{number} Quay Street",
        city="Kiel",
        email=f"office@client{number}.example.com",
    )


def document(client_id: int = HOME, **changes: Any) -> d.Document:
    """An invoice for a client of the sample: work in thirds of an hour, and kilometres."""
    profile, whose = sample(), client(client_id)
    vat = profile.vat(whose)
    off = discount(Decimal("63.62"), Decimal(10), "EUR", "Stammkunde")
    cut = work_line("Schnitt", 4000, Decimal("57.255"), "EUR", vat=vat)
    made = d.Document(
        number="2026-0003",
        issued=date(2026, 3, 2),
        due=date(2026, 3, 16),
        start=date(2026, 2, 1),
        end=date(2026, 2, 28),
        seller=profile.selling(),
        buyer=profile.buying(whose),
        lines=(
            work_line("Camera *days*", 8100, Decimal("62.5"), "EUR", vat=vat),
            replace(cut, amount=cut.amount - off.amount, adjustments=(off,)),
            piece_line("Car", Decimal(120), Decimal("0.3"), "EUR", vat=vat, unit="KMT"),
        ),
        language=profile.language(whose),
        bank=profile.bank(),
        terms=profile.terms(whose),
        buyer_reference=profile.buyer(whose).reference,
    )
    return replace(made, **changes)


def seller(**changes: Any) -> d.Party:
    """The sample's seller, changed."""
    return replace(sample().selling(), **changes)


def buyer(number: int = HOME, **changes: Any) -> d.Party:
    """A buyer of the sample, changed."""
    return replace(sample().buying(client(number)), **changes)


def line(**changes: Any) -> d.Line:
    """The first line, changed."""
    return replace(document().lines[0], **changes)
