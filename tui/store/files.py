"""Writing files so that a kill at any moment leaves the old one or the new one, never half."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

_HALF = ".tockdeck"
"""How what is written beside a file ends: people export into folders of their own, where a number
behind a name may be a version of theirs."""


def write_atomically(path: Path, content: bytes, *, mode: int = 0o600) -> None:
    """Replace a file as a whole, flushed to the disk. Raises OSError (disk full, no right)."""
    with replacing(path, mode=mode) as file:
        file.write(content)


@contextmanager
def replacing(path: Path, *, mode: int = 0o600) -> Iterator[IO[bytes]]:
    """A file to write to, which takes the place of `path` once it is whole and on the disk.

    Raises OSError; then, and where the block raises, what stood there stands there still.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    _take_away_halves(path)
    temporary = path.with_name(f".{path.name}.{os.getpid()}{_HALF}")
    descriptor = os.open(temporary, os.O_RDWR | os.O_CREAT | os.O_TRUNC, mode)
    try:
        with suppress(OSError):  # not every disk has locks
            fcntl.flock(descriptor, fcntl.LOCK_SH)
        with os.fdopen(descriptor, "w+b") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _take_away_halves(path: Path) -> None:
    """Take away what processes left beside a file that were killed while they wrote it. Who still
    writes holds a lock on its own, on another machine, too.
    """
    begins = f".{path.name}."
    with suppress(OSError):
        for one in path.parent.iterdir():
            number = one.name.removeprefix(begins).removesuffix(_HALF)
            ours = one.name == f"{begins}{number}{_HALF}"
            if not (ours and number.isascii() and number.isdecimal()):
                continue
            if int(number) == os.getpid() or _lives(int(number)):
                continue
            with suppress(OSError), one.open("rb") as half:
                fcntl.flock(half, fcntl.LOCK_EX | fcntl.LOCK_NB)
                one.unlink()


def _lives(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        # There is one, of somebody else; or no process is called that.
        return True
    return True


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Be the only one of all programs that changes a file, for as long as this lasts.

    Raises OSError where there can be no lock beside it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = os.open(path.with_name(f".{path.name}.lock"), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def settle_names(folder: Path) -> None:
    """Have the names in a folder on the disk, as they are now. Raises OSError."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
