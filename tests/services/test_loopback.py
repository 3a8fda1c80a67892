"""Asking this machine without httpx: the same requests, the same answers, the same errors."""

from __future__ import annotations

import asyncio
import gzip
import socket
import subprocess
import sys
import threading
import zlib
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress

import pytest

from tests.scripted import HEAD, answer, dribbling, holding, scripted
from tests.services.capture import GET, POST, Sample
from tui.services.door import NotOurs, Stream
from tui.services.errors import ConnectionFailed, OutcomeUnknown, ServiceError, TimedOut
from tui.services.limits import Limits
from tui.services.transport import Transport
from tui.services.wire import Request, Response

ONCE = Limits(retries=0)


class Listening:
    """A server that keeps connections, what was asked on each, and says the next of its answers."""

    def __init__(self, answers: tuple[bytes, ...]) -> None:
        self._answers = list(answers)
        self.connections: list[list[bytes]] = []
        self.url = ""
        self.hang_up = asyncio.Event()
        """Ends the connections that were made before."""
        self.serving: list[asyncio.Task[object]] = []

    async def _serve(self, come: asyncio.StreamReader, go: asyncio.StreamWriter) -> None:
        asked: list[bytes] = []
        task = asyncio.current_task()
        assert task is not None
        self.serving.append(task)
        self.connections.append(asked)
        over = asyncio.create_task(self.hang_up.wait())
        try:
            while True:
                head = asyncio.create_task(come.readuntil(b"\r\n\r\n"))
                await asyncio.wait([head, over], return_when=asyncio.FIRST_COMPLETED)
                if not head.done():
                    head.cancel()
                    return
                words = head.result()
                length = [one for one in words.lower().split(b"\r\n") if b"content-length" in one]
                size = int(length[0].partition(b":")[2]) if length else 0
                asked.append(words + await come.readexactly(size))
                go.write(self._answers.pop(0) if len(self._answers) > 1 else self._answers[0])
                await go.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            return
        finally:
            over.cancel()
            go.close()
            with suppress(ConnectionError):
                await go.wait_closed()

    async def end(self) -> None:
        """Hang up on everybody."""
        self.hang_up.set()
        await asyncio.gather(*self.serving)
        self.hang_up.clear()


@asynccontextmanager
async def listening(*answers: bytes) -> AsyncIterator[Listening]:
    made = Listening(answers)
    server = await asyncio.start_server(made._serve, "127.0.0.1", 0)
    made.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/api"
    try:
        yield made
    finally:
        server.close()
        await made.end()


def says(content: bytes = b"{}", status: str = "200 OK", *headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status}", *headers, f"Content-Length: {len(content)}"]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + content


def parts_of(asked: bytes) -> tuple[bytes, list[bytes], bytes]:
    """The first line of a request, its headers in any order and case, and its body."""
    head, _, body = asked.partition(b"\r\n\r\n")
    first, *headers = head.split(b"\r\n")
    named = (one.partition(b":") for one in headers)
    return first, sorted(name.lower() + b":" + value for name, _, value in named), body


REQUESTS = [
    GET,
    POST,
    Request("GET", ""),
    Request("GET", "a b/ü%2Fc/[x]?y=1", query=(("ä", "1&2"), ("e", ""))),
    Request("POST", "empty"),
    Request("POST", "empty", form=()),
    Request("PUT", "json", json={"ü": [1]}, headers={"Authorization": "Basic x"}),
    Request("DELETE", "thing/1"),
    Request("PATCH", "raw", body=b"\0\xff" * 40_000, content_type="text/plain"),
]


async def test_it_asks_just_as_httpx_does() -> None:
    async with listening(says()) as server:
        for brief in (False, True):
            transport = Transport("sample", server.url, brief=brief)
            for request in REQUESTS:
                assert (await transport.send(request)).content == b"{}"
            await transport.close()
        theirs, ours = server.connections
        for one, other in zip(theirs, ours, strict=True):
            assert parts_of(one) == parts_of(other)


ANSWERS = {
    "plain": says(b'{"a": 1}', "200 OK", "X-Two: 1", "x-two: 2", "Content-Type: text/x"),
    "chunks": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n"
    b"2;x=y\r\nde\r\n0\r\nTrailer: 1\r\n\r\n",
    "gzip": says(gzip.compress(b"z" * 9999), "200 OK", "Content-Encoding: gzip"),
    "deflate": says(zlib.compress(b"z" * 9999), "200 OK", "Content-Encoding: deflate"),
    "nothing": b"HTTP/1.1 204 No Content\r\n\r\n",
    "not changed": b"HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n",
    "one more word first": b"HTTP/1.1 100 Continue\r\n\r\n" + says(b"then"),
    "closing": says(b"last", "200 OK", "Connection: close"),
    "refused": says(b"no", "403 Forbidden"),
    "gone wrong": says(b"", "500 Broken", "Retry-After: 0"),
    "later": says(b"", "429 Later", "Retry-After: 7"),
    "elsewhere": says(b"", "302 Found", "Location: http://127.0.0.1:1/x"),
    "a circle": says(b"", "301 Moved", "Location: /api/things"),
    "nowhere": says(b"x", "302 Found"),
    "no name of a header": b"HTTP/1.1 200 OK\r\n: x\r\n\r\n",
    "an endless head": b"HTTP/1.1 200 OK\r\nX: " + b"y" * 200_000,
}


async def outcome(server: Listening, *, brief: bool) -> object:
    async with Sample(Transport("sample", server.url, limits=ONCE, brief=brief)) as client:
        told: list[object] = []
        for call in (client.look, client.make):
            try:
                response: Response = await call()
            except ServiceError as error:
                told.append((type(error), error.message, error.status))
            else:
                told.append((response.status, response.headers, response.content, response.url))
        return told


@pytest.mark.parametrize("raw", ANSWERS.values(), ids=ANSWERS)
async def test_what_is_answered_comes_to_the_same(raw: bytes) -> None:
    async with listening(raw) as server:
        assert await outcome(server, brief=True) == await outcome(server, brief=False)


async def test_a_read_is_redirected_on_the_same_server_and_connections_are_kept() -> None:
    away = says(b"", "307 Temporary Redirect", "Location: ../new?x=1")
    async with listening(away, says(b"found")) as server:
        transport = Transport("sample", server.url, brief=True)
        assert (await transport.send(GET)).content == b"found"
        assert (await transport.send(POST)).content == b"found"
        asked = [[one.split()[1] for one in those] for those in server.connections]
        assert asked == [[b"/api/things?q=a+b"], [b"/new?x=1", b"/api/things"]]
        # One that the other side has ended is not used again, nor is one that has rested long.
        await server.end()
        assert (await transport.send(GET)).content == b"found"
        await transport.close()
        rested = Transport("sample", server.url, limits=Limits(idle=0.0), brief=True)
        for _ in range(2):
            assert (await rested.send(GET)).content == b"found"
        assert [len(asked) for asked in server.connections] == [1, 2, 1, 1, 1]
        await rested.close()


async def test_as_many_ask_at_once_as_may() -> None:
    async with listening(says()) as server:
        transport = Transport("sample", server.url, limits=Limits(connections=2), brief=True)
        answers = await asyncio.gather(*(transport.send(GET) for _ in range(9)))
        assert [one.content for one in answers] == [b"{}"] * 9
        assert len(server.connections) <= 2
        await transport.close()


@pytest.mark.parametrize(
    "script",
    [holding(b""), dribbling(HEAD + b"Content-Length: 99999\r\n\r\n", b" ")],
    ids=["silence", "a body that dribbles"],
)
async def test_one_deadline_ends_what_does_not_end(script: object) -> None:
    with scripted(script) as server:  # type: ignore[arg-type]
        limits = Limits(retries=0, total=0.3)
        async with Sample(Transport("sample", server.url, limits=limits, brief=True)) as client:
            with pytest.raises(TimedOut, match="did not answer in time") as slow:
                await client.look()
            assert slow.value.advice == "Try again.", "a read has changed nothing"
            with pytest.raises(OutcomeUnknown):
                await client.make()


async def test_a_pause_that_is_too_long_ends_a_call_that_has_time() -> None:
    with scripted(holding(HEAD)) as server:
        limits = Limits(retries=0, read=0.1)
        async with Sample(Transport("sample", server.url, limits=limits, brief=True)) as client:
            with pytest.raises(TimedOut, match="did not answer in time"):
                await client.look()


class Stern:
    """A door that whoever answers does not pass."""

    def __init__(self, url: str) -> None:
        self._url = url

    async def address(self) -> str:
        return self._url

    def headers(self) -> Mapping[str, str]:
        return {"Tockdeck-Session": "s"}

    async def greet(self, stream: Stream) -> None:
        await stream.write(b"GET /door HTTP/1.1\r\n\r\n")
        assert (await stream.read(4096)).startswith(b"HTTP/1.1 200")
        raise NotOurs("another program answers")

    async def dial(self, url: str) -> tuple[socket.socket, Mapping[str, str]] | None:
        return None

    async def page(self, url: str) -> str:
        return url


async def test_nothing_is_said_to_one_who_does_not_prove_themselves() -> None:
    async with listening(says()) as server:
        door = Stern(server.url)
        transport = Transport("sample", server.url, limits=ONCE, brief=True, door=door)
        async with Sample(transport) as client:
            for call in (client.look, client.make):
                with pytest.raises(ConnectionFailed, match="another program") as caught:
                    await call()
                assert not isinstance(caught.value, OutcomeUnknown)
        assert server.connections == [[b"GET /door HTTP/1.1\r\n\r\n"]] * 2


def test_it_imports_no_httpx_and_is_for_this_machine_without_files_alone() -> None:
    program = """
import asyncio, sys
from tui.services.transport import Transport
from tui.services.wire import FilePart, Request
from tui.services.errors import ConnectionFailed

async def ask(url, request):
    transport = Transport("sample", url, brief=True)
    assert transport._is_brief(request) is (url.startswith("http://127") and not request.files)
    try:
        await transport.send(request)
    except ConnectionFailed:
        pass
    await transport.close()

asyncio.run(ask(sys.argv[1], Request("POST", "x")))
assert not {"httpx", "httpcore", "anyio"} & set(sys.modules), "imported"
for url in ("https://127.0.0.1:1", "http://u:p@127.0.0.1:1"):
    assert not Transport("sample", url, brief=True)._is_brief(Request("GET", "x"))
with_file = Request("POST", "x", files=(FilePart("f", "x", b"y"),))
assert not Transport("sample", sys.argv[1], brief=True)._is_brief(with_file)
"""
    with scripted(answer(b"{}")) as server:
        done = subprocess.run(
            [sys.executable, "-c", program, server.url], capture_output=True, text=True
        )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("before", [b"", b"HTTP/1.1 100 Continue\r\n\r\n"], ids=["", "continue"])
async def test_who_refuses_and_waits_is_sent_no_more(before: bytes) -> None:
    over = threading.Event()
    said = answer(b"{}", "413 Content Too Large").replace(b"Connection: close\r\n", b"")

    def waits(link: socket.socket) -> None:
        link.recv(4096)
        link.sendall(before + said)
        over.wait()

    body = {"text": "x" * (24 << 20)}
    with scripted(waits, unread=True) as server:
        transport = Transport("sample", server.url, limits=ONCE, brief=True)
        try:
            answered = await transport.send(Request("POST", "files", json=body))
        finally:
            over.set()
            await transport.close()
    assert answered.status == 413
