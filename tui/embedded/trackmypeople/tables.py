"""The tables, and the account that is there even without any sample."""

from __future__ import annotations

from tui.embedded.context import Context

OWN_PROFILE = 1
OWN_TRACKER = 1

CAN_TRACK = "can track"
CAN_SEE_REPORTING = "can see reporting"

SCHEMA = """
CREATE TABLE IF NOT EXISTS trackmypeople_trackers (
    id INTEGER PRIMARY KEY,
    parent_id INTEGER REFERENCES trackmypeople_trackers (id),
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    abbreviation TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS trackmypeople_profiles (
    id INTEGER PRIMARY KEY,
    title TEXT NOT NULL,
    first_name TEXT NOT NULL,
    family_name TEXT NOT NULL,
    email TEXT NOT NULL,
    phone TEXT NOT NULL,
    mobile TEXT NOT NULL,
    timezone TEXT NOT NULL,
    culture TEXT NOT NULL,
    default_tracker_id INTEGER REFERENCES trackmypeople_trackers (id)
);
CREATE TABLE IF NOT EXISTS trackmypeople_permissions (
    profile_id INTEGER NOT NULL REFERENCES trackmypeople_profiles (id),
    tracker_id INTEGER NOT NULL REFERENCES trackmypeople_trackers (id),
    permission TEXT NOT NULL,
    PRIMARY KEY (profile_id, tracker_id, permission)
);
CREATE TABLE IF NOT EXISTS trackmypeople_blocks (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    profile_id INTEGER NOT NULL REFERENCES trackmypeople_profiles (id),
    tracker_id INTEGER NOT NULL REFERENCES trackmypeople_trackers (id),
    description TEXT NOT NULL DEFAULT '',
    time_in INTEGER NOT NULL,
    time_out INTEGER,
    free INTEGER NOT NULL DEFAULT 0,
    client_version TEXT NOT NULL DEFAULT ''
);
CREATE INDEX IF NOT EXISTS trackmypeople_blocks_by_time
    ON trackmypeople_blocks (profile_id, time_in);
CREATE UNIQUE INDEX IF NOT EXISTS trackmypeople_blocks_one_open
    ON trackmypeople_blocks (profile_id) WHERE time_out IS NULL;
"""


def ground(context: Context) -> None:
    """The person's profile, and one tracker: no function of this service can make one."""
    with context.database.write() as connection:
        connection.execute(
            "INSERT OR IGNORE INTO trackmypeople_trackers VALUES (?, NULL, ?, ?, ?)",
            (OWN_TRACKER, "group", "Own work", "OWN"),
        )
        connection.execute(
            "INSERT OR IGNORE INTO trackmypeople_profiles VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                OWN_PROFILE,
                "Ms",
                "Robin",
                "Demo",
                "robin@example.org",
                "+32 2 555 01 10",
                "+32 470 55 01 10",
                context.options.timezone,
                "en_GB",
                OWN_TRACKER,
            ),
        )
        connection.executemany(
            "INSERT OR IGNORE INTO trackmypeople_permissions VALUES (?, ?, ?)",
            [(OWN_PROFILE, OWN_TRACKER, right) for right in (CAN_TRACK, CAN_SEE_REPORTING)],
        )


def move(context: Context, zone: str) -> None:
    """Who lived in the zone of the data lives in another one."""
    with context.database.write() as connection:
        connection.execute(
            "UPDATE trackmypeople_profiles SET timezone = ? WHERE timezone = ?",
            (zone, context.options.timezone),
        )
