"""Changes of the person's data: written, undone, made again, sent later, looked for."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Sequence
from functools import cached_property, partial
from typing import Any, TypeVar

import msgspec
from msgspec.structs import replace

from tui.services.errors import OutcomeUnknown, ServiceError
from tui.services.operation import following
from tui.store.changes import Change, Changes, State, Wanted
from tui.words import counted
from tui.workspace.changes.arguments import (
    as_data,
    call_with,
    operation_of,
)
from tui.workspace.changes.calls import called, resolved
from tui.workspace.changes.each import Became, send_each
from tui.workspace.changes.errors import Conflict, Gone, ReadOnly, TheirsStay, Waiting
from tui.workspace.changes.here import Here
from tui.workspace.changes.kinds import Data, kind_of
from tui.workspace.changes.outbox import Outbox
from tui.workspace.changes.planning import (
    Call,
    as_it_will_be,
    part_of,
    planned_of,
    with_fresh,
    with_ids,
)
from tui.workspace.changes.quiet import quietly
from tui.workspace.changes.sending import Clients, Sender
from tui.workspace.changes.undoing import Undoing
from tui.workspace.uncollected import uncollected

__all__ = [
    "Became", "Change", "Conflict", "Gone", "History", "ReadOnly", "State", "TheirsStay", "Waiting",
    "Wanted", "following",
]  # fmt: skip

T = TypeVar("T")


class Taken(msgspec.Struct, frozen=True):
    """What was taken back or made again, and what a person should know besides."""

    title: str
    news: str = ""


class History:
    """Every change goes through `write`; what it noted is undone, sent and looked at from here."""

    def __init__(self, changes: Changes, clients: Clients, *, read_only: bool = False) -> None:
        self.changes = changes
        self.clients = clients
        self.read_only = read_only
        self.sender = Sender(changes, clients)

    @cached_property
    def here(self) -> Here:
        """Changes of what is kept on this machine alone."""
        return Here(self.sender, read_only=self.read_only)

    @cached_property
    def undoing(self) -> Undoing:
        """Undo and redo."""
        return Undoing(self.sender, self.here, read_only=self.read_only)

    @cached_property
    def outbox(self) -> Outbox:
        """What waits to be sent, and what nobody knows the outcome of."""
        return Outbox(self.sender, self.here, read_only=self.read_only)

    def on_change(self, listener: Callable[[str], None]) -> Callable[[], None]:
        """Be told the operation id after each change of state; returns what stops that."""
        return self.sender.on_change(listener)

    async def write(
        self,
        title: str,
        call: Call[T],
        *,
        seen: Data | None = None,
        about: Data | None = None,
        unasked: bool = False,
        group: str = "",
    ) -> T:
        """Make one change: `call` is a client's marked method with its arguments.

        `seen` are the fields that change as the person saw them, by the operation's own names
        and in the values that it takes; where they are others by now, the person chooses.
        `about` is what is known of the record and is not sent (see Change). What the program
        does `unasked`, such as marking as read what is looked at, undo passes over. `group` is that
        of other changes that it is one action with.
        Raises ReadOnly; OSError where it cannot be noted (then nothing was sent); Conflict and
        Gone; Waiting where it is kept to be sent later; and what the call raises: OutcomeUnknown
        where the service may have made it, and then the change stays open. Nothing that fails
        after it was made is raised past it.
        """
        if self.read_only:
            raise ReadOnly(f"{title} was not sent: the deck is read-only")
        operation = operation_of(call)
        kind = kind_of(operation.id)
        call = with_fresh(call, kind)
        planned = replace(self._planned(title, call, about, passed=unasked), group=group)
        if kind.turns_over and seen is not None:
            planned = replace(planned, wanted={kind.turns_over: not seen.get(kind.turns_over)})
        behind, newest = False, None
        if planned.records and (seen is not None or kind.read is not None):
            # What is compared with nothing needs no look before: where an earlier change of its
            # record is not settled, it is begun as waiting.
            glance = partial(self.changes.glance, planned.owner, planned.records)
            behind, newest = await self.sender.thread.give(glance).end()
        before = None if seen is None else as_data(seen)
        if behind:
            # It is compared when it is sent.
            if before is not None:
                earlier = await asyncio.to_thread(self.changes.still_open)
                before = as_it_will_be(earlier, planned, before)
            raise await self.sender.begin_behind([replace(planned, before=before)])
        change = planned
        try:
            change = await self.sender.look(planned, before)
        except ServiceError as error:
            # Where nobody saw what stood there nothing is written over unseen: it is sent, and
            # the service says itself what it thinks of it.
            if before is not None:
                if not self.sender.may_wait(planned, error):
                    raise
                waiting = replace(planned, state="waiting", before=before)
                (begun,) = await self.sender.begin([waiting])
                raise await self.sender.keep_waiting(begun, error) from error
        (begun,) = await self.sender.begin([change], newest=newest)
        if begun.state != "sending":
            raise await self.sender.keep_behind(begun)
        if change.arguments is planned.arguments:
            return await self.sender.send(begun, quietly(call, begun.hidden))
        client = await self.clients.of(operation.service)
        merged = partial(client.methods[operation.id], **call_with(operation, change.arguments))
        return await self.sender.send(begun, merged)

    async def keep(
        self,
        title: str,
        call: Call[Any],
        *,
        held: bool,
        reason: str,
        about: Data | None = None,
        seen: Data | None = None,
        **more: str,
    ) -> Change:
        """Note a change that is not to be sent now; where it is `held` it is not sent by itself.

        `about` and `seen` are those of `write`; what was seen is compared when it is sent. `more`
        are other fields of it: its `id`, the `record` that it is about where its kind does not
        say, the `group` that it is one action with. Raises ReadOnly, OSError.
        """
        if self.read_only:
            raise ReadOnly(f"{title} was not noted: the deck is read-only")
        planned = self._planned(title, call, about)
        before = None if seen is None else as_data(seen)
        waiting = replace(planned, state="waiting", held=held, reason=reason, before=before, **more)
        (kept,) = await self.sender.begin([waiting])
        self.sender.tell(kept.operation)
        return kept

    async def write_all(
        self,
        title: str,
        calls: Sequence[Call[Any]],
        *,
        alike: bool = False,
        seen: Sequence[Data] = (),
        about: Data | None = None,
    ) -> list[Any]:
        """Make several changes that are one action of the person: one step of undo.

        An argument may be `Told`: what the answer to an earlier one tells. All are noted before
        the first is sent. Where one is refused, those behind it are dropped, and the error says
        what had been made; where one waits or is not known, those behind it wait for it.
        Where they are `alike`, the title is what each of them is called.
        `seen` are the fields as the person saw them, for each call: where it is given, all are
        looked at before any is sent. `about` is the same for all of them.
        Returns the results in order. Raises as `write` does.
        """
        if self.read_only:
            raise ReadOnly(f"{title} was not sent: the deck is read-only")
        planned = self._one_action(title, calls, alike=alike, about=about)
        if seen:
            planned = await self._looked_at(planned, [as_data(one) for one in seen])
        begun = await self.sender.begin(planned)
        if begun and begun[0].state != "sending":
            raise await self.sender.keep_behind(begun[0])
        results: list[Any] = []
        for number, change in enumerate(begun):
            try:
                results.append(await self._send_part(change, first=not number))
            except (Waiting, OutcomeUnknown):
                raise
            except BaseException as error:
                # Refused, or given up: those behind it are not sent later by themselves.
                for later in begun[number + 1 :]:
                    await asyncio.shield(
                        self.sender.settle(
                            later, state="dropped", reason="What comes before it was not made."
                        )
                    )
                if number and isinstance(error, ServiceError):
                    error.progress = f"{number} of {counted(len(begun), 'part')} were made."
                raise
        return results

    def _one_action(
        self, title: str, calls: Sequence[Call[Any]], *, alike: bool, about: Data | None
    ) -> list[Change]:
        """The changes of `write_all`, as they are noted: each needs the one before it."""
        group = os.urandom(6).hex()
        planned: list[Change] = []
        for number, call in enumerate(calls):
            named = title if alike or not number else f"{title}: {part_of(call)}"
            call = with_fresh(call, kind_of(operation_of(call).id))
            change = self._planned(named, call, about)
            planned.append(
                replace(
                    change,
                    arguments=with_ids(change.arguments, planned),
                    group=group,
                    needs=planned[-1].id if planned else "",
                )
            )
        return planned

    async def _send_part(self, change: Change, *, first: bool) -> Any:
        """Send one of them, with what the answers to earlier ones told; returns its own answer.
        Raises Waiting where another took it meanwhile, and as `Sender.send` does."""
        taken = change
        if not first:
            claimed = await asyncio.to_thread(self.changes.claim, change.id)
            if claimed is None:
                raise await self.sender.keep_part(change)
            taken = claimed
        arguments = await resolved(self.changes, taken.arguments)
        client = await self.clients.of(taken.service)
        return await self.sender.send(
            replace(taken, arguments=arguments),
            partial(called, client, taken.operation, arguments),
        )

    async def write_each(
        self,
        title: str,
        calls: Sequence[Call[Any]],
        *,
        seen: Sequence[Data] = (),
        noted: Callable[[Sequence[Change]], object] = lambda _begun: None,
        told: Callable[[int], object] = lambda _done: None,
        group: str = "",
    ) -> list[Became]:
        """Make several changes that are one action, of which each stands for itself: one step of
        undo, and a refused one keeps none of the others back.

        All are on the disk as waiting before the first is sent, so that what a break leaves is
        sent later, once. `seen` are the fields as the person saw them, for each call: an undo
        brings them back. `noted` hears all in a thread before they are there, by the ids that they
        will have, and may raise OSError: then nothing is. `told` hears how many were settled.
        `group` is that of the action that they belong to, where it has begun already. Where one
        cannot leave, it waits with all behind it. Who is given up drops those that were not sent.
        Raises ReadOnly, OSError.
        """
        if self.read_only:
            raise ReadOnly(f"{title} was not sent: the deck is read-only")
        group = group or os.urandom(6).hex()
        planned: list[Change] = []
        fresh: list[Call[Any]] = []
        for number, call in enumerate(calls):
            fresh.append(with_fresh(call, kind_of(operation_of(call).id)))
            before = as_data(seen[number]) or None if seen else None
            planned.append(
                replace(
                    self._planned(title, fresh[-1]), state="waiting", group=group, before=before
                )
            )
            # There may be much in each: keys are not held up by all of them together.
            await asyncio.sleep(0)
        # Before they are on the disk: a break between the two leaves nothing that is sent later and
        # that nobody knows of, who would make it a second time.
        await asyncio.to_thread(noted, planned)
        # What waits here for its turn is this one's to send, and not the pump's.
        with self.outbox.leaving(one.id for one in planned):
            with uncollected():
                begun = await self.sender.begin(planned)
            return await send_each(self.sender, begun, fresh, told)

    async def undo(self) -> Taken | None:
        """Take back the latest action, whatever it is; None where there is none.

        Raises NoWayBack, ReadOnly, Conflict, Gone, and what the calls raise.
        """
        plan = await self.undoing.next_undo()
        return None if plan is None else Taken(plan.title, await self.undoing.undo(plan))

    async def redo(self) -> Taken | None:
        """Make the action again that was undone last; None where there is none."""
        plan = await self.undoing.next_redo()
        return None if plan is None else Taken(plan.title, await self.undoing.redo(plan))

    async def close(self) -> None:
        """Let go of the file; the next use opens it again."""
        await asyncio.to_thread(self.changes.close)

    def _planned(
        self, title: str, call: Call[Any], about: Data | None = None, *, passed: bool = False
    ) -> Change:
        account = self.clients.account(operation_of(call).service)
        return planned_of(account, title, call, about, passed=passed)

    async def _looked_at(self, planned: Sequence[Change], seen: Sequence[Data]) -> list[Change]:
        """Changes of one action, each with what stands there now. Raises as `write` does."""
        looked: list[Change] = []
        still_open = await asyncio.to_thread(self.changes.still_open)
        waiting = [
            replace(one, state="waiting", before=as_it_will_be(still_open, one, fields))
            for one, fields in zip(planned, seen, strict=True)
        ]
        records = [record for change in planned for record in change.records]
        behind, _ = await asyncio.to_thread(self.changes.glance, planned[0].owner, records)
        if behind:
            raise await self.sender.begin_behind(waiting)
        for change, saw in zip(planned, seen, strict=True):
            try:
                looked.append(await self.sender.look(change, saw))
            except ServiceError as error:
                if not self.sender.may_wait(change, error):
                    raise
                first, *_rest = await self.sender.begin(waiting)
                raise await self.sender.keep_waiting(first, error) from error
        return looked
