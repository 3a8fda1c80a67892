"""What is set up for invoices: seller, terms, clients, and how an invoice stands to VAT."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.workspace.invoices.documents.samples import NOWHERE, client, sample
from tui.config.invoicing import Invoices, Seller
from tui.services.timesheets.records import Invoice
from tui.workspace.invoices.document_desk import document_of, settled
from tui.workspace.invoices.documents.checks import check
from tui.workspace.invoices.documents.profile import ProfileError, profile_of, sample_profile
from tui.workspace.invoices.documents.reckoning import totals

HOME = Seller(name="Me", country="FR", vat_id="FR92529504920")


def set_up(tmp_path: Path, toml: str, **invoices: str) -> Path:
    path = tmp_path / "clients.toml"
    path.write_text(toml)
    return path


@pytest.mark.parametrize(
    ("table", "invoices", "category", "rate", "code"),
    [
        ("country = 'FR'", {"vat_rate": "20"}, "S", "20", ""),
        ("country = 'FR'", {"vat_rate": "0"}, "Z", "0", ""),
        ("country = 'DE'\nvat_id = 'DE666972510'", {"vat_rate": "20"}, "AE", "0", "VATEX-EU-AE"),
        ("country = 'DE'", {"vat_rate": "20"}, "S", "20", ""),
        ("country = 'US'", {"vat_rate": "20"}, "O", "0", "VATEX-EU-O"),
        ("", {"vat_rate": "20"}, "S", "20", ""),
        ("vat_rate = '5.5'", {"vat_rate": "20"}, "S", "5.5", ""),
        (
            "country = 'FR'",
            {"vat_category": "E", "vat_reason": "293 B", "vat_reason_code": "VATEX-FR-FRANCHISE"},
            "E",
            "0",
            "VATEX-FR-FRANCHISE",
        ),
        (
            "vat_category = 'G'",
            {"vat_category": "E", "vat_reason_code": "X"},
            "G",
            "0",
            "VATEX-EU-G",
        ),
    ],
)
def test_vat_goes_by_client_then_by_what_is_set_up_then_by_country(
    tmp_path: Path, table: str, invoices: dict[str, str], category: str, rate: str, code: str
) -> None:
    path = set_up(tmp_path, f"[1]\n{table}")
    vat = profile_of(HOME, Invoices(**invoices), path).vat(client(1))
    assert (vat.category.value, vat.rate, vat.reason_code) == (category, Decimal(rate), code)
    assert bool(vat.reason) == (category not in "SZ")


@pytest.mark.parametrize(
    ("toml", "words"),
    [
        ("[1", "clients.toml"),
        ("[1]\nvatid = 'x'", "vatid"),
        ("[1]\nlanguage = 'tlh'", "en, de, fr or nl"),
        ("[1]\nvat_rate = 'much'", "a number of per cent"),
        ("[1]\nvat_rate = 'NaN'", "a number of per cent"),
        ("[1]\nvat_category = 'X'", "one of S"),
        ("['Harbour Film Collective']\nlanguage = 1", "str"),
    ],
)
def test_what_cannot_be_used_is_told_with_its_place(tmp_path: Path, toml: str, words: str) -> None:
    path = set_up(tmp_path, toml)
    with pytest.raises(ProfileError, match=words):
        profile_of(HOME, Invoices(), path).vat(client(1))


def test_a_client_is_found_by_id_before_its_name(tmp_path: Path) -> None:
    path = set_up(tmp_path, "[1]\ncity = 'A'\n['Harbour Film Collective']\ncity = 'B'")
    profile = profile_of(HOME, Invoices(), path)
    assert profile.buying(client(1)).address.city == "A"
    assert profile.buying(client(2)).address.city == "B"
    assert profile.buying(client(3, "Other")).address.city == "Kiel"
    assert profile_of(HOME, Invoices(), NOWHERE).bank() is None


def test_the_sample_gives_way_to_what_a_person_set_up(tmp_path: Path) -> None:
    path = set_up(tmp_path, "[1]\ncountry = 'FR'\n['By name']\ncity = 'B'")
    own = sample_profile(HOME, Invoices(), path)
    assert own.selling().name == "Me"
    assert own.buying(client(1)).address.country == "FR"
    assert own.buying(client(6)).address.country == "DK"
    named = own.buying(client(6, "By name")).address
    assert (named.city, named.country) == ("B", ""), "not the sample's table of its id"
    assert own.invoices.due_days == 14


def test_a_document_of_an_amount_and_a_day(tmp_path: Path) -> None:
    today, due = date(2026, 3, 20), datetime(2026, 3, 25, tzinfo=UTC)
    invoice = Invoice(id=3, due_date=due, amount=Decimal("140.625"), status="new")

    def made(issued: date | None = None, day: date = today):
        return document_of(invoice, client(1), sample(), UTC, day, issued)

    assert made().issued == date(2026, 3, 11), "so long before it is due as invoices have"
    assert made(day=date(2026, 3, 1)).issued == date(2026, 3, 1), "never after today"
    assert made(date(2026, 2, 2)).issued == date(2026, 2, 2)
    one = made()
    assert (one.number, one.due, one.language.value) == ("3", date(2026, 3, 25), "de")
    assert one.lines[0].text == "Leistungen wie vereinbart"
    # A half cent of the service is shown as what it is, not lost.
    assert totals(one).asked == Decimal("140.63")
    (told,) = check(one)
    assert told.field == "amount"
    assert "-0.005 apart" in told.words
    paid = replace(invoice, status="payed", payed_date=due)
    whole = settled(document_of(paid, client(1), sample(), UTC, today), paid, (), UTC)
    assert (totals(whole).due, whole.payments[0].day) == (0, date(2026, 3, 25))
    bare = Invoice(id=4)
    assert document_of(bare, client(1), sample(), UTC, today).due is None
