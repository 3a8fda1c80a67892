"""Projects."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Literal

from tui.services.operation import operation
from tui.services.timesheets.answers import (
    Created,
    Done,
    Found,
    Grouped,
    created,
    done,
    found,
    grouped,
    one,
)
from tui.services.timesheets.checks import page_checked
from tui.services.timesheets.choices import Order, Progress, Unit
from tui.services.timesheets.dialect import TimesheetsResource
from tui.services.timesheets.records import Project


class Projects(TimesheetsResource):
    """Projects of clients."""

    @operation("timesheets.project.info", "read")
    async def info(self, project_id: int) -> Project:
        """Show a project.

        Source: iBuildApp Timesheets document, PROJECT: Get Project Info.

        Args:
            project_id: The project's id.
        """
        answer = await self._client.post("project", project_id=project_id)
        return one(Project, answer)

    @operation("timesheets.project.create", "write")
    async def create(
        self,
        client_id: int,
        name: str,
        *,
        description: str | None = None,
        category: str | None = None,
        status: Progress | None = None,
        planned_start_date: datetime | None = None,
        actual_start_date: datetime | None = None,
        planned_end_date: datetime | None = None,
        actual_end_date: datetime | None = None,
        estimated_duration: Decimal | None = None,
        actual_duration: Decimal | None = None,
        duration_unit: Unit | None = None,
    ) -> Created:
        """Make a project.

        Dates are sent as Unix seconds, as for a change: the document types them both ways.
        Source: iBuildApp Timesheets document, PROJECT: Create New Project.

        Args:
            client_id: The client's id.
            name: The name.
            description: The description.
            category: The category.
            status: The status.
            planned_start_date: The planned start.
            actual_start_date: The actual start.
            planned_end_date: The planned end.
            actual_end_date: The actual end.
            estimated_duration: The estimated duration.
            actual_duration: The actual duration.
            duration_unit: The unit of durations.
        """
        answer = await self._client.post(
            "project/create",
            client_id=client_id,
            name=name,
            description=description,
            category=category,
            status=status,
            planned_start_date=planned_start_date,
            actual_start_date=actual_start_date,
            planned_end_date=planned_end_date,
            actual_end_date=actual_end_date,
            estimated_duration=estimated_duration,
            actual_duration=actual_duration,
            duration_unit=duration_unit,
        )
        return created(answer)

    @operation("timesheets.project.update", "write", idempotent=True)
    async def update(
        self,
        project_id: int,
        *,
        client_id: int | None = None,
        name: str | None = None,
        description: str | None = None,
        category: str | None = None,
        status: Progress | None = None,
        planned_start_date: datetime | None = None,
        actual_start_date: datetime | None = None,
        planned_end_date: datetime | None = None,
        actual_end_date: datetime | None = None,
        estimated_duration: Decimal | None = None,
        actual_duration: Decimal | None = None,
        duration_unit: Unit | None = None,
    ) -> Done:
        """Change a project.

        The document flags client_id as required instead, but its sample sends project_id only.
        Source: iBuildApp Timesheets document, PROJECT: Update Project.

        Args:
            project_id: The project's id.
            client_id: The client's id.
            name: The name.
            description: The description.
            category: The category.
            status: The status.
            planned_start_date: The planned start.
            actual_start_date: The actual start.
            planned_end_date: The planned end.
            actual_end_date: The actual end.
            estimated_duration: The estimated duration.
            actual_duration: The actual duration.
            duration_unit: The unit of durations.
        """
        answer = await self._client.post(
            "project/update",
            project_id=project_id,
            client_id=client_id,
            name=name,
            description=description,
            category=category,
            status=status,
            planned_start_date=planned_start_date,
            actual_start_date=actual_start_date,
            planned_end_date=planned_end_date,
            actual_end_date=actual_end_date,
            estimated_duration=estimated_duration,
            actual_duration=actual_duration,
            duration_unit=duration_unit,
        )
        return done(answer)

    @operation("timesheets.project.search", "read")
    async def search(
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
        with_: list[Literal["tasks", "clients"]] | None = None,
    ) -> Found[Project]:
        """Find projects.

        Source: iBuildApp Timesheets document, PROJECT: Search Projects.

        Args:
            client_id: The client's id.
            name: The name.
            category: The category.
            description: The description.
            keyword: Text to find in name, description or category.
            duration_unit: The unit of durations.
            status: The status.
            limit: At most so many.
            offset: Leave out so many at the start.
            with_: What to answer along with it.
        """
        page_checked(limit, offset)
        answer = await self._client.post(
            "project/search",
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
        )
        return found(Project, answer, "projects")

    @operation("timesheets.project.search_group", "read")
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
        with_: list[Literal["tasks", "clients"]] | None = None,
        group_by: Literal["client", "status", "category"] | None = None,
        order_by: Order | None = None,
    ) -> Grouped[Project]:
        """Find projects, grouped.

        Source: iBuildApp Timesheets document, PROJECT: Search Projects with Grouping.

        Args:
            client_id: The client's id.
            name: The name.
            category: The category.
            description: The description.
            keyword: Text to find in name, description or category.
            duration_unit: The unit of durations.
            status: The status.
            limit: At most so many.
            offset: Leave out so many at the start.
            with_: What to answer along with it.
            group_by: The field to group by.
            order_by: The order of the groups.
        """
        page_checked(limit, offset)
        answer = await self._client.post(
            "project/search_group",
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
        )
        return grouped(Project, answer)

    @operation("timesheets.project.delete", "destructive", idempotent=True)
    async def delete(self, project_id: int) -> Done:
        """Delete a project.

        Source: iBuildApp Timesheets document, PROJECT: Delete Project.

        Args:
            project_id: The project's id.
        """
        answer = await self._client.post("project/delete", project_id=project_id)
        return done(answer)
