"""Checks of documented rules on arguments, made before anything is sent.

Each raises InvalidArgument naming the parameter as the document does.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from tui.services.errors import InvalidArgument


def aware(name: str, moment: datetime) -> datetime:
    """A time that knows its zone."""
    if moment.tzinfo is None:
        raise InvalidArgument(
            f"{name} has no time zone", advice="Give the time with its zone; nothing was sent."
        )
    return moment


def length(name: str, value: str | None, least: int, most: int) -> str | None:
    """A text of `least` to `most` characters; None passes."""
    if value is not None and not least <= len(value) <= most:
        bounds = f"at most {most}" if least == 0 else f"{least} to {most}"
        raise InvalidArgument(f"{name} must have {bounds} characters, but has {len(value)}")
    return value


def one_of(name: str, value: str, options: Iterable[str]) -> str:
    """A value that is one of the documented ones; the error suggests the nearest."""
    known = list(options)
    if value in known:
        return value
    from difflib import get_close_matches  # each verb imports this module

    near = get_close_matches(value, known, n=1)
    hint = f"; did you mean {near[0]!r}?" if near else f"; one of {', '.join(known)}"
    raise InvalidArgument(f"{name} cannot be {value!r}{hint}")


def zone_named(name: str, value: str) -> ZoneInfo:
    """The time zone of an IANA name such as Europe/Paris."""
    try:
        return ZoneInfo(value)
    except (KeyError, ValueError, OSError):
        raise InvalidArgument(f"{name} is no time zone: {value!r}") from None
