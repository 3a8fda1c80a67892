"""Text in terminal cells: measured, cut and padded so that no line is ever wider than it says."""

from __future__ import annotations

import re
from typing import Literal

from rich.cells import cell_len, get_character_cell_size

from tui.words import counted
from tui.workspace.text import clean

Align = Literal["left", "right", "centre"]

ELLIPSIS = "…"
NAME_READ = 256
"""Cells of a name that are read, to have its end: nobody reads further."""
_CUT_FIGURE = re.compile(r"\d[\d.,:]*…\Z")
_SHARE = re.compile(r"\d[\d.,]*\+? of \d[\d.,]*")
"""So many of so many: one of the two alone says something else."""
_SUM = r"(?:[^\s\d+·]{1,5} )?-?\d[\d,]*(?:\.\d+)?(?: \(rows rounded\))?"
_CAVEAT = re.compile(r"(?<=[\dh]) \([^()]+\)")
"""What is said of the figure before it, as that its rows are rounded."""
_SUMS = re.compile(rf"{_SUM}(?: \+ {_SUM})+")
"""Sums of money, one a currency."""

# Line breaks and tabs are left to the editor that lays them out.
_SHOWN = {code: chr(0x2400 + code) for code in range(0x20) if code not in (0x09, 0x0A)}
_SHOWN |= {0x7F: "\N{SYMBOL FOR DELETE}"}
_SHOWN |= dict.fromkeys(
    (*range(0x80, 0xA0), *range(0x2028, 0x202F), *range(0x2066, 0x206A), *range(0xD800, 0xE000)),
    "\N{REPLACEMENT CHARACTER}",
)


def in_editor(text: str) -> str:
    """Text that is being edited, as it is drawn: a mark for every character that would be obeyed.

    As many characters as before, so that a cursor stands where it stands in the text itself.
    """
    return text if text.isascii() and text.isprintable() else text.translate(_SHOWN)


def clip(text: str, width: int) -> str:
    """What fits of clean text into `width` cells, with an ellipsis where it was cut."""
    if width <= 0:
        return ""
    if text.isascii():
        return text if len(text) <= width else text[: width - 1] + ELLIPSIS
    if cell_len(text) <= width:
        return text
    used = 0
    for index, character in enumerate(text):
        used += get_character_cell_size(character)
        if used > width - 1:
            return text[:index] + ELLIPSIS
    return text


def clip_name(text: str, width: int) -> str:
    """What fits of a name into `width` cells, shortened in its middle: names of one kind begin
    alike, and what tells one from the next stands at their ends.
    """
    if width < 5 or cell_len(text) <= width:
        return clip(text, width)
    room = width // 2
    first = len(text)
    while first and room >= get_character_cell_size(text[first - 1]):
        first -= 1
        room -= get_character_cell_size(text[first])
    while not get_character_cell_size(text[first]):
        first += 1  # It belongs to a character that had no room.
    end = text[first:]
    return clip(text, width - cell_len(end)) + end


def clip_path(path: str, width: int) -> str:
    """A path in `width` cells, as far as its folders can give way in their middle: the name of the
    file itself stays whole.
    """
    folder, _, name = path.rpartition("/")
    if not folder or cell_len(path) <= width:
        return path
    return f"{clip_name(folder, max(1, width - cell_len(name) - 1))}/{name}"


def clip_figures(text: str, width: int) -> str:
    """What fits of clean text into `width` cells, without a figure that is cut: half of one is
    another one, as is one part of `200 of 420`. Of sums in several currencies, joined by ` + `,
    those that fit are told, and how many more there are.
    """
    shown = clip(text, width)
    end = len(shown) - len(ELLIPSIS)
    if shown == text:
        return text
    sums = _SUMS.search(text)
    if sums is not None and end <= sums.end():
        fewer = _fewer_sums(text, sums, width)
        if fewer is not None:
            return fewer
        # A count of which the word is cut off reads like an amount.
        text = f"{text[: sums.start()]}{ELLIPSIS}"
        shown = clip(text, width)
        end = len(shown) - len(ELLIPSIS)
    for caveat in _CAVEAT.finditer(text):
        if caveat.start() < end < caveat.end():
            text = f"{text[: caveat.start()]}{ELLIPSIS}"
            end = caveat.start()
            shown = text
    for share in _SHARE.finditer(text):
        if share.start() < end <= share.end():
            return shown[: share.start()] + ELLIPSIS
    return _CUT_FIGURE.sub(ELLIPSIS, shown)


def _fewer_sums(text: str, sums: re.Match[str], width: int) -> str | None:
    each = sums[0].split(" + ")
    before, behind = text[: sums.start()], text[sums.end() :]
    for after in (behind, ELLIPSIS if behind else ""):
        for kept in range(len(each) - 1, -1, -1):
            rest = len(each) - kept
            more = f"{'+' if kept else ''}{counted(rest, 'currency')}"
            told = f"{before}{' '.join(filter(None, (' + '.join(each[:kept]), more)))}{after}"
            if cell_len(told) <= width:
                return told
    return None


def fit(text: str, width: int, align: Align = "left") -> str:
    """Clean text in exactly `width` cells: cut with an ellipsis, or padded with spaces.

    A wide character that would stand half outside is left out and a space takes its place.
    """
    if width <= 0:
        return ""
    shown = clip(text, width)
    missing = width - (len(shown) if shown.isascii() else cell_len(shown))
    if missing <= 0:
        return shown
    if align == "right":
        return " " * missing + shown
    if align == "centre":
        before = missing // 2
        return " " * before + shown + " " * (missing - before)
    return shown + " " * missing


def cell_text(value: object, width: int) -> str:
    """Any text, cleaned, and not read much further than `width` cells can show."""
    if value is None:
        return ""
    text = value if isinstance(value, str) else str(value)
    if len(text) > 4 * width + 64:
        # A cell shows a few dozen characters: a text of megabytes must not cost its length.
        # The last character kept is one more than fits, so the ellipsis still says "cut".
        text = text[: 4 * width + 64]
    return clean(text)


def name_text(value: object, width: int) -> str:
    """Any name, cleaned, in at most `width` cells: shortened in its middle."""
    return clip_name(cell_text(value, max(width, NAME_READ)), width)


def wrap(text: str, width: int) -> list[str]:
    """Clean text of one or more lines, broken between words so that no line is wider."""
    width = max(1, width)
    lines: list[str] = []
    for line in text.split("\n"):
        here = ""
        for word in line.split(" "):
            joined = f"{here} {word}" if here else word
            if cell_len(joined) <= width:
                here = joined
                continue
            if here:
                lines.append(here)
            *whole, here = _pieces(word, width)
            lines += whole
        lines.append(here)
    return lines


def _pieces(word: str, width: int) -> list[str]:
    """A word cut wherever it reaches the width; the last piece is what is left."""
    if cell_len(word) <= width:
        return [word]
    pieces: list[str] = []
    start = used = 0
    for index, character in enumerate(word):
        cells = get_character_cell_size(character)
        if used + cells > width and index > start:
            pieces.append(word[start:index])
            start, used = index, 0
        used += cells
    return [*pieces, word[start:]]
