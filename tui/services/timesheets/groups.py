"""Groups of users, also called teams."""

from __future__ import annotations

from decimal import Decimal

from tui.services.operation import operation
from tui.services.timesheets.answers import Created, Done, Found, created, done, found, one
from tui.services.timesheets.checks import at_least_one, page_checked
from tui.services.timesheets.choices import Activity
from tui.services.timesheets.dialect import TimesheetsResource
from tui.services.timesheets.records import Team, User


class Groups(TimesheetsResource):
    """Groups of users, also called teams."""

    @operation("timesheets.group.info", "read")
    async def info(self, group_id: int) -> Team:
        """Show a group.

        Source: iBuildApp Timesheets document, GROUP: Get Group Info.

        Args:
            group_id: The group's id.
        """
        answer = await self._client.post("group", group_id=group_id)
        return one(Team, answer)

    @operation("timesheets.group.create", "write")
    async def create(
        self,
        name: str,
        *,
        description: str | None = None,
        notes: str | None = None,
        pay_rate: Decimal | None = None,
        status: bool | None = None,
    ) -> Created:
        """Make a group.

        Source: iBuildApp Timesheets document, GROUP: Create New Group.

        Args:
            name: The name.
            description: The description.
            notes: Notes that only administrators see.
            pay_rate: What the group is paid.
            status: Whether it is active.
        """
        answer = await self._client.post(
            "group/create",
            name=name,
            description=description,
            notes=notes,
            pay_rate=pay_rate,
            status=status,
        )
        return created(answer)

    @operation("timesheets.group.update", "write", idempotent=True)
    async def update(
        self,
        group_id: int,
        *,
        name: str | None = None,
        description: str | None = None,
        notes: str | None = None,
        status: Activity | None = None,
    ) -> Done:
        """Change a group.

        Errors: InvalidArgument when nothing is to change.
        Source: iBuildApp Timesheets document, GROUP: Update Group.

        Args:
            group_id: The group's id.
            name: The name.
            description: The description.
            notes: Notes that only administrators see.
            status: Whether it is active, in words.
        """
        at_least_one(name=name, description=description, notes=notes, status=status)
        answer = await self._client.post(
            "group/update",
            group_id=group_id,
            name=name,
            description=description,
            notes=notes,
            status=status,
        )
        return done(answer)

    @operation("timesheets.group.search", "read")
    async def search(
        self,
        *,
        group_id: int | None = None,
        name: str | None = None,
        keyword: str | None = None,
        limit: int | None = None,
        offset: int | None = None,
    ) -> Found[Team]:
        """Find groups.

        Errors: InvalidArgument without any of group_id, name, keyword.
        Source: iBuildApp Timesheets document, GROUP: Search Groups.

        Args:
            group_id: The group's id.
            name: The name.
            keyword: Text to find in the name.
            limit: At most so many.
            offset: Leave out so many at the start.
        """
        at_least_one(group_id=group_id, name=name, keyword=keyword)
        page_checked(limit, offset)
        answer = await self._client.post(
            "group/search",
            group_id=group_id,
            name=name,
            keyword=keyword,
            limit=limit,
            offset=offset,
        )
        return found(Team, answer)

    @operation("timesheets.group.add_user", "write", idempotent=True)
    async def add_user(self, group_id: int, user_id: int) -> Done:
        """Put a user into a group.

        Source: iBuildApp Timesheets document, GROUP: Add User to Group.

        Args:
            group_id: The group's id.
            user_id: The user's id.
        """
        answer = await self._client.post("group/add_user", group_id=group_id, user_id=user_id)
        return done(answer)

    @operation("timesheets.group.delete_user", "destructive", idempotent=True)
    async def delete_user(self, group_id: int, user_id: int) -> Done:
        """Take a user out of a group.

        Source: iBuildApp Timesheets document, GROUP: Delete User from Group.

        Args:
            group_id: The group's id.
            user_id: The user's id.
        """
        answer = await self._client.post("group/delete_user", group_id=group_id, user_id=user_id)
        return done(answer)

    @operation("timesheets.group.get_users", "read")
    async def get_users(self, group_id: int) -> Found[User]:
        """List the users in a group.

        Source: iBuildApp Timesheets document, GROUP: Get Users in Group.

        Args:
            group_id: The group's id.
        """
        answer = await self._client.post("group/get_users", group_id=group_id)
        return found(User, answer)

    @operation("timesheets.group.delete", "destructive", idempotent=True)
    async def delete(self, group_id: int) -> Done:
        """Delete a group.

        Source: iBuildApp Timesheets document, GROUP: Delete Group.

        Args:
            group_id: The group's id.
        """
        answer = await self._client.post("group/delete", group_id=group_id)
        return done(answer)
