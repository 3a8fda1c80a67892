"""Groups of users, and who is in them."""

from __future__ import annotations

from tui.services.errors import InvalidArgument
from tui.services.igtimi.dialect import API, IgtimiResource, Success, single, unwrapped
from tui.services.igtimi.records import Group, Member
from tui.services.operation import operation
from tui.services.reading import read_all
from tui.services.wire import segment


def _group(group_id: int) -> str:
    return f"{API}/groups/{segment(group_id)}"


def someone(user_id: int | None, group_id: int | None) -> dict[str, object]:
    """A user or a group as parameters. Raises InvalidArgument unless it is exactly one."""
    if (user_id is None) == (group_id is None):
        raise InvalidArgument("name either a user or a group")
    return {"user_id": user_id, "group_id": group_id}


class Groups(IgtimiResource):
    """Groups of users. A 401 on one of them means: no permission, or no such group."""

    @operation("igtimi.groups.create", "write")
    async def create(self, name: str) -> Group:
        """Make a group of users.

        Source: Igtimi API document, Groups: Create.

        Args:
            name: The group's name.
        """
        answer = await self._client.json("POST", f"{API}/groups", form={"name": name})
        return single(Group, answer, "group")

    @operation("igtimi.groups.delete", "destructive", idempotent=True)
    async def delete(self, group_id: int) -> Success:
        """Delete a group.

        Errors: PermissionDenied without the right to modify it.
        Source: Igtimi API document, Groups: Delete.

        Args:
            group_id: The group's id.
        """
        return await self._client.done("DELETE", _group(group_id))

    @operation("igtimi.groups.grant_modify", "write", idempotent=True)
    async def grant_modify(
        self, group_id: int, *, user_id: int | None = None, grantee_group_id: int | None = None
    ) -> Success:
        """Let a user, or a group, modify a group.

        Errors: InvalidArgument unless exactly one grantee is named.
        Source: Igtimi API document, Groups: Grant Modify Permission. The grantee's group_id has
        the name of the path's, so that it is called grantee_group_id here.

        Args:
            group_id: The group that may be modified.
            user_id: The user who may.
            grantee_group_id: The group whose members may; sent as group_id.
        """
        return await self._client.done(
            "POST", f"{_group(group_id)}/grant_modify", form=someone(user_id, grantee_group_id)
        )

    @operation("igtimi.groups.revoke_modify", "destructive", idempotent=True)
    async def revoke_modify(
        self, group_id: int, *, user_id: int | None = None, grantee_group_id: int | None = None
    ) -> Success:
        """Take the right to modify a group from a user or a group.

        Errors: InvalidArgument unless exactly one grantee is named.
        Source: Igtimi API document, Groups: Revoke Modify Permission.

        Args:
            group_id: The group.
            user_id: The user who no longer may modify it.
            grantee_group_id: The group whose members no longer may; sent as group_id.
        """
        return await self._client.done(
            "DELETE", f"{_group(group_id)}/revoke_modify", query=someone(user_id, grantee_group_id)
        )

    @operation("igtimi.groups.save_blob", "write", idempotent=True)
    async def save_blob(self, group_id: int, content: str) -> Success:
        """Save data of one's own on a group, in place of what was there.

        Source: Igtimi API document, Groups: Save Blob.

        Args:
            group_id: The group's id.
            content: The text to keep.
        """
        return await self._client.save_blob(_group(group_id), content)

    @operation("igtimi.groups.get_blob", "read")
    async def get_blob(self, group_id: int) -> bytes:
        """Get the data saved on a group, exactly as it was saved.

        Source: Igtimi API document, Groups: Get Blob.

        Args:
            group_id: The group's id.
        """
        return await self._client.blob(_group(group_id))

    @operation("igtimi.groups.make_public", "write", idempotent=True)
    async def make_public(self, group_id: int) -> Success:
        """Make everybody a member of a group.

        Source: Igtimi API document, Group Members: Make Public.

        Args:
            group_id: The group's id.
        """
        return await self._client.done("POST", f"{_group(group_id)}/make_public")

    @operation("igtimi.groups.make_private", "write", idempotent=True)
    async def make_private(self, group_id: int) -> Success:
        """Leave only the named members in a group.

        Source: Igtimi API document, Group Members: Make Private.

        Args:
            group_id: The group's id.
        """
        return await self._client.done("POST", f"{_group(group_id)}/make_private")

    @operation("igtimi.groups.list", "read")
    async def list(
        self,
        *,
        hidden: bool | None = None,
        group_id: int | None = None,
        blob_content: bool | None = None,
    ) -> list[Group]:
        """List the groups that the user is in.

        Source: Igtimi API document, Groups: List.

        Args:
            hidden: Only hidden groups, or only those that are not.
            group_id: Only this group.
            blob_content: Show what is saved on each.
        """
        answer = await self._client.json(
            "GET",
            f"{API}/groups",
            query={"hidden": hidden, "group_id": group_id, "blob_content": blob_content},
        )
        return unwrapped(Group, answer, "groups", "group")


class GroupMembers(IgtimiResource):
    """Who is in a group: users, other groups, everybody."""

    @operation("igtimi.group_members.add", "write", idempotent=True)
    async def add(
        self, group_id: int, *, user_id: int | None = None, member_group_id: int | None = None
    ) -> Success:
        """Put a user, or a group, into a group.

        Errors: InvalidArgument unless exactly one member is named.
        Source: Igtimi API document, Group Members: Add Member. The member's group_id has the
        name of the path's, so that it is called member_group_id here.

        Args:
            group_id: The group.
            user_id: The user to put in.
            member_group_id: The group to put in; sent as group_id.
        """
        return await self._client.done(
            "POST", f"{_group(group_id)}/members", form=someone(user_id, member_group_id)
        )

    @operation("igtimi.group_members.remove", "destructive", idempotent=True)
    async def remove(
        self, group_id: int, *, user_id: int | None = None, member_group_id: int | None = None
    ) -> Success:
        """Take a user, or a group, out of a group.

        Errors: InvalidArgument unless exactly one member is named.
        Source: Igtimi API document, Group Members: Remove Member.

        Args:
            group_id: The group.
            user_id: The user to take out.
            member_group_id: The group to take out; sent as group_id.
        """
        return await self._client.done(
            "DELETE", f"{_group(group_id)}/members", query=someone(user_id, member_group_id)
        )

    @operation("igtimi.group_members.list", "read")
    async def list(self, group_id: int, *, hidden: bool | None = None) -> list[Member]:
        """List who is in a group.

        Errors: PermissionDenied without the right to read it.
        Source: Igtimi API document, Group Members: List.

        Args:
            group_id: The group's id.
            hidden: Also groups that are hidden; yes when left out.
        """
        answer = await self._client.json(
            "GET", f"{_group(group_id)}/members", query={"hidden": hidden}
        )
        members = answer.get("members") if isinstance(answer, dict) else answer
        return read_all(Member, members, "members")
