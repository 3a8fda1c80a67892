"""What a "nok" of TimeTonic means. No list of codes is public: the texts decide, here only.

Source: reference page, sections 2 and 4. Both forms come at HTTP 200: an older `error` whose
code stands before a colon, and `errorCode` with `errorMsg`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from tui.late_patterns import late_pattern
from tui.services.errors import (
    AuthenticationFailed,
    NotFound,
    NotNow,
    PermissionDenied,
    RateLimited,
    Refused,
    ServiceError,
    error_of_status,
    is_breakdown,
    is_too_early,
)

LOG_IN = frozenset({"createAppkey", "createOauthkey", "createSesskey"})

_ENDED = late_pattern(
    r"\b(invalid|expired|unknown|wrong|bad|dead|missing|no) (\w+ ){0,2}(sess|oauth)"
    r"|\bsess\w* (\w+ ){0,3}(invalid|expired|unknown|ended|closed|dead|missing|timed out"
    r"|not (valid|known|found))"
    r"|not (logged in|authenticated)|log in again",
    re.IGNORECASE,
)
"""The session itself is said to be no good."""
_SESSION = late_pattern(r"\bsess|sesskey|\bo?auth(?!ors?\b)|unauth", re.IGNORECASE)
"""The session is spoken of."""
_LOG_IN = late_pattern(
    r"invalid (appkey|oauthkey|login|pwd|user)|login/pwd|password", re.IGNORECASE
)
_PERMISSION = late_pattern(
    r"forbidden|permission|not (allowed|enabled|permitted)|\bno (rights?|access)\b|denied"
    r"|may (not|only)\b|read.?only|insufficient|privilege|access refused"
    r"|(\bnot|n't) have (the |any )?(rights?|access)\b"
    r"|(user|you)\b.{0,40}\b(not|un).?authori[sz]ed"
    r"|(not |un)authori[sz]ed (to|for|on|in|access|user)\b|only (the )?(authori[sz]ed|owner|admin)",
    re.IGNORECASE,
)
_MISSING = late_pattern(
    r"not.?found|no such|does not exist|unknown|there is no\b|\bhas no\b", re.IGNORECASE
)
_VAGUE = late_pattern(
    r"unknown[\s_-]?(\w+ )?(error|reason|problem|failure|cause|exception)"
    r"|(error|reason|problem|failure|cause|exception)\W+((is|was) )?unknown|^\W*unknown\W*$",
    re.IGNORECASE,
)
"""The service itself does not know what was wrong: nothing is said to be missing."""
_TOO_MANY = late_pattern(
    r"too many (requests|calls|attempts|queries)|(rate|request|call)s?.?(limit|quota)",
    re.IGNORECASE,
)
_PROGRAM = late_pattern(
    r"\b(class|function|method|module|include|column|index|offset|propert(y|ies)|variable)\b"
    r"|f(open|write|ile_put_contents)\b|stream|sql|access denied for user",
    re.IGNORECASE,
)
"""The service's own program or database is spoken of, and not what a person asked for."""
_DEADLOCK = late_pattern(r"deadlock", re.IGNORECASE)


def is_session_error(text: str) -> bool:
    """Whether a refusal says that the session is no longer good.

    The answer to a dead session key is not public. Assumed: a text that says so of a session,
    or that speaks of one or of authorization without saying that something is not allowed: who
    may not write a table gains nothing by logging in. This is the one place that decides it.
    """
    if _ENDED.search(text):
        return True
    return _SESSION.search(text) is not None and not _PERMISSION.search(text)


def is_deadlock(error: ServiceError) -> bool:
    """Whether two writes got in each other's way: nothing was written, repeating helps."""
    return isinstance(error, Refused) and _DEADLOCK.search(error.message) is not None


def refusal(request: str, answer: Mapping[str, Any], status: int = 200) -> ServiceError:
    """The error for a "nok" answer, with the service's own words and code.

    Documented is "nok" at HTTP 200. Assumed of one at a `status` of a breakdown: it is the
    service's no only where its words say what it lacked before it could begin, or that a deadlock
    took everything back. Any other words tell of the breakdown, and not of what was done.
    """
    words, code = _words(answer)
    refused = _meant(request, words, code)
    refused.status = status
    vague = isinstance(refused, Refused) or _PROGRAM.search(words)
    if is_breakdown(status) and vague and not is_deadlock(refused):
        return error_of_status(status, words, code=code)
    if is_too_early(status) and type(refused) is Refused:
        return error_of_status(status, words, code=code)
    return refused


def _meant(request: str, words: str, code: str | None) -> ServiceError:
    both = f"{code or ''} {words}"
    if request in LOG_IN and (_LOG_IN.search(both) or is_session_error(both)):
        return AuthenticationFailed(words, code=code)
    if is_session_error(both):
        return AuthenticationFailed(words, code=code, advice="Log in again: the session has ended.")
    if _DEADLOCK.search(both):
        return NotNow(words, code=code, advice="Others write at the same time; try again.")
    if _PERMISSION.search(both):
        return PermissionDenied(words, code=code)
    if _TOO_MANY.search(both):
        return RateLimited(words, code=code)
    if any(_MISSING.search(_VAGUE.sub("", one)) for one in (words, code or "")):
        return NotFound(words, code=code)
    return Refused(words, code=code)


def _words(answer: Mapping[str, Any]) -> tuple[str, str | None]:
    for name in ("errorMsg", "error", "errorMessage"):
        value = answer.get(name)
        if isinstance(value, str) and value.strip():
            words = value.strip()
            break
    else:
        words = "the service refused without saying why"
    code = answer.get("errorCode")
    if isinstance(code, (str, int)) and str(code):
        return words, str(code)
    before, colon, after = words.partition(":")
    if not colon or not before or " " in before:
        return words, None
    # The code is kept beside the words, as in the newer form.
    return after.strip() or words, before
