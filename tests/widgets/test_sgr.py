"""Fewer sequences, the same cells: by hand, by chance, and over whole screens of the deck."""

from __future__ import annotations

import pyte
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tui.widgets.sgr import Pen, change, shortened, taken

RED, BLUE, DARK = "38;2;200;10;10", "38;5;21", "48;2;9;9;9"

codes = st.sampled_from(
    ["1", "3", "4", "5", "7", "9", "31", "97", "42", "103", RED, BLUE, DARK, "48;5;7"]
)
styles = st.lists(codes, max_size=4).map(";".join)
pieces = st.text("ab é⣿ ", max_size=6)
styled = st.builds(lambda style, piece: f"\x1b[{style}m{piece}\x1b[0m", styles, pieces)
moves = st.builds(lambda y, x: f"\x1b[{y};{x}H", st.integers(1, 5), st.integers(1, 20))
texts = st.lists(st.one_of(styled, styled, pieces, moves), max_size=12).map("".join)


class Shown:
    """What a terminal shows that is given one text after the other."""

    def __init__(
        self, kind: type[pyte.Screen] = pyte.Screen, size: tuple[int, int] = (20, 5)
    ) -> None:
        self._screen = kind(*size)
        self._stream = pyte.Stream(self._screen)

    def after(self, text: str) -> list[tuple[object, ...]]:
        """Its cells once it was given one more; the colour of ink is nothing to a bare blank."""
        self._stream.feed(text)
        shown = []
        for y in range(self._screen.lines):
            for x in range(self._screen.columns):
                cell = self._screen.buffer[y][x]
                bare = cell.data == " " and not (
                    cell.underscore or cell.reverse or cell.strikethrough
                )
                shown.append(cell._replace(fg="", bold=False, italics=False) if bare else cell)
        return shown


def cells(text: str) -> list[tuple[object, ...]]:
    """What a terminal shows after one text."""
    return Shown().after(text)


@given(texts)
def test_the_same_cells_are_drawn_and_the_pen_is_given_back(text: str) -> None:
    short = shortened(text)
    assert cells(short) == cells(text)
    assert cells(short + "after") == cells(text + "after")


@given(texts)
@example("\x1b[1;3ma\x1b[0m\x1b[4ma\x1b[0m")
@example("\x1b[1m \x1b[0m\u0301")
@example("\x1b[1;42ma\x1b[0m \x1b[2;1Hb")
def test_it_is_never_longer_and_short_already_when_short(text: str) -> None:
    short = shortened(text)
    assert len(short) <= len(text)
    assert shortened(short) == short


def test_a_colour_is_said_once() -> None:
    text = f"\x1b[{RED};{DARK}mone\x1b[0m\x1b[2;1H\x1b[{RED};{DARK}mtwo\x1b[0m"
    assert shortened(text) == f"\x1b[{RED};{DARK}mone\x1b[2;1Htwo\x1b[m"


def test_only_what_differs_is_said() -> None:
    text = f"\x1b[{RED};{DARK}mone\x1b[0m\x1b[1;{BLUE};{DARK}mtwo\x1b[0m\x1b[{BLUE}mthree\x1b[0m"
    assert shortened(text) == f"\x1b[{RED};{DARK}mone\x1b[1;{BLUE}mtwo\x1b[22;49mthree\x1b[m"


def test_blanks_need_no_ink_but_lines_under_them_do() -> None:
    assert shortened(f"\x1b[{RED};{DARK}ma\x1b[0m\x1b[{BLUE};{DARK}m  \x1b[0m") == (
        f"\x1b[{RED};{DARK}ma  \x1b[m"
    )
    assert shortened("\x1b[4ma\x1b[0m  b") == "\x1b[4ma\x1b[m  b"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("1;2", "2", "\x1b[0;2m"),
        ("1", "2", "\x1b[0;2m"),
        (f"1;{DARK}", f"2;{DARK}", "\x1b[22;2m"),
        (f"4;{DARK}", f"21;{DARK}", "\x1b[24;21m"),
        ("1;3", "4", "\x1b[0;4m"),
        (f"1;{RED}", RED, "\x1b[22m"),
        (RED, DARK, f"\x1b[0;{DARK}m"),
        (RED, "", "\x1b[m"),
        ("", "", ""),
    ],
)
def test_a_change_is_said_in_the_shortest_way(old: str, new: str, said: str) -> None:
    assert change(taken(Pen(), old), taken(Pen(), new)) == said


def test_sequences_add_up() -> None:
    pen = taken(taken(taken(Pen(), f"1;4;{RED}"), f"22;{DARK}"), "39")
    assert pen == Pen(frozenset({"4"}), "", DARK)
