"""Comments on invoices, tasks and time entries: the same two calls three times.

Source: documents, chapters INVOICE, TASK and TIME ENTRY.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from tui.embedded.timesheets.answers import Record, success
from tui.embedded.timesheets.calls import Call, Operation, operation
from tui.embedded.timesheets.listing import expansions
from tui.embedded.timesheets.parameters import expansion, filled, integer, required
from tui.embedded.timesheets.views import PORTRAIT, linked_users


def comments_on(call: Call, subject: str, subject_id: int) -> list[sqlite3.Row]:
    """Comments, oldest first."""
    return call.read(
        "SELECT * FROM timesheets_comments WHERE subject = ? AND subject_id = ? ORDER BY id",
        (subject, subject_id),
    )


def comment_view(row: sqlite3.Row) -> Record:
    """One comment."""
    return {
        "id": row["id"],
        "commentator": row["user_id"],
        "content": row["content"],
        "date": row["date"],
    }


def commentators(call: Call, rows: Iterable[sqlite3.Row]) -> object:
    """Who wrote them, by id."""
    return linked_users(call, [row["user_id"] for row in rows], *PORTRAIT)


def write_comment(call: Call, subject: str, subject_id: int, content: str) -> int:
    """Keep a comment of the actor; answers its id."""
    return call.insert(
        "comments",
        subject=subject,
        subject_id=subject_id,
        user_id=call.actor.id,
        content=content,
        date=call.now,
    )


def _pair(chapter: str, subject: str, table: str, key: str, what: str) -> tuple[Operation, ...]:
    def concerned(call: Call) -> int:
        row = call.find(table, call.arguments.need(key, int), what)
        if subject == "entry":
            call.own_or_admin(row["user_id"])
        subject_id: int = row["id"]
        return subject_id

    def add(call: Call) -> Record:
        subject_id = concerned(call)
        comment_id = write_comment(call, subject, subject_id, call.arguments.need("content", str))
        if subject == "entry":
            call.touch([call.find(table, subject_id)["user_id"]])
        return success(id=comment_id)

    def show(call: Call) -> Record:
        rows = comments_on(call, subject, concerned(call))
        data: Record = {"comments": [comment_view(row) for row in rows]}
        if "users" in expansions(call):
            data["users"] = commentators(call, rows)
        return success(data=data, count=len(rows))

    about = required(key, integer)
    return (
        operation(
            f"{chapter}.add_comment",
            f"{chapter}/add_comment",
            add,
            about,
            required("content", filled),
            writes=True,
        ),
        operation(f"{chapter}.comments", f"{chapter}/comments", show, about, expansion("users")),
    )


OPERATIONS: tuple[Operation, ...] = (
    *_pair("invoice", "invoice", "invoices", "invoice_id", "Invoice"),
    *_pair("task", "task", "tasks", "task_id", "Task"),
    *_pair("ts", "entry", "entries", "time_entry_id", "Time Entry"),
)
