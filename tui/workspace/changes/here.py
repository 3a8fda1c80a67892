"""Changes of what is kept on this machine alone, in the journal as those of a service are.

So undo takes back what was done last, whatever that was, and not something older behind it.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Any

from tui.services.errors import Refused
from tui.store.changes import Change
from tui.workspace.changes.arguments import as_data
from tui.workspace.changes.errors import ReadOnly
from tui.workspace.changes.keeping import Keeping
from tui.workspace.changes.kinds import Data
from tui.workspace.changes.sending import NOTHING_SENT, Sender


class Here:
    """Makes them, takes them back, and looks for those that were cut short."""

    def __init__(self, sender: Sender, *, read_only: bool) -> None:
        self._sender = sender
        self._read_only = read_only

    async def make(
        self,
        title: str,
        operation: str,
        arguments: Data,
        *,
        do: Callable[[], Any] | None = None,
        stands: str = "",
        group: str = "",
    ) -> Any:
        """Note it, make it, and note that it was made; what `do` returns, which works on the disk.

        Without `do` it is made as its `Keeping` says. `stands` says in a sentence why nothing takes
        it back, `group` ties it to other changes as one step of undo. It is made to its end,
        whoever gives up meanwhile. Raises ReadOnly, and what making raises: then nothing was made.
        """
        if self._read_only:
            raise ReadOnly(f"{title}: nothing was noted, the deck is read-only")
        planned = Change(
            id=os.urandom(6).hex(),
            sequence=0,
            time=datetime.now(UTC),
            owner=self._sender.clients.account(operation.partition(".")[0]),
            operation=operation,
            title=title,
            arguments=as_data(arguments),
            no_inverse=stands,
            group=group,
        )
        (begun,) = await self._sender.begin([planned])
        work = do if do is not None else partial(self._work, begun)
        return await self.carried_out(begun, work)

    async def follow(self, change: Change) -> None:
        """Carry out one that is on the disk as being sent, such as an undo or a redo."""
        await self.carried_out(change, partial(self._work, change))

    async def carried_out(self, change: Change, work: Callable[[], Any]) -> Any:
        """Do it on the disk and settle its change."""

        async def action() -> Any:
            return await self._sender.thread.give(work).end()

        return await asyncio.shield(asyncio.ensure_future(self._sender.send(change, action)))

    def _work(self, change: Change) -> None:
        keeping = self.keeping(change)
        way = keeping.back if change.undoes else keeping.do
        if way is None:
            raise Refused(f"{change.title}: it stands.", advice=NOTHING_SENT)
        way(change)

    def keeping(self, change: Change) -> Keeping:
        """The ways of a change. Raises Refused where this version has none."""
        found = self._sender.keepings().get(change.operation)
        if found is None:
            raise Refused(f"{change.title}: this version of tockdeck does not know it.")
        return found

    def was_made(self, change: Change) -> bool:
        """Whether one that was cut short has been made; an undo, whether it took back. It works on
        the disk.
        """
        return self.keeping(change).stands(change) is not bool(change.undoes)
