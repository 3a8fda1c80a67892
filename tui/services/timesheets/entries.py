"""Time entries: starting, stopping, finding, approving and pricing work."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from tui.services.operation import operation
from tui.services.reading import Unreadable, read, read_all, read_one
from tui.services.timesheets.answers import (
    Created,
    Done,
    EntryDetail,
    Envelope,
    Found,
    Grouped,
    created,
    done,
    found,
    grouped,
    listed,
    one,
    related,
)
from tui.services.timesheets.checks import location_checked, page_checked
from tui.services.timesheets.choices import EntryStatus, Order, PaymentStatus
from tui.services.timesheets.records import Approved, Break, Comment, Cost, StatusChange, TimeEntry
from tui.services.timesheets.tracking import TimeTracking


class TimeEntries(TimeTracking):
    """Time entries: who worked on what, when."""

    @operation("timesheets.ts.create", "write")
    async def create(
        self,
        user_id: int,
        *,
        task_id: int | None = None,
        start_time: datetime | None = None,
        end_time: datetime | None = None,
        comment: str | None = None,
        location: list[float] | None = None,
    ) -> Created:
        """Add a time entry.

        The names start_time and end_time are this call's; ts.update has start_datetime.
        Source: iBuildApp Timesheets document, TIME ENTRY: Create New Timesheet Entry.

        Args:
            user_id: The user's id.
            task_id: The task's id.
            start_time: The start; now when left out.
            end_time: The end.
            comment: A comment.
            location: Where: latitude and longitude.
        """
        location_checked(location)
        answer = await self._client.post(
            "ts/create",
            user_id=user_id,
            task_id=task_id,
            start_time=start_time,
            end_time=end_time,
            comment=comment,
            location=location,
        )
        return created(answer)

    @operation("timesheets.ts.get", "read")
    async def get(
        self,
        time_entry_id: int,
        *,
        with_: list[Literal["users", "projects", "comments", "breaks"]] | None = None,
    ) -> EntryDetail:
        """Show a time entry.

        Also answers its task, project and customer; with is from the document's sample.
        Source: iBuildApp Timesheets document, TIME ENTRY: Get Time Entry Info.

        Args:
            time_entry_id: The time entry's id.
            with_: What to answer along with it.
        """
        answer = await self._client.post("ts/get", time_entry_id=time_entry_id, with_=with_)
        return _detail(answer)

    @operation("timesheets.ts.update", "write", idempotent=True)
    async def update(
        self,
        time_entry_id: int,
        *,
        task_id: int | None = None,
        start_datetime: datetime | None = None,
        end_datetime: datetime | None = None,
    ) -> Done:
        """Change a time entry.

        Source: iBuildApp Timesheets document, TIME ENTRY: Update Time Entry.

        Args:
            time_entry_id: The time entry's id.
            task_id: The task's id.
            start_datetime: The start.
            end_datetime: The end.
        """
        answer = await self._client.post(
            "ts/update",
            time_entry_id=time_entry_id,
            task_id=task_id,
            start_datetime=start_datetime,
            end_datetime=end_datetime,
        )
        return done(answer)

    @operation("timesheets.ts.search", "read")
    async def search(
        self,
        *,
        time_entry_ids: list[int] | None = None,
        task_id: int | None = None,
        user_id: int | None = None,
        start_datetime: datetime | None = None,
        end_datetime: datetime | None = None,
        status: EntryStatus | None = None,
        keywords: str | None = None,
        limit: int | None = None,
        offset: int | None = None,
        with_: list[Literal["users", "tasks", "projects"]] | None = None,
        project_id: int | None = None,
        payment_status: PaymentStatus | None = None,
    ) -> Found[TimeEntry]:
        """Find time entries.

        Source: iBuildApp Timesheets document, TIME ENTRY: Search Time Entries.

        Args:
            time_entry_ids: Only these entries.
            task_id: The task's id.
            user_id: The user's id; administrators may leave it out.
            start_datetime: Only entries that start then or later.
            end_datetime: Only entries that end then or earlier.
            status: The status.
            keywords: Text to find.
            limit: At most so many.
            offset: Leave out so many at the start.
            with_: What to answer along with it.
            project_id: The project's id.
            payment_status: Whether it is paid.
        """
        page_checked(limit, offset)
        answer = await self._client.post(
            "ts/search",
            time_entry_ids=time_entry_ids,
            task_id=task_id,
            user_id=user_id,
            start_datetime=start_datetime,
            end_datetime=end_datetime,
            status=status,
            keywords=keywords,
            limit=limit,
            offset=offset,
            with_=with_,
            project_id=project_id,
            payment_status=payment_status,
        )
        return found(TimeEntry, answer, "time_entries")

    @operation("timesheets.ts.search_group", "read")
    async def search_group(
        self,
        *,
        time_entry_ids: list[int] | None = None,
        task_id: int | None = None,
        user_id: int | None = None,
        start_datetime: datetime | None = None,
        end_datetime: datetime | None = None,
        status: EntryStatus | None = None,
        keywords: str | None = None,
        with_: list[Literal["users", "tasks", "projects"]] | None = None,
        group_by: Literal["user", "task", "status", "payment_status", "schedule"] | None = None,
        order_by: Order | None = None,
        limit: int | None = None,
        offset: int | None = None,
        project_id: int | None = None,
    ) -> Grouped[TimeEntry]:
        """Find time entries, grouped.

        Source: iBuildApp Timesheets document, TIME ENTRY: Search Time Entries with Grouping.

        Args:
            time_entry_ids: Only these entries.
            task_id: The task's id.
            user_id: The user's id; administrators may leave it out.
            start_datetime: Only entries that start then or later.
            end_datetime: Only entries that end then or earlier.
            status: The status.
            keywords: Text to find.
            with_: What to answer along with it.
            group_by: The field to group by.
            order_by: The order of the groups.
            limit: At most so many.
            offset: Leave out so many at the start.
            project_id: The project's id.
        """
        page_checked(limit, offset)
        answer = await self._client.post(
            "ts/search_group",
            time_entry_ids=time_entry_ids,
            task_id=task_id,
            user_id=user_id,
            start_datetime=start_datetime,
            end_datetime=end_datetime,
            status=status,
            keywords=keywords,
            with_=with_,
            group_by=group_by,
            order_by=order_by,
            limit=limit,
            offset=offset,
            project_id=project_id,
        )
        return grouped(TimeEntry, answer)

    @operation("timesheets.ts.delete", "destructive", idempotent=True)
    async def delete(self, time_entry_id: int) -> Done:
        """Delete a time entry.

        Source: iBuildApp Timesheets document, TIME ENTRY: Delete Time Entry.

        Args:
            time_entry_id: The time entry's id.
        """
        answer = await self._client.post("ts/delete", time_entry_id=time_entry_id)
        return done(answer)

    @operation("timesheets.ts.history", "read")
    async def history(self, time_entry_id: int) -> Found[StatusChange]:
        """List how a time entry's status changed.

        Source: iBuildApp Timesheets document, TIME ENTRY: Get Status History of Time Entry.

        Args:
            time_entry_id: The time entry's id.
        """
        answer = await self._client.post("ts/history", time_entry_id=time_entry_id)
        return found(StatusChange, answer)

    @operation("timesheets.ts.approve", "write", idempotent=True)
    async def approve(self, *, time_entry_ids: list[int] | None = None) -> Approved:
        """Approve time entries.

        Source: iBuildApp Timesheets document, TIME ENTRY: Approve Time Entries.

        Args:
            time_entry_ids: The time entries.
        """
        answer = await self._client.post("ts/approve", time_entry_ids=time_entry_ids)
        if answer.bare:
            raise Unreadable("answer.data", "is missing")
        return Approved(ids=read_all(int, answer.data, "data"))

    @operation("timesheets.ts.export", "read")
    async def export(
        self,
        *,
        time_entry_ids: list[int] | None = None,
        task_id: int | None = None,
        user_id: int | None = None,
        status: EntryStatus | None = None,
        with_headers: bool | None = None,
    ) -> str:
        """Export time entries as CSV.

        Source: iBuildApp Timesheets document, TIME ENTRY: Export Time Entries.

        Args:
            time_entry_ids: The time entries.
            task_id: The task's id.
            user_id: The user's id.
            status: The status.
            with_headers: Whether the first line names the columns; no when left out.
        """
        return await self._client.csv(
            "ts/export",
            time_entry_ids=time_entry_ids,
            task_id=task_id,
            user_id=user_id,
            status=status,
            with_headers=with_headers,
        )

    @operation("timesheets.ts.calc", "read")
    async def calc(self, *, time_entry_ids: list[int] | None = None) -> Cost:
        """Calculate what approved time entries cost.

        Entries that are not approved do not count; breaks are taken off.
        Source: iBuildApp Timesheets document, TIME ENTRY: Calculate a cost of selected
        time_entries for invoice.

        Args:
            time_entry_ids: The time entries.
        """
        answer = await self._client.post("ts/calc", time_entry_ids=time_entry_ids)
        return one(Cost, answer)

    @operation("timesheets.ts.add_comment", "write")
    async def add_comment(self, time_entry_id: int, content: str) -> Created:
        """Comment on a time entry.

        Source: iBuildApp Timesheets document, TIME ENTRY: Add comment to Time Entry.

        Args:
            time_entry_id: The time entry's id.
            content: The text.
        """
        answer = await self._client.post(
            "ts/add_comment", time_entry_id=time_entry_id, content=content
        )
        return created(answer)

    @operation("timesheets.ts.comments", "read")
    async def comments(
        self, time_entry_id: int, *, with_: list[Literal["users"]] | None = None
    ) -> Found[Comment]:
        """List the comments on a time entry.

        Source: iBuildApp Timesheets document, TIME ENTRY: Get comments of Time Entry.

        Args:
            time_entry_id: The time entry's id.
            with_: Answer the commentators as well.
        """
        answer = await self._client.post("ts/comments", time_entry_id=time_entry_id, with_=with_)
        return found(Comment, answer, "comments")


def _detail(answer: Envelope) -> EntryDetail:
    """The entry, its breaks and comments, and what belongs to it."""
    data: dict[str, Any] = read(dict[str, Any], answer.data, "data")
    return EntryDetail(
        entry=read_one(TimeEntry, data.get("time_entry"), "data.time_entry"),
        breaks=read(list[Break], listed(data.get("breaks")), "data.breaks"),
        comments=read(list[Comment], listed(data.get("comments")), "data.comments"),
        related=related(data),
    )
