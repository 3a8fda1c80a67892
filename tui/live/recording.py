"""Recordings on disk: raw frames with the times of their arrival, readable after any accident.

A recording is one or more files. Each begins with a line of its own and is then a row of
records: kind, link, length, time, checksum, content (numbers little-endian). Nothing is ever
changed once written; what a kill or a full disk cut off is recognised by length and checksum.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from struct import Struct
from zlib import crc32

import msgspec

MAGIC = b"tockdeck recording 1\n"
SUFFIX = ".tockrec"
HEADER = Struct("<BHIqI")
LONGEST = 64 * 2**20


class Kind(IntEnum):
    """What a record is: a frame as received, or where a connection began or ended."""

    FRAME = 1
    OPENED = 2
    CLOSED = 3


class Opened(msgspec.Struct, frozen=True):
    """How a connection began: enough to read its frames again, and no secret.

    `clock_offset` is set where a file begins within a connection, whose start is in another.
    """

    dialect: str
    serials: tuple[str, ...]
    server: str = ""
    clock_offset: int | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """One record: `wall` is UTC in ms; `link` tells connections apart."""

    kind: Kind
    link: int
    wall: int
    content: bytes

    def encode(self) -> bytes:
        """Return the record as it is written."""
        check = checksum(self.kind, self.link, self.wall, self.content)
        return HEADER.pack(self.kind, self.link, len(self.content), self.wall, check) + self.content


class NotARecording(Exception):
    """The file is not one of ours, or none is there."""


def checksum(kind: int, link: int, wall: int, content: bytes) -> int:
    """Return the checksum of a record."""
    return crc32(content, crc32(b"%d %d %d %d" % (kind, link, wall, len(content))))


def read_records(path: Path, start: int = 0) -> Iterator[tuple[int, Record]]:
    """Yield (offset of its end, record) for each whole record of one file.

    Ends without complaint where the file was cut off or damaged: compare the last offset with
    the file's size. Raises NotARecording if the file does not begin like one, OSError if it
    cannot be read.
    """
    with path.open("rb") as file:
        if file.read(len(MAGIC)) != MAGIC:
            raise NotARecording(f"{path.name} is not a recording of this program")
        position = max(start, len(MAGIC))
        file.seek(position)
        while True:
            header = file.read(HEADER.size)
            if len(header) < HEADER.size:
                return
            kind, link, length, wall, check = HEADER.unpack(header)
            if length > LONGEST:
                return
            content = file.read(length)
            if len(content) < length or checksum(kind, link, wall, content) != check:
                return
            position += HEADER.size + length
            if kind in Kind.__members__.values():
                yield position, Record(Kind(kind), link, wall, content)


def part_path(path: Path, number: int) -> Path:
    """Return the path of a recording's part; the first has the recording's own name."""
    return path if number == 1 else path.with_name(f"{path.stem}.{number}{SUFFIX}")


def parts(path: Path) -> list[tuple[int, Path]]:
    """Return a recording's files by number. Early ones may be gone: a recording is bounded."""
    pattern = re.compile(re.escape(path.stem) + r"\.(\d{1,9})" + re.escape(SUFFIX))
    found = [(1, path)] if path.exists() else []
    if path.parent.is_dir():
        for other in path.parent.iterdir():
            match = pattern.fullmatch(other.name)
            if match:
                found.append((int(match[1]), other))
    return sorted(found)


class Recording:
    """All records of a recording, over its files in order.

    Raises NotARecording if there is nothing to read.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.parts = [part for _, part in parts(path)]
        if not self.parts:
            raise NotARecording(f"there is no recording {path.name}")
        self.lost = 0
        self.start, self.end, self.frames = self._survey()

    def _survey(self) -> tuple[int, int, int]:
        start = end = frames = 0
        for part in self.parts:
            whole = len(MAGIC)
            for offset, record in read_records(part):
                whole = offset
                start = start or record.wall
                end = max(end, record.wall)
                frames += record.kind is Kind.FRAME
            self.lost += part.stat().st_size - whole
        return start, end, frames

    def __iter__(self) -> Iterator[Record]:
        for part in self.parts:
            for _, record in read_records(part):
                yield record
