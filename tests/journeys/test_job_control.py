"""ctrl+z, fg and bg below a real shell: the deck is a job like any other program."""

from __future__ import annotations

import re
import shlex
import signal
import sys
from pathlib import Path

import pytest

from tests.journeys.test_deck import settled_invoices
from tests.terminal import Terminal, deck

SHELL = ["bash", "--norc", "--noprofile", "-i"]
DECK = shlex.join([sys.executable, "-m", "tui"])
TAB_BACK = "\x1b[Z"
TAKEN, GIVEN = b"\x1b[?1049h", b"\x1b[?1049l"
OF_THE_SHELL = {"bracketed paste"}
"""What a shell itself switches on while it waits for a line."""


def shell(home: Path) -> Terminal:
    """A shell with job control, in a terminal."""
    return Terminal(SHELL, environment={"TOCKDECK_HOME": str(home), "PS1": "shell> "})


def typed(terminal: Terminal, line: str, seen: str) -> None:
    """Type a line at the shell and wait for what it says."""
    terminal.press(f"{line}\r")
    terminal.until(seen)


def stopped(terminal: Terminal) -> None:
    """Press ctrl+z; the shell has its terminal as a shell wants it, and works."""
    since = len(terminal.output)
    terminal.press("ctrl+z")
    terminal.until_written(b"Stopped", since)
    terminal.press("echo $((6*7))\r")
    terminal.until_written(b"42\r\n", since)
    assert set(terminal.modes_left_on()) <= OF_THE_SHELL


def in_front(terminal: Terminal, *seen: str) -> None:
    """Bring the deck back; it paints all of its screen."""
    since = len(terminal.output)
    terminal.screen.erase_in_display(2)
    terminal.press("fg\r")
    terminal.until_written(TAKEN, since)
    terminal.until(*seen)


def left(terminal: Terminal) -> None:
    """Leave deck and shell."""
    since = len(terminal.output)
    terminal.press("q")
    terminal.until_written(GIVEN, since)
    terminal.press("echo left $?\r")
    terminal.until_written(b"left 0\r\n", since)
    assert set(terminal.modes_left_on()) <= OF_THE_SHELL
    terminal.press("exit\r")
    assert terminal.until_ended() == 0


def test_ctrl_z_gives_back_the_shell_and_fg_the_deck_with_what_was_typed(shared_home: Path) -> None:
    with shell(shared_home) as terminal:
        typed(terminal, f"{DECK} --screen tocks", "Community")
        terminal.press("a")
        terminal.until("New tock", "Title")
        terminal.press("a quiet evening")
        terminal.until("a quiet evening")
        # The last field takes several lines; an editor of those has its own ideas of ctrl+z.
        terminal.press(TAB_BACK, TAB_BACK)
        terminal.until("Description")
        terminal.settle()
        terminal.press("bring a cushion")
        terminal.until("bring a cushion")
        for _ in range(2):
            stopped(terminal)
            in_front(terminal, "New tock", "bring a cushion")
        terminal.press(", please")
        terminal.until("bring a cushion, please")
        terminal.press("esc")
        terminal.until("kept for the next time")
        left(terminal)


def test_a_script_around_the_deck_stops_with_it(shared_home: Path) -> None:
    script = shlex.join(["sh", "-c", f"{DECK} --screen timers; echo deck said $?"])
    with shell(shared_home) as terminal:
        typed(terminal, script, "Sail wardrobe")
        stopped(terminal)
        in_front(terminal, "Sail wardrobe")
        terminal.press("q")
        terminal.until("deck said 0")


def test_in_the_background_it_waits_for_the_terminal(shared_home: Path) -> None:
    with shell(shared_home) as terminal:
        typed(terminal, f"{DECK} --screen timers & :", "[1] ")
        job = re.search(r"\[1\] (\d+)", terminal.text)
        assert job is not None
        terminal.until_stopped(int(job[1]))
        assert TAKEN not in terminal.output
        in_front(terminal, "Sail wardrobe")
        stopped(terminal)
        since = len(terminal.output)
        terminal.press("bg\rwait %1\r")
        terminal.until_written(b"Stopped", since)
        assert TAKEN not in terminal.output[since:]
        in_front(terminal, "Sail wardrobe")
        left(terminal)


def test_killed_while_stopped_it_ends_and_keeps_off_the_shells_terminal(shared_home: Path) -> None:
    with shell(shared_home) as terminal:
        typed(terminal, f"{DECK} --screen timers", "Sail wardrobe")
        stopped(terminal)
        since = len(terminal.output)
        terminal.press("kill %1; fg; echo left $?\r")  # a shell makes what is stopped go on
        terminal.until_written(b"\r\nleft 143\r\n", since)
        terminal.press("echo $((6*7))\r")
        terminal.until_written(b"42\r\n", since)
        assert TAKEN not in terminal.output[since:]
        assert set(terminal.modes_left_on()) <= OF_THE_SHELL


@pytest.mark.parametrize("stop", [signal.SIGTSTP, signal.SIGSTOP])
def test_whoever_stopped_it_the_screen_is_whole_when_it_goes_on(
    shared_home: Path, stop: signal.Signals
) -> None:
    with deck(shared_home, "--screen", "invoices") as terminal:
        whole = settled_invoices(terminal)
        terminal.signal(stop)
        terminal.until_stopped()
        terminal.screen.erase_in_display(2)
        terminal.signal(signal.SIGCONT)
        assert settled_invoices(terminal) == whole
        terminal.press("?")
        terminal.until("Invoices: keys")
        terminal.press("esc")
        terminal.until_gone("Invoices: keys")
        terminal.press("q")
        assert terminal.until_ended() == 0
        assert terminal.modes_left_on() == []
