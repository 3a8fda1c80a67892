"""Account and users (seed document, "Account" and "Users")."""

from __future__ import annotations

import sqlite3

from starlette.responses import Response

from tui.embedded.igtimi.answers import json_answer, unauthorized
from tui.embedded.igtimi.operations import Call, Operation


def _wire(row: sqlite3.Row) -> dict[str, object]:
    return {
        "id": row["id"],
        "first_name": row["first_name"],
        "surname": row["surname"],
        "email": row["email"],
        "blob": bool(row["has_blob"]),
    }


_SELECT = "SELECT id, first_name, surname, email, blob IS NOT NULL AS has_blob FROM igtimi_user"


def show_account(call: Call) -> Response:
    """igtimi.account.show"""
    row = call.context.database.one(_SELECT + " WHERE id = ?", (call.user,))
    if row is None:
        raise unauthorized()
    user = _wire(row)
    del user["blob"]
    return json_answer({"user": user})


def list_users(call: Call) -> Response:
    """igtimi.users.list: the printed sample lacks braces; every other list has them."""
    rows = call.context.database.read(_SELECT + " ORDER BY id")
    return json_answer({"users": [{"user": _wire(row)} for row in rows]})


def show_user(call: Call) -> Response:
    """igtimi.users.show"""
    row = call.context.database.one(_SELECT + " WHERE id = ?", (call.path_id("user_id"),))
    if row is None:
        raise unauthorized("User does not exist")
    return json_answer({"user": _wire(row)})


OPERATIONS = (
    Operation("igtimi.account.show", "GET", "/api/v1/account", show_account),
    Operation("igtimi.users.list", "GET", "/api/v1/users", list_users),
    Operation("igtimi.users.show", "GET", "/api/v1/users/{user_id}", show_user),
)
