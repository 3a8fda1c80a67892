"""Terminals that have little, and people who do not see: what reaches the terminal for them."""

from __future__ import annotations

import re
import sys
import time
from pathlib import Path

from tests.terminal import MOST_SECONDS, Terminal, deck


def at_cursor(terminal: Terminal, text: str) -> None:
    """Read until the terminal's own cursor stands where a text begins."""
    end = time.monotonic() + MOST_SECONDS
    while True:
        cursor = terminal.screen.cursor
        shown = terminal.screen.display[cursor.y][cursor.x :]
        if shown.startswith(text):
            return
        assert time.monotonic() < end, f"the cursor is at {shown!r}\n{terminal.text}"
        terminal.read(0.2)


def test_on_the_console_without_a_locale_all_is_ascii_and_the_cursor_is_where_one_is(
    home: Path,
) -> None:
    with deck(home, "--screen", "books", TERM="linux", LC_ALL="C", COLORTERM="") as terminal:
        terminal.until("Fleet maintenance", "Messages")
        at_cursor(terminal, "* Seabright Fleet")
        terminal.press("j")
        at_cursor(terminal, "Boats")
        terminal.press("j")
        at_cursor(terminal, "Fleet maintenance")
        terminal.press("enter")
        terminal.until("420")
        # In the grid it is at the cell.
        at_cursor(terminal, "Measure")
        terminal.press("l")
        terminal.settle()
        before = terminal.screen.cursor.x
        assert before > 60
        terminal.press("?")
        terminal.until("Books: keys", "enter  Open")
        terminal.press("esc")
        terminal.until_gone("Books: keys")
        terminal.settle()
        assert terminal.screen.cursor.x == before
        terminal.press("q")
        assert terminal.until_ended() == 0
    written = bytes(terminal.output)
    assert written.isascii()
    assert not re.search(rb"[34]8;[25]", written)
    assert b"\x1b[97;44m" in written or b";97;44m" in written


def test_without_colours_there_are_none_and_what_is_chosen_is_turned_round(home: Path) -> None:
    with deck(home, "--screen", "invoices", NO_COLOR="1", TERM="xterm-256color") as terminal:
        terminal.until("All clients", "unpaid")
        terminal.press("j")
        terminal.settle()
        y = terminal.screen.cursor.y
        assert terminal.screen.buffer[y][4].reverse
        assert not terminal.screen.buffer[y + 1][4].reverse
        terminal.press("q")
        assert terminal.until_ended() == 0
    numbers = {
        code
        for found in re.findall(rb"\x1b\[([0-9;]*)m", terminal.output)
        for code in found.split(b";")
    }
    assert numbers <= {b"", b"0", b"1", b"4", b"7", b"22", b"24", b"27"}


def on_chosen(terminal: Terminal, where: str, besides: str = "") -> str:
    """Read until the terminal's own cursor stays in a line that is turned round, and that says
    something else than `besides`; what it says there, whatever numbers it has just now.

    Which line of the screen it is says nothing: what is loaded still comes before it too.
    """
    end = time.monotonic() + MOST_SECONDS
    before = ""
    while True:
        y, line = terminal.screen.cursor.y, terminal.screen.buffer[terminal.screen.cursor.y]
        # Of a chosen cell in a chosen row the row is turned round, and that is not.
        turned = [line[x].data for x in range(terminal.screen.columns) if line[x].reverse]
        said = re.sub(r"\d", "0", "".join(turned)).strip() if y else ""  # first of all are tabs
        if said and said != besides:
            # What is loaded still may put it on its first line.
            if said == before:
                return said
            before = said
        assert time.monotonic() < end, f"{where}: the cursor is in line {y}\n{terminal.text}"
        terminal.read(0.5)


def below(terminal: Terminal, y: int) -> int:
    """Read until the terminal's own cursor stands below a line; in which one."""
    end = time.monotonic() + MOST_SECONDS
    while True:
        terminal.settle()  # what was read so far may be half a frame
        if terminal.screen.cursor.y > y:
            return terminal.screen.cursor.y
        assert time.monotonic() < end, f"the cursor is in line {y}\n{terminal.text}"


def test_half_a_frame_is_no_place_of_the_cursor() -> None:
    halves = (
        "import sys\n"
        "sys.stdout.write('\\x1b[5;1H')\n"
        "sys.stdout.flush()\n"
        "sum(range(20_000_000))\n"
        "sys.stdout.write('\\x1b[9;1H')\n"
        "sys.stdout.flush()\n"
        "sys.stdin.read()\n"
    )
    with Terminal([sys.executable, "-c", halves]) as terminal:
        assert below(terminal, 0) == 8


def goes_down_and_up(terminal: Terminal, where: str) -> bool:
    """Whether the cursor is where it was after a key down and one up."""
    first = on_chosen(terminal, where)
    terminal.press("j")
    below = on_chosen(terminal, f"{where}, j", besides=first)
    terminal.press("k")
    return on_chosen(terminal, f"{where}, k", besides=below) == first


SCREENS_AND_LISTS = {
    # What is overdue comes when the invoices are read, above all that is chosen before.
    "1": ("Overdue", "Booking form", "unread"),
    "2": ("Fleet maintenance", "Messages"),
    "3": ("Feeds", "Lunch on the quay"),
    "4": ("Sessions", "Twilight series"),
    "5": ("Trackers", "Fairlead Works"),
    "6": ("All clients", "unpaid"),
    "7": ("Blue Duck", "SOG"),
}


def test_on_every_screen_the_cursor_follows_what_is_chosen(home: Path) -> None:
    with deck(home, "--set", "deck.colours=none", TERM="xterm-256color") as terminal:
        for key, texts in SCREENS_AND_LISTS.items():
            terminal.press(key)
            terminal.until(*texts)
            if key != "7":  # the wall moves on and on
                terminal.settle()
            end = time.monotonic() + MOST_SECONDS
            while not goes_down_and_up(terminal, key):
                # A series that has just begun has its row above, or between the two.
                assert key == "7", f"{key}\n{terminal.text}"
                assert time.monotonic() < end, terminal.text
        # A list in a dialog, and what stood below it.
        terminal.press("1")
        terminal.until(*SCREENS_AND_LISTS["1"])
        terminal.settle()
        where = on_chosen(terminal, "1")
        terminal.press("s")
        terminal.until("Switch from", "Harbour Trust")
        first = on_chosen(terminal, "a dialog", besides=where)
        terminal.press("down")
        on_chosen(terminal, "a dialog, down", besides=first)
        terminal.press("esc")
        terminal.until_gone("Switch from")
        assert on_chosen(terminal, "after the dialog", besides=first) == where
        # A menu in which one types: on the line, and on what is chosen once that is moved.
        terminal.press("?")
        terminal.until("Today: keys")
        at_cursor(terminal, "find a command")
        line = terminal.screen.cursor.y
        terminal.press("down")
        first = below(terminal, line)
        terminal.press("down")
        assert below(terminal, first) == first + 1
        for letter in "sta":
            terminal.press(letter)
        terminal.settle()
        assert terminal.screen.cursor.y == line
        assert terminal.screen.display[line][: terminal.screen.cursor.x].endswith("sta")
        terminal.press("esc")
        terminal.until_gone("Today: keys")
        terminal.press("q")
        assert terminal.until_ended() == 0
