"""Writes what arrives to disk: append-only, rotated, bounded, and never in the feed's way."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import msgspec

from tui.live.recording import MAGIC, Kind, Opened, Record, part_path, parts, read_records

PART = 64 * 2**20
"""Bytes after which a new file is begun."""
PARTS = 16
"""Files that a recording may have; the oldest is deleted for the next."""


class Recorder:
    """Records frames to `path` and its further parts.

    A recording that is there already is continued, after whatever a kill cut off was removed.
    When the disk fails, `failure` says so, nothing more is written, and the feed goes on.
    Raises OSError, or NotARecording for a file that is something else, when it cannot begin.
    """

    def __init__(self, path: Path, dialect: str, *, part: int = PART, keep: int = PARTS) -> None:
        self.path = path
        self.frames = 0
        self.bytes = 0
        self.failure: str | None = None
        self._dialect = dialect
        self._part = part
        self._keep = max(keep, 2)
        self._links: dict[int, Opened] = {}
        path.parent.mkdir(parents=True, exist_ok=True)
        known = parts(path)
        self._number = known[-1][0] if known else 1
        self._file = -1
        self._size = 0
        self._begin()

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
        self._write(Record(Kind.FRAME, link, wall, frame))
        self.frames += 1

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
        if self._file >= 0:
            os.close(self._file)
            self._file = -1

    def _begin(self) -> None:
        path = self.file
        flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_NOFOLLOW", 0)
        whole = self._whole(path)
        self._file = os.open(path, flags, 0o600)
        os.ftruncate(self._file, whole)
        self._size = whole
        if not whole:
            self._put(MAGIC)

    def _whole(self, path: Path) -> int:
        """Return how much of a file that is there already can be read."""
        if not path.exists() or path.stat().st_size < len(MAGIC):
            if path.exists() and not MAGIC.startswith(path.read_bytes()):
                list(read_records(path))  # raises: it is not ours to overwrite
            return 0
        whole = len(MAGIC)
        for offset, _ in read_records(path):
            whole = offset
        return whole

    def _rotate(self, wall: int) -> None:
        """Begin the next file; it can be read without the ones before."""
        try:
            os.close(self._file)
            self._number += 1
            self._begin()
            for number, path in parts(self.path)[: -self._keep]:
                if number != self._number:
                    path.unlink()
        except OSError as error:
            self._fail(error)
            return
        for link, begun in self._links.items():
            self._write(Record(Kind.OPENED, link, wall, msgspec.json.encode(begun)))

    def _write(self, record: Record) -> None:
        if self.failure is not None or self._file < 0:
            return
        try:
            self._put(record.encode())
        except OSError as error:
            self._fail(error)

    def _put(self, content: bytes) -> None:
        written = os.write(self._file, content)
        if written < len(content):
            # Half a record on a full disk: take it back, so that the file ends whole.
            os.ftruncate(self._file, self._size)
            raise OSError(28, "No space left on device")
        self._size += written
        self.bytes += written

    def _fail(self, error: OSError) -> None:
        self.failure = (
            f"recording stopped: {error.strerror or error}; "
            f"what was recorded until then is in {self.path.name}"
        )
