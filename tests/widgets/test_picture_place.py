"""That nothing of a picture is left over, whatever lies over it and whoever comes after it."""

from __future__ import annotations

import pytest
from textual.geometry import Offset, Size

from tui.widgets.picture_place import Pictured, PicturePlace
from tui.widgets.terminal_cells import TerminalCells

WIDTH, HEIGHT = 12, 5
PLACE = Pictured(Offset(3, 1), Size(4, 2), "DRAW", "ERASE")
SIXEL = PLACE._replace(erase="")
DRAWN = "\x1b7\x1b[2;4HDRAW\x1b8"


class Glass:
    """A terminal's cells, the place of a picture in them, and what is wanted there."""

    def __init__(self) -> None:
        self.cells = TerminalCells()
        self.cells.width, self.cells.height = WIDTH, HEIGHT
        self.wanted: Pictured | None = None
        self.place = PicturePlace(self.cells, lambda: self.wanted)

    def frame(self, *lines: str, anew: bool = False) -> tuple[str, str, str]:
        """What is written before, of and behind a frame of these lines from the first on."""
        if anew:
            self.cells.forget()
        before = self.place.taken() if self.place.is_left else ""
        text = "".join(
            f"\x1b[{row};1H{line.ljust(WIDTH)}" for row, line in enumerate(lines, 1) if line
        )
        return before, self.cells.needed(text), self.place.behind(anew=anew)


TABLE = ("one row", "and a  wide row", "a", "b", "c")
BLANK = ("title", " ", " ", " ", "edge")


@pytest.mark.parametrize("picture", [PLACE, SIXEL], ids=["kitty", "sixel"])
def test_it_is_drawn_behind_its_frame_and_gone_before_the_next(picture: Pictured) -> None:
    glass = Glass()
    assert glass.frame(*TABLE)[2] == ""
    glass.wanted = picture
    # Wanted already, but what stands there is still what it lies over.
    assert glass.frame("other row")[2] == ""
    assert glass.frame(*BLANK)[2] == picture.erase + DRAWN
    assert glass.frame("title!")[2] == "", "once"
    assert glass.frame(*BLANK, anew=True)[2] == picture.erase + DRAWN, "all cells were written"
    glass.wanted = None
    before, written, behind = glass.frame(*BLANK)
    assert (before, behind) == (picture.erase, "")
    # What is blank on both is written all the same where that is what wipes it away.
    blanks = [row for row in (2, 3) if f"\x1b[{row};1H" in written or "\r\n" in written]
    assert bool(blanks) == (picture is SIXEL), written
    assert glass.frame(*BLANK) == ("", "", "")
    assert glass.place.taken() == ""


@pytest.mark.parametrize("picture", [PLACE, SIXEL], ids=["kitty", "sixel"])
def test_what_lies_over_it_is_read_and_it_comes_back(picture: Pictured) -> None:
    glass = Glass()
    glass.wanted = picture
    assert DRAWN in glass.frame(*BLANK)[2]
    assert glass.frame("", "    news")[2] == picture.erase
    assert glass.frame("", "    more")[2] == ""
    assert glass.frame("", "       beside")[2] == picture.erase + DRAWN
    assert glass.frame("", "    news")[2] == picture.erase
    # It is still to be wiped away where it was not lain over.
    glass.wanted = None
    assert glass.frame(*TABLE)[0] == picture.erase
    assert glass.place.stands is None


def test_another_one_takes_its_place_and_a_lost_one_is_forgotten() -> None:
    glass = Glass()
    glass.wanted = PLACE
    assert DRAWN in glass.frame(*BLANK)[2]
    glass.wanted = PLACE._replace(draw="OTHER")
    before, _, behind = glass.frame(*BLANK)
    assert before == "ERASE"
    assert "OTHER" in behind
    # Given to another program, and taken again.
    assert glass.place.taken() == "ERASE"
    assert "OTHER" in glass.frame(*BLANK, anew=True)[2]
    # Lines of which nobody knows what is where are not drawn over.
    assert glass.frame("", "👩\u200d🚀")[2] == "ERASE"
    # The window is laid out for another size: it does not belong there.
    glass.wanted = None
    assert glass.place.behind(anew=True) == "ERASE"
