"""The tables of the embedded Igtimi. Times are UTC milliseconds."""

SCHEMA = """
CREATE TABLE IF NOT EXISTS igtimi_user (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    first_name TEXT NOT NULL,
    surname TEXT NOT NULL,
    email TEXT NOT NULL UNIQUE,
    blob BLOB
);
CREATE TABLE IF NOT EXISTS igtimi_token (
    digest TEXT PRIMARY KEY,
    user_id INTEGER REFERENCES igtimi_user(id) ON DELETE CASCADE,
    created INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS igtimi_code (
    digest TEXT PRIMARY KEY,
    user_id INTEGER NOT NULL REFERENCES igtimi_user(id) ON DELETE CASCADE,
    redirect_uri TEXT NOT NULL,
    expires INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS igtimi_group (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    hidden INTEGER NOT NULL DEFAULT 0,
    public INTEGER NOT NULL DEFAULT 0,
    blob BLOB
);
CREATE TABLE IF NOT EXISTS igtimi_member (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    group_id INTEGER NOT NULL REFERENCES igtimi_group(id) ON DELETE CASCADE,
    user_id INTEGER REFERENCES igtimi_user(id) ON DELETE CASCADE,
    member_group_id INTEGER REFERENCES igtimi_group(id) ON DELETE CASCADE,
    modify INTEGER NOT NULL DEFAULT 0,
    CHECK ((user_id IS NULL) <> (member_group_id IS NULL)),
    UNIQUE (group_id, user_id),
    UNIQUE (group_id, member_group_id)
);
CREATE TABLE IF NOT EXISTS igtimi_devicegroup (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    token TEXT NOT NULL UNIQUE,
    prefix TEXT NOT NULL,
    create_devices INTEGER NOT NULL,
    create_tokens INTEGER NOT NULL,
    parent INTEGER REFERENCES igtimi_devicegroup(id) ON DELETE CASCADE,
    default_owner_id INTEGER REFERENCES igtimi_user(id),
    expiry INTEGER
);
CREATE TABLE IF NOT EXISTS igtimi_device (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    serial TEXT NOT NULL UNIQUE,
    uid TEXT,
    imei TEXT,
    service_tag TEXT NOT NULL,
    owner_id INTEGER REFERENCES igtimi_user(id),
    user_group_id INTEGER REFERENCES igtimi_group(id) ON DELETE SET NULL,
    admin_group_id INTEGER REFERENCES igtimi_group(id) ON DELETE SET NULL,
    info TEXT,
    next_stream_id INTEGER NOT NULL DEFAULT 1,
    blob BLOB
);
CREATE TABLE IF NOT EXISTS igtimi_window (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    serial TEXT NOT NULL REFERENCES igtimi_device(serial) ON DELETE CASCADE,
    start_time REAL NOT NULL,
    end_time REAL NOT NULL,
    user_id INTEGER REFERENCES igtimi_user(id) ON DELETE CASCADE,
    group_id INTEGER REFERENCES igtimi_group(id) ON DELETE CASCADE,
    read INTEGER NOT NULL,
    modify INTEGER NOT NULL,
    CHECK ((user_id IS NULL) <> (group_id IS NULL))
);
CREATE INDEX IF NOT EXISTS igtimi_window_serial ON igtimi_window(serial);
CREATE TABLE IF NOT EXISTS igtimi_resource (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    serial TEXT NOT NULL REFERENCES igtimi_device(serial) ON DELETE CASCADE,
    stream_id INTEGER NOT NULL,
    start_time INTEGER NOT NULL,
    end_time INTEGER NOT NULL,
    data_types TEXT NOT NULL,
    archive_polls INTEGER NOT NULL DEFAULT 0,
    last_accessed INTEGER,
    blob BLOB
);
CREATE INDEX IF NOT EXISTS igtimi_resource_serial ON igtimi_resource(serial, end_time);
CREATE TABLE IF NOT EXISTS igtimi_session (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT,
    start_time REAL,
    end_time REAL,
    owner_id INTEGER NOT NULL REFERENCES igtimi_user(id),
    group_id INTEGER REFERENCES igtimi_group(id) ON DELETE SET NULL,
    admin_group_id INTEGER REFERENCES igtimi_group(id) ON DELETE SET NULL,
    parent_session_id INTEGER,
    blob BLOB
);
CREATE TABLE IF NOT EXISTS igtimi_log (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    session_id INTEGER NOT NULL REFERENCES igtimi_session(id) ON DELETE CASCADE,
    created INTEGER NOT NULL,
    data TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS igtimi_log_session ON igtimi_log(session_id, id);
CREATE TABLE IF NOT EXISTS igtimi_block (
    id INTEGER PRIMARY KEY,
    serial TEXT NOT NULL,
    type INTEGER NOT NULL,
    source INTEGER NOT NULL,
    first INTEGER NOT NULL,
    last INTEGER NOT NULL,
    text INTEGER NOT NULL DEFAULT 0,
    live INTEGER NOT NULL DEFAULT 0,
    content BLOB NOT NULL
);
CREATE INDEX IF NOT EXISTS igtimi_block_series ON igtimi_block(serial, type, source, last);
CREATE TABLE IF NOT EXISTS igtimi_feed (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    last INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS igtimi_recording (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    plan TEXT NOT NULL,
    first INTEGER NOT NULL,
    last INTEGER NOT NULL,
    written INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE IF NOT EXISTS igtimi_file (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    resource_id INTEGER NOT NULL REFERENCES igtimi_resource(id) ON DELETE CASCADE,
    source INTEGER NOT NULL,
    name TEXT NOT NULL,
    md5 TEXT NOT NULL,
    content_type TEXT NOT NULL,
    start_time INTEGER NOT NULL,
    end_time INTEGER NOT NULL,
    content BLOB NOT NULL
);
CREATE TABLE IF NOT EXISTS igtimi_import (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id INTEGER NOT NULL REFERENCES igtimi_user(id) ON DELETE CASCADE,
    file_id TEXT NOT NULL,
    md5 TEXT NOT NULL,
    state TEXT NOT NULL,
    msg TEXT,
    uploaded INTEGER NOT NULL,
    updated INTEGER NOT NULL,
    content BLOB NOT NULL
);
"""
