"""One call of one operation: who asks, with what, at what time, and the store it works on."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from starlette.responses import Response

from tui.embedded.context import Context
from tui.embedded.database import Arguments as SqlArguments
from tui.embedded.timesheets.answers import Record, forbidden, not_found
from tui.embedded.timesheets.parameters import Arguments, Parameter

# What a table's row is called in the documents' own 404 messages. They spell time entries in
# three ways; each operation says which one it is documented with.
NAMES = {
    "users": "User",
    "groups": "Group",
    "clients": "Client",
    "projects": "Project",
    "tasks": "Task",
    "schedules": "Schedule",
    "rates": "Rate",
    "invoices": "Invoice",
    "entries": "TimeEntry",
}


@dataclass(frozen=True)
class Actor:
    """The user whose token came with the call."""

    id: int
    is_admin: bool


@dataclass(frozen=True)
class Call:
    """What a handler is given."""

    context: Context
    arguments: Arguments
    path: Mapping[str, str]
    signed_in: Actor | None
    now: int
    """Unix seconds; the same moment for the whole call."""

    @property
    def actor(self) -> Actor:
        """The signed-in user; only login has none."""
        if self.signed_in is None:
            raise TypeError("this operation is open to everybody and has no actor")
        return self.signed_in

    def read(self, sql: str, arguments: SqlArguments = ()) -> list[sqlite3.Row]:
        """All rows of a query."""
        return self.context.database.read(sql, arguments)

    def one(self, sql: str, arguments: SqlArguments = ()) -> sqlite3.Row | None:
        """The first row of a query, or None."""
        return self.context.database.one(sql, arguments)

    def run(self, sql: str, arguments: SqlArguments = ()) -> int:
        """A write inside the call's transaction; answers the id of an inserted row."""
        with self.context.database.write() as connection:
            return connection.execute(sql, arguments).lastrowid or 0

    def insert(self, table: str, **values: object) -> int:
        """Insert a row. Names of tables and columns are this program's own, never a caller's."""
        columns = ", ".join(values)
        marks = ", ".join(f":{name}" for name in values)
        return self.run(f"INSERT INTO timesheets_{table} ({columns}) VALUES ({marks})", values)

    def change(self, table: str, row_id: int, values: Mapping[str, object]) -> None:
        """Update columns of one row; nothing to change is no error."""
        if not values:
            return
        assignments = ", ".join(f"{name} = :{name}" for name in values)
        self.run(
            f"UPDATE timesheets_{table} SET {assignments} WHERE id = :id", {**values, "id": row_id}
        )

    def find(self, table: str, row_id: int, what: str = "") -> sqlite3.Row:
        """A row by its id; raises the documented 404 when there is none."""
        alive = " AND deleted IS NULL" if table == "users" else ""
        row = self.one(f"SELECT * FROM timesheets_{table} WHERE id = ?{alive}", (row_id,))
        if row is None:
            raise not_found(what or NAMES[table])
        return row

    def touch(self, user_ids: Iterable[int]) -> None:
        """Note that what these users' dashboards and histories show has changed."""
        self.run(
            "UPDATE timesheets_users SET changed = ? WHERE id IN (SELECT value FROM json_each(?))",
            (self.now, json.dumps(sorted(set(user_ids)))),
        )

    def chosen_user(self) -> int:
        """`user_id`, or the current user when it is left out (documented for five calls).

        Raises 404 when there is no such user, 403 when a member asks about somebody else.
        """
        user_id = self.arguments.get("user_id", int)
        if user_id is None:
            return self.actor.id
        self.find("users", user_id)
        self.own_or_admin(user_id)
        return user_id

    def own_or_admin(self, user_id: int) -> None:
        """Members work on what is theirs; administrators on everything."""
        if user_id != self.actor.id and not self.actor.is_admin:
            raise forbidden("Only an administrator can do this for another user.")


Handler = Callable[[Call], Record | Response]


@dataclass(frozen=True)
class Operation:
    """One row of the table that the router works from."""

    id: str
    paths: tuple[str, ...]
    handler: Handler
    parameters: tuple[Parameter, ...] = ()
    one_of: tuple[str, ...] = ()
    """At least one of these must be sent."""
    writes: bool = False
    """Runs as one transaction."""
    admin: bool = False
    signed: bool = True
    """Needs a token."""
    answers_csv: bool = False


def operation(
    id: str,
    path: str,
    handler: Handler,
    *parameters: Parameter,
    also: tuple[str, ...] = (),
    one_of: tuple[str, ...] = (),
    writes: bool = False,
    admin: bool = False,
    signed: bool = True,
    answers_csv: bool = False,
) -> Operation:
    """An operation under /api/{app}, with any left-over paths that answer as well."""
    return Operation(
        f"timesheets.{id}",
        (f"/api/{{app}}/{path}", *also),
        handler,
        parameters,
        one_of=one_of,
        writes=writes,
        admin=admin,
        signed=signed,
        answers_csv=answers_csv,
    )
