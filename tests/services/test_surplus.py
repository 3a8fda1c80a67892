"""A second answer to one request is nobody's: not that of what is asked next."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress

import pytest

from tests.services.capture import POST
from tui.services.transport import Transport
from tui.services.wire import Request

LARGE = 24 * 1024 * 1024
"""More than both ends of a connection of this machine keep."""


def _whole(content: bytes) -> bytes:
    return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(content), content)


def _in_chunks(content: bytes) -> bytes:
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    return head + b"%x\r\n%s\r\n0\r\n\r\n" % (len(content), content)


@asynccontextmanager
async def answering(answers: Sequence[bytes]) -> AsyncIterator[tuple[str, list[int]]]:
    """A server that keeps its connections and answers each request by the next of these.

    Gives its address, and of each request the number of its connection.
    """
    asked: list[int] = []
    connections = 0

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal connections
        connections += 1
        number = connections
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                length = int(head.lower().partition(b"content-length:")[2].split()[0])
                await reader.readexactly(length)
                asked.append(number)
                writer.write(answers[len(asked) - 1])
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}", asked


@pytest.mark.parametrize("written", [_whole, _in_chunks])
@pytest.mark.parametrize("brief", [False, True])
@pytest.mark.parametrize("size", [1, 300_000])
async def test_a_doubled_answer_is_not_that_to_the_next_request(
    written: object, brief: bool, size: int
) -> None:
    assert callable(written)
    first, second, third = (b"%d" % one * size for one in (1, 2, 3))
    doubled = written(first) + written(b"what came too much")
    async with answering([doubled, written(second), written(third)]) as (url, asked):
        transport = Transport("sample", url, brief=brief)
        try:
            came = [(await transport.send(POST)).content for _ in range(3)]
        finally:
            await transport.close()
    assert came == [first, second, third]
    # Only the one on which something lay is closed; the next is kept as always.
    assert asked == [1, 2, 2]


@pytest.mark.parametrize("size", [1, 64 * 1024, 200_000])
async def test_nor_is_one_that_came_while_the_request_was_still_being_sent(size: int) -> None:
    first, second, much = (_whole(b"%d" % one * size) for one in (1, 2, 3))
    serving: list[asyncio.Task[None] | None] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        early = not serving
        serving.append(asyncio.current_task())
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            while head := await reader.readuntil(b"\r\n\r\n"):
                left = int(head.lower().partition(b"content-length:")[2].split()[0])
                for said in (first, much) if early else ():
                    writer.write(said)
                    await writer.drain()
                    # Much is heard before more is said.
                    left -= len(await reader.readexactly(LARGE // 3))
                await reader.readexactly(left)
                if not early:
                    writer.write(second)
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        transport = Transport("sample", f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}")
        request = Request("POST", "x", body=bytes(LARGE), content_type="x/x")
        try:
            came = [(await transport.send(request)).content for _ in range(2)]
        finally:
            await transport.close()
        await asyncio.gather(*(one for one in serving if one is not None))
    assert came == [b"1" * size, b"2" * size]
    assert len(serving) == 2
