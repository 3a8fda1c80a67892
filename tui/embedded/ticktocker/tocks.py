"""Tocks as they are stored, and as one person sees them."""

from __future__ import annotations

import hashlib
import re
import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime

from tui.embedded.context import Context
from tui.embedded.ticktocker.accounts import avatar
from tui.embedded.ticktocker.occurrences import occurrence

MOMENT = "%Y-%m-%d %H:%M:%S"

_SEEN = """
SELECT t.*, u.username AS author, u.url AS author_url,
       coalesce(m.upvoted, 0) AS upvoted, coalesce(m.dnvoted, 0) AS dnvoted,
       coalesce(m.watched, 0) AS watched, coalesce(m.invited, 0) AS invited,
       f.author_id IS NOT NULL AS author_followed
FROM ticktocker_tocks t
JOIN ticktocker_users u ON u.id = t.author_id
LEFT JOIN ticktocker_marks m ON m.tock_id = t.id AND m.user_id = :user
LEFT JOIN ticktocker_follows f ON f.author_id = t.author_id AND f.user_id = :user
"""

_ONLY_ALONE = ("description", "num_comments", "author_avatar")
"""What a stream leaves out: the page says "slightly less information" and not which."""


@dataclass(frozen=True)
class Seen:
    """A tock at its current or next occurrence, with the marks that one person gave it."""

    row: sqlite3.Row
    start: datetime
    end: datetime

    @property
    def score(self) -> int:
        """Votes for minus votes against."""
        return int(self.row["upvotes"]) - int(self.row["dnvotes"])

    @property
    def created(self) -> datetime:
        """When it was submitted."""
        return datetime.fromtimestamp(self.row["created"], UTC)

    def visible_to(self, user: int) -> bool:
        """Private ones are seen by their author and by who is invited."""
        row = self.row
        return not row["private"] or row["author_id"] == user or bool(row["invited"])


def all_tocks(context: Context, user: int) -> list[Seen]:
    """Every tock, as that user sees it."""
    now = context.now()
    return [_seen(row, now) for row in context.database.read(_SEEN, {"user": user})]


def find(context: Context, user: int, short_url: str) -> Seen | None:
    """One tock by its short_url."""
    row = context.database.one(
        _SEEN + "WHERE t.short_url = :short_url", {"user": user, "short_url": short_url}
    )
    return None if row is None else _seen(row, context.now())


def _seen(row: sqlite3.Row, now: datetime) -> Seen:
    start, end = occurrence(
        datetime.fromtimestamp(row["event_start"], UTC),
        datetime.fromtimestamp(row["event_end"], UTC),
        row["repeat_frequency"],
        row["timezone"],
        now,
    )
    return Seen(row, start, end)


def whole(context: Context, tock: Seen) -> dict[str, object]:
    """All fields, in the order of the page's sample."""
    row = tock.row
    return {
        "title": row["title"],
        "description": row["description"],
        "event_start": tock.start.strftime(MOMENT),
        "event_end": tock.end.strftime(MOMENT),
        "timezone": row["timezone"],
        "short_url": row["short_url"],
        "url": row["url"],
        "upvotes": row["upvotes"],
        "dnvotes": row["dnvotes"],
        "event_created": tock.created.strftime(MOMENT),
        "tags": row["tags"],
        "repeat_frequency": row["repeat_frequency"],
        "num_comments": row["num_comments"],
        "private": row["private"],
        "link": row["link"],
        "location": row["location"],
        "upvoted": row["upvoted"],
        "dnvoted": row["dnvoted"],
        "watched": row["watched"],
        "author": row["author"],
        "author_avatar": avatar(context, row["author_url"]),
        "author_url": row["author_url"],
        "invited": row["invited"],
        "author_followed": row["author_followed"],
    }


def in_stream(context: Context, tock: Seen) -> dict[str, object]:
    """The fields that a stream has."""
    fields = whole(context, tock)
    return {name: value for name, value in fields.items() if name not in _ONLY_ALONE}


def insert(connection: sqlite3.Connection, fields: dict[str, object]) -> str:
    """Write a tock under a short_url and an url of its own; answers the short_url."""
    slug = _slug(str(fields["title"]))
    taken = {
        row["url"]
        for row in connection.execute(
            "SELECT url FROM ticktocker_tocks WHERE author_id = ?", (fields["author_id"],)
        )
    }
    url, number = slug, 1
    while url in taken:
        number += 1
        url = f"{slug}-{number}"
    short_url = _short_url(connection)
    written = {**fields, "url": url, "short_url": short_url}
    columns = ", ".join(written)
    places = ", ".join(f":{name}" for name in written)
    connection.execute(f"INSERT INTO ticktocker_tocks ({columns}) VALUES ({places})", written)
    return short_url


def _short_url(connection: sqlite3.Connection) -> str:
    number = connection.execute("SELECT coalesce(max(id), 0) FROM ticktocker_tocks").fetchone()[0]
    while True:
        number += 1
        short_url = hashlib.sha256(f"tock {number}".encode()).hexdigest()[:5]
        taken = connection.execute(
            "SELECT 1 FROM ticktocker_tocks WHERE short_url = ?", (short_url,)
        ).fetchone()
        if taken is None:
            return short_url


def _slug(title: str) -> str:
    words = re.findall(r"[a-z0-9]+", title.lower())
    return "-".join(words)[:80].strip("-") or "tock"
