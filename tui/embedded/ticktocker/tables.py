"""The tables, and the account that is there even without any sample."""

from __future__ import annotations

import hashlib
import hmac

from tui.embedded.context import Context

OWN_USER = 1

SCHEMA = """
CREATE TABLE IF NOT EXISTS ticktocker_users (
    id INTEGER PRIMARY KEY,
    username TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    url TEXT NOT NULL UNIQUE,
    timezone TEXT NOT NULL,
    banned INTEGER NOT NULL DEFAULT 0,
    password_digest TEXT NOT NULL DEFAULT '',
    api_key TEXT NOT NULL DEFAULT '',
    thousandths INTEGER NOT NULL DEFAULT 120000,
    counted_at INTEGER NOT NULL DEFAULT 0,
    last_call INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE IF NOT EXISTS ticktocker_tocks (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    short_url TEXT NOT NULL UNIQUE,
    author_id INTEGER NOT NULL REFERENCES ticktocker_users (id),
    url TEXT NOT NULL,
    title TEXT NOT NULL,
    description TEXT NOT NULL DEFAULT '',
    event_start INTEGER NOT NULL,
    event_end INTEGER NOT NULL,
    timezone TEXT NOT NULL,
    created INTEGER NOT NULL,
    tags TEXT NOT NULL DEFAULT '',
    repeat_frequency TEXT NOT NULL DEFAULT 'no',
    private INTEGER NOT NULL DEFAULT 1,
    link TEXT NOT NULL DEFAULT '',
    location TEXT NOT NULL DEFAULT '',
    upvotes INTEGER NOT NULL DEFAULT 0,
    dnvotes INTEGER NOT NULL DEFAULT 0,
    num_comments INTEGER NOT NULL DEFAULT 0,
    UNIQUE (author_id, url)
);
CREATE TABLE IF NOT EXISTS ticktocker_marks (
    user_id INTEGER NOT NULL REFERENCES ticktocker_users (id),
    tock_id INTEGER NOT NULL REFERENCES ticktocker_tocks (id),
    upvoted INTEGER NOT NULL DEFAULT 0,
    dnvoted INTEGER NOT NULL DEFAULT 0,
    watched INTEGER NOT NULL DEFAULT 0,
    invited INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (user_id, tock_id)
);
CREATE TABLE IF NOT EXISTS ticktocker_follows (
    user_id INTEGER NOT NULL REFERENCES ticktocker_users (id),
    author_id INTEGER NOT NULL REFERENCES ticktocker_users (id),
    PRIMARY KEY (user_id, author_id)
);
"""


def ground(context: Context) -> None:
    """The person's account. A password that changed since last time changes the API key."""
    known = context.credentials
    digest = hashlib.sha256(known.ticktocker_password.encode()).hexdigest()
    with context.database.write() as connection:
        connection.execute(
            "INSERT OR IGNORE INTO ticktocker_users"
            " (id, username, name, url, timezone, password_digest, api_key)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                OWN_USER,
                known.ticktocker_user,
                "Robin Demo",
                "robin",
                context.options.timezone,
                digest,
                known.ticktocker_key,
            ),
        )
        connection.execute(
            "UPDATE ticktocker_users SET username = ? WHERE id = ?",
            (known.ticktocker_user, OWN_USER),
        )
        row = connection.execute(
            "SELECT * FROM ticktocker_users WHERE id = ?", (OWN_USER,)
        ).fetchone()
        if row["password_digest"] != digest:
            key = known.ticktocker_key
            if key == row["api_key"]:
                password = known.ticktocker_password.encode()
                key = hmac.new(password, key.encode(), "sha256").hexdigest()
            connection.execute(
                "UPDATE ticktocker_users SET password_digest = ?, api_key = ? WHERE id = ?",
                (digest, key, OWN_USER),
            )


def move(context: Context, zone: str) -> None:
    """Who lived in the zone of the data lives in another one."""
    with context.database.write() as connection:
        connection.execute(
            "UPDATE ticktocker_users SET timezone = ? WHERE timezone = ?",
            (zone, context.options.timezone),
        )
