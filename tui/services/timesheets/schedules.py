"""Schedules."""

from __future__ import annotations

from tui.services.operation import operation
from tui.services.timesheets.answers import Created, Done, Found, created, done, found, one
from tui.services.timesheets.checks import at_least_one, hour_checked, page_checked
from tui.services.timesheets.choices import Weekday
from tui.services.timesheets.dialect import TimesheetsResource
from tui.services.timesheets.records import Schedule


class Schedules(TimesheetsResource):
    """Schedules: which days and hours count."""

    @operation("timesheets.schedule.info", "read")
    async def info(self, schedule_id: int) -> Schedule:
        """Show a schedule.

        Source: iBuildApp Timesheets document, SCHEDULE: Get Schedule Info.

        Args:
            schedule_id: The schedule's id.
        """
        answer = await self._client.post("schedule", schedule_id=schedule_id)
        return one(Schedule, answer)

    @operation("timesheets.schedule.create", "write")
    async def create(
        self,
        name: str,
        days_of_week: dict[Weekday, bool],
        start_time: str,
        end_time: str,
        is_holiday: bool,
        is_overnight: bool,
    ) -> Created:
        """Make a schedule.

        Errors: InvalidArgument for an hour that is not HH:MM.
        Source: iBuildApp Timesheets document, SCHEDULE: Create New Schedule.

        Args:
            name: The name.
            days_of_week: The days, each with whether it counts.
            start_time: The start of the day, as HH:MM.
            end_time: The end of the day, as HH:MM.
            is_holiday: Whether it is for holidays.
            is_overnight: Whether it goes on past midnight.
        """
        hour_checked("start_time", start_time)
        hour_checked("end_time", end_time)
        answer = await self._client.post(
            "schedule/create",
            name=name,
            days_of_week=days_of_week,
            start_time=start_time,
            end_time=end_time,
            is_holiday=is_holiday,
            is_overnight=is_overnight,
        )
        return created(answer, or_none=True)

    @operation("timesheets.schedule.update", "write", idempotent=True)
    async def update(
        self,
        schedule_id: int,
        *,
        name: str | None = None,
        days_of_week: dict[Weekday, bool] | None = None,
        start_time: str | None = None,
        end_time: str | None = None,
        is_holiday: bool | None = None,
        is_overnight: bool | None = None,
    ) -> Done:
        """Change a schedule.

        Errors: InvalidArgument for an hour that is not HH:MM.
        Source: iBuildApp Timesheets document, SCHEDULE: Update Schedule.

        Args:
            schedule_id: The schedule's id.
            name: The name.
            days_of_week: The days, each with whether it counts.
            start_time: The start of the day, as HH:MM.
            end_time: The end of the day, as HH:MM.
            is_holiday: Whether it is for holidays.
            is_overnight: Whether it goes on past midnight.
        """
        hour_checked("start_time", start_time)
        hour_checked("end_time", end_time)
        answer = await self._client.post(
            "schedule/update",
            schedule_id=schedule_id,
            name=name,
            days_of_week=days_of_week,
            start_time=start_time,
            end_time=end_time,
            is_holiday=is_holiday,
            is_overnight=is_overnight,
        )
        return done(answer)

    @operation("timesheets.schedule.search", "read")
    async def search(
        self,
        *,
        name: str | None = None,
        keyword: str | None = None,
        limit: int | None = None,
        offset: int | None = None,
    ) -> Found[Schedule]:
        """Find schedules.

        Errors: InvalidArgument without name and keyword.
        Source: iBuildApp Timesheets document, SCHEDULE: Search Schedules.

        Args:
            name: The name.
            keyword: Text to find in the name.
            limit: At most so many.
            offset: Leave out so many at the start.
        """
        at_least_one(name=name, keyword=keyword)
        page_checked(limit, offset)
        answer = await self._client.post(
            "schedule/search", name=name, keyword=keyword, limit=limit, offset=offset
        )
        return found(Schedule, answer)

    @operation("timesheets.schedule.delete", "destructive", idempotent=True)
    async def delete(self, schedule_id: int) -> Done:
        """Delete a schedule.

        Source: iBuildApp Timesheets document, SCHEDULE: Delete Schedule.

        Args:
            schedule_id: The schedule's id.
        """
        answer = await self._client.post("schedule/delete", schedule_id=schedule_id)
        return done(answer)
