"""What becomes of what waits for an account that is about to be another."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from tui.screens.base import DeckScreen
from tui.widgets.dialogs import Choice
from tui.widgets.outline_model import Node
from tui.words import counted
from tui.workspace.problems import SERVICE_TITLES

if TYPE_CHECKING:
    from tui.workspace.changes.outbox import Ending


async def seen_to(screen: DeckScreen, service: str) -> bool:
    """Ask what becomes of what waits for the account of a service that is about to be another,
    and do that; whether to go on. Nothing is asked where nothing waits."""
    history = screen.workspace.history
    waiting = await history.outbox.waiting_for(service)
    if not waiting:
        return True
    many = counted(len(waiting), "change")
    chosen = await screen.ask(
        Choice(
            f"{SERVICE_TITLES[service]}: {many} not settled",
            [
                Node("send", "Send first", detail="and stay where something cannot be sent"),
                Node("keep", "Keep", detail="for this account, until it is connected again"),
                Node("drop", "Drop", detail="nothing of it is sent"),
            ],
            note="What waits for this account is never sent to another.",
        )
    )
    if chosen is None:
        return False
    left = await history.outbox.before_another(service, cast("Ending", chosen))
    if left:
        words = f"{counted(len(left), 'change')} could not be sent: {left[0].title}."
        screen.flash(f"{words} {left[0].reason} Nothing was changed.".strip(), "warn")
    return not left
