"""`tockdeck invoice`: documents on standard output, in files, and checks of many in one run."""

from __future__ import annotations

import asyncio
import io
import json
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from pypdf import PdfReader

from tests.cli.conftest import Shell, Terminal
from tests.deck import at_work
from tests.harness import EmbeddedServer
from tui.cli import DONE, REFUSED, USAGE

IBAN = "DE89370400440532013000"


@pytest.fixture(scope="module")
def server() -> Iterator[EmbeddedServer]:
    with EmbeddedServer(services=["timesheets"]) as running:
        yield running


def test_a_document_is_written_to_standard_output_or_a_file(seller: Shell, tmp_path: Path) -> None:
    shown = seller.run("invoice", "3")
    assert shown.status == DONE, shown.err
    assert shown.out.startswith("# Invoice 3\n")
    assert "Kestrel Instruments" in shown.out
    assert "the service does not say when invoice 3 was issued" in shown.err
    dated = seller.run("invoice", "3", "--issued", "2026-02-03", "--to", "csv")
    assert ",2026-02-03,Kestrel Instruments," in dated.out
    assert "was issued" not in dated.err
    file = tmp_path / "three.pdf"
    assert seller.run("invoice", "3", "--to", "facturx", "-o", str(file)).status == DONE
    assert list(PdfReader(file).attachments) == ["factur-x.xml"]
    assert file.stat().st_mode & 0o077 == 0
    folder = tmp_path / "out"
    many = seller.run("invoice", "1", "3", "12", "--to", "ubl", "-o", str(folder))
    assert many.status == DONE, many.err
    names = sorted(one.name for one in folder.iterdir())
    assert names == ["Factuur-12.xml", "Invoice-3.xml", "Rechnung-1.xml"]


def test_one_that_cannot_be_written_keeps_none_of_the_others_from_it(
    seller: Shell, tmp_path: Path
) -> None:
    clients = seller.home / "config" / "clients.toml"
    text = clients.read_text().replace('country = "GB"', 'country = ""')
    clients.write_text(text)
    folder = tmp_path / "out"
    words = ("2026-0099", "999", "3", "1", "12", "--to", "facturx")
    many = seller.run("invoice", *words, "-o", str(folder))
    assert many.status == REFUSED
    written = sorted(one.name for one in folder.iterdir())
    said = many.err.splitlines()
    assert written == ["Factuur-12.pdf", "Rechnung-1.pdf"], many.err
    assert "No invoice has the number 2026-0099" in said[0]
    (gone,) = [line for line in said if line.startswith("tockdeck: invoice 999: ")]
    assert "not found" in gone.lower()
    whose = [line for line in said if "buyer.country: the country is missing" in line]
    assert all(line.startswith("tockdeck: invoice 3: ") for line in whose), many.err
    assert whose, many.err
    assert said[-1] == "tockdeck: 2 of 5 written"
    checked = seller.run("invoice", "1", "999", "--check")
    assert checked.status == REFUSED
    assert "invoice 1: UBL 2.1 (EN 16931): valid" in checked.out
    assert checked.err.splitlines()[-1] == "tockdeck: 1 of 2 checked"


def test_what_all_of_them_fail_of_is_told_once_with_all_numbers(
    seller: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("no folder")
    words = ("invoice", "1", "3", "12", "--to")
    folder = tmp_path / "file" / "out"
    broken = seller.run(*words, "ubl", "-o", str(folder))
    assert broken.status == USAGE
    assert once(broken.err).startswith(f"Disk: {folder}: ")
    assert broken.err.splitlines()[-1] == "tockdeck: 0 of 3 written"
    with monkeypatch.context() as here:
        here.setitem(sys.modules, "typst", None)
        bare = seller.run(*words, "pdf", "-o", str(tmp_path))
    assert (bare.status, "pip install" in once(bare.err)) == (REFUSED, True)
    seller.set({"TOCKDECK_TIMESHEETS_PASSWORD": "wrong"})
    assert once(seller.run(*words, "ubl", "-o", str(tmp_path)).err)


def once(said: str) -> str:
    """What the three fail of, which is told in one line."""
    assert "invoice 1: " not in said
    (line,) = [one for one in said.splitlines() if "invoices 1, 3 and 12: " in one]
    return line.partition("invoices 1, 3 and 12: ")[2]


def test_many_are_checked_in_one_run_and_what_is_missing_is_told(seller: Shell) -> None:
    good = seller.run("invoice", "1", "3", "--check")
    assert good.status == DONE, good.out
    lines = good.out.splitlines()
    assert [line.partition(", ")[0] for line in lines] == [
        "invoice 1: Factur-X (EN 16931): valid",
        "invoice 1: UBL 2.1 (EN 16931): valid",
        "invoice 3: Factur-X (EN 16931): valid",
        "invoice 3: UBL 2.1 (EN 16931): valid",
    ]
    assert seller.run("invoice", "1", "--check", "--to", "xrechnung").status == DONE
    mail = seller.run("invoice", "1", "--to", "eml", "--attach", "xrechnung")
    assert 'filename="Rechnung-1.xml"' in mail.out
    french = seller.run("invoice", "1", "--check", "--rules", "fr")
    assert french.status == REFUSED
    assert "invoice 1: error: notes: France wants the notes PMT" in french.out
    assert "French reform: not valid" in french.out
    seller.set({"TOCKDECK_SELLER_IBAN": f"{IBAN[:-1]}1", "TOCKDECK_SELLER_COUNTRY": ""})
    bad = seller.run("invoice", "1", "--check")
    assert bad.status == REFUSED
    assert "invoice 1: error: seller.country: the country is missing" in bad.out
    assert "invoice 1: error: seller.iban: DE89370400440532013001 is no IBAN" in bad.out
    assert bad.out.splitlines()[-1] == "invoice 1: not valid; the rules were not run"
    assert "What is seller stands in [seller] of the configuration." in bad.out
    refused = seller.run("invoice", "1", "--to", "ubl")
    assert refused.status == REFUSED
    assert refused.out == ""
    assert "seller.country: the country is missing" in refused.err


def test_an_issued_one_is_called_by_its_number_and_needs_no_service(
    seller: Shell, server: EmbeddedServer
) -> None:
    async def issued() -> None:
        async with at_work(server, seller.home) as workspace:
            clients = [one.id for one in (await workspace.invoices.clients()).value.clients]
            found = (await workspace.invoices.invoices(clients)).value.invoices
            (invoice,) = [one for one in found if one.id == 12]
            await workspace.papers.issue(invoice, date(2026, 11, 2))

    asyncio.run(issued())
    seller.set({"TOCKDECK_TIMESHEETS_PASSWORD": "wrong"})
    shown = seller.run("invoice", "2026-0001", "--to", "json")
    assert shown.status == DONE, shown.err
    assert shown.err == ""
    document = json.loads(shown.out)
    assert (document["number"], document["issued"]) == ("2026-0001", "2026-11-02")
    assert document["buyer"]["name"] == "Tidewater Logistics"
    both = seller.run("invoice", "2026-0001", "--check")
    assert both.status == DONE, both.out
    assert seller.run("invoice", "13").status != DONE, "that one needs the service"


def test_what_recurs_and_is_due_is_listed_without_the_service(
    seller: Shell, server: EmbeddedServer
) -> None:
    none = seller.run("invoices", "recurring")
    assert (none.status, none.out) == (DONE, "")
    assert "nothing recurs: Recurring, on the deck's Invoices, sets it up" in none.err
    empty = seller.run("invoices", "recurring", "--json")
    assert (empty.status, json.loads(empty.out)) == (DONE, [])

    async def kept() -> str:
        async with at_work(server, seller.home) as workspace:
            values = {"client": 1, "client_name": "Loft \x1b[31m", "title": "Berth", "every": 2}
            days = {"first": date(2020, 1, 31), "last": date(2020, 5, 1)}
            one = await workspace.recurring.save(None, {**values, **days, "lines": "Berth: 9.00"})
            return one.id

    identity = asyncio.run(kept())
    seller.set({"TOCKDECK_TIMESHEETS_PASSWORD": "wrong"})
    found = json.loads(seller.run("invoices", "recurring", "--json").out)
    assert found == [
        {"id": identity, "title": "Berth", "client": "Loft \x1b[31m", "every": "2 months",
         "due": ["2020-01-31", "2020-03-31"], "next": "", "until": "2020-05-01"}
    ]  # fmt: skip
    table = seller.run("invoices", "recurring")
    assert "2020-01-31 2020-03-31" in table.out
    assert "\x1b[31m" not in table.out
    assert "2 invoices due" in table.out + table.err
    assert seller.run("invoices", "recurring", "--csv").out.startswith("title,client,every,due,")


def test_what_recurs_is_drafted_from_the_shell_once_after_a_look(
    seller: Shell, server: EmbeddedServer
) -> None:
    async def kept() -> None:
        async with at_work(server, seller.home) as workspace:
            values = {"client": 1, "client_name": "Bayshore", "title": "Berth [b]", "every": 1}
            days = {"first": date(2020, 1, 31), "last": date(2020, 3, 1), "work": False}
            lines = "Berth: 120.00\nMileage: 42.5 km × 0.30"
            await workspace.recurring.save(None, {**values, **days, "lines": lines})
            # Its work is none: it is refused, and the others are drafted.
            none = {**values, "title": "Hours", "first": date(2020, 2, 1), "last": date(2020, 2, 1)}
            await workspace.recurring.save(None, {**none, "work": True, "lines": ""})

    asyncio.run(kept())
    draft = ("invoices", "recurring", "draft")
    looked = seller.run(*draft, "berth")
    assert looked.status == USAGE, "nobody is there to be asked"
    assert "Berth [b]: due 2020-01-31" in looked.out
    # 120.00 + 42.5 × 0.30 = 132.75, and 19 % of it 25.2225.
    assert "157.97" in looked.out
    assert "--yes drafts what is due" in looked.err
    assert len(json.loads(seller.run("invoices", "recurring", "--json").out)[0]["due"]) > 0
    made = seller.run(*draft, "--yes", "--json")
    assert made.status == REFUSED, made.err
    rows = json.loads(made.out)
    assert [(row["due"], row["state"]) for row in rows] == [
        ("2020-01-31", "drafted"), ("2020-02-01", "refused"), ("2020-02-29", "drafted"),
    ]  # fmt: skip
    assert "nothing is to be billed" in made.err
    listed = json.loads(seller.run("invoices", "--json").out)
    for row in rows[::2]:
        (one,) = [each for each in listed if each["id"] == row["id"]]
        assert (one["state"], one["amount"]) == ("draft", "157.97")
    again = seller.run(*draft, "berth", "--yes")
    assert again.status == DONE
    assert "nothing is due" in again.err
    for words, status, said in (
        ((*draft, "no such"), REFUSED, "nothing that recurs holds this"),
        ((*draft, "--csv"), USAGE, "as text or with --json"),
        (("invoices", "--yes"), USAGE, "--yes is for what is done: draft, issue, pay"),
    ):
        outcome = seller.run(*words)
        assert (outcome.status, said in outcome.err) == (status, True), words


def test_what_cannot_be_done_is_told(
    seller: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for words, said in (
        (("1", "2"), "several invoices need a folder"),
        (("1", "--check", "--to", "pdf"), "rules are there for facturx, ubl, xrechnung"),
        (("1", "--issued", "someday"), "Write a date as"),
        (("1", "--attach", "ubl"), "--attach is for a mail"),
    ):
        outcome = seller.run("invoice", *words)
        assert outcome.status == USAGE, words
        assert said in outcome.err
    unknown = seller.run("invoice", "2026-0001")
    assert unknown.status == REFUSED
    assert "No invoice has the number 2026-0001" in unknown.err
    for digits in (20, 5000):  # More than SQLite keeps, and than Python reads.
        unknown = seller.run("invoice", "9" * digits)
        assert unknown.status == REFUSED
        assert "No invoice has the number 999" in unknown.err
    gone = seller.run("invoice", "999")
    assert gone.status == REFUSED
    assert "not found" in gone.err.lower()
    with monkeypatch.context() as here:
        here.setattr(sys, "stdout", io.TextIOWrapper(Terminal()))
        at_terminal = seller.run("invoice", "1", "--to", "pdf")
    assert at_terminal.status == USAGE
    assert "PDF is nothing for a terminal" in at_terminal.err
    (seller.home / "config" / "clients.toml").write_text("[1]\nvatid = 'x'")
    odd = seller.run("invoice", "1")
    assert odd.status == USAGE
    assert "vatid" in odd.err
    # The German seller sells to Germany without a rate that anybody set.
    monkeypatch.setitem(sys.modules, "typst", None)
    (seller.home / "config" / "clients.toml").unlink()
    missing = seller.run("invoice", "1", "--to", "pdf")
    assert missing.status == REFUSED
    assert "pip install 'tockdeck[invoice]'" in missing.err
