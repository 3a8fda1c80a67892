"""What the terminal answers when it is asked for pictures, told apart from what is typed.

It is asked with a tiny picture that it is not to show (kitty), for the size of a cell and of the
window in pixels, and last for what it is (DA1), which every terminal answers: whatever has not come
before that will not come. Sources: kitty, "Querying support and available transmission mediums";
xterm, "Control Sequences" (XTWINOPS 14 and 16, DA1, whose 4 is sixel).
"""

from __future__ import annotations

import re
import struct
from collections.abc import Callable
from fcntl import ioctl
from termios import TIOCGWINSZ
from time import monotonic

from tui.workspace.books.picture_ways import Answered, is_multiplexer

ASKED_PICTURE = "\x1b_Gi=7340,s=1,v=1,a=q,t=d,f=24;AAAA\x1b\\"
ASKED_SIZE = "\x1b[16t\x1b[14t"
ASKED_WHAT = "\x1b[c"
_ANSWER = re.compile(
    r"\x1b_G(?P<picture>[^\x1b]*)\x1b\\"
    r"|\x1b\[(?P<kind>[46]);(?P<high>\d{1,5});(?P<wide>\d{1,5})t"
    r"|\x1b\[\?(?P<what>[\d;]*)c"
)
_BEGUN = re.compile(
    r"\x1b(?:_(?:G[^\x1b]*\x1b?)?|\[(?:\?[\d;]*|[46](?:;\d{0,5}){0,2})?)?\Z", re.DOTALL
)
_KEYS = ("\x1b", "\x1b[", "\x1b_")
"""What may be a key by itself as well as the beginning of an answer."""
KEY_SECONDS = 0.05
"""How long the one is taken for the other."""
PIECE_SECONDS = 1.0
"""How long an answer that has begun may take to go on."""
LONGEST = 200
"""Characters of an answer."""


def question() -> str:
    """What is asked here: a multiplexer would make a title of the picture."""
    return ("" if is_multiplexer() else ASKED_PICTURE) + ASKED_SIZE + ASKED_WHAT


def cell_of_window(file: int) -> tuple[int, int] | None:
    """The width and height of a cell in pixels as the system knows them; None where it does not."""
    try:
        lines, columns, wide, high = struct.unpack("HHHH", ioctl(file, TIOCGWINSZ, bytes(8)))
    except OSError:
        return None
    return _shared(wide, high, columns, lines)


def _shared(wide: int, high: int, columns: int, lines: int) -> tuple[int, int] | None:
    cell = wide // max(1, columns), high // max(1, lines)
    return cell if all(cell) else None


class PictureAnswers:
    """Takes answers out of what comes in. Used by the thread that reads."""

    def __init__(self, told: Callable[[Answered], None]) -> None:
        """`told` is called by that thread once all answers are there."""
        self._told = told
        self._asked = False
        self._kept = ""
        self._due = 0.0
        self._kitty = False
        self._cell: tuple[int, int] | None = None
        self._window: tuple[int, int] | None = None
        self._size = (0, 0)

    def ask(self, size: tuple[int, int]) -> None:
        """From here on there may be answers; the window has so many columns and lines. Whatever
        is not answered yet is not waited for: answers come in order."""
        self._size = size
        self._kitty, self._cell, self._window = False, None, None
        self._asked = True

    def typed(self, text: str) -> str:
        """What of this is no answer; what may become one is kept back for a moment."""
        if not self._asked and not self._kept:
            return text
        text, self._kept = self._kept + text, ""
        parts, at = [], 0
        for answer in _ANSWER.finditer(text):
            parts.append(text[at : answer.start()])
            at = answer.end()
            self._take(answer)
        rest = text[at:]
        if self._asked and (begun := _BEGUN.search(rest)) and len(begun[0]) <= LONGEST:
            self._kept, rest = begun[0], rest[: begun.start()]
            self._due = monotonic() + (KEY_SECONDS if self._kept in _KEYS else PIECE_SECONDS)
        return "".join((*parts, rest))

    @property
    def patience(self) -> float | None:
        """In how many seconds `overdue` is to be asked; None while nothing is kept back."""
        return max(0.0, self._due - monotonic()) if self._kept else None

    def overdue(self) -> str:
        """What was kept back for long enough: it was typed."""
        if not self._kept or monotonic() < self._due:
            return ""
        text, self._kept = self._kept, ""
        return text

    def _take(self, answer: re.Match[str]) -> None:
        if answer["picture"] is not None:
            self._kitty = self._kitty or answer["picture"].endswith(";OK")
        elif answer["kind"]:
            size = int(answer["wide"]), int(answer["high"])
            if answer["kind"] == "6":
                self._cell = size
            else:
                self._window = size
        else:
            self._asked = False
            sixel = "4" in answer["what"].split(";")[1:]
            self._told(Answered(self._kitty, sixel, self._cell_size()))

    def _cell_size(self) -> tuple[int, int] | None:
        if self._cell is not None and all(self._cell):
            return self._cell
        return None if self._window is None else _shared(*self._window, *self._size)
