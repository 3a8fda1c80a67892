"""Writing files so that a kill at any moment leaves the old one or the new one, never half."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from tui.halves import half_of, refuse_device


def write_atomically(
    path: Path, content: bytes, *, mode: int = 0o600, lasting: bool = True
) -> None:
    """Replace a file as a whole, flushed to the disk. Raises OSError (disk full, no right).

    One that is not `lasting` is not waited for until it is on the disk: where the power fails it
    may be empty, and whoever reads it makes it anew.
    """
    with replacing(path, mode=mode, lasting=lasting) as file:
        file.write(content)


@contextmanager
def replacing(path: Path, *, mode: int = 0o600, lasting: bool = True) -> Iterator[IO[bytes]]:
    """A file to write to, which takes the place of `path` once it is whole and, where it is to be
    `lasting`, on the disk.

    Raises OSError, of a device or a pipe as well; then, and where the block raises, what stood
    there stands there still.
    """
    refuse_device(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    with half_of(path, mode) as (half, descriptor):
        with os.fdopen(descriptor, "w+b", closefd=False) as file:
            yield file
            file.flush()
            if lasting:
                os.fsync(descriptor)
        half.replace(path)


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
