"""What waits to be sent, and what nobody knows the outcome of."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import Any, Literal, NamedTuple

from msgspec.structs import replace

from tui.services.errors import ServiceError
from tui.services.outcomes import advice_on
from tui.store.changes import Change, Step
from tui.workspace.changes.calls import called, resolved
from tui.workspace.changes.errors import Conflict, ReadOnly, TheirsStay, Waiting
from tui.workspace.changes.here import Here
from tui.workspace.changes.keeping import is_here
from tui.workspace.changes.kinds import Data, kind_of, performer_of
from tui.workspace.changes.sending import Sender, not_made
from tui.workspace.changes.values import differing

Ending = Literal["send", "keep", "drop"]
"""What becomes of what waits for an account that is about to be another: it is sent first, kept
until the account is connected again, or never sent."""
DISCONNECTED = "Dropped when its account was disconnected."
CUT_SHORT = "It was cut short before anything was noted."
THEIRS_LEFT = "It was left as somebody else had changed it."


class Round(NamedTuple):
    """What came of sending what waits: how many were sent, and which services were not to be
    reached, each with the seconds that it asks to be left alone for, if it does."""

    sent: int
    closed: Mapping[str, float | None]


class Outbox:
    """Sends what waits, in its order; looks for the effect of what is not known."""

    def __init__(self, sender: Sender, here: Here, *, read_only: bool) -> None:
        self._sender = sender
        self._here = here
        self._changes = sender.changes
        self._read_only = read_only
        self._one_at_a_time = asyncio.Lock()
        self._coming: set[str] = set()
        """Ids of changes that who began them is about to send."""

    async def still_open(self) -> list[Change]:
        """What waits, is being sent, or is not known, of every account, in order."""
        return await asyncio.to_thread(self._changes.still_open)

    # -- what waits -----------------------------------------------------------------------------

    @contextmanager
    def leaving(self, ids: Iterable[str]) -> Iterator[None]:
        """Changes that who began them is about to send: meanwhile no round sends them."""
        mine = frozenset(ids)
        self._coming |= mine
        try:
            yield
        finally:
            self._coming -= mine

    def is_leaving(self, change: Change) -> bool:
        """Whether who began a change is about to send it, or is sending it."""
        return change.id in self._coming

    async def send_all(self, service: str = "") -> int:
        """Send what waits, as `send_round` does; how many were sent."""
        return (await self.send_round(service)).sent

    async def send_round(self, service: str = "") -> Round:
        """Send what waits for the accounts that are connected now, in order.

        A service that cannot be reached is given up until the next time; what it refuses, and
        what somebody else changed meanwhile, is noted on the change: nobody is asked.
        """
        sent, closed = 0, dict[str, float | None]()
        if self._read_only:
            return Round(0, closed)
        async with self._one_at_a_time:
            for change in await self.still_open():
                if change.service in closed or service not in ("", change.service):
                    continue
                if change.id in self._coming:
                    continue
                if change.state == "waiting" and not change.held and self._is_ours(change):
                    if await self._comes_to_nothing(change):
                        continue
                    try:
                        sent += await self._send_one(change.id)
                    except Waiting as error:
                        closed[change.service] = error.wait
                    except (ServiceError, OSError):
                        # Noted on the change itself, which a person looks at.
                        continue
        return Round(sent, closed)

    async def send(self, id: str) -> bool:
        """Send one now, though a person has to choose something first or held it.

        Mine is written over theirs. False where it does not wait any more, or waits for another
        one. Raises what sending raises.
        """
        if self._read_only:
            raise ReadOnly("nothing was sent: the deck is read-only")
        async with self._one_at_a_time:
            return await self._send_one(id, even_held=True)

    async def choose(self, id: str, chosen: Data | None) -> bool:
        """A person's word on a conflict: `chosen` are the fields to write, the others stay theirs;
        None leaves all as it is.

        Where nothing is to be written it is dropped. Whether it was sent. Raises what sending
        raises.
        """
        change = await asyncio.to_thread(self._changes.get, id)
        if change is None or change.theirs is None:
            return False
        kept = {name: one for name, one in change.wanted.items() if name not in change.theirs}
        wanted = {**kept, **(chosen or {})}
        if chosen is None or (change.wanted and not wanted):
            await self._sender.amend(id, "waiting", state="dropped", reason=THEIRS_LEFT)
            return False
        if wanted:
            arguments = kind_of(change.operation).with_fields(change.arguments, wanted)
            await self._sender.amend(id, "waiting", arguments=arguments, wanted=wanted)
        return await self.send(id)

    async def hold(self, id: str, held: bool = True) -> bool:
        """Keep one from being sent until a person says so; whether it waited."""
        return await self._sender.amend(id, "waiting", held=held) is not None

    async def drop(self, id: str) -> bool:
        """Give up one that waits or is not known; whether it did."""
        reason = "Dropped by the person."
        dropped = await self._sender.amend(id, "waiting", "unknown", state="dropped", reason=reason)
        return dropped is not None

    async def give_up(self, belongs: Callable[[str], bool], reason: str) -> int:
        """Give up all that waits or is not known of some accounts; how many that were."""
        given_up = 0
        for change in await self.still_open():
            if belongs(change.owner):
                given_up += await self._sender.amend(
                    change.id, "waiting", "unknown", state="dropped", reason=reason
                ) is not None  # fmt: skip
        return given_up

    async def waiting_for(self, service: str) -> list[Change]:
        """What waits or is not known of the account that a service is connected to now."""
        owner = self._sender.clients.account(service)
        return [one for one in await self.still_open() if one.owner == owner]

    async def before_another(self, service: str, how: Ending) -> list[Change]:
        """See to what waits for the account of a service that is about to be another; what could
        not be sent of what was to be sent first."""
        if how == "send":
            await self.send_all(service)
            return await self.waiting_for(service)
        if how == "drop":
            account = self._sender.clients.account(service)
            await self.give_up(lambda owner: owner == account, DISCONNECTED)
        return []

    async def change_arguments(self, id: str, arguments: Mapping[str, Any]) -> bool:
        """Let one that waits say something else; whether it waited."""
        change = await asyncio.to_thread(self._changes.get, id)
        if change is None:
            return False
        changed = await self._sender.amend(
            id,
            "waiting",
            title=_titled(change, arguments),
            arguments=dict(arguments),
            wanted=kind_of(change.operation).fields_of(arguments),
        )
        return changed is not None

    # -- what is not known ------------------------------------------------------------------------

    async def recover(self) -> list[Change]:
        """Look after what ended senders left: what is not known now, after looking for it."""
        recovered = {one.id for one in await asyncio.to_thread(self._changes.recover)}
        unknown: list[Change] = []
        for change in await self.still_open():
            if change.state != "unknown":
                continue
            if not self._is_ours(change) or not await self._looked_for(change):
                now = await asyncio.to_thread(self._changes.get, change.id)
                if now is None or now.state != "unknown":
                    continue
                unknown.append(change)
                if change.id in recovered:
                    self._sender.settled(change)
        return unknown

    async def look(self, id: str) -> bool:
        """Look for the effect of one that is not known; whether it was found, and so is done.

        Raises what reading raises.
        """
        change = await asyncio.to_thread(self._changes.get, id)
        if change is None or change.state != "unknown":
            return change is not None and change.state == "done"
        answer = await self._effect(change)
        if answer is None:
            if is_here(change.operation):
                # Nobody else could have made it: it is certain.
                await self._sender.amend(id, "unknown", state="dropped", reason=CUT_SHORT)
            return False
        await self._sender.count(change, answer)
        return True

    async def count_as_done(self, id: str) -> bool:
        """A person's word that it was made; whether it was not known."""
        change = await asyncio.to_thread(self._changes.get, id)
        if change is None or change.state != "unknown":
            return False
        await self._sender.count(change, {})
        return True

    async def again(self, id: str) -> bool:
        """A person's word that it was not made: send it again; whether it was not known."""
        if await self._sender.amend(id, "unknown", state="waiting", reason="") is None:
            return False
        return await self.send(id)

    @staticmethod
    def look_at(change: Change) -> str:
        """What to look at before one whose outcome is not known is sent again."""
        return change.reason or advice_on(change.operation)

    # -- within ---------------------------------------------------------------------------------

    async def _comes_to_nothing(self, change: Change) -> bool:
        """Drop a part whose earlier part will not be made any more; whether it was."""
        if not change.needs:
            return False
        needed = await asyncio.to_thread(self._changes.get, change.needs)
        if needed is not None and (needed.is_open or needed.state == "done"):
            return False
        reason = "What comes before it was not made."
        dropped = await self._sender.amend(change.id, "waiting", state="dropped", reason=reason)
        return dropped is not None

    def _is_ours(self, change: Change) -> bool:
        return self._sender.clients.account(change.service) == change.owner

    async def _send_one(self, id: str, *, even_held: bool = False) -> bool:
        noted = await asyncio.to_thread(self._changes.get, id)
        change = await asyncio.to_thread(self._changes.claim, id, even_held=even_held)
        if noted is None or change is None:
            return False
        if is_here(change.operation):
            await self._here.follow(change)
            return True
        try:
            return await self._send_claimed(change, even_held=even_held)
        except Waiting:
            if noted.held:
                # The person's word was for this time.
                await self._sender.amend(id, "waiting", held=True)
            raise

    async def _send_claimed(self, change: Change, *, even_held: bool) -> bool:
        looked: Change | None = None
        action: Callable[[], Awaitable[Any]]
        try:
            if not self._is_ours(change):
                return False
            client = await self._sender.clients.of(change.service)
            way = await self._way_of(change)
            looked = await self._looked_at(change, writes_over=even_held, way=way)
        except TheirsStay:
            change = await self._sender.settle(change, state="dropped", reason=THEIRS_LEFT)
            raise
        except Conflict as error:
            theirs, why = dict(error.theirs), error.message
            change = await self._sender.settle(
                change, state="waiting", held=True, theirs=theirs, reason=why
            )
            raise
        except ServiceError as error:
            if self._sender.may_wait(change, error, patient=True):
                raise await self._sender.keep_waiting(change, error) from error
            became = not_made(error)
            if not error.nothing_done:
                became["state"] = "waiting"
            change = await self._sender.settle(change, **became)
            raise
        finally:
            # Whatever kept it from leaving: it waits on, and nobody is said to be sending it.
            if looked is None and change.state == "sending":
                await asyncio.shield(self._sender.settle(change, state="waiting"))
            if looked is None:
                self._sender.tell(change.operation)
        action = partial(called, client, looked.operation, looked.arguments)
        if way is not None:
            action = partial(performer_of(way), client, replace(way, arguments=looked.arguments))
        try:
            await self._sender.send(looked, action, patient=True)
        except ServiceError as error:
            if error.nothing_done and kind_of(change.operation).held_when_refused:
                await self._sender.amend(
                    change.id, "refused", "dropped", state="waiting", held=True, settled=None
                )
            raise
        return True

    async def _way_of(self, change: Change) -> Step | None:
        """The step of several calls that takes back what a change undoes; None where it is one."""
        undone = (
            await asyncio.to_thread(self._changes.get, change.undoes) if change.undoes else None
        )
        step = None if undone is None else undone.inverse
        return step if step is not None and step.way else None

    async def _looked_at(self, change: Change, *, writes_over: bool, way: Step | None) -> Change:
        arguments = await resolved(self._changes, change.arguments)
        if way is not None:
            # It looks itself at what is there.
            return replace(change, arguments=arguments)
        # Who sends it by hand has seen theirs, and writes over it.
        seen = change.theirs if writes_over and change.theirs is not None else change.before
        return await self._sender.look(replace(change, arguments=arguments), seen, ask=writes_over)

    async def _looked_for(self, change: Change) -> bool:
        try:
            return await self.look(change.id)
        except (ServiceError, OSError):
            # It stays as it is; a person can look again.
            return False

    async def _effect(self, change: Change) -> Data | None:
        """What the answer would have told, where the effect of a change is found."""
        kind = kind_of(change.operation)
        if is_here(change.operation):
            return {} if await asyncio.to_thread(self._here.was_made, change) else None
        client = await self._sender.clients.of(change.service)
        if kind.find is not None:
            group = await asyncio.to_thread(self._changes.of_group, change)
            others = [one.answer for one in group if one.id != change.id and one.answer]
            return await kind.find(
                client, replace(change, about={**change.about, "of_others": others})
            )
        if kind.read is None:
            return None
        now = await kind.look(client, change.known)
        if now is None:
            return None if change.wanted else {}  # What was to be deleted is gone.
        made = {name: value for name, value in kind.made(change).items() if name in now}
        return {} if made and not differing(made, now) else None


def _titled(change: Change, arguments: Mapping[str, Any]) -> str:
    """The title with the texts of the arguments as they are now, where it has them."""
    title = change.title
    for name, now in arguments.items():
        before = change.arguments.get(name)
        if before and before != now and isinstance(before, str) and isinstance(now, str):
            head, found, tail = title.rpartition(before)
            title = f"{head}{now}{tail}" if found else title
    return title
