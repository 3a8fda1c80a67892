"""Blobs: bytes that an application keeps on a user, resource, session, device or group.

They come back exactly as they were saved, so nothing here decodes them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from starlette.responses import Response

from tui.embedded.igtimi.access import Permissions, Who, must
from tui.embedded.igtimi.answers import bad_request, success, unauthorized
from tui.embedded.igtimi.groups import group_permissions
from tui.embedded.igtimi.operations import Call, Operation
from tui.embedded.igtimi.rights import device_permissions, resource_permissions
from tui.embedded.igtimi.sessions import session_permissions

BLOB_LIMIT = 4 << 20
"""Bytes of a blob that are taken; the real limit is not documented."""


@dataclass(frozen=True)
class _Target:
    """Where a kind of blob is kept, and who may reach it."""

    table: str
    key: str
    permissions: Callable[[Call], tuple[object, Permissions]]
    """Answers the key's value; raises Refused (401) when there is no such thing."""
    word: str


def _user(call: Call) -> tuple[object, Permissions]:
    user = call.path_id("user_id")
    if call.context.database.one("SELECT 1 FROM igtimi_user WHERE id = ?", (user,)) is None:
        raise unauthorized("User does not exist")
    # A user of the same application is all the documents ask for.
    return user, Permissions(read=True, modify=True)


def _resource(call: Call) -> tuple[object, Permissions]:
    resource = call.path_id("resource_id")
    return resource, resource_permissions(call, resource)


def _session(call: Call) -> tuple[object, Permissions]:
    session = call.path_id("session_id")
    return session, session_permissions(call, session)


def _device(call: Call) -> tuple[object, Permissions]:
    serial = call.path["serial"]
    return serial, device_permissions(call, serial)


def _group(call: Call) -> tuple[object, Permissions]:
    group = call.path_id("group_id")
    return group, group_permissions(call, group)


_TARGETS = {
    "users": (_Target("igtimi_user", "id", _user, "User"), "/api/v1/users/{user_id}/blob"),
    "resources": (
        # The document's own words for a missing resource on save: "Session does not exist".
        _Target("igtimi_resource", "id", _resource, "Resource"),
        "/api/v1/resources/{resource_id}/blob",
    ),
    "sessions": (
        _Target("igtimi_session", "id", _session, "Session"),
        "/api/v1/sessions/{session_id}/blob",
    ),
    "devices": (
        _Target("igtimi_device", "serial", _device, "Device"),
        "/api/v1/devices/{serial}/blob",
    ),
    "groups": (_Target("igtimi_group", "id", _group, "Group"), "/api/v1/groups/{group_id}/blob"),
}

_CLIENT_READABLE = frozenset({"resources", "sessions"})


def _save(target: _Target, call: Call) -> Response:
    key, permissions = target.permissions(call)
    must(permissions.modify)
    content = call.parameters.raw("content")
    if content is None:
        raise bad_request("content is missing")
    with call.context.database.write() as connection:
        connection.execute(
            f"UPDATE {target.table} SET blob = ? WHERE {target.key} = ?", (content, key)
        )
    return success()


def _get(target: _Target, call: Call) -> Response:
    key, permissions = target.permissions(call)
    must(permissions.read)
    row = call.context.database.one(
        f"SELECT blob FROM {target.table} WHERE {target.key} = ?", (key,)
    )
    if row is None or row["blob"] is None:
        raise unauthorized(f"{target.word} has no blob")
    return Response(
        bytes(row["blob"]),
        media_type="application/octet-stream",
        headers={"X-Content-Type-Options": "nosniff"},
    )


def _operations() -> list[Operation]:
    operations = []
    for name, (target, path) in _TARGETS.items():

        def save(call: Call, target: _Target = target) -> Response:
            return _save(target, call)

        def get(call: Call, target: _Target = target) -> Response:
            return _get(target, call)

        # Form encoding can make three characters of a byte.
        operations.append(
            Operation(
                f"igtimi.{name}.save_blob", "POST", path, save, body_limit=3 * BLOB_LIMIT + 1024
            )
        )
        who = Who.USER_OR_CLIENT if name in _CLIENT_READABLE else Who.USER
        operations.append(Operation(f"igtimi.{name}.get_blob", "GET", path, get, who))
    return operations


OPERATIONS = tuple(_operations())
