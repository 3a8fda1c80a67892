"""Who calls, and how often: log-in, API key, application token, throttle.

Source: "Authentication", "Rate Throttling" and "Function Responses" of the API page.
"""

from __future__ import annotations

import hmac
import sqlite3
from collections.abc import Mapping

from tui.embedded.context import Context
from tui.embedded.ticktocker.codes import Code, Refusal, missing

APPLICATION = "tockdeck"
QUOTA = 120
_THOUSANDTHS = 1000
_PAUSE_MILLISECONDS = 200
_MILLISECONDS_A_THOUSANDTH = 30
"""Two calls a minute are one in 30 seconds; they come back evenly, not at the full minute."""


def check_application(context: Context, given: Mapping[str, str]) -> None:
    """Raises Refusal where the application token is not the one that was handed out."""
    if not given.get("a"):
        raise missing("a")
    if not _equal(given["a"], context.credentials.ticktocker_application):
        raise Refusal(Code.BAD_APP, "The application token is not valid.")


def logged_in(context: Context, given: Mapping[str, str]) -> sqlite3.Row | None:
    """The user whose name and API key were posted, or None."""
    user = _user(context, given.get("u", ""))
    key = given.get("t", "")
    if user is None or not user["api_key"] or not _equal(key, user["api_key"]):
        return None
    return user


def require_user(context: Context, given: Mapping[str, str]) -> sqlite3.Row:
    """The user who calls. Raises Refusal: not logged in, or banned."""
    for name in ("u", "t"):
        if not given.get(name):
            raise missing(name)
    user = logged_in(context, given)
    if user is None:
        raise Refusal(Code.NO_LOGIN, "The user is not logged in: the API key is not valid.")
    if user["banned"]:
        raise Refusal(Code.NO_AUTH, "This user is banned.")
    return user


def api_key(context: Context, given: Mapping[str, str]) -> dict[str, object]:
    """The key of a user who gives name and password; it stays until the password changes."""
    for name in ("u", "p"):
        if not given.get(name):
            raise missing(name)
    user = _user(context, given["u"])
    known = context.credentials
    if (
        user is None
        or given["u"] != known.ticktocker_user
        or not _equal(given["p"], known.ticktocker_password)
    ):
        raise Refusal(Code.NO_LOGIN, "User name or password is wrong.")
    if user["banned"]:
        raise Refusal(Code.NO_AUTH, "This user is banned.")
    spend(context, user)
    return {
        "username": user["username"],
        "name": user["name"],
        "url": user["url"],
        "timezone": user["timezone"],
        "avatar": avatar(context, user["url"]),
        "apikey": user["api_key"],
    }


def avatar(context: Context, url: str) -> str:
    """Where the picture of a user is."""
    return f"{context.base_url}/ticktocker/avatars/{url}.svg"


def spend(context: Context, user: sqlite3.Row, *, calls: int = 1) -> int:
    """Count one command; answers the calls that are left.

    With `calls=0` only the pause between commands is kept, since the page's own sample of the
    version call shows all 120 left. A refused command costs nothing. Raises Refusal.
    """
    now = int(context.now().timestamp() * 1000)
    with context.database.write() as connection:
        row = connection.execute(
            "SELECT * FROM ticktocker_users WHERE id = ?", (user["id"],)
        ).fetchone()
        if 0 <= now - row["last_call"] < _PAUSE_MILLISECONDS:
            raise Refusal(Code.TOO_FAST, "One command is allowed every 200 milliseconds.")
        since = max(0, now - row["counted_at"])
        back = since // _MILLISECONDS_A_THOUSANDTH
        # What is less than a thousandth stays to be counted with the next command.
        counted = now - since % _MILLISECONDS_A_THOUSANDTH
        left = min(QUOTA * _THOUSANDTHS, row["thousandths"] + back) - calls * _THOUSANDTHS
        if left < 0:
            raise Refusal(Code.NO_MORE_CALLS, "No API calls are left; 2 come back every minute.")
        connection.execute(
            "UPDATE ticktocker_users SET thousandths = ?, counted_at = ?, last_call = ?"
            " WHERE id = ?",
            (left, counted, now, user["id"]),
        )
    return int(left // _THOUSANDTHS)


def _user(context: Context, name: str) -> sqlite3.Row | None:
    return context.database.one("SELECT * FROM ticktocker_users WHERE username = ?", (name,))


def _equal(given: str, wanted: str) -> bool:
    return hmac.compare_digest(given.encode(), wanted.encode())
