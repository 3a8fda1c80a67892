"""Any failure in a person's words: what happened, what was kept, what to do next."""

from __future__ import annotations

import errno
import re
from math import isfinite
from typing import Any, NamedTuple

from tui.config.load import ConfigError
from tui.services.errors import (
    AuthenticationFailed,
    ConnectionFailed,
    OutcomeUnknown,
    RateLimited,
    ServiceError,
)
from tui.spoken_keys import key_for
from tui.workspace.changes.errors import NotNoted, TheirsStay, Waiting

__all__ = [
    "EXPECTED",
    "ConnectionFailed",
    "GivenUp",
    "NotConnected",
    "Problem",
    "ServiceError",
    "describe",
]

SERVICE_TITLES = {
    "timetonic": "TimeTonic",
    "ticktocker": "TickTocker",
    "igtimi": "Igtimi",
    "trackmypeople": "TrackMyPeople",
    "timesheets": "Timesheets",
    "embedded": "The embedded services",
    "widgets": "Widget document",
    "hours": "Log of hours",
}

EXPECTED = (ServiceError, ConfigError, OSError)
"""What a use case may raise; anything else is a defect and is not caught."""


class NotConnected(ServiceError):
    """The service is not set up, while others are."""

    kind = "not connected"

    def __init__(self, *words: Any, **more: Any) -> None:
        more.setdefault("advice", f"{key_for('deck.connect')} in the deck connects it.")
        super().__init__(*words, **more)


class NotALog(ServiceError):
    """A file is no log of hours, or not one that can be read so."""

    kind = "not read"
    nothing_done = True

    def __init__(self, *words: Any, **more: Any) -> None:
        more.setdefault(
            "advice",
            f"{key_for('hours.open_file')} opens another file; "
            f"{key_for('hours.reads')} says what this one is.",
        )
        super().__init__(*words, **more)


class GivenUp(ServiceError):
    """A person did not want to wait any longer for what changes nothing until it has ended."""

    kind = "given up"
    nothing_done = True


class OptionError(ConfigError):
    """What a verb's options ask for is not there; the message says the way out. No file is wrong,
    and nothing has to be restarted.
    """


class Problem(NamedTuple):
    """A failure as it is shown. Text is plain, never markup."""

    title: str
    happened: str
    kept: str
    next: str
    link: str | None = None
    can_retry: bool = True
    can_connect: bool = False
    is_unknown: bool = False
    """A change was sent, and whether it was made is not known."""
    is_away: bool = False
    """The service was not reached: it has said nothing, and what was kept holds as before."""


def describe(error: BaseException, *, kept: str = "") -> Problem:
    """Put a failure into words. `kept` says what of the person's work is safe."""
    if isinstance(error, ServiceError):
        # What is refused here no service was asked for.
        service = SERVICE_TITLES.get(error.service, error.service)
        advice = error.advice
        if error.wait and isinstance(error, RateLimited) and advice == error.default_advice:
            advice = f"Try again in {_span(error.wait)}."
        elif error.wait:
            advice = advice.replace("try again later.", f"try again in {_span(error.wait)}.")
            advice = advice.replace("Try again later.", f"Try again in {_span(error.wait)}.")
        return Problem(
            f"{service}: {error.kind}" if service else error.kind.capitalize(),
            _sentence(error.message),
            kept,
            advice,
            error.link,
            # What may have been done is never sent again by one key.
            can_retry=not isinstance(error, OutcomeUnknown),
            can_connect=isinstance(error, (AuthenticationFailed, NotConnected)),
            is_unknown=isinstance(error, OutcomeUnknown),
            is_away=isinstance(error, ConnectionFailed),
        )
    if isinstance(error, OptionError):
        return Problem("Options", _sentence(str(error)), kept, "")
    if isinstance(error, ConfigError):
        return Problem("Configuration", _sentence(str(error)), kept, "Correct it, then restart.")
    if isinstance(error, OSError):
        happened, advice = _disk(error)
        if isinstance(error, NotNoted):
            happened += " Nothing was sent."
        return Problem("Disk", happened, kept, advice)
    return Problem(
        "Defect", f"{type(error).__name__} in the program itself.", kept, "Please report it."
    )


def is_news(error: BaseException) -> bool:
    """Whether nothing has failed: the change is kept to be sent later, or a person left theirs."""
    return isinstance(error, (Waiting, TheirsStay))


def one_line(error: BaseException) -> str:
    """The failure in one line, for the flash line and the command line."""
    problem = describe(error)
    if isinstance(error, GivenUp) and not error.service:
        # No service did it: the person did, and knows that.
        return problem.happened
    return f"{problem.title}: {problem.happened} {problem.next}".strip()


def _disk(error: OSError) -> tuple[str, str]:
    """What happened to which file, and what helps."""
    # Where one file takes another's name, the second one is what a person knows.
    name = str(error.filename2 or error.filename or "")
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        where = f" of {name}" if name else ""
        return f"The disk{where} is full.", "Free space, then retry."
    if error.errno == errno.EROFS:
        where = f" of {name}" if name else ""
        return f"The disk{where} can only be read.", "Make it writable, then retry."
    if error.errno in (errno.EACCES, errno.EPERM):
        where = f" to {name}" if name else ""
        return f"Access{where} is not allowed.", "Mend the rights or name another file, then retry."
    advice = {
        errno.ENOENT: "Check the name and its folder, then retry.",
        errno.ENOTDIR: "Check the name and its folder, then retry.",
        errno.EISDIR: "Name a file, not a folder.",
    }.get(error.errno or 0, "Retry, or name another file.")
    reason = error.strerror or str(error)
    # The name stands as it is written: another case would be another file.
    return f"{name}: {_sentence(reason)}" if name else _sentence(reason), advice


def _sentence(text: str) -> str:
    text = text.strip()
    if not text:
        return ""
    first = text.split(maxsplit=1)[0].rstrip(":,;")
    if not re.search(r"[./\\_\d]|[A-Z]", first.rstrip(".")):
        # A word; what looks like the name of a file is left as it is called.
        text = text[0].upper() + text[1:]
    return text if text[-1] in ".!?…" else text + "."


def _span(seconds: float) -> str:
    if not isfinite(seconds):
        return "some time"
    whole = max(1, round(seconds))
    if whole < 90:
        return f"{whole} s"
    return f"{-(-whole // 60)} min"
