"""Keys and sessions: createAppkey, createOauthkey, createSesskey and what ends them.

Source: reference TimeTonic, 2; data createAppkey, createOauthkey, createSesskey.
"""

from __future__ import annotations

import hmac
import secrets
import sqlite3
import string
from dataclasses import asdict

import msgspec

from tui.embedded.context import Context
from tui.embedded.timetonic.call import Call, Operation, Restrictions, Session, next_stamp
from tui.embedded.timetonic.envelope import JsonObject, Refusal, unix
from tui.embedded.timetonic.parameters import Parameters

_ALPHABET = string.ascii_letters + string.digits

DEVICE_TYPES = ("gcm_rid", "gcm_nk", "ios_dt", "ios_dt_v2", "bb_dt", "win_uri")

KEPT = 50
"""Sessions of one user, and keys, that are kept."""

EXPIRED = "session expired, please log in again"


def new_key() -> str:
    """Seven groups of four characters."""
    return "-".join("".join(secrets.choice(_ALPHABET) for _ in range(4)) for _ in range(7))


def find_user(context: Context, name: str) -> str | None:
    """The user code for a code, an e-mail address or a telephone number."""
    row = context.database.one(
        "SELECT code FROM timetonic_user WHERE code = ? OR (mail <> '' AND lower(mail) = lower(?))"
        " OR (phone <> '' AND phone = ?)",
        (name, name, name.replace(" ", "")),
    )
    return None if row is None else str(row["code"])


def authenticate(context: Context, parameters: Parameters) -> Session:
    """The living session of a request. Raises Refusal, with "session expired" for a dead one."""
    sesskey = parameters.text("sesskey")
    if not sesskey:
        raise Refusal("missing_parameter", "parameter sesskey is missing: log in for a session")
    row = context.database.one("SELECT * FROM timetonic_session WHERE sesskey = ?", (sesskey,))
    # A key that is unknown and one that was dropped long ago cannot be told from another.
    if row is None or row["dropped"]:
        raise Refusal("session_expired", EXPIRED)
    if row["expires"] is not None and row["expires"] <= unix(context.now()):
        raise Refusal("session_expired", EXPIRED)
    user = str(row["user"])
    for name in ("o_u", "u_c"):
        given = parameters.text(name, default=user)
        if given != user and find_user(context, given) != user:
            raise Refusal("session_forbidden", f"this session is not one of {name} {given}")
    limits = msgspec.convert(msgspec.json.decode(row["restrictions"]), Restrictions)
    return Session(int(row["id"]), sesskey, user, limits)


def _create_appkey(call: Call) -> JsonObject:
    name = call.parameters.text("appname")
    if not name:
        raise Refusal("missing_parameter", "missing appname")
    key = new_key()
    with call.context.database.write() as connection:
        made = connection.execute(
            "INSERT INTO timetonic_appkey (appkey, name, created) VALUES (?, ?, ?)",
            (key, name[:200], call.seconds()),
        )
    return {"appkey": key, "id": str(made.lastrowid)}


def _create_oauthkey(call: Call) -> JsonObject:
    appkey = call.one(
        "SELECT id FROM timetonic_appkey WHERE appkey = ?", call.parameters.text("appkey")
    )
    if appkey is None:
        raise Refusal("appkey", "apiProcess91: invalid appkey")
    user = find_user(call.context, call.parameters.text("login"))
    credentials = call.context.credentials
    right = hmac.compare_digest(
        call.parameters.text("pwd").encode(), credentials.timetonic_password.encode()
    )
    # Only the person has a password; the other users of the sample are names.
    if not right or user is None or user != credentials.timetonic_login:
        raise Refusal("login", "apiProcess92: invalid login/pwd")
    key = new_key()
    with call.context.database.write() as connection:
        made = connection.execute(
            "INSERT INTO timetonic_oauthkey (oauthkey, user, appkey_id, created)"
            " VALUES (?, ?, ?, ?)",
            (key, user, appkey["id"], call.seconds()),
        )
        _forget_keys(connection, user)
    return {"oauthkey": key, "id": str(made.lastrowid), "o_u": user}


def _forget_keys(connection: sqlite3.Connection, user: str) -> None:
    """The oldest keys go, and then applications that nobody logs in with."""
    connection.execute(
        "DELETE FROM timetonic_oauthkey WHERE user = ? AND id NOT IN"
        " (SELECT id FROM timetonic_oauthkey WHERE user = ? ORDER BY id DESC LIMIT ?)",
        (user, user, KEPT),
    )
    connection.execute(
        "DELETE FROM timetonic_appkey WHERE id NOT IN (SELECT appkey_id FROM timetonic_oauthkey)"
        " AND id NOT IN (SELECT id FROM timetonic_appkey ORDER BY id DESC LIMIT ?)",
        (KEPT,),
    )


def _forget_sessions(connection: sqlite3.Connection, user: str, now: int) -> None:
    """Those that are over go, and the oldest that end some day; a pasted key has no end."""
    connection.execute(
        "DELETE FROM timetonic_session WHERE expires IS NOT NULL AND (expires <= ? OR dropped"
        " OR (user = ? AND id NOT IN (SELECT id FROM timetonic_session WHERE user = ?"
        " AND expires IS NOT NULL ORDER BY id DESC LIMIT ?)))",
        (now, user, user, KEPT - 1),
    )


def _create_sesskey(call: Call) -> JsonObject:
    found = call.one(
        "SELECT o.user, a.name FROM timetonic_oauthkey o"
        " JOIN timetonic_appkey a ON a.id = o.appkey_id WHERE o.oauthkey = ?",
        call.parameters.text("oauthkey"),
    )
    if found is None:
        raise Refusal("oauthkey", "apiProcess93: invalid oauthkey")
    for name in ("o_u", "u_c"):
        given = call.parameters.text(name, default=str(found["user"]))
        if find_user(call.context, given) != found["user"]:
            raise Refusal("oauthkey", f"apiProcess94: invalid {name} for this oauthkey")
    limits = _restrictions(call.parameters.mapping("restrictions"))
    key = new_key()
    now = call.seconds()
    with call.context.database.write() as connection:
        _forget_sessions(connection, found["user"], now)
        made = connection.execute(
            "INSERT INTO timetonic_session"
            " (sesskey, user, app_name, restrictions, created, expires) VALUES (?, ?, ?, ?, ?, ?)",
            (
                key,
                found["user"],
                found["name"],
                msgspec.json.encode(limits).decode(),
                now,
                now + int(call.state.session_hours * 3600),
            ),
        )
    return {
        "sesskey": key,
        "id": str(made.lastrowid),
        "restrictions": asdict(limits),
        "appName": found["name"],
    }


def _restrictions(asked: dict[str, object]) -> Restrictions:
    known = Restrictions.__annotations__
    asked = {name: value for name, value in asked.items() if value != ""}
    for name in asked:
        if name not in known:
            raise Refusal("restrictions", f"apiProcess95: unknown restriction {name[:60]}")
    try:
        # Form values are texts: "true" and "1" must count as what they say.
        return msgspec.convert(asked, Restrictions, strict=False)
    except msgspec.ValidationError:
        raise Refusal("restrictions", "apiProcess95: invalid restrictions") from None


def _get_or_create(call: Call) -> JsonObject:
    return {
        "sesskey": call.session.sesskey,
        "u_c": call.user,
        "sstamp": next_stamp(call.context),
    }


def _drop_all(call: Call) -> JsonObject:
    with call.context.database.write() as connection:
        connection.execute(
            "UPDATE timetonic_session SET dropped = 1 WHERE user = ? AND id <> ?",
            (call.user, call.session.id),
        )
    return {}


def _update_push_id(call: Call) -> JsonObject:
    parameters = call.parameters
    kind = parameters.text("deviceType", default=DEVICE_TYPES[0])
    if kind not in DEVICE_TYPES:
        raise Refusal("invalid_parameter", f"deviceType must be one of {', '.join(DEVICE_TYPES)}")
    device = parameters.integer("deviceID")
    values = (
        kind,
        parameters.text("registrationID")[:4096],
        parameters.integer("projectID"),
        parameters.flag("active", default=True),
    )
    with call.context.database.write() as connection:
        if device:
            changed = connection.execute(
                "UPDATE timetonic_device SET kind = ?, registration = ?, project = ?, active = ?"
                " WHERE id = ? AND user = ?",
                (*values, device, call.user),
            )
            if not changed.rowcount:
                raise Refusal("not_found", f"there is no device {device} of yours")
        else:
            made = connection.execute(
                "INSERT INTO timetonic_device (kind, registration, project, active, user)"
                " VALUES (?, ?, ?, ?, ?)",
                (*values, call.user),
            )
            device = int(made.lastrowid or 0)
    return {"deviceID": device, "sstamp": next_stamp(call.context)}


OPERATIONS = {
    "createAppkey": Operation(_create_appkey, session=False, log_in=True),
    "createOauthkey": Operation(_create_oauthkey, session=False, log_in=True),
    "createSesskey": Operation(_create_sesskey, session=False, log_in=True),
    "getOrCreateSessKey": Operation(_get_or_create),
    "dropAllSessions": Operation(_drop_all),
    "updatePushId": Operation(_update_push_id, writes=True),
}
