"""RIoT: the connection that WindBots and YachtBots make (reference/riot-ingest.md, 2 to 4).

A unit says what it measured; it is answered a heartbeat each 15 seconds, and once that its
authentication is fine. What it sends is taken once its serial number was accepted.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from dataclasses import dataclass, field

from tui.embedded.igtimi import protobuf as pb
from tui.embedded.igtimi.blocks import Column
from tui.embedded.igtimi.fleet import Burst
from tui.embedded.igtimi.riot_messages import (
    BACKLOG,
    PERSISTENT,
    Bundle,
    decode_message,
)
from tui.embedded.igtimi.sources.riot_commands import (
    Asked,
    State,
    information,
    request,
)
from tui.embedded.igtimi.sources.source import Source

HEARTBEAT_SECONDS = 15.0

SILENT_SECONDS = 60.0
"""Seconds without a message after which a connection is given up."""

LARGEST = 1 << 20
"""Bytes of a message."""

CONNECTIONS = 128
"""Units at a time, of all and of each host: a cell network has many behind one address."""

_CHANNEL, _MANAGEMENT = 1, 5
_HEARTBEAT, _DISCONNECT, _AUTHENTICATION = 1, 2, 3
_REQUEST, _RESPONSE = 1, 2
_UNIT = 2
_TOKEN, _GROUP_TOKEN = 2, 2


class TooLarge(Exception):
    """A message that is larger than any of a unit."""


@dataclass
class Said:
    """What one message says, beside its data."""

    serial: str = ""
    asks: bool = False
    """Whether it asks to be authenticated."""
    token: str = ""
    """Of its device group, by which it asks."""
    manages: bool = False
    """Whether it tells of the unit itself."""
    bundles: list[Bundle] = field(default_factory=list)


def read_message(data: bytes) -> Said:
    """One `Msg`. Raises Malformed."""
    said = Said(bundles=decode_message(data))
    for number, content in pb.read_fields(data):
        if number == _CHANNEL:
            for inner, part in pb.read_fields(pb.as_bytes(content)):
                if inner == _AUTHENTICATION:
                    for kind, request_part in pb.read_fields(pb.as_bytes(part)):
                        if kind == _REQUEST:
                            said.asks = True
                            said.token = _token(pb.as_bytes(request_part)) or said.token
        elif number == _MANAGEMENT:
            said.manages = True
            for inner, part in pb.read_fields(pb.as_bytes(content)):
                if inner == _UNIT:
                    said.serial = pb.as_text(part)
    for bundle in said.bundles:
        said.serial = bundle.serial or said.serial
    return said


def _token(asked: bytes) -> str:
    token = dict(pb.read_fields(asked)).get(_TOKEN, b"")
    return pb.as_text(dict(pb.read_fields(pb.as_bytes(token))).get(_GROUP_TOKEN, b""))


def framed(message: bytes) -> bytes:
    """A message behind its length."""
    return pb.varint(len(message)) + message


def _channel(content: bytes) -> bytes:
    return framed(pb.bytes_field(_CHANNEL, content))


HEARTBEAT = _channel(pb.integer_field(_HEARTBEAT, 1))

GOODBYE = _channel(
    pb.bytes_field(_DISCONNECT, pb.integer_field(2, 500) + pb.bytes_field(3, b"The server ends"))
)


def authenticated(now: int) -> bytes:
    """That its authentication is fine. The token is not said again: a unit would keep it."""
    said = (
        pb.integer_field(1, now)
        + pb.integer_field(3, 1)
        + pb.integer_field(4, 200)
        + pb.bytes_field(5, b"Authenticated")
    )
    return _channel(pb.bytes_field(_AUTHENTICATION, pb.bytes_field(_RESPONSE, said)))


async def next_message(reader: asyncio.StreamReader) -> bytes:
    """The next message. Raises EOFError, Malformed, TooLarge."""
    length = shift = 0
    while True:
        (byte,) = await reader.readexactly(1)
        length |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            break
        if shift >= 35:
            raise pb.Malformed("a length is too long")
    if length > LARGEST:
        raise TooLarge(f"a message of {length} bytes")
    return await reader.readexactly(length)


@dataclass
class Connection:
    """One connection of a unit, and what is known of it."""

    task: asyncio.Task[None]
    writer: asyncio.StreamWriter
    serial: str = ""
    token: str = ""
    messages: int = 0
    heard: float = 0.0
    """When it said something last, in the loop's seconds."""
    asked: Asked | None = None


class Units:
    """All units that are connected to one source; the newest connection of a unit stands."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._serving: list[Connection] = []
        self._numbers = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, until its end."""
        host = str(writer.get_extra_info("peername")[0])
        if len(self._serving) >= CONNECTIONS:
            self._source.trouble(f"{host} was refused: {CONNECTIONS} connections at a time")
            writer.close()
            return
        task = asyncio.current_task()
        assert task is not None
        unit = Connection(task, writer)
        self._serving.append(unit)
        self._numbers += 1
        peer = f"{host} {self._numbers}"
        beating = asyncio.create_task(_beat(writer))
        try:
            await self._read(peer, reader, unit)
        except (EOFError, TimeoutError, OSError, asyncio.CancelledError):
            # Units come and go with their network; the newest state is on the Health page. Only
            # this module cancels, and asyncio would report that as a fault (until Python 3.12).
            pass
        except (pb.Malformed, TooLarge) as error:
            self._source.trouble(f"{host}: {error}")
        finally:
            beating.cancel()
            self._serving.remove(unit)
            self._gone(unit.serial)
            if unit.asked is not None:
                unit.asked.leave()
            self._source.left(peer)
            writer.close()

    async def _read(self, peer: str, reader: asyncio.StreamReader, unit: Connection) -> None:
        asks = False
        source = self._source
        while True:
            async with asyncio.timeout(SILENT_SECONDS):
                message = await next_message(reader)
            wait = source.count_message(peer, len(message))
            said = read_message(message)
            asks = asks or said.asks
            former, unit.serial = unit.serial, said.serial[:64] or unit.serial
            if former != unit.serial:
                self._gone(former)
            unit.token = said.token or unit.token
            unit.messages += 1
            unit.heard = asyncio.get_running_loop().time()
            if unit.asked is not None:
                unit.asked.hear(message)
            if unit.serial and source.accepts(unit.serial, unit.token):
                self._stand(unit)
                if asks:
                    unit.writer.write(authenticated(source.clock()))
                    asks = False
                if said.manages:
                    source.tell(unit.serial, information(message))
                for bundle in said.bundles:
                    for burst, live in bursts(bundle, unit.serial, source.clock()):
                        source.take_burst(burst, live=live)
            if wait:
                await asyncio.sleep(wait)

    def _gone(self, serial: str) -> None:
        """A connection is of this unit no more; who is not there waits for nobody."""
        if serial not in self.connected():
            self._source.waiting.pop(serial, None)

    def _stand(self, unit: Connection) -> None:
        for former in self._serving[: self._serving.index(unit)]:
            if former.serial == unit.serial:
                # It may be a dead one of a unit that has another address now.
                former.task.cancel()

    def connected(self) -> dict[str, Connection]:
        """The connections by the serial number of their unit, the newest of each."""
        return {one.serial: one for one in self._serving if one.serial}

    async def command(self, serial: str, command: str) -> tuple[State, str]:
        """Have a unit do something; how it went."""
        unit = self.connected().get(serial)
        if unit is None:
            return "absent", ""
        if unit.asked is not None:
            return "busy", ""
        self._numbers += 1
        unit.asked = asked = Asked(self._numbers, asyncio.get_running_loop().create_future())
        try:
            unit.writer.write(framed(request(asked.number, serial, command)))
            return await asked.settled(command)
        finally:
            unit.asked = None

    def end(self) -> None:
        """Say goodbye to all of them."""
        for unit in tuple(self._serving):
            unit.writer.write(GOODBYE)
            unit.task.cancel()


async def _beat(writer: asyncio.StreamWriter) -> None:
    while True:
        writer.write(HEARTBEAT)
        await asyncio.sleep(HEARTBEAT_SECONDS)


def bursts(bundle: Bundle, serial: str, arrival: int) -> list[tuple[Burst, bool]]:
    """What a message measured, and whether it is live. A stamp of 0 means: as it arrives."""
    columns: dict[tuple[int, int], Column] = defaultdict(lambda: Column([], []))
    for point in bundle.points:
        made = Column([point.stamp or arrival], [[value] for value in point.values])
        columns[point.kind, point.source].extend(made)
    if not columns:
        return []
    live = not bundle.service & BACKLOG
    stored = not live or bool(bundle.service & PERSISTENT)
    return [(Burst(serial, dict(columns), stored), live)]


async def riot(source: Source) -> None:
    """Let units connect."""
    address = source.address
    source.connected = units = Units(source)
    server = await asyncio.start_server(units.serve, address.host, address.port)
    try:
        name = server.sockets[0].getsockname()
        source.opened(f"{name[0]}:{name[1]}")
        await asyncio.Event().wait()
    finally:
        server.close()
        units.end()
        source.connected = None
