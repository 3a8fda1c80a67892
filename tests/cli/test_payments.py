"""`tockdeck payments import` and `tockdeck invoices`: looked at, noted once, listed."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from tests.cli.conftest import Shell
from tests.harness import EmbeddedServer
from tui.cli import DONE, REFUSED, USAGE

HEAD = "Date,Amount,Currency,Description,Name,Transaction ID\n"


@pytest.fixture(scope="module")
def server() -> Iterator[EmbeddedServer]:
    with EmbeddedServer(services=["timesheets"]) as running:
        yield running


def test_what_is_sure_is_noted_once_and_listed(connected: Shell, tmp_path: Path) -> None:
    (first,) = (one for one in listed(connected) if one["number"] == "14")
    # The sample's amounts are reckoned from its entries, which change with the day.
    amount = first["amount"]
    assert (first["state"], first["open"]) == ("overdue", amount)
    assert Decimal(amount) > 0
    file = tmp_path / "bank.csv"
    rows = [
        f"2026-11-21,{amount},,invoice 14,Harbour Film Collective,T1",
        "2026-11-22,1,,x,Nobody,T2",
        "2026-11-23,-5,,fee,Bank,T3",
        "soon,5,,x,y,T4",
    ]
    file.write_text(HEAD + "\n".join(rows))
    looked = connected.run("payments", "import", str(file))
    assert looked.status == DONE, looked.err
    assert "amount and name; no number" in looked.out
    assert "no invoice fits" in looked.out
    assert "line 5 was not read" in looked.err
    assert "nothing was noted: --yes" in looked.err
    said = connected.run("payments", "import", str(file), "--yes", "--json")
    assert [one["for"] for one in json.loads(said.out)] == ["14", ""]
    assert "nothing of it is sure and new" in said.err, "an amount alone notes nothing"
    other = tmp_path / "other.csv"
    other.write_text(HEAD.replace("Description", "Date") + "03/04/2026,1,,x,y,T\n")
    assert connected.run("payments", "import", str(other)).status == REFUSED
    said = connected.run("payments", "import", str(tmp_path / "none"))
    assert said.status == USAGE
    assert f"{tmp_path / 'none'}: No such file or directory." in said.err
    assert "Errno" not in said.err


@pytest.mark.parametrize(
    ("usual", "fits"),
    [("€", "no invoice fits"), ("$", "amount and name"), ("", "amount and name")],
)
def test_another_currency_than_the_usual_one_pays_nothing(
    connected: Shell, tmp_path: Path, usual: str, fits: str
) -> None:
    (amount,) = (one["amount"] for one in listed(connected) if one["number"] == "14")
    for currency, words in (("USD", fits), ("EUR", "amount and name")):
        file = tmp_path / f"{currency}.csv"
        file.write_text(f"{HEAD}2026-11-21,{amount},{currency},,Harbour Film Collective,T1")
        words_of = ("payments", "import", str(file), "--set", f"deck.currency={usual}")
        assert words in connected.run(*words_of).out


def listed(shell: Shell, *words: str) -> list[dict[str, str]]:
    said = shell.run("invoices", "--csv", *words)
    assert said.status == DONE, said.err
    return list(csv.DictReader(io.StringIO(said.out)))


def test_invoices_are_listed_by_words_by_age_and_by_month(connected: Shell) -> None:
    every = listed(connected)
    late = listed(connected, "old", "overdue")
    assert 0 < len(late) < len(every)
    assert {one["client"] for one in late} == {"Old Mill Trust"}
    owed = json.loads(connected.run("invoices", "--owed", "--json").out)
    (mill,) = (one for one in owed if one["client"] == "Old Mill Trust")
    today, ages = datetime.now(UTC).date(), dict.fromkeys(("1-30", "31-60"), Decimal(0))
    for one in late:
        ages["1-30" if (today - date.fromisoformat(one["due"])).days <= 30 else "31-60"] += Decimal(
            one["open"]
        )
    assert all(ages.values())
    assert {age: Decimal(mill[age]) for age in ages} == ages
    assert Decimal(mill["owed"]) == sum(ages.values())
    by_month = connected.run("invoices", "--months")
    assert by_month.out.startswith("month")
    paid = {one["paid_on"][:7] for one in every if one["paid_on"]}
    assert paid
    assert all(month in by_month.out for month in paid)
    assert connected.run("invoices", "nobody-at-all").status == REFUSED
    assert connected.run("invoices", "--json", "--csv").status == USAGE


def test_one_place_says_what_an_invoice_is_in_for_lists_sums_today_and_its_document(
    connected: Shell,
) -> None:
    connected.set({"TOCKDECK_DECK_CURRENCY": "€"})
    folder = connected.home / "config"
    folder.mkdir(parents=True, exist_ok=True)
    clients = folder / "clients.toml"
    before = {one["id"]: one for one in listed(connected)}
    (lark,) = (one for one in before.values() if one["id"] == "8")
    others = {number for number, one in before.items() if one["client"] != lark["client"]}
    assert {one["currency"] for one in before.values()} == {"EUR"}
    clients.write_text(f'["{lark["client"]}"]\ncurrency = "JPY"\n', encoding="utf-8")
    after = {one["id"]: one for one in listed(connected)}
    assert {one["currency"] for number, one in after.items() if number in others} == {"EUR"}
    assert {one["currency"] for number, one in after.items() if number not in others} == {"JPY"}
    document = connected.run("invoice", "8")
    assert "JPY" in document.out, document.err
    assert "EUR" not in document.out
    assert "EUR" in connected.run("invoice", "3").out, "what is usual in the deck"
    owed = json.loads(connected.run("invoices", "--owed", "--json").out)
    unpaid = {one["currency"] for one in after.values() if Decimal(one["open"])}
    assert {one["currency"] for one in owed} == unpaid == {"EUR", "JPY"}
    paid = {one["currency"] for one in after.values() if one["paid_on"]}
    months = json.loads(connected.run("invoices", "--months", "--json").out)
    assert {one["currency"] for one in months} == paid
    sums = connected.run("invoices")
    assert "JPY" in sums.out + sums.err
    # What cannot be read takes no list down, and is said.
    clients.write_text("[1\n", encoding="utf-8")
    broken = connected.run("invoices", "--csv")
    assert broken.status == DONE
    assert list(csv.DictReader(io.StringIO(broken.out))) == list(before.values())
    assert "What clients are billed in could not be read" in broken.err
    assert "clients.toml" in broken.err


def test_changes_names_a_payment_of_an_invoice_from_elsewhere_with_what_it_is_in(
    afresh: Shell,
) -> None:
    afresh.set({"TOCKDECK_DECK_CURRENCY": "EUR"})
    unpaid = [one for one in listed(afresh) if Decimal(one["open"]) > 100]
    usual = unpaid[0]
    own = next(one for one in unpaid if one["client"] != usual["client"])
    folder = afresh.home / "config"
    folder.mkdir(parents=True, exist_ok=True)
    table = f'["{own["client"]}"]\ncurrency = "JPY"\n'
    (folder / "clients.toml").write_text(table, encoding="utf-8")
    for one in (usual, own):
        said = afresh.run("invoices", "pay", one["id"], "40")
        assert said.status == DONE, said.err
    assert afresh.run("invoices", "unpaid", own["id"], "--yes").status == DONE
    told = afresh.run("changes").out
    assert f"Invoice {usual['id']}: EUR 40.00 paid" in told
    assert f"Invoice {own['id']}: JPY 40 paid" in told
    assert f"Invoice {own['id']}: JPY 40 taken back" in told


def test_a_damaged_file_of_invoices_is_said_by_whichever_verb_finds_it(connected: Shell) -> None:
    file = connected.home / "data" / "invoices.db"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(b"this is no database" * 100)
    said = connected.run("invoices")
    (kept,) = file.parent.glob("invoices.damaged-*.db")
    assert f"The file of invoices is damaged. It was kept as {kept}." in said.err
    assert "damaged" not in connected.run("invoices").err


def test_a_damaged_file_of_changes_is_said_by_whichever_verb_finds_it(afresh: Shell) -> None:
    file = afresh.home / "data" / "changes.db"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(b"this is no database" * 100)
    said = afresh.run("call", "timesheets.group.create", "name=Crew")
    assert "The file of changes is damaged." in said.err
