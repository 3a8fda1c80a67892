"""Answers as real sockets break them: cut, garbled, packed, endless, slow. Nothing hangs, nothing
fills the memory, and what nobody knows is called unknown."""

from __future__ import annotations

import asyncio
import gzip
import io
import socket
import zlib
from contextlib import suppress

import pytest

from tests.scripted import HEAD, PACE, Script, answer, dribbling, holding, scripted
from tests.services.capture import GET, POST, Sample
from tui.services.errors import (
    ConnectionFailed,
    OutcomeUnknown,
    ProtocolViolation,
    ServiceError,
    TimedOut,
)
from tui.services.limits import Limits
from tui.services.operation import operation
from tui.services.packing import PIECE, BadPacking, Unpacker
from tui.services.transport import Transport
from tui.services.wire import FilePart, Request, Response

ONCE = Limits(retries=0)
SOON = Limits(retries=0, total=0.3)
"""Dribbles and silence are cut after this; nothing else in these tests takes as long."""


class Uploader(Sample):
    """A sample that also sends a file."""

    @operation("sample.upload", "write")
    async def upload(self, content: bytes) -> Response:
        """Upload."""
        return await self.send(Request("POST", "files", files=(FilePart("f", "x.bin", content),)))


def sample(url: str, limits: Limits = ONCE, *, brief: bool = False) -> Uploader:
    return Uploader(Transport("sample", url, limits=limits, brief=brief))


either_way = pytest.mark.parametrize("brief", [False, True], ids=["httpx", "brief"])
"""Whether httpx asks, or what does without it on this machine."""


CUT: dict[str, bytes] = {
    "closed before the head": b"",
    "closed in the head": b"HTTP/1.1 200 OK\r\nContent-Ty",
    "cut after the head": HEAD + b"Content-Length: 100\r\n\r\n",
    "wrong length": HEAD + b"Content-Length: 100\r\n\r\n{",
    "cut between chunks": HEAD + b'Transfer-Encoding: chunked\r\n\r\n5\r\n{"a":',
    "no http": b"SSH-2.0-OpenSSH\r\n",
    "garbled packing": HEAD + b"Content-Encoding: gzip\r\nContent-Length: 4\r\n\r\nnope",
    "cut packing": answer(gzip.compress(b"{}" * 99)[:-9], "200 OK", "Content-Encoding: gzip"),
    "unknown packing": answer(b"{}", "200 OK", "Content-Encoding: zstd"),
    "packed twice": answer(
        gzip.compress(gzip.compress(b"{}")), "200 OK", "Content-Encoding: gzip, gzip"
    ),
}


@either_way
@pytest.mark.parametrize("raw", CUT.values(), ids=CUT)
async def test_a_broken_answer_leaves_a_change_unknown_and_a_read_a_protocol_violation(
    raw: bytes, brief: bool
) -> None:
    with scripted(raw) as server:
        async with sample(server.url, brief=brief) as client:
            with pytest.raises(ProtocolViolation):
                await client.look()
            with pytest.raises(OutcomeUnknown) as caught:
                await client.make()
            with pytest.raises(OutcomeUnknown):
                await client.upload(b"content")
    assert "whether it was done is not known" in caught.value.message
    assert len(server.bodies) == 3


@pytest.mark.parametrize(
    "script",
    [holding(b""), holding(HEAD), holding(HEAD + b"Content-Length: 5\r\n\r\n"),
     dribbling(b"HTTP/1.1 200 OK\r\n", b"X-A: b\r\n"),
     dribbling(HEAD + b"Content-Length: 99999\r\n\r\n", b" "),
     dribbling(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\n{\r\n")],
    ids=["silence", "half a head", "200 and nothing more", "a head that dribbles",
         "a body that dribbles", "endless chunks"],
)  # fmt: skip
async def test_one_deadline_ends_what_does_not_end(script: Script) -> None:
    with scripted(script) as server:
        async with sample(server.url, SOON) as client:
            with pytest.raises(TimedOut):
                await client.look()
            with pytest.raises(OutcomeUnknown):
                await client.make()


@either_way
@pytest.mark.parametrize("place", ["javascript:1", "app://open", "http://[::bad", "/caf\u00e9"])
async def test_a_redirect_that_leads_nowhere_is_no_change_that_never_left(
    place: str, brief: bool
) -> None:
    moved = f"HTTP/1.1 302 Found\r\nLocation: {place}\r\nContent-Length: 0\r\n\r\n".encode()
    with scripted(moved, answer(b"{}")) as server:
        async with sample(server.url, brief=brief) as client:
            # Only its own dialect knows what a redirect means; "it never left" would be sent again.
            with suppress(OutcomeUnknown):
                assert (await client.make()).status == 302
            assert len(server.bodies) == 1
    with scripted(moved, answer(b"{}")) as server:
        async with sample(server.url, brief=brief) as client:
            # A read follows where it leads somewhere, and else is broken off.
            with suppress(ProtocolViolation):
                assert (await client.look()).status in (200, 302)


async def test_the_deadline_is_for_all_tries_together() -> None:
    with scripted(holding(b"")) as server:
        limits = Limits(retries=99, total=1.0, read=0.05, backoff=0.01)
        async with sample(server.url, limits) as client:
            with pytest.raises(TimedOut):
                await client.look()
        assert 1 < len(server.bodies) < 30


async def test_what_comes_fast_enough_may_take_longer_than_a_call() -> None:
    def steady(link: socket.socket) -> None:
        link.sendall(HEAD + b"Content-Length: 60000\r\n\r\n")
        for _ in range(60):
            if _closed_within(link, PACE):
                return
            link.sendall(b"x" * 1000)

    with scripted(steady) as server:
        # 60 pieces take 0.6 s at least, and a call has 0.5: the bytes bring the rest.
        async with sample(server.url, Limits(retries=0, total=0.5, rate=100)) as client:
            assert len((await client.look()).content) == 60_000


async def test_a_large_upload_has_the_time_that_its_bytes_take() -> None:
    def slow(link: socket.socket) -> None:
        if not _closed_within(link, 0.5):
            link.sendall(answer(b"{}"))

    with scripted(slow) as server:
        limits = Limits(retries=0, total=0.4, rate=100_000)
        async with sample(server.url, limits) as client:
            await client.upload(b"x" * 3_000_000)
            with pytest.raises(OutcomeUnknown):
                await client.upload(b"x")


def _closed_within(link: socket.socket, seconds: float) -> bool:
    """Wait that long for the other side to hang up."""
    link.settimeout(seconds)
    try:
        return link.recv(1) == b""
    except TimeoutError:
        return False
    finally:
        link.settimeout(None)


@either_way
@pytest.mark.parametrize("begin", [b"", HEAD + b"Content-Length: 5\r\n\r\n"])
async def test_giving_up_closes_the_connection_at_once(begin: bytes, brief: bool) -> None:
    with scripted(holding(begin)) as server:
        async with sample(server.url, brief=brief) as client:
            asked = asyncio.create_task(client.look())
            await asyncio.to_thread(server.asked.wait, 20)
            asked.cancel()
            with pytest.raises(asyncio.CancelledError):
                await asked
            assert await asyncio.to_thread(server.hung_up.wait, 20)


# --- tries


@pytest.mark.parametrize("name", ["closed before the head", "cut after the head", "wrong length",
                                  "cut between chunks"])  # fmt: skip
@either_way
async def test_reads_that_break_off_anywhere_are_tried_again(name: str, brief: bool) -> None:
    with scripted(CUT[name], CUT[name], answer(b'{"fine": 1}')) as server:
        async with sample(server.url, Limits(backoff=0.001), brief=brief) as client:
            assert (await client.look()).content == b'{"fine": 1}'
            assert len(server.bodies) == 3


async def test_a_break_in_the_body_ends_after_the_tries() -> None:
    with scripted(CUT["wrong length"]) as server:
        async with sample(server.url, Limits(backoff=0.001)) as client:
            with pytest.raises(ProtocolViolation, match="broke off"):
                await client.look()
    assert len(server.bodies) == 3


async def test_a_file_that_breaks_off_is_taken_anew_from_its_beginning() -> None:
    kept: list[bytes] = []

    async def take(_head: Response, pieces: object) -> bytes:
        content = io.BytesIO()
        async for piece in pieces:  # type: ignore[attr-defined]
            content.write(piece)
            kept.append(piece)
        return content.getvalue()

    class Files(Sample):
        @operation("sample.file", "read")
        async def file(self) -> bytes:
            """Get."""
            return await self.transport.receive(GET, take)

    with scripted(HEAD + b"Content-Length: 9\r\n\r\nhalf", answer(b"all of it")) as server:
        transport = Transport("sample", server.url, limits=Limits(backoff=0.001))
        async with Files(transport) as client:
            assert await client.file() == b"all of it"
    assert kept == [b"half", b"all of it"]


@either_way
async def test_nobody_at_home_is_told_in_a_persons_words_and_nothing_is_unknown(
    brief: bool,
) -> None:
    with scripted(b"") as server:
        pass
    async with sample(server.url, brief=brief) as client:
        for call in (client.look, client.make):
            with pytest.raises(
                ConnectionFailed, match=r"127\.0\.0\.1 could not be reached"
            ) as caught:
                await call()
            assert not isinstance(caught.value, OutcomeUnknown)


async def test_outside_an_operation_a_break_is_what_it_is() -> None:
    with scripted(b"") as server:
        async with sample(server.url) as client:
            with pytest.raises(ProtocolViolation):
                await client.send(POST)


# --- packing


def test_what_is_packed_comes_out_in_small_pieces_and_whole() -> None:
    content = bytes(1_000_000) + b"end"
    for encoding, packed in (
        ("gzip", gzip.compress(content)),
        ("x-gzip", gzip.compress(content[:5]) + gzip.compress(content[5:])),
        ("deflate", zlib.compress(content)),
        ("Deflate", zlib.compress(content)[2:-4]),
        ("deflate, gzip", gzip.compress(zlib.compress(content))),
        ("identity", content),
        ("", content),
    ):
        for size in (7, 4096, len(packed)):
            unpacker = Unpacker(encoding)
            out = bytearray()
            for start in range(0, len(packed), size):
                for piece in unpacker.feed(packed[start : start + size]):
                    assert len(piece) <= max(PIECE, size)
                    out += piece
            unpacker.finish()
            assert out == content, encoding


def test_a_piece_is_never_more_than_asked_for_however_much_is_in_it() -> None:
    packed = gzip.compress(gzip.compress(bytes(20_000_000)))
    unpacker = Unpacker("gzip")
    assert sum(map(len, unpacker.feed(packed))) < 100_000
    # One layer more is refused before anything is unpacked.
    for encoding in ("gzip, gzip", "gzip, x-gzip", "deflate,gzip,deflate", "br", "gzip, zstd"):
        with pytest.raises(BadPacking):
            Unpacker(encoding)


@pytest.mark.parametrize("packed", [b"nope", gzip.compress(b"x" * 999)[:-1], b"\x1f\x8b"])
def test_damaged_and_cut_packing_is_told(packed: bytes) -> None:
    unpacker = Unpacker("gzip")

    def unpack() -> None:
        list(unpacker.feed(packed))
        unpacker.finish()

    with pytest.raises(BadPacking):
        unpack()


@either_way
async def test_an_answer_is_bounded_packed_and_unpacked(brief: bool) -> None:
    nothing = gzip.compress(b"") * 2000
    for raw in (
        answer(gzip.compress(bytes(100_000)), "200 OK", "Content-Encoding: gzip"),
        answer(nothing, "200 OK", "Content-Encoding: gzip"),
        answer(b"x" * 30_001),
    ):
        with scripted(raw) as server:
            async with sample(server.url, Limits(retries=0, answer=30_000), brief=brief) as client:
                with pytest.raises(ProtocolViolation, match="larger than 30,000 bytes"):
                    await client.look()
                with pytest.raises(OutcomeUnknown, match="larger than 30,000 bytes"):
                    await client.make()


def test_errors_say_whether_anything_was_done() -> None:
    from tui.services import errors

    done = {
        kind.__name__
        for kind in vars(errors).values()
        if isinstance(kind, type) and issubclass(kind, ServiceError) and not kind.nothing_done
    }
    assert done == {
        "ServiceError", "ConnectionFailed", "TimedOut", "ProtocolViolation", "BrokenOff",
        "OutcomeUnknown",
    }  # fmt: skip
