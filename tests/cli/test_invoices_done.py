"""`tockdeck invoices draft|issue|pay|unpaid|credit`: from approved work to the money."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import PATIENCE, ROOT, Shell
from tests.harness import EmbeddedServer
from tui.cli import DONE, REFUSED, UNKNOWN, USAGE
from tui.cli.completed import words_of_verb
from tui.services.broken import Broke, Broken
from tui.services.loopback import Asked, Line, Reply


@pytest.fixture
def server() -> Iterator[EmbeddedServer]:
    """One of its own: what is issued stands."""
    with EmbeddedServer(services=["timesheets"]) as running:
        two_to_bill(running)
        yield running


def two_to_bill(server: EmbeddedServer) -> None:
    """Two approved hours of Quay Street Bakery that nothing bills yet, ten days ago: how many of
    the sample's own are so is of the day on which it is made.
    """
    begun = int((datetime.now(UTC) - timedelta(days=10)).timestamp())
    with server.context.database.write() as connection:
        made = connection.execute(
            "INSERT INTO timesheets_entries (user_id, task_id, start_time, end_time, status,"
            " approve_date, updated)"
            " SELECT user_id, task_id, hour.begun, hour.begun + 3600, 'approved',"
            " hour.begun + 7200, hour.begun + 7200"
            " FROM (SELECT ? AS begun UNION ALL SELECT ?) AS hour,"
            " (SELECT user_id, task_id FROM timesheets_entries"
            " JOIN timesheets_tasks AS task ON task.id = task_id"
            " JOIN timesheets_projects AS project ON project.id = project_id"
            " JOIN timesheets_clients AS client ON client.id = client_id"
            " WHERE client.name = 'Quay Street Bakery' AND end_time IS NOT NULL LIMIT 1)",
            (begun, begun + 3600),
        )
        assert made.rowcount == 2


def told(shell: Shell, *words: str) -> Any:
    said = shell.run("invoices", *words, "--json")
    assert said.status == DONE, said.err
    return json.loads(said.out)


def of_id(shell: Shell, number: int) -> dict[str, str]:
    (found,) = [one for one in told(shell) if one["id"] == number]
    assert isinstance(found, dict)
    return found


def test_work_becomes_an_invoice_a_number_money_and_is_taken_back(connected: Shell) -> None:
    words = ["draft", "issue", "pay", "unpaid", "credit", "next", "recurring"]
    assert words_of_verb("invoices") == words
    draft = ("draft", "quay")
    looked = connected.run("invoices", *draft)
    assert looked.status == USAGE, "nobody is there to be asked"
    assert "New invoice for" in looked.out
    assert " h × " in looked.out
    assert "nothing was made: --yes makes it" in looked.err
    dry = told(connected, *draft, "--dry-run")
    assert (dry["state"], dry["id"]) == ("offered", None)
    assert not set(dry["marked_beside"]) & set(dry["entries"])
    one_project = told(connected, *draft, "--dry-run", "--group", "entry", "--discount", "10 %")
    assert len(one_project["lines"]) == len(one_project["entries"]) >= len(dry["lines"])
    assert Decimal(one_project["net"]) < Decimal(dry["net"])
    before = len(told(connected))
    made = told(connected, *draft, "--line", "Train: 45.00", "--yes")
    assert made["state"] == "drafted"
    assert made["lines"][-1]["text"] == "Train"
    # What the document comes to is what its lines do, reckoned here.
    assert Decimal(made["net"]) == sum(Decimal(one["amount"]) for one in made["lines"])
    assert Decimal(made["net"]) == Decimal(dry["net"]) + 45
    identity = made["id"]
    listed = of_id(connected, identity)
    assert (listed["state"], listed["amount"], listed["due"]) == (
        "draft", made["amount"], made["due"],
    )  # fmt: skip
    assert connected.run("changes", "undo").status == DONE
    assert len(told(connected)) == before
    identity = told(connected, *draft, "--yes")["id"]

    number = f"{identity}"
    asked = connected.run("invoices", "issue", number)
    assert (asked.status, "--yes does it" in asked.err) == (USAGE, True)
    today = datetime.now(UTC).date()
    early = connected.run("invoices", "issue", number, "--yes", "--due", "2020-01-01")
    assert (early.status, "before its own day" in early.err) == (REFUSED, True)
    ahead = connected.run(
        "invoices", "issue", number, "--on", f"{today + timedelta(days=40)}", "--dry-run"
    )
    assert "has not come yet" in ahead.out
    issued = told(connected, "issue", number, "--yes")
    assert issued["state"] == "issued"
    assert issued["number"].endswith("-0001")
    again = connected.run("invoices", "issue", number, "--yes")
    assert (again.status, "issued already" in again.err) == (REFUSED, True)
    assert connected.run("invoice", issued["number"], "--to", "json").status == DONE

    part = told(connected, "pay", issued["number"], "100", "--text", "by cheque")
    whole = Decimal(of_id(connected, identity)["amount"])
    assert (part["state"], Decimal(part["open"])) == ("part", whole - 100)
    assert of_id(connected, identity)["state"] == "part"
    rest = connected.run("invoices", "pay", issued["number"], "--on", "yesterday")
    assert rest.status == DONE
    paid = of_id(connected, identity)
    assert (paid["state"], paid["open"]) == ("paid", "0.00")
    twice = connected.run("invoices", "pay", issued["number"])
    assert (twice.status, "paid already" in twice.err) == (REFUSED, True)
    # As a kill leaves it between the last payment and the mark at the service.
    new = f"invoice_id={identity}", "status=new"
    unmarked = connected.run("call", "timesheets.invoice.update", *new)
    assert unmarked.status == DONE, unmarked.err
    half = of_id(connected, identity)
    assert (half["state"], half["open"]) == ("part", "0.00")
    would = connected.run("invoices", "pay", issued["number"], "--dry-run")
    assert "would be marked paid" in would.out
    assert told(connected, "pay", issued["number"])["state"] == "paid"
    assert f"Invoice {issued['number']} paid" in connected.run("changes", "--most", "1").out
    back = told(connected, "unpaid", issued["number"], "--yes")
    assert (back["state"], back["payments_taken_back"]) == ("unpaid", 2)
    assert Decimal(of_id(connected, identity)["open"]) == whole
    nothing = connected.run("invoices", "unpaid", issued["number"], "--yes")
    assert nothing.status == REFUSED

    note = told(connected, "credit", issued["number"], "--yes", "--free-work")
    assert (note["state"], note["number"]) == ("cancelled", issued["number"])
    assert note["credit_note"].startswith("C")
    assert of_id(connected, identity)["state"] == "cancelled"
    assert told(connected, *draft, "--dry-run")["entries"], "its work can be billed again"
    for words, why in (
        (("credit", issued["number"]), "is cancelled"),
        (("pay", issued["number"]), "was taken back"),
        (("pay", note["credit_note"]), "is a credit note"),
        (("pay", "nothing-of-it"), "No invoice has the number"),
        (("draft", "e"), "fit 'e'"),
        (("draft", "nobody"), "No client is called"),
    ):
        refused = connected.run("invoices", *words, "--yes")
        assert (refused.status, why in refused.err) == (REFUSED, True), words
    for words in (
        ("issue",), ("issue", number, "2"), ("pay", number, "-5"), ("pay", number, "much"),
        ("credit", number, "--text", "x"), ("--free-work",), ("draft", "quay", "--from", "soon"),
        ("draft", "quay", "--period", "last week", "--to", "today"), ("pay", number, "--csv"),
    ):  # fmt: skip
        assert connected.run("invoices", *words).status == USAGE, words


def test_what_became_of_the_work_of_a_draft_is_said_before_it_is_issued(
    connected: Shell, server: EmbeddedServer
) -> None:
    made = told(connected, "draft", "quay", "--yes")
    ready = told(connected, "issue", f"{made['id']}", "--dry-run")
    assert ready["since_drafted"] == ""
    # The embedded service refuses to change what is on an invoice; others may not.
    first, second = made["entries"][:2]
    with server.context.database.write() as connection:
        for change, entry in (("end_time = end_time + 1800", first), ("status = 'new'", second)):
            connection.execute(f"UPDATE timesheets_entries SET {change} WHERE id = ?", (entry,))
    said = connected.run("invoices", "issue", f"{made['id']}", "--dry-run")
    assert "Since it was drafted its work was changed: it bills " in said.err
    assert "; 1 entry of it is not approved any more. Deleting the draft and " in said.err
    assert told(connected, "issue", f"{made['id']}", "--yes")["state"] == "issued", "as it stands"


def test_undo_after_each_of_them_takes_back_that_one_and_never_an_older_one(
    connected: Shell,
) -> None:
    number = f"{told(connected, 'draft', 'quay', '--yes')['id']}"
    name = told(connected, "issue", number, "--yes")["number"]
    older = connected.run("call", "timesheets.client.create", "name=Older", "--yes")
    assert older.status == DONE, older.err

    def clients() -> str:
        return connected.run("call", "timesheets.client.search", "name=Older").out

    def undo() -> tuple[int, str]:
        said = connected.run("changes", "undo")
        return said.status, said.out + said.err

    def stand() -> dict[str, str]:
        return of_id(connected, int(number))

    issued = stand()
    assert connected.run("invoices", "pay", name, "100", "--text", "by cheque").status == DONE
    paid = stand()
    assert paid["state"] == "part"
    assert connected.run("remind", "tomorrow", "9:00", "dentist").status == DONE
    status, said = undo()
    assert (status, "Undone: Remind: dentist." in said) == (DONE, True)
    assert stand() == paid
    assert "100.00 paid" in connected.run("changes").out
    assert connected.run("invoices", "unpaid", name, "--yes").status == DONE
    assert stand() == issued
    status, said = undo()
    assert (status, "100.00 taken back" in said) == (DONE, True), said
    assert stand() == paid
    status, said = undo()
    assert (status, f"Undone: Invoice {name}: " in said, "100.00 paid" in said) == (
        DONE, True, True,
    )  # fmt: skip
    assert stand() == issued
    note = told(connected, "credit", name, "--yes")
    for _ in range(2):
        status, said = undo()
        assert (status, "A credit note stands" in said) == (REFUSED, True), said
    assert stand()["state"] == "cancelled"
    assert note["credit_note"]
    said = connected.run("invoices", "credit", name, "--yes")
    assert (said.status, "stays billed" in said.err, "--free-work" in said.err) == (
        REFUSED, True, True,
    )  # fmt: skip
    assert told(connected, "credit", name, "--yes", "--free-work")["frees_work"]
    status, said = undo()
    assert (status, "Undone: Free the work of" in said) == (DONE, True), said
    assert "Older" in clients(), "what was done before is as it was"


def test_what_lacks_a_word_or_a_number_is_said_by_it(connected: Shell) -> None:
    for option in ("--dry-run", "--yes", "--project=x"):
        said = connected.run("invoices", "draft", option)
        assert said.status == USAGE
        assert "invoices draft takes the client that it is for: draft CLIENT" in said.err
    said = connected.run("invoices", "pay", "3", "abc")
    assert said.status == USAGE
    assert said.err == "tockdeck: abc: this is not a number. Nothing was done.\n"
    said = connected.run("invoices", "pay", "3", "0")
    assert "0: it has to be more than nothing. Nothing was done." in said.err


def test_a_draft_has_vat_and_discounts_of_its_own_and_passes_the_rules(seller: Shell) -> None:
    plain = told(seller, "draft", "quay", "--dry-run")
    first = Decimal(plain["lines"][0]["amount"])
    typed = (
        "--vat", "19", "--term", "1: VAT exempt § 4 Nr. 21 UStG", "--term", "1: -5.00 goodwill",
        "--line", "Book: 30.00 VAT 7", "--discount", "10 % loyal",
    )  # fmt: skip
    made = told(seller, "draft", "quay", *typed, "--yes")
    lines = made["lines"]
    assert Decimal(lines[0]["amount"]) == first - 5
    assert (lines[0]["discount"], lines[0]["vat"], lines[-1]["vat_rate"]) == ("5.00", "E", "7")
    cent, off = Decimal("0.01"), {"E": Decimal(0), "19": Decimal(0)}
    for line in lines[:-1]:
        off["E" if line["vat"] == "E" else line["vat_rate"]] += Decimal(line["amount"])
    tenth = {key: (sum_ / 10).quantize(cent, ROUND_HALF_UP) for key, sum_ in off.items()}
    net = sum(off.values()) - sum(tenth.values()) + 30
    vat = ((off["19"] - tenth["19"]) * 19 / 100).quantize(cent, ROUND_HALF_UP) + Decimal("2.10")
    assert (Decimal(made["net"]), Decimal(made["vat"])) == (net, vat)
    assert {one["reason"] for one in made["discounts"]} == {"loyal"}
    number = told(seller, "issue", f"{made['id']}", "--yes")["number"]
    checked = seller.run("invoice", number, "--check")
    assert checked.status == DONE, checked.out
    assert checked.out.count(": valid") == 2
    shown = seller.run("invoice", number).out
    assert all(one in shown for one in ("goodwill", "loyal", "§ 4 Nr. 21 UStG"))
    for words, status, said in (
        (("--vat", "exempt"), USAGE, "say why it is exempt"),
        (("--discount", "ten"), USAGE, "a discount is 10 % or 50.00"),
        (("--term", "99: VAT 7"), REFUSED, "There is no line 99"),
    ):
        outcome = seller.run("invoices", "draft", "kestrel", *words)
        assert (outcome.status, outcome.out) == (status, ""), (words, outcome.err)
        assert said in outcome.err


def test_an_issue_of_another_day_counts_its_terms_from_there(connected: Shell) -> None:
    made = told(connected, "draft", "quay", "--yes")
    today = datetime.now(UTC).date()
    terms = date.fromisoformat(made["due"]) - today
    later = today + terms + timedelta(days=3)
    issued = told(connected, "issue", f"{made['id']}", "--on", f"{later}", "--yes")
    assert issued["due"] == f"{later + terms}"
    listed = of_id(connected, made["id"])
    assert (listed["issued"], listed["due"]) == (f"{later}", issued["due"])
    document = json.loads(connected.run("invoice", issued["number"], "--to", "json").out)
    assert document["due"] == issued["due"]
    before = connected.run("invoices", "credit", issued["number"], "--yes")
    assert (before.status, "would be before its invoice" in before.err) == (REFUSED, True)


class Cut:
    """What the service is asked at this path arrives, and the answer does not come back."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.path = ""
        send = Line.send

        async def guarded(line: Line, asked: Asked) -> Reply:
            reply = await send(line, asked)
            if not self.path or not asked.url.endswith(self.path):
                return reply
            async for _ in reply.stream:
                pass
            raise Broke(Broken.CUT, "cut off")

        monkeypatch.setattr(Line, "send", guarded)


def test_what_nobody_knows_the_outcome_of_is_its_own_exit_status(
    connected: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    cut = Cut(monkeypatch)
    cut.path = "/invoice/create"
    assert connected.run("invoices", "draft", "quay", "--yes").status == UNKNOWN
    unknown = connected.run("invoices", "draft", "quay", "--yes")
    assert (unknown.status, "nothing to bill" in unknown.err) == (REFUSED, True)
    assert "nobody knows yet whether it was made: look at it in Changes" in unknown.err
    assert "No approved work" not in unknown.err, "there is, and it is held"
    cut.path = ""
    assert connected.run("changes", "send").status == DONE, "it was made, and is found"
    identity = max(one["id"] for one in told(connected))
    taken = connected.run("invoices", "draft", "quay", "--yes")
    assert (taken.status, "nothing to bill" in taken.err) == (REFUSED, True), "it is billed"
    assert "No approved work is left to bill." in taken.err, "no days were asked for"
    termed = connected.run("invoices", "draft", "quay", "--term", "Books: VAT 7", "--yes")
    assert termed.err == taken.err, "not that there is no such line"
    of_days = connected.run("invoices", "draft", "quay", "--period", "2019-01", "--yes")
    assert "None of it is of these days." in of_days.err
    cut.path = "/invoice/add_comment"
    said = connected.run("invoices", "issue", f"{identity}", "--yes")
    assert (said.status, "Issued as" in said.out) == (UNKNOWN, True)
    assert "Another machine is not warned yet" in said.err
    found = connected.run("invoices", "pay", f"{identity}", "--json")
    assert (found.status, json.loads(found.out)["state"]) == (DONE, "paid"), "it is found there"
    states = {one["state"] for one in json.loads(connected.run("changes", "--json").out)}
    assert states == {"done"}, "nobody has to look at Changes"
    cut.path = "/invoice/set_payed"
    unpaid = next(one["id"] for one in told(connected) if one["state"] == "overdue")
    assert connected.run("invoices", "pay", f"{unpaid}").status == UNKNOWN


KILLED = """
import os, sys
from tui.cli import main
from tui.workspace.changes.sending import Sender
from tui.workspace.invoices.issuing import COMMENT, Issuing

tell, send = Issuing._tell, Sender.send

async def cut(self, change, *more, **named):
    if change.operation == COMMENT and sys.argv[1] == "begun":
        os._exit(9)
    return await send(self, change, *more, **named)

async def killed(self, one):
    if sys.argv[1] == "begun":
        await tell(self, one)
    if sys.argv[1] == "after":
        self._papers.untold.told = lambda *_: os._exit(9)
        await tell(self, one)
    os._exit(9)

Issuing._tell, Sender.send = killed, cut
main(sys.argv[2:])
"""


@pytest.mark.parametrize("when", ["before", "begun", "after"])
def test_a_kill_between_number_and_comment_leaves_no_other_machine_unwarned(
    connected: Shell, tmp_path: Path, server: EmbeddedServer, when: str
) -> None:
    """Killed before the comment it is written by the next run, killed after it not twice.

    As one that was begun nobody knows of it: it is looked for there, and written where it is not.
    """
    identity = told(connected, "draft", "quay", "--yes")["id"]
    words = [sys.executable, "-c", KILLED, when, "invoices", "issue", f"{identity}", "--yes"]
    ended = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE)
    assert ended.returncode == 9, ended.stderr

    def comments() -> list[str]:
        found = json.loads(
            connected.run("call", "timesheets.invoice.comments", f"invoice_id={identity}").out
        )
        return [one["content"] for one in found["items"]]

    assert len(comments()) == (when == "after")
    listed = connected.run("invoices", "--json")
    (one,) = [row for row in json.loads(listed.out) if row["id"] == identity]
    assert one["state"] == "issued"
    assert ("another machine is warned now" in listed.err) == (when != "after")
    assert comments() == [f"Issued as {one['number']}."]
    again = connected.run("invoices", "--json")
    assert (again.err, len(comments())) == ("", 1)
    connected.set({"TOCKDECK_HOME": str(tmp_path / "other")})
    other = next(row["id"] for row in told(connected) if row["id"] != identity)
    refused = connected.run("invoices", "issue", f"{other}", "--yes")
    assert refused.status == REFUSED
    assert f"was issued as {one['number']} by another machine" in refused.err


def test_a_status_that_is_not_known_is_told_as_the_service_says_it(
    afresh: Shell, server: EmbeddedServer
) -> None:
    first = json.loads(afresh.run("invoices", "--json").out)[0]
    owed = afresh.run("invoices", "--owed", "--json").out
    with server.context.database.write() as connection:
        connection.execute(
            "UPDATE timesheets_invoices SET status = 'void' WHERE id = ?", (first["id"],)
        )
    ran = afresh.run("invoices", "--json")
    row = next(one for one in json.loads(ran.out) if one["id"] == first["id"])
    assert (row["state"], float(row["open"])) == ("void", 0)
    assert "1 invoice of a status that is not known here (void): counted neither as" in ran.err
    again = afresh.run("invoices", "--owed", "--json")
    assert again.out != owed
    assert "(void)" in again.err
    paid = afresh.run("invoices", "pay", str(first["id"]), "--yes")
    assert paid.status == REFUSED
    assert "Timesheets says 'void'" in paid.err
