"""The papers of all accounts of one user, in one file that several decks and commands share.

What belongs together is one transaction: a number is taken with the document that bears it, work
is billed with the draft that bills it. So there is no gap in a series and no entry in two invoices,
whoever is quicker.
"""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from tui.store.database import Database
from tui.store.papers.layout import PAPERS
from tui.store.papers.paper import Claimed, NumberTaken, Paper, Payment, Payments, payment_of
from tui.store.papers.periodic import Periodic
from tui.store.papers.recurring import PeriodKey
from tui.store.papers.salvage import salvaged
from tui.store.papers.series import Series, next_in
from tui.store.papers.untold import Untold, UntoldNumbers, not_to_be_told, to_be_told

BY_INVOICE = ("papers", "billed", "payments", "periods", "reminded")
"""Tables whose rows belong to an invoice: they go with a draft."""
RESERVED_BITS = 52
_COLUMNS = "owner, invoice, state, series, sequence, number, issued, cancels, body"


class Papers:
    """Raises OSError where the disk refuses; then nothing of what was asked was written."""

    def __init__(self, path: Path | None) -> None:
        self.database = Database(path, PAPERS)
        self.database.salvage = salvaged
        self.periodic = Periodic(self.database)
        self.series = Series(self.database)
        self.untold = UntoldNumbers(self.database)

    def close(self) -> None:
        """Close the file (`Database.close`)."""
        self.database.close()

    @property
    def is_empty(self) -> bool:
        """Whether nothing was ever kept; to look makes no file."""
        path = self.database.path
        return path is not None and not path.exists()

    # -- papers ---------------------------------------------------------------------------------

    def paper(self, owner: str, invoice: int) -> Paper | None:
        """What is kept of an invoice."""
        return self.database.read(lambda one: _find(one, owner, invoice))

    def all_of(self, owner: str) -> list[Paper]:
        """What is kept of an account, by the ids of the invoices."""
        found = f"SELECT {_COLUMNS} FROM papers WHERE owner = ? ORDER BY invoice"
        return self.database.read(lambda one: [_paper(row) for row in one.execute(found, (owner,))])

    def draft(
        self,
        paper: Paper,
        entries: Iterable[int],
        beside: Iterable[int] = (),
        period: PeriodKey | None = None,
    ) -> None:
        """Keep a draft and the work that it bills, instead of what was kept of it before.

        `beside` are entries that the service takes for billed by it, too, and that are still to
        be billed; `period` is the due day that it deals with. Raises Claimed where another
        invoice bills some of it; NumberTaken where the invoice is issued already, or the due day
        dealt with.
        """

        def write(connection: sqlite3.Connection) -> None:
            _draft(connection, paper, entries, beside)
            if period is not None:
                _deal_with(connection, paper, period)

        self.database.write(write, durable=True)

    def reserve(
        self,
        paper: Paper,
        entries: Iterable[int],
        beside: Iterable[int] = (),
        period: PeriodKey | None = None,
        *,
        sender: str = "",
    ) -> Paper:
        """Keep a draft before the service is asked for its invoice, so that nobody bills the work
        meanwhile; its `invoice` is below nothing until `bind`, and never another one's: changes
        that were made of earlier ones name those. `period` is the due day that it
        deals with, `sender` who is to ask. Raises Claimed; NumberTaken where the due day is dealt
        with already.
        """

        reserved = replace(paper, invoice=-1 - secrets.randbits(RESERVED_BITS))

        def write(connection: sqlite3.Connection) -> Paper:
            _draft(connection, reserved, entries, beside)
            if period is not None:
                _deal_with(connection, reserved, period)
            if sender:
                to_be_told(connection, paper.owner, Untold(reserved.invoice, "", sender))
            return reserved

        return self.database.write(write, durable=True)

    def bind(self, owner: str, reserved: int, invoice: int) -> None:
        """The service has made the invoice that was reserved: from now on it has this id. Where it
        has it already, or was given up, nothing is done.
        """

        def write(connection: sqlite3.Connection) -> None:
            for table in BY_INVOICE:
                connection.execute(
                    f"UPDATE {table} SET invoice = ? WHERE owner = ? AND invoice = ?",
                    (invoice, owner, reserved),
                )
            not_to_be_told(connection, owner, reserved)

        self.database.write(write, durable=True)

    def issue(
        self,
        paper: Paper,
        number: Callable[[int], str],
        *,
        body: Callable[[str], bytes],
        sender: str = "",
        frees: bool = False,
    ) -> Paper:
        """Give the next number of its series to a draft, with the document that bears it.

        `number` writes a place in the series as the person wants it, `body` the document with
        that. Where a `sender` is to tell the service, that it has not yet is noted with it. The
        invoice that a credit note `cancels` is cancelled with it; where that `frees` its work, it
        can be billed again. Raises NumberTaken where it has one, where the number stands on another
        invoice, where a later one was issued on a later day, or where nothing is to be cancelled.
        """

        def write(connection: sqlite3.Connection) -> Paper:
            _insist_on_order(connection, paper)
            if paper.cancels is not None:
                _cancel(connection, paper.owner, paper.cancels, frees=frees)
            sequence = next_in(connection, paper.owner, paper.series)
            written = number(sequence)
            issued = replace(
                paper, state="issued", sequence=sequence, number=written, body=body(written)
            )
            try:
                _put(connection, issued)
            except sqlite3.IntegrityError as error:
                raise NumberTaken(
                    f"The number {written} stands on another invoice already."
                ) from error
            if sender:
                to_be_told(connection, issued.owner, Untold(issued.invoice, written, sender))
            return issued

        return self.database.write(write, durable=True)

    def insist_on_order(self, paper: Paper) -> None:
        """Raises NumberTaken where `issue` would, but for a number that stands on another."""
        self.database.read(lambda one: _insist_on_order(one, paper))

    def free(self, owner: str, invoice: int) -> None:
        """The work of an invoice that was taken back can be billed again. Raises NumberTaken of one
        that was not.
        """
        self.database.write(lambda one: _set_free(one, owner, invoice), durable=True)

    def hold(self, owner: str, invoice: int, entries: Iterable[int]) -> None:
        """Work that was freed of an invoice that was taken back stays billed by it after all.
        Raises Claimed where another invoice bills some of it by now.
        """
        wanted = sorted(set(entries))
        self.database.write(lambda one: _bill(one, owner, invoice, wanted), durable=True)

    def next_number(self, owner: str, series: str) -> int:
        """The place in the series that the next invoice will have."""
        return self.database.read(lambda one: next_in(one, owner, series))

    def forget(self, owner: str, invoice: int) -> None:
        """A draft was deleted: its work is free again. Raises NumberTaken of an issued one."""

        def write(connection: sqlite3.Connection) -> None:
            before = _find(connection, owner, invoice)
            if before is not None and before.state != "draft":
                raise NumberTaken(
                    f"Invoice {before.number} is issued: it is never deleted."
                    " A credit note takes it back."
                )
            for table in BY_INVOICE:
                connection.execute(
                    f"DELETE FROM {table} WHERE owner = ? AND invoice = ?", (owner, invoice)
                )
            not_to_be_told(connection, owner, invoice)

        self.database.write(write, durable=True)

    # -- the work -------------------------------------------------------------------------------

    def billed(self, owner: str) -> dict[int, int]:
        """Which invoice bills an entry, by the ids of the entries."""
        found = "SELECT entry, invoice FROM billed WHERE owner = ?"
        return self.database.read(lambda one: dict(one.execute(found, (owner,)).fetchall()))

    def left_open(self, owner: str) -> frozenset[int]:
        """Entries that the service may take for billed or paid with others of their tasks, and
        that are still to be billed.
        """
        found = (
            "SELECT entry FROM left_open WHERE owner = :owner AND entry NOT IN"
            " (SELECT entry FROM billed WHERE owner = :owner)"
        )
        return self.database.read(
            lambda one: frozenset(entry for (entry,) in one.execute(found, {"owner": owner}))
        )

    # -- money ----------------------------------------------------------------------------------

    def pay(self, owner: str, payments: Sequence[Payment]) -> list[Payment]:
        """Keep payments, all of them or none; those that were new. One with the reference or the
        id of an earlier one is that one, and is not taken again.
        """

        def write(connection: sqlite3.Connection) -> list[Payment]:
            return [
                one
                for one in payments
                if connection.execute(
                    "INSERT OR IGNORE INTO payments VALUES (?, ?, ?, ?, ?, ?, ?)",
                    (owner, one.id, one.invoice, one.day.isoformat(), f"{one.amount:f}",
                     one.text, one.reference),
                ).rowcount
            ]  # fmt: skip

        return self.database.write(write, durable=True)

    def take_back(self, owner: str, ids: Iterable[str]) -> None:
        """Payments that were noted by mistake are no more."""
        gone = [(owner, one) for one in ids]
        self.database.write(
            lambda one: one.executemany("DELETE FROM payments WHERE owner = ? AND id = ?", gone),
            durable=True,
        )

    def payments(self, owner: str) -> dict[int, Payments]:
        """What was paid, by the ids of the invoices."""
        found = (
            "SELECT id, invoice, day, amount, text, reference FROM payments"
            " WHERE owner = ? ORDER BY day, id"
        )

        def read(connection: sqlite3.Connection) -> dict[int, Payments]:
            paid: dict[int, Payments] = {}
            for row in connection.execute(found, (owner,)):
                paid.setdefault(row[1], Payments([])).payments.append(payment_of(row))
            return paid

        return self.database.read(read)


def _draft(
    connection: sqlite3.Connection, paper: Paper, entries: Iterable[int], beside: Iterable[int]
) -> None:
    wanted = sorted(set(entries))
    before = _find(connection, paper.owner, paper.invoice)
    if before is not None and before.state != "draft":
        raise NumberTaken(f"Invoice {before.number} is issued: it stands as it is.")
    _bill(connection, paper.owner, paper.invoice, wanted)
    connection.executemany(
        "INSERT OR IGNORE INTO left_open VALUES (?, ?)", [(paper.owner, one) for one in beside]
    )
    _put(connection, paper)


def _bill(connection: sqlite3.Connection, owner: str, invoice: int, wanted: list[int]) -> None:
    """Have an invoice bill these entries and no others."""
    holders = {
        entry: holder
        for entry, holder in _holders(connection, owner, wanted).items()
        if holder != invoice
    }
    if holders:
        raise Claimed(holders)
    _release(connection, owner, invoice)
    connection.executemany(
        "INSERT INTO billed VALUES (?, ?, ?)", [(owner, entry, invoice) for entry in wanted]
    )


def _deal_with(connection: sqlite3.Connection, paper: Paper, period: PeriodKey) -> None:
    row = (paper.owner, period.recurring, period.day.isoformat(), paper.invoice)
    try:
        connection.execute("INSERT INTO periods VALUES (?, ?, ?, ?)", row)
    except sqlite3.IntegrityError as error:
        raise NumberTaken(f"What is due on {period.day} is drafted already.") from error


def _insist_on_order(connection: sqlite3.Connection, paper: Paper) -> None:
    before = _find(connection, paper.owner, paper.invoice)
    if before is not None and before.state != "draft":
        raise NumberTaken(f"It is issued already, as {before.number}.")
    assert paper.issued is not None
    last = connection.execute(
        "SELECT number, issued FROM papers WHERE owner = ? AND series = ?"
        " AND sequence > 0 ORDER BY sequence DESC LIMIT 1",
        (paper.owner, paper.series),
    ).fetchone()
    if last is not None and last[1] > paper.issued.isoformat():
        raise NumberTaken(
            f"Invoice {last[0]} was issued on {last[1]}: number and day rise together,"
            " so this one cannot be of an earlier day."
        )


def _cancel(connection: sqlite3.Connection, owner: str, invoice: int, *, frees: bool) -> None:
    changed = connection.execute(
        "UPDATE papers SET state = 'cancelled'"
        " WHERE owner = ? AND invoice = ? AND state = 'issued'",
        (owner, invoice),
    ).rowcount
    if not changed:
        raise NumberTaken("There is no issued invoice that it could take back.")
    if frees:
        _set_free(connection, owner, invoice)


def _set_free(connection: sqlite3.Connection, owner: str, invoice: int) -> None:
    before = _find(connection, owner, invoice)
    if before is None or before.state != "cancelled":
        raise NumberTaken("Only the work of an invoice that was taken back can be free again.")
    # The service goes on taking it for billed, and for paid where the invoice was.
    connection.execute(
        "INSERT OR IGNORE INTO left_open SELECT owner, entry FROM billed"
        " WHERE owner = ? AND invoice = ?",
        (owner, invoice),
    )
    _release(connection, owner, invoice)


def _find(connection: sqlite3.Connection, owner: str, invoice: int) -> Paper | None:
    row = connection.execute(
        f"SELECT {_COLUMNS} FROM papers WHERE owner = ? AND invoice = ?", (owner, invoice)
    ).fetchone()
    return None if row is None else _paper(row)


def _paper(row: tuple[Any, ...]) -> Paper:
    owner, invoice, state, series, sequence, number, issued, cancels, body = row
    return Paper(
        owner=owner, invoice=invoice, state=state, series=series, sequence=sequence,
        number=number, issued=date.fromisoformat(issued) if issued else None, cancels=cancels,
        body=body,
    )  # fmt: skip


def _put(connection: sqlite3.Connection, paper: Paper) -> None:
    connection.execute(
        f"INSERT INTO papers ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (owner, invoice) DO UPDATE SET state = excluded.state,"
        " series = excluded.series, sequence = excluded.sequence, number = excluded.number,"
        " issued = excluded.issued, cancels = excluded.cancels, body = excluded.body",
        (paper.owner, paper.invoice, paper.state, paper.series, paper.sequence, paper.number,
         paper.issued.isoformat() if paper.issued else "", paper.cancels, paper.body),
    )  # fmt: skip


def _holders(connection: sqlite3.Connection, owner: str, entries: list[int]) -> dict[int, int]:
    found: dict[int, int] = {}
    for entry in entries:
        row = connection.execute(
            "SELECT invoice FROM billed WHERE owner = ? AND entry = ?", (owner, entry)
        ).fetchone()
        if row is not None:
            found[entry] = row[0]
    return found


def _release(connection: sqlite3.Connection, owner: str, invoice: int) -> None:
    connection.execute("DELETE FROM billed WHERE owner = ? AND invoice = ?", (owner, invoice))
