"""Connecting a service from inside the deck: its address and its account."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from tui.config.connect import connection_fields, keep_connection
from tui.config.load import Loaded
from tui.screens.base import DeckScreen
from tui.widgets.dialogs import Choice
from tui.widgets.form_values import FormField
from tui.widgets.outline_model import Node
from tui.workspace.problems import SERVICE_TITLES
from tui.workspace.workspace import SERVICE_OF_ROOM


async def connect(screen: DeckScreen) -> None:
    """Ask for a service's account, keep it in the deck's own file, and use it from now on."""
    connections = screen.workspace.connections
    service = SERVICE_OF_ROOM.get(screen.SCOPE)
    if service is None:
        service = await screen.ask(
            Choice(
                "Connect",
                [
                    Node(one, SERVICE_TITLES[one], detail=connections.state(one))
                    for one in connections.services
                ],
            )
        )
    if service is None:
        return
    chosen = service
    loaded = screen.workspace.loaded
    path = screen.workspace.locations.connections_file

    async def submit(values: Mapping[str, Any]) -> str:
        await asyncio.to_thread(
            keep_connection,
            path,
            chosen,
            {name: str(value or "") for name, value in values.items()},
        )
        await connections.reload()
        return f"{SERVICE_TITLES[chosen]} is set up."

    done = await screen.ask_form(
        f"connect.{chosen}",
        f"Connect {SERVICE_TITLES[chosen]}",
        [_field(loaded, chosen, field.name, field.doc, field.secret) for field in
         connection_fields(chosen)],
        submit,
        save="Connect",
        intro=f"Kept in {path}, readable by you alone. Your own configuration file stands over it.",
    )  # fmt: skip
    if done:
        screen.begin()


def _field(loaded: Loaded, service: str, name: str, doc: str, secret: bool) -> FormField:
    value = "" if secret else str(getattr(getattr(loaded.settings, service), name))
    return FormField(
        name,
        name.replace("_", " ").capitalize(),
        "secret" if secret else "text",
        help=doc,
        default=value,
        limit=500,
    )
