"""Connecting a service from inside the deck: its address and its account; and disconnecting it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from tui.config.connect import connection_fields
from tui.config.load import Loaded
from tui.screens.base import DeckScreen
from tui.screens.deck.left_open import seen_to
from tui.screens.messages import StartOver
from tui.widgets.dialogs import Choice, Confirm
from tui.widgets.form_values import FormField
from tui.widgets.outline_model import Node
from tui.workspace.accounts import standing
from tui.workspace.problems import SERVICE_TITLES, GivenUp
from tui.workspace.workspace import SERVICE_OF_ROOM

CONNECT, DISCONNECT = "connect", "disconnect"


async def connect(screen: DeckScreen, losses: str) -> None:
    """Ask for a service's account, try it, keep it, and begin anew with it; or disconnect it.

    `losses` is what would end with all that is shown of the former account.
    """
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
    wanted: str | None = CONNECT
    if connections.loaded.configured(service):
        wanted = await screen.ask(
            Choice(
                f"{SERVICE_TITLES[service]}: {connections.state(service)}",
                [
                    Node(CONNECT, "Connect", detail="as another user or at another address"),
                    Node(DISCONNECT, "Disconnect", detail="forget what the deck keeps of it"),
                ],
            )
        )
    if wanted == CONNECT:
        await _connect(screen, service, losses)
    elif wanted == DISCONNECT:
        await _disconnect(screen, service, losses)


async def _connect(screen: DeckScreen, service: str, losses: str) -> None:
    accounts, title = screen.workspace.accounts, SERVICE_TITLES[service]
    loaded = screen.workspace.loaded
    path = screen.workspace.locations.connections_file
    connections = screen.workspace.connections
    hides = accounts.hides_embedded(service)
    for one in connections.services:
        left = one == service or (hides and connections.uses_embedded(one))
        if left and connections.connected(one) and not await seen_to(screen, one):
            return
    if losses and not await screen.ask(
        Confirm("Connect", f"Connect {title}?", loses=losses, yes="connect")
    ):
        return
    hidden = (
        " The embedded services will be hidden then, what you entered there is kept;"
        ' use = "always" in [embedded] of your configuration goes on showing them.'
    )
    found = ""

    async def submit(values: Mapping[str, Any]) -> str:
        nonlocal found
        typed = {name: str(value or "") for name, value in values.items()}
        tried = await screen.wait_for(
            f"Connect {title}",
            f"Trying {title}",
            accounts.try_out(service, typed),
            GivenUp(
                "this account was not tried to the end, and nothing was kept",
                service=service,
                advice="Correct what you typed, or try again.",
            ),
        )
        await accounts.keep(tried)
        found = tried.found
        return ""

    done = await screen.ask_form(
        f"connect.{service}",
        f"Connect {title}",
        [_field(loaded, service, one.name, one.doc, one.secret) for one in
         connection_fields(service)],
        submit,
        save="Connect",
        intro=f"It is tried first, then kept in {path}, readable by you alone. Your own"
        " configuration file stands over it."
        + (hidden if accounts.hides_embedded(service) else ""),
    )  # fmt: skip
    if done:
        again = await asyncio.to_thread(loaded.again)
        _start_over(screen, again, f"{title} is set up: {found}.")


async def _disconnect(screen: DeckScreen, service: str, losses: str) -> None:
    accounts, title = screen.workspace.accounts, SERVICE_TITLES[service]
    elsewhere = standing(accounts.stands_elsewhere(service))
    if not accounts.is_kept(service):
        await screen.read(
            f"Disconnect {title}",
            f"{title} is not set up by the deck: {elsewhere}. Remove it there, then start anew.",
        )
        return
    sure = await screen.ask(
        Confirm(
            "Disconnect",
            f"Disconnect {title}?"
            + (
                f" It stays set up where the deck changes nothing: {elsewhere}."
                if elsewhere
                else ""
            ),
            loses="The deck forgets the address, the account and what it kept of its answers."
            f" Nothing changes at the service. {losses}".rstrip(),
            yes="disconnect",
        )
    )
    if not sure:
        return
    if not await seen_to(screen, service):
        return
    await accounts.disconnect(service)
    loaded = await asyncio.to_thread(screen.workspace.loaded.again)
    more = f" It is still set up: {elsewhere}." if elsewhere else ""
    if not loaded.any_service_configured and loaded.settings.embedded.use == "auto":
        more = " The embedded services are used again."
    _start_over(screen, loaded, f"{title} is disconnected.{more}")


def _start_over(screen: DeckScreen, loaded: Loaded, news: str) -> None:
    """Have everything made anew with the settings as they are now."""
    # Not handed over: this runs within the screen, which goes.
    screen.app.post_message(StartOver(loaded, news))


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
