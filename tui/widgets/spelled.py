"""Lines in which what the charset lacks is spelt out: `12 deg`, `40 EUR`, `Strasse`.

A sign that becomes several takes blanks of its own line, so that what stands further on stays in
its column. Where there are none beside it `plain_signs` has one letter for it, and a unit then has
that letter in all of its line: `12.3d  45deg` would be two units. What is drawn alone is so: no
widget and no value knows of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from unicodedata import category

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from tui.spelling import SPELT
from tui.terminal import Shown

_FILLING = " ─"
"""What a line has beside its texts: blanks, and that of an edge."""
_DRAWN = re.compile("[\u2500-\u259f\u2800-\u28ff]")
"""What stands below what stands above it: axes, edges, graphs."""

_Cells = list[tuple[str, Style | None]]


def speller(shown: Shown) -> Callable[[Strip], Strip] | None:
    """What spells a line out for a terminal; None where it has every letter."""
    if shown.glyphs == "unicode" or (lacking := _lacking(shown.encoding)) is None:
        return None

    def spelt(strip: Strip) -> Strip:
        text = strip.text
        return strip if text.isascii() or not lacking.search(text) else _spelt(strip, lacking)

    return spelt


@lru_cache(2)
def _lacking(encoding: str) -> re.Pattern[str] | None:
    """What finds the signs that a charset lacks and that have several of ASCII for one."""
    signs = []
    for sign, plain in SPELT.items():
        try:
            sign.encode(encoding)
        except UnicodeEncodeError:
            if len(plain) > 1:
                signs.append(sign)
    return re.compile(f"[{''.join(signs)}]") if signs else None


def _spelt(strip: Strip, lacking: re.Pattern[str]) -> Strip:
    short: set[str] = set()
    while True:
        cells: _Cells = [(one, segment.style) for segment in strip for one in segment.text]
        cramped = _spell(cells, lacking, short)
        if not cramped:
            break
        short |= cramped
    segments: list[Segment] = []
    for one, style in cells:
        if segments and segments[-1].style == style:
            segments[-1] = Segment(segments[-1].text + one, style)
        else:
            segments.append(Segment(one, style))
    return Strip(segments, strip.cell_length)


def _spell(cells: _Cells, lacking: re.Pattern[str], short: set[str]) -> set[str]:
    """Spell out in place all signs but the `short` ones; units among them that had no room."""
    at, cramped = 0, set()
    while at < len(cells):
        sign, style = cells[at]
        at += 1
        if lacking.match(sign) and sign not in short:
            plain = SPELT[sign]
            free = _free(cells, at - 1, len(plain) - 1)
            if len(free) == len(plain) - 1:
                for place in sorted(free, reverse=True):
                    del cells[place]
                    at -= place < at
                cells[at - 1 : at] = [(one, style) for one in plain]
                at += len(plain) - 1
            elif category(sign)[0] not in "LN":
                # A letter is read either way, and a number has no short spelling.
                cramped.add(sign)
    return cramped


def _free(cells: _Cells, at: int, wanted: int) -> list[int]:
    """Blanks that a sign may take, the nearest first: all but one of those behind the word and
    of those before it."""
    behind, before = _run(cells, at, 1), _run(cells, at, -1)
    nearer = sorted((behind, before), key=lambda run: abs(run[0] - at) if run else len(cells))
    return [place for run in nearer for place in run][:wanted]


def _run(cells: _Cells, at: int, step: int) -> list[int]:
    """What can be spared of the first gap in a direction, beginning at the word."""
    place = at + step
    while 0 <= place < len(cells):
        sign = cells[place][0]
        if sign in _FILLING:
            end = place
            while 0 <= end < len(cells) and cells[end][0] == sign:
                end += step
            run = list(range(place, end, step))
            if end == len(cells):
                return run
            if len(run) > 1:
                return run[1:]
        elif _DRAWN.match(sign):
            return []
        place += step
    return []
