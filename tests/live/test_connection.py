"""How a connection reads: the same as the library does, however the bytes are cut."""

from __future__ import annotations

import asyncio
import secrets
import struct
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from websockets.asyncio.client import ClientConnection
from websockets.client import ClientProtocol
from websockets.uri import parse_uri
from websockets.utils import accept_key

from tui.live.connection import MOST, BufferedConnection

LARGEST = 3 * MOST
CODES = (0x81, 0x82, 0x01, 0x00, 0x80, 0x89, 0x8A)
ODD = (0x88, 0xC1, 0x83, 0x8B, 0x09, 0x91)


class Wire(asyncio.Transport):
    """A transport that keeps what is sent."""

    def __init__(self) -> None:
        super().__init__()
        self.sent = b""

    def write(self, data: Any) -> None:
        self.sent += bytes(data)

    def writelines(self, list_of_data: Any) -> None:
        self.sent += b"".join(map(bytes, list_of_data))

    def set_write_buffer_limits(self, high: Any = None, low: Any = None) -> None:
        """Everything is written at once."""

    def is_closing(self) -> bool:
        return False

    def pause_reading(self) -> None:
        """Nothing comes by itself."""

    def resume_reading(self) -> None:
        """Nothing comes by itself."""

    def can_write_eof(self) -> bool:
        return True

    def write_eof(self) -> None:
        self.sent += b"<end>"

    def close(self) -> None:
        self.sent += b"<closed>"

    def abort(self) -> None:
        self.sent += b"<aborted>"


def frame(code: int, content: bytes, *, wide: bool = False, masked: bool = False) -> bytes:
    """A frame as a server sends it; `wide` where its length takes more room than it needs."""
    count, mask = len(content), 0x80 if masked else 0
    if count < 126 and not wide:
        return bytes((code, mask | count)) + content
    if count < 1 << 16:
        return bytes((code, mask | 126)) + struct.pack(">H", count) + content
    return bytes((code, mask | 127)) + struct.pack(">Q", count) + content


FRAMES = st.builds(
    frame,
    st.sampled_from(CODES) | st.sampled_from(CODES) | st.sampled_from(ODD),
    st.sampled_from((b"", b"1", b"[{}]", b"\x03\xe8over", b"x" * 130, b"y" * 70_000))
    | st.sampled_from((b"z" * MOST, b"z" * (MOST + 1), b"z" * (LARGEST + 1))),
    wide=st.integers(0, 9).map(lambda one: one == 7),
    masked=st.integers(0, 19).map(lambda one: one == 7),
)


def read(kind: type[ClientConnection], parts: Sequence[bytes]) -> tuple[Any, ...]:
    """What a connection makes of parts that come one after the other, and of their end."""

    async def main() -> tuple[Any, ...]:
        protocol = ClientProtocol(parse_uri("ws://there/"), max_size=LARGEST)
        wire = Wire()
        connection = kind(protocol)
        connection.connection_made(wire)
        protocol.key = "AAAAAAAAAAAAAAAAAAAAAA=="
        for part in parts:
            if not isinstance(connection, BufferedConnection):
                connection.data_received(part)
                continue
            while part:
                room = connection.get_buffer(len(part))
                count = min(len(room), len(part))
                assert count
                room[:count] = part[:count]
                connection.buffer_updated(count)
                part = part[count:]
        connection.eof_received()
        heard = []
        while len(connection.recv_messages.frames):
            one = await connection.recv_messages.frames.get()
            heard.append((one.opcode, bytes(one.data), one.fin))
        error = protocol.parser_exc
        return (
            heard,
            protocol.state,
            protocol.close_rcvd,
            protocol.close_sent,
            wire.sent,
            repr(error),
        )

    return asyncio.run(main())


ACCEPTED = (
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    f"Sec-WebSocket-Accept: {accept_key('AAAAAAAAAAAAAAAAAAAAAA==')}\r\n\r\n"
).encode()
REFUSED = b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 12\r\n\r\nno\r\n\r\n\x81\x01no\x81\x01x"


@pytest.fixture(autouse=True, scope="module")
def unmasked() -> Iterator[None]:
    """What is sent is told from one run to the next."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(secrets, "token_bytes", bytes)
        yield


@settings(deadline=None)
@given(st.lists(FRAMES, max_size=8), st.data())
def test_frames_are_read_as_the_library_reads_them(
    frames: list[bytes], data: st.DataObject
) -> None:
    """Messages, pongs, close codes, errors: cut anywhere, and ended anywhere."""
    whole = (ACCEPTED if data.draw(st.integers(0, 9)) else REFUSED) + b"".join(frames)
    near = st.integers(0, min(len(whole), 700)) | st.integers(0, len(whole))
    places = sorted({0, *data.draw(st.lists(near, max_size=12)), len(whole)})
    parts = [whole[low:high] for low, high in pairwise(places)]
    if data.draw(st.integers(0, 4)) == 0:
        parts = parts[:-1]
    assert read(BufferedConnection, parts) == read(ClientConnection, parts)


PLAIN, BEGUN, MORE, ENDED = (frame(code, b"text") for code in (0x81, 0x01, 0x00, 0x80))


@pytest.mark.parametrize(
    "frames",
    [
        [BEGUN, PLAIN, PLAIN],
        [BEGUN, MORE, frame(0x89, b"?"), ENDED, PLAIN],
        [BEGUN, ENDED, MORE, PLAIN],
        [PLAIN, frame(0x81, b"text", masked=True), PLAIN],
        [PLAIN, frame(0x88, b"\x03\xe8over"), PLAIN],
        [frame(0x81, b"text", wide=True), frame(0x81, b"z" * (LARGEST + 1)), PLAIN],
    ],
)
def test_cut_once_anywhere(frames: list[bytes]) -> None:
    """The answer to the handshake comes with the first of them as well."""
    whole = ACCEPTED + b"".join(frames)
    expected = read(ClientConnection, [whole])
    for place in range(len(ACCEPTED) - 6, min(len(whole), len(ACCEPTED) + 60)):
        parts = [whole[:place], whole[place:]]
        assert read(BufferedConnection, parts) == expected


def test_byte_by_byte() -> None:
    frames = [frame(0x81, b"1"), frame(0x89, b"?"), frame(0x01, b"two"), frame(0x80, b" parts")]
    whole = b"".join([ACCEPTED, *frames, frame(0x82, b"x" * 300), frame(0x88, b"\x0f\xa0enough")])
    parts = [whole[at : at + 1] for at in range(len(whole))]
    heard, _, received, *_ = found = read(BufferedConnection, parts)
    assert found == read(ClientConnection, [whole])
    assert [content for _, content, _ in heard] == [b"1", b"two", b" parts", b"x" * 300]
    assert (received.code, received.reason) == (4000, "enough")
