"""Who sends a change: one lock file a process, which the system itself lets go when it ends.

A lease by the clock would end too early or too late when the clock is set; a lock cannot.
"""

from __future__ import annotations

import errno
import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

LONGEST_WAIT = 5.0
"""Seconds that a process waits for one that puts another file in the place of the changes."""
_STEP = 0.05
_OPEN = "open"


class InUse(Exception):
    """Another deck or command has the file of changes open."""


class Senders:
    """The processes that send changes of one file, and all that have it open."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._name = ""
        self._descriptor: int | None = None
        self._opened: int | None = None

    def enter(self) -> None:
        """Say that this process has the file open, until `close`.

        Raises OSError, also where another one goes on putting a file in its place.
        """
        if self._opened is not None or self._folder is None:
            return
        descriptor = self._gate(self._folder)
        try:
            give_up = time.monotonic() + LONGEST_WAIT
            while not _locked(descriptor, fcntl.LOCK_SH):
                if time.monotonic() > give_up:
                    words = "is being restored from a backup; try again when that has ended"
                    raise OSError(errno.EBUSY, words, str(self._folder.parent))
                time.sleep(_STEP)
        except BaseException:
            os.close(descriptor)
            raise
        self._opened = descriptor

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Nobody else has the file open, nor can open it meanwhile. Raises InUse, OSError."""
        if self._folder is None:
            yield
            return
        descriptor = self._gate(self._folder)
        try:
            if not _locked(descriptor, fcntl.LOCK_EX):
                raise InUse
            yield
        finally:
            os.close(descriptor)

    @staticmethod
    def _gate(folder: Path) -> int:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return os.open(folder / _OPEN, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

    def own(self) -> str:
        """The name of this one, held from now on. Raises OSError when it cannot be held."""
        if not self._name:
            name = os.urandom(8).hex()
            if self._folder is not None:
                self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
                # No child of this process may go on holding it.
                flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC
                descriptor = os.open(self._folder / name, flags, 0o600)
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                self._descriptor = descriptor
            self._name = name
        return self._name

    @property
    def name(self) -> str:
        """The name that this one holds; empty where it holds none."""
        return self._name

    def lives(self, name: str) -> bool:
        """Whether who took this name is still there."""
        if name == self._name:
            return bool(name)
        if self._folder is None or not name:
            return False
        try:
            descriptor = os.open(self._folder / name, os.O_RDWR | os.O_CLOEXEC)
        except FileNotFoundError:
            return False
        try:
            return not _locked(descriptor, fcntl.LOCK_EX)
        finally:
            os.close(descriptor)

    def forget(self, name: str) -> None:
        """Nobody has to ask for this name any more."""
        if self._folder is not None and name and name != self._name:
            (self._folder / name).unlink(missing_ok=True)

    def leave(self) -> None:
        """Let go of the file, after `enter`."""
        if self._opened is not None:
            os.close(self._opened)
            self._opened = None

    def close(self) -> None:
        """Let go of the own name and of the file."""
        self.leave()
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
            if self._folder is not None:
                (self._folder / self._name).unlink(missing_ok=True)
        self._name = ""


def _locked(descriptor: int, how: int) -> bool:
    """Whether the lock could be had."""
    try:
        fcntl.flock(descriptor, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def folder_of(path: Path) -> Path:
    """Where the senders of a file of changes are."""
    return path.with_name(path.stem + "-senders")
