"""Recordings on disk: raw frames with the times of their arrival, readable after any accident.

A recording is one or more files. Each begins with a line of its own and is then a row of
records: kind, link, length, time, checksum, content (numbers little-endian). The first record
says whose part the file is; those of earlier versions have none. Nothing is ever changed once
written; what was cut off or damaged is recognised by length and checksum, and passed over.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from struct import Struct
from typing import BinaryIO
from zlib import crc32

import msgspec

from tui.live.day import read_day
from tui.words import are, counted, were

MAGIC = b"tockdeck recording 1\n"
SUFFIX = ".tockrec"
HEADER = Struct("<BHIqI")
LONGEST = 64 * 2**20
# A header of a known kind, of a length up to LONGEST and of a time before the year 10889.
BEGINNING = re.compile(rb"(?=[\x01-\x06].{5}[\x00-\x04].{6}\x00\x00.{4})", re.DOTALL)
STRIDE = 2**20
MOST_TRIED = 2**28
"""Bytes that are summed up in vain after a damage before the rest of a file is given up."""


class Kind(IntEnum):
    """What a record is: a frame as received, where a connection began or ended, whose part, what
    was fetched from the archive, what is known of the day.

    A whole record of any other kind is of a version to come: no damage, and passed over.
    """

    FRAME = 1
    OPENED = 2
    CLOSED = 3
    PART = 4
    FETCHED = 5
    DAY = 6
    LATER = 255


class Opened(msgspec.Struct, frozen=True):
    """How a connection began: enough to read its frames again, and no secret.

    `clock_offset` is set where a file begins within a connection, whose start is in another.
    """

    dialect: str
    serials: tuple[str, ...]
    server: str = ""
    clock_offset: int | None = None


class Part(msgspec.Struct, frozen=True):
    """Whose part a file is, and which: names alone can be those of another recording.

    `recording` is empty in recordings of earlier versions; their further parts have number 0.
    """

    recording: str
    number: int


class Fetched(msgspec.Struct, frozen=True):
    """What was fetched of a stretch of a device's time, in ms, with the stamps as the unit gave.

    Of each series its type, source, times and one list of values per axis.
    """

    serial: str
    start: int
    end: int
    series: list[tuple[int, int, list[int], list[list[float]]]]


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
    """There is none, or the file is not one that we may read or write to."""


class NoRecording(NotARecording):
    """There is no such file."""


def checksum(kind: int, link: int, wall: int, content: bytes) -> int:
    """Return the checksum of a record."""
    return crc32(content, crc32(b"%d %d %d %d" % (kind, link, wall, len(content))))


def opened_of(record: Record) -> Opened | None:
    """Return how a connection began, or None for a record that does not tell it."""
    try:
        return msgspec.json.decode(record.content, type=Opened)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return None


def fetched_of(record: Record) -> Fetched | None:
    """Return what was fetched, or None for a record that does not tell it."""
    try:
        return msgspec.json.decode(record.content, type=Fetched)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return None


def _tells(record: Record) -> bool:
    """Whether a record says what its kind promises."""
    if record.kind is Kind.OPENED:
        return opened_of(record) is not None
    if record.kind is Kind.DAY:
        return read_day(record.content) is not None
    return record.kind is not Kind.FETCHED or fetched_of(record) is not None


def read_records(path: Path) -> Iterator[tuple[int, Record]]:
    """Yield (offset of its end, record) for each whole record of one file.

    What is damaged is passed over without complaint; `survey` tells how much that is. A file
    that ends within its first line is empty. Raises NotARecording if the file does not begin
    like one, OSError if it cannot be read.
    """
    with _opened(path) as file:
        place: int | None = len(MAGIC)
        while place is not None:
            record = _record_at(file, place)
            if record is None:
                place = _next_whole(file, place + 1)
            else:
                place += HEADER.size + len(record.content)
                yield place, record


def _opened(path: Path) -> BinaryIO:
    if path.exists() and not (path.is_file() or path.is_dir()):
        # A pipe would be waited for, and cannot be read twice.
        raise NotARecording(f"the file {path} is not a recording of this program")
    file = path.open("rb")
    if not MAGIC.startswith(file.read(len(MAGIC))):
        file.close()
        raise NotARecording(f"the file {path} is not a recording of this program")
    return file


def _record_at(file: BinaryIO, place: int) -> Record | None:
    file.seek(place)
    header = file.read(HEADER.size)
    if len(header) < HEADER.size:
        return None
    kind, link, length, wall, check = HEADER.unpack(header)
    if length > LONGEST:
        return None
    content = file.read(length)
    if len(content) < length or checksum(kind, link, wall, content) != check:
        return None
    known = kind in Kind.__members__.values()
    return Record(Kind(kind) if known else Kind.LATER, link, wall, content)


def _next_whole(file: BinaryIO, place: int) -> int | None:
    """Return where the next whole record begins."""
    size = os.fstat(file.fileno()).st_size
    tried = 0
    while place + HEADER.size <= size:
        file.seek(place)
        stretch = file.read(STRIDE)
        for match in BEGINNING.finditer(stretch):
            _, _, length, _, _ = HEADER.unpack_from(stretch, match.start())
            start = place + match.start()
            if start + HEADER.size + length > size:
                continue
            if _record_at(file, start) is not None:
                return start
            tried += length
            if tried > MOST_TRIED:
                return None
        place += max(len(stretch) - HEADER.size + 1, 1)
    return None


@dataclass(frozen=True)
class Survey:
    """What one file holds."""

    start: int
    """The time of its first record; 0 without any."""
    end: int
    frames: int
    whole: int
    """Where its last whole record ends."""
    cut: int
    """Bytes of a last record that was cut off."""
    damaged: int
    """Bytes elsewhere that cannot be read."""


def survey(path: Path) -> Survey:
    """Read a file through. Raises NotARecording, OSError."""
    start = end = frames = damaged = 0
    whole = len(MAGIC)
    for offset, record in read_records(path):
        length = HEADER.size + len(record.content)
        damaged += offset - length - whole
        if not _tells(record):
            damaged += length
        whole = offset
        start = start or record.wall
        end = max(end, record.wall)
        frames += record.kind is Kind.FRAME
    rest = path.stat().st_size - whole
    if rest <= 0:
        return Survey(start, end, frames, max(whole + rest, 0), 0, damaged)
    cut = rest if _is_cut(path, whole, rest) else 0
    return Survey(start, end, frames, whole, cut, damaged + rest - cut)


def _is_cut(path: Path, place: int, rest: int) -> bool:
    """Whether what stands at the end is the beginning of a record."""
    with path.open("rb") as file:
        file.seek(place)
        header = file.read(HEADER.size)
    if header[0] not in Kind.__members__.values():
        return False
    if len(header) < HEADER.size:
        return True
    length: int = HEADER.unpack(header)[2]
    return rest < HEADER.size + length <= HEADER.size + LONGEST


def part_path(path: Path, number: int) -> Path:
    """Return the path of a recording's part; the first has the recording's own name."""
    return path if number == 1 else path.with_name(f"{path.stem}.{number}{SUFFIX}")


def identity(path: Path) -> Part | None:
    """Return whose part a file says it is; None for one that is empty or does not tell.

    Raises NotARecording, OSError.
    """
    with _opened(path) as file:
        place = len(MAGIC)
        first = record = _record_at(file, place)
        if first is None:
            return None
        if first.kind is Kind.PART:
            try:
                return msgspec.json.decode(first.content, type=Part)
            except (msgspec.MsgspecError, UnicodeDecodeError):
                return None
        opened = opened_of(first) if first.kind is Kind.OPENED else None
        if opened is None:
            return None
        while record is not None and record.kind is Kind.OPENED:
            place += HEADER.size + len(record.content)
            record = _record_at(file, place)
    # Of before: a further part repeats how the conversation began, in the moment of a frame
    # which is data, while a conversation that begins is answered with a number.
    goes_on = (
        record is not None
        and record.kind is Kind.FRAME
        and record.wall == first.wall
        and not record.content.strip().isdigit()
    )
    return Part("", 0 if opened.clock_offset is not None or goes_on else 1)


def parts(path: Path) -> list[tuple[int, Path]]:
    """Return a recording's files by number. Early ones may be gone: a recording is bounded."""
    return _parts(path)[0]


def _parts(path: Path) -> tuple[list[tuple[int, Path]], list[Path]]:
    """Return a recording's files by number, and those whose part cannot be told."""
    own = [(1, path)] if path.exists() else []
    told: list[tuple[int, Path, Part]] = []
    untold: list[Path] = []
    # `race` and `race.tockrec` share the names of further parts, but not the recording.
    alone = own or path.suffix == SUFFIX or not path.with_suffix(SUFFIX).exists()
    for number, other in _named_alike(path) if alone else []:
        part = None
        try:
            empty = other.stat().st_size < len(MAGIC)
            part = identity(other)
        except (NotARecording, OSError):
            empty = False
        if part is None and not empty:
            untold.append(other)
        elif part is not None and (part.number == number or part == Part("", 0)):
            told.append((number, other, part))
    whose = None
    if own:
        try:
            whose = identity(path)
        except (NotARecording, OSError):
            whose = None
    if whose is None and told:
        # The first is gone, or its beginning is: the latest says whose they are.
        whose = told[-1][2]
    if whose is not None:
        own += [
            (number, other) for number, other, part in told if part.recording == whose.recording
        ]
    return own, untold


def _named_alike(path: Path) -> list[tuple[int, Path]]:
    pattern = re.compile(re.escape(path.stem) + r"\.(\d{1,9})" + re.escape(SUFFIX))
    if not path.parent.is_dir():
        return []
    matches = ((pattern.fullmatch(other.name), other) for other in path.parent.iterdir())
    found = ((int(match[1]), other) for match, other in matches if match and other != path)
    return sorted((number, other) for number, other in found if number > 1)


class Recording:
    """All records of a recording, over its files in order.

    `lost` are the bytes that cannot be read, and `remarks` says in sentences what is missing.
    Raises NotARecording if there is nothing to read, OSError if it cannot be read.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.parts: list[Path] = []
        self.start = self.end = self.frames = self.lost = 0
        self.remarks: list[str] = []
        found, untold = _parts(path)
        if not found:
            raise NoRecording(f"there is no recording {path}")
        failure: NotARecording | OSError | None = None
        for _, part in found:
            try:
                self._add(part, survey(part))
            except (NotARecording, OSError) as error:
                failure = failure or error
                why = error.strerror or "an error" if isinstance(error, OSError) else "damaged"
                self.remarks.append(f"{part.name} cannot be read ({why}) and is left out")
        if failure is not None and not self.parts:
            raise failure
        self.remarks += (
            f"{other.name} does not tell whose part it is and is left out" for other in untold
        )

    def _add(self, part: Path, found: Survey) -> None:
        self.parts.append(part)
        self.start = self.start or found.start
        self.end = max(self.end, found.end)
        self.frames += found.frames
        self.lost += found.cut + found.damaged
        if found.cut:
            self.remarks.append(
                f"{counted(found.cut, 'byte')} at the end of {part.name} {were(found.cut)} cut off"
            )
        if found.damaged:
            self.remarks.append(
                f"{counted(found.damaged, 'byte')} of {part.name} {are(found.damaged)} damaged "
                "and left out"
            )

    def __iter__(self) -> Iterator[Record]:
        for part in self.parts:
            for _, record in read_records(part):
                if record.kind in (Kind.PART, Kind.LATER):
                    continue
                if _tells(record):
                    yield record
