"""A picture made as small as a terminal is: by Pillow, which is an extra, and only where asked for.

What comes from a service may be broken, or made to fill the memory: how large it is is read before
it is decoded, and whatever goes wrong is one line.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from io import BytesIO
from pathlib import PurePath
from typing import TYPE_CHECKING, Literal, NamedTuple
from warnings import filterwarnings

from tui.workspace.books.out.needs import FormMissing
from tui.workspace.books.picture_codes import BAND, KITTY_ERASED, Rgb, kitty_of, sixel_of

if TYPE_CHECKING:
    from PIL.Image import Image

FORMATS = {
    ".png": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG", ".gif": "GIF", ".webp": "WEBP", ".bmp": "BMP",
    ".tif": "TIFF", ".tiff": "TIFF",
}  # fmt: skip
"""Endings of pictures that can be shown, and what Pillow calls them."""
MOST_BYTES = 30_000_000
MOST_PIXELS = 50_000_000
"""Of a picture that is decoded: four bytes each."""
SHARES = (1.0, 0.7, 0.5, 0.35)
"""Of its size that a picture is tried in until it is small enough to be sent."""
COLOURS: Mapping[str, tuple[int, ...]] = {"kitty": (0, 256, 64), "sixel": (256, 64)}
"""How many colours it is tried in at each size; 0 is all that there are."""
MOST_SIXELS = 1000
"""Pixels that sixels are wide and high: xterm cuts what is more (its `maxGraphicSize`)."""
MOST_TIMES = 8
"""How much larger than it is a picture is drawn."""


class PictureRefused(Exception):
    """Raised where a picture cannot be shown; says why."""


class Pixels(NamedTuple):
    """A picture in the few pixels that a terminal has."""

    about: str
    """What it is: `PNG, 640 × 480`."""
    rows: list[list[Rgb]]
    """Two of them a line; as many pixels in each as it is wide."""


def rgb_of(colour: str) -> Rgb:
    """A colour of a theme, written `#rrggbb`; black for any that is not."""
    if len(colour) != 7 or colour[0] != "#":
        return 0, 0, 0
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:], 16)


def is_picture(name: str) -> bool:
    """Whether a file is shown as a picture, by its name."""
    return PurePath(name).suffix.lower() in FORMATS


class Drawn(NamedTuple):
    """A picture in the pixels of a terminal that shows pictures."""

    about: str
    columns: int
    lines: int
    """The cells that it covers."""
    draw: str
    """Draws it from the cursor on."""
    erase: str
    """Takes it away; empty where writing over its cells does."""


def pixels_of(content: bytes, background: Rgb, columns: int, lines: int) -> Pixels:
    """A picture in at most so many columns and lines; on `background` where it is see-through.

    Raises PictureRefused, and FormMissing where Pillow is not installed. Fit for a thread.
    """
    room = max(1, columns), max(2, 2 * lines)
    about, flat = _flat(content, background, room)
    bytes_of = flat.tobytes()
    width, height = flat.size
    rows = [
        [
            (bytes_of[at], bytes_of[at + 1], bytes_of[at + 2])
            for at in range(3 * width * row, 3 * width * (row + 1), 3)
        ]
        for row in range(height)
    ]
    if height % 2:
        rows.append([background] * width)
    return Pixels(about, rows)


def drawn_of(
    content: bytes,
    background: Rgb,
    room: tuple[int, int],
    cell: tuple[int, int],
    way: Literal["kitty", "sixel"],
    most: int,
) -> Drawn | None:
    """A picture in a room of columns and lines whose cells have so many pixels, in at most `most`
    bytes; None where that is too little for it.

    Raises PictureRefused, and FormMissing where Pillow is not installed. Fit for a thread.
    """
    width, height = max(1, room[0]) * cell[0], max(1, room[1]) * cell[1]
    if way == "sixel":
        width = min(width, max(1, MOST_SIXELS // cell[0]) * cell[0])
        height = min(height, MOST_SIXELS)
        # The rest of a band would reach into the line below.
        height = max(BAND, height - height % BAND)
    about, flat = _flat(content, background, (width, height))
    flat = _enlarged(flat, (width, height))
    for share in SHARES:
        size = max(1, int(flat.width * share)), max(1, int(flat.height * share))
        small = flat if share == 1 else flat.resize(size)
        draw = _kitty if way == "kitty" else _sixel
        for colours in COLOURS[way]:
            columns, lines, sequence = draw(small, flat.size, background, cell, colours)
            if len(sequence) <= most:
                erase = KITTY_ERASED if way == "kitty" else ""
                return Drawn(about, columns, lines, sequence, erase)
    return None


def _kitty(
    small: Image, size: tuple[int, int], background: Rgb, cell: tuple[int, int], colours: int
) -> tuple[int, int, str]:
    """The columns and lines that a picture of that size takes, and what draws it there: it is
    stretched over them, so that one of fewer pixels is no smaller picture."""
    columns, lines = -(-size[0] // cell[0]), -(-size[1] // cell[1])
    ground = (
        max(small.width, columns * cell[0] * small.width // size[0]),
        max(small.height, lines * cell[1] * small.height // size[1]),
    )
    whole, out = _on_ground(small, background, ground), BytesIO()
    (whole.quantize(colours) if colours else whole).save(out, "PNG")
    return columns, lines, kitty_of(out.getvalue(), columns, lines)


def _sixel(
    small: Image, size: tuple[int, int], background: Rgb, cell: tuple[int, int], colours: int
) -> tuple[int, int, str]:
    """The same as sixels, which are as large as they are."""
    del size
    columns, height = -(-small.width // cell[0]), -(-small.height // BAND) * BAND
    few = _on_ground(small, background, (columns * cell[0], height)).quantize(colours)
    pixels, parts = few.tobytes(), few.getpalette() or []
    palette = [
        (parts[at], parts[at + 1], parts[at + 2]) for at in range(0, 3 * (1 + max(pixels)), 3)
    ]
    return columns, -(-height // cell[1]), sixel_of(few.width, pixels, palette)


def _enlarged(picture: Image, room: tuple[int, int]) -> Image:
    """A small picture so many times as large that it is no smaller than in half blocks."""
    times = min(MOST_TIMES, room[0] // picture.width, room[1] // picture.height)
    if times < 2:
        return picture
    return picture.resize((picture.width * times, picture.height * times), 0)


def _on_ground(picture: Image, background: Rgb, size: tuple[int, int]) -> Image:
    """A picture at the upper left of a ground of so many pixels."""
    from PIL import Image

    ground = Image.new("RGB", size, background)
    ground.paste(picture, (0, 0))
    return ground


def _flat(content: bytes, background: Rgb, room: tuple[int, int]) -> tuple[str, Image]:
    """What a picture is, and it in at most so many pixels without anything that is see-through."""
    try:
        from PIL import Image, ImageOps
    except ImportError as error:
        raise FormMissing("A picture in the terminal", "Pillow", "pictures") from error
    # What is large is refused below, in our own words.
    filterwarnings("ignore", category=Image.DecompressionBombWarning)
    if len(content) > MOST_BYTES:
        raise PictureRefused("It is too large to be shown here.")
    try:
        with Image.open(BytesIO(content), formats=sorted(set(FORMATS.values()))) as image:
            about = f"{image.format}, {image.width:,} × {image.height:,}"
            if image.width * image.height > MOST_PIXELS:
                raise PictureRefused(f"It is too large to be shown here ({about}).")
            # A JPEG is decoded smaller at once.
            image.draft("RGB", room)
            small = ImageOps.exif_transpose(image).convert("RGBA")
            small.thumbnail(room)
            ground = Image.new("RGBA", small.size, (*background, 255))
            flat = Image.alpha_composite(ground, small).convert("RGB")
    except PictureRefused:
        raise
    except Image.DecompressionBombError as error:
        raise PictureRefused("It is too large to be shown here.") from error
    except (
        OSError, SyntaxError, ValueError, TypeError, ArithmeticError, LookupError, MemoryError,
        struct.error,
    ) as error:  # fmt: skip
        raise PictureRefused("It is no picture, or a broken one.") from error
    return about, flat
