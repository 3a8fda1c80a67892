"""The changes of TickTocker: whom one follows, and what one submits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tui.services.errors import NotFound
from tui.services.ticktocker import TickTocker
from tui.store.changes import Change, Step
from tui.workspace.changes.arguments import from_data
from tui.workspace.changes.kinds import Data, Kind, Performed, Performer
from tui.workspace.changes.values import same
from tui.workspace.changes.ways_back import Never

FOLLOWED = "author_followed"
"""What a tock says of its author: it is the only place where the service tells it."""
_NO_LESS = "The service has no call that changes a tock or takes it away."


async def _followed(client: TickTocker, arguments: Data) -> Data | None:
    """Whether the user is followed, by any of their tocks; None where they have none."""
    try:
        tocks = await client.user(arguments["user_url"], "latest")
    except NotFound:
        return None
    if not tocks:
        return None
    if tocks[0].author_followed is not None:
        return {FOLLOWED: tocks[0].author_followed}
    # A stream may tell less of a tock than the tock itself.
    return {FOLLOWED: bool((await client.tock(tocks[0].short_url)).author_followed)}


def _as_before(change: Change) -> Step | str:
    before = (change.before or {}).get(FOLLOWED)
    if before is None:
        return "Nobody knows whether the user was followed before."
    return Step(
        operation="ticktocker.follow",
        arguments={"user_url": change.arguments["user_url"], FOLLOWED: before},
        title="the user is followed" if before else "the user is not followed",
        way="follow as before",
    )


async def _follow_as_before(client: TickTocker, step: Step) -> Performed:
    """The same call turns it over, so that what is so is looked at first."""
    now = await _followed(client, step.arguments)
    if now is not None and same(now[FOLLOWED], step.arguments[FOLLOWED]):
        return Performed("It was so already: nothing was sent.")
    await client.follow(step.arguments["user_url"])
    return Performed()


async def _submitted(client: TickTocker, change: Change) -> Data | None:
    """The one of one's own tocks of this title and time."""
    wanted = from_data(change.arguments)
    start = wanted["eventstart"].replace(microsecond=0)
    mine = await client.me("mine", "latest")
    like = [one for one in mine if one.title == wanted["title"] and one.event_start == start]
    return {"short_url": like[0].short_url} if len(like) == 1 else None


def _short_url(answer: Any) -> Data:
    return {"short_url": answer.short_url}


WAYS: Mapping[str, Performer] = {"follow as before": _follow_as_before}
KINDS: tuple[Kind, ...] = (
    Kind(
        "ticktocker.follow",
        record="user/{user_url}",
        id_argument="user_url",
        read=_followed,
        keeps=True,
        turns_over=FOLLOWED,
        inverse=_as_before,
    ),
    Kind("ticktocker.submit", answer=_short_url, inverse=Never(_NO_LESS), find=_submitted),
)
