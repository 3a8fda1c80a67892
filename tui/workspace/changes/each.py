"""Several changes that wait on the disk, sent one after the other, each for itself."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any, NamedTuple

from tui.services.errors import ServiceError
from tui.store.changes import Change
from tui.workspace.changes.calls import called
from tui.workspace.changes.errors import Waiting
from tui.workspace.changes.planning import Call
from tui.workspace.changes.quiet import quietly
from tui.workspace.changes.sending import GIVEN_UP, Sender, words_of


class Became(NamedTuple):
    """One of several changes as it is now, and why it was not made."""

    change: Change
    error: ServiceError | None


async def send_each(
    sender: Sender,
    begun: Sequence[Change],
    calls: Sequence[Call[Any]],
    told: Callable[[int], object],
) -> list[Became]:
    """Send changes in their order; where one cannot leave, it waits with all behind it.

    What came of one is noted while the next is on its way; never are two of them with the service.
    `told` hears how many were settled. Who is given up drops those that were not sent.
    """
    found: list[Became] = []
    noting: list[asyncio.Task[Became]] = []
    stopped: Waiting | None = None
    settled = 0

    def tell() -> None:
        nonlocal settled
        settled += 1
        told(settled)

    try:
        for change, call in zip(begun, calls, strict=True):
            if stopped is None:
                noting.append(await _answered(sender, change, call, tell))
            while noting and (len(noting) > 1 or noting[0].done()):
                found.append(await noting[0])
                del noting[0]
                error = found[-1].error
                stopped = error if isinstance(error, Waiting) else stopped
        if noting:
            found.append(await noting[0])
        for change in begun[len(found) :]:
            found.append(Became(await _now(sender, change), stopped))
            tell()
    except BaseException:
        # What was answered is noted by now, or is being noted in a thread.
        for one in noting:
            one.cancel()
        await asyncio.gather(*noting, return_exceptions=True)
        for change in begun[len(found) : len(found) + len(noting)]:
            # It counts as well, though who waited for it has gone.
            if (await asyncio.shield(_now(sender, change))).state == "done":
                told(len(found) + 1)
        await drop(sender, begun[len(found) :])
        raise
    return found


async def drop(sender: Sender, begun: Sequence[Change]) -> None:
    """Let those of them that still wait never be sent. Where the disk does not take that, they are
    sent later, and the person is told.
    """
    for change in begun:
        dropping = sender.amend(
            change.id, "waiting", state="dropped", reason=GIVEN_UP, settled=datetime.now(UTC)
        )
        try:
            await asyncio.shield(dropping)
        except OSError as error:
            sender.told(
                f"{change.title}: that it was given up could not be noted ({words_of(error)});"
                " what is left of it is sent later. Changes drops it."
            )
            return


async def _now(sender: Sender, change: Change) -> Change:
    """A change as it is kept now."""
    return await asyncio.to_thread(sender.changes.get, change.id) or change


async def _answered(
    sender: Sender, change: Change, call: Call[Any], tell: Callable[[], object]
) -> asyncio.Task[Became]:
    """Send one that waits, up to the answer; what came of it is told by a task, which has still to
    note that where the service made it.

    Who is given up meanwhile gives that up as well.
    """
    answered = asyncio.Event()

    async def sent() -> Became:
        became = await _send_waiting(sender, change, call, answered)
        tell()
        return became

    task = asyncio.create_task(sent())
    task.add_done_callback(lambda _task: answered.set())
    try:
        await answered.wait()
    except asyncio.CancelledError:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        raise
    return task


async def _send_waiting(
    sender: Sender, change: Change, call: Call[Any], answered: asyncio.Event
) -> Became:
    """Send one that waits; how it is then, and why it was not made, or is not known to be. Another
    deck may send it as well: then it is not this one's to say.
    """
    claim = partial(sender.changes.claim, change.id, known=change)
    try:
        taken = await sender.thread.give(claim).end()
    except OSError as error:
        # It was not sent: it waits as it is noted, and with it all that come behind it.
        waiting = await sender.keep_waiting(change, error)
        sender.tell(change.operation)
        return Became(change, waiting)
    if taken is None:
        return Became(await _now(sender, change), None)
    action: Callable[[], Awaitable[Any]] = quietly(call, taken.hidden)
    if taken.arguments is not change.arguments:
        # It was given other arguments meanwhile.
        client = await sender.clients.of(taken.service)
        action = partial(called, client, taken.operation, taken.arguments)

    async def made() -> Any:
        result = await action()
        answered.set()
        return result

    try:
        _, settled = await sender.carry_out(taken, made)
    except ServiceError as error:
        return Became(await _now(sender, change), error)
    return Became(settled, None)
