"""The live websocket, `/igtimi/live` (reference/igtimi.md section 1).

Heartbeats `1` go out from the connection on. The client sends one configuration, is answered the
server's clock as a bare integer, and then gets arrays of objects.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import msgspec
from starlette.websockets import WebSocket

from tui.embedded.context import Context
from tui.embedded.igtimi.access import caller_of_token
from tui.embedded.igtimi.live_connection import LiveConnection
from tui.embedded.igtimi.live_messages import StepMessages


class Connection(LiveConnection):
    """A connection in Igtimi's own dialect: the token comes in the one configuration."""

    def __init__(self, context: Context, websocket: WebSocket) -> None:
        super().__init__(context, websocket)
        self._configured = False

    def frames(self, messages: StepMessages, serials: frozenset[str]) -> list[str]:
        """Text frames with JSON arrays."""
        return messages.texts(serials)

    async def on_text(self, text: str) -> None:
        """The configuration; a second one, or what is none, is passed over."""
        configuration = None if self._configured else read_configuration(text)
        if configuration is None:
            return
        self._configured = True
        token, serials = configuration
        caller = None if self.faults.refuse_token else caller_of_token(self.context, token)
        if caller is None:
            self.refuse()
        else:
            await self.subscribe(caller, serials)


def read_json_object(text: str) -> dict[str, object] | None:
    """An object, or None for everything else."""
    try:
        content = msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError):
        return None
    return content if isinstance(content, dict) else None


def read_serials(devices: object) -> list[str] | None:
    """The serial numbers in a configuration's list, or None when it is no list."""
    if not isinstance(devices, list):
        return None
    return [serial for serial in devices if isinstance(serial, str)]


def read_configuration(text: str) -> tuple[str, list[str]] | None:
    """Token and serials of a configuration, or None when it is none.

    The vendor's prose has `auth_token` and `units`, its transcript and every client seen
    `access_token` and `devices` (section 1.3): both are taken.
    """
    content = read_json_object(text) or {}
    token = content.get("access_token", content.get("auth_token"))
    serials = read_serials(content.get("devices", content.get("units")))
    if not isinstance(token, str) or serials is None:
        return None
    return token, serials


def live_endpoint(context: Context) -> Callable[[WebSocket], Awaitable[None]]:
    """The websocket endpoint of a context."""

    async def live(websocket: WebSocket) -> None:
        await Connection(context, websocket).serve()

    return live
