"""Pictures for the sample workspace, drawn and packed without any library."""

from __future__ import annotations

import struct
import zlib

_SAIL = bytes((250, 250, 245))


def picture(width: int, height: int, top: tuple[int, int, int], low: tuple[int, int, int]) -> bytes:
    """A small PNG: sky above, water below, one white sail."""
    lines = bytearray()
    mast = (width + 1) // 2
    for y in range(height):
        share = y / height
        tone = bytes(int(a + (b - a) * share) for a, b in zip(top, low, strict=True))
        sail = 0
        if height * 0.2 < y < height * 0.75:
            sail = sum(x - width / 2 < (y - height * 0.2) / 3 for x in range(mast, width))
        # Filter, sky or water, sail, sky or water.
        lines += b"\0" + tone * mast + _SAIL * sail + tone * (width - mast - sail)

    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(bytes(lines)))
        + chunk(b"IEND", b"")
    )
