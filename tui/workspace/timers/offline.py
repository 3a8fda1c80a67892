"""Time that began or ended here while the service could not be reached.

Start, switch and stop take no time with them, so they cannot wait and be sent later: what they
mean is kept as time to add. A block that began here is one change that is held until it ends,
and is added with its true times then. A block that the service had running goes on there when
somebody stops it here: the time that was meant is kept, and is never sent by itself, since no
call changes a block. All of it are changes like others: they are undone, dropped and looked at.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, tzinfo
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from tui.services.errors import Refused, ServiceError
from tui.services.trackmypeople import Block
from tui.store.changes import Change, Wanted
from tui.workspace.changes.arguments import from_data
from tui.workspace.changes.history import History
from tui.workspace.timers.described import Said, said_of
from tui.workspace.times import clock

if TYPE_CHECKING:
    from tui.services.trackmypeople import TrackMyPeople

BEGAN_HERE = "trackmypeople/began here"
STOPPED_HERE = "trackmypeople/stopped here"
"""The records under which the two kinds are kept."""
ENDED_BY = "ended_by"
"""What a block that began here keeps: the change that adds it, once it has ended."""
_FROM = " from "
_BEGAN = "It began without the service, and is added with its true times once it has ended."
_ENDED = "It has ended, and is added with its true times."
_GOES_ON = (
    "The service could not be reached, and a stop takes no time with it: it goes on there. To send"
    " this adds nothing beside it: the service answers with the address where its block is edited."
)


class Stopped(NamedTuple):
    """A block of the service that is stopped here."""

    tracker_id: int
    name: str
    since: datetime


class Here(msgspec.Struct, frozen=True, kw_only=True):
    """A block that began here and still runs."""

    change: str
    name: str
    tracker_id: int
    since: datetime


class There(msgspec.Struct, frozen=True, kw_only=True):
    """A block of the service that was stopped here, and goes on there as far as one knows."""

    change: str
    tracker_id: int
    since: datetime
    stopped: datetime
    description: str


class ToAdd(msgspec.Struct, frozen=True, kw_only=True):
    """Time that waits to be added, as a block of the report; `why` it does so."""

    change: str
    block: Block
    why: str


class Offline(msgspec.Struct, frozen=True, kw_only=True):
    """All of it, of the account that is connected now."""

    here: Here | None = None
    there: There | None = None
    to_add: list[ToAdd] = []
    said: Said | None = None
    """What was said of a timer while it runs, or ran."""


class OfflineTime:
    """Keeps it, and gives it up."""

    def __init__(self, history: History, account: str, where: tzinfo) -> None:
        """`account` is whose time it is; `where` the person's own zone."""
        self._history = history
        self._account = account
        self._zone = where

    async def now(self) -> Offline:
        """What is kept now."""
        running = await self._running()
        changes = [
            one
            for one in await self._history.outbox.still_open()
            if one.owner == self._account and one.state in ("waiting", "sending")
        ]
        there = [_there(one) for one in changes if one.record == STOPPED_HERE]
        return Offline(
            here=None if running is None else _here(running),
            there=there[-1] if there else None,
            to_add=_to_add(changes, self._zone),
            said=said_of(changes),
        )

    async def _running(self) -> Change | None:
        """The block that began here and runs.

        What ended it may have been undone since, or made again: then it runs on, or does not.
        """
        changes = self._history.changes
        found = await asyncio.to_thread(
            changes.newest,
            1,
            Wanted(owner=self._account, record=BEGAN_HERE, states=("waiting", "dropped")),
        )
        if not found:
            return None
        (began,) = found
        ended_by = began.answer.get(ENDED_BY)
        by = await asyncio.to_thread(changes.get, ended_by) if ended_by else None
        ended = by is not None and by.state != "undone"
        if began.state == "waiting" and ended:
            await self._amend(began, state="dropped", settled=datetime.now(UTC), reason=_ENDED)
        elif began.state == "dropped" and began.reason == _ENDED and not ended:
            # One that a person has dropped stays so.
            began = await self._amend(began, state="waiting", settled=None, reason=_BEGAN) or began
        return began if began.state == "waiting" and not ended else None

    async def _amend(self, change: Change, **values: Any) -> Change | None:
        return await self._history.sender.amend(change.id, change.state, **values)

    async def begin(
        self, client: TrackMyPeople, tracker_id: int, name: str, moment: datetime, group: str
    ) -> None:
        """A block begins here."""
        await self._history.keep(
            f"{name}{_FROM}{clock(moment, self._zone)}",
            partial(client.add, moment, tracker_id=tracker_id),
            held=True,
            reason=_BEGAN,
            record=BEGAN_HERE,
            group=group,
        )

    async def end(
        self, client: TrackMyPeople, here: Here, moment: datetime, description: str, group: str = ""
    ) -> None:
        """The block that began here ends, and is added when the way is open.

        To end it is a change of its own: undone, the block runs on. Raises Refused where it ended
        before it began, or is not there any more; what is kept stays as it is then.
        """
        if moment <= here.since:
            raise Refused(
                "it cannot end before it began: this machine's clock was set back",
                service="trackmypeople",
                advice="It runs on. Set the clock, or drop it in Changes and add the time by hand.",
            )
        added = os.urandom(6).hex()
        # Whoever is killed between the two has not ended it: see `_running`.
        taken = await self._history.sender.amend(
            here.change,
            "waiting",
            state="dropped",
            settled=datetime.now(UTC),
            answer={ENDED_BY: added},
            reason=_ENDED,
        )
        if taken is None:
            raise Refused(
                "the block that began here is not there any more: it was undone or dropped",
                service="trackmypeople",
            )
        await self._history.keep(
            self._title(here.name, here.since, moment),
            partial(
                client.add,
                here.since,
                stop=moment,
                tracker_id=here.tracker_id,
                description=description or None,
            ),
            held=False,
            reason="It began without the service.",
            id=added,
            group=group,
        )

    async def note_stop(
        self,
        client: TrackMyPeople,
        block: Stopped,
        moment: datetime,
        description: str,
        group: str = "",
    ) -> None:
        """What the service has running was stopped here, and goes on there."""
        name, since = block.name, block.since
        await self._history.keep(
            f"{self._title(name, since, moment)}, goes on at the service",
            partial(
                client.add,
                since,
                stop=moment,
                tracker_id=block.tracker_id,
                description=description or None,
            ),
            held=True,
            reason=_GOES_ON,
            record=STOPPED_HERE,
            group=group,
        )

    async def edit_address(self, there: There) -> str:
        """Where the service's own block is edited; "" where it has none in the way any more.

        The service tells it only of the block that a new one would overlap. So the time that was
        meant is sent: it is refused with the address as long as the block is there, and where
        somebody took that away it is what was to be added. Raises what sending raises otherwise.
        """
        try:
            if not await self._history.outbox.send(there.change):
                raise Refused("it is not noted any more", service="trackmypeople")
        except ServiceError as error:
            if not error.link:
                raise
            await self._history.sender.amend(
                there.change,
                "waiting",
                state="dropped",
                settled=datetime.now(UTC),
                reason=f"The end of the service's block is corrected on its page: {error.link}",
            )
            return error.link
        return ""

    def _title(self, name: str, start: datetime, stop: datetime) -> str:
        return f"{name} {clock(start, self._zone)} to {clock(stop, self._zone)}"

    async def forget(self, change: str) -> None:
        """It is not added, and not asked about any more."""
        await self._history.outbox.drop(change)


def _argument(change: Change, name: str) -> Any:
    return from_data(change.arguments.get(name))


def _here(change: Change) -> Here:
    return Here(
        change=change.id,
        name=change.title.rpartition(_FROM)[0],
        tracker_id=_argument(change, "tracker_id"),
        since=_argument(change, "start"),
    )


def _there(change: Change) -> There:
    return There(
        change=change.id,
        tracker_id=_argument(change, "tracker_id"),
        since=_argument(change, "start"),
        stopped=_argument(change, "stop"),
        description=_argument(change, "description") or "",
    )


def _to_add(changes: Sequence[Change], where: tzinfo) -> list[ToAdd]:
    """What waits as blocks; those have numbers below 0, which no block of the service has."""
    found: list[ToAdd] = []
    for change in changes:
        if change.record == STOPPED_HERE or change.operation not in _BLOCKS:
            continue
        number = -len(found) - 1
        block = _BLOCKS[change.operation](change, number, where)
        found.append(ToAdd(change=change.id, block=block, why=change.reason))
    return found


def _clocked(change: Change, number: int, _where: tzinfo) -> Block:
    start, stop = _argument(change, "start"), _argument(change, "stop")
    end = stop or datetime.now(UTC)
    return Block(
        id=number,
        tracker_id=_argument(change, "tracker_id"),
        description=_argument(change, "description") or "",
        time_in=start,
        time_out=stop,
        total=max(0, round((end - start).total_seconds())),
    )


def _free(change: Change, number: int, where: tzinfo) -> Block:
    day: date = _argument(change, "date") or change.time.astimezone(where).date()
    return Block(
        id=number,
        tracker_id=_argument(change, "tracker_id"),
        description=_argument(change, "description") or "",
        # Of what is free only the day counts.
        time_in=datetime.combine(day, time(12), where).astimezone(UTC),
        total=round(_argument(change, "hours") * 3600),
        time_out=None,
        free=True,
    )


_BLOCKS = {"trackmypeople.add": _clocked, "trackmypeople.addfree": _free}
