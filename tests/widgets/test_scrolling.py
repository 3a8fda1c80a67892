"""Lines that have moved are moved by the terminal, and it then shows what it would have shown."""

from __future__ import annotations

import re
from pathlib import Path

import pyte
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.widgets.test_sgr import DARK, RED
from tui.widgets.frame_pace import BYTES, FRAMES, LONGEST, FramePace
from tui.widgets.scrolling_cheap import look_how_to_scroll, mosh_serves
from tui.widgets.terminal_cells import TerminalCells

WIDTH, HEIGHT = 60, 16
NAMES = ("Repair hull anodes", "海燕 Umitsubame", "Świteź, planned", "", "Test jib sheets ⛵ done")


def screen_at(top: int, cursor: int, aside: int) -> str:
    """A heading, an outline at the left, at the right a list of many rows, one of them chosen."""
    lines = []
    for y in range(1, HEIGHT + 1):
        row = top + y - 2
        left = f"  book {y * 7 % 5}" if y <= aside else ""
        text = f"{row:4} {NAMES[row % 5]}" if y > 1 else "Title"
        wide = sum(one in "海燕⛵" for one in text)
        pen = "7;1" if row == cursor and y > 1 else f"{RED};48;5;7"
        fitted = text.ljust(WIDTH - 20 - wide)
        lines.append(f"\x1b[{y};1H\x1b[{DARK}m{left:20}\x1b[0m\x1b[{pen}m{fitted}\x1b[0m\n")
    return "".join(lines) + f"\x1b[{max(1, min(cursor - top + 2, HEIGHT))};1H"


class Seen:
    """What is seen on a terminal that is given one text after the other."""

    def __init__(self) -> None:
        self._screen = pyte.Screen(WIDTH, HEIGHT)
        self._stream = pyte.Stream(self._screen)

    def after(self, *texts: str) -> list[list[tuple[object, ...]]]:
        """Every cell once it was given some more; of a blank no ink."""
        for text in texts:
            self._stream.feed(text)
        return [
            [
                (one.data, one.bg, one.reverse, one.fg if one.data.strip() else "")
                for one in (self._screen.buffer[y][x] for x in range(WIDTH))
            ]
            for y in range(HEIGHT)
        ]


moves = st.tuples(st.integers(-9, 9), st.integers(-3, 3), st.integers(0, HEIGHT))


@pytest.mark.parametrize("erases", [False, True])
@settings(max_examples=50)
@given(steps=st.lists(moves, min_size=1, max_size=6))
def test_every_cell_is_as_if_all_had_been_painted_anew(
    steps: list[tuple[int, int, int]], erases: bool
) -> None:
    known = TerminalCells()
    known.width, known.scrolls, known.erases = WIDTH, True, erases
    top, cursor = 40, 45
    shown = Seen()
    shown.after(known.needed(screen_at(top, cursor, 5)))
    for down, by, aside in steps:
        top, cursor = top + down, cursor + down + by
        frame = screen_at(top, cursor, aside)
        needed = known.needed(frame)
        assert known.needed(frame).startswith("\x1b[")
        assert shown.after(needed) == Seen().after(frame.replace("\n", ""))


@pytest.mark.parametrize(("by", "moved"), [(1, "\n"), (-1, "\x1bM"), (3, "\n\n\n")])
def test_a_row_more_costs_a_fraction_and_never_lines_that_are_put_in_or_taken_out(
    by: int, moved: str
) -> None:
    costs = []
    for scrolls in (True, False):
        known = TerminalCells()
        known.width, known.scrolls, known.erases = WIDTH, scrolls, True
        known.needed(screen_at(40, 45, 4))
        needed = known.needed(screen_at(40 + by, 45 + by, 4))
        assert (f"H{moved}\x1b[r" in needed) == scrolls
        assert not any(f"\x1b[{count}{what}" in needed for count in ("", "1", "3") for what in "LM")
        costs.append(len(needed))
    assert costs[0] < 0.8 * costs[1], costs


def test_in_doubt_the_terminal_moves_nothing(tmp_path: Path) -> None:
    def cheap(setting: str, *, answered: bool = False, **environment: str) -> bool:
        told: list[bool] = []
        look_how_to_scroll(setting, told.append, answered=answered, environment=environment)
        return told[0]

    assert cheap("terminal", TMUX="x")
    assert not cheap("cells")
    assert not cheap("auto", SSH_CONNECTION="1 2 3 4")
    assert cheap("auto", answered=True, SSH_CONNECTION="1 2 3 4") == (not mosh_serves())
    assert cheap("auto") == (not mosh_serves())
    for number, name in (("7", "bash"), ("8", "mosh-server")):
        assert not mosh_serves(tmp_path)
        (tmp_path / number).mkdir()
        (tmp_path / number / "comm").write_text(f"{name}\n")
    assert mosh_serves(tmp_path)


def test_a_key_that_is_held_has_fewer_frames_and_single_ones_never_wait() -> None:
    held, single, little, thin = FramePace(), FramePace(), FramePace(), FramePace(2.0)
    for count in range(30):
        little.painted(count * 0.03, BYTES // 40)
        single.painted(count * 0.3, BYTES)
        assert single.wait(count * 0.3 + 0.2) == 0
    assert little.wait(0.9) == 0
    for count in range(FRAMES):
        assert held.wait(count * 0.03) == 0
        held.painted(count * 0.03, BYTES // 4)
    last = (FRAMES - 1) * 0.03
    assert held.wait(last) == pytest.approx(LONGEST)
    assert held.wait(last + 3) == 0
    thin.painted(0.0, 1000)
    assert thin.wait(0.1) == 0
    thin.painted(0.1, 1200)
    assert thin.wait(0.1) == pytest.approx(0.6)


def test_whether_lines_may_move_is_asked_once_and_only_when_some_have_moved() -> None:
    known, always = TerminalCells(), TerminalCells()
    known.width = always.width = WIDTH
    always.scrolls = True
    asked: list[bool] = []

    def look() -> None:
        asked.append(True)
        known.scrolls = True

    known.look = look
    for top, cursor, count in ((40, 45, 0), (40, 46, 0), (41, 46, 1), (43, 48, 1)):
        frame = screen_at(top, cursor, 4)
        assert known.needed(frame) == always.needed(frame)
        assert len(asked) == count
    known.look = lambda: None  # and where it is known to be dear, nothing is moved
    known.scrolls = False
    assert "\x1b[r" not in known.needed(screen_at(44, 49, 4))


def test_a_cursor_bar_that_goes_on_takes_each_pen_once() -> None:
    """A row of a table that is tinted while the cursor is on it, and a number that says where."""
    text, bold, aside = "38;2;205;214;227", "1;38;2;205;214;227", "38;2;144;157;176"
    ground, bar = "48;2;18;22;29", "48;2;35;48;69"
    rows = [("Service heads seacock", "Planned"), ("Repair hull anodes", "In progress")] * 4

    def frame(cursor: int) -> str:
        lines = [f"\x1b[1;1H\x1b[{aside};{ground}m{cursor + 1:60}\x1b[m"]
        for y, (name, state) in enumerate(rows):
            on = bar if y == cursor else ground
            first = f"1;7;38;2;127;180;224;{bar}" if y == cursor else f"{bold};{on}"
            rest = f"\x1b[{text};{on}m{'':8}{state:22}"
            lines.append(f"\x1b[{y + 2};1H\x1b[{first}m{name:30}\x1b[m{rest}\x1b[m")
        return "".join(lines) + f"\x1b[{cursor + 2};1H"

    known = TerminalCells()
    known.width, known.height, known.erases = WIDTH, HEIGHT, True
    before, moved = known.needed(frame(2)), known.needed(frame(3))
    assert Seen().after(before, moved) == Seen().after(frame(3))
    colours = [one for one in re.findall("\x1b\\[[0-9;]*m", moved) if one != "\x1b[m"]
    assert sum("48;2" in one for one in colours) == 2, "one change of ground"
    assert len(colours) <= 5
    assert moved.endswith("\r")
