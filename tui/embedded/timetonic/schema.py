"""The tables of the embedded TimeTonic.

Times are unix seconds where a column is named `created` or `modified`, and server stamps
(unix seconds x 10000) where it is named `sstamp`. A row keeps its cells as one JSON object
from field id to stored value, because a page of rows is always read whole.
"""

from __future__ import annotations

STRETCH = 1024
"""Positions that are counted together: at most so many rows are passed over to find a page."""

_TABLES = """
CREATE TABLE IF NOT EXISTS timetonic_user (
    code TEXT PRIMARY KEY,
    first_name TEXT NOT NULL,
    last_name TEXT NOT NULL,
    mail TEXT NOT NULL DEFAULT '',
    phone TEXT NOT NULL DEFAULT '',
    lang TEXT NOT NULL DEFAULT 'en',
    country TEXT NOT NULL DEFAULT 'FR',
    company TEXT NOT NULL DEFAULT '',
    created INTEGER NOT NULL,
    sstamp INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS timetonic_appkey (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    appkey TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    created INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS timetonic_oauthkey (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    oauthkey TEXT NOT NULL UNIQUE,
    user TEXT NOT NULL REFERENCES timetonic_user (code),
    appkey_id INTEGER NOT NULL REFERENCES timetonic_appkey (id),
    created INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS timetonic_session (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    sesskey TEXT NOT NULL UNIQUE,
    user TEXT NOT NULL REFERENCES timetonic_user (code),
    app_name TEXT NOT NULL,
    restrictions TEXT NOT NULL DEFAULT '{}',
    created INTEGER NOT NULL,
    expires INTEGER,
    dropped INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE IF NOT EXISTS timetonic_device (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    user TEXT NOT NULL REFERENCES timetonic_user (code),
    kind TEXT NOT NULL,
    registration TEXT NOT NULL,
    project INTEGER NOT NULL DEFAULT 0,
    active INTEGER NOT NULL DEFAULT 1
);
CREATE TABLE IF NOT EXISTS timetonic_book (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    b_c TEXT NOT NULL,
    b_o TEXT NOT NULL REFERENCES timetonic_user (code),
    title TEXT,
    description TEXT NOT NULL DEFAULT '',
    color TEXT NOT NULL DEFAULT 'orange',
    cover TEXT,
    contact TEXT,
    created INTEGER NOT NULL,
    sstamp INTEGER NOT NULL,
    form_id INTEGER NOT NULL,
    form_modified INTEGER NOT NULL,
    deleted INTEGER NOT NULL DEFAULT 0,
    UNIQUE (b_c, b_o)
);
CREATE TABLE IF NOT EXISTS timetonic_member (
    book_id INTEGER NOT NULL REFERENCES timetonic_book (id),
    user TEXT NOT NULL REFERENCES timetonic_user (code),
    level INTEGER NOT NULL DEFAULT 4,
    api_right INTEGER NOT NULL DEFAULT 1,
    archived INTEGER NOT NULL DEFAULT 0,
    favorite INTEGER NOT NULL DEFAULT 0,
    position INTEGER NOT NULL DEFAULT 0,
    last_read INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (book_id, user)
);
CREATE TABLE IF NOT EXISTS timetonic_message (
    smid INTEGER PRIMARY KEY AUTOINCREMENT,
    book_id INTEGER NOT NULL REFERENCES timetonic_book (id),
    uuid TEXT NOT NULL,
    user TEXT NOT NULL REFERENCES timetonic_user (code),
    msg TEXT NOT NULL,
    body TEXT NOT NULL DEFAULT '',
    method TEXT NOT NULL DEFAULT 'api',
    color TEXT NOT NULL DEFAULT '',
    linked_row INTEGER,
    linked_tab INTEGER,
    linked_field INTEGER,
    created INTEGER NOT NULL,
    modified INTEGER NOT NULL,
    sstamp INTEGER NOT NULL,
    deleted INTEGER NOT NULL DEFAULT 0,
    event_start INTEGER,
    event_end INTEGER,
    event_timezone TEXT,
    participants TEXT NOT NULL DEFAULT ''
);
CREATE INDEX IF NOT EXISTS timetonic_message_of_book ON timetonic_message (book_id, smid);
CREATE UNIQUE INDEX IF NOT EXISTS timetonic_message_uuid ON timetonic_message (user, uuid);
CREATE TABLE IF NOT EXISTS timetonic_table (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    book_id INTEGER NOT NULL REFERENCES timetonic_book (id),
    name TEXT NOT NULL,
    code TEXT,
    description TEXT NOT NULL DEFAULT '',
    locked INTEGER NOT NULL DEFAULT 0,
    forbid_add INTEGER NOT NULL DEFAULT 0,
    forbid_delete INTEGER NOT NULL DEFAULT 0,
    pivot TEXT,
    modified INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS timetonic_view (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    table_id INTEGER NOT NULL REFERENCES timetonic_table (id),
    name TEXT NOT NULL,
    description TEXT,
    presentation INTEGER NOT NULL DEFAULT 1,
    filter_group TEXT,
    calendar_start INTEGER,
    calendar_end INTEGER,
    token TEXT UNIQUE
);
CREATE TABLE IF NOT EXISTS timetonic_tab (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    book_id INTEGER NOT NULL REFERENCES timetonic_book (id),
    table_id INTEGER NOT NULL REFERENCES timetonic_table (id),
    view_id INTEGER REFERENCES timetonic_view (id),
    position INTEGER NOT NULL,
    hidden INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE IF NOT EXISTS timetonic_field (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    table_id INTEGER NOT NULL REFERENCES timetonic_table (id),
    position INTEGER NOT NULL,
    name TEXT NOT NULL,
    code TEXT,
    fixed_code TEXT NOT NULL,
    description TEXT,
    type TEXT NOT NULL,
    options TEXT NOT NULL DEFAULT '{}',
    read_only INTEGER NOT NULL DEFAULT 0,
    last_increment INTEGER,
    modified INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS timetonic_field_of_table ON timetonic_field (table_id, position);
CREATE TABLE IF NOT EXISTS timetonic_row (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    table_id INTEGER NOT NULL REFERENCES timetonic_table (id),
    position INTEGER NOT NULL,
    cells TEXT NOT NULL DEFAULT '{}',
    created INTEGER NOT NULL,
    modified INTEGER NOT NULL,
    sstamp INTEGER NOT NULL,
    deleted INTEGER NOT NULL DEFAULT 0,
    token TEXT UNIQUE
);
CREATE INDEX IF NOT EXISTS timetonic_row_of_table ON timetonic_row (table_id, deleted, position);
CREATE INDEX IF NOT EXISTS timetonic_row_by_stamp ON timetonic_row (table_id, sstamp);
CREATE TABLE IF NOT EXISTS timetonic_history (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    row_id INTEGER NOT NULL REFERENCES timetonic_row (id),
    batch INTEGER NOT NULL,
    user TEXT NOT NULL,
    action TEXT NOT NULL,
    field_id INTEGER,
    old TEXT,
    new TEXT,
    old_text TEXT NOT NULL DEFAULT '',
    new_text TEXT NOT NULL DEFAULT '',
    created INTEGER NOT NULL,
    sstamp INTEGER NOT NULL,
    undone INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX IF NOT EXISTS timetonic_history_of_row ON timetonic_history (row_id, id);
CREATE TABLE IF NOT EXISTS timetonic_comment (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    row_id INTEGER NOT NULL REFERENCES timetonic_row (id),
    field_id INTEGER NOT NULL REFERENCES timetonic_field (id),
    user TEXT NOT NULL REFERENCES timetonic_user (code),
    text TEXT NOT NULL,
    created INTEGER NOT NULL,
    modified INTEGER NOT NULL,
    sstamp INTEGER NOT NULL,
    deleted INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX IF NOT EXISTS timetonic_comment_of_cell ON timetonic_comment (row_id, field_id);
CREATE TABLE IF NOT EXISTS timetonic_file (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    uuid TEXT NOT NULL UNIQUE,
    book_id INTEGER REFERENCES timetonic_book (id),
    row_id INTEGER REFERENCES timetonic_row (id),
    field_id INTEGER REFERENCES timetonic_field (id),
    smid INTEGER REFERENCES timetonic_message (smid),
    user TEXT NOT NULL REFERENCES timetonic_user (code),
    name TEXT NOT NULL,
    ext TEXT NOT NULL,
    kind TEXT NOT NULL,
    size INTEGER NOT NULL,
    access_key TEXT NOT NULL,
    public INTEGER NOT NULL DEFAULT 0,
    created INTEGER NOT NULL,
    sstamp INTEGER NOT NULL,
    content BLOB NOT NULL
);
CREATE INDEX IF NOT EXISTS timetonic_file_of_cell ON timetonic_file (row_id, field_id);
CREATE INDEX IF NOT EXISTS timetonic_file_of_message ON timetonic_file (smid);
CREATE TABLE IF NOT EXISTS timetonic_chunk (
    user TEXT NOT NULL REFERENCES timetonic_user (code),
    identifier TEXT NOT NULL,
    number INTEGER NOT NULL,
    created INTEGER NOT NULL,
    content BLOB NOT NULL,
    PRIMARY KEY (user, identifier, number)
);
"""

_COUNTS = f"""
CREATE TABLE IF NOT EXISTS stretch_of_timetonic_row (
    table_id INTEGER NOT NULL,
    stretch INTEGER NOT NULL,
    rows INTEGER NOT NULL,
    PRIMARY KEY (table_id, stretch)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS version_of_timetonic_table (
    table_id INTEGER PRIMARY KEY,
    version INTEGER NOT NULL
);
INSERT INTO stretch_of_timetonic_row
    SELECT table_id, position / {STRETCH}, count(*) FROM timetonic_row
    WHERE deleted = 0 AND NOT EXISTS (SELECT 1 FROM stretch_of_timetonic_row)
    GROUP BY table_id, position / {STRETCH};
CREATE TRIGGER IF NOT EXISTS timetonic_row_comes AFTER INSERT ON timetonic_row BEGIN
    INSERT INTO stretch_of_timetonic_row
        VALUES (NEW.table_id, NEW.position / {STRETCH}, NOT NEW.deleted)
        ON CONFLICT (table_id, stretch) DO UPDATE SET rows = rows + excluded.rows;
    INSERT INTO version_of_timetonic_table VALUES (NEW.table_id, random())
        ON CONFLICT (table_id) DO UPDATE SET version = excluded.version;
END;
CREATE TRIGGER IF NOT EXISTS timetonic_row_goes AFTER DELETE ON timetonic_row BEGIN
    UPDATE stretch_of_timetonic_row SET rows = rows - (NOT OLD.deleted)
        WHERE table_id = OLD.table_id AND stretch = OLD.position / {STRETCH};
    INSERT INTO version_of_timetonic_table VALUES (OLD.table_id, random())
        ON CONFLICT (table_id) DO UPDATE SET version = excluded.version;
END;
CREATE TRIGGER IF NOT EXISTS timetonic_row_moves
AFTER UPDATE OF table_id, position, deleted ON timetonic_row BEGIN
    UPDATE stretch_of_timetonic_row SET rows = rows - (NOT OLD.deleted)
        WHERE table_id = OLD.table_id AND stretch = OLD.position / {STRETCH};
    INSERT INTO stretch_of_timetonic_row
        VALUES (NEW.table_id, NEW.position / {STRETCH}, NOT NEW.deleted)
        ON CONFLICT (table_id, stretch) DO UPDATE SET rows = rows + excluded.rows;
END;
CREATE TRIGGER IF NOT EXISTS timetonic_row_changes AFTER UPDATE ON timetonic_row BEGIN
    INSERT INTO version_of_timetonic_table VALUES (OLD.table_id, random())
        ON CONFLICT (table_id) DO UPDATE SET version = excluded.version;
    INSERT INTO version_of_timetonic_table VALUES (NEW.table_id, random())
        ON CONFLICT (table_id) DO UPDATE SET version = excluded.version;
END;
"""
"""What the database counts by itself, in tables that are no part of the workspace: how many rows
stand in each stretch of positions, and a number that is another after every change of a table's
rows. It is random, so that it never comes again, not even with a file that was put back."""

SCHEMA = _TABLES + _COUNTS
