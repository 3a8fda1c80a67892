"""What the codes of TickTocker's answers mean. Source: seed document, Response codes."""

from __future__ import annotations

from tui.services.errors import (
    AuthenticationFailed,
    PermissionDenied,
    RateLimited,
    Refused,
    ServiceError,
)
from tui.services.throttle import ThrottleRule

OK, NONE = 1, 0
USED_UP = -6
"""No calls are left."""
TOO_FAST = "-5"
TURNED_AWAY = range(-6, -1)
"""Who is not known, may not, or comes too soon: nothing was begun, whatever the HTTP status is."""


def refusal(code: int, words: str, rule: ThrottleRule, *, renewable: bool) -> ServiceError:
    """The error of an answer's code, with the service's own words where it has any.

    `renewable` says whether a new key can be fetched without asking a person. The throttle's
    `rule` says how long to wait where calls came too fast or none are left.
    """
    text = str(code)
    if code == -2:
        return AuthenticationFailed(
            words or "the user is not logged in; the API key may no longer be valid",
            code=text,
            advice="" if renewable else "Log in again: the key changes with the password.",
        )
    if code == -3:
        return PermissionDenied(words or "the user may not do this", code=text)
    if code == -4:
        return AuthenticationFailed(
            words or "the application token is not valid",
            code=text,
            advice="Ask the service for a new application token.",
        )
    if code == -5:
        return RateLimited(
            words or "the call came too soon after the one before",
            code=text,
            wait=rule.interval,
        )
    if code == USED_UP:
        return RateLimited(
            words or "no calls are left for now; two come back every minute",
            code=text,
            wait=1 / rule.per_second,
        )
    if code == NONE:
        return Refused(words or "nothing came back; a parameter may be missing", code=text)
    return Refused(words or "the service could not do it with these values", code=text)
