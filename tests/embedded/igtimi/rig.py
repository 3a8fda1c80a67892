"""A hub of sources in the test's own loop, and a unit of RIoT that a test plays."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.harness import CREDENTIALS
from tui.embedded import sample
from tui.embedded.context import Context, Options
from tui.embedded.database import Database
from tui.embedded.igtimi import SERVICE
from tui.embedded.igtimi import protobuf as pb
from tui.embedded.igtimi.access import SAMPLE_USER
from tui.embedded.igtimi.blocks import Column, Series
from tui.embedded.igtimi.riot_messages import encode_message
from tui.embedded.igtimi.runtime import Runtime, runtime
from tui.embedded.igtimi.sources.hub import Hub, Pauses
from tui.embedded.igtimi.sources.riot import framed, next_message
from tui.embedded.igtimi.sources.source import Source

PATIENCE = 30.0
HOST = "127.0.0.1"


class Rig:
    """A hub in the test's own loop, and what its boats have said."""

    def __init__(self, tmp: Path) -> None:
        self.database = Database(None)
        self.context = Context(self.database, CREDENTIALS, Options(tmp, boats=3))
        sample.prepare(self.context, [SERVICE], seeded=False)
        self.runtime: Runtime = runtime(self.context)
        self.hub: Hub = self.runtime.hub
        self.hub.pauses = Pauses(0.001, 0.002)
        self.hub.start()

    async def begin(self, text: str, *, kept: bool = False) -> Source:
        return await self.hub.begin(text, SAMPLE_USER, kept=kept)

    async def opened(self, text: str) -> tuple[Source, int]:
        """A listener and the port that it got."""
        source = await self.begin(text)
        await until(lambda: bool(source.bound))
        return source, int(source.bound.rpartition(":")[2])

    def samples(self, source: Source, kind: int) -> list[list[tuple[int, Any]]]:
        """By boat, in the order in which they came, stamps and first axis of a type."""
        found = []
        for serial in dict.fromkeys(source.serials.values()):
            column = self.runtime.samples.read(Series(serial, kind), 0, 1e13)
            found.append(
                list(zip(column.stamps, column.axes[0] if column.axes else (), strict=True))
            )
        return found

    async def heard(self, source: Source, kind: int, count: int) -> list[tuple[int, Any]]:
        """The one boat's samples of a type, once there are so many."""
        await until(lambda: any(len(one) >= count for one in self.samples(source, kind)))
        return self.samples(source, kind)[0]


async def until(condition: Callable[[], bool]) -> None:
    """What does not hold within half a minute never does."""
    async with asyncio.timeout(PATIENCE):
        while True:
            if condition():
                return
            await asyncio.sleep(0.002)


LIVE, HELD_BACK, ONLY_LIVE = 3, 10, 1
"""Types of service."""


class RiotUnit:
    """One connection of a unit, which tears all that it says into small segments."""

    def __init__(self, serial: str = "DD-EE-ABCD") -> None:
        self.serial = serial

    async def connect(self, port: int) -> None:
        """Connect; nothing is said yet."""
        self.reader, self.writer = await asyncio.open_connection(HOST, port)

    async def send(self, content: bytes, size: int = 7) -> None:
        """In segments that tear every message."""
        for place in range(0, len(content), size):
            self.writer.write(content[place : place + size])
            await self.writer.drain()

    async def ask(self, token: str = "") -> None:
        """Ask to be authenticated, by the token of its device group."""
        asked = pb.integer_field(1, 5)
        if token:
            asked += pb.bytes_field(2, pb.bytes_field(2, token.encode()))
        content = pb.bytes_field(1, pb.bytes_field(3, pb.bytes_field(1, asked)))
        await self.send(framed(content))

    async def speeds(self, first: int, *values: float, service: int = LIVE) -> None:
        """Speeds over ground, two a second, from a stamp on."""
        stamps = [first + 500 * place for place in range(len(values))]
        columns = {(9, 0): Column(stamps, [list(values)])}
        await self.send(framed(encode_message(self.serial, columns, service=service)))

    async def manage(self, field: int, content: bytes, number: int = 0) -> None:
        """Say something of the unit itself: 4 is a response, 5 what it tells of itself."""
        said = pb.integer_field(1, number) + pb.bytes_field(2, self.serial.encode())
        await self.send(framed(pb.bytes_field(5, said + pb.bytes_field(field, content))))

    async def answer(
        self, number: int, text: str = "", *, success: bool = True, code: int = 0, reason: str = ""
    ) -> None:
        """Respond to a command."""
        said = pb.integer_field(2, success) + pb.integer_field(3, code)
        said += pb.bytes_field(4, reason.encode()) + pb.bytes_field(5, text.encode())
        await self.manage(4, said, number)

    async def log(self, *lines: str) -> None:
        """Write into its log."""
        points = b""
        for line in lines:
            entry = pb.integer_field(1, 5) + pb.bytes_field(2, line.encode())
            points += pb.bytes_field(1, pb.bytes_field(56, entry))
        bundle = points + pb.bytes_field(2, self.serial.encode())
        await self.send(framed(pb.bytes_field(2, pb.bytes_field(1, bundle))))

    async def told(self) -> tuple[int, str]:
        """The number and the words of the next command."""
        while True:
            message = await next_message(self.reader)
            for number, content in pb.read_fields(message):
                if number == 5:
                    fields = dict(pb.read_fields(pb.as_bytes(content)))
                    asked = dict(pb.read_fields(pb.as_bytes(fields[3])))
                    words = dict(pb.read_fields(pb.as_bytes(asked[2])))
                    return pb.as_integer(fields[1]), pb.as_text(words[1])
