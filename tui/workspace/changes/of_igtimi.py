"""The changes of Igtimi: sessions and their logs, devices, groups, who may see what."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from msgspec.structs import replace

from tui.services.errors import NotFound, PermissionDenied, Refused
from tui.services.igtimi import Igtimi
from tui.services.igtimi.records import Member
from tui.services.igtimi.session_log import LogData, LogEntry, Tombstone, written
from tui.store.changes import Change, Step
from tui.workspace.changes.igtimi_finding import (
    MADE_WITH,
    find_group,
    find_group_gone,
    find_registered,
    find_session,
    find_session_gone,
    find_unregistered,
    find_window,
)
from tui.workspace.changes.kinds import (
    Data,
    Finder,
    Kind,
    Noted,
    Performed,
    Performer,
    Reader,
    gone,
    put_back,
)
from tui.workspace.changes.ways_back import Never, deletion, opposite

LARGEST_BLOB = 256 * 1024
"""Bytes of a text saved on something beyond which it is not kept to be put back."""
_SESSION_GONE = "Its log, and who may see it, went with it; no call brings a session back."
_GROUP_GONE = "Its members, and what it was given to see, went with it."
_TAG = "To take it back needs the tag printed on it, which is not kept: register it again."
_STAYS = "The service has no call that takes it away."
_NO_END = "The service has no call that closes a window: it ends by itself at its end."
_LOG_FORGETS = "A log has no way to bring back what was taken back from it."
_NOBODY_KNOWS = "Whether it was so before, too, nobody knows: the service did not tell."


def _id(answer: Any) -> Data:
    return {"id": answer.id}


# -- sessions and their logs ----------------------------------------------------------------------


async def _log(client: Igtimi, arguments: Data) -> Data | None:
    """The last entry of a session's log: what is added stands behind it."""
    try:
        log = await client.session_logs.list(arguments["session_id"])
    except NotFound:
        return None
    return Noted(last_entry=max((one.id for one in log.entries), default=0))


def _standing(entries: list[LogEntry]) -> list[LogEntry]:
    """Those entries that were not taken back by now."""
    taken_back = {one.data.log_entry_id for one in entries if isinstance(one.data, Tombstone)}
    return [
        one for one in entries if one.id not in taken_back and not isinstance(one.data, Tombstone)
    ]


async def _session_whole(client: Igtimi, arguments: Data) -> Data | None:
    """How many entries the log of a session has besides those that it was made with."""
    try:
        log = await client.session_logs.list(arguments["session_id"])
    except NotFound:
        return None
    return {"further_entries": max(0, len(_standing(log.entries)) - arguments.get(MADE_WITH, 0))}


def _session_deleted(change: Change) -> Step | str:
    step = deletion("igtimi.sessions.delete", "session_id", "session")(change)
    if isinstance(step, str):
        return step
    return replace(step, about={MADE_WITH: change.about.get(MADE_WITH, 0)})


def _no_further_entries(_change: Change) -> Data:
    return {"further_entries": 0}


def _added(entries: list[LogEntry], change: Data) -> list[LogEntry]:
    """Those entries, not taken back by now, that a change added to a log."""
    wanted = [written(one) for one in msgspec.convert(change["entries"], list[LogData])]
    return [
        one
        for one in _standing(entries)
        if one.id > change["last_entry"] and written(one.data) in wanted
    ]


async def _written(client: Igtimi, change: Change) -> Data | None:
    """Whether every entry stands in the log once, behind what stood there before."""
    # A session that was made with it had no log before.
    before = {"last_entry": 0} if change.needs else change.before or {}
    if "last_entry" not in before:
        return None
    log = await client.session_logs.list(change.arguments["session_id"])
    found = _added(log.entries, {**change.arguments, **before})
    return {} if len(found) == len(change.arguments["entries"]) else None


def _taken_back(change: Change) -> Step | str:
    if all(entry.get("kind") == "tombstone_log_entry" for entry in change.arguments["entries"]):
        return _LOG_FORGETS
    operation = "igtimi.session_logs.create"
    if change.needs:
        return Step(operation=operation, title="it goes with its session", way="with its session")
    before = change.before or {}
    if "last_entry" not in before:
        return "Nobody knows what stood in the log before."
    return Step(
        operation=operation,
        arguments={**change.arguments, "last_entry": before["last_entry"]},
        title="the entries are taken back",
        way="take entries back",
    )


async def _take_back(client: Igtimi, step: Step) -> Performed:
    """Entries are found in the log, since the service does not tell their numbers."""
    session_id = step.arguments["session_id"]
    log = await client.session_logs.list(session_id)
    added = _added(log.entries, step.arguments)
    if len(added) != len(step.arguments["entries"]):
        raise Refused(
            "somebody else wrote the same into the log, or took it back: nobody knows which"
            " entries are yours",
            service="igtimi",
            advice="Nothing was sent. Take back the entries one by one in the log.",
        )
    await client.session_logs.create(session_id, [Tombstone(log_entry_id=one.id) for one in added])
    return Performed()


async def _with_its_session(_client: Igtimi, _step: Step) -> Performed:
    return Performed()


WAYS: Mapping[str, Performer] = {
    "take entries back": _take_back,
    "with its session": _with_its_session,
}


# -- what is saved, devices, groups, windows ------------------------------------------------------


def _blob(of: str, argument: str) -> Kind:
    """A text of one's own that is saved on something, in place of what was there."""

    async def read(client: Igtimi, arguments: Data) -> Data | None:
        try:
            content = await getattr(client, of).get_blob(arguments[argument])
        except (NotFound, PermissionDenied):
            # Most likely nothing is saved there; whether it may be, the service says at sending.
            return {"content": None}
        if len(content) > LARGEST_BLOB:
            return {"content": None}
        try:
            return {"content": content.decode()}
        except UnicodeDecodeError:
            return {"content": None}

    return Kind(
        f"igtimi.{of}.save_blob",
        record=f"{of}/{{{argument}}}/blob",
        id_argument=argument,
        fields=("content",),
        read=read,
        inverse=put_back,
    )


async def _device(client: Igtimi, arguments: Data) -> Data | None:
    found = await client.devices.list(serial_numbers=[arguments["serial_number"]])
    return {"name": found[0].name or None} if found else None


def _unregistered(change: Change) -> Step | str:
    serial = change.arguments["serial_number"]
    return Step(
        operation="igtimi.devices.unregister",
        arguments={"serial_number": serial},
        title=f"{serial} is not yours any more",
    )


def _is(member: Member, arguments: Data) -> bool:
    user, group = member.user, member.group
    if arguments.get("user_id") is not None:
        return user is not None and user.id == arguments["user_id"]
    return group is not None and group.id == arguments.get("member_group_id")


async def _member(client: Igtimi, arguments: Data) -> Data | None:
    members = await client.group_members.list(arguments["group_id"])
    return {"member": any(_is(one, arguments) for one in members)}


async def _public(client: Igtimi, arguments: Data) -> Data | None:
    members = await client.group_members.list(arguments["group_id"])
    return {"public": any(one.public for one in members)}


async def _group_whole(client: Igtimi, arguments: Data) -> Data | None:
    """Who is in a group besides oneself."""
    try:
        members = await client.group_members.list(arguments["group_id"])
    except (NotFound, PermissionDenied):
        # There is no such group, or it is none of ours: the service says which at sending.
        return {"members": None}
    own = (await client.account.show()).id
    users = [f"user {one.user.id}" for one in members if one.user and one.user.id != own]
    groups = [f"group {one.group.id}" for one in members if one.group]
    everybody = ["everybody"] if any(one.public for one in members) else []
    return {"members": [*users, *groups, *everybody]}


def _no_other_members(_change: Change) -> Data:
    return {"members": []}


def _turned(
    operation: str, back: str, field: str, wanted: bool, read: Reader, already: str
) -> Kind:
    """A change that makes something so; where it was so before there is nothing to take back."""

    def inverse(change: Change) -> Step | str:
        before = (change.before or {}).get(field)
        if before is wanted:
            return already
        inexact = _NOBODY_KNOWS if before is None else ""
        return Step(operation=back, arguments=change.arguments, inexact=inexact)

    async def find(client: Igtimi, change: Change) -> Data | None:
        now = await read(client, change.arguments)
        return {} if now is not None and now[field] is wanted else None

    return Kind(
        operation,
        record="group/{group_id}",
        id_argument="group_id",
        read=read,
        keeps=True,
        inverse=inverse,
        find=find,
    )


def _granted(change: Change) -> Step | str:
    return Step(
        operation="igtimi.groups.revoke_modify",
        arguments=change.arguments,
        inexact=_NOBODY_KNOWS,
    )


def _made(operation: str, why: str, *, find: Finder | None = None, waits: bool = True) -> Kind:
    return Kind(operation, inverse=Never(why), find=find, waits=waits)


KINDS: tuple[Kind, ...] = (
    Kind("igtimi.oauth.token", waits=False, counts=False),
    _made("igtimi.devicegroups.create", _STAYS),
    _blob("users", "user_id"),
    Kind(
        "igtimi.sessions.create",
        record="session/{session_id}",
        id_argument="session_id",
        answer=_id,
        inverse=_session_deleted,
        made=_no_further_entries,
        find=find_session,
    ),
    Kind(
        "igtimi.sessions.delete",
        record="session/{session_id}",
        id_argument="session_id",
        read=_session_whole,
        keeps=True,
        inverse=Never(_SESSION_GONE),
        find=gone(find_session_gone),
    ),
    _blob("sessions", "session_id"),
    Kind(
        "igtimi.session_logs.create",
        record="session/{session_id}",
        id_argument="session_id",
        read=_log,
        inverse=_taken_back,
        find=_written,
    ),
    _made("igtimi.devices.create", _STAYS),
    Kind(
        "igtimi.devices.register",
        record="device/{serial_number}",
        id_argument="serial_number",
        inverse=_unregistered,
        find=find_registered,
        waits=False,
    ),
    Kind(
        "igtimi.devices.unregister",
        record="device/{serial_number}",
        id_argument="serial_number",
        inverse=Never(_TAG),
        find=gone(find_unregistered),
    ),
    Kind(
        "igtimi.devices.update",
        record="device/{serial_number}",
        id_argument="serial_number",
        fields=("name",),
        read=_device,
        inverse=put_back,
    ),
    _blob("devices", "serial_number"),
    _blob("resources", "resource_id"),
    # The file may be another one, or gone, by the time at which it would be sent.
    _made("igtimi.data.upload_file", _STAYS, waits=False),
    _made("igtimi.data.upload_import", _STAYS, waits=False),
    _made("igtimi.data_access_windows.create", _NO_END, find=find_window),
    Kind(
        "igtimi.groups.create",
        record="group/{group_id}",
        id_argument="group_id",
        answer=_id,
        inverse=deletion("igtimi.groups.delete", "group_id", "group"),
        made=_no_other_members,
        find=find_group,
    ),
    Kind(
        "igtimi.groups.delete",
        record="group/{group_id}",
        id_argument="group_id",
        read=_group_whole,
        keeps=True,
        inverse=Never(_GROUP_GONE),
        find=gone(find_group_gone),
    ),
    Kind(
        "igtimi.groups.grant_modify",
        record="group/{group_id}",
        id_argument="group_id",
        inverse=_granted,
    ),
    Kind(
        "igtimi.groups.revoke_modify",
        record="group/{group_id}",
        id_argument="group_id",
        inverse=opposite("igtimi.groups.grant_modify"),
    ),
    _blob("groups", "group_id"),
    _turned(
        "igtimi.groups.make_public", "igtimi.groups.make_private", "public", True, _public,
        "It was everybody's before, too.",
    ),
    _turned(
        "igtimi.groups.make_private", "igtimi.groups.make_public", "public", False, _public,
        "It was not everybody's before, either.",
    ),
    _turned(
        "igtimi.group_members.add", "igtimi.group_members.remove", "member", True, _member,
        "They were in the group before, too.",
    ),
    _turned(
        "igtimi.group_members.remove", "igtimi.group_members.add", "member", False, _member,
        "They were not in the group before, either.",
    ),
)  # fmt: skip
