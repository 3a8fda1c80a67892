"""What is written is what differs, and the terminal shows the same as if all had been written."""

from __future__ import annotations

import re
from collections.abc import Iterable
from unittest.mock import patch

import pyte
from hypothesis import example, given
from hypothesis import strategies as st
from rich.cells import cell_len

from tests.widgets.test_sgr import DARK, RED, Shown, cells, styles
from tui.widgets.terminal_cells import TerminalCells

pieces = st.text("ab⣿  日é\u0301", max_size=8)
styled = st.builds(lambda style, text: f"\x1b[{style}m{text}\x1b[0m", styles, pieces)
contents = st.lists(st.one_of(styled, pieces), max_size=2).map("".join)
places = st.builds(
    lambda row, column, content: f"\x1b[{row};{column}H{content}",
    st.integers(1, 3),
    st.integers(1, 4),
    contents,
)
frames = st.lists(places, max_size=5).map(lambda parts: "".join(parts) + "\x1b[1;1H")


def inked(shown: Iterable[tuple[object, ...]]) -> list[tuple[object, ...]]:
    """Cells, but not in which ink a mark is that was put on a blank from elsewhere: that is
    the ink of the blank, which nobody writes for the blank's sake. Nor how often a mark was put
    on a cell: what is said twice in the same place is written once.
    """
    found = [(re.sub("\u0301+", "\u0301", str(one[0])), one[1:]) for one in shown]
    return [
        (shown, *rest[1:2], *rest[4:]) if shown.rstrip("\u0301") == " " else (shown, *rest)
        for shown, rest in found
    ]


@given(st.lists(frames, max_size=6))
@example(["\x1b[1;1H\x1b[1m \x1b[0m\x1b[1;2H\u0301\x1b[1;1H"])
def test_the_terminal_shows_the_same(painted: list[str]) -> None:
    known = TerminalCells()
    found, wanted = Shown(), Shown()
    for frame in painted:
        assert inked(found.after(known.needed(frame))) == inked(wanted.after(frame))


@given(frames, st.lists(frames, max_size=4))
def test_what_somebody_else_has_painted_is_known_where_it_is_told(
    theirs: str, painted: list[str]
) -> None:
    known = TerminalCells()
    found, wanted = Shown(), Shown()
    found.after(theirs)
    wanted.after(theirs)
    known.know(theirs)
    for frame in painted:
        assert inked(found.after(known.needed(frame))) == inked(wanted.after(frame))


def over_itself(frame: str) -> bool:
    """Whether a frame paints a cell twice, or one beside it: Textual's never do."""
    taken: set[tuple[int, int]] = set()
    parts = re.split("\x1b\\[([0-9]+);([0-9]+)H", frame)
    for row, column, content in zip(parts[1::3], parts[2::3], parts[3::3], strict=True):
        text = re.sub("\x1b\\[[0-9;]*m", "", content)
        first = int(column) - 1
        its = {(int(row), first + place) for place in range(cell_len(text) + 2) if text}
        if its & taken:
            return True
        taken |= its
    return False


@given(frames)
@example("\x1b[1;1Ha\x1b[1;1H日\x1b[1;1H")
def test_what_is_there_is_not_written_again(frame: str) -> None:
    known = TerminalCells()
    known.needed(frame)
    again = known.needed(frame)
    if over_itself(frame):
        return
    if frame.isascii():
        assert again == "\x1b[1;1H"
    known.forget()
    assert len(known.needed(frame)) >= len(again)


ACROSS, DOWN = 20, 5
grounds = st.sampled_from(["", DARK, "42", "48;5;7", "4", f"{RED};{DARK}", f"1;{RED}"])
stretches = st.tuples(grounds, st.sampled_from([" " * 7, " " * 4, " ", "ab", "日", "a  b", "⣿⣿⣿"]))
whole_lines = st.lists(stretches, max_size=9)
whole_frames = st.dictionaries(st.integers(1, 5), whole_lines, min_size=1, max_size=5)


def whole(lines: dict[int, list[tuple[str, str]]]) -> str:
    """A frame of lines from edge to edge, as Textual paints a screen that is another."""
    painted = []
    for row, parts in lines.items():
        room, line = ACROSS, f"\x1b[{row};1H"
        for pen, text in [*parts, ("", " " * ACROSS)]:
            fits = text if cell_len(text) <= room else " " * room
            line += f"\x1b[{pen}m{fits}\x1b[0m"
            room -= cell_len(fits)
        painted.append(f"{line}\n")
    return "".join(painted)


class Staying(pyte.Screen):
    """A terminal whose cursor stays in the last column, where pyte's is one on."""

    def draw(self, data: str) -> None:
        super().draw(data)
        self.cursor.x = min(self.cursor.x, self.columns - 1)


def bare(kind: type[pyte.Screen]) -> Shown:
    """A terminal that wraps no lines."""
    shown = Shown(kind)
    shown.after("\x1b[?7l")
    return shown


@given(st.lists(whole_frames, min_size=1, max_size=4))
@example([{1: [("", "ab")] * 9, 2: [("", "ab")] * 9}, {1: [("", " " * 7)], 2: [("42", " " * 7)]}])
@example([{1: [("", "日")] * 9}, {1: [("", " "), ("", "日"), ("", " " * 7), ("", "ab")]}])
def test_what_is_erased_first_and_written_over_is_what_was_painted(
    frames: list[dict[int, list[tuple[str, str]]]],
) -> None:
    known = TerminalCells()
    known.width, known.height, known.erases = ACROSS, DOWN, True
    painted = [whole(frame).replace("\n", "") for frame in frames]
    few = patch("tui.widgets.terminal_cells.LEAST_OTHERS", 1)
    with few, patch("tui.widgets.clearing.LEAST_GAIN", 0):
        needed = [known.needed(whole(frame)) for frame in frames]
    # Where the cursor is after the last column is every terminal's own affair; none wraps lines
    # as long as a deck has it, by the driver's word.
    after = "\x1b[3;3Hafter"
    for kind in (pyte.Screen, Staying):
        found, wanted = bare(kind), bare(kind)
        for written, frame in zip([*needed, after], [*painted, after], strict=True):
            assert found.after(written) == wanted.after(frame)


def test_blanks_between_which_nothing_stays_are_erased_as_one() -> None:
    known = TerminalCells()
    known.width, known.erases = 60, True
    table = "Boats      Skua        Planned      High      20.11.      "
    paint(known, *[table.ljust(60)] * 4)
    # The first two words stay on one line, and nothing on the others but a new word on the last.
    kept, new = "Boats      Skua".ljust(60), f"{'':24}Idle".ljust(60)
    assert paint(known, kept, " " * 60, " " * 60, new) == (
        "\x1b[1;24H\x1b[K\x1bD\r\x1b[K\x1bD\x1b[K\x1bD\x1b[K\x1b[25GIdle"
    )


def test_of_another_screen_all_is_cleared_at_once_but_what_stays() -> None:
    def screen_of(line: str) -> dict[int, list[tuple[str, str]]]:
        top = {1: [(RED, "Deck "), ("", line)]}
        return top | {row: [("", f"  {line}")] for row in range(2, 31)}

    known = TerminalCells()
    known.width, known.height, known.erases = ACROSS, 30, True
    shown, wanted = pyte.Screen(ACROSS, 30), pyte.Screen(ACROSS, 30)
    table, other, few = "ab cd  ef  gh", f"{'':9}x", f"{'':9}y"
    for line, clears in ((table, False), (other, True), (few, False), (table, False), (few, True)):
        with patch("tui.widgets.terminal_cells.LEAST_OTHERS", 99):
            needed = known.needed(whole(screen_of(line)))
        pyte.Stream(shown).feed(f"\x1b[?7l{needed}")
        pyte.Stream(wanted).feed("\x1b[?7l" + whole(screen_of(line)).replace("\n", ""))
        assert shown.display == wanted.display
        assert ("\x1b[J" in needed) == clears, line
        assert known.needed(whole(screen_of(line))) == ""
    known.erases = False
    assert "\x1b[J" not in known.needed(whole(screen_of(table)))


def test_pens_follow_each_other_by_what_it_costs_to_change_them() -> None:
    known = TerminalCells()
    known.width = 60
    dark, bright = f"38;2;200;10;10;{DARK}", f"38;2;200;10;10;{DARK};1"
    lines = [f"\x1b[{pen}mword\x1b[0m" for pen in (bright, "34", dark, bright, "34")]
    assert paint(known, *lines) == (
        "\x1b[2;1H\x1b[34mword\x1b[3B\rword\x1b[2A\r\x1b[38;2;200;10;10;48;2;9;9;9mword"
        "\x1b[2A\r\x1b[1mword\x1b[3B\rword\x1b[m"
    )


def paint(known: TerminalCells, *lines: str) -> str:
    """A whole frame of lines, as Textual paints it."""
    return known.needed("".join(f"\x1b[{y};1H{line}\n" for y, line in enumerate(lines, 1)))


def test_only_the_cells_that_differ_are_written() -> None:
    known = TerminalCells()
    paint(known, "one" + " " * 20 + "end", "two, three")
    assert paint(known, "one" + " " * 20 + "END", "two, three") == "\x1b[1;24HEND"
    assert paint(known, "one" + " " * 20 + "END", f"t\x1b[{RED}mw\x1b[0mo, three") == (
        f"\x1b[2;2H\x1b[{RED}mw\x1b[m"
    )


def test_of_a_few_cells_those_that_differ_are_written() -> None:
    known = TerminalCells()
    paint(known, "12.5 kn")
    assert paint(known, "12.6 kn") == "\x1b[1;4H6"
    assert paint(known, "12.6 kn") == ""


def test_a_blank_of_another_ink_is_the_same_blank() -> None:
    known = TerminalCells()
    paint(known, f"\x1b[{RED};48;5;7m     \x1b[0m")
    assert paint(known, "\x1b[1;34;48;5;7m     \x1b[0m") == ""
    assert paint(known, "\x1b[4;34;48;5;7m     \x1b[0m") != ""


def test_a_blank_beside_ink_is_the_same_blank() -> None:
    known = TerminalCells()
    paint(known, " " * 30)
    assert (
        paint(known, f"\x1b[{RED}m" + " " * 20 + "⣀" + " " * 9) == f"\x1b[1;21H\x1b[{RED}m⣀\x1b[m"
    )
    assert paint(known, " " * 30) == "\x1b[1;21H "


def test_little_between_two_changes_is_written_too() -> None:
    known = TerminalCells()
    paint(known, "a    b     c")
    assert paint(known, "x    y     z") == "\x1b[1;1Hx    y\x1b[1;12Hz"


def test_wide_characters_are_known_but_for_those_of_which_terminals_make_several_things() -> None:
    known = TerminalCells()
    paint(known, "日本 ab")
    assert paint(known, "日本 ab") == ""
    assert paint(known, "日本 ac") == "\x1b[1;7Hc"
    assert paint(known, "日木 ac") == "\x1b[1;3H木"
    assert paint(known, "nihon a") == "\x1b[1;1Hnihon a"
    for several in ("\u2764\ufe0f ab", "\U0001f44d\U0001f3fd ab"):
        paint(known, several)
        assert paint(known, "other") == "\x1b[1;1Hother"


def test_a_mark_at_the_start_of_a_line_is_on_the_line_above() -> None:
    known = TerminalCells()
    above = "\x1b[1;1H" + "a" * 20
    painted = [above, "\x1b[2;1H\u0301b", above]
    needed = [known.needed(frame) for frame in painted]
    assert cells("".join(needed)) == cells("".join(painted))


def test_what_is_no_frame_makes_it_forget() -> None:
    known = TerminalCells()
    paint(known, "one")
    assert known.needed("\x1b[?1049h") == "\x1b[?1049h"
    assert paint(known, "one") == "\x1b[1;1Hone"


def test_partial_writes_are_known() -> None:
    screen = pyte.Screen(20, 5)
    stream = pyte.Stream(screen)
    known = TerminalCells()
    stream.feed(paint(known, "name      ⣀⣀⣀⣀"))
    stream.feed(known.needed("\x1b[1;13H⣿⣿\x1b[1;1H"))
    assert paint(known, "name      ⣀⣀⣿⣿") == ""
    assert screen.display[0].rstrip() == "name      ⣀⣀⣿⣿"


@given(st.text("⣀⣤⣶⣿ab", min_size=40, max_size=40), st.integers(1, 16), st.text("⣿ ", max_size=16))
def test_what_was_shifted_is_shifted_and_nothing_else_moves(
    chart: str, by: int, fresh: str
) -> None:
    """A window of time that goes on: the terminal moves the cells, only new ones are written."""
    screen = pyte.Screen(70, 3)
    stream = pyte.Stream(screen)
    known = TerminalCells()
    level = {"⣀": RED, "⣤": DARK}

    def drawn(cells: str) -> str:
        return "".join(f"\x1b[{level.get(cell, '34')}m{cell}\x1b[0m" for cell in cells)

    stream.feed(known.needed(f"\x1b[2;1Hname      {drawn(chart)}  12.5 kn\x1b[1;1H"))
    later = (chart[by:] + fresh)[:40].ljust(40)
    stream.feed(known.needed(f"\x1b[2;11H{drawn(later)}\x1b[1;1H"))
    assert screen.display[1].rstrip() == f"name      {later}  12.5 kn"
    fresh_screen = pyte.Screen(70, 3)
    pyte.Stream(fresh_screen).feed(f"\x1b[2;11H{drawn(later)}")
    for x in range(10, 50):
        if later[x - 10] != " ":
            assert screen.buffer[1][x] == fresh_screen.buffer[1][x]


def test_a_shift_costs_a_few_bytes() -> None:
    known = TerminalCells()
    chart = "".join("⣀⣤⣶⣿"[(index * index) % 4 if index % 7 else index % 3] for index in range(100))
    known.needed(f"\x1b[2;11H{chart}\x1b[1;1H")
    later = chart[12:] + " " * 12
    assert known.needed(f"\x1b[2;11H{later}\x1b[1;1H") == (
        "\x1b[2;11H\x1b[12P\x1b[2;99H\x1b[12@\x1b[2;99H" + " " * 12 + "\x1b[1;1H"
    )


def test_few_blanks_that_lie_apart_are_erased_together() -> None:
    terminal = TerminalCells()
    terminal.width, terminal.height, terminal.erases = 20, 5, True
    terminal.needed("\x1b[1;1Hx x x.")
    assert terminal.needed("\x1b[1;1H     .") == "\x1b[1;1H\x1b[5X"
