"""A table that is scrolled in a real terminal, and what stands there then."""

from __future__ import annotations

from pathlib import Path
from random import Random

from tests.terminal import Terminal, deck

KEYS = ("j", "k", "j", "j", "ctrl+d", "ctrl+u", "G", "g", "l", "h")
WHEEL = ("\x1b[<64;60;20M", "\x1b[<65;60;20M")
STEPS = 60


def cells(terminal: Terminal) -> list[list[tuple[object, ...]]]:
    """Every cell of the screen; of a blank no ink."""
    screen = terminal.screen
    return [
        [
            (one.data, one.bg, one.reverse, one.fg if one.data.strip() else "")
            for one in (screen.buffer[y][x] for x in range(screen.columns))
        ]
        for y in range(screen.lines)
    ]


def test_the_terminal_moves_lines_and_every_cell_is_as_painted_anew(home: Path) -> None:
    dice = Random(7)
    with deck(home, "--screen", "books", "--set", "deck.scroll=terminal") as terminal:
        terminal.until("Seamarks")
        terminal.press("j", "j", "enter")
        terminal.until("420 rows", "▌Fleet maintenance")
        terminal.settle()
        for _ in range(3):
            for _ in range(STEPS // 3):
                terminal.press(dice.choice(KEYS + WHEEL))
                terminal.read(0.02)
            terminal.settle()
            shown, since = cells(terminal), len(terminal.output)
            terminal.press("ctrl+l")
            terminal.until_written(b"Books", since)
            terminal.settle()
            assert cells(terminal) == shown
        assert b"r\x1b[" in terminal.output, "margins were set"
        assert b"\x1bM" in terminal.output
        terminal.press("q")
        assert terminal.until_ended() == 0
