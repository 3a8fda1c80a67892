"""Deleting what others hang on.

Assumption throughout: the documents know success and 404 only for deleting, so dependents go
along, with one exception: what stands on an invoice is refused with HTTP 400.
"""

from __future__ import annotations

from collections.abc import Iterable

from tui.embedded.timesheets.answers import invalid
from tui.embedded.timesheets.calls import Call
from tui.embedded.timesheets.work import ids

_THESE = "IN (SELECT value FROM json_each(?))"


def remove_projects(call: Call, project_ids: Iterable[object]) -> None:
    """Projects with their tasks and entries."""
    chosen = ids(project_ids)
    tasks = call.read(f"SELECT id FROM timesheets_tasks WHERE project_id {_THESE}", (chosen,))
    remove_tasks(call, [row["id"] for row in tasks])
    call.run(f"DELETE FROM timesheets_projects WHERE id {_THESE}", (chosen,))
    forget_links(call, "project", chosen)


def remove_tasks(call: Call, task_ids: Iterable[object]) -> None:
    """Tasks with their entries, comments and history."""
    chosen = ids(task_ids)
    billed = call.one(
        f"SELECT 1 FROM timesheets_invoice_tasks WHERE task_id {_THESE} "
        "UNION ALL SELECT 1 FROM timesheets_entries WHERE invoice_id IS NOT NULL "
        f"AND task_id {_THESE}",
        (chosen, chosen),
    )
    if billed is not None:
        raise invalid("Some of its work is on an invoice; delete the invoice first.")
    concerned = call.read(
        f"SELECT user_id FROM timesheets_assignments WHERE task_id {_THESE}", (chosen,)
    )
    entries = call.read(f"SELECT id FROM timesheets_entries WHERE task_id {_THESE}", (chosen,))
    remove_entries(call, [row["id"] for row in entries])
    call.run(
        f"DELETE FROM timesheets_comments WHERE subject = 'task' AND subject_id {_THESE}", (chosen,)
    )
    for table in ("task_history", "assignments"):
        call.run(f"DELETE FROM timesheets_{table} WHERE task_id {_THESE}", (chosen,))
    call.run(f"DELETE FROM timesheets_tasks WHERE id {_THESE}", (chosen,))
    forget_links(call, "task", chosen)
    call.touch(row["user_id"] for row in concerned)


def remove_entries(call: Call, entry_ids: Iterable[object]) -> None:
    """Entries with their breaks, comments and history."""
    chosen = ids(entry_ids)
    concerned = call.read(f"SELECT user_id FROM timesheets_entries WHERE id {_THESE}", (chosen,))
    call.run(
        f"DELETE FROM timesheets_comments WHERE subject = 'entry' AND subject_id {_THESE}",
        (chosen,),
    )
    for table in ("breaks", "entry_history"):
        call.run(f"DELETE FROM timesheets_{table} WHERE entry_id {_THESE}", (chosen,))
    call.run(f"DELETE FROM timesheets_entries WHERE id {_THESE}", (chosen,))
    forget_links(call, "entry", chosen)
    call.touch(row["user_id"] for row in concerned)


def remove_comments(call: Call, subject: str, subject_id: int) -> None:
    """The comments on one thing."""
    call.run(
        "DELETE FROM timesheets_comments WHERE subject = ? AND subject_id = ?",
        (subject, subject_id),
    )


def forget_links(call: Call, kind: str, chosen: str) -> None:
    """Integrations no longer know what was deleted, so that it can be imported anew."""
    call.run(f"DELETE FROM timesheets_links WHERE kind = ? AND local_id {_THESE}", (kind, chosen))
