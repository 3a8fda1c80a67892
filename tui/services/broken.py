"""What broke on the way to a service, whichever way it was, as an error that a person reads.

It knows httpx, as the transport and `going` do and nobody else; it is imported when something
broke that it told.
"""

from __future__ import annotations

import sys
from enum import Enum, auto

from tui.services.errors import BrokenOff, ConnectionFailed, ProtocolViolation, TimedOut
from tui.services.limits import OutOfTime

LONGEST_REASON = 120


class Broken(Enum):
    """What broke."""

    ADDRESS = auto()
    """It is none."""
    BUSY = auto()
    """No connection was free in time."""
    UNREACHED = auto()
    UNREACHED_IN_TIME = auto()
    SLOW = auto()
    """It did not take the request in time."""
    SILENT = auto()
    """It did not say anything in time."""
    GARBLED = auto()
    """It broke off, or said what is no answer."""
    CUT = auto()
    """The connection broke."""


UNSENT = frozenset({Broken.ADDRESS, Broken.BUSY, Broken.UNREACHED, Broken.UNREACHED_IN_TIME})
"""What comes before a request has left: sending it again does no harm."""


class Broke(Exception):
    """What broke, told by a way that is not httpx's; its words are the reason."""

    def __init__(self, kind: Broken, reason: str = "") -> None:
        super().__init__(reason)
        self.kind = kind


def kind_of(error: BaseException) -> Broken | None:
    """What broke; None where it is no matter of the way."""
    if isinstance(error, Broke):
        return error.kind
    if isinstance(error, OutOfTime):
        return Broken.SLOW
    if "httpx" not in sys.modules:
        return None
    import httpx

    for kind, broken in (
        (httpx.InvalidURL, Broken.ADDRESS),
        (httpx.UnsupportedProtocol, Broken.ADDRESS),
        (httpx.PoolTimeout, Broken.BUSY),
        (httpx.ConnectTimeout, Broken.UNREACHED_IN_TIME),
        (httpx.ReadTimeout, Broken.SILENT),
        (httpx.TimeoutException, Broken.SLOW),
        (httpx.ConnectError, Broken.UNREACHED),
        (httpx.ProxyError, Broken.UNREACHED),
        (httpx.DecodingError, Broken.GARBLED),
        (httpx.RemoteProtocolError, Broken.GARBLED),
        (httpx.HTTPError, Broken.CUT),
    ):
        if isinstance(error, kind):
            return broken
    return None


def failure(
    kind: Broken, error: Exception, service: str, host: str, *, idempotent: bool = False
) -> ConnectionFailed | ProtocolViolation:
    """What broke as an error that a person reads. What is `idempotent` may be tried again
    without looking first whether it was done.
    """
    if kind in (Broken.BUSY, Broken.SLOW, Broken.SILENT, Broken.UNREACHED_IN_TIME):
        phase = "connect" if kind is Broken.UNREACHED_IN_TIME else "answer"
        advice = "Try again." if idempotent else ""
        return TimedOut(f"{host} did not {phase} in time", service=service, advice=advice)
    if kind is Broken.GARBLED:
        return BrokenOff(f"{host} broke off or garbled its answer", service=service)
    reason = _reason(error)
    if kind is Broken.ADDRESS:
        return ConnectionFailed(f"the address is not valid: {reason}", service=service)
    if kind is Broken.UNREACHED:
        return ConnectionFailed(f"{host} could not be reached ({reason})", service=service)
    return ConnectionFailed(f"the connection to {host} broke ({reason})", service=service)


def _reason(error: Exception) -> str:
    words = str(error).strip() or type(error).__name__
    return words if len(words) <= LONGEST_REASON else words[: LONGEST_REASON - 3] + "..."
