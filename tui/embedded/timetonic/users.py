"""getUserInfo, and the rows without which nobody could log in.

Source: reference TimeTonic, 3.1 (keys and their types).
"""

from __future__ import annotations

import json
import sqlite3

from tui.embedded.context import Context
from tui.embedded.timetonic.call import Call, Operation, next_stamp
from tui.embedded.timetonic.envelope import JsonObject, paris_text, stamp_of, unix

SYSTEM_USER = "timetonic"
"""Writes the "Book creation" message of every book."""

_COLORS = {
    "defaut": "#5AAFDC",
    "bleu-violet": "#6B6BD6",
    "gray": "#8C8C8C",
    "bleu-turquoise": "#1FA9A0",
    "red": "#D64541",
    "green": "#52A352",
    "orange": "#E8872E",
    "pink": "#DE6FA1",
    "bleu-nuit": "#22406B",
    "noir": "#222222",
    "rose-bois": "#B0696B",
    "orange-pastel": "#F2B880",
    "vert-pastel": "#A9D18E",
    "jaune-indien": "#E3A857",
    "lilas": "#B79AC8",
}

_BOOL_PREFS = (
    "slashd",
    "openGrand",
    "newsletter",
    "replace",
    "globalAdd",
    "globalCalendar",
    "globalSearch",
    "soundNotifications",
    "twoFactor",
    "syncWithHubic",
)

_EMPTY_PREFS = (
    "mail1_toConfirm",
    "mail2",
    "mail2_toConfirm",
    "mob2",
    "sex",
    "birthd",
    "address",
    "zip",
    "city",
    "vatn",
    "regiondf",
    "region",
    "sdate",
)


def _get_user_info(call: Call) -> JsonObject:
    row = call.one("SELECT * FROM timetonic_user WHERE code = ?", call.user)
    assert row is not None  # a session refers to its user
    count = call.one(
        "SELECT count(*) FROM timetonic_member m JOIN timetonic_book b ON b.id = m.book_id"
        " WHERE m.user = ? AND NOT b.deleted",
        call.user,
    )
    assert count is not None
    return {
        "sstamp": next_stamp(call.context),
        "userInfo": {
            "firstTime": False,
            "uimgStamp": int(row["created"]),
            "sstamp": int(row["sstamp"]),
            "nbBooks": int(count[0]),
            "u_c": row["code"],
            "projectID": 0,
            "licence": "business",
            "companyAccountPlan": "business",
            "rights": {"canCreateWorkspace": True, "form-pro": True},
            "colors": _COLORS,
            "userPrefs": _preferences(call, row),
        },
    }


def _preferences(call: Call, row: sqlite3.Row) -> JsonObject:
    return {
        "mail1": row["mail"],
        "mob1": row["phone"],
        "fname": row["first_name"],
        "lname": row["last_name"],
        "lang": row["lang"],
        "country": row["country"],
        "cie": row["company"],
        **dict.fromkeys(_EMPTY_PREFS, ""),
        "UCREATEDON": paris_text(row["created"]),
        "account": "business",
        "until": "",
        "method": "mail",
        "lastConnection": paris_text(call.seconds()),
        "secondsSincePreviousConnection": "0",
        "tz": "Europe/Paris",
        "timezone": "Europe/Paris",
        "companySize": "11-50",
        "ip": "127.0.0.1",
        "origin": "tockdeck sample",
        # Present in the real answer, which is why a client must never show the raw object.
        "ukey": "not-a-real-key",
        "twoFactorSecret": "",
        **dict.fromkeys(_BOOL_PREFS, False),
        "nbCol": 3,
        "licenceId": 4,
        "sector": {},
        "NotifMobile": True,
    }


def add_user(connection: sqlite3.Connection, code: str, now: int, **columns: str) -> None:
    """One user; nothing happens when the code is taken."""
    names = {"first_name": code.capitalize(), "last_name": "", "mail": "", "phone": ""} | columns
    connection.execute(
        f"INSERT OR IGNORE INTO timetonic_user (code, {', '.join(names)}, created, sstamp)"
        f" VALUES (?, {', '.join('?' for _ in names)}, ?, ?)",
        (code, *names.values(), now, now * 10000),
    )


def ground(context: Context) -> None:
    """The person's account, the session key made ahead, and one small book to begin with.

    TimeTonic has no request that makes a book, so an account without one would stay empty.
    """
    now = unix(context.now())
    credentials = context.credentials
    person = credentials.timetonic_login
    with context.database.write() as connection:
        add_user(connection, SYSTEM_USER, now, first_name="TimeTonic")
        add_user(
            connection,
            person,
            now,
            first_name="Dana",
            last_name="Morvan",
            mail="demo@example.org",
            phone="+33600000001",
            lang="en",
            company="Morvan Sailing & Consulting",
        )
        # A key that the person dropped comes back with the next start: it stands in the
        # credentials file, and without it a deck that was given it could never log in again.
        connection.execute(
            "INSERT INTO timetonic_session (sesskey, user, app_name, created) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (sesskey) DO UPDATE SET dropped = 0",
            (credentials.timetonic_sesskey, person, "pasted key", now),
        )
        if connection.execute("SELECT 1 FROM timetonic_book LIMIT 1").fetchone() is None:
            _first_book(connection, person, now, stamp_of(context.now()))


def _first_book(connection: sqlite3.Connection, person: str, now: int, sstamp: int) -> None:
    book = connection.execute(
        "INSERT INTO timetonic_book"
        " (b_c, b_o, title, description, color, created, sstamp, form_id, form_modified)"
        " VALUES ('notebook', ?, 'Notebook', 'Notes of your own.', 'vert-pastel', ?, ?, 76201, ?)",
        (person, now, sstamp, now),
    ).lastrowid
    message = connection.execute(
        "INSERT INTO timetonic_message"
        " (book_id, uuid, user, msg, method, created, modified, sstamp)"
        " VALUES (?, ?, ?, 'Book creation', '_welcome', ?, ?, ?)",
        (book, f"addDb-{now}-notebook", SYSTEM_USER, now, now, sstamp),
    ).lastrowid
    connection.execute(
        "INSERT INTO timetonic_member (book_id, user, position, last_read) VALUES (?, ?, 6, ?)",
        (book, person, message),
    )
    table = connection.execute(
        "INSERT INTO timetonic_table (book_id, name, code, modified)"
        " VALUES (?, 'Notes', 'notes', ?)",
        (book, now),
    ).lastrowid
    connection.execute(
        "INSERT INTO timetonic_view (table_id, name) VALUES (?, 'Default view')", (table,)
    )
    connection.execute(
        "INSERT INTO timetonic_tab (book_id, table_id, position) VALUES (?, ?, 1)", (book, table)
    )
    fields: tuple[tuple[str, str, str, JsonObject], ...] = (
        ("Title", "title", "shorttext", {}),
        ("Text", "text", "mediumtext", {}),
        ("Date", "date", "date", {"dateFormat": "YYYY-MM-DD"}),
        ("Done", "done", "boolean", {}),
    )
    connection.executemany(
        "INSERT INTO timetonic_field"
        " (table_id, position, name, fixed_code, type, options, modified)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        [
            (table, position, name, code, kind, json.dumps(options), now)
            for position, (name, code, kind, options) in enumerate(fields, 1)
        ],
    )


OPERATIONS = {"getUserInfo": Operation(_get_user_info)}
