"""Writes what arrives to disk: append-only, rotated, bounded, and never in the feed's way."""

from __future__ import annotations

import errno
import fcntl
import os
import stat
from collections.abc import Sequence
from pathlib import Path

import msgspec

from tui.live.day import Day, DayEvent
from tui.live.recording import (
    MAGIC,
    Fetched,
    Kind,
    NotARecording,
    Opened,
    Part,
    Record,
    identity,
    part_path,
    parts,
    survey,
)
from tui.live.store import Batch

PART = 64 * 2**20
"""Bytes after which a new file is begun."""
PARTS = 16
"""Files that a recording may have; the oldest is deleted for the next."""


class Recorder:
    """Records frames to `path` and its further parts.

    A recording that is there already is continued, after whatever a kill cut off was removed;
    where it is damaged in another way, nothing is removed and a new part is begun.
    When the disk fails, `failure` says so, nothing more is written, and the feed goes on.
    Raises OSError, or NotARecording for a file that is something else or that somebody records
    to already, when it cannot begin.
    """

    def __init__(self, path: Path, dialect: str, *, part: int = PART, keep: int = PARTS) -> None:
        self.path = path
        self.frames = self.fetches = 0
        self.bytes = 0
        self.failure: str | None = None
        self._dialect = dialect
        self._part = part
        self._keep = max(keep, 2)
        self._links: dict[int, Opened] = {}
        self._day: Day | None = None
        self._latest = 0
        """When the last frame came."""
        self._file = -1
        self._size = 0
        self._number = 1
        self._oldest = path
        self._recording = os.urandom(8).hex()
        path.parent.mkdir(parents=True, exist_ok=True)
        known = parts(path)
        if known:
            self._continue(known)
        else:
            self._begin(1)

    @property
    def file(self) -> Path:
        """The file that is written to just now."""
        return part_path(self.path, self._number)

    def opened(
        self, link: int, serials: Sequence[str], server: str, wall: int, offset: int | None = None
    ) -> None:
        """A connection has begun; `offset` is its clock offset if that is known already."""
        begun = Opened(self._dialect, tuple(serials), server, offset)
        self._links[link] = begun
        self._write(Record(Kind.OPENED, link, wall, msgspec.json.encode(begun)))

    def frame(self, link: int, frame: bytes, wall: int) -> None:
        """A frame has arrived."""
        if self._size >= self._part:
            self._rotate(wall)
        self._latest = wall
        self.frames += self._write(Record(Kind.FRAME, link, wall, frame))

    def fetched(
        self, serial: str, start: int, end: int, batches: Sequence[Batch], wall: int
    ) -> None:
        """A stretch of a device's time was fetched from the archive."""
        series = [
            (type_, source, list(times), [list(values) for values in axes])
            for (whose, type_, source), times, axes in batches
            if times and whose == serial
        ]
        if not series:
            return
        if self._size >= self._part:
            self._rotate(wall)
        content = msgspec.json.encode(Fetched(serial, start, end, series))
        self.fetches += self._write(Record(Kind.FETCHED, 0, wall, content))

    def day(self, day: Day, wall: int) -> None:
        """Names, boats, course and session are known, or are others; each file has them."""
        self._day = day
        # By the feed's clock where it is known: this machine's may have been set since.
        self._write(Record(Kind.DAY, 0, self._latest or wall, msgspec.json.encode(day)))

    def events(self, events: Sequence[DayEvent], wall: int) -> None:
        """Moments were marked: all of them, with what is known of the day beside."""
        known = self._day or Day()
        self.day(msgspec.structs.replace(known, events=tuple(events)), wall)

    def clock(self, link: int, offset: int) -> None:
        """The server's clock is known: a file that begins later repeats it."""
        begun = self._links.get(link)
        if begun is not None:
            self._links[link] = msgspec.structs.replace(begun, clock_offset=offset)

    def closed(self, link: int, reason: str, wall: int) -> None:
        """A connection has ended."""
        self._links.pop(link, None)
        self._write(Record(Kind.CLOSED, link, wall, reason.encode("utf-8", "replace")))

    def close(self) -> None:
        """End the recording."""
        file, self._file = self._file, -1
        if file >= 0:
            os.close(file)

    def _continue(self, known: list[tuple[int, Path]]) -> None:
        """Go on where a recording ended, if it is ours to write to."""
        self._oldest = known[0][1]
        self._number, last = known[-1]
        file = _open(last, 0)
        try:
            if parts(self.path)[-1] != known[-1]:
                raise _recorded_already(self.path)  # its recorder has gone on to a new part
            whose = identity(last)
            if self._number == 1 and whose is not None and whose.number > 1:
                raise NotARecording(f"the file {last} is a part of another recording")
            found = survey(last)
            if whose is not None:
                self._recording = whose.recording
            if found.damaged:
                # What stands behind the damage may be read again one day.
                self._begin(self._number + 1)
                os.close(file)
                return
            # A file without any record begins anew, to say whose it is.
            os.ftruncate(file, found.whole if found.whole > len(MAGIC) else 0)
            self._file, self._size = file, os.fstat(file).st_size
            if not self._size:
                self._head()
        except BaseException:
            self._file = -1
            os.close(file)
            raise

    def _begin(self, number: int) -> None:
        """Begin a file, and end the one before; when that fails, all stays as it was."""
        kept = self._file, self._size, self._number
        while True:
            try:
                file = _open(part_path(self.path, number), os.O_CREAT | os.O_EXCL)
                break
            except FileExistsError:
                if number == 1:
                    raise _recorded_already(self.path) from None
                number += 1  # the name is taken by another recording
        self._file, self._size, self._number = file, 0, number
        try:
            self._head()
        except OSError:
            self.file.unlink(missing_ok=True)
            self._file, self._size, self._number = kept
            os.close(file)
            raise
        if kept[0] >= 0:
            os.close(kept[0])

    def _head(self) -> None:
        part = msgspec.json.encode(Part(self._recording, self._number))
        self._put(MAGIC + Record(Kind.PART, 0, 0, part).encode())

    def _rotate(self, wall: int) -> None:
        """Begin the next file; it can be read without the ones before."""
        if self.failure is not None or self._file < 0:
            return
        try:
            self._begin(self._number + 1)
            known = parts(self.path)
            for number, path in known[: -self._keep]:
                if number != self._number:
                    path.unlink()
            self._oldest = known[-self._keep :][0][1]
        except OSError as error:
            self._fail(error)
            return
        if self._day is not None:
            self._write(Record(Kind.DAY, 0, wall, msgspec.json.encode(self._day)))
        for link, begun in self._links.items():
            self._write(Record(Kind.OPENED, link, wall, msgspec.json.encode(begun)))

    def _write(self, record: Record) -> bool:
        if self.failure is not None or self._file < 0:
            return False
        try:
            self._put(record.encode())
        except OSError as error:
            self._fail(error)
            return False
        return True

    def _put(self, content: bytes) -> None:
        try:
            written = os.write(self._file, content)
            if written < len(content):
                # Half a record on a full disk: take it back, so that the file ends whole.
                os.ftruncate(self._file, self._size)
                raise OSError(errno.ENOSPC, "No space left on device")
        except OSError as error:
            error.filename = str(self.file)
            raise
        self._size += written
        self.bytes += written

    def _fail(self, error: OSError) -> None:
        where = str(self.file)
        if self._oldest != self.file:
            where = f"{self._oldest} to {self.file.name}"
        self.failure = (
            f"recording stopped: {error.strerror or error}; "
            f"what was recorded until then is in {where}"
        )


def _open(path: Path, how: int) -> int:
    """Open a regular file for appending, locked for as long as it is open."""
    if path.exists() and not stat.S_ISREG(path.stat().st_mode) and not path.is_dir():
        raise NotARecording(f"the file {path} is not one that can be recorded to")
    flags = os.O_RDWR | os.O_APPEND | getattr(os, "O_NOFOLLOW", 0) | how
    file = os.open(path, flags, 0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(file)
        raise _recorded_already(path) from None
    except OSError:
        return file  # a file system without locks
    return file


def _recorded_already(path: Path) -> NotARecording:
    return NotARecording(f"the file {path} is being recorded already")
