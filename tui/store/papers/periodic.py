"""What recurs and what was reminded of, in the file of invoices."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import msgspec

from tui.store.database import Database
from tui.store.papers.recurring import (
    PeriodKey,
    Recurring,
    Reminded,
    RemindedAlready,
    read_recurring,
)

PASSED = 0
"""In place of an invoice: a person passed the due day over."""


class Periodic:
    """Raises OSError where the disk refuses; then nothing of what was asked was written."""

    def __init__(self, database: Database) -> None:
        """`database` is that of `Papers`: what a draft bills is one transaction with it."""
        self.database = database

    # -- definitions ----------------------------------------------------------------------------

    def all_of(self, owner: str) -> list[Recurring]:
        """The definitions of an account, in the order in which their days begin."""
        found = "SELECT body FROM recurring WHERE owner = ?"

        def read(one: sqlite3.Connection) -> list[Recurring]:
            return [read_recurring(body) for (body,) in one.execute(found, (owner,))]

        return sorted(self.database.read(read), key=lambda one: (one.first, one.id))

    def put(self, owner: str, one: Recurring) -> None:
        """Keep a definition, in place of what has its id."""
        row = (owner, one.id, msgspec.json.encode(one))
        self.database.write(
            lambda at: at.execute("INSERT OR REPLACE INTO recurring VALUES (?, ?, ?)", row),
            durable=True,
        )

    def remove(self, owner: str, identity: str) -> None:
        """A definition is no more; what was made of it stays, and is known again with it."""
        row = (owner, identity)
        self.database.write(
            lambda at: at.execute("DELETE FROM recurring WHERE owner = ? AND id = ?", row),
            durable=True,
        )

    # -- due days -------------------------------------------------------------------------------

    def settled(self, owner: str) -> Mapping[PeriodKey, int]:
        """The due days that are dealt with, and the invoice of each; `PASSED` is none."""
        found = "SELECT recurring, day, invoice FROM periods WHERE owner = ?"
        return self.database.read(
            lambda at: {
                PeriodKey(one, date.fromisoformat(day)): invoice
                for one, day, invoice in at.execute(found, (owner,))
            }
        )

    def settle(self, owner: str, key: PeriodKey, invoice: int = PASSED) -> None:
        """A due day is dealt with by an invoice, or passed over."""
        row = (owner, key.recurring, key.day.isoformat(), invoice)
        self.database.write(
            lambda at: at.execute("INSERT OR REPLACE INTO periods VALUES (?, ?, ?, ?)", row),
            durable=True,
        )

    def offer_again(self, owner: str, key: PeriodKey) -> None:
        """A due day that was passed over is due again."""
        row = (owner, key.recurring, key.day.isoformat(), PASSED)
        where = "owner = ? AND recurring = ? AND day = ? AND invoice = ?"
        self.database.write(
            lambda at: at.execute(f"DELETE FROM periods WHERE {where}", row), durable=True
        )

    # -- reminders ------------------------------------------------------------------------------

    def reminded(self, owner: str) -> dict[int, list[Reminded]]:
        """What was reminded of, by the ids of the invoices, oldest first."""
        found = (
            "SELECT invoice, day, level, amount, currency FROM reminded WHERE owner = ?"
            " ORDER BY day, level"
        )

        def read(at: sqlite3.Connection) -> dict[int, list[Reminded]]:
            by_invoice: dict[int, list[Reminded]] = {}
            for invoice, day, level, amount, currency in at.execute(found, (owner,)):
                noted = Reminded(
                    invoice=invoice, day=date.fromisoformat(day), level=level,
                    amount=Decimal(amount), currency=currency,
                )  # fmt: skip
                by_invoice.setdefault(invoice, []).append(noted)
            return by_invoice

        return self.database.read(read)

    def remind(self, owner: str, one: Reminded) -> None:
        """Note a reminder. Raises RemindedAlready where one of its level is of the same day."""
        row = (owner, one.invoice, one.day.isoformat(), one.level, f"{one.amount:f}", one.currency)

        def write(at: sqlite3.Connection) -> None:
            try:
                at.execute("INSERT INTO reminded VALUES (?, ?, ?, ?, ?, ?)", row)
            except sqlite3.IntegrityError as error:
                raise RemindedAlready from error

        self.database.write(write, durable=True)

    def not_reminded(self, owner: str, one: Reminded) -> None:
        """A reminder that was noted by mistake is no more."""
        row = (owner, one.invoice, one.day.isoformat(), one.level)
        where = "owner = ? AND invoice = ? AND day = ? AND level = ?"
        self.database.write(
            lambda at: at.execute(f"DELETE FROM reminded WHERE {where}", row), durable=True
        )
