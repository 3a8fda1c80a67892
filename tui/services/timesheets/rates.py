"""Rates."""

from __future__ import annotations

from decimal import Decimal

from tui.services.operation import operation
from tui.services.timesheets.answers import Created, Done, Found, created, done, found, one
from tui.services.timesheets.checks import page_checked
from tui.services.timesheets.choices import Unit
from tui.services.timesheets.dialect import TimesheetsResource
from tui.services.timesheets.records import Rate


class Rates(TimesheetsResource):
    """Rates: what a user's time costs in a schedule."""

    @operation("timesheets.rate.info", "read")
    async def info(self, rate_id: int) -> Rate:
        """Show a rate.

        Source: iBuildApp Timesheets document, RATE: Get Rate Info.

        Args:
            rate_id: The rate's id.
        """
        answer = await self._client.post("rate", rate_id=rate_id)
        return one(Rate, answer)

    @operation("timesheets.rate.create", "write")
    async def create(
        self,
        user_id: int,
        schedule_id: int,
        name: str,
        duration_unit: Unit,
        *,
        amount: Decimal | None = None,
    ) -> Created:
        """Make a rate.

        The document's sample has schedule_1 where its table has schedule_id.
        Source: iBuildApp Timesheets document, RATE: Create New Rate.

        Args:
            user_id: The user's id.
            schedule_id: The schedule's id.
            name: The name.
            duration_unit: The unit of durations.
            amount: The amount.
        """
        answer = await self._client.post(
            "rate/create",
            user_id=user_id,
            schedule_id=schedule_id,
            name=name,
            duration_unit=duration_unit,
            amount=amount,
        )
        return created(answer)

    @operation("timesheets.rate.update", "write", idempotent=True)
    async def update(
        self,
        rate_id: int,
        *,
        user_id: int | None = None,
        schedule_id: int | None = None,
        name: str | None = None,
        amount: Decimal | None = None,
        duration_unit: Unit | None = None,
    ) -> Done:
        """Change a rate.

        Source: iBuildApp Timesheets document, RATE: Update Rate.

        Args:
            rate_id: The rate's id.
            user_id: The user's id.
            schedule_id: The schedule's id.
            name: The name.
            amount: The amount.
            duration_unit: The unit of durations.
        """
        answer = await self._client.post(
            "rate/update",
            rate_id=rate_id,
            user_id=user_id,
            schedule_id=schedule_id,
            name=name,
            amount=amount,
            duration_unit=duration_unit,
        )
        return done(answer)

    @operation("timesheets.rate.search", "read")
    async def search(
        self,
        *,
        user_id: int | None = None,
        schedule_id: int | None = None,
        name: str | None = None,
        amount: Decimal | None = None,
        duration_unit: Unit | None = None,
        limit: int | None = None,
        offset: int | None = None,
    ) -> Found[Rate]:
        """Find rates.

        Source: iBuildApp Timesheets document, RATE: Search Rates.

        Args:
            user_id: The user's id.
            schedule_id: The schedule's id.
            name: The name.
            amount: The amount.
            duration_unit: The unit of durations.
            limit: At most so many.
            offset: Leave out so many at the start.
        """
        page_checked(limit, offset)
        answer = await self._client.post(
            "rate/search",
            user_id=user_id,
            schedule_id=schedule_id,
            name=name,
            amount=amount,
            duration_unit=duration_unit,
            limit=limit,
            offset=offset,
        )
        return found(Rate, answer)

    @operation("timesheets.rate.delete", "destructive", idempotent=True)
    async def delete(self, rate_id: int) -> Done:
        """Delete a rate.

        Source: iBuildApp Timesheets document, RATE: Delete Rate.

        Args:
            rate_id: The rate's id.
        """
        answer = await self._client.post("rate/delete", rate_id=rate_id)
        return done(answer)
