"""The changes of one user: begun on the disk, claimed by one sender, settled, recovered."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from tui.store.changes.behind import as_dropped, is_behind, is_overtaken, is_taken
from tui.store.changes.change import IN_ORDER, OPEN, Change, Renewal, State
from tui.store.changes.journal import changes_of_journal
from tui.store.changes.kept_changes import KeptChanges
from tui.store.changes.layout import CHANGES
from tui.store.changes.rows import (
    FIND,
    find_one,
    inserted,
    is_still,
    renew,
    replaced,
)
from tui.store.changes.salvage import salvaged
from tui.store.changes.senders import Senders, folder_of
from tui.store.database import Database

T = TypeVar("T")
KEPT = 100_000
"""Settled changes that are kept; what is open is kept beside them, whatever its age."""
PRUNED_EVERY = 256
SENDING: tuple[State, ...] = ("sending",)


class AlreadyTaken(Exception):
    """The change is being undone already, or was."""


class Changes(KeptChanges):
    """All changes, in one file that several decks and commands share.

    Raises OSError where the disk refuses, except `settle`, which never raises: what it could
    not write is remembered and goes with the next that is written.
    """

    def __init__(self, path: Path | None, journal: Path | None = None) -> None:
        """`journal` is that of earlier versions; what it says is taken over into a new file."""
        super().__init__(Database(path, CHANGES))
        self.database.prepared = self._take_over
        self.database.salvage = salvaged
        self._journal = journal
        self.senders = Senders(None if path is None else folder_of(path))
        self.database.opening = self.senders.enter
        self.database.closed = self.senders.leave

    def begin(
        self,
        changes: Sequence[Change],
        *,
        newest: int | None = None,
        may_wait: Callable[[Change], bool] = lambda _change: True,
    ) -> list[Change]:
        """Put changes on the disk, before they are sent; each with its place in the order.

        One that is to be sent now waits instead where an earlier change of its record is not
        settled, or was begun after `newest`: what was read of the record may be old by then.
        One that may not wait is dropped then, with what needs it: not even for a moment can
        somebody else take it for one that waits.
        Raises OSError: then nothing may be sent. Raises AlreadyTaken where the change
        that one of them undoes or redoes is on its way already, or was undone or redone by
        somebody else since it was looked at.
        """
        sender = self.senders.own()

        def insert(connection: sqlite3.Connection) -> list[Change]:
            begun: list[Change] = []
            dropped: set[str] = set()
            for change in changes:
                state = change.state
                if state == "sending" and is_taken(connection, change):
                    raise AlreadyTaken(change.undoes or change.redoes)
                if state == "sending" and (
                    is_behind(connection, change) or is_overtaken(connection, change, newest)
                ):
                    # A part that only waits for the one before it is no matter of that.
                    may = change.needs not in dropped if change.needs else may_wait(change)
                    state = "waiting" if may else "dropped"
                    if not may:
                        dropped.add(change.id)
                        change = as_dropped(change)
                begun.append(
                    inserted(
                        connection,
                        msgspec.structs.replace(
                            change,
                            state=state,
                            sender=sender if state == "sending" else "",
                            maker=sender,
                        ),
                    )
                )
            if begun and begun[-1].sequence % PRUNED_EVERY == 0:
                _prune(connection)
            return begun

        return self._write(insert, durable=True)

    def settle(
        self,
        change: Change,
        *,
        followed: Change | None = None,
        renewals: Sequence[Renewal] = (),
        **values: Any,
    ) -> tuple[Change, OSError | None]:
        """Note what became of a change; the change as it is now, and why that is not written.

        `values` are fields of Change. Who settles is who sent: nobody else writes to a change
        that is being sent. In one go with it, `followed` is the change that it undid or redid,
        as that is now, and `renewals` give its records other ids.
        """
        done = values.get("state", change.state) not in OPEN
        settled = msgspec.structs.replace(
            change, sender="", **({"settled": datetime.now(UTC)} if done else {}), **values
        )
        both = [settled, *([followed] if followed is not None else [])]

        def keep(connection: sqlite3.Connection) -> None:
            if not replaced(connection, settled, change):
                # The file was set aside since it was begun: what was made can still be undone.
                inserted(connection, settled)
            if followed is not None:
                replaced(connection, followed)
            for renewal in renewals:
                renew(connection, change.owner, renewal)

        try:
            self._write(keep, durable=False)
        except OSError as error:
            self._unwritten |= {one.id: one for one in both}
            return settled, error
        for one in both:
            self._unwritten.pop(one.id, None)
        return settled, None

    def claim(
        self, id: str, *, even_held: bool = False, known: Change | None = None
    ) -> Change | None:
        """Take a waiting change, to send it now; None where it is not to be sent (any more).

        Where it is still as it is `known`, what it holds is not read again: it may be much.
        """
        sender = self.senders.own()

        def take(connection: sqlite3.Connection) -> Change | None:
            change = known
            if change is None or not is_still(connection, change):
                change = find_one(connection, f"{FIND} WHERE id = ?", (id,))
            if (
                change is None
                or change.state != "waiting"
                or (change.held and not even_held)
                or is_behind(connection, change)
            ):
                return None
            taken = msgspec.structs.replace(change, state="sending", sender=sender, held=False)
            replaced(connection, taken, change)
            return taken

        return self._write(take, durable=True)

    def amend(self, id: str, states: Collection[State], **values: Any) -> Change | None:
        """Change what is noted of a change that is in one of `states`; None where it is not."""

        def replace(connection: sqlite3.Connection) -> Change | None:
            change = find_one(connection, f"{FIND} WHERE id = ?", (id,))
            if change is None or change.state not in states:
                return None
            amended = msgspec.structs.replace(change, **values)
            replaced(connection, amended, change)
            return amended

        return self._write(replace, durable=True)

    def recover(self) -> list[Change]:
        """Changes whose sender ended while sending: nobody knows what became of them."""
        # In the words of the index, which alone finds them among many.
        sending = self._select(f"{FIND} WHERE state IN ({IN_ORDER}) AND state = 'sending'")
        found: list[Change] = []
        for change in sending:
            # What this process could not write yet is known all the same.
            if change.id not in self._unwritten and not self.senders.lives(change.sender):
                unknown = self.amend(change.id, SENDING, state="unknown", sender="")
                if unknown is not None:
                    found.append(unknown)
                    self.senders.forget(change.sender)
        return found

    def is_own(self, change: Change) -> bool:
        """Whether this process began it, and not another deck or command."""
        return bool(change.maker) and change.maker == self.senders.name

    def close(self) -> None:
        """Write what could not be written yet, if the disk takes it now, and close the file."""
        if self._unwritten:
            # Else it stays as it was begun: at the next start its effect is looked for.
            with suppress(OSError):
                self._write(lambda _connection: None, durable=True)
        self.senders.close()
        self.database.close()

    def _take_over(self, connection: sqlite3.Connection) -> None:
        """Put what an old journal says into a new file, and keep it under another name."""
        if self._journal is None:
            return
        for change in changes_of_journal(self._journal):
            inserted(connection, change)
        with suppress(FileNotFoundError):
            self._journal.replace(self._journal.with_name(f"{self._journal.name}.taken-over"))

    def _write(self, work: Callable[[sqlite3.Connection], T], *, durable: bool) -> T:
        """Do it in one transaction, and with it what could not be written before."""
        if not self._unwritten:
            return self.database.write(work, durable=durable)
        late = dict(self._unwritten)

        def all_of_it(connection: sqlite3.Connection) -> T:
            for settled in late.values():
                replaced(connection, settled)
            return work(connection)

        result = self.database.write(all_of_it, durable=durable)
        for number, settled in late.items():
            if self._unwritten.get(number) is settled:
                del self._unwritten[number]
        return result


def _prune(connection: sqlite3.Connection) -> None:
    """Forget the oldest settled changes beyond those that are kept."""
    connection.execute(
        f"DELETE FROM changes WHERE state NOT IN ({IN_ORDER}) AND sequence <="
        " (SELECT sequence FROM changes ORDER BY sequence DESC LIMIT 1 OFFSET ?)",
        (KEPT,),
    )
    for table in ("touched", "beside"):
        connection.execute(
            f"DELETE FROM {table} WHERE sequence NOT IN (SELECT sequence FROM changes)"
        )
