"""Tasks."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from tui.services.errors import NotFound, ProtocolViolation
from tui.services.operation import operation
from tui.services.timesheets.answers import (
    Created,
    Done,
    Envelope,
    Found,
    Grouped,
    TaskDetail,
    created,
    done,
    found,
    grouped,
    related,
)
from tui.services.timesheets.checks import page_checked
from tui.services.timesheets.choices import Order, Progress, Unit
from tui.services.timesheets.dialect import TimesheetsResource
from tui.services.timesheets.records import Comment, StatusChange, Task, TimeEntry


class Tasks(TimesheetsResource):
    """Tasks of projects."""

    @operation("timesheets.task.info", "read")
    async def info(
        self, task_id: int, *, with_: list[Literal["users", "projects"]] | None = None
    ) -> TaskDetail:
        """Show a task with its entries.

        Source: iBuildApp Timesheets document, TASK: Get Task Info.

        Args:
            task_id: The task's id.
            with_: What to answer along with it.
        """
        answer = await self._client.post("task", task_id=task_id, with_=with_)
        return _detail(answer)

    @operation("timesheets.task.create", "write")
    async def create(
        self,
        project_id: int,
        name: str,
        *,
        description: str | None = None,
        estimate: Decimal | None = None,
        estimate_unit: Unit | None = None,
        status: Progress | None = None,
    ) -> Created:
        """Make a task.

        Source: iBuildApp Timesheets document, TASK: Create New Task.

        Args:
            project_id: The project's id.
            name: The name.
            description: The description.
            estimate: How long it should take, in estimate_unit.
            estimate_unit: The unit of the estimate.
            status: The status.
        """
        answer = await self._client.post(
            "task/create",
            project_id=project_id,
            name=name,
            description=description,
            estimate=estimate,
            estimate_unit=estimate_unit,
            status=status,
        )
        return created(answer)

    @operation("timesheets.task.update", "write", idempotent=True)
    async def update(
        self,
        task_id: int,
        *,
        name: str | None = None,
        description: str | None = None,
        estimate: Decimal | None = None,
        estimate_unit: Unit | None = None,
        status: Progress | None = None,
    ) -> Done:
        """Change a task.

        Source: iBuildApp Timesheets document, TASK: Update Task.

        Args:
            task_id: The task's id.
            name: The name.
            description: The description.
            estimate: How long it should take, in estimate_unit.
            estimate_unit: The unit of the estimate.
            status: The status.
        """
        answer = await self._client.post(
            "task/update",
            task_id=task_id,
            name=name,
            description=description,
            estimate=estimate,
            estimate_unit=estimate_unit,
            status=status,
        )
        return done(answer)

    @operation("timesheets.task.search", "read")
    async def search(
        self,
        *,
        task_id: int | None = None,
        project_id: int | None = None,
        user_id: int | None = None,
        name: str | None = None,
        keyword: str | None = None,
        limit: int | None = None,
        offset: int | None = None,
        with_: list[Literal["users", "projects"]] | None = None,
    ) -> Found[Task]:
        """Find tasks.

        Asking for users brings their teams too.
        Source: iBuildApp Timesheets document, TASK: Search Tasks.

        Args:
            task_id: The task's id.
            project_id: The project's id.
            user_id: The user's id.
            name: The name.
            keyword: Text to find.
            limit: At most so many.
            offset: Leave out so many at the start.
            with_: What to answer along with it.
        """
        page_checked(limit, offset)
        answer = await self._client.post(
            "task/search",
            task_id=task_id,
            project_id=project_id,
            user_id=user_id,
            name=name,
            keyword=keyword,
            limit=limit,
            offset=offset,
            with_=with_,
        )
        return found(Task, answer, "tasks")

    @operation("timesheets.task.search_group", "read")
    async def search_group(
        self,
        *,
        client_id: int | None = None,
        name: str | None = None,
        category: str | None = None,
        description: str | None = None,
        keyword: str | None = None,
        duration_unit: Unit | None = None,
        status: Progress | None = None,
        limit: int | None = None,
        offset: int | None = None,
        with_: list[Literal["users", "projects"]] | None = None,
        group_by: str | None = None,
        order_by: Order | None = None,
        project_id: int | None = None,
    ) -> Grouped[Task]:
        """Find tasks, grouped.

        The document's table was copied from projects; project_id is from its sample.
        Source: iBuildApp Timesheets document, TASK: Search Tasks with Grouping.

        Args:
            client_id: The client's id.
            name: The name.
            category: The category.
            description: The description.
            keyword: Text to find.
            duration_unit: The unit of durations.
            status: The status.
            limit: At most so many.
            offset: Leave out so many at the start.
            with_: What to answer along with it.
            group_by: The field to group by.
            order_by: The order of the groups.
            project_id: The project's id.
        """
        page_checked(limit, offset)
        answer = await self._client.post(
            "task/search_group",
            client_id=client_id,
            name=name,
            category=category,
            description=description,
            keyword=keyword,
            duration_unit=duration_unit,
            status=status,
            limit=limit,
            offset=offset,
            with_=with_,
            group_by=group_by,
            order_by=order_by,
            project_id=project_id,
        )
        return grouped(Task, answer)

    @operation("timesheets.task.delete", "destructive", idempotent=True)
    async def delete(self, task_id: int) -> Done:
        """Delete a task.

        Source: iBuildApp Timesheets document, TASK: Delete Task.

        Args:
            task_id: The task's id.
        """
        answer = await self._client.post("task/delete", task_id=task_id)
        return done(answer)

    @operation("timesheets.task.add_user", "write", idempotent=True)
    async def add_user(self, task_id: int, user_id: int) -> Done:
        """Give a task to a user.

        Source: iBuildApp Timesheets document, TASK: Add User to Task.

        Args:
            task_id: The task's id.
            user_id: The user's id.
        """
        answer = await self._client.post("task/add_user", task_id=task_id, user_id=user_id)
        return done(answer)

    @operation("timesheets.task.delete_user", "destructive", idempotent=True)
    async def delete_user(self, task_id: int, user_id: int) -> Done:
        """Take a task from a user.

        Source: iBuildApp Timesheets document, TASK: Delete User from Task.

        Args:
            task_id: The task's id.
            user_id: The user's id.
        """
        answer = await self._client.post("task/delete_user", task_id=task_id, user_id=user_id)
        return done(answer)

    @operation("timesheets.task.history", "read")
    async def history(self, task_id: int) -> Found[StatusChange]:
        """List how a task's status changed.

        Source: iBuildApp Timesheets document, TASK: History of changes task. (history).

        Args:
            task_id: The task's id.
        """
        answer = await self._client.post("task/history", task_id=task_id)
        return found(StatusChange, answer)

    @operation("timesheets.task.work_history", "read")
    async def work_history(
        self,
        task_id: int,
        *,
        user_id: int | None = None,
        with_: list[Literal["users", "tasks", "projects"]] | None = None,
    ) -> Found[TimeEntry]:
        """List the work on a task.

        Source: iBuildApp Timesheets document, TASK: History of changes task. (work_history).

        Args:
            task_id: The task's id.
            user_id: The user's id.
            with_: What to answer along with it.
        """
        answer = await self._client.post(
            "task/work_history", task_id=task_id, user_id=user_id, with_=with_
        )
        return found(TimeEntry, answer, "time_entries")

    @operation("timesheets.task.add_comment", "write")
    async def add_comment(self, task_id: int, content: str) -> Created:
        """Comment on a task.

        Source: iBuildApp Timesheets document, TASK: Add comment to task.

        Args:
            task_id: The task's id.
            content: The text.
        """
        answer = await self._client.post("task/add_comment", task_id=task_id, content=content)
        return created(answer)

    @operation("timesheets.task.comments", "read")
    async def comments(
        self, task_id: int, *, with_: list[Literal["users"]] | None = None
    ) -> Found[Comment]:
        """List the comments on a task.

        Source: iBuildApp Timesheets document, TASK: Get comments of task.

        Args:
            task_id: The task's id.
            with_: Answer the commentators as well.
        """
        answer = await self._client.post("task/comments", task_id=task_id, with_=with_)
        return found(Comment, answer, "comments")


def _detail(answer: Envelope) -> TaskDetail:
    """The one task, which the service answers as a list of one."""
    tasks = found(Task, answer, "tasks").items
    if not tasks:
        raise NotFound("there is no such task (data.tasks is empty)")
    if len(tasks) != 1:
        raise ProtocolViolation(f"data.tasks should hold one task, but holds {len(tasks)}")
    return TaskDetail(task=tasks[0], related=related(answer.data, "tasks"))
