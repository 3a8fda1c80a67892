"""Sending one change: noted before, settled after, whatever becomes of it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from msgspec.structs import replace

from tui.services.beside import words_beside
from tui.services.errors import (
    AuthenticationFailed,
    ConnectionFailed,
    InvalidArgument,
    OutcomeUnknown,
    RateLimited,
    Refused,
    ServiceError,
)
from tui.services.left_out import collecting
from tui.services.operation import following
from tui.services.outcomes import advice_on, outcome_unknown
from tui.store.changes import BEHIND, Change, Changes, State, as_dropped
from tui.workspace.changes.calls import followed_by, told_by
from tui.workspace.changes.conflicts import conflict_of, decided, turned_over
from tui.workspace.changes.errors import Conflict, Gone, NotNoted, Waiting
from tui.workspace.changes.keeping import Keeping
from tui.workspace.changes.kinds import Data, Noted, Performed, kind_of
from tui.workspace.changes.thread import Thread

if TYPE_CHECKING:
    from tui.services.client import ServiceClient

T = TypeVar("T")
GIVEN_UP = "Given up before it was sent."
NOTHING_SENT = "Nothing was sent."
TAKEN = "another deck or command sends it"


class Clients(Protocol):
    """What is needed of the connections."""

    def account(self, service: str) -> str:
        """Names the account that a service's calls are made with."""

    async def of(self, service: str) -> ServiceClient:
        """The client of a service."""

    @property
    def services(self) -> Sequence[str]:
        """The ids of all services."""


class Sender:
    """Sends changes and notes what became of them."""

    def __init__(self, changes: Changes, clients: Clients) -> None:
        self.changes = changes
        self.clients = clients
        self.told: Callable[[str], object] = lambda _text: None
        """What a person should know of a change that was made all the same."""
        self.resolve: Callable[[Conflict], Awaitable[Data | None]] | None = None
        """Asks a person between theirs and mine, field by field: the fields to write, the others
        stay as they are; None where nothing was decided. Without it a conflict is raised."""
        self.waits = True
        """Whether what cannot be sent now is kept to be sent later."""
        self.guards: dict[str, Callable[[Data], str]] = {}
        """By operation, what says from the arguments why a change must not be made, or "". They
        work on the disk."""
        self.keepings: Callable[[], Mapping[str, Keeping]] = dict
        """By operation, the ways of what is kept on this machine alone."""
        self.thread = Thread()
        """Does what a write waits for."""
        self.settled: Callable[[Change], None] = lambda _change: None
        """Is told each change once it is known what became of it, and once for that; it must not
        take any time."""
        self._listeners: list[Callable[[str], None]] = []

    def on_change(self, listener: Callable[[str], None]) -> Callable[[], None]:
        """Be told the operation id after each change of state; returns what stops that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def owners(self) -> list[str]:
        """The accounts that are connected now."""
        return [self.clients.account(service) for service in self.clients.services]

    def tell(self, operation: str) -> None:
        """Tell all who listen that something of an operation is another now."""
        for listener in list(self._listeners):
            listener(operation)

    # -- looking before ---------------------------------------------------------------------------

    async def look(
        self, change: Change, seen: Data | None, *, undoing: bool = False, ask: bool = True
    ) -> Change:
        """The change with the fields as they are now, after a person chose where they differ.

        `seen` are the fields as the person saw them; None where nobody looked: then what is
        there counts as seen. Nobody is asked without `ask`. Raises Conflict, TheirsStay, Gone,
        and what reading raises.
        """
        kind = kind_of(change.operation)
        if kind.read is None:
            return change if seen is None else replace(change, before=seen)
        client = await self.clients.of(change.service)
        now = await kind.look(client, change.known)
        if now is None:
            raise Gone(f"{change.title}: it is not there any more.", service=change.service)
        if isinstance(now, Noted):
            return replace(change, before=dict(now))
        there = dict(now) if kind.keeps else {name: now.get(name) for name in change.wanted}
        if kind.turns_over:
            return turned_over(change, kind, there, seen)
        if seen is None:
            return replace(change, before=there)
        conflict = conflict_of(change, seen, now, there, undoing=undoing)
        if conflict is None:
            return replace(change, before=there)
        # What was left out of the arguments cannot be sent with others.
        may_ask = ask and not change.hidden
        chosen = await self.resolve(conflict) if self.resolve is not None and may_ask else None
        if chosen is None:
            raise conflict
        return decided(change, kind, there, conflict, chosen)

    async def forbidden(self, operation: str, arguments: Data) -> str:
        """Why a change must not be made, whoever asks for it; "" where it may."""
        guard = self.guards.get(operation)
        return "" if guard is None else await asyncio.to_thread(guard, arguments)

    async def begin(self, changes: Sequence[Change], *, newest: int | None = None) -> list[Change]:
        """Put changes on the disk (see `Changes.begin`). Raises NotNoted, AlreadyTaken, and
        Refused where one of them is forbidden.

        Who is given up meanwhile leaves none of them as being sent.
        """
        for change in changes:
            if change.is_open and self.guards:
                why = await self.forbidden(change.operation, change.arguments)
                if why:
                    raise Refused(f"{change.title}: {why}", advice=NOTHING_SENT)
        beginning = self.thread.give(
            partial(self.changes.begin, changes, newest=newest, may_wait=self.can_wait)
        )
        try:
            return await beginning.end()
        except OSError as error:
            raise NotNoted.of(error) from error
        except asyncio.CancelledError:
            for begun in await beginning.end():
                if begun.is_open:
                    await self._given_up(begun, sent=False)
            raise

    # -- sending ----------------------------------------------------------------------------------

    async def send(
        self, change: Change, action: Callable[[], Awaitable[T]], *, patient: bool = False
    ) -> T:
        """As `carry_out`, without the change."""
        result, _ = await self.carry_out(change, action, patient=patient)
        return result

    async def carry_out(
        self, change: Change, action: Callable[[], Awaitable[T]], *, patient: bool = False
    ) -> tuple[T, Change]:
        """Carry out a change that is on the disk as being sent, and settle it; what came of it,
        and the change as it is then.

        Who is `patient` (what has waited already) waits on where the service does not know who
        is calling. Raises Waiting where the service could not be reached and the change may wait;
        else what `action` raises: OutcomeUnknown where the service may have made it, and then it
        stays open.
        """
        with following() as run, collecting() as left_out:
            try:
                result = await action()
                # Said here, of the change: whoever is around would say it of what they show.
                unread = words_beside(left_out)
                left_out.clear()
            except (ServiceError, OSError) as error:
                nothing_done = isinstance(error, ServiceError) and error.nothing_done
                if isinstance(error, OutcomeUnknown) or (run.sent and not nothing_done):
                    unknown = outcome_unknown(change.operation, error)
                    unknown.change = change.id
                    await self.settle(change, state="unknown", reason=unknown.advice)
                    # Where it is shown, it is read anew: a person sees whether it was made.
                    self.tell(change.operation)
                    if unknown is error:
                        raise
                    raise unknown from error
                if self.may_wait(change, error, patient=patient):
                    raise await self.keep_waiting(change, error) from error
                await self.settle(change, **not_made(error, sent=run.sent))
                raise
            except BaseException:
                await self._given_up(change, sent=run.sent)
                raise
        kind = kind_of(change.operation)
        performed = (
            result if isinstance(result, Performed) else Performed(answer=kind.answer(result))
        )
        settled = await self.count(change, performed.answer, performed.anew, unread=unread)
        if unread:
            self.told(f"{change.title}: {unread}.")
        return result, settled

    async def count(
        self,
        change: Change,
        answer: Data,
        anew: Sequence[tuple[Any, Any]] = (),
        *,
        unread: str = "",
    ) -> Change:
        """Note that a change was made, and how it is taken back; `answer` is what its kind keeps,
        `anew` the old and the new ids of what is there again, `unread` what could not be read.

        What it undid or redid is noted with it, in one go.
        """
        values: dict[str, Any] = {"state": "done", "reason": unread, "theirs": None}
        follows = change.undoes or change.redoes
        if not follows:
            values |= told_by(kind_of(change.operation), change, answer)
        else:
            original = await asyncio.to_thread(self.changes.get, follows)
            if original is not None:
                values |= followed_by(original, change, answer, anew)
        settled = await self._look_after(await self.settle(change, **values), answer)
        self.tell(change.operation)
        return settled

    async def _look_after(self, change: Change, answer: Data) -> Change:
        """A change that was made, with the fields as the service has them now, where its kind
        wants that; of what is new, all of them.

        It was made, whatever becomes of looking at it.
        """
        kind = kind_of(change.operation)
        if not kind.look_after or kind.read is None:
            return change
        is_new = kind.id_argument not in change.arguments and answer.get("id") is not None
        named = {kind.id_argument: answer["id"]} if is_new else {}
        try:
            client = await self.clients.of(change.service)
            now = await kind.look(client, {**change.known, **named})
        except ServiceError:
            return change
        if now is None or isinstance(now, Noted):
            return change
        whole = is_new or kind.keeps
        after = dict(now) if whole else {n: v for n, v in now.items() if n in change.wanted}
        values: dict[str, Any] = {"after": after}
        if not (change.undoes or change.redoes):
            values |= told_by(kind, replace(change, after=after), answer)
        return await self.settle(change, **values)

    def may_wait(self, change: Change, error: BaseException, *, patient: bool = False) -> bool:
        """Whether a change that did not leave because of this error may be sent later."""
        return self.can_wait(change) and isinstance(
            error,
            (ConnectionFailed, RateLimited, AuthenticationFailed)
            if patient
            else (ConnectionFailed, RateLimited),
        )

    def can_wait(self, change: Change) -> bool:
        """Whether a change may be sent later at all."""
        return (
            self.waits
            and kind_of(change.operation).may_wait(change.arguments)
            # What was left out cannot be sent later, and who undoes wants it now or not at all.
            and not (change.hidden or change.undoes or change.redoes)
        )

    async def keep_waiting(self, change: Change, error: BaseException) -> Waiting:
        """Note that a change could not be sent yet; the error that says so.

        One that waits already is anybody's to send: another deck may do so by now, and then only
        that is said.
        """
        reason = words_of(error)
        if change.state == "sending":
            await self.settle(change, state="waiting", reason=reason)
            self.tell(change.operation)
        else:
            # A disk that is full by now keeps it all the same, only not why it waits.
            with suppress(OSError):
                if await self.amend(change.id, "waiting", reason=reason) is None:
                    reason = TAKEN
        return Waiting(
            f"{change.title}: {reason}",
            change.id,
            service=change.service,
            operation=change.operation,
            wait=error.wait if isinstance(error, ServiceError) else None,
        )

    async def begin_behind(self, changes: Sequence[Change]) -> ServiceError:
        """Put changes on the disk that stand behind an earlier one of their record; the error that
        says what became of them. Raises as `begin` does.
        """
        waiting = all(map(self.can_wait, changes))
        begun = await self.begin(
            [replace(one, state="waiting") if waiting else as_dropped(one) for one in changes]
        )
        return await self.keep_behind(begun[0])

    async def keep_behind(self, change: Change) -> ServiceError:
        """Say of a change that it was begun behind an earlier one of its record; the error."""
        if change.state == "waiting":
            return await self.keep_waiting(
                change, ServiceError("it waits behind an earlier change of the same record")
            )
        self.tell(change.operation)
        return Refused(
            f"{change.title}: {BEHIND}",
            service=change.service,
            operation=change.operation,
            advice="Look at it in Changes (tockdeck changes) first.",
        )

    async def keep_part(self, change: Change) -> ServiceError:
        """Say of a part of an action that its turn has come and that it cannot be sent; the error.

        Where it may not wait it is dropped, if nobody has taken it meanwhile.
        """
        if not self.can_wait(change):
            dropped = await self.amend(
                change.id, "waiting", state="dropped", reason=BEHIND, settled=datetime.now(UTC)
            )
            change = dropped or change
        return await self.keep_behind(change)

    async def settle(self, change: Change, **values: Any) -> Change:
        """Note what became of a change. A disk that is full by now changes nothing of that."""
        settling = self.thread.give(partial(self.changes.settle, change, **values))
        settled, error = await settling.end()
        if error is not None:
            became = {"done": "was made", "refused": "was refused", "dropped": "was not sent"}.get(
                settled.state, "is not known"
            )
            why = error.strerror or str(error)
            self.told(f"{change.title}: what became of it could not be noted ({why}); it {became}.")
        if settled.state != change.state:
            self.settled(settled)
        return settled

    async def amend(self, id: str, *states: State, **values: Any) -> Change | None:
        """Change what is noted of a change in one of these states; None where it is in another.

        Who listens is told.
        """
        amended = await asyncio.to_thread(self.changes.amend, id, states, **values)
        if amended is not None:
            self.tell(amended.operation)
        return amended

    async def _given_up(self, change: Change, *, sent: bool) -> None:
        if sent:
            advice = advice_on(change.operation)
            self.told(f"{change.title}: given up on the way; it may have been done. {advice}")
            settling = self.settle(change, state="unknown", reason=advice)
        elif change.state == "sending":
            settling = self.settle(change, state="dropped", reason=GIVEN_UP)
        else:
            await asyncio.shield(self.amend(change.id, "waiting", state="dropped", reason=GIVEN_UP))
            return
        await asyncio.shield(settling)
        self.tell(change.operation)


def not_made(error: BaseException, *, sent: bool = False) -> dict[str, Any]:
    """What is noted of a change that this kept from being made; `sent` says that a part of it was.

    What no service was asked, none has refused.
    """
    if isinstance(error, InvalidArgument) and not sent:
        return {"state": "dropped", "reason": f"Not sent: {words_of(error)}"}
    return {"state": "refused", "reason": words_of(error)}


def words_of(error: BaseException) -> str:
    """What an error says, with what had been made of a change in several parts, and its link."""
    if isinstance(error, ServiceError):
        link = f"({error.link})" if error.link else ""
        return " ".join(filter(None, (error.progress, error.message, link)))
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return str(error)
