"""The list of websocket servers (seed document, "Server Lister"; reference section 1.1)."""

from __future__ import annotations

from starlette.responses import Response

from tui.embedded.igtimi.access import Who
from tui.embedded.igtimi.answers import json_answer
from tui.embedded.igtimi.operations import Call, Operation

DEAD_SERVER = "ws://127.0.0.1:9/live"
"""Port 9 (discard): nothing answers there, as firewalls made of some servers."""


def list_web_sockets(call: Call) -> Response:
    """igtimi.server_listers.web_sockets: needs no token. With quirks the first one is dead."""
    base = "ws" + call.context.base_url.removeprefix("http")
    servers = [f"{base}/igtimi/live", f"{base.replace('127.0.0.1', 'localhost')}/igtimi/live"]
    if call.context.quirks:
        servers.insert(0, DEAD_SERVER)
    return json_answer({"web_socket_servers": servers})


OPERATIONS = (
    Operation(
        "igtimi.server_listers.web_sockets",
        "GET",
        "/server_listers/web_sockets",
        list_web_sockets,
        Who.NOBODY,
    ),
)
