"""Finding in a real terminal: as one types, from a text field, over a form, and after a restart."""

from __future__ import annotations

from pathlib import Path

from tests.terminal import deck


def test_what_was_looked_at_is_found_and_opened_from_anywhere(home: Path) -> None:
    with deck(home, size=(100, 30)) as terminal:
        terminal.until("Running", "to be paid")
        # What stands on the screen itself: Today names much of it, too.
        for key, *seen in (
            ("2", "Notebook"),
            ("6", "Invoices of all clients", "unpaid"),
            ("5", "Trackers", "Payment page"),
        ):
            terminal.press(key)
            terminal.until(*seen)
        terminal.press("/")
        terminal.until("filter: enter keeps")
        terminal.press("tide")
        terminal.until_gone("filter: enter keeps")
        terminal.press("ctrl+f")
        terminal.until("─ Find ─", "esc closes")
        terminal.press("lumen")
        terminal.until("client", "Lisboa")
        terminal.press("enter")
        terminal.until("Invoices of Lumen & Lark")
        terminal.until_gone("─ Find ─")
        terminal.press("ctrl+f")
        terminal.until("─ Find ─", "Lumen & Lark")
        terminal.press("b:seabright")
        terminal.until("found in Books")
        terminal.press("enter")
        terminal.until("Messages · Seabright Fleet")
        terminal.press("q")
        assert terminal.until_ended() == 0
        assert terminal.modes_left_on() == []


def test_it_is_found_at_the_next_start_before_anything_is_looked_at(home: Path) -> None:
    with deck(home, "--screen", "timers") as terminal:
        terminal.until("Payment page")
        terminal.press("ctrl+f")
        terminal.until("─ Find ─")
        terminal.press("payment page")
        terminal.until("tracker")
        terminal.press("esc")
        terminal.until_gone("─ Find ─")
        terminal.press("q")
        assert terminal.until_ended() == 0
    with deck(home, "--screen", "invoices", size=(80, 24)) as terminal:
        terminal.until("7 Live")
        terminal.press("ctrl+f")
        terminal.until("─ Find ─")
        terminal.press("ti: payment page")
        terminal.until("tracker", "Fairlead")
        terminal.press("enter")
        terminal.until("Trackers", "Payment page")
        terminal.press("q")
        assert terminal.until_ended() == 0
