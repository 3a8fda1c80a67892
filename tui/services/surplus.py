"""More than one answer to one request: what came too much must never be the next one's answer.

A server or a proxy that answers twice leaves its second answer on the connection. Whoever reads
there first takes it for their own, be it a change that was refused. Both ways to a service keep
such bytes for the next request, so a connection that has some is closed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import h11

_TO_CONNECTION = ("_stream", "_httpcore_stream", "_stream", "_connection")
"""From an answer's body to the connection: httpx and httpcore have no public way there."""


def has_more(protocol: h11.Connection) -> bool:
    """Whether bytes came behind the answer that has been read to its end."""
    return bool(protocol.trailing_data[0])


async def give_up_surplus(body: Any, extensions: Mapping[str, Any]) -> None:
    """Close the connection of an answer that has been read to its end where more came on it.

    `body` is its stream, `extensions` what httpx tells of it. Where it cannot be seen what came
    the connection is closed as well: that costs no more than to connect anew.
    """
    wire = extensions.get("network_stream")
    if wire is None:
        # The line has looked itself; what a test answers has no connection.
        return
    for name in _TO_CONNECTION:
        body = getattr(body, name, None)
    protocol: h11.Connection | None = getattr(body, "_h11_state", None)
    if protocol is None or has_more(protocol):
        await wire.aclose()
