"""What a failure means for the exit status, and how it is said on standard error."""

from __future__ import annotations

import json
import sys
from collections.abc import Coroutine, Iterable
from typing import Any, TypeVar

from tui.cli import AUTHENTICATION, REFUSED, UNKNOWN, UNREACHABLE, USAGE
from tui.config.load import ConfigError
from tui.services.errors import (
    AuthenticationFailed,
    BrokenOff,
    ConnectionFailed,
    InvalidArgument,
    NotNow,
    OutcomeUnknown,
    RateLimited,
    ServiceError,
)
from tui.workspace.changes.errors import Waiting
from tui.workspace.partial import LeftOut, collecting, sentences
from tui.workspace.problems import NotConnected, one_line
from tui.workspace.text import clean

T = TypeVar("T")


LEADS_NOWHERE = (FileNotFoundError, IsADirectoryError, NotADirectoryError)
"""What a file that was named wrongly ends in, whichever verb reads or writes it."""


def exit_status(error: Exception) -> int:
    """The exit status of a failure, of those in `tui.cli.verbs.STATUSES`."""
    if isinstance(error, OutcomeUnknown):
        return UNKNOWN
    if isinstance(error, AuthenticationFailed):
        return AUTHENTICATION
    if isinstance(error, (BrokenOff, ConnectionFailed, NotNow, RateLimited, Waiting)):
        return UNREACHABLE
    if isinstance(error, (ConfigError, InvalidArgument, NotConnected, *LEADS_NOWHERE)):
        return USAGE
    return REFUSED


def to_its_end(work: Coroutine[Any, Any, T]) -> T:
    """Do a verb's work, and say on standard error what of the answers could not be read.

    A list or a sum that lacks something is never given as a whole one.
    """
    # Only here: what is said of a mistake needs none of it.
    import asyncio

    with collecting() as left_out:
        try:
            return asyncio.run(work)
        finally:
            _say_left_out(left_out)


def _say_left_out(left_out: Iterable[LeftOut]) -> None:
    if sys.stderr is not None:
        for line in sentences(left_out):
            print(f"tockdeck: {clean(line)}", file=sys.stderr)


def report(error: Exception, *, as_json: bool, about: str = "") -> int:
    """Say it in one line and its link in another, or as one JSON object; return the status. A line
    begins with what it is `about`, where it is one of several.
    """
    status = exit_status(error)
    if not as_json:
        # A service's words may hold anything: escape sequences are read here, not obeyed.
        print(f"tockdeck: {clean(about + one_line(error))}", file=sys.stderr)
        link = error.link if isinstance(error, ServiceError) else None
        if link:
            # What the advice speaks of.
            print(f"tockdeck: the link: {clean(link)}", file=sys.stderr)
        return status
    content: dict[str, object] = {"kind": "configuration", "message": str(error)}
    if isinstance(error, ServiceError):
        names = (
            "service", "operation", "kind", "message", "code", "wait", "advice", "link",
        )  # fmt: skip
        content = {name: getattr(error, name) for name in names}
    print(json.dumps(content), file=sys.stderr)
    return status
