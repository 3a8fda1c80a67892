"""Whether a part of the screen has but moved up or down, so that the terminal can move it itself.

Lines between two margins move with a line feed at the lower one, or a reverse index at the upper
one: every terminal and multiplexer has both, and takes them for what they are. Source: xterm,
"Control Sequences", DECSTBM, IND, RI.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from operator import is_not, ne, or_
from typing import NamedTuple

from tui.widgets.sgr import PLAIN, Pen

UNKNOWN = ""
"""Stands for the character of a cell that is not known: unlike all that may be written."""
REST = "\0"
"""Stands in the second cell of a wide character."""
LEAST_ROWS = 6
"""Lines that are others before it is asked whether they have moved."""
LEAST_AGREEING = 4
"""Lines that have to say by how much."""
RUN = 10
"""Bytes that it costs to go somewhere, and to take another pen there."""
LEAST_GAIN = 40
"""Bytes that are saved, or it is not done."""


class Cells(NamedTuple):
    """Cells side by side: their characters, and the pen of each."""

    characters: list[str]
    pens: list[Pen]

    def copy(self) -> Cells:
        """The same in lists of their own."""
        return Cells(self.characters.copy(), self.pens.copy())

    def put(self, start: int, other: Cells) -> bool:
        """Lay other cells over these from a place on; whether no wide character was cut in two,
        of which nobody knows what is left."""
        characters, pens = self
        end = start + len(other.characters)
        missing = end - len(characters)
        if missing > 0:
            characters.extend([UNKNOWN] * missing)
            pens.extend([PLAIN] * missing)
        cut = start < end and REST in (characters[start], *characters[end : end + 1])
        characters[start:end], pens[start:end] = other
        return not cut


class Scroll(NamedTuple):
    """Lines that move: from the first to the last, counted from 1, up by so many; negative is
    down."""

    first: int
    last: int
    by: int

    def sequence(self) -> str:
        """What makes the terminal do it, with its own pen; the cursor is somewhere after it."""
        margins = f"\x1b[{self.first};{self.last}r"
        if self.by > 0:
            return f"{margins}\x1b[{self.last};1H" + "\n" * self.by + "\x1b[r"
        return f"{margins}\x1b[{self.first};1H" + "\x1bM" * -self.by + "\x1b[r"


def differing(old: Cells, new: Cells) -> list[bool]:
    """Which cells are others."""
    # Equal pens are the same object but for rare cases, which cost bytes and nothing else.
    other_pens = map(is_not, old.pens, new.pens)
    return list(map(or_, map(ne, old.characters, new.characters), other_pens))


def best_scroll(old: Mapping[int, Cells], new: Mapping[int, Cells], width: int) -> Scroll | None:
    """The move of lines that saves most of what had to be written; None where none saves much.

    `old` is what is known of the terminal; `new` are the lines that a frame changes. A line that
    moves is known in its whole width, so that all of it can be put right.
    """
    changed = [row for row, cells in new.items() if old.get(row) != cells]
    if len(changed) < LEAST_ROWS:
        return None
    by = _moved_by(old, new, changed)
    if not by:
        return None
    target = {row: new.get(row, cells) for row, cells in old.items()}
    rows = sorted(target)
    most: tuple[int, Scroll] | None = None
    gain, first = 0, 0
    # For lines that move up it is looked from the top, for such that move down from the bottom:
    # what comes in blank is then always behind the last that moved.
    step = 1 if by > 0 else -1
    for row in rows[::step]:
        whole = is_whole(target[row], width)
        if not whole or gain <= 0 or row - step not in target:
            gain, first = 0, row
        if not whole:
            continue
        gain += cost_of(old[row], target[row]) - cost_of(old.get(row + by), target[row])
        end = row + by
        coming = range(row + step, end + step, step)
        if any(one not in target or not is_whole(target[one], width) for one in coming):
            continue
        blank = sum(cost_of(None, target[one]) - cost_of(old[one], target[one]) for one in coming)
        saved = gain - blank
        if saved > LEAST_GAIN + abs(by) and (most is None or saved > most[0]):
            most = saved, Scroll(min(first, end), max(first, end), by)
    return None if most is None else most[1]


def _moved_by(old: Mapping[int, Cells], new: Mapping[int, Cells], changed: list[int]) -> int:
    """By how many lines most of what is changed has moved; 0 where too few say the same."""
    left = min(_first_other(old.get(row), new[row]) for row in changed)
    places: dict[str, int] = {}
    for row, cells in old.items():
        text = "".join(cells.characters[left:])
        if text.strip(" "):
            places.setdefault(text, row)
    votes: Counter[int] = Counter()
    for row in changed:
        place = places.get("".join(new[row].characters[left:]))
        if place is not None and place != row:
            votes[place - row] += 1
    if not votes:
        return 0
    by, count = votes.most_common(1)[0]
    return by if count >= LEAST_AGREEING else 0


def _first_other(old: Cells | None, new: Cells) -> int:
    """The first column in which a line is another."""
    if old is None:
        return 0
    differs = map(ne, old.characters, new.characters)
    return next((place for place, other in enumerate(differs) if other), len(old.characters))


def is_whole(cells: Cells, width: int) -> bool:
    """Whether all cells of a line are known."""
    return len(cells.characters) == width and UNKNOWN not in cells.characters


def cost_of(old: Cells | None, new: Cells) -> int:
    """About how many bytes it takes to write a line over another."""
    if old is None or len(old.characters) < len(new.characters):
        return len(new.characters) + 4 * RUN
    if old == new:
        return 0
    differs = bytes(differing(old, new))
    return sum(differs) + RUN * (differs.count(b"\0\1") + differs[0])
