"""What a unit is told to do, and what it answers (reference/riot-ingest.md, 3 and 4).

It answers by a response, by lines of its log, or by both; a response without a number is taken
for the answer, since a unit does one thing at a time. Our choice.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from tui.embedded.igtimi import protobuf as pb

COMMANDS = ("BATTERY_VOLTAGE", "GPS ON", "GPS OFF", "POWER OFF")
"""Those that SAP's server knows."""

ANSWER_SECONDS = 10.0
"""Seconds in which a unit answers; so long SAP's server waits, too."""

LINES = 50
"""Lines of a log that are taken for an answer."""

_MILLISECONDS, _COMMAND, _COMMAND_TEXT = 1, 2, 1
_DATA, _MANAGEMENT = 2, 5
_ID, _SERIAL, _REQUEST, _RESPONSE, _INFORMATION = 1, 2, 3, 4, 5
_LOG = 56

State = Literal["answered", "refused", "silent", "gone", "absent", "busy"]
"""`gone`: it hung up before it answered; `absent`, `busy`: it was not told, since it is not
connected, or has not answered the command before."""


class _HungUp(Exception):
    """The connection has ended before the answer came."""


@dataclass(frozen=True)
class Response:
    """What a unit says to a command."""

    number: int
    success: bool
    code: int
    reason: str
    text: str


@dataclass(frozen=True)
class Answer:
    """What became of a command. `at`: when it was known, in UTC milliseconds."""

    command: str
    state: State
    text: str
    at: int


@dataclass
class Asked:
    """A command that waits for its answer."""

    number: int
    response: asyncio.Future[Response]
    lines: list[str] = field(default_factory=list)

    def hear(self, message: bytes) -> None:
        """Take what of a message may be the answer. Raises Malformed."""
        for response in responses(message):
            if response.number in (0, self.number) and not self.response.done():
                self.response.set_result(response)
        self.lines += list(log_lines(message))[: LINES - len(self.lines)]

    def leave(self) -> None:
        """The connection has ended."""
        if not self.response.done():
            self.response.set_exception(_HungUp())

    async def settled(self, command: str) -> tuple[State, str]:
        """How it went, and in which words; waits for a while."""
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                response = await self.response
        except _HungUp:
            return "gone", "\n".join(self.lines)
        except TimeoutError:
            said = "\n".join(self.lines)
            return ("answered", said) if said else ("silent", "")
        said = "\n".join(filter(None, (response.text, *self.lines)))
        if response.success:
            return "answered", said or response.reason or f"{command} is done"
        code = f"code {response.code}" if response.code else ""
        return "refused", ", ".join(filter(None, (response.reason, said, code)))


def request(number: int, serial: str, command: str) -> bytes:
    """A message that tells a unit to do something."""
    asked = pb.integer_field(_MILLISECONDS, round(ANSWER_SECONDS * 1000)) + pb.bytes_field(
        _COMMAND, pb.bytes_field(_COMMAND_TEXT, command.encode())
    )
    return pb.bytes_field(
        _MANAGEMENT,
        pb.integer_field(_ID, number)
        + pb.bytes_field(_SERIAL, serial.encode())
        + pb.bytes_field(_REQUEST, asked),
    )


def responses(message: bytes) -> Iterator[Response]:
    """The responses in a message. Raises Malformed."""
    for number, content in pb.read_fields(message):
        if number != _MANAGEMENT:
            continue
        fields = dict(pb.read_fields(pb.as_bytes(content)))
        if _RESPONSE in fields:
            said = dict(pb.read_fields(pb.as_bytes(fields[_RESPONSE])))
            yield Response(
                pb.as_integer(fields.get(_ID, 0)),
                bool(pb.as_integer(said.get(2, 0))),
                pb.as_signed(said.get(3, 0)),
                pb.as_text(said.get(4, b"")),
                pb.as_text(said.get(5, b"")),
            )


def log_lines(message: bytes) -> Iterator[str]:
    """What a unit wrote into its log, where a message brings that. Raises Malformed."""
    for number, content in pb.read_fields(message):
        if number != _DATA:
            continue
        for _, bundle in pb.read_fields(pb.as_bytes(content)):
            for inner, point in pb.read_fields(pb.as_bytes(bundle)):
                if inner == 1:
                    for kind, value in pb.read_fields(pb.as_bytes(point)):
                        if kind == _LOG:
                            said = dict(pb.read_fields(pb.as_bytes(value)))
                            yield pb.as_text(said.get(2, b""))


def information(message: bytes) -> dict[str, str]:
    """What a unit tells of itself, where a message does. Raises Malformed."""
    told: dict[str, str] = {}
    for number, content in pb.read_fields(message):
        if number == _MANAGEMENT:
            for inner, part in pb.read_fields(pb.as_bytes(content)):
                if inner == _INFORMATION:
                    for kind, entry in pb.read_fields(pb.as_bytes(part)):
                        if kind == 2:
                            pair = dict(pb.read_fields(pb.as_bytes(entry)))
                            told[pb.as_text(pair.get(1, b""))] = pb.as_text(pair.get(2, b""))
    return told
