"""What TimeTonic tells about while it happens, the same over the socket and by polling."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from tui.services.reading import Record
from tui.services.timetonic.records import Book, Message


class Happening(Record, frozen=True, kw_only=True):
    """Anything that was told. `raw` is the frame as it came; empty when it came by polling."""

    raw: dict[str, Any] = msgspec.field(default_factory=dict)


class MessageArrived(Happening, frozen=True, kw_only=True):
    """A message is new, was changed, or was deleted."""

    message: Message


class BookUpdated(Happening, frozen=True, kw_only=True):
    """Something in a book has changed: it is time to read it again."""

    b_c: str
    b_o: str = ""
    sstamp: int | None = None
    book: Book | None = None
    """The book as it is now, and as it was known before; only polling reads it along."""
    before: Book | None = None


class SystemMessage(Happening, frozen=True, kw_only=True):
    """A system message; what is in it is not documented. Polling cannot get any."""

    text: str = ""


class Acknowledged(Happening, frozen=True, kw_only=True):
    """The service has taken what was sent. `smid` for a message."""

    uuid: str = ""
    smid: int | None = None
    sstamp: int | None = None


class UnknownFrame(Happening, frozen=True, kw_only=True):
    """A frame that nobody has described; `text` where it is not even an object."""

    text: str = ""


class FeedState(Happening, frozen=True, kw_only=True):
    """How the news come from now on, and why."""

    mode: Literal["socket", "polling"]
    reason: str = ""
