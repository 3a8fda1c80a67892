"""Users."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

from tui.services.arguments import length
from tui.services.errors import InvalidArgument
from tui.services.operation import operation
from tui.services.reading import read
from tui.services.timesheets.answers import (
    Created,
    Done,
    Envelope,
    Found,
    Grouped,
    created,
    done,
    found,
    grouped,
    one,
)
from tui.services.timesheets.checks import page_checked
from tui.services.timesheets.choices import Order, Sex
from tui.services.timesheets.dialect import TimesheetsResource
from tui.services.timesheets.records import Dashboard, TimeEntry, User


class Users(TimesheetsResource):
    """Users of the application."""

    @operation("timesheets.user.info", "read")
    async def info(self, *, user_id: int | None = None) -> User:
        """Show a user.

        Source: iBuildApp Timesheets document, USER: Get User Info.

        Args:
            user_id: The user's id; the current user when left out.
        """
        answer = await self._client.post("user", user_id=user_id)
        return one(User, answer)

    @operation("timesheets.user.create", "write")
    async def create(
        self,
        email: str,
        *,
        password: str | None = None,
        first_name: str | None = None,
        last_name: str | None = None,
        sex: Sex | None = None,
        hourly_rate: Decimal | None = None,
        settings: dict[str, Any] | list[Any] | None = None,
        notes: str | None = None,
        birth_date: date | None = None,
        position: str | None = None,
    ) -> Created:
        """Make a user.

        Errors: InvalidArgument for a password that is not 8 to 15 characters long.
        Source: iBuildApp Timesheets document, USER: Create New User.

        Args:
            email: The e-mail address.
            password: The password, 8 to 15 characters.
            first_name: The first name.
            last_name: The last name.
            sex: The sex.
            hourly_rate: What an hour costs.
            settings: The user's settings for the application.
            notes: Notes that only administrators see.
            birth_date: The day of birth.
            position: Specialization or profession.
        """
        length("password", password, 8, 15)
        answer = await self._client.post(
            "user/create",
            email=email,
            password=password,
            first_name=first_name,
            last_name=last_name,
            sex=sex,
            hourly_rate=hourly_rate,
            settings=settings,
            notes=notes,
            birth_date=birth_date,
            position=position,
        )
        return created(answer)

    @operation("timesheets.user.update", "write", idempotent=True)
    async def update(
        self,
        *,
        user_id: int | None = None,
        email: str | None = None,
        password: str | None = None,
        first_name: str | None = None,
        last_name: str | None = None,
        sex: Sex | None = None,
        birth_date: date | None = None,
        position: str | None = None,
        settings: dict[str, Any] | list[Any] | None = None,
        is_active: bool | None = None,
    ) -> Done:
        """Change a user.

        Errors: InvalidArgument without user_id: the service would take the current user.
        Source: iBuildApp Timesheets document, USER: Update User.

        Args:
            user_id: The user's id; required here, though the document lets it out.
            email: The e-mail address.
            password: The password, 8 to 15 characters.
            first_name: The first name.
            last_name: The last name.
            sex: The sex.
            birth_date: The day of birth.
            position: Specialization or profession.
            settings: The user's settings for the application.
            is_active: Whether the account is active.
        """
        if user_id is None:
            raise InvalidArgument(
                "name the user_id: without it the service would change the current user"
            )
        length("password", password, 8, 15)
        answer = await self._client.post(
            "user/update",
            user_id=user_id,
            email=email,
            password=password,
            first_name=first_name,
            last_name=last_name,
            sex=sex,
            birth_date=birth_date,
            position=position,
            settings=settings,
            is_active=is_active,
        )
        return done(answer)

    @operation("timesheets.user.search", "read")
    async def search(
        self,
        *,
        user_id: int | None = None,
        email: str | None = None,
        first_name: str | None = None,
        last_name: str | None = None,
        position: str | None = None,
        is_active: bool | None = None,
        limit: int | None = None,
        offset: int | None = None,
    ) -> Found[User]:
        """Find users.

        Source: iBuildApp Timesheets document, USER: Search Users.

        Args:
            user_id: The user's id.
            email: The e-mail address.
            first_name: The first name.
            last_name: The last name.
            position: Specialization or profession.
            is_active: Whether the account is active.
            limit: At most so many.
            offset: Leave out so many at the start.
        """
        page_checked(limit, offset)
        answer = await self._client.post(
            "user/search",
            user_id=user_id,
            email=email,
            first_name=first_name,
            last_name=last_name,
            position=position,
            is_active=is_active,
            limit=limit,
            offset=offset,
        )
        return found(User, answer)

    @operation("timesheets.user.search_group", "read")
    async def search_group(
        self,
        *,
        user_id: int | None = None,
        email: str | None = None,
        first_name: str | None = None,
        last_name: str | None = None,
        position: str | None = None,
        is_active: bool | None = None,
        group_by: str | None = None,
        order: Order | None = None,
        limit: int | None = None,
        offset: int | None = None,
    ) -> Grouped[User]:
        """Find users, grouped.

        The order's parameter is called order here, and order_by in every other grouped search.
        Source: iBuildApp Timesheets document, USER: Search Users with Grouping.

        Args:
            user_id: The user's id.
            email: The e-mail address.
            first_name: The first name.
            last_name: The last name.
            position: Specialization or profession.
            is_active: Whether the account is active.
            group_by: The field to group by.
            order: The order of the groups.
            limit: At most so many.
            offset: Leave out so many at the start.
        """
        page_checked(limit, offset)
        answer = await self._client.post(
            "user/search_group",
            user_id=user_id,
            email=email,
            first_name=first_name,
            last_name=last_name,
            position=position,
            is_active=is_active,
            group_by=group_by,
            order=order,
            limit=limit,
            offset=offset,
        )
        return grouped(User, answer)

    @operation("timesheets.user.delete", "destructive")
    async def delete(self, *, user_id: int | None = None) -> Done:
        """Delete a user.

        Errors: InvalidArgument without user_id: the service would take the current user.
        Source: iBuildApp Timesheets document, USER: Delete User.

        Args:
            user_id: The user's id; required here, though the document lets it out.
        """
        if user_id is None:
            raise InvalidArgument(
                "name the user_id: without it the service would delete the current user"
            )
        answer = await self._client.post("user/delete", user_id=user_id)
        return done(answer)

    @operation("timesheets.user.dashboard", "read")
    async def dashboard(
        self, *, user_id: int | None = None, last_update: datetime | None = None
    ) -> Dashboard:
        """Show what a user works on now.

        Says which entry runs: starting and stopping do not tell its id.
        Source: iBuildApp Timesheets document, USER: Get User Dashboard Data.

        Args:
            user_id: The user's id; the current user when left out.
            last_update: Answer only if something changed since then.
        """
        answer = await self._client.post("user/dashboard", user_id=user_id, last_update=last_update)
        return _dashboard(answer) if answer.modified else Dashboard(modified=False)

    @operation("timesheets.user.history", "read")
    async def history(
        self,
        *,
        user_id: int | None = None,
        last_update: datetime | None = None,
        with_: list[Literal["users", "tasks", "projects"]] | None = None,
        filters: dict[str, Any] | None = None,
        sorts: dict[str, Order] | None = None,
    ) -> Found[TimeEntry]:
        """List what a user has worked on.

        Source: iBuildApp Timesheets document, USER: Get User History.

        Args:
            user_id: The user's id; the current user when left out.
            last_update: Answer only if something changed since then.
            with_: What to answer along with it.
            filters: Values by field, or maps of value and operand.
            sorts: The order by field.
        """
        answer = await self._client.post(
            "user/history",
            user_id=user_id,
            last_update=last_update,
            with_=with_,
            filters=filters,
            sorts=sorts,
        )
        return found(TimeEntry, answer, "time_entries")


def _dashboard(answer: Envelope) -> Dashboard:
    """What is worked on, which is an empty list when it is nothing."""
    data: dict[str, Any] = read(dict[str, Any], answer.data, "data")
    found: Dashboard = read(Dashboard, data, "data")
    return found
