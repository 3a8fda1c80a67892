"""Bodies that come packed, unpacked in small pieces: what is in them never takes the memory.

A few kilobytes can hold gigabytes, and packing that once more hides it once more. So only what
was asked for is unpacked, each kind once at most, and never more at a time than PIECE.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator

ACCEPTED = "gzip, deflate"
"""What requests say that answers may be packed with."""
PIECE = 64 * 1024
_KINDS = {"gzip": "gzip", "x-gzip": "gzip", "deflate": "deflate"}


class BadPacking(Exception):
    """The body cannot be unpacked: an unknown kind, one kind twice, damaged or cut off."""


class Unpacker:
    """Takes off, piece by piece, what a Content-Encoding says was put on.

    Raises BadPacking for an encoding that is not taken.
    """

    def __init__(self, encoding: str) -> None:
        kinds: list[str] = []
        for name in encoding.lower().split(","):
            name = name.strip()
            if name in ("", "identity"):
                continue
            if name not in _KINDS:
                raise BadPacking(f"is packed as {name[:40]!r}, which was not asked for")
            if _KINDS[name] in kinds:
                raise BadPacking(f"is packed as {name} more than once")
            kinds.append(_KINDS[name])
        # What was put on last comes off first.
        self._layers = [_Layer(kind) for kind in reversed(kinds)]

    def feed(self, packed: bytes) -> Iterable[bytes]:
        """What comes out for one more piece; the iteration raises BadPacking for damage."""
        pieces: Iterable[bytes] = (packed,)
        for layer in self._layers:
            pieces = layer.unpacked(pieces)
        return pieces

    def finish(self) -> None:
        """Nothing more comes. Raises BadPacking when the end is missing."""
        for layer in self._layers:
            layer.finish()


class _Layer:
    def __init__(self, kind: str) -> None:
        self._kind = kind
        self._unpacker: zlib._Decompress | None = None

    def unpacked(self, pieces: Iterable[bytes]) -> Iterator[bytes]:
        try:
            for packed in pieces:
                yield from self._pieces_of(packed)
        except zlib.error as error:
            raise BadPacking(f"is no {self._kind}") from error

    def _pieces_of(self, packed: bytes) -> Iterator[bytes]:
        full = False
        while packed or full:
            if self._unpacker is None or self._unpacker.eof:
                # Several packed parts may stand one after the other (RFC 1952, 2.2).
                self._unpacker = zlib.decompressobj(_window(self._kind, packed))
            content = self._unpacker.decompress(packed, PIECE)
            packed = self._unpacker.unconsumed_tail or self._unpacker.unused_data
            # All may have been taken in, and not all given out.
            full = len(content) == PIECE and not self._unpacker.eof
            if content:
                yield content

    def finish(self) -> None:
        if self._unpacker is not None and not self._unpacker.eof:
            raise BadPacking("is cut off")


def _window(kind: str, packed: bytes) -> int:
    """How zlib is told the kind. Some servers say deflate and leave out the frame around it."""
    if kind == "gzip":
        return 16 + zlib.MAX_WBITS
    framed = packed[0] & 0x0F == 8 and packed[0] >> 4 <= 7
    return zlib.MAX_WBITS if framed else -zlib.MAX_WBITS
