"""Who sends a change: one lock file a process, which the system itself lets go when it ends.

A lease by the clock would end too early or too late when the clock is set; a lock cannot.
"""

from __future__ import annotations

import fcntl
import os
import secrets
from pathlib import Path


class Senders:
    """The processes that send changes of one file."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._name = ""
        self._descriptor: int | None = None

    def own(self) -> str:
        """The name of this one, held from now on. Raises OSError when it cannot be held."""
        if not self._name:
            name = secrets.token_hex(8)
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
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        else:
            return False
        finally:
            os.close(descriptor)

    def forget(self, name: str) -> None:
        """Nobody has to ask for this name any more."""
        if self._folder is not None and name and name != self._name:
            (self._folder / name).unlink(missing_ok=True)

    def close(self) -> None:
        """Let go of the own name."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
            if self._folder is not None:
                (self._folder / self._name).unlink(missing_ok=True)
        self._name = ""
