"""What is found of TickTocker: tocks of the feeds that were read."""

from __future__ import annotations

from typing import Any

from tui.workspace.html_text import plain_text
from tui.workspace.search.listed import MIDDLE, Document, Known, Listed, Listing
from tui.workspace.tocks.feeds import Feed
from tui.workspace.tocks.tocks import Stream, Tock


def describe(name: str, value: Any, known: Known) -> Listed | None:
    """The documents of one kept feed."""
    del known
    kind, _, rest = name.partition("/")
    feed, _, order = rest.rpartition("/")
    if not isinstance(value, Stream) or kind not in ("community", "me", "user"):
        return None
    where = Feed(kind, feed, order or None).title  # type: ignore[arg-type]
    return Listed([_document(tock, where) for tock in value.tocks])


def _document(tock: Tock, where: str) -> Document:
    parts = (tock.location, tock.author, " ".join(tock.tags), plain_text(tock.description or ""))
    return Document(
        "tock", tock.short_url, tock.title or tock.short_url, where,
        " · ".join(filter(None, parts)), tock.event_start, MIDDLE,
    )  # fmt: skip


LISTING = Listing(
    "ticktocker",
    {"community": Stream, "me": Stream, "user": Stream},
    describe,
)
