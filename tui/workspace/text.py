"""Text that came from elsewhere, made safe for the screen.

Nothing that a service sends is a terminal control sequence, and nothing that it sends may break
the layout of a line: `clean` is the one function that stands between such text and the screen.
It imports neither Textual nor Rich, so that the command line uses the same one.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

NEWLINE_MARK = "↵"
TAB_MARK = "⇥"
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
DOTTED_CIRCLE = "\N{DOTTED CIRCLE}"

# Real scripts stack up to three marks on one letter; more is a way to draw over other lines.
_MOST_MARKS_ON_ONE_LETTER = 3
# One entry a distinct character; a hostile stream of all of Unicode must not stay in memory.
_MOST_REMEMBERED = 4096


def _replacement_of(character: str) -> str:
    """What one non-ASCII character becomes: itself, a visible mark, or nothing."""
    code = ord(character)
    category = unicodedata.category(character)
    if code in (0x85, 0x2028, 0x2029):
        return NEWLINE_MARK
    if 0x1F1E6 <= code <= 0x1F1FF:
        # Pairs are flags, which terminals draw in one, two or four cells: the letters are sure.
        return chr(ord("A") + code - 0x1F1E6)
    if 0x1F3FB <= code <= 0x1F3FF or 0xFE00 <= code <= 0xFE0F or 0xE0100 <= code <= 0xE01EF:
        # Skin tones and variation selectors change the width of what stands before them.
        return ""
    if code in (0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x3164, 0xFFA0):
        return ""  # fillers: letters by category, invisible to the eye
    if category == "Cf":
        # Bidirectional overrides and isolates, zero-width spaces and joiners, soft hyphens, tags.
        return ""
    if category == "Zs":
        return character if code == 0x3000 else " "
    if category in ("Cc", "Cs", "Co", "Cn"):
        return REPLACEMENT
    return character


class _Remembered(dict[str, tuple[str, bool]]):
    """What each character becomes, and whether it sits on the one before it."""

    def __missing__(self, character: str) -> tuple[str, bool]:
        if len(self) >= _MOST_REMEMBERED:
            self.clear()
        replacement = _replacement_of(character)
        mark = bool(replacement) and unicodedata.category(replacement) in ("Mn", "Me")
        self[character] = (replacement, mark)
        return self[character]


_remembered = _Remembered()

# C0 and DEL as their control pictures: seen for what they are, and harmless.
_CONTROLS = {code: chr(0x2400 + code) for code in range(0x20)}
_CONTROLS |= {0x7F: "\N{SYMBOL FOR DELETE}", 0x09: TAB_MARK, 0x0A: NEWLINE_MARK, 0x0D: NEWLINE_MARK}


def clean(text: object) -> str:
    """One line of any text, safe to draw in cells.

    Control characters become visible marks, so an escape sequence is read rather than obeyed;
    line breaks become ``↵`` and tabs ``⇥``; what is invisible, turns the direction of writing or
    changes the width of its neighbours is dropped; lone surrogates and private or unassigned
    characters become ``\N{REPLACEMENT CHARACTER}``. None becomes an empty string.

    The answer never contains a control character, never starts with a combining mark, and
    ``clean(clean(x)) == clean(x)``.
    """
    if text is None:
        return ""
    line = text if isinstance(text, str) else str(text)
    if line.isascii():
        if line.isprintable():
            return line
        return line.replace("\r\n", "\n").translate(_CONTROLS)
    if "\r\n" in line:
        line = line.replace("\r\n", "\n")
    out: list[str] = []
    marks = 0
    bare = True
    for character in line:
        if character < "\x80":
            out.append(
                _CONTROLS.get(ord(character), character)
                if character < " " or character == "\x7f"
                else character
            )
            marks, bare = 0, False
            continue
        replacement, mark = _remembered[character]
        if not replacement:
            continue
        if mark:
            if bare:
                out.append(DOTTED_CIRCLE)
            marks += 1
            if marks > _MOST_MARKS_ON_ONE_LETTER:
                continue
        else:
            marks = 0
        bare = False
        out.append(replacement)
    return "".join(out)


_FIGURES = re.compile(r"([0-9]+)")
NaturalOrder = tuple[tuple[str | tuple[int, str], ...], int, str]


@lru_cache(4096)
def in_order(name: str) -> NaturalOrder:
    """The key by which names are listed, whatever their case: numbers within them by their worth,
    so that `Boat 2` and `10.0.0.2` stand before `Boat 10` and `10.0.0.10`.

    Numbers of one worth stand by their length, `7` before `007`: no two names are alike.
    """
    parts = _FIGURES.split(name.casefold())
    # Text and figures take turns, text first. Figures of any length: they are no number to Python.
    worth = tuple(_worth(part) if place % 2 else part for place, part in enumerate(parts))
    return worth, len(name), name


def _worth(figures: str) -> tuple[int, str]:
    digits = figures.lstrip("0")
    return len(digits), digits


def escaped(json: str) -> str:
    """JSON whose characters that `clean` would change stand as ``\\u`` escapes: the same value."""
    if json.isascii():
        return json.replace("\x7f", "\\u007f")
    return "".join(
        character
        if character < "\x7f" or _remembered[character][0] == character
        else json_escape(character)
        for character in json
    )


def json_escape(character: str) -> str:
    """One character as JSON escapes it: one ``\\u``, or two beyond the basic plane."""
    units = character.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2))


def clean_block(text: object) -> str:
    """Several lines of any text: line breaks stay, tabs become four spaces, the rest as `clean`."""
    if text is None:
        return ""
    block = text if isinstance(text, str) else str(text)
    lines = block.replace("\r\n", "\n").replace("\r", "\n").replace("\t", "    ").split("\n")
    return "\n".join(map(clean, lines))
