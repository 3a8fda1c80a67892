"""Plain HTTP to this machine, by h11: for a process that asks once or twice and ends.

To import httpx, and what it and httpcore stand on, takes such a process a third of its time, and
on this machine there is neither encryption nor a proxy, which are what it is needed for. Here is
what the transport uses of it, with the same limits: connections that are kept, one address after
the other, times for connecting, reading and writing.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Mapping
from types import MappingProxyType
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

import h11
import msgspec

from tui.services.broken import Broke, Broken
from tui.services.door import Door, NotOurs
from tui.services.early import sent_until_told
from tui.services.limits import Limits
from tui.services.surplus import has_more

PIECE = 256 * 1024
"""Bytes that are read at once."""
HEAD = 100 * 1024
"""Bytes of an answer's head, at most."""
REDIRECTS = frozenset({301, 302, 303, 307, 308})
_AS_IT_IS = "!#$%&'()*+,/:;=?@[]~"
"""What stands in an address unquoted: what was quoted already stays so."""


class Asked(msgspec.Struct, frozen=True):
    """A request, ready to be sent."""

    method: str
    url: str
    headers: Mapping[str, str]
    content: bytes | None


class Stream:
    """A connection, read and written as a door does. Raises TimeoutError, OSError."""

    def __init__(self, bare: socket.socket) -> None:
        self._bare = bare
        self._loop = asyncio.get_running_loop()

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """What has come; empty at the end."""
        async with asyncio.timeout(timeout):
            return await self._loop.sock_recv(self._bare, max_bytes)

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send all of it."""
        async with asyncio.timeout(timeout):
            await self._loop.sock_sendall(self._bare, buffer)


class _Connection:
    """One connection, with where its protocol stands."""

    def __init__(self, bare: socket.socket, to: tuple[str, int]) -> None:
        self.bare = bare
        self.to = to
        self.stream = Stream(bare)
        self.protocol = h11.Connection(h11.CLIENT, max_incomplete_event_size=HEAD)
        self.is_cut = False
        """Whether a request has not gone whole, so that none can follow."""
        self.until = 0.0
        """When it is given up at rest."""

    def is_fit(self, now: float) -> bool:
        """Whether it may be used once more: not old, and the other side has said nothing."""
        if now >= self.until:
            return False
        try:
            self.bare.recv(1, socket.MSG_PEEK)
        except BlockingIOError:
            return True
        except OSError:
            return False
        return False


class Reply:
    """An answer's head, and its body as it comes over the wire."""

    extensions: Mapping[str, Any] = MappingProxyType({})
    """What httpx tells of a connection; the line sees to its own."""

    def __init__(self, line: Line, connection: _Connection, asked: Asked, head: h11.Response):
        self._line = line
        self._connection: _Connection | None = connection
        self._asked = asked
        self.status_code = head.status_code
        self.url = asked.url
        self.headers: dict[str, str] = {}
        for name, value in head.headers:
            known = self.headers.get(name.decode("latin-1"))
            text = value.decode("latin-1")
            self.headers[name.decode("latin-1")] = text if known is None else f"{known}, {text}"

    @property
    def next_request(self) -> Asked | None:
        """What a redirected read has to ask instead; None for no redirection. Raises Broke."""
        place = self.headers.get("location")
        if place is None or self.status_code not in REDIRECTS or self._asked.method != "GET":
            return None
        try:
            # Its bytes are those of the head, where letters may stand that no address has.
            bare = urljoin(self.url, place).partition("#")[0].encode("latin-1")
        except ValueError as error:
            self._drop()
            raise Broke(Broken.GARBLED, str(error)) from error
        return msgspec.structs.replace(self._asked, url=quote(bare, safe=_AS_IT_IS))

    @property
    async def stream(self) -> AsyncIterator[bytes]:
        """The body, packed as it may be. Raises Broke."""
        connection = self._connection
        while connection is not None:
            event = await self._line.event(connection)
            if isinstance(event, h11.Data):
                yield event.data
            elif isinstance(event, h11.EndOfMessage):
                self._connection = None
                self._line.keep(connection)
                return

    async def aclose(self) -> None:
        """Nothing more of it is wanted."""
        self._drop()

    def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            self._line.drop(connection)


class Line:
    """Connections to this machine. Everything that breaks on the way is a `Broke`."""

    def __init__(self, limits: Limits, door: Door | None, headers: Mapping[str, str]) -> None:
        """`headers` go with every request."""
        self._limits = limits
        self._door = door
        self._headers = headers
        self._free = asyncio.Semaphore(limits.connections)
        self._resting: list[_Connection] = []

    def request(
        self, method: str, url: str, headers: Mapping[str, str], content: bytes | None
    ) -> Asked:
        """A request of this line."""
        whole = {**self._headers, **headers}
        return Asked(method, quote(url.partition("#")[0], safe=_AS_IT_IS), whole, content)

    async def send(self, asked: Asked) -> Reply:
        """Send it; the head of the answer. Raises Broke."""
        try:
            async with asyncio.timeout(self._limits.read):
                await self._free.acquire()
        except TimeoutError:
            raise Broke(Broken.BUSY) from None
        connection = None
        try:
            connection = await self._connected(asked.url)
            await self._say(connection, asked)
            while not isinstance(event := await self.event(connection), h11.Response):
                pass
        except BaseException:
            self.drop(connection)
            raise
        return Reply(self, connection, asked, event)

    async def event(self, connection: _Connection) -> h11.Event:
        """What comes next. Raises Broke."""
        protocol = connection.protocol
        while True:
            try:
                event = protocol.next_event()
                if event is h11.NEED_DATA:
                    piece = await connection.stream.read(PIECE, self._limits.read)
                    protocol.receive_data(piece)
                elif isinstance(event, h11.Event) and not isinstance(event, h11.ConnectionClosed):
                    return event
                else:
                    raise Broke(Broken.GARBLED)
            except TimeoutError:
                raise Broke(Broken.SILENT) from None
            except h11.RemoteProtocolError as error:
                raise Broke(Broken.GARBLED, str(error)) from error
            except OSError as error:
                raise Broke(Broken.CUT, str(error)) from error

    def keep(self, connection: _Connection) -> None:
        """The answer is read: the connection rests, where both sides are done."""
        if connection.is_cut or has_more(connection.protocol):
            self.drop(connection)
            return
        try:
            connection.protocol.start_next_cycle()
        except h11.LocalProtocolError:
            self.drop(connection)
            return
        connection.until = asyncio.get_running_loop().time() + self._limits.idle
        self._resting.append(connection)
        self._free.release()

    def drop(self, connection: _Connection | None) -> None:
        """Close what was asked for, or could not be had."""
        if connection is not None:
            connection.bare.close()
        self._free.release()

    async def aclose(self) -> None:
        """Close what rests."""
        for connection in self._resting:
            connection.bare.close()
        self._resting.clear()

    async def _connected(self, url: str) -> _Connection:
        parts = urlsplit(url)
        try:
            to = parts.hostname or "", parts.port or 80
        except ValueError as error:
            raise Broke(Broken.ADDRESS, str(error)) from error
        now = asyncio.get_running_loop().time()
        while self._resting:
            connection = self._resting.pop()
            if connection.to == to and connection.is_fit(now):
                return connection
            connection.bare.close()
        connection = _Connection(await self._dialled(to), to)
        try:
            if self._door is not None:
                await self._door.greet(connection.stream)
        except (NotOurs, OSError) as error:
            connection.bare.close()
            raise Broke(Broken.UNREACHED, str(error)) from error
        except BaseException:
            connection.bare.close()
            raise
        return connection

    async def _dialled(self, to: tuple[str, int]) -> socket.socket:
        loop = asyncio.get_running_loop()
        error: OSError | None = None
        try:
            async with asyncio.timeout(self._limits.connect):
                for family, kind, number, _, place in await loop.getaddrinfo(
                    *to, type=socket.SOCK_STREAM
                ):
                    bare = socket.socket(family, kind, number)
                    try:
                        bare.setblocking(False)
                        bare.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                        await loop.sock_connect(bare, place)
                    except OSError as found:
                        bare.close()
                        error = found
                    except BaseException:
                        bare.close()
                        raise
                    else:
                        return bare
        except TimeoutError:
            raise Broke(Broken.UNREACHED_IN_TIME) from None
        except OSError as found:
            error = found
        raise Broke(Broken.UNREACHED, str(error or "")) from error

    async def _say(self, connection: _Connection, asked: Asked) -> None:
        parts = urlsplit(asked.url)
        host = parts.netloc.removesuffix(":80")
        headers = {"Host": host, "Connection": "keep-alive", **asked.headers}
        body = asked.content
        if body is not None or asked.method in ("POST", "PUT", "PATCH"):
            headers["Content-Length"] = str(len(body or b""))
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        said: list[h11.Event] = [
            h11.Request(method=asked.method, target=target, headers=list(headers.items())),
            h11.Data(data=body or b""),
            h11.EndOfMessage(),
        ]
        try:
            words = b"".join(connection.protocol.send(one) or b"" for one in said)
            heard, connection.is_cut = await sent_until_told(
                connection.bare, words, self._limits.read
            )
            if heard:
                connection.protocol.receive_data(heard)
        except h11.LocalProtocolError as error:
            raise Broke(Broken.CUT, str(error)) from error
        except TimeoutError:
            raise Broke(Broken.SLOW) from None
        except OSError:
            # It may have answered before it had heard all.
            return
