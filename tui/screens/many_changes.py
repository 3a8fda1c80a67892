"""An action of several changes taken back or made again: how far it is, and esc gives it up."""

from __future__ import annotations

from asyncio import to_thread
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from tui.screens.asking import Asking, Saying
from tui.words import counted
from tui.workspace.problems import GivenUp

if TYPE_CHECKING:
    from tui.workspace.changes.plans import Plan

Work = Callable[["Plan", Callable[[int], object]], Awaitable[str]]


async def carried_out(asker: Asking, plan: Plan, title: str, done: str, work: Work) -> str:
    """Undo or redo an action; what a person should know besides. `done` is what it is then, such
    as "taken back". Only within a command. Raises what the work raises, and GivenUp.
    """
    count = len(plan.changes)
    if count == 1:
        return await work(plan, lambda _number: None)
    saying = Saying()

    def told(number: int) -> None:
        saying.say(f"{number:,} of {counted(count, 'change')} {done} …")

    waits = f"{plan.title}: {counted(count, 'change')} …"
    try:
        with asker.workspace.feed.resting():
            return await asker.wait_for(title, waits, work(plan, told), GivenUp(""), saying)
    except GivenUp:
        # What was on its way just then may have been made.
        history = asker.workspace.history
        await history.outbox.recover()
        before = {one.id: one.state for one in plan.changes}
        now = await to_thread(history.changes.of_group, plan.changes[0])
        made = sum(one.state != before.get(one.id, one.state) for one in now)
        raise GivenUp(
            f"Given up: {made:,} of {counted(count, 'change')} {done}; the same key goes on with"
            " the others."
        ) from None
