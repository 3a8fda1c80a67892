"""What TickTocker answers, as typed records (seed document, "Available Functions")."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from tui.services.errors import ProtocolViolation
from tui.services.guarded import Guarded
from tui.services.reading import Extra, Record, each, read, unreadable

_SHORT_URL = re.compile(r"[\w-]{1,64}", re.ASCII)
PAGES = "http://ticktocker.com/"
SHORT = "http://tcktck.com/"


class Account(Guarded, frozen=True, kw_only=True):
    """Whose API key it is. The key changes when the person changes the password."""

    username: str
    apikey: str
    name: str = ""
    url: str = ""
    timezone: str = ""
    avatar: str = ""
    extra: Extra = msgspec.field(default_factory=dict)


class ApiVersion(Record, frozen=True, kw_only=True):
    """What the service says of itself and of the caller; `calls` are left of the quota."""

    api_version: int
    logged_in: bool = False
    application: str = ""
    calls: int | None = None
    extra: Extra = msgspec.field(default_factory=dict)


class Tock(Record, frozen=True, kw_only=True):
    """An event. Streams leave out some fields of a single lookup: None is not told."""

    short_url: str
    title: str = ""
    description: str | None = None
    event_start: datetime | None = None
    event_end: datetime | None = None
    event_created: datetime | None = None
    timezone: str = ""
    """IANA name of the zone that it was created in; the times themselves are UTC."""
    url: str = ""
    upvotes: int | None = None
    dnvotes: int | None = None
    tags: list[str] = msgspec.field(default_factory=list)
    repeat: str = msgspec.field(name="repeat_frequency", default="no")
    num_comments: int | None = None
    private: bool | None = None
    link: str = ""
    location: str = ""
    upvoted: bool | None = None
    dnvoted: bool | None = None
    watched: bool | None = None
    invited: bool | None = None
    author: str = ""
    author_avatar: str = ""
    author_url: str = ""
    """What follow and user take; not always the author's name."""
    author_followed: bool | None = None
    extra: Extra = msgspec.field(default_factory=dict)

    @property
    def page(self) -> str:
        """The tock's page, or its short link where the stream does not tell the author."""
        if self.author_url and self.url:
            return f"{PAGES}{self.author_url}/{self.url}"
        return f"{SHORT}{self.short_url}"


class Submitted(Record, frozen=True, kw_only=True):
    """The tock that was made."""

    short_url: str

    @property
    def page(self) -> str:
        """The short link, which leads to the tock's page."""
        return f"{SHORT}{self.short_url}"


class Followed(Record, frozen=True, kw_only=True):
    """What the service said to a follow or unfollow; the document does not describe it."""

    response: Any = None


def read_tock(value: Any, at: str) -> Tock:
    """One tock, with its comma list of tags taken apart."""
    if not isinstance(value, Mapping):
        raise unreadable(at, "a tock", value)
    inner = value.get("tock")
    found = dict(inner if isinstance(inner, Mapping) else value)
    tags = found.get("tags")
    if isinstance(tags, str):
        found["tags"] = [tag.strip() for tag in tags.split(",") if tag.strip()]
    tock: Tock = read(Tock, found, at)
    return tock


def read_stream(response: Any) -> list[Tock]:
    """A stream of tocks.

    Its container is not documented; assumed is a list, or a list or map below `tocks`,
    `stream` or `tock`.
    """
    at = "response"
    items = response
    if isinstance(items, Mapping):
        for name in ("tocks", "stream", "tock"):
            if name in items:
                items, at = items[name], f"response.{name}"
                break
        else:
            named = [value for key, value in items.items() if not key.isdecimal()]
            if any(not isinstance(value, Mapping) for value in named):
                raise ProtocolViolation("response should be a stream of tocks")
    if isinstance(items, Mapping):
        items = [items] if "short_url" in items else list(items.values())
    return each(items, at, read_tock, subject=True)


def read_short_url(response: Any) -> str:
    """The short_url in the answer to submit; where it stands is not documented."""
    for _ in range(2):
        if isinstance(response, Mapping):
            response = response.get("short_url") or response.get("tock")
    told = str(response) if type(response) is int else response
    # Words are none: they say what became of it.
    if isinstance(told, str) and _SHORT_URL.fullmatch(told) and told.strip("0"):
        return told
    raise ProtocolViolation("response.short_url is missing", advice="Look whether it was made.")


def words_of(content: Any) -> str:
    """The service's own words of what is wrong, where an answer holds some."""
    error = content.get("error") if isinstance(content, dict) else None
    return error.strip() if isinstance(error, str) else ""
