"""The chapter GROUP: teams of users.

Source: documents, chapter GROUP; reference page 3.7, points 9, 14. get_users is with the users.
"""

from __future__ import annotations

import sqlite3
from decimal import Decimal

from tui.embedded.timesheets.answers import Record, number, success
from tui.embedded.timesheets.calls import Call, Operation, operation
from tui.embedded.timesheets.listing import page
from tui.embedded.timesheets.parameters import (
    LIMIT,
    OFFSET,
    boolean,
    choice,
    filled,
    integer,
    optional,
    rate,
    required,
    text,
)
from tui.embedded.timesheets.views import active, pick
from tui.embedded.timesheets.work import Filter


def _view(row: sqlite3.Row) -> Record:
    return {
        **pick(row, "id", "name"),
        "status": active(row),
        "pay_rate": number(row["pay_rate"]),
    }


def _chosen(call: Call) -> sqlite3.Row:
    return call.find("groups", call.arguments.need("group_id", int))


def info(call: Call) -> Record:
    """One group."""
    return success("Successfully found.", data=_view(_chosen(call)))


def create(call: Call) -> Record:
    """A new group; its status is a Boolean here and a word everywhere else."""
    values = call.arguments.sent("name", "description", "notes")
    pay_rate = call.arguments.get("pay_rate", Decimal)
    is_active = call.arguments.get("status", bool)
    group_id = call.insert(
        "groups",
        **values,
        pay_rate=str(0 if pay_rate is None else pay_rate),
        is_active=int(is_active is not False),
    )
    return success("Successfully created.", id=group_id)


def update(call: Call) -> Record:
    """Change a group; a new name or a new description must be there."""
    values = call.arguments.sent("name", "description", "notes")
    status = call.arguments.get("status", str)
    if status is not None:
        values["is_active"] = int(status == "active")
    call.change("groups", _chosen(call)["id"], values)
    return success("Successfully updated.")


def search(call: Call) -> Record:
    """Groups by id, name or keyword; an empty keyword finds all of them."""
    chosen = Filter(call).equal(group_id="id").contains(name="name", keyword="name")
    found = call.read(f"SELECT * FROM timesheets_groups{chosen.where} ORDER BY id", chosen.values)
    data = [_view(row) for row in page(call, found)]
    return success(f"{len(found)} group(s) found.", data=data, count=len(found))


def _membership(call: Call) -> tuple[int, int]:
    group = _chosen(call)
    return group["id"], call.find("users", call.arguments.need("user_id", int))["id"]


def add_user(call: Call) -> Record:
    """Put a user into a group; one who is in it already stays in it."""
    call.run("INSERT OR IGNORE INTO timesheets_members VALUES (?, ?)", _membership(call))
    return success("Successfully added.")


def delete_user(call: Call) -> Record:
    """Take a user out of a group."""
    call.run("DELETE FROM timesheets_members WHERE group_id = ? AND user_id = ?", _membership(call))
    return success("Successfully deleted.")


def delete(call: Call) -> Record:
    """Delete a group; its users stay (assumption)."""
    group_id = _chosen(call)["id"]
    call.run("DELETE FROM timesheets_members WHERE group_id = ?", (group_id,))
    call.run("DELETE FROM timesheets_groups WHERE id = ?", (group_id,))
    return success("Successfully deleted.")


_ID = required("group_id", integer)
_PAIR = (_ID, required("user_id", integer))

OPERATIONS: tuple[Operation, ...] = (
    operation("group.info", "group", info, _ID),
    operation(
        "group.create",
        "group/create",
        create,
        required("name", filled),
        *optional(description=text, notes=text, pay_rate=rate, status=boolean),
        writes=True,
    ),
    operation(
        "group.update",
        "group/update",
        update,
        _ID,
        *optional(name=filled, description=text, notes=text, status=choice("active", "inactive")),
        one_of=("name", "description"),
        writes=True,
    ),
    operation(
        "group.search",
        "group/search",
        search,
        *optional(group_id=integer, name=text, keyword=text),
        LIMIT,
        OFFSET,
        one_of=("group_id", "name", "keyword"),
    ),
    operation("group.add_user", "group/add_user", add_user, *_PAIR, writes=True),
    operation("group.delete_user", "group/delete_user", delete_user, *_PAIR, writes=True),
    operation("group.delete", "group/delete", delete, _ID, writes=True),
)
