"""A theme in a terminal of fewer colours: what is drawn in it, in the colours that it picked.

Everything is drawn in true colour; here, on the way to the terminal, each colour becomes the one
that the theme has for its role. So no widget knows how many colours there are. What is no colour
of the theme (mixtures, as below a dialog) becomes that of the role that is nearest to it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from tui.terminal import Depth
from tui.widgets.sgr import PLAIN, taken

GROUNDS = ("background", "surface", "panel", "cursor", "selection")
TEXTS = ("foreground", "muted", "primary", "accent", "good", "warn", "bad")
READABLE: Mapping[int | None, tuple[int, ...]] = {
    0: (2, 6, 7, 9, 10, 11, 13, 14, 15),
    4: (6, 7, 10, 11, 14, 15),
    7: (0, 4),
    15: (0, 1, 4, 5, 12),
}
"""Ground -> text that has a contrast of 4.5 on it with the colours of xterm and with those of the
Linux console. A test computes it."""
BRIGHT = 8
"""From here on a colour is a bright one."""
SAME = 48
"""Up to this square of a distance a colour is taken for the theme's own: Textual mixes colours in
another space, and they come back a little different."""

_PEN = re.compile(r"\x1b\[([0-9;]+)m")
_RUN = re.compile(r"\x1b\[([0-9;]+)m([^\x1b]*)")
"""A pen, and what is written with it."""
_STEPS = (0, 95, 135, 175, 215, 255)
_WORDS = {"bold": "1", "underline": "4", "reverse": "7"}

Rgb = tuple[int, int, int]


class Paint(NamedTuple):
    """How a role is drawn: attributes, a colour of the terminal, and one behind it.

    None is the terminal's own; text with no colour behind it stands on the ground that is there.
    """

    attributes: frozenset[str] = frozenset()
    number: int | None = None
    behind: int | None = None


class Table(NamedTuple):
    """What a theme picked for one number of colours: for each role, in order of preference."""

    roles: Mapping[str, tuple[Paint, ...]]

    def has_bright_ground(self) -> bool:
        """Whether a ground is a bright colour, which is none on the Linux console."""
        numbers = [paint.number for role in GROUNDS for paint in self.roles[role]]
        return any(number is not None and number >= BRIGHT for number in numbers)


def paint_of(value: object) -> Paint:
    """Read what a theme's file says of a role: ``4``, ``"bold 9"``, ``"15 on 1"``, ``"reverse"``,
    ``"default"``. Raises `ValueError` for anything else.
    """
    words = [str(value)] if isinstance(value, int) else str(value).split()
    attributes: set[str] = set()
    numbers: list[int] = []
    on = 0
    for word in words:
        if word in _WORDS:
            attributes.add(_WORDS[word])
        elif word == "on" and len(numbers) == 1:
            on = 1
        elif word.isdecimal() and int(word) <= 255 and len(numbers) == on:
            numbers.append(int(word))
        elif word != "default":
            raise ValueError(word)
    if not words or (len(numbers) != on + 1 and numbers):
        raise ValueError(str(value))
    number = numbers[0] if numbers else None
    behind = numbers[1] if on else None
    return Paint(frozenset(attributes), number, behind)


def _rgb(colour: str) -> Rgb:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _distance(one: Rgb, other: Rgb) -> int:
    return sum((a - b) ** 2 for a, b in zip(one, other, strict=True))


def nearest_of_256(colour: Rgb) -> int:
    """The colour of xterm's cube of 216 and 24 greys that is nearest."""
    steps = [min(range(6), key=lambda step: abs(_STEPS[step] - part)) for part in colour]
    cube = (_STEPS[steps[0]], _STEPS[steps[1]], _STEPS[steps[2]])
    shade = max(0, min(23, round((sum(colour) / 3 - 8) / 10)))
    grey = (8 + 10 * shade,) * 3
    if _distance(colour, grey) < _distance(colour, cube):
        return 232 + shade
    return 16 + 36 * steps[0] + 6 * steps[1] + steps[2]


def code(number: int, base: int) -> str:
    """The SGR numbers of a colour; `base` is 30 for ink and 40 for the ground."""
    if number < 8:
        return str(base + number)
    if number < 16:
        return str(base + 60 + number - 8)
    return f"{base + 8};5;{number}"


class Shades:
    """What is drawn in a theme, in the colours that a terminal has."""

    def __init__(
        self, colours: Mapping[str, str], levels: Sequence[str], depth: Depth, table: Table
    ) -> None:
        """`colours` and `levels` are the theme's, as ``#rrggbb``."""
        self._many = depth == "256"
        self._table = table.roles
        of_role = {role: _rgb(colour) for role, colour in colours.items()}
        self._grounds = {role: of_role[role] for role in GROUNDS}
        self._inks = {role: of_role[role] for role in TEXTS} | {"border": of_role["border"]}
        self._drawn = self._inks | {
            f"level-{number}": _rgb(level) for number, level in enumerate(levels, 1)
        }
        self._numbers = lru_cache(4096)(self._translated)
        self._adorns = any(map(_is_seen_in_blanks, (p for r in TEXTS for p in self._table[r])))

    def drawn(self, frame: str) -> str:
        """The frame with the colours that there are."""
        if self._adorns:
            return _RUN.sub(self._of_run, frame)
        return _PEN.sub(self._of, frame)

    def _of_run(self, match: re.Match[str]) -> str:
        """A role with a ground of its own, or a line below it, has that at its words: the blanks
        around them, which fill a column, would be blocks of it."""
        numbers, text = match[1], match[2]
        pen, beside = self._numbers(numbers), self._numbers(numbers, True)
        words = text.strip(" ")
        if pen == beside or len(words) == len(text):
            return pen + text
        before, _, after = text.partition(words) if words else (text, "", "")
        back = f"\x1b[0m{pen}"
        return f"{beside}{before}{back}{words}" + (f"\x1b[0m{beside}{after}{back}" if after else "")

    def _of(self, match: re.Match[str]) -> str:
        return self._numbers(match[1])

    def _translated(self, numbers: str, blank: bool = False) -> str:
        pen = taken(PLAIN, numbers)
        ink, ground = _true(pen.foreground), _true(pen.background)
        if ink is None and ground is None:
            return f"\x1b[{numbers}m"
        attributes = set(pen.attributes)
        ground_role = _nearest(ground, self._grounds | self._inks, "background")
        if ground_role in self._inks:
            # Text as a ground, as under the cursor of a line: the same, turned round.
            attributes ^= {"7"}
            ground, ink = ink, ground
            ground_role = _nearest(ground, self._grounds, "background")
            role = _nearest(ink, self._inks, "foreground")
        else:
            role = _nearest(ink, self._drawn, "foreground")
        if ground_role == "cursor" and "7" in attributes:
            # The cell that the cursor is on: as clear as can be, and in no signal's colour.
            role, ink = "foreground", None
        drawn, behind = self._pair(role, ground_role)
        if blank and _is_seen_in_blanks(drawn):
            drawn, behind = self._pair("foreground", ground_role)
        number, below = drawn.number, behind.number if drawn.behind is None else drawn.behind
        if self._many:
            number = self._own_or(number, ink, role)
            below = self._own_or(below, ground, ground_role)
        if (
            number is not None
            and number < BRIGHT
            and number + BRIGHT not in READABLE.get(below, ())
        ):
            # Many terminals show bold as the bright colour.
            attributes.discard("1")
        flips = behind.attributes & {"7"}
        if flips and "7" in attributes:
            attributes.add("4")
        attributes ^= flips
        attributes |= drawn.attributes | (behind.attributes - {"7"})
        codes = sorted(attributes)
        if number is not None:
            codes.append(code(number, 30))
        if below is not None:
            codes.append(code(below, 40))
        # Before each stands a reset, or nothing: that is how Rich writes.
        return f"\x1b[{';'.join(codes)}m" if codes else ""

    def _own_or(self, picked: int | None, colour: Rgb | None, role: str) -> int | None:
        """What was picked for a colour of the theme; of any other the nearest that there is."""
        its = (self._grounds | self._drawn)[role]
        if colour is None or _distance(colour, its) <= SAME:
            return picked
        return nearest_of_256(colour)

    def _pair(self, role: str, ground: str) -> tuple[Paint, Paint]:
        """How a role is drawn on a ground: the first that was picked and can be read there."""
        behind = self._table[ground][0]
        picked = self._table[role]
        if self._many or role == "border" or role.startswith("level-"):
            return picked[0], behind
        for one in picked:
            if one.number is None or one.behind is not None:
                if not behind.attributes & {"7"} or one.behind is None:
                    return one, behind
            elif _reads(one.number, behind.number):
                return one, behind
        return picked[-1], behind


def _is_seen_in_blanks(paint: Paint) -> bool:
    return paint.behind is not None or bool(paint.attributes & {"4", "7"})


def _true(colour: str) -> Rgb | None:
    parts = colour.split(";")
    if len(parts) != 5:
        return None
    return int(parts[2]), int(parts[3]), int(parts[4])


def _nearest(colour: Rgb | None, roles: Mapping[str, Rgb], otherwise: str) -> str:
    if colour is None:
        return otherwise
    return min(roles, key=lambda role: _distance(roles[role], colour))


def _reads(number: int, ground: int | None) -> bool:
    return ground not in READABLE or number in READABLE[ground]


def derived(colours: Mapping[str, str], levels: Iterable[str], dark: bool, depth: Depth) -> Table:
    """What a theme that picked nothing for so many colours is drawn with."""
    if depth == "256":
        every = dict(colours) | {f"level-{number}": level for number, level in enumerate(levels, 1)}
        return Table(
            {role: (Paint(number=nearest_of_256(_rgb(one))),) for role, one in every.items()}
        )
    grounds, inks = {
        ("16", True): ((0, 0, 0, 4, 0), (15,)),
        ("16", False): ((15, 7, 7, 4, 7), (0, 15)),
        ("8", True): ((0, 0, 0, 4, 0), (7,)),
        ("8", False): ((7, 7, 7, 4, 7), (0, 7)),
    }.get((depth, dark), ((), ()))
    if not grounds:
        plain: tuple[Paint, ...] = (Paint(),)
        roles = dict.fromkeys((*GROUNDS, *TEXTS), plain) | {"cursor": (paint_of("reverse"),)}
    else:
        plain = tuple(Paint(number=ink) for ink in inks)
        roles = {role: (Paint(number=one),) for role, one in zip(GROUNDS, grounds, strict=True)}
        roles |= dict.fromkeys(TEXTS, plain)
    shared = {"border": plain} | {f"level-{number}": plain for number in range(1, 9)}
    return Table(roles | shared)
