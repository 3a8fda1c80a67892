"""Undo and redo, over all services, in order, from what is kept on the disk."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from time import monotonic
from typing import Any

from msgspec.structs import replace

from tui.services.errors import (
    AuthenticationFailed,
    NotFound,
    NotNow,
    OutcomeUnknown,
    RateLimited,
    Refused,
    ServiceError,
)
from tui.store.changes import AlreadyTaken, Change, Step
from tui.words import counted
from tui.workspace.changes.calls import called, resolved
from tui.workspace.changes.errors import Conflict, ReadOnly
from tui.workspace.changes.goes_with import lost_with
from tui.workspace.changes.here import Here
from tui.workspace.changes.keeping import is_here
from tui.workspace.changes.kinds import Performed, kind_of, performer_of
from tui.workspace.changes.plans import Plan
from tui.workspace.changes.sending import NOTHING_SENT, Sender

SENDING_SECONDS = 3.0
"""How long undo waits for the outcome of what is being sent just now."""
LOOK_SECONDS = 0.05
"""Between two looks meanwhile: another deck may be the one who sends it."""

MOST_REASONS = 3
"""Other reasons that are told where several changes stay."""
LEFT = "What is refused stays as it is now."
ANOTHER = "It belongs to another account, or to embedded data that is there no more."


class NoWayBack(Refused):
    """Nothing takes this change back."""

    kind = "no way back"
    default_advice = "Pass it over to undo what was done before it."


class Undoing:
    """Takes changes back and makes them again."""

    def __init__(self, sender: Sender, here: Here, *, read_only: bool) -> None:
        self._sender = sender
        self._here = here
        self._changes = sender.changes
        self._read_only = read_only
        self._one_at_a_time = asyncio.Lock()

    async def next_undo(self) -> Plan | None:
        """What undo would take back; None when there is nothing."""
        last = await asyncio.to_thread(self._changes.last_to_undo, self._sender.owners())
        while last is not None and not kind_of(last.operation).counts:
            await self._sender.amend(last.id, last.state, passed=True)
            last = await asyncio.to_thread(self._changes.last_to_undo, self._sender.owners())
        return None if last is None else await self.plan_of(last)

    async def next_undo_once_sent(self) -> Plan | None:
        """The same for who is about to undo: what is being sent just now is waited for a moment,
        since it can be taken back once its outcome is known."""
        end = monotonic() + SENDING_SECONDS
        plan = await self.next_undo()
        while plan is not None and plan.is_being_sent and monotonic() < end:
            await asyncio.sleep(LOOK_SECONDS)
            plan = await self.next_undo()
        return plan

    async def plan_of(self, change: Change) -> Plan:
        """What taking back one change, and what was done with it, would mean."""
        group = await asyncio.to_thread(self._changes.of_group, change)
        parts = [one for one in reversed(group) if one.is_open or one.state == "done"]
        if change.owner not in self._sender.owners():
            return Plan(tuple(parts) or (change,), cannot=ANOTHER)
        if not parts:
            return Plan((change,), cannot=f"There is nothing to take back: it is {change.state}.")
        unknown = next((one for one in parts if one.state in ("unknown", "sending")), None)
        if unknown is not None:
            words = "Nobody knows whether it was made. " + unknown.reason
            if unknown.state == "sending":
                words = "It is being sent just now."
            return Plan(tuple(parts), cannot=words.strip())
        none = next((one for one in parts if one.state == "done" and one.inverse is None), None)
        inexact = " ".join(
            one.inverse.inexact for one in parts if one.inverse and one.inverse.inexact
        )
        cannot = none.no_inverse or "Nothing takes it back." if none else ""
        for one in parts:
            if not cannot and one.state == "done" and one.inverse is not None:
                step = one.inverse
                cannot = await self._sender.forbidden(step.operation, step.arguments)
        lost = await asyncio.to_thread(lost_with, self._changes, parts)
        inexact = f"{inexact} {lost}".strip()
        elsewhere = not all(map(self._changes.is_own, parts))
        return Plan(tuple(parts), cannot=cannot, inexact=inexact, elsewhere=elsewhere)

    async def pass_over(self, plan: Plan) -> None:
        """A person's word: undo goes on with what was done before this."""
        await self._set_aside(plan, True)

    async def _set_aside(self, plan: Plan, passed: bool) -> None:
        """Whether undo passes over what is left of an action."""
        for change in plan.changes:
            await self._sender.amend(change.id, change.state, passed=passed)

    async def undo(self, plan: Plan, told: Callable[[int], object] = lambda _done: None) -> str:
        """Take back an action; what a person should know besides, in sentences, or "". `told` hears
        how many of its changes were taken back.

        What cannot be taken back says why, and its other changes are taken back all the same. What
        is left is offered once more where some of it was; else it steps aside, so that the next
        undo is for what was done before it. Raises NoWayBack, Conflict, Gone, and what the calls
        raise.
        """
        self._may("undone")
        if plan.cannot:
            raise NoWayBack(f"{plan.title}: {plan.cannot}")
        async with self._one_at_a_time:
            done: list[Change] = []
            try:
                return await self._each(plan, self._undo_one, "taken back", told, done, stay=True)
            except ServiceError as error:
                # What is not known is looked for, and undo then goes on with the other parts. A
                # person who was asked and keeps theirs is not asked again.
                asked = self._sender.resolve is not None
                if error.advice == Refused.default_advice:
                    error.advice = LEFT
                if steps_aside(error, asked=asked) and not isinstance(error, OutcomeUnknown):
                    await self._set_aside(plan, not done or isinstance(error, Conflict))
                raise

    async def next_redo(self) -> Plan | None:
        """What redo would make again; None when there is nothing, or something new was done."""
        last = await asyncio.to_thread(self._changes.last_to_redo, self._sender.owners())
        if last is None:
            return None
        group = await asyncio.to_thread(self._changes.of_group, last)
        parts = tuple(one for one in group if one.state == "undone")
        secret = next((one for one in parts if one.hidden), None)
        cannot = "" if secret is None else "It held a secret, which is not kept."
        return Plan(parts, cannot=cannot)

    async def redo(self, plan: Plan, told: Callable[[int], object] = lambda _done: None) -> str:
        """Make an action again that was undone. Raises as `undo` does."""
        self._may("made again")
        if plan.cannot:
            raise NoWayBack(f"{plan.title}: {plan.cannot}")
        async with self._one_at_a_time:
            return await self._each(plan, self._redo_one, "made again", told, [])

    # -- within ---------------------------------------------------------------------------------

    def _may(self, what: str) -> None:
        if self._read_only:
            raise ReadOnly(f"nothing was {what}: the deck is read-only")

    async def _each(
        self,
        plan: Plan,
        one: Callable[[Change, str], Awaitable[str]],
        what: str,
        told: Callable[[int], object],
        done: list[Change],
        *,
        stay: bool = False,
    ) -> str:
        """Do one after the other, what was is put into `done`. With `stay` what cannot be done
        keeps no other one back, but of the same record: that lies under it. Raises the error that
        ended it, else the first.
        """
        # What takes back several is several as well, and one action of a person.
        count, group = len(plan.changes), os.urandom(6).hex() if len(plan.changes) > 1 else ""
        news: dict[str, None] = {}
        stayed: list[ServiceError] = []
        under: set[str] = set()
        for change in plan.changes:
            if under.intersection(change.records):
                continue
            try:
                # What came before it may have given its record another id.
                now = await asyncio.to_thread(self._changes.get, change.id)
                news[await one(now or change, group)] = None
            except ServiceError as error:
                stayed.append(error)
                under.update(change.records)
                asked = self._sender.resolve is not None
                if stay and count > 1 and is_for_one(error, asked=asked):
                    continue
                # It would be so for all that follow.
                stayed.insert(0, stayed.pop())
                break
            done.append(change)
            told(len(done))
        if stayed:
            others = {error.message: None for error in stayed if error.message != stayed[0].message}
            if count > 1 and (done or len(stayed) > 1):
                also = "".join(f" Also: {one}." for one in [*others][:MOST_REASONS])
                more = len(others) - MOST_REASONS
                also += f" And {counted(more, 'more reason')}." if more > 0 else ""
                stayed[0].progress = f"{len(done):,} of {count:,} were {what}.{also}"
            raise stayed[0]
        return " ".join(filter(None, news))

    async def _undo_one(self, change: Change, group: str) -> str:
        if change.state == "waiting":
            return await self._not_send(change, group)
        if change.state == "undone":
            raise Refused(f"{change.title}: it was taken back meanwhile.", advice=NOTHING_SENT)
        step = change.inverse
        if step is None:
            raise NoWayBack(f"{change.title}: {change.no_inverse}")
        back = self._following(change, step, f"Undo: {change.title}", group, undoes=change.id)
        made = change.after if change.after is not None else kind_of(change.operation).made(change)
        try:
            performed = await self._carry_out(back, step, made)
        except ServiceError as error:
            if steps_aside(error, asked=self._sender.resolve is not None):
                await self._sender.amend(change.id, "done", passed=True)
            raise
        self._sender.tell(change.operation)
        return performed.news or step.inexact

    async def _redo_one(self, change: Change, group: str) -> str:
        if not change.was_made:
            waits = {"state": "waiting", "passed": False, "settled": None}
            await self._sender.amend(change.id, "undone", **waits)
            return "It waits to be sent again."
        if change.state != "undone":
            raise Refused(f"{change.title}: it was made again meanwhile.", advice=NOTHING_SENT)
        kind = kind_of(change.operation)
        arguments = {**change.arguments, **(kind.fresh(change.arguments) if kind.fresh else {})}
        step = Step(operation=change.operation, arguments=arguments, about=change.about)
        again = self._following(change, step, change.title, group, redoes=change.id)
        seen = change.before and kind.left(change.before)
        await self._carry_out(again, step, seen)
        self._sender.tell(change.operation)
        return ""

    async def _not_send(self, change: Change, group: str) -> str:
        """What only waits is taken back by not sending it."""
        taken = await self._sender.amend(
            change.id, "waiting", state="undone", settled=datetime.now(UTC)
        )
        if taken is None:
            raise Refused(f"{change.title} is being sent just now.", service=change.service)
        note = self._following(
            change,
            Step(operation=change.operation),
            f"Undo: {change.title}",
            group,
            undoes=change.id,
        )
        await self._sender.begin([replace(note, state="done")])
        self._sender.tell(change.operation)
        return "It had not been sent yet, and is not sent any more."

    def _following(
        self,
        change: Change,
        step: Step,
        title: str,
        group: str,
        *,
        undoes: str = "",
        redoes: str = "",
    ) -> Change:
        kind = kind_of(step.operation)
        return Change(
            id=os.urandom(6).hex(),
            sequence=0,
            time=datetime.now(UTC),
            owner=change.owner,
            operation=step.operation,
            title=title,
            arguments=step.arguments,
            record=change.record,
            also=change.also,
            about=step.about,
            group=group,
            wanted=change.wanted if redoes else {} if step.way else kind.fields_of(step.arguments),
            undoes=undoes,
            redoes=redoes,
        )

    async def _carry_out(self, planned: Change, step: Step, seen: Any) -> Performed:
        """Look, note, send and settle one step back or forth."""
        if self._sender.clients.account(planned.service) != planned.owner:
            raise Refused(
                f"{planned.title}: it belongs to another account.", service=planned.service
            )
        _, newest = await asyncio.to_thread(self._changes.glance, planned.owner, planned.records)
        if not step.way:
            planned = await self._sender.look(planned, seen, undoing=True)
        try:
            (begun,) = await self._sender.begin([planned], newest=newest)
        except AlreadyTaken as error:
            still_open = await asyncio.to_thread(self._changes.still_open)
            why = "somebody else did that just now, or is about to."
            if any(planned.undoes == one.undoes and one.state == "unknown" for one in still_open):
                why = "nobody knows whether it was done: look at it in Changes first."
            raise Refused(
                f"{planned.title}: {why}", advice=NOTHING_SENT, service=planned.service
            ) from error
        if begun.state != "sending":
            raise Refused(
                f"{planned.title}: an earlier change of the same record is not settled.",
                advice="Look at it in Changes first.",
            )
        if is_here(begun.operation):
            await self._here.follow(begun)
            return Performed()
        performed: list[Performed] = []

        async def action() -> Any:
            # Whatever fails from here on settles it: else it would count as being sent.
            client = await self._sender.clients.of(planned.service)
            arguments = await resolved(self._changes, begun.arguments)
            if not step.way:
                return await called(client, step.operation, arguments)
            performed.append(await performer_of(step)(client, replace(step, arguments=arguments)))
            return performed[0]

        await self._sender.send(begun, action)
        return performed[0] if performed else Performed()


def is_for_one(error: ServiceError, *, asked: bool) -> bool:
    """Whether an error is for the one change alone that could not be taken back, so that others may
    be: the service's own no, or that it is another by now."""
    if isinstance(error, Conflict):
        return asked
    return isinstance(error, (Refused, NotFound)) and not isinstance(error, NotNow)


def steps_aside(error: ServiceError, *, asked: bool) -> bool:
    """Whether what could not be taken back is passed over by the next undo.

    Not where trying again may help; nor where a person has not been asked yet.
    """
    if isinstance(error, Conflict):
        return asked
    if isinstance(error, (AuthenticationFailed, NotNow, RateLimited)):
        return False
    return error.nothing_done or isinstance(error, OutcomeUnknown)
