"""A frame where the terminal has no signs but those of ASCII, and perhaps few letters.

One sign stands for one, of the same width, so that nothing moves: no widget knows of it. Letters
stay as they are where the terminal's charset has them; others lose their accents, or are a question
mark for each cell.
"""

from __future__ import annotations

import re
from functools import lru_cache
from unicodedata import category, combining, normalize

from rich.cells import get_character_cell_size

from tui.spelling import SPELT

_SIGNS = {
    "─━╌╴╶╸╺": "-", "│┃╵╷": "|", "▌▶▸►": ">", "▏": ":", "▕": "|", "▐█■◆▇▆▅": "#", "▀▄▃▂▁": "_",
    "░": ".", "▒": "=", "▓": "#", "●•★✓✔": "*", "○◌◇□": "o", "✗✘✕": "x", "▾▼↓↙↘⇩": "v",
    "▲↑↗↖⇧": "^", "◂◀←‹⇤": "<", "→›⇥⇒": ">", "⏎↵": "!", "…": "~", "·": "-",
    "–—−": "-", "“”": '"', "‘’": "'", "≠": "#", "≥": ">", "≤": "<", "◷": "@", "⊞": "+", "⊘∅": "0",
    "‖": "=", "↻↺": "@", "↶": "<", "↷": ">", "✎": "e", "✉": "m", "Δ": "d",
}  # fmt: skip
_TABLE = {ord(sign): plain for signs, plain in _SIGNS.items() for sign in signs}
_OTHER_LINES = dict.fromkeys(range(0x2500, 0x2580), "+")
_OTHER_BLOCKS = dict.fromkeys(range(0x2580, 0x2600), "#")
_DOTS = {0x2800: " "} | dict.fromkeys(range(0x2801, 0x2900), ":")
_PLAIN = _OTHER_LINES | _OTHER_BLOCKS | _DOTS | _TABLE
_LETTERS = {sign: plain[0] for sign, plain in SPELT.items() if category(sign) != "No"}
"""One for one: what there is room for is spelt out before (`spelled`)."""
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")


def in_plain_signs(frame: str, encoding: str) -> str:
    """The frame without signs that are not ASCII, and without letters that the charset lacks."""
    if frame.isascii():
        return frame
    plain = frame.translate(_PLAIN)
    if encoding == "utf-8" or plain.isascii():
        return plain
    return _NOT_ASCII.sub(lambda match: _letter(match[0], encoding), plain)


@lru_cache(4096)
def _letter(character: str, encoding: str) -> str:
    try:
        character.encode(encoding)
    except UnicodeEncodeError:
        if like := _LETTERS.get(character):
            return like
        cells = get_character_cell_size(character)
        apart = normalize("NFKD", character)
        bare = apart[0]
        # Without its accent a letter is still read. A half or a square is another number beside a
        # figure (5½ is not 51), and of several signs in one the first alone says something else.
        whole = category(character) != "No" and all(map(combining, apart[1:]))
        return bare if whole and bare.isascii() and cells == 1 else "?" * cells
    return character
