"""Numbers that were taken, and of which the service has not been told yet: what a process that was
ended between the two leaves, the next one tells. Likewise invoices that a process was about to ask
the service for: what it was ended over, the next one gives up.
"""

from __future__ import annotations

import sqlite3
from typing import NamedTuple

from tui.store.database import Database


class Untold(NamedTuple):
    """An invoice that was issued, its number, and which process was to tell it."""

    invoice: int
    """Below nothing where the service was not asked for it yet; it has no number then."""
    number: str
    sender: str
    """By the name that `store.changes.Senders` holds for it."""


class UntoldNumbers:
    """Raises OSError where the disk refuses."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all_of(self, owner: str) -> list[Untold]:
        """Those of an account."""
        return [one for one in self._noted(owner) if one.invoice > 0]

    def takers(self, owner: str) -> dict[int, str]:
        """Which process was to ask the service for an invoice that is reserved, by its id."""
        return {one.invoice: one.sender for one in self._noted(owner) if one.invoice < 0}

    def _noted(self, owner: str) -> list[Untold]:
        found = "SELECT invoice, number, sender FROM untold WHERE owner = ? ORDER BY invoice"
        return self._database.read(
            lambda one: [Untold(*row) for row in one.execute(found, (owner,))]
        )

    def told(self, owner: str, invoice: int) -> None:
        """The service was told, or a change that is kept will tell it."""
        self._database.write(lambda one: not_to_be_told(one, owner, invoice), durable=True)


def to_be_told(connection: sqlite3.Connection, owner: str, untold: Untold) -> None:
    """Note one, in the transaction that takes the number or reserves the invoice."""
    connection.execute("INSERT OR REPLACE INTO untold VALUES (?, ?, ?, ?)", (owner, *untold))


def not_to_be_told(connection: sqlite3.Connection, owner: str, invoice: int) -> None:
    """Note it no more."""
    connection.execute("DELETE FROM untold WHERE owner = ? AND invoice = ?", (owner, invoice))
