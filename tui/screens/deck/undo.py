"""Undo and redo of the whole deck: what would be taken back is said, and asked where one may not
think of it."""

from __future__ import annotations

from asyncio import to_thread
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from tui.commands import SCREENS
from tui.screens.base import DeckScreen, deck_screen
from tui.screens.deck.own import Own, anything_since, to_redo, to_undo
from tui.screens.many_changes import Work, carried_out
from tui.spoken_keys import key_for
from tui.widgets.dialogs import Confirm
from tui.workspace.problems import EXPECTED, SERVICE_TITLES, ServiceError
from tui.workspace.workspace import SERVICE_OF_ROOM

if TYPE_CHECKING:
    from tui.workspace.changes.plans import Plan
    from tui.workspace.changes.standing import OwnStep

SHOWN_ON = {**SERVICE_OF_ROOM, "today": "trackmypeople", "timesheet": "timesheets"}
"""The service whose changes are made on a screen; on Today that is the timer. Timesheet shows two
services, and enters into one."""
PASS_KEY = "p"


async def undo(screen: DeckScreen) -> None:
    """Take back what was done last; ask where a person may not think of it."""
    from tui.workspace.changes.standing import asks

    undoing = screen.workspace.history.undoing
    passed: list[Plan] = []
    while True:
        plan = await undoing.next_undo_once_sent()
        if await _own(screen, await to_thread(to_undo, screen.workspace, plan)):
            return
        if plan is None:
            said = (
                "Nothing more to undo." if passed else "Nothing to undo: nothing was changed yet."
            )
            screen.flash(said, "warn")
            return
        if not plan.cannot:
            break
        if await screen.instead_of_undo(plan, passed) or not await _passed_over(screen, plan):
            return
        await undoing.pass_over(plan)
        passed.append(plan)
    why = asks(plan, datetime.now(UTC), elsewhere=_elsewhere(screen, plan))
    # What comes after one that was passed over has not been shown yet.
    if (why or passed) and not await _sure(screen, "Undo", f"Take back: {plan.title}?", why):
        return
    await _carried_out(screen, plan, "Undone", undoing.undo)


async def _own(
    screen: DeckScreen, found: tuple[Own, OwnStep] | None, *, again: bool = False
) -> bool:
    """Take a step back that is no change of a service, or make it `again`; whether there is one."""
    if found is None:
        return False
    own, step = found
    what, verb = ("Redo", "Make again") if again else ("Undo", "Take back")
    question = f"{verb}: {step.title}?"
    elsewhere = screen.SCOPE not in own.shown_on
    if elsewhere and not await _sure(screen, what, question, own.words):
        return True
    await (own.redo if again else own.undo)(screen.workspace)
    screen.post_message(own.changed())
    screen.flash(f"{'Made again' if again else 'Undone'}: {step.title}.", "good")
    screen.resume()
    return True


async def redo(screen: DeckScreen) -> None:
    """Make again what was taken back last."""
    undoing = screen.workspace.history.undoing
    plan = await undoing.next_redo()
    if await _own(screen, await to_thread(to_redo, screen.workspace, plan), again=True):
        return
    if plan is None or await to_thread(anything_since, screen.workspace, plan):
        screen.flash("Nothing to make again: nothing was undone, or something was done since.",
                     "warn")  # fmt: skip
        return
    elsewhere = _elsewhere(screen, plan)
    why = f"It is on {elsewhere}." if elsewhere else ""
    if why and not await _sure(screen, "Redo", f"Make again: {plan.title}?", why):
        return
    await _carried_out(screen, plan, "Made again", undoing.redo)


async def _carried_out(screen: DeckScreen, plan: Plan, done: str, work: Work) -> None:
    """Do it, and say what came of it on whatever screen the person is by then."""
    from tui.workspace.changes.undoing import steps_aside

    title, made = ("Undo", "taken back") if done == "Undone" else ("Redo", "made again")
    try:
        news = await carried_out(screen, plan, title, made, work)
    except EXPECTED as error:
        here = deck_screen(screen.app) or screen
        aside = ""
        if done == "Undone" and isinstance(error, ServiceError) and steps_aside(error, asked=True):
            left = await here.workspace.history.undoing.next_undo()
            if left is not None and {*_ids(left)} & {*_ids(plan)}:
                aside = f"{key_for('deck.undo')} tries the rest once more."
            else:
                then = (await here.workspace.stand.look()).undo
                aside = "The next undo is for what was done before it"
                aside = f"{aside}: {then}." if then else f"{aside}."
        here.resume()
        await here.tell_failure(title, error, aside)
    else:
        here = deck_screen(screen.app) or screen
        here.flash(f"{done}: {plan.title}. {news}".strip(), "good")
        here.resume()


def _ids(plan: Plan) -> list[str]:
    return [one.id for one in plan.changes]


async def _passed_over(screen: DeckScreen, plan: Plan) -> bool:
    """Whether a person lets undo go on with what was done before this."""
    question = Confirm(
        "Undo",
        f"{plan.title}: this cannot be taken back.",
        loses=plan.cannot,
        yes="pass it over",
        no="leave it",
        key=PASS_KEY,
    )
    sure = await screen.ask(question)
    return bool(sure)


async def _sure(screen: DeckScreen, title: str, question: str, why: str) -> bool:
    sure = await screen.ask(Confirm(title, question, loses=why, no="leave it"))
    return bool(sure)


def _elsewhere(screen: DeckScreen, plan: Plan) -> str:
    """The screens that show what it is about, in words, where this is none of them."""
    if screen.SCOPE == "changes" or plan.services == {SHOWN_ON.get(screen.SCOPE)}:
        return ""
    rooms = {service: room for room, service in reversed(SERVICE_OF_ROOM.items())}
    return " and ".join(
        f"{SCREENS[rooms[service]]} ({SERVICE_TITLES[service]})"
        for service in sorted(plan.services)
    )
