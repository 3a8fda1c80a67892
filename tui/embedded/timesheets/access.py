"""Who may call: login, registration, tokens and passwords.

Source: documents, chapter INTRO; reference page, sections 3.3 and 3.7 (points 1, 2).
"""

from __future__ import annotations

import hashlib
import hmac
import secrets

from tui.embedded.context import Context
from tui.embedded.timesheets.answers import Record, Refusal, invalid, success
from tui.embedded.timesheets.calls import Actor, Call, Operation, operation
from tui.embedded.timesheets.parameters import (
    calendar_date,
    choice,
    email,
    filled,
    optional,
    password,
    required,
    text,
)

_ALPHABET = "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
_ROUNDS = 20_000
TOKEN_SECONDS = 30 * 86_400
TOKENS = 50
"""Tokens of one user that are good at a time."""


def hash_password(plain: str) -> str:
    """Salted, as `salt$digest`."""
    salt = secrets.token_hex(8)
    return f"{salt}${_digest(plain, salt)}"


def _digest(plain: str, salt: str) -> str:
    return hashlib.pbkdf2_hmac("sha256", plain.encode(), salt.encode(), _ROUNDS).hex()


def _matches(plain: str, kept: str) -> bool:
    salt, _, digest = kept.partition("$")
    return bool(digest) and hmac.compare_digest(_digest(plain, salt), digest)


def new_token(call: Call, user_id: int) -> str:
    """A token in the documented look, `$2y$10$` and 53 characters of ./A-Za-z0-9.

    Only its digest is kept. No lifetime is documented, and every run of a client logs in anew:
    assumed are 30 days, and that the newest tokens of a user are enough.
    """
    call.run("DELETE FROM timesheets_tokens WHERE created <= ?", (call.now - TOKEN_SECONDS,))
    call.run(
        "DELETE FROM timesheets_tokens WHERE user_id = ? AND rowid NOT IN (SELECT rowid FROM"
        " timesheets_tokens WHERE user_id = ? ORDER BY created DESC, rowid DESC LIMIT ?)",
        (user_id, user_id, TOKENS - 1),
    )
    token = "$2y$10$" + "".join(secrets.choice(_ALPHABET) for _ in range(53))
    call.insert("tokens", digest=_token_digest(token), user_id=user_id, created=call.now)
    return token


def _token_digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogateescape")).hexdigest()


def actor_of(context: Context, authorization: str) -> Actor | None:
    """The user behind `Authorization: Bearer <token>`, or None.

    A user that is deleted or not active has no valid token.
    """
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        return None
    row = context.database.one(
        "SELECT u.id, u.is_admin FROM timesheets_tokens t "
        "JOIN timesheets_users u ON u.id = t.user_id "
        "WHERE t.digest = ? AND t.created > ? AND u.deleted IS NULL AND u.is_active",
        (_token_digest(token.strip()), int(context.now().timestamp()) - TOKEN_SECONDS),
    )
    return None if row is None else Actor(row["id"], bool(row["is_admin"]))


def refuse_taken_email(call: Call, wanted: str, owner: int = 0) -> None:
    """An e-mail address is a login, so two living users cannot share one."""
    taken = call.one(
        "SELECT id FROM timesheets_users "
        "WHERE lower(email) = lower(?) AND deleted IS NULL AND id <> ?",
        (wanted, owner),
    )
    if taken is not None:
        raise invalid("A user with this email exists already.")


def ground(context: Context) -> None:
    """A workspace without sample data starts with its owner, an administrator, alone.

    An owner that was deleted stays deleted: user/delete without user_id does just that.
    """
    owner = context.credentials.timesheets_email
    now = int(context.now().timestamp())
    with context.database.write() as connection:
        connection.execute(
            "INSERT INTO timesheets_users "
            "(email, first_name, last_name, is_admin, created, updated, changed) "
            "SELECT :email, 'Demo', 'Owner', 1, :now, :now, :now WHERE NOT EXISTS "
            "(SELECT 1 FROM timesheets_users WHERE lower(email) = lower(:email))",
            {"email": owner, "now": now},
        )


def _password_is_right(call: Call, given: str, user_email: str, kept: str) -> bool:
    if kept:
        return _matches(given, kept)
    # The owner's password is the one of the credentials file until it is changed by a call.
    # Sample users have none, and cannot sign in before an administrator gives them one.
    ours = call.context.credentials
    return user_email.lower() == ours.timesheets_email.lower() and hmac.compare_digest(
        given.encode(), ours.timesheets_password.encode()
    )


def login(call: Call) -> Record:
    """A token for a user, or `status: PENDING` for one that is not active.

    `status` is documented twice, as SUCCESS and as the state of the account; one object cannot
    hold both, so PENDING is answered in its place when there is no token to give.
    """
    row = call.one(
        "SELECT * FROM timesheets_users WHERE lower(email) = lower(?) AND deleted IS NULL",
        (call.arguments.need("email", str),),
    )
    given = call.arguments.need("password", str)
    if row is None or not _password_is_right(call, given, row["email"], row["password_hash"]):
        # The HTTP code of a failed login is not documented; 401 and 9 is its one documented pair.
        raise Refusal(401, "Email or password incorrect.")
    if not row["is_active"]:
        return {"status": "PENDING", "message": "The account waits for activation."}
    return success("Successfully authorized.", token=new_token(call, row["id"]))


def register(call: Call) -> Record:
    """A new member, active at once (assumption: no activation call is documented).

    The documents let anybody do it, who may come from anywhere. This service is one person's own,
    so an administrator has to.
    """
    wanted = call.arguments.need("email", str)
    refuse_taken_email(call, wanted)
    user_id = call.insert(
        "users",
        email=wanted,
        password_hash=hash_password(call.arguments.need("password", str)),
        created=call.now,
        updated=call.now,
        **call.arguments.sent("first_name", "last_name", "sex", "position", "birth_date"),
    )
    return success("Successfully registered.", token=new_token(call, user_id))


OPERATIONS: tuple[Operation, ...] = (
    operation(
        "login",
        "login",
        login,
        required("email", filled),
        required("password", text),
        writes=True,
        signed=False,
    ),
    operation(
        "register",
        "register",
        register,
        required("email", email),
        required("password", password(8, 16)),
        *optional(
            first_name=text,
            last_name=text,
            sex=choice("male", "female"),
            position=text,
            birth_date=calendar_date,
        ),
        writes=True,
        admin=True,
    ),
)
