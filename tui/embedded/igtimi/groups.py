"""Groups and their members (seed document, "Groups" and "Group Members")."""

from __future__ import annotations

import sqlite3

from starlette.responses import Response

from tui.embedded.context import Context
from tui.embedded.igtimi.access import Permissions, Reach, must
from tui.embedded.igtimi.answers import bad_request, json_answer, success, unauthorized
from tui.embedded.igtimi.operations import Call, Operation

PUBLIC_GROUP = "_public"
MEMBERS_GROUP = "_members"


def group_permissions(call: Call, group: int) -> Permissions:
    """What the caller may do with a group. Raises Refused (401) when there is none."""
    if call.context.database.one("SELECT 1 FROM igtimi_group WHERE id = ?", (group,)) is None:
        raise unauthorized("Group does not exist")
    return call.reach().group(group)


def make_group(context: Context, name: str, owner: int, *, hidden: bool = False) -> int:
    """A new group with one member, who may change it; answers its id."""
    with context.database.write() as connection:
        group = connection.execute(
            "INSERT INTO igtimi_group (name, hidden) VALUES (?, ?)", (name, int(hidden))
        ).lastrowid
        assert group is not None
        connection.execute(
            "INSERT INTO igtimi_member (group_id, user_id, modify) VALUES (?, ?, 1)",
            (group, owner),
        )
    return group


def blob_fields(blob: bytes | None, with_content: bool) -> dict[str, object]:
    """`blob`, and `blob_content` where it was asked for and is there."""
    fields: dict[str, object] = {"blob": blob is not None}
    if with_content and blob is not None:
        # Inside JSON there is only text; the exact bytes come from the blob call.
        fields["blob_content"] = bytes(blob).decode("utf-8", "replace")
    return fields


def _wire(row: sqlite3.Row, reach: Reach, with_content: bool) -> dict[str, object]:
    return {
        "group": {
            "id": row["id"],
            "name": row["name"],
            "hidden": bool(row["hidden"]),
            "permissions": reach.group(row["id"]).wire(),
            **blob_fields(row["blob"], with_content),
        }
    }


def list_groups(call: Call) -> Response:
    """igtimi.groups.list: the groups the user is in, and the one that everybody is in."""
    wanted_hidden = call.parameters.text("hidden") is not None
    hidden = call.parameters.boolean("hidden", False)
    only = call.parameters.integer("group_id")
    with_content = call.parameters.boolean("blob_content", False)
    reach = call.reach()
    rows = call.context.database.read("SELECT * FROM igtimi_group ORDER BY id")
    return json_answer(
        {
            "groups": [
                _wire(row, reach, with_content)
                for row in rows
                if (row["id"] in reach.own_groups or row["name"] == PUBLIC_GROUP)
                and (not wanted_hidden or bool(row["hidden"]) == hidden)
                and (only is None or row["id"] == only)
            ]
        }
    )


def create_group(call: Call) -> Response:
    """igtimi.groups.create"""
    name = call.parameters.required("name")
    if name in (PUBLIC_GROUP, MEMBERS_GROUP):
        raise unauthorized("This name is taken by the service")
    group = make_group(call.context, name, call.user)
    return json_answer({"group": {"name": name, "id": group}})


def delete_group(call: Call) -> Response:
    """igtimi.groups.delete"""
    group = _modifiable(call)
    with call.context.database.write() as connection:
        connection.execute("DELETE FROM igtimi_group WHERE id = ?", (group,))
    return success()


def _modifiable(call: Call) -> int:
    group = call.path_id("group_id")
    must(group_permissions(call, group).modify)
    return group


def _subject(call: Call) -> tuple[str, int]:
    """Column and id of the user or group that a call is about: exactly one of the two.

    The parameter `group_id` has the same name as the one in the path, and is another group.
    """
    user = call.parameters.integer("user_id")
    group = call.parameters.integer("group_id")
    if (user is None) == (group is None):
        raise bad_request("Give either user_id or group_id")
    table, column = ("igtimi_user", "user_id") if user is not None else ("igtimi_group", "member")
    subject = user if user is not None else group
    assert subject is not None
    if call.context.database.one(f"SELECT 1 FROM {table} WHERE id = ?", (subject,)) is None:
        raise unauthorized("User or group does not exist")
    return ("user_id" if column == "user_id" else "member_group_id"), subject


def _set_modify(call: Call, modify: bool) -> Response:
    group = _modifiable(call)
    column, subject = _subject(call)
    with call.context.database.write() as connection:
        changed = connection.execute(
            f"UPDATE igtimi_member SET modify = ? WHERE group_id = ? AND {column} = ?",
            (int(modify), group, subject),
        ).rowcount
        if not changed and modify:
            connection.execute(
                f"INSERT INTO igtimi_member (group_id, {column}, modify) VALUES (?, ?, 1)",
                (group, subject),
            )
        elif not changed:
            raise unauthorized("No member of the group")
    return success()


def grant_modify(call: Call) -> Response:
    """igtimi.groups.grant_modify: who is no member yet becomes one."""
    return _set_modify(call, True)


def revoke_modify(call: Call) -> Response:
    """igtimi.groups.revoke_modify: the member stays one."""
    return _set_modify(call, False)


def list_members(call: Call) -> Response:
    """igtimi.group_members.list"""
    group = call.path_id("group_id")
    must(group_permissions(call, group).read)
    hidden = call.parameters.boolean("hidden", True)
    rows = call.context.database.read(
        "SELECT m.user_id, m.member_group_id, m.modify, g.hidden FROM igtimi_member m"
        " LEFT JOIN igtimi_group g ON g.id = m.member_group_id WHERE m.group_id = ?"
        " ORDER BY m.id",
        (group,),
    )
    members: list[dict[str, object]] = []
    for row in rows:
        permissions = Permissions(read=True, modify=bool(row["modify"])).wire()
        if row["user_id"] is not None:
            members.append({"user": {"id": row["user_id"], "permissions": permissions}})
        elif hidden or not row["hidden"]:
            members.append({"group": {"id": row["member_group_id"], "permissions": permissions}})
    is_public = call.context.database.one(
        "SELECT 1 FROM igtimi_group WHERE id = ? AND public = 1", (group,)
    )
    if is_public is not None:
        members.append({"public": True})
    return json_answer({"members": members})


def add_member(call: Call) -> Response:
    """igtimi.group_members.add: adding a member again changes nothing."""
    group = _modifiable(call)
    column, subject = _subject(call)
    if column == "member_group_id" and subject == group:
        raise bad_request("A group cannot be a member of itself")
    with call.context.database.write() as connection:
        connection.execute(
            f"INSERT INTO igtimi_member (group_id, {column}) VALUES (?, ?) ON CONFLICT DO NOTHING",
            (group, subject),
        )
    return success()


def remove_member(call: Call) -> Response:
    """igtimi.group_members.remove"""
    group = _modifiable(call)
    column, subject = _subject(call)
    with call.context.database.write() as connection:
        removed = connection.execute(
            f"DELETE FROM igtimi_member WHERE group_id = ? AND {column} = ?", (group, subject)
        ).rowcount
    if not removed:
        raise unauthorized("No member of the group")
    return success()


def _set_public(call: Call, public: bool) -> Response:
    group = _modifiable(call)
    with call.context.database.write() as connection:
        connection.execute("UPDATE igtimi_group SET public = ? WHERE id = ?", (int(public), group))
    return success()


def make_public(call: Call) -> Response:
    """igtimi.groups.make_public"""
    return _set_public(call, True)


def make_private(call: Call) -> Response:
    """igtimi.groups.make_private"""
    return _set_public(call, False)


_GROUP = "/api/v1/groups/{group_id}"

OPERATIONS = (
    Operation("igtimi.groups.list", "GET", "/api/v1/groups", list_groups),
    Operation("igtimi.groups.create", "POST", "/api/v1/groups", create_group),
    Operation("igtimi.groups.delete", "DELETE", _GROUP, delete_group),
    Operation("igtimi.groups.grant_modify", "POST", _GROUP + "/grant_modify", grant_modify),
    Operation("igtimi.groups.revoke_modify", "DELETE", _GROUP + "/revoke_modify", revoke_modify),
    Operation("igtimi.group_members.list", "GET", _GROUP + "/members", list_members),
    Operation("igtimi.group_members.add", "POST", _GROUP + "/members", add_member),
    Operation("igtimi.group_members.remove", "DELETE", _GROUP + "/members", remove_member),
    Operation("igtimi.groups.make_public", "POST", _GROUP + "/make_public", make_public),
    Operation("igtimi.groups.make_private", "POST", _GROUP + "/make_private", make_private),
)
