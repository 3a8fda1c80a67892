"""Clearing or resetting the sample data of the embedded services."""

from __future__ import annotations

import asyncio

from tui.screens.base import DeckScreen
from tui.screens.deck.standing import GONE
from tui.screens.messages import StartOver
from tui.widgets.dialogs import Choice, Confirm
from tui.widgets.outline_model import Node
from tui.words import counted


async def change_sample(screen: DeckScreen) -> None:
    """Ask which, ask again because all data goes, then do it. Only on the embedded services."""
    connections = screen.workspace.connections
    if not any(connections.uses_embedded(service) for service in connections.services):
        screen.flash("The embedded services are not in use: there is no sample to change.", "warn")
        return
    action = await screen.ask(
        Choice(
            "Sample data",
            [
                Node("clear", "Clear", detail="begin with empty services of your own"),
                Node("reset", "Reset", detail="begin again with the sample"),
            ],
        )
    )
    if action not in ("clear", "reset"):
        return
    waiting = [
        one
        for service in connections.services
        if connections.uses_embedded(service)
        for one in await screen.workspace.history.outbox.waiting_for(service)
    ]
    dropped = f" {counted(len(waiting), 'change')} not sent yet will never be." if waiting else ""
    sure = await screen.ask(
        Confirm(
            "Sample data",
            f"{action.capitalize()} the embedded services?",
            loses="Everything in them goes, what you entered too; real boats and their sessions"
            " stay. This cannot be undone, nor can anything that was done there before."
            f"{dropped}",
            yes=f"{action.capitalize()} everything",
            typed_name=action,
        )
    )
    if not sure:
        return
    if connections.uses_embedded("timetonic"):
        await asyncio.to_thread(connections.session_file.forget)
    await connections.embedded.change_sample("clear" if action == "clear" else "reset")
    await screen.workspace.history.outbox.give_up(connections.is_gone, GONE)
    await screen.workspace.reads.forget("")
    await asyncio.to_thread(screen.workspace.keeping.forget_records, "")
    screen.app.post_message(
        StartOver(connections.loaded, "Done. The embedded services begin anew.")
    )
