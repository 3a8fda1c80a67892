"""A browser for terminals is given the deck's terminal, and the deck takes it back whole."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.terminal import deck

BROWSER = """#!{python}
import sys
print("PAGE OF", sys.argv[1:], flush=True)
sys.stdin.readline()
"""


def test_a_page_is_read_in_this_terminal_and_the_deck_comes_back(home: Path) -> None:
    program = home / "w3m"
    program.write_text(BROWSER.format(python=sys.executable))
    program.chmod(0o755)
    with deck(home, "--screen", "timers", size=(80, 24), BROWSER=str(program)) as terminal:
        terminal.until("Payment page", "running")
        terminal.press("tab", "down", "e")
        terminal.until("PAGE OF ['-cookie', 'http://127.0.0.1:", "/block/edit/id/")
        since = len(terminal.output)
        terminal.press("enter")
        terminal.until_written(b"\x1b[?1049h", since)
        terminal.until("1 Today", "Trackers", "Payment page", "? more")
        terminal.until_gone("PAGE OF")
        terminal.press("d")
        terminal.until("─ Describe Booking form")
        terminal.press("esc")
        terminal.until_gone("─ Describe")
        terminal.press("q")
        assert terminal.until_ended() == 0
        assert terminal.modes_left_on() == []
