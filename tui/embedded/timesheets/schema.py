"""The tables of the Timesheets store.

Times are whole seconds since 1970 UTC, money is decimal text, flags are 0 or 1. References are
deferred to the end of the transaction, so that a whole workspace can be cleared in any order.
"""

from __future__ import annotations

TABLES = """
CREATE TABLE IF NOT EXISTS timesheets_users (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    email TEXT NOT NULL,
    password_hash TEXT NOT NULL DEFAULT '',
    first_name TEXT NOT NULL DEFAULT '',
    last_name TEXT NOT NULL DEFAULT '',
    sex TEXT,
    position TEXT,
    hourly_rate TEXT NOT NULL DEFAULT '0',
    is_admin INTEGER NOT NULL DEFAULT 0,
    is_active INTEGER NOT NULL DEFAULT 1,
    settings TEXT NOT NULL DEFAULT '{"datetime_format": "d/m/Y h:ia"}',
    picture TEXT NOT NULL DEFAULT '',
    notes TEXT,
    birth_date TEXT,
    created INTEGER NOT NULL,
    updated INTEGER NOT NULL,
    exported INTEGER,
    changed INTEGER NOT NULL DEFAULT 0,
    deleted INTEGER
);
CREATE UNIQUE INDEX IF NOT EXISTS timesheets_users_email
    ON timesheets_users (lower(email)) WHERE deleted IS NULL;

CREATE TABLE IF NOT EXISTS timesheets_tokens (
    digest TEXT PRIMARY KEY,
    user_id INTEGER NOT NULL
        REFERENCES timesheets_users (id) DEFERRABLE INITIALLY DEFERRED,
    created INTEGER NOT NULL
);

CREATE TABLE IF NOT EXISTS timesheets_groups (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    description TEXT,
    notes TEXT,
    pay_rate TEXT NOT NULL DEFAULT '0',
    is_active INTEGER NOT NULL DEFAULT 1
);
CREATE TABLE IF NOT EXISTS timesheets_members (
    group_id INTEGER NOT NULL
        REFERENCES timesheets_groups (id) DEFERRABLE INITIALLY DEFERRED,
    user_id INTEGER NOT NULL
        REFERENCES timesheets_users (id) DEFERRABLE INITIALLY DEFERRED,
    PRIMARY KEY (group_id, user_id)
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS timesheets_clients (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    phone TEXT,
    email TEXT,
    contact_info TEXT,
    address TEXT,
    city TEXT,
    state TEXT,
    industry TEXT,
    website TEXT,
    notes TEXT,
    is_active INTEGER NOT NULL DEFAULT 1,
    created INTEGER NOT NULL,
    updated INTEGER NOT NULL
);

CREATE TABLE IF NOT EXISTS timesheets_projects (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    client_id INTEGER NOT NULL
        REFERENCES timesheets_clients (id) DEFERRABLE INITIALLY DEFERRED,
    name TEXT NOT NULL,
    description TEXT,
    category TEXT,
    status TEXT NOT NULL DEFAULT 'new',
    planned_start_date INTEGER,
    actual_start_date INTEGER,
    planned_end_date INTEGER,
    actual_end_date INTEGER,
    estimated_duration TEXT,
    actual_duration TEXT,
    duration_unit TEXT NOT NULL DEFAULT 'hours',
    created INTEGER NOT NULL,
    updated INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS timesheets_projects_client ON timesheets_projects (client_id);

CREATE TABLE IF NOT EXISTS timesheets_tasks (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    project_id INTEGER NOT NULL
        REFERENCES timesheets_projects (id) DEFERRABLE INITIALLY DEFERRED,
    name TEXT NOT NULL,
    description TEXT,
    estimate TEXT,
    estimate_unit TEXT NOT NULL DEFAULT 'hours',
    status TEXT NOT NULL DEFAULT 'new',
    created INTEGER NOT NULL,
    updated INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS timesheets_tasks_project ON timesheets_tasks (project_id);
CREATE TABLE IF NOT EXISTS timesheets_assignments (
    task_id INTEGER NOT NULL
        REFERENCES timesheets_tasks (id) DEFERRABLE INITIALLY DEFERRED,
    user_id INTEGER NOT NULL
        REFERENCES timesheets_users (id) DEFERRABLE INITIALLY DEFERRED,
    PRIMARY KEY (task_id, user_id)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS timesheets_task_history (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    task_id INTEGER NOT NULL
        REFERENCES timesheets_tasks (id) DEFERRABLE INITIALLY DEFERRED,
    status TEXT NOT NULL,
    date INTEGER NOT NULL,
    user_id INTEGER NOT NULL
        REFERENCES timesheets_users (id) DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX IF NOT EXISTS timesheets_task_history_task ON timesheets_task_history (task_id);

CREATE TABLE IF NOT EXISTS timesheets_schedules (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    days INTEGER NOT NULL,
    start_time TEXT NOT NULL,
    end_time TEXT NOT NULL,
    is_holiday INTEGER NOT NULL,
    is_overnight INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS timesheets_rates (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id INTEGER NOT NULL
        REFERENCES timesheets_users (id) DEFERRABLE INITIALLY DEFERRED,
    schedule_id INTEGER NOT NULL
        REFERENCES timesheets_schedules (id) DEFERRABLE INITIALLY DEFERRED,
    name TEXT NOT NULL,
    amount TEXT NOT NULL DEFAULT '0',
    duration_unit TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS timesheets_rates_user ON timesheets_rates (user_id, schedule_id);

CREATE TABLE IF NOT EXISTS timesheets_invoices (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    client_id INTEGER NOT NULL
        REFERENCES timesheets_clients (id) DEFERRABLE INITIALLY DEFERRED,
    due_date INTEGER NOT NULL,
    payed_date INTEGER,
    amount TEXT NOT NULL,
    status TEXT NOT NULL DEFAULT 'new',
    created INTEGER NOT NULL,
    updated INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS timesheets_invoices_client ON timesheets_invoices (client_id);
CREATE TABLE IF NOT EXISTS timesheets_invoice_tasks (
    invoice_id INTEGER NOT NULL
        REFERENCES timesheets_invoices (id) DEFERRABLE INITIALLY DEFERRED,
    task_id INTEGER NOT NULL
        REFERENCES timesheets_tasks (id) DEFERRABLE INITIALLY DEFERRED,
    PRIMARY KEY (invoice_id, task_id)
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS timesheets_entries (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id INTEGER NOT NULL
        REFERENCES timesheets_users (id) DEFERRABLE INITIALLY DEFERRED,
    task_id INTEGER
        REFERENCES timesheets_tasks (id) DEFERRABLE INITIALLY DEFERRED,
    schedule_id INTEGER
        REFERENCES timesheets_schedules (id) DEFERRABLE INITIALLY DEFERRED,
    invoice_id INTEGER
        REFERENCES timesheets_invoices (id) DEFERRABLE INITIALLY DEFERRED,
    start_time INTEGER NOT NULL,
    end_time INTEGER,
    status TEXT NOT NULL DEFAULT 'in-progress',
    payment_status TEXT NOT NULL DEFAULT 'pending',
    approve_date INTEGER,
    start_location TEXT,
    end_location TEXT,
    updated INTEGER NOT NULL,
    CHECK (end_time IS NULL OR end_time >= start_time)
);
CREATE UNIQUE INDEX IF NOT EXISTS timesheets_entries_running
    ON timesheets_entries (user_id) WHERE end_time IS NULL;
CREATE INDEX IF NOT EXISTS timesheets_entries_task ON timesheets_entries (task_id);
CREATE INDEX IF NOT EXISTS timesheets_entries_user ON timesheets_entries (user_id, start_time);
CREATE INDEX IF NOT EXISTS timesheets_entries_invoice ON timesheets_entries (invoice_id);
CREATE TABLE IF NOT EXISTS timesheets_breaks (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    entry_id INTEGER NOT NULL
        REFERENCES timesheets_entries (id) DEFERRABLE INITIALLY DEFERRED,
    start_time INTEGER NOT NULL,
    end_time INTEGER,
    CHECK (end_time IS NULL OR end_time >= start_time)
);
CREATE UNIQUE INDEX IF NOT EXISTS timesheets_breaks_running
    ON timesheets_breaks (entry_id) WHERE end_time IS NULL;
CREATE INDEX IF NOT EXISTS timesheets_breaks_entry ON timesheets_breaks (entry_id);
CREATE TABLE IF NOT EXISTS timesheets_entry_history (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    entry_id INTEGER NOT NULL
        REFERENCES timesheets_entries (id) DEFERRABLE INITIALLY DEFERRED,
    status TEXT NOT NULL,
    date INTEGER NOT NULL,
    user_id INTEGER NOT NULL
        REFERENCES timesheets_users (id) DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX IF NOT EXISTS timesheets_entry_history_entry ON timesheets_entry_history (entry_id);

CREATE TABLE IF NOT EXISTS timesheets_comments (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    subject TEXT NOT NULL CHECK (subject IN ('task', 'invoice', 'entry')),
    subject_id INTEGER NOT NULL,
    user_id INTEGER NOT NULL
        REFERENCES timesheets_users (id) DEFERRABLE INITIALLY DEFERRED,
    content TEXT NOT NULL,
    date INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS timesheets_comments_subject
    ON timesheets_comments (subject, subject_id);

CREATE TABLE IF NOT EXISTS timesheets_integrations (
    name TEXT PRIMARY KEY,
    client_id TEXT NOT NULL DEFAULT '',
    has_secret INTEGER NOT NULL DEFAULT 0,
    settings TEXT NOT NULL DEFAULT '{}'
);
CREATE TABLE IF NOT EXISTS timesheets_links (
    integration TEXT NOT NULL,
    kind TEXT NOT NULL,
    local_id INTEGER NOT NULL,
    remote_id TEXT NOT NULL,
    date INTEGER NOT NULL,
    PRIMARY KEY (integration, kind, local_id)
) WITHOUT ROWID;
"""
