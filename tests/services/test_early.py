"""What is listened to while a request goes, by a stream that says when it is used."""

from __future__ import annotations

import asyncio

import httpcore
import pytest

from tui.services.early import listens


class Stream:
    """Something always lies there to be read, and nothing ever comes."""

    def __init__(self) -> None:
        self.sent: list[bytes] = []
        self.is_closed = False
        self.was_looked_at = asyncio.Event()
        self.readers = 0

    async def read(self, _most: int, _timeout: float | None = None) -> bytes:
        assert not self.readers, "somebody else reads"
        self.readers += 1
        try:
            await asyncio.Event().wait()
        finally:
            self.readers -= 1
        return b""

    async def write(self, buffer: bytes, _timeout: float | None = None) -> None:
        self.sent.append(buffer)

    async def aclose(self) -> None:
        self.is_closed = True

    def get_extra_info(self, _name: str) -> bool:
        self.was_looked_at.set()
        return True


async def test_who_gives_up_between_two_looks_ends_it_in_order() -> None:
    stream = Stream()
    await listens("connection.connect_tcp.complete", {"return_value": stream})
    sending = asyncio.create_task(stream.write(b"a part of a body"))
    await stream.was_looked_at.wait()
    assert not stream.sent
    await stream.aclose()
    await sending
    assert stream.is_closed


async def test_who_is_given_up_while_closing_has_closed_it() -> None:
    stream = Stream()
    await listens("connection.connect_tcp.complete", {"return_value": stream})
    await stream.write(b"a part of a body")
    closing = asyncio.create_task(stream.aclose())
    await asyncio.sleep(0)
    assert not stream.is_closed
    closing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await closing
    assert stream.is_closed


async def test_who_reads_while_it_is_closed_reads_alone() -> None:
    stream = Stream()
    await listens("connection.connect_tcp.complete", {"return_value": stream})
    await stream.write(b"a part of a body")
    closing = asyncio.create_task(stream.aclose())
    reading = asyncio.create_task(stream.read(1))
    await closing
    await asyncio.wait({reading}, timeout=0)
    assert not reading.done(), "it did not fail"
    reading.cancel()
    await asyncio.wait({reading})
    assert stream.is_closed


class Said:
    """Says what it is told to, when it is told to; takes all."""

    def __init__(self) -> None:
        self.said: asyncio.Queue[bytes] = asyncio.Queue()
        self.sent: list[bytes] = []

    async def read(self, _most: int, _timeout: float | None = None) -> bytes:
        return await self.said.get()

    async def write(self, buffer: bytes, _timeout: float | None = None) -> None:
        self.sent.append(buffer)

    async def aclose(self) -> None:
        """Nothing is held."""

    def get_extra_info(self, _name: str) -> bool:
        return not self.said.empty()


HEAD = b"POST / HTTP/1.1\r\n\r\n"
NO = b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"
YES = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"


@pytest.mark.parametrize("first", [YES, NO], ids=["done", "refused"])
async def test_each_request_on_a_connection_is_told_of_its_own_answer_only(first: bytes) -> None:
    stream = Said()
    await listens("connection.connect_tcp.complete", {"return_value": stream})
    await stream.write(HEAD)
    await stream.write(b"all")
    # It comes before anybody waits for it.
    stream.said.put_nowait(first)
    await stream.write(b"")
    assert await stream.read(1000) == first
    await stream.write(HEAD)
    await stream.write(b"a part")
    assert stream.sent[-1] == b"a part"
    stream.said.put_nowait(NO)
    with pytest.raises(httpcore.WriteError):
        await stream.write(b"another part")
    assert await stream.read(1000) == NO
