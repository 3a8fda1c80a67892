"""A SQLite file that may be lost: opened at the first use, by one thread at a time."""

from __future__ import annotations

import sqlite3
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


class LosableFile(ABC):
    """What cannot be read from it or kept in it fails nobody: that is just not there."""

    def __init__(self) -> None:
        self._connection: sqlite3.Connection | None = None
        self._one_at_a_time = threading.Lock()
        self._over = False

    def close(self) -> None:
        """Close the file; whoever uses it later opens it for that use."""
        with self._one_at_a_time:
            self._over = True
            self._close()

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _try(self, work: Callable[[sqlite3.Connection], T]) -> T | None:
        """Do it in one transaction; None when the file or the disk does not let it."""
        with self._one_at_a_time:
            try:
                return self._tried(work)
            finally:
                if self._over:
                    self._close()

    @abstractmethod
    def _tried(self, work: Callable[[sqlite3.Connection], T]) -> T | None:
        """The same, with the file opened where it is not, and set aside where it is damaged."""
