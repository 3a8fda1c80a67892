"""What broke on the way to a service: httpx's errors as ours, and whether a request had left.

Beside the transport the only module that knows httpx, which is imported when something broke.
"""

from __future__ import annotations

from tui.services.errors import BrokenOff, ConnectionFailed, ProtocolViolation, TimedOut
from tui.services.limits import OutOfTime

LONGEST_REASON = 120


def unsent() -> tuple[type[Exception], ...]:
    """The errors that come before a request has left: sending it again does no harm."""
    import httpx

    return (
        httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError,
        httpx.UnsupportedProtocol,
    )  # fmt: skip


def failure(error: Exception, service: str, host: str) -> ConnectionFailed | ProtocolViolation:
    """An error of httpx, or a call's time that is over, as one that a person reads."""
    import httpx

    if isinstance(error, (httpx.TimeoutException, OutOfTime)):
        phase = "connect" if isinstance(error, httpx.ConnectTimeout) else "answer"
        return TimedOut(f"{host} did not {phase} in time", service=service)
    if isinstance(error, httpx.ConnectError):
        return ConnectionFailed(f"{host} could not be reached ({_reason(error)})", service=service)
    if isinstance(error, (httpx.DecodingError, httpx.RemoteProtocolError)):
        return BrokenOff(f"{host} broke off or garbled its answer", service=service)
    return ConnectionFailed(f"the connection to {host} broke ({_reason(error)})", service=service)


def _reason(error: Exception) -> str:
    words = str(error).strip() or type(error).__name__
    return words if len(words) <= LONGEST_REASON else words[: LONGEST_REASON - 3] + "..."
