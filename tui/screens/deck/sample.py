"""Clearing or resetting the sample data of the embedded services."""

from __future__ import annotations

from asyncio import to_thread

from tui.screens.base import DeckScreen
from tui.screens.messages import StartOver
from tui.widgets.dialogs import Choice, Confirm
from tui.widgets.outline_model import Node


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
    sure = await screen.ask(
        Confirm(
            "Sample data",
            f"{action.capitalize()} the embedded services?",
            loses="Everything in them goes, what you entered too. This cannot be undone.",
            yes=f"{action.capitalize()} everything",
            typed_name=action,
        )
    )
    if not sure:
        return
    await connections.embedded.change_sample("clear" if action == "clear" else "reset")
    await screen.workspace.reads.forget("")
    await to_thread(screen.workspace.keeping.forget_records, "")
    screen.app.post_message(
        StartOver(connections.loaded, "Done. The embedded services begin anew.")
    )
