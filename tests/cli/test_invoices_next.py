"""`tockdeck invoices next`: with which number the series go on."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from tests.cli.conftest import Shell
from tests.harness import EmbeddedServer
from tui.cli import DONE, REFUSED, USAGE

ON = ("--on", "2026-11-30")


@pytest.fixture
def server() -> Iterator[EmbeddedServer]:
    """One of its own: what is issued stands."""
    with EmbeddedServer(services=["timesheets"]) as running:
        yield running


def following(shell: Shell, *words: str) -> str:
    said = shell.run("invoices", "next", *words, *ON)
    assert (said.status, said.err) == (DONE, "")
    return said.out.strip()


def test_a_series_goes_on_where_another_program_ended(afresh: Shell) -> None:
    first = following(afresh)
    assert first.endswith("2026-0001")
    wanted = first.replace("0001", "0041")
    asked = afresh.run("invoices", "next", "41", *ON)
    assert (asked.status, "--yes does it" in asked.err) == (USAGE, True), "nobody is there"
    would = f"The next invoice would be called {wanted} instead of {first}."
    assert f"{would} 40 numbers before it are left out." in asked.out
    assert would in following(afresh, "41", "--dry-run")
    assert following(afresh) == first, "nothing was set"

    assert f"is called {wanted}" in following(afresh, "41", "--yes")
    assert following(afresh) == wanted
    assert "as it is" in following(afresh, "41")
    assert afresh.run("changes", "undo").status == DONE
    assert following(afresh) == first
    assert following(afresh, "410", "--yes")
    assert following(afresh, "41", "--yes"), "a slip can be set right"

    listed = json.loads(afresh.run("invoices", "--json").out)
    (draft, *_) = [f"{one['id']}" for one in listed if one["state"] in ("draft", "overdue")]
    issued = afresh.run("invoices", "issue", draft, "--yes", *ON, "--due", "2026-12-24")
    assert (issued.status, f"Issued as {wanted}" in issued.out) == (DONE, True), issued.err
    for used in ("40", "41"):
        refused = afresh.run("invoices", "next", used, "--yes", *ON)
        assert (refused.status, "Number 41 of the series is used" in refused.err) == (REFUSED, True)
    assert following(afresh) == wanted.replace("0041", "0042")
    changes = json.loads(afresh.run("changes", "--json", "--text", "go on with").out)
    newest = max((one for one in changes if one["state"] == "done"), key=lambda one: one["time"])
    late = afresh.run("changes", "undo", newest["id"], "--yes")
    assert (late.status, "Number 41 of the series is used" in late.err) == (REFUSED, True)
    assert following(afresh) == wanted.replace("0041", "0042")


def test_credit_notes_have_a_series_of_their_own(afresh: Shell) -> None:
    invoice, note = following(afresh), following(afresh, "--credit")
    assert note != invoice
    said = afresh.run("invoices", "next", "7", "--credit", "--yes", "--json", *ON)
    row = json.loads(said.out)
    assert (row["of"], row["place"], row["state"]) == ("credit notes", 7, "set")
    assert following(afresh, "--credit") == row["number"] != note
    assert following(afresh) == invoice


def test_what_is_no_number_sets_nothing(afresh: Shell) -> None:
    before = following(afresh)
    for words in (["0"], ["x"], ["1.5"], ["9" * 16], ["4", "5"]):
        assert afresh.run("invoices", "next", *words, "--yes", *ON).status == USAGE
    wrong = afresh.run("invoices", "pay", "1", "--credit")
    assert (wrong.status, "--credit is for invoices next" in wrong.err) == (USAGE, True)
    closed = afresh.run("invoices", "next", "41", "--yes", *ON, "--set", "deck.read_only=true")
    assert (closed.status, "read-only" in closed.err) == (REFUSED, True)
    assert following(afresh) == before
