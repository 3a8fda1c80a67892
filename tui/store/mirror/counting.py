"""What all work has in common that goes over the records of a collection and tells no order."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager

from tui.store.mirror.collection import state_of
from tui.store.mirror.file import MirrorFile
from tui.store.mirror.giving_up import STEPS, interrupt
from tui.store.mirror.shape import Shape
from tui.store.mirror.troubles import Lost
from tui.store.mirror.wishes import Filter

LARGE = 2**33
"""Whole numbers up to that size cannot run over when they are summed, however many there are."""


def joined(number: int) -> str:
    """The records of a collection with what they hold."""
    return f"r{number} JOIN b{number} USING (n)"


class Counting:
    """Looks at all records of a collection that are wished for, of one moment, in a thread;
    `give_up` ends that from any other one.
    """

    def __init__(
        self, file: MirrorFile, owner: str, name: str, shape: Shape, filters: Iterable[Filter]
    ) -> None:
        self._file = file
        self._collection = (owner, name)
        self._shape = shape
        self._filters = tuple(filters)
        self._given_up = False
        self._connection: sqlite3.Connection | None = None

    def give_up(self) -> None:
        """End it: it raises GivenUp."""
        self._given_up = True
        interrupt(self._connection)

    @contextmanager
    def _reading(self) -> Iterator[tuple[sqlite3.Connection, int]]:
        """A connection, and the number of the collection. Raises GivenUp, and Lost where the
        records are gone.
        """
        with closing(self._file.connect()) as connection, self._file.guarded():
            self._connection = connection
            connection.set_progress_handler(lambda: self._given_up, STEPS)
            try:
                connection.execute("BEGIN")
                state = state_of(connection, *self._collection)
                if state is None or state.signature != self._shape.signature:
                    raise Lost
                yield connection, state.id
            finally:
                self._connection = None
