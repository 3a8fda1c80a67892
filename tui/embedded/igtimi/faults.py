"""What tests can make the live feed do wrong, and how patient it is.

Both objects are in `context.state`, as `igtimi.faults` and `igtimi.timing`; each new connection
reads them when it opens.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class Faults:
    """Misbehaviour of the live feed. Nothing of it happens unless it is switched on."""

    drop_after: int | None = None
    """Close the connection after this many frames of any kind."""
    close_on_accept: bool = False
    """Accept, then close at once: no heartbeat, nothing."""
    silent: bool = False
    """Accept and never send anything: a half-open connection."""
    duplicate: bool = False
    """Send each data message twice."""
    reorder: bool = False
    """Swap each two data messages."""
    integer_delay: float = 0.0
    """Seconds to wait before the server's time is answered."""
    garbage: str | bytes | None = None
    """A frame sent before each data message."""
    refuse_token: bool = False
    """Treat every token as wrong."""
    connections: int = 0
    """How many connections were accepted so far; counted by the server."""


@dataclass
class Timing:
    """The live feed's intervals in seconds (reference/igtimi.md section 1.4)."""

    heartbeat: float = 15.0
    """Between two heartbeats of the server."""
    client_silence: float = 300.0
    """Without a heartbeat of the client for longer than this, the server drops it."""
    refusal: float = 5.0
    """OUR ASSUMPTION, for what a wrong token leads to is not documented (section 1.7): the
    server's time is never answered, and the connection is closed after this long. A client that
    waits for the integer for five seconds comes to the same result either way."""
