"""Tracking time as it passes: start, stop, and breaks."""

from __future__ import annotations

from tui.services.operation import operation
from tui.services.timesheets.answers import Created, Done, Found, created, done, found
from tui.services.timesheets.checks import location_checked
from tui.services.timesheets.dialect import TimesheetsResource
from tui.services.timesheets.records import Break


class TimeTracking(TimesheetsResource):
    """Tracking time as it passes."""

    @operation("timesheets.ts.start", "write")
    async def start(
        self,
        *,
        task_id: int | None = None,
        location: list[float] | None = None,
        comment: str | None = None,
    ) -> Done:
        """Start tracking time.

        Answers no id: user.dashboard tells which entry runs.
        Errors: Refused when one runs already; NotFound or Refused when there is no such task.
        Source: iBuildApp Timesheets document, TIME ENTRY: Start Time Tracking.

        Args:
            task_id: The task's id.
            location: Where: latitude and longitude.
            comment: A comment.
        """
        location_checked(location)
        answer = await self._client.post(
            "ts/start", task_id=task_id, location=location, comment=comment
        )
        return done(answer)

    @operation("timesheets.ts.stop", "write")
    async def stop(
        self,
        *,
        task_id: int | None = None,
        location: list[float] | None = None,
        comment: str | None = None,
    ) -> Done:
        """Stop tracking time.

        Answers no id: user.dashboard tells which entry runs.
        Source: iBuildApp Timesheets document, TIME ENTRY: Stop Time Tracking.

        Args:
            task_id: The task's id.
            location: Where: latitude and longitude.
            comment: A comment.
        """
        location_checked(location)
        answer = await self._client.post(
            "ts/stop", task_id=task_id, location=location, comment=comment
        )
        return done(answer)

    @operation("timesheets.ts.break_start", "write")
    async def break_start(self, time_entry_id: int) -> Created:
        """Start a break.

        Source: iBuildApp Timesheets document, TIME ENTRY: Start Break of Time Entry.

        Args:
            time_entry_id: The time entry's id.
        """
        answer = await self._client.post("ts/break_start", time_entry_id=time_entry_id)
        return created(answer, or_none=True)

    @operation("timesheets.ts.break_stop", "write")
    async def break_stop(self, time_entry_id: int) -> Done:
        """End a break.

        Source: iBuildApp Timesheets document, TIME ENTRY: Stop Break of Time Entry.

        Args:
            time_entry_id: The time entry's id.
        """
        answer = await self._client.post("ts/break_stop", time_entry_id=time_entry_id)
        return done(answer)

    @operation("timesheets.ts.breaks", "read")
    async def breaks(self, time_entry_id: int) -> Found[Break]:
        """List the breaks in a time entry.

        Source: iBuildApp Timesheets document, TIME ENTRY: Breaks of Time Entry.

        Args:
            time_entry_id: The time entry's id.
        """
        answer = await self._client.post("ts/breaks", time_entry_id=time_entry_id)
        return found(Break, answer, "breaks")
