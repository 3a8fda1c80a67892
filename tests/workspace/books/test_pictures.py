"""Pictures for a terminal: small, on its ground, and one line where they are none."""

from __future__ import annotations

import struct
import sys
import zlib
from contextlib import suppress
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from tui.widgets.pixels import RAMP, signs_of
from tui.workspace.books.out.needs import FormMissing
from tui.workspace.books.pictures import PictureRefused, is_picture, pixels_of, rgb_of

GROUND = (10, 20, 30)


def picture(form: str, size: tuple[int, int], colour: tuple[int, ...] = (200, 0, 0)) -> bytes:
    out = BytesIO()
    Image.new("RGB" if len(colour) == 3 else "RGBA", size, colour).save(out, form)
    return out.getvalue()


def header_of(width: int, height: int) -> bytes:
    """The beginning of a PNG that says it is so large, and nothing behind it."""
    head = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    whole = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + head
    return whole + struct.pack(">I", zlib.crc32(head)) + struct.pack(">I", 9) + b"IDAT" + bytes(9)


@given(
    form=st.sampled_from(["PNG", "BMP", "GIF", "TIFF", "JPEG"]),
    size=st.tuples(st.integers(1, 60), st.integers(1, 60)),
    room=st.tuples(st.integers(1, 40), st.integers(1, 20)),
)
@settings(max_examples=60, deadline=None)
def test_a_picture_fits_the_room_and_keeps_its_colour(
    form: str, size: tuple[int, int], room: tuple[int, int]
) -> None:
    found = pixels_of(picture(form, size), GROUND, *room)
    assert found.about == f"{form}, {size[0]} × {size[1]}"
    assert len(found.rows) % 2 == 0
    assert 1 <= len(found.rows) // 2 <= room[1]
    assert {len(row) for row in found.rows} == {len(found.rows[0])}
    assert 1 <= len(found.rows[0]) <= room[0]
    red, green, blue = found.rows[0][0]
    assert red > 190
    assert max(green, blue) < 10


def test_what_is_seen_through_shows_the_ground_and_few_colours_are_signs() -> None:
    clear = pixels_of(picture("PNG", (2, 3), (0, 0, 0, 0)), GROUND, 80, 24)
    assert clear.rows == [[GROUND, GROUND]] * 4
    assert signs_of([(0, 0, 0), (255, 255, 255)], [(0, 0, 0), (255, 255, 255)]) == (
        f"{RAMP[0]}{RAMP[-1]}"
    )
    assert rgb_of("#0a141e") == GROUND
    assert rgb_of("ansi_default") == (0, 0, 0)
    assert is_picture("Keel.JPEG")
    assert not is_picture("keel.svg")


@given(st.binary(max_size=300), st.integers(0, 400), st.sampled_from(["PNG", "GIF", "JPEG", "BMP"]))
@settings(max_examples=80, deadline=None)
def test_what_is_broken_is_one_line(junk: bytes, cut: int, form: str) -> None:
    whole = picture(form, (40, 40))
    for content in (junk, whole[:cut] + junk + whole[cut + len(junk) :]):
        with suppress(PictureRefused):
            assert pixels_of(content, GROUND, 10, 10).rows


def test_one_that_would_fill_the_memory_is_not_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    for side, about in ((8_000, r" \(PNG, 8,000 × 8,000\)"), (10_000, r" \(PNG.*\)"), (60_000, "")):
        with pytest.raises(PictureRefused, match=rf"too large to be shown here{about}\."):
            pixels_of(header_of(side, side), GROUND, 80, 24)
    monkeypatch.setitem(sys.modules, "PIL", None)
    with pytest.raises(FormMissing, match=r"pip install 'tockdeck\[pictures\]'"):
        pixels_of(b"", GROUND, 80, 24)
