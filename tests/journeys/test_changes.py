"""A change outlives the deck that made it, in a real terminal."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.terminal import ROOT, Terminal, deck

SAVE = "\x0f"


def pay_an_invoice(terminal: Terminal) -> None:
    """The first of all clients' unpaid ones."""
    terminal.until("unpaid ·", "All clients")
    terminal.settle()
    terminal.press("tab")
    terminal.settle()
    terminal.press("p")
    terminal.until("Paid on")
    terminal.settle()
    terminal.press(SAVE)
    terminal.until("is paid. u takes it back")


def listed(home: Path) -> list[dict[str, Any]]:
    """What the command line says was changed, newest first."""
    said = subprocess.run(
        [sys.executable, "-m", "tui", "changes", "--json"],
        env={**os.environ, "TOCKDECK_HOME": str(home)},
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    found: list[dict[str, Any]] = json.loads(said.stdout)
    return found


def test_what_a_killed_deck_changed_is_taken_back_by_the_next(home: Path) -> None:
    with deck(home, "--screen", "invoices") as terminal:
        pay_an_invoice(terminal)
        os.kill(terminal.pid, signal.SIGKILL)
        terminal.until_ended()
    (paid,) = listed(home)
    assert (paid["state"], paid["operation"]) == ("done", "timesheets.invoice.set_payed")
    with deck(home, "--screen", "invoices") as terminal:
        terminal.until("unpaid ·", "All clients")
        terminal.settle()
        terminal.press("u")
        terminal.until("Take back: ", "It was not done by this deck since it began.")
        terminal.press("y")
        terminal.until("Undone: ")
        terminal.press("H")
        terminal.until("↶ undone")
        terminal.settle()
        terminal.press("q")
        assert terminal.until_ended() == 0
    states = [(one["operation"], one["state"]) for one in listed(home)]
    assert states == [
        ("timesheets.invoice.update", "done"), ("timesheets.invoice.set_payed", "undone"),
    ]  # fmt: skip


def test_another_process_that_resets_the_sample_ends_what_was_to_be_undone(home: Path) -> None:
    with deck(home, "--screen", "invoices") as terminal:
        pay_an_invoice(terminal)
        subprocess.run(
            [sys.executable, "-m", "tui", "embedded", "--reset-sample"],
            env={**os.environ, "TOCKDECK_HOME": str(home)},
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
            check=True,
        )
        terminal.settle()
        terminal.press("u")
        terminal.until("Nothing to undo")
        terminal.press("H")
        terminal.until("It belongs to another account")
        terminal.press("q")
        assert terminal.until_ended() == 0
