"""How it is said that what is taken is not of now, as the service cannot be asked."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, tzinfo
from typing import NamedTuple

from tui.workspace.times import moment_text

_AWAY = "the service cannot be reached"


class AsItWas(NamedTuple):
    """Things that are kept here and taken since the service cannot be asked."""

    what: str
    """Such as `the rows`."""
    age: str
    """How old they are, such as `as of today 14:02`."""

    @property
    def sentence(self) -> str:
        """Why they are taken and how old they are, without a sentence's ends."""
        return f"{_AWAY}: {self.what} are {self.age}"


def as_it_was(what: str, as_of: datetime, where: tzinfo) -> AsItWas:
    """Of things that are kept here, such as `the rows`, with the time in `where`."""
    return AsItWas(what, age_text(as_of, where))


def age_text(as_of: datetime, where: tzinfo) -> str:
    """How old something is, such as `as of today 14:02`, with the time in `where`."""
    return f"as of {moment_text(as_of, where)}"


def written_news(
    count: str, path: str, kept: AsItWas | None, *, age: str = "", remarks: Iterable[str] = ()
) -> str:
    """What of an export is said: how much, such as `3 rows`, how old, and where it is; then why
    it is old, and what else there is to say.

    The age is that of what is `kept`, where that was taken since the service cannot be asked, or
    the `age` of what stood here and was not asked for. It stands before the path, whose folders may
    be cut in a narrow line: the person has just typed them.
    """
    old = age if kept is None else kept.age
    why = [] if kept is None else [_AWAY]
    news = f"{' '.join(filter(None, (count, old)))} written to {path}"
    return "; ".join((news, *why, *remarks)) + "."
