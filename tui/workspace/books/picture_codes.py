"""A picture as terminals take it: by kitty's graphics protocol, or as sixels. Pure.

Sources: "Terminal graphics protocol" of kitty's documentation (keys a, f, i, m, q, d; chunks of
base64 of at most 4096 bytes); DEC STD 070, chapter 9, and the VT330/VT340 Programmer Reference
Manual, chapter 14 (sixel: raster attributes, colours in percent, `!` repeats, `$` begins a band
anew, `-` goes on to the next).
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterator, Sequence

Rgb = tuple[int, int, int]

PICTURE_ID = 7341
"""The number that the terminal knows the picture by: there is one at a time."""
CHUNK = 4096
BAND = 6
"""Rows of pixels that a sixel has."""
KITTY_ERASED = f"\x1b_Ga=d,d=I,i={PICTURE_ID},q=2\x1b\\"
"""Takes the picture away and lets its data go; one that is only half sent, too."""
_RUN = re.compile(rb"(.)\1{3,}", re.DOTALL)


def kitty_of(png: bytes, columns: int, lines: int) -> str:
    """A PNG over so many columns and lines from the cursor on, which stays where it is.

    `q=2`: nothing is answered, also not that something was wrong.
    """
    text = b64encode(png).decode("ascii")
    chunks = [text[at : at + CHUNK] for at in range(0, len(text), CHUNK)] or [""]
    head = f"a=T,f=100,i={PICTURE_ID},p=1,c={columns},r={lines},C=1,q=2,"
    return "".join(
        f"\x1b_G{head if not number else 'q=2,'}m={int(number + 1 < len(chunks))};{chunk}\x1b\\"
        for number, chunk in enumerate(chunks)
    )


def sixel_of(width: int, pixels: bytes, palette: Sequence[Rgb]) -> str:
    """Rows of so many pixels, a byte each that names its colour, as sixels from the cursor on.

    The height should be a multiple of six: terminals differ in what they make of a band's rest.
    """
    height = len(pixels) // width
    colours = "".join(
        f"#{number};2;{';'.join(str(round(part * 100 / 255)) for part in colour)}"
        for number, colour in enumerate(palette)
    )
    bands = "-".join(
        "$".join(_colours_of(pixels[top * width : (top + BAND) * width], width))
        for top in range(0, height, BAND)
    )
    return f'\x1bP0;1;0q"1;1;{width};{height}{colours}{bands}\x1b\\'


def _colours_of(band: bytes, width: int) -> Iterator[str]:
    """A band of six rows, colour by colour."""
    rows = [band[at : at + width] for at in range(0, len(band), width)]
    lines: dict[int, bytearray] = {}
    for number, row in enumerate(rows):
        bit = 1 << number
        for x, colour in enumerate(row):
            line = lines.get(colour)
            if line is None:
                line = lines[colour] = bytearray(width)
            line[x] |= bit
    for colour, line in sorted(lines.items()):
        shown = bytes(line).rstrip(b"\0").translate(_SIXELS)
        yield f"#{colour}{_RUN.sub(_repeated, shown).decode('ascii')}"


_SIXELS = bytes((63 + (value & 63)) for value in range(256))
"""The character of each six bits."""


def _repeated(run: re.Match[bytes]) -> bytes:
    return b"!%d%s" % (len(run[0]), run[1])
