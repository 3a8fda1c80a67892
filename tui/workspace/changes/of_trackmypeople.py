"""The changes of TrackMyPeople: the timer, time and free time that is added.

What the timer does takes no time with it and always happens now, so that nothing of it can be
sent later; and the service has no call that changes a block or takes one away.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from tui.services.trackmypeople import Block, TrackMyPeople
from tui.store.changes import Change, Step
from tui.workspace.changes.arguments import from_data
from tui.workspace.changes.kinds import Data, Kind, Performer
from tui.workspace.changes.ways_back import Never, WayBack

WAYS: Mapping[str, Performer] = {}
CLOCKS_DIFFER = timedelta(minutes=2)
"""By how much the service's clock may be behind or ahead of this one. Little: a block that was
begun just before must not be taken for the one that is looked for."""
AROUND = timedelta(days=1)
_STAYS = "no call takes a block away or changes it; on the service's own pages it can be edited"


async def _timer(client: TrackMyPeople, _arguments: Data) -> Data | None:
    """Which tracker runs."""
    return {"tracker_id": _running(await client.status())}


def _running(state: Any) -> int | None:
    block = state.last_block
    return block.tracker.id if state.running and block.tracker is not None else None


def _told(state: Any) -> Data:
    running = _running(state)
    return {} if running is None else {"tracker_id": running}


def _runs(change: Change) -> Data:
    """What runs once it was made: the default tracker where none was named."""
    tracker = change.answer.get("tracker_id", change.arguments.get("tracker_id"))
    return {} if tracker is None else {"tracker_id": tracker}


def _before(change: Change) -> int | None:
    found: int | None = (change.before or {}).get("tracker_id")
    return found


# -- the way back ---------------------------------------------------------------------------------


def _stopped(_change: Change) -> Step | str:
    return Step(
        operation="trackmypeople.stop",
        title="the timer is stopped",
        inexact="The block that it began stays, and ends now.",
    )


def _back_to(verb: str, title: str, inexact: str) -> WayBack:
    """The tracker that ran before runs again."""

    def inverse(change: Change) -> Step | str:
        before = _before(change)
        if before is None:
            return "Nobody knows which tracker ran before."
        return Step(
            operation=f"trackmypeople.{verb}",
            arguments={"tracker_id": before},
            title=title,
            inexact=f"The block that ended stays ended{inexact}",
        )

    return inverse


_switched_back = _back_to(
    "switch",
    "the timer is switched back",
    ", and the one since then stays: a new one of the tracker before begins now.",
)
_started_again = _back_to(
    "start",
    "the timer is started again",
    ": a new one begins now, and the time between is in neither.",
)


class _EditedOnly(Never, frozen=True):
    """With the block that it is about, where that is known."""

    def __call__(self, change: Change) -> Step | str:
        number = change.answer.get("id")
        return self.why if number is None else f"Block {number} stays: {_STAYS}."


_edited_only = _EditedOnly(f"It stays: {_STAYS}.")


# -- the effect of one that is not known ----------------------------------------------------------


async def _began(client: TrackMyPeople, change: Change) -> Data | None:
    """The one block of the tracker that began about then and had not ended before."""
    blocks = await client.report(
        start=change.time - AROUND, stop=change.time + AROUND, timezone="UTC", include_open=True
    )
    wanted = change.arguments.get("tracker_id")
    like = [
        one
        for one in blocks
        if not one.free
        and one.time_in is not None
        and abs(one.time_in - change.time) <= CLOCKS_DIFFER
        and (one.time_out is None or one.time_out > change.time)
        and wanted in (None, one.tracker_id)
    ]
    return {"tracker_id": like[0].tracker_id} if len(like) == 1 else None


async def _ended(client: TrackMyPeople, change: Change) -> Data | None:
    """Nothing runs, or what runs began since."""
    state = await client.status()
    block = state.last_block
    if block is None or block.started_at is None or block.started_at > change.time:
        return {}
    return None


async def _added(client: TrackMyPeople, change: Change) -> Data | None:
    """The one block of these times, this tracker and these words."""
    wanted = from_data(change.arguments)
    start, stop = (_seconds(wanted.get(name)) for name in ("start", "stop"))
    blocks = await client.report(
        start=start - AROUND, stop=start + AROUND, timezone="UTC", free=False, include_open=True
    )
    return _only([one for one in blocks if one.time_in == start and one.time_out == stop], wanted)


async def _added_free(client: TrackMyPeople, change: Change) -> Data | None:
    """The one block of free time of that day, as long, with this tracker and these words."""
    wanted = from_data(change.arguments)
    zone = await client.profile_zone()
    day: date = wanted.get("date") or change.time.astimezone(zone).date()
    blocks = await client.report(start=day - AROUND, stop=day + AROUND, free=True)
    seconds = round(wanted["hours"] * 3600)
    like = [
        one
        for one in blocks
        if one.time_in is not None
        and one.time_in.astimezone(zone).date() == day
        and one.total == seconds
    ]
    return _only(like, wanted)


def _only(blocks: Sequence[Block], wanted: Data) -> Data | None:
    like = [
        one
        for one in blocks
        if wanted.get("tracker_id") in (None, one.tracker_id)
        and one.description == (wanted.get("description") or "")
    ]
    return {"id": like[0].id} if len(like) == 1 else None


def _seconds(moment: Any) -> Any:
    """A time as the service keeps it, to the second."""
    return moment and moment.replace(microsecond=0)


def _block(block: Block) -> Data:
    return {"id": block.id}


KINDS: tuple[Kind, ...] = (
    Kind(
        "trackmypeople.start",
        fields=("tracker_id",),
        read=_timer,
        keeps=True,
        answer=_told,
        made=_runs,
        inverse=_stopped,
        find=_began,
        waits=False,
    ),
    Kind(
        "trackmypeople.switch",
        fields=("tracker_id",),
        read=_timer,
        keeps=True,
        answer=_told,
        made=_runs,
        inverse=_switched_back,
        find=_began,
        waits=False,
    ),
    Kind(
        "trackmypeople.stop",
        sets={"tracker_id": None},
        read=_timer,
        inverse=_started_again,
        find=_ended,
        waits=False,
    ),
    Kind(
        "trackmypeople.add",
        answer=_block,
        inverse=_edited_only,
        find=_added,
        held_when_refused=True,
    ),
    Kind(
        "trackmypeople.addfree",
        answer=_block,
        inverse=_edited_only,
        find=_added_free,
        moment_in=("date",),
        held_when_refused=True,
    ),
)
