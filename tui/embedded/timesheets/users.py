"""The chapter USER: information, search, changes.

Source: documents, chapter USER; reference page 3.7, points 2, 9, 10, 19, 23.
"""

from __future__ import annotations

import sqlite3
from decimal import Decimal

from tui.embedded.timesheets.access import hash_password, refuse_taken_email
from tui.embedded.timesheets.answers import Record, forbidden, success
from tui.embedded.timesheets.calls import Call, Operation, operation
from tui.embedded.timesheets.listing import group_list, grouped, members, page
from tui.embedded.timesheets.parameters import (
    LIMIT,
    OFFSET,
    ORDER,
    Parameter,
    boolean,
    calendar_date,
    choice,
    email,
    integer,
    optional,
    password,
    rate,
    required,
    settings,
    text,
)
from tui.embedded.timesheets.views import UserDetails, full_user
from tui.embedded.timesheets.work import Filter, running

_GROUPS = ("is_active", "position", "sex", "first_name", "last_name", "email")
_SEX = choice("male", "female")
_SETTINGS = {"datetime_format": "d/m/Y h:ia"}


def info(call: Call) -> Record:
    """One user with all fields; without user_id the current one."""
    row = call.find("users", call.arguments.get("user_id", int) or call.actor.id)
    return success(data=full_user(call, row, UserDetails.of(call, [row["id"]])))


def create(call: Call) -> Record:
    """A new member."""
    refuse_taken_email(call, call.arguments.need("email", str))
    secret = call.arguments.get("password", str)
    given = call.arguments.sent(
        *("email", "first_name", "last_name", "sex", "settings", "notes", "birth_date", "position")
    )
    user_id = call.insert(
        "users",
        **given,
        password_hash="" if secret is None else hash_password(secret),
        hourly_rate=str(call.arguments.need("hourly_rate", Decimal)),
        created=call.now,
        updated=call.now,
    )
    return success("Successfully created.", id=user_id)


def update(call: Call) -> Record:
    """Change a user; without user_id the current one."""
    user_id = call.chosen_user()
    changes = call.arguments.sent(
        *("email", "first_name", "last_name", "sex", "birth_date", "position", "settings")
    )
    if "email" in changes:
        refuse_taken_email(call, str(changes["email"]), user_id)
    secret = call.arguments.get("password", str)
    if secret is not None:
        changes["password_hash"] = hash_password(secret)
    is_active = call.arguments.get("is_active", bool)
    if is_active is not None:
        if not call.actor.is_admin:
            raise forbidden()
        changes["is_active"] = int(is_active)
    call.change("users", user_id, {**changes, "updated": call.now})
    return success("Successfully updated.")


def delete(call: Call) -> Record:
    """Delete a user; without user_id the current one, as documented.

    Assumption: the work stays, because invoices stand on it, and keeps the user's name and
    rates. A running entry is ended, tokens end, and the address is free for another user.
    """
    user_id = call.chosen_user()
    started = running(call, user_id)
    if started is not None:
        call.run(
            "UPDATE timesheets_breaks SET end_time = ? WHERE entry_id = ? AND end_time IS NULL",
            (call.now, started["id"]),
        )
        call.change("entries", started["id"], {"end_time": call.now, "updated": call.now})
    for table in ("tokens", "members", "assignments"):
        call.run(f"DELETE FROM timesheets_{table} WHERE user_id = ?", (user_id,))
    call.change("users", user_id, {"deleted": call.now, "updated": call.now})
    return success("Successfully deleted.")


def _found(call: Call) -> list[sqlite3.Row]:
    chosen = (
        Filter(call)
        .add("deleted IS NULL")
        .equal(user_id="id", is_active="is_active")
        .contains(
            email="email", first_name="first_name", last_name="last_name", position="position"
        )
    )
    return call.read(f"SELECT * FROM timesheets_users{chosen.where} ORDER BY id", chosen.values)


def search(call: Call) -> Record:
    """Users by any of their fields."""
    found = _found(call)
    shown = page(call, found)
    details = UserDetails.of(call, [row["id"] for row in shown])
    data = [full_user(call, row, details) for row in shown]
    return success(f"{len(found)} user(s) found.", data=data, count=len(found))


def _value(call: Call, row: sqlite3.Row) -> object:
    field = call.arguments.need("group_by", str)
    return bool(row[field]) if field == "is_active" else row[field]


def search_group(call: Call) -> Record:
    """Users in groups; the order is given by `order`, in all other groupings by `order_by`."""
    count, groups = grouped(call, _found(call), lambda row: _value(call, row), "order")
    details = UserDetails.of(call, [row["id"] for row in members(groups)])
    data: Record = {"groups": group_list(groups, lambda row: full_user(call, row, details))}
    return success(f"{count} group(s) found.", data=data, count=count)


def group_users(call: Call) -> Record:
    """get_users of the chapter GROUP: without sex, position and notes, and with settings that
    are an object even where another form of them is kept."""
    group_id = call.find("groups", call.arguments.need("group_id", int))["id"]
    rows = call.read(
        "SELECT u.* FROM timesheets_users u JOIN timesheets_members m ON m.user_id = u.id "
        "WHERE m.group_id = ? AND u.deleted IS NULL ORDER BY u.id",
        (group_id,),
    )
    details = UserDetails.of(call, [row["id"] for row in rows])
    left_out = {"sex", "position", "notes"}
    data = [
        {
            **{name: value for name, value in item.items() if name not in left_out},
            "settings": item["settings"] if isinstance(item["settings"], dict) else _SETTINGS,
        }
        for item in (full_user(call, row, details) for row in rows)
    ]
    return success(f"{len(rows)} user(s) found.", data=data, count=len(rows))


_FILTERS = optional(
    user_id=integer,
    email=text,
    first_name=text,
    last_name=text,
    position=text,
    is_active=boolean,
)

OPERATIONS: tuple[Operation, ...] = (
    operation("user.info", "user", info, *optional(user_id=integer)),
    operation(
        "user.create",
        "user/create",
        create,
        required("email", email),
        Parameter("hourly_rate", rate, default=Decimal(0)),
        *optional(
            password=password(8, 15),
            first_name=text,
            last_name=text,
            sex=_SEX,
            settings=settings,
            notes=text,
            birth_date=calendar_date,
            position=text,
        ),
        writes=True,
        admin=True,  # Assumption: members do not make users; nothing is said.
    ),
    operation(
        "user.update",
        "user/update",
        update,
        *optional(
            user_id=integer,
            email=email,
            password=password(8, 15),
            first_name=text,
            last_name=text,
            sex=_SEX,
            birth_date=calendar_date,
            position=text,
            settings=settings,
            is_active=boolean,
        ),
        writes=True,
    ),
    operation("user.search", "user/search", search, *_FILTERS, LIMIT, OFFSET),
    operation(
        "user.search_group",
        "user/search_group",
        search_group,
        *_FILTERS,
        Parameter("group_by", choice(*_GROUPS), default="is_active"),
        Parameter("order", ORDER),
        LIMIT,
        OFFSET,
    ),
    operation("user.delete", "user/delete", delete, *optional(user_id=integer), writes=True),
    operation("group.get_users", "group/get_users", group_users, required("group_id", integer)),
)
