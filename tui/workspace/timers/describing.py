"""What is said of the running block while it runs: kept here, sent with its stop.

The service takes a description with stop and switch alone. Until then it is a change that waits
for its timer, and no call is made: so it is on the disk, belongs to the account, is seen by every
deck, and is taken back by undo. The newest that waits is the one that counts: what was said
before is there again once that is taken back.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from tui.services.errors import Refused, ServiceError
from tui.services.trackmypeople import Block
from tui.store.changes import Change
from tui.words import counted
from tui.workspace.changes.arguments import as_data
from tui.workspace.changes.history import History
from tui.workspace.changes.standing import RUNNING
from tui.workspace.connections.connections import Connections
from tui.workspace.timers.overview import MOST_CHARACTERS, Overview
from tui.workspace.timers.running import note_own

_WAITS = (
    "It is sent with the stop of this timer, unless something else is said by then. To send it"
    " now stops the timer."
)
Begun = Callable[[int | None, datetime], Awaitable[Block | None]]
"""The block of a tracker that began then; None where there is none."""
SENT = "It was sent with the stop, or other words in its place."
FORGOTTEN = "It was left out by the person."


class Describing:
    """Keeps it, and gives it up."""

    def __init__(self, connections: Connections, history: History, status_file: Path) -> None:
        self._connections = connections
        self._history = history
        self._status_file = status_file

    async def describe(self, overview: Overview, text: str) -> None:
        """Keep what is said of the block that runs, to be sent with its stop. What is said of it
        already is no change.

        Raises Refused where nothing runs or it is too long, ReadOnly, OSError.
        """
        text, tracker, since = " ".join(text.split()), overview.now, overview.since
        if tracker is None or since is None:
            raise Refused("nothing runs that could be described", service="trackmypeople")
        too_long = why_too_long(text)
        if too_long:
            raise Refused(too_long, service="trackmypeople", advice="Nothing was kept.")
        if text == overview.description:
            return
        name = overview.name(tracker)
        client = await self._connections.trackmypeople()
        await self._history.keep(
            f"Describe {name}",
            partial(client.stop, description=text or None),
            held=True,
            reason=_WAITS,
            record=RUNNING,
            about={"name": name, "tracker_id": tracker, "since": since},
            # Whoever sends it by hand does not stop another tracker with it.
            seen={"tracker_id": tracker},
        )
        await asyncio.to_thread(note_own, self._status_file, since, description=text)

    async def settle(self, reason: str = SENT) -> None:
        """Nothing of it waits any more."""
        for change in await self._waiting():
            await self._history.sender.amend(
                change.id, "waiting", state="dropped", settled=datetime.now(UTC), reason=reason
            )

    async def forget(self) -> None:
        """What was said of a block that has ended is not sent."""
        await self.settle(FORGOTTEN)

    async def use(self, overview: Overview) -> None:
        """What was said of a block that has ended means the one that runs now."""
        tracker, since = overview.now, overview.since
        if tracker is None or since is None:
            return
        about = {"name": overview.name(tracker), "tracker_id": tracker, "since": as_data(since)}
        before = {"tracker_id": tracker}
        for change in await self._waiting():
            await self._history.sender.amend(change.id, "waiting", about=about, before=before)

    async def settled(self, overview: Overview, begun: Begun) -> bool:
        """Whether what was said of a block that runs no more needed no word of a person.

        It was sent, as the block says, or the block was given another beginning and runs on.
        """
        left = overview.left
        if left is None:
            return False
        try:
            block = await begun(left.tracker_id, left.since)
        except ServiceError:
            return False
        if block is not None and block.description.strip() == left.description:
            await self.settle()
            return True
        if block is None and overview.now == left.tracker_id:
            await self.use(overview)
            return True
        return False

    async def _waiting(self) -> list[Change]:
        owner = self._connections.account("trackmypeople")
        return [
            one
            for one in await self._history.outbox.still_open()
            if one.owner == owner and one.record == RUNNING and one.state == "waiting"
        ]


def why_too_long(text: str) -> str:
    """Why a description cannot be kept, in words; "" where it can."""
    if len(text) <= MOST_CHARACTERS:
        return ""
    return f"It has {counted(len(text), 'character')}, and the service keeps {MOST_CHARACTERS}."
