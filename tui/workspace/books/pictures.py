"""A picture made as small as a terminal is: by Pillow, which is an extra, and only where asked for.

What comes from a service may be broken, or made to fill the memory: how large it is is read before
it is decoded, and whatever goes wrong is one line.
"""

from __future__ import annotations

import struct
from io import BytesIO
from pathlib import PurePath
from typing import NamedTuple
from warnings import filterwarnings

from tui.workspace.books.out.needs import FormMissing

FORMATS = {
    ".png": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG", ".gif": "GIF", ".webp": "WEBP", ".bmp": "BMP",
    ".tif": "TIFF", ".tiff": "TIFF",
}  # fmt: skip
"""Endings of pictures that can be shown, and what Pillow calls them."""
MOST_BYTES = 30_000_000
MOST_PIXELS = 50_000_000
"""Of a picture that is decoded: four bytes each."""

Rgb = tuple[int, int, int]


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


def pixels_of(content: bytes, background: Rgb, columns: int, lines: int) -> Pixels:
    """A picture in at most so many columns and lines; on `background` where it is see-through.

    Raises PictureRefused, and FormMissing where Pillow is not installed. Fit for a thread.
    """
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
            room = max(1, columns), max(2, 2 * lines)
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
