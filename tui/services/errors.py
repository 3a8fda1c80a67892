"""The one tree of errors that a service client raises.

Every error says which service and operation it came from, what happened in a person's words,
and what can be done next. No error ever holds a secret.
"""

from __future__ import annotations

from typing import ClassVar


class ServiceError(Exception):
    """A call to a service did not do what was asked.

    `message` is what happened; `advice` what a person can do next; `code` the service's own
    code where it gave one; `status` the HTTP status where there was an answer; `wait` the
    seconds after which trying again makes sense; `link` a page of the service that helps
    (only ever shown or copied, never opened unasked).
    """

    kind: ClassVar[str] = "error"
    nothing_done: ClassVar[bool] = False
    """True for the service's own no, and for what was never sent: nothing was changed by it.
    After any other error of a change that was sent, nobody knows: see OutcomeUnknown."""
    default_advice: ClassVar[str] = ""
    progress: str = ""
    """What of a change in several parts has been made before, in a sentence."""

    def __init__(
        self,
        message: str,
        *,
        service: str = "",
        operation: str = "",
        advice: str = "",
        code: str | None = None,
        status: int | None = None,
        wait: float | None = None,
        link: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.service = service
        self.operation = operation
        self.advice = advice or self.default_advice
        self.code = code
        self.status = status
        self.wait = wait
        self.link = link

    def locate(self, service: str, operation: str) -> None:
        """Fill in where the error came from, unless something closer already did."""
        self.service = self.service or service
        self.operation = self.operation or operation

    def __str__(self) -> str:
        where = self.operation or self.service
        return f"{where}: {self.message}" if where else self.message


class ConnectionFailed(ServiceError):
    """The service could not be reached, or the connection broke."""

    kind = "connection"
    default_advice = "Check the network and the base URL, then try again."


class TimedOut(ConnectionFailed):
    """The service did not answer in time. A write may or may not have happened."""

    kind = "timeout"
    default_advice = "Try again; if it was a change, look first whether it was made."


class ProtocolViolation(ServiceError):
    """The answer was not what the service's document promises: HTML, cut off, a wrong type."""

    kind = "protocol"
    default_advice = "Check that the base URL points at the service itself."


class BrokenOff(ProtocolViolation):
    """The answer did not come whole, or garbled: on the way, or out of a service that died."""

    default_advice = "Try again; if it stays so, check the base URL."


class AuthenticationFailed(ServiceError):
    """The service does not know who is calling: wrong or expired credentials. Never retried."""

    kind = "authentication"
    nothing_done = True
    default_advice = "Check the account's credentials, then log in again."


class PermissionDenied(ServiceError):
    """The service knows who is calling and does not allow it."""

    kind = "permission"
    nothing_done = True
    default_advice = "Ask the owner for access, or use another account."


class NotFound(ServiceError):
    """What was asked for does not exist, or not for this account."""

    kind = "not found"
    nothing_done = True
    default_advice = "It may have been deleted elsewhere; refresh."


class RateLimited(ServiceError):
    """Too many calls. `wait` says after how many seconds the next one is allowed, if known."""

    kind = "rate limited"
    nothing_done = True
    default_advice = "Wait, then try again."


class Refused(ServiceError):
    """The service understood and said no, in its own words."""

    kind = "refused"
    nothing_done = True
    default_advice = "Correct what it names, then try again."


class NotNow(Refused):
    """The service does not do it now, as it was asked: nothing is to be corrected."""

    kind = "not now"
    default_advice = "Nothing was done; try again later."


class InvalidArgument(ServiceError):
    """The call was not sent: an argument breaks a documented rule."""

    kind = "invalid"
    nothing_done = True
    default_advice = "Correct the value; nothing was sent."


class OutcomeUnknown(ServiceError):
    """A change was sent, and whether it was made is not known: never to be repeated blindly.

    Its answer was cut off, could not be read or did not come, or the service broke down over
    it. `__cause__` is the error that says which.
    """

    kind = "outcome unknown"
    default_advice = "Look whether it was made before you send it again."
    change = ""
    """The id under which the change is noted, where it is."""


def is_breakdown(status: int | None) -> bool:
    """Whether an HTTP status says that the service broke down, or gave up waiting, over a call.

    What it had done by then is not known, whatever else it answers, unless that makes clear that
    it did not begin: who is not logged in, may not or comes too soon is turned away before.
    """
    return status is not None and (status >= 500 or status == 408)


def is_too_early(status: int | None) -> bool:
    """Whether an HTTP status says that the same call may be taken later: 423, something is
    locked (RFC 4918), and 425 (RFC 8470). It has not been begun.
    """
    return status in (423, 425)


def is_turned_away(status: int | None) -> bool:
    """Whether an HTTP status says that the call has not been begun and may come again."""
    return status == 429 or is_too_early(status)


def error_of_status(status: int, words: str = "", *, code: str | None = None) -> ServiceError:
    """The error that an HTTP status stands for; `words` are the service's own, if it gave any.

    5xx is a ConnectionFailed: the service is there but not able to answer, so trying again
    later makes sense; so is 408, with which it gave up waiting. A redirect that the transport
    did not follow is a ProtocolViolation.
    """
    if status < 400:
        return ProtocolViolation(
            words or f"the service points to another address (HTTP {status})",
            status=status,
            code=code,
        )
    if is_breakdown(status):
        return ConnectionFailed(
            words or f"the service is not able to answer (HTTP {status})",
            status=status,
            code=code,
            advice="Try again later.",
        )
    kinds: dict[int, tuple[type[ServiceError], str]] = {
        401: (AuthenticationFailed, "the service does not accept the credentials"),
        403: (PermissionDenied, "the service does not allow this"),
        404: (NotFound, "the service knows nothing under this address"),
        410: (NotFound, "this is gone from the service"),
        423: (NotNow, "what this is about is locked at the service"),
        425: (NotNow, "it is too early for the service to do this"),
        429: (RateLimited, "the service answers that there were too many calls"),
    }
    kind, default = kinds.get(status, (Refused, "the service refuses this call"))
    return kind(words or f"{default} (HTTP {status})", status=status, code=code)
