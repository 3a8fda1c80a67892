"""How bytes come from an address: each way reads until it ends or fails, and says what it hears.

Raises OSError, TimeoutError, EOFError, WebSocketException: the hub tries again after a while.
"""

from __future__ import annotations

import asyncio
import os
import socket
import stat
import termios
import tty
from collections import Counter
from collections.abc import Awaitable, Callable
from heapq import merge
from itertools import count
from pathlib import Path

from tui.embedded.igtimi.sources.addresses import Address
from tui.embedded.igtimi.sources.riot import riot
from tui.embedded.igtimi.sources.source import Source
from tui.embedded.instruments.logs import UnreadableLog, read_log
from tui.embedded.instruments.readings import Reading
from tui.hosts import no_way_there

CONNECT_SECONDS = 10.0

QUIET_SECONDS = 60.0
"""Seconds without a byte after which a connection that was made is given up: it may be dead."""

CHUNK = 16 << 10
"""Bytes that are read at a time: some milliseconds of reading, so that others have their turn."""

RECEIVE_BYTES = 1 << 20
"""Bytes of datagrams that may wait to be read, as far as the system allows."""

DATAGRAM_BYTES = 1 << 16

DATAGRAMS_TICK = 0.01
"""Seconds after which datagrams are looked for again while they come. The times of what carries
none are right to that. Our choice."""

DATAGRAMS = 256
"""Datagrams that are read before others have their turn."""

CONNECTIONS = 32
"""Connections that a listener holds at a time, of all hosts."""

OF_ONE_HOST = 8
"""Connections of one host."""

MESSAGE_BYTES = 1 << 20

LOG_BYTES = 64 << 20
"""Bytes of a file that is played."""

PLAY_TICK = 0.1

WATCH = b'?WATCH={"enable":true,"json":true};\n'


class Ended(Exception):
    """A source that has come to its end; the text says how, for a person."""


async def udp(source: Source) -> None:
    """Listen to datagrams, each with one or more sentences."""
    address = source.address
    family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as receiver:
        receiver.setblocking(False)
        # A busy machine reads late: what comes meanwhile waits there.
        receiver.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BYTES)
        receiver.bind((address.host, address.port))
        source.opened(_shown(receiver.getsockname()))
        datagrams = _Datagrams(source, receiver)
        try:
            await asyncio.Event().wait()
        finally:
            datagrams.close()


class _Datagrams:
    """Hands datagrams on; one host is one who speaks, whichever port it sends from.

    While many come they are read a hundred times a second, not one by one: each time costs as
    much as ten of them. At rest it is woken by the first.
    """

    def __init__(self, source: Source, receiver: socket.socket) -> None:
        self._source = source
        self._receiver = receiver
        self._loop = asyncio.get_running_loop()
        self._later: asyncio.TimerHandle | None = None
        self._loop.add_reader(receiver, self._woken)

    def _woken(self) -> None:
        self._loop.remove_reader(self._receiver)
        self._read()

    def _read(self) -> None:
        if self._some():
            self._later = self._loop.call_later(DATAGRAMS_TICK, self._read)
        else:
            self._later = None
            self._loop.add_reader(self._receiver, self._woken)

    def _some(self) -> bool:
        """Read what is there, but no more than others can wait for; whether there was anything."""
        receive = self._receiver.recvfrom
        hosts: dict[str, list[bytes]] = {}
        try:
            for _ in range(DATAGRAMS):
                data, address = receive(DATAGRAM_BYTES)
                hosts.setdefault(address[0], []).append(data)
        except BlockingIOError:
            pass  # All of them are read.
        except OSError as error:
            self._source.trouble(words_of(error))
        for host, datagrams in hosts.items():
            self._source.hear_datagrams(host, datagrams)
        return bool(hosts)

    def close(self) -> None:
        """Hear no more."""
        self._loop.remove_reader(self._receiver)
        if self._later is not None:
            self._later.cancel()


async def tcp(source: Source) -> None:
    """Connect, and read lines."""
    await _connected(source, b"")


async def gpsd(source: Source) -> None:
    """Connect to gpsd, and have it say what it knows."""
    await _connected(source, WATCH)


async def _connected(source: Source, greeting: bytes) -> None:
    address = source.address
    async with asyncio.timeout(CONNECT_SECONDS):
        reader, writer = await asyncio.open_connection(address.host, address.port)
    try:
        source.opened()
        writer.write(greeting)
        await _read(source, "", reader)
    finally:
        writer.close()
    raise EOFError("the other side closed the connection")


async def _read(source: Source, peer: str, reader: asyncio.StreamReader) -> None:
    """Until its end; one that sends too much is read more slowly."""
    while True:
        async with asyncio.timeout(QUIET_SECONDS):
            chunk = await reader.read(CHUNK)
        if not chunk:
            return
        wait = source.hear(peer, chunk)
        if wait:
            await asyncio.sleep(wait)


async def tcp_listen(source: Source) -> None:
    """Let others connect, and read lines."""
    address = source.address
    numbers = count(1)
    hosts: Counter[str] = Counter()
    serving: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        host = str(writer.get_extra_info("peername")[0])
        if hosts.total() >= CONNECTIONS or hosts[host] >= OF_ONE_HOST:
            source.trouble(f"{host} was refused: it or all have too many connections")
            writer.close()
            return
        task = asyncio.current_task()
        assert task is not None
        peer = f"{host} {next(numbers)}"
        hosts[host] += 1
        serving.add(task)
        try:
            await _read(source, peer, reader)
        except (OSError, TimeoutError) as error:
            source.trouble(f"{host}: {words_of(error)}")
        except asyncio.CancelledError:
            # The listener ends; asyncio would report that as a fault (until Python 3.12).
            pass
        finally:
            hosts[host] -= 1
            serving.discard(task)
            source.left(peer)
            writer.close()

    server = await asyncio.start_server(serve, address.host, address.port)
    try:
        source.opened(_shown(server.sockets[0].getsockname()))
        await asyncio.Event().wait()
    finally:
        server.close()
        for task in tuple(serving):
            task.cancel()


async def signalk(source: Source) -> None:
    """Have a Signal K server send what all vessels that it knows of say from now on."""
    from websockets.asyncio.client import connect

    address = source.address
    host = f"[{address.host}]" if ":" in address.host else address.host
    url = f"ws://{host}:{address.port}/signalk/v1/stream?subscribe=all&sendCachedValues=false"
    async with connect(
        url, open_timeout=CONNECT_SECONDS, max_size=MESSAGE_BYTES, proxy=None, compression=None
    ) as connection:
        source.opened()
        while True:
            message = await connection.recv()
            said = message.encode() if isinstance(message, str) else message
            wait = source.hear("", said + b"\n")
            if wait:
                await asyncio.sleep(wait)


async def serial(source: Source) -> None:
    """Read a serial device."""
    loop = asyncio.get_running_loop()
    descriptor = _open_device(source.address)
    ended: asyncio.Future[None] = loop.create_future()

    def readable() -> None:
        try:
            chunk = os.read(descriptor, CHUNK)
        except BlockingIOError:
            return
        except OSError as error:
            _settle(ended, error)
            return
        if chunk:
            source.hear("", chunk)
        else:
            _settle(ended, EOFError("the device is gone"))

    try:
        source.opened()
        loop.add_reader(descriptor, readable)
        await ended
    finally:
        loop.remove_reader(descriptor)
        os.close(descriptor)


def _settle(ended: asyncio.Future[None], error: Exception) -> None:
    if not ended.done():
        ended.set_exception(error)


def _open_device(address: Address) -> int:
    """The device, raw and at its speed. Raises OSError."""
    descriptor = os.open(address.path, os.O_RDONLY | os.O_NOCTTY | os.O_NONBLOCK)
    try:
        if not os.isatty(descriptor):
            raise OSError(f"{address.path} is no serial device")
        tty.setraw(descriptor)
        flags = termios.tcgetattr(descriptor)
        flags[4] = flags[5] = getattr(termios, f"B{address.baud}")
        termios.tcsetattr(descriptor, termios.TCSANOW, flags)
    except termios.error as error:
        os.close(descriptor)
        raise OSError(f"{address.path}: {error.args[-1]}") from error
    except OSError:
        os.close(descriptor)
        raise
    return descriptor


async def file(source: Source) -> None:
    """Play a log as if it were said now, once; at another speed its pauses are shorter."""
    path, speed = Path(source.address.path), source.address.speed
    try:
        log = await asyncio.to_thread(lambda: read_log(_content(path), path.name))
    except UnreadableLog as error:
        raise Ended(f"{path.name}: {error}") from None
    source.opened()
    said = merge(
        *(
            [(stamp, boat, kind, values) for stamp, values in samples]
            for (boat, kind), samples in log.samples.items()
        )
    )
    begin, began = None, source.clock()
    due: dict[str, list[Reading]] = {}
    for stamp, boat, kind, values in said:
        begin = stamp if begin is None else begin
        now = began + round((stamp - begin) / speed)
        while now > source.clock():
            _hand_on(source, due)
            await asyncio.sleep(PLAY_TICK)
        due.setdefault(boat, []).append(Reading(kind, values, now, "file", boat))
    _hand_on(source, due)
    raise Ended("played to its end" if begin is not None else f"{path.name}: gives no sample")


def _hand_on(source: Source, due: dict[str, list[Reading]]) -> None:
    for boat, readings in due.items():
        source.hand_on("", boat, readings)
    due.clear()


def _content(path: Path) -> bytes:
    with path.open("rb") as opened:
        found = os.fstat(opened.fileno())
        if not stat.S_ISREG(found.st_mode):
            raise UnreadableLog("it is no file")
        if found.st_size > LOG_BYTES:
            raise UnreadableLog(f"it is larger than {LOG_BYTES >> 20} MB")
        return opened.read()


def _shown(name: tuple[str, int]) -> str:
    host = f"[{name[0]}]" if ":" in name[0] else name[0]
    return f"{host}:{name[1]}"


def words_of(error: BaseException) -> str:
    """What went wrong, for a person."""
    if isinstance(error, TimeoutError):
        return "nothing came for too long"
    if isinstance(error, OSError):
        return no_way_there(error)
    return str(error) or type(error).__name__


WAYS: dict[str, Callable[[Source], Awaitable[None]]] = {
    "udp": udp,
    "tcp": tcp,
    "tcp-listen": tcp_listen,
    "gpsd": gpsd,
    "signalk": signalk,
    "serial": serial,
    "file": file,
    "riot": riot,
}
"""By scheme."""
