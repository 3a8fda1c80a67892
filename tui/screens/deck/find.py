"""What is chosen in the search: a command carried out, a record opened in its screen."""

from __future__ import annotations

from asyncio import sleep
from time import monotonic

from tui.commands import keys_of, shown_key
from tui.screens.base import DeckScreen
from tui.screens.deck.palette import Offered, SearchPalette
from tui.screens.messages import CommandWanted, hand_over
from tui.widgets.dialog import Dialog
from tui.workspace.search.search import Record

CLOSED_SECONDS = 2.0
"""How long a dialog is waited for that was told to close."""
LOOK_SECONDS = 0.005


async def find(screen: DeckScreen) -> None:
    """Ask what is looked for, and go there. Asked for again it closes."""
    if isinstance(screen.app.screen, SearchPalette):
        screen.app.screen.action_cancel()
        return
    chosen = await screen.ask(SearchPalette(screen))
    if chosen is None:
        return
    if not await _closed(screen):
        screen.app.notify(
            "Answer first what is asked here; then it can be gone to.",
            severity="warning",
            markup=False,
        )
    elif isinstance(chosen, Record):
        screen.workspace.search.opened(chosen)
        await screen.go(chosen.room, chosen.key, chosen.kind)
    else:
        await carry_out(screen, chosen)


async def carry_out(screen: DeckScreen, chosen: Offered) -> None:
    """A command of another screen is carried out there; one that writes acts on what the cursor
    is on, which nobody sees from here: it is only gone to, and its key is said.
    """
    command = chosen.command
    if not chosen.here:
        await screen.go(command.scope)
        if command.danger:
            keys = keys_of(command, screen.workspace.settings.keys)
            there = screen.app.screen
            if isinstance(there, DeckScreen) and keys:
                there.flash(f"{shown_key(keys[0])}: {command.help}")
            return
    await hand_over(screen.app, CommandWanted(command.id))


async def _closed(screen: DeckScreen) -> bool:
    """Leave what is open above the screen, as esc does: what was typed there is kept as a draft.

    False where something is asked that esc does not answer.
    """
    end = monotonic() + CLOSED_SECONDS
    told: set[int] = set()
    while monotonic() < end:
        top = screen.app.screen
        if not isinstance(top, Dialog):
            return len(screen.app.screen_stack) == 1
        if id(top) not in told:
            told.add(id(top))
            top.action_cancel()
        await sleep(LOOK_SECONDS)
    return False
