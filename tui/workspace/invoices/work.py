"""What is billed: clients, their projects and tasks, and time entries (iBuildApp Timesheets)."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from typing import Any, Literal

import msgspec

from tui.services.errors import PermissionDenied
from tui.services.timesheets import Timesheets
from tui.services.timesheets.answers import Created, Done, pages
from tui.services.timesheets.records import (
    Client,
    Comment,
    Project,
    Task,
    TimeEntry,
    User,
)
from tui.words import counted
from tui.workspace.changes.history import History
from tui.workspace.connections.connections import Connections
from tui.workspace.reads import Answer, Reads
from tui.workspace.side_by_side import whole
from tui.workspace.times import midnight_utc

__all__ = ["Client", "Project", "Remark", "Task", "TimeEntry", "User", "Work", "WorkDesk"]

MOST_ENTRIES = 5000
PAGE = 200
EARLIEST = datetime.min.replace(tzinfo=UTC)
Kind = Literal["client", "project", "task", "entry"]
Record = Client | Project | Task


class Work(msgspec.Struct, frozen=True, kw_only=True):
    """The tasks and time entries of one client's projects, with what they refer to."""

    client_id: int
    projects: dict[int, Project]
    entries: list[TimeEntry]
    tasks: dict[int, Task]
    users: dict[int, User]
    total: int
    """How many there are in all; `entries` may be cut off at MOST_ENTRIES."""

    def worked(self) -> dict[int, int]:
        """Seconds by task id, of the entries that are here."""
        sums: dict[int, int] = {}
        for entry in self.entries:
            if entry.task_id is not None:
                sums[entry.task_id] = sums.get(entry.task_id, 0) + (entry.duration or 0)
        return sums


@dataclass(frozen=True)
class Remark:
    """A comment and who wrote it."""

    author: str
    text: str
    date: datetime | None


def remarks_of(comments: list[Comment], users: Mapping[int, User]) -> list[Remark]:
    """Comments with the names of who wrote them."""

    def remark(one: Comment) -> Remark:
        author = users.get(one.commentator or 0)
        return Remark(author.name if author else "", one.content, one.date)

    return [remark(one) for one in comments]


class WorkDesk:
    """The use cases of clients, projects, tasks and time entries."""

    def __init__(self, connections: Connections, reads: Reads, history: History) -> None:
        self._connections = connections
        self._reads = reads
        self._history = history

    def _key(self, client_id: int) -> str:
        return f"{self._connections.account('timesheets')}/work/{client_id}"

    async def _client(self) -> Timesheets:
        return await self._connections.timesheets()

    # -- reading --------------------------------------------------------------------------------

    async def kept(self, client_id: int) -> Answer[Work] | None:
        """The work of a client as an earlier look left it."""
        return await self._reads.kept(self._key(client_id), Work)

    async def of_client(self, client_id: int, projects: list[Project]) -> Answer[Work]:
        """Tasks and time entries of a client's projects, the newest entries first."""
        service = await self._client()

        async def fetch() -> Work:
            parts = await whole(projects, lambda one: _of_project(service, one.id))
            entries: list[TimeEntry] = []
            tasks: dict[int, Task] = {}
            users: dict[int, User] = {}
            for part in parts:
                entries += part.entries
                tasks |= part.tasks
                users |= part.users
            entries.sort(key=lambda one: one.start_time or EARLIEST, reverse=True)
            return Work(
                client_id=client_id,
                projects={one.id: one for one in projects},
                entries=entries[:MOST_ENTRIES],
                tasks=tasks,
                users=users,
                total=sum(part.total for part in parts),
            )

        return await self._reads.fresh(self._key(client_id), fetch)

    async def people(self) -> list[User]:
        """Who can have worked, by name; the person's own account first, and alone for one who may
        not see others.
        """
        service = await self._client()
        me = await service.user.info()
        try:
            found = await pages(service.user.search, is_active=True).collect()
        except PermissionDenied:
            found = []
        others = sorted((one for one in found if one.id != me.id), key=lambda one: one.name)
        return [me, *others]

    async def entry_remarks(self, entry_id: int) -> list[Remark]:
        """The comments on a time entry, oldest first."""
        found = await (await self._client()).ts.comments(entry_id, with_=["users"])
        return remarks_of(found.items, found.related.users)

    async def task_remarks(self, task_id: int) -> list[Remark]:
        """The comments on a task, oldest first."""
        found = await (await self._client()).task.comments(task_id, with_=["users"])
        return remarks_of(found.items, found.related.users)

    # -- writing --------------------------------------------------------------------------------

    async def add_client(self, values: Mapping[str, Any]) -> int:
        """Make a client of `name` and what else is known; its id. Undo deletes it."""
        return await self._add("client", values, (await self._client()).client.create)

    async def add_project(self, client_id: int, values: Mapping[str, Any]) -> int:
        """Make a project of a client; its id. Undo deletes it."""
        create = (await self._client()).project.create
        return await self._add("project", {"client_id": client_id, **values}, create)

    async def add_task(self, values: Mapping[str, Any]) -> int:
        """Make a task of `project_id`; its id. Undo deletes it."""
        return await self._add("task", values, (await self._client()).task.create)

    async def add_entry(self, values: Mapping[str, Any]) -> int:
        """Note time that a user worked on a task; its id. Undo deletes it."""
        return await self._add("time entry", values, (await self._client()).ts.create)

    async def _add(
        self,
        noun: str,
        values: Mapping[str, Any],
        create: Callable[..., Coroutine[Any, Any, Created]],
    ) -> int:
        sent = {name: _sent(value) for name, value in values.items() if value not in (None, "")}
        title = f"New {noun} {sent['name']}" if "name" in sent else f"New {noun}"
        made = await self._history.write(title, partial(create, **sent))
        return made.id

    async def change(self, record: Record, values: Mapping[str, Any]) -> bool:
        """Change a client, a project or a task; undo puts the old values back.

        Only what is another is sent; False where nothing is.
        """
        service = await self._client()
        before: dict[str, Any] = {}
        after: dict[str, Any] = {}
        for name, value in values.items():
            old = _value(record, name)
            # Only text can be emptied: the document names no way to take a number away.
            new = "" if value is None and isinstance(old, str) else _sent(value)
            if new is not None and new != old:
                before[name], after[name] = old, new
        if not after:
            return False
        noun, update = _update_of(service, record)
        await self._history.write(
            f"Change {noun} {record.name}", partial(update, record.id, **after), seen=before
        )
        return True

    async def change_entry(
        self,
        entry: TimeEntry,
        *,
        task_id: int | None = None,
        start: datetime | None = None,
        end: datetime | None = None,
    ) -> bool:
        """Change task or times of an entry; undo puts the old ones back.

        Only what is given is sent; False where nothing is.
        """
        given = {"task_id": task_id, "start_datetime": start, "end_datetime": end}
        after: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
        if not after:
            return False
        old: Mapping[str, Any] = {
            "task_id": entry.task_id,
            "start_datetime": entry.start_time,
            "end_datetime": entry.end_time,
        }
        service = await self._client()
        await self._history.write(
            f"Change time entry {entry.id}",
            partial(service.ts.update, entry.id, **after),
            seen={name: old[name] for name in after},
        )
        return True

    async def delete(self, kind: Kind, identity: int, name: str) -> None:
        """Delete a client, project, task or entry with all that hangs on it, for good."""
        service = await self._client()
        deletions: Mapping[Kind, Callable[[int], Coroutine[Any, Any, Done]]] = {
            "client": service.client.delete,
            "project": service.project.delete,
            "task": service.task.delete,
            "entry": service.ts.delete,
        }
        await self._history.write(f"Delete {kind} {name}", partial(deletions[kind], identity))

    async def comment_on_entry(self, entry_id: int, text: str) -> None:
        """Comment on a time entry."""
        service = await self._client()
        await self._history.write(
            f"Comment on time entry {entry_id}", partial(service.ts.add_comment, entry_id, text)
        )

    async def comment_on_task(self, task: Task, text: str) -> None:
        """Comment on a task."""
        service = await self._client()
        await self._history.write(
            f"Comment on task {task.name}", partial(service.task.add_comment, task.id, text)
        )

    async def approve(self, entry_ids: list[int]) -> list[int]:
        """Approve time entries; those of them that were approved."""
        service = await self._client()
        approved = await self._history.write(
            f"Approve {counted(len(entry_ids), 'entry')}",
            partial(service.ts.approve, time_entry_ids=entry_ids),
        )
        return [one for one in dict.fromkeys(approved.ids) if one in entry_ids]


@dataclass(frozen=True)
class _Part:
    entries: list[TimeEntry]
    tasks: dict[int, Task]
    users: dict[int, User]
    total: int


async def _of_project(service: Timesheets, project_id: int) -> _Part:
    """Tasks and entries of one project, page after page."""
    listed = await pages(service.task.search, project_id=project_id).collect()
    tasks = {one.id: one for one in listed}
    entries: list[TimeEntry] = []
    users: dict[int, User] = {}
    while True:
        found = await service.ts.search(
            project_id=project_id, limit=PAGE, offset=len(entries), with_=["users", "tasks"]
        )
        entries += found.items
        tasks |= {key: task for key, task in found.related.tasks.items() if key not in tasks}
        users |= found.related.users
        if not found.items or len(entries) >= min(found.count, MOST_ENTRIES):
            return _Part(entries, tasks, users, found.count)


def _sent(value: Any) -> Any:
    """A value as the service takes it: days as moments, since it has no days."""
    is_day = isinstance(value, date) and not isinstance(value, datetime)
    return midnight_utc(value) if is_day else value


def _value(record: Record, name: str) -> object:
    if isinstance(record, Client) and name == "status":
        return record.active
    return getattr(record, name)


def _update_of(
    service: Timesheets, record: Record
) -> tuple[str, Callable[..., Coroutine[Any, Any, Done]]]:
    if isinstance(record, Client):
        return "client", service.client.update
    if isinstance(record, Project):
        return "project", service.project.update
    return "task", service.task.update
