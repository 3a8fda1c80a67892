"""Colours and styles on their way to the terminal: each said once, not around every word.

Rich wraps every piece of text into all that its style is made of, and a reset: two thirds of
what a wall of sparklines costs on a link. Here a piece is drawn with the pen of the one before,
and only what differs is said. Source: ECMA-48, 8.3.117 "SGR"; xterm, "Control Sequences".
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from rich.cells import get_character_cell_size

_SEQUENCE = re.compile(r"\x1b\[([0-9;]*)m|(\x1b\[[0-9;]*H|\n)")
_AFTER_BLANK = re.compile(r" (?:\x1b\[[0-9;]*m)+([^\x00-\x7f])")
LENGTHS = {"2": 5, "5": 3}
"""How many numbers an extended colour has: 38;2;r;g;b or 38;5;n."""
OFF = {
    "1": "22", "2": "22", "3": "23", "4": "24", "21": "24", "5": "25", "6": "25", "7": "27",
    "8": "28", "9": "29", "51": "54", "52": "54", "53": "55",
}  # fmt: skip
"""What takes an attribute back; some are taken back together."""
ON_BLANKS = frozenset(OFF) - {"1", "2", "3", "8"}
"""Attributes that a blank shows too: lines at it, blinking, and colours reversed."""


class Pen(NamedTuple):
    """What the next character is drawn with; what is empty is as the terminal has it."""

    attributes: frozenset[str] = frozenset()
    foreground: str = ""
    background: str = ""


@lru_cache(4096)
def taken(pen: Pen, numbers: str) -> Pen:
    """Return the pen after an SGR sequence of these numbers."""
    attributes, foreground, background = pen
    codes = numbers.split(";")
    position = 0
    while position < len(codes):
        code = codes[position]
        length = LENGTHS.get(codes[position + 1], 2) if code in ("38", "48") else 1
        colour = ";".join(codes[position : position + length])
        position += length
        if code in ("", "0"):
            attributes, foreground, background = Pen()
        elif code == "39":
            foreground = ""
        elif code == "49":
            background = ""
        elif len(code) == 2 and code[0] in "39":
            foreground = colour
        elif (len(code) == 2 and code[0] == "4") or len(code) == 3:
            background = colour
        elif code in OFF:
            attributes |= {code}
        else:
            attributes = frozenset(one for one in attributes if OFF[one] != code)
    return _only(Pen(attributes, foreground, background))


@lru_cache(4096)
def _only(pen: Pen) -> Pen:
    """Return the one object of equal pens, so that comparing them costs nothing."""
    return pen


PLAIN = _only(Pen())
"""The terminal's own."""


def unseen(pen: Pen) -> bool:
    """Whether of a blank that is drawn with the pen nothing is seen but the background."""
    return not pen.attributes & ON_BLANKS


@lru_cache(4096)
def inkless(pen: Pen) -> Pen:
    """Return the pen without what makes no difference to a blank."""
    return _only(Pen(background=pen.background)) if unseen(pen) else pen


@lru_cache(4096)
def change(old: Pen, new: Pen) -> str:
    """Return the shortest sequence that makes the new pen of the old one."""
    if old == new:
        return ""
    if new == PLAIN:
        return "\x1b[m"
    off = {OFF[attribute] for attribute in old.attributes - new.attributes}
    codes = sorted(off)
    codes += sorted(
        attribute
        for attribute in new.attributes
        if attribute not in old.attributes or OFF[attribute] in off
    )
    if new.foreground != old.foreground:
        codes.append(new.foreground or "39")
    if new.background != old.background:
        codes.append(new.background or "49")
    anew = ["0", *sorted(new.attributes), new.foreground, new.background]
    return f"\x1b[{min(';'.join(codes), ';'.join(filter(None, anew)), key=len)}m"


def shortened(text: str) -> str:
    """Return what draws the same cells in fewer bytes, with the terminal's own pen at its ends.

    `text` is drawn with the terminal's own pen where it says nothing, as Rich's is.
    """
    if not text.isascii() and any(map(_is_mark, _AFTER_BLANK.findall(text))):
        # The ink of a blank is seen after all, where a mark is put on it.
        return text
    parts = _SEQUENCE.split(text)
    drawn: list[str] = []
    pen = wanted = PLAIN
    for index in range(0, len(parts) - 1, 3):
        piece, numbers, move = parts[index : index + 3]
        if piece:
            pen = draw(drawn, pen, wanted, piece)
        if numbers is None:
            drawn.append(move)
        else:
            wanted = taken(wanted, numbers)
    if parts[-1]:
        pen = draw(drawn, pen, wanted, parts[-1])
    drawn.append(change(pen, PLAIN))
    return "".join(drawn)


def _is_mark(character: str) -> bool:
    return get_character_cell_size(character) == 0


def draw(drawn: list[str], pen: Pen, wanted: Pen, piece: str) -> Pen:
    """Add a piece, and what has to be said before it; return the pen that it leaves."""
    if wanted != pen:
        if (
            not piece.strip(" ")
            and unseen(pen)
            and unseen(wanted)
            # To say nothing but "no background" takes more bytes than to say "nothing at all".
            and (wanted != PLAIN or pen.background == wanted.background)
        ):
            wanted = Pen(pen.attributes, pen.foreground, wanted.background)
        drawn.append(change(pen, wanted))
    drawn.append(piece)
    return wanted
