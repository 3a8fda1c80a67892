"""Devices, groups and data access windows of an account (Igtimi)."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, Literal

import msgspec

from tui.services.errors import ConnectionFailed, ServiceError
from tui.services.igtimi import Igtimi
from tui.services.igtimi.records import Account, DataAccessWindow, Device, Group, Member
from tui.workspace.changes.history import History
from tui.workspace.connections.connections import Connections
from tui.workspace.reads import Answer, Reads
from tui.workspace.sessions.curves import Stretch, stretches
from tui.workspace.side_by_side import perhaps
from tui.workspace.text import in_order

__all__ = ["Access", "Device", "DeviceFound", "Fleet", "Group", "GroupFound", "Member", "Recipient"]

RECENT = timedelta(days=90)
FOR_EVER = datetime(2113, 1, 1, tzinfo=UTC)
"""Windows that never end have an end about here (Igtimi API document, Data Access Windows)."""


@dataclass(frozen=True)
class People:
    """Names of users and groups by id, as far as the account may see them."""

    users: dict[int, str] = field(default_factory=dict)
    groups: dict[int, str] = field(default_factory=dict)

    def user(self, identity: int) -> str:
        """A user's name; the id in words where the account does not see it."""
        return self.users.get(identity) or f"user {identity}"

    def group(self, identity: int) -> str:
        """A group's name; the id in words where the account does not see it."""
        return self.groups.get(identity) or f"group {identity}"

    def member(self, member: Member) -> str:
        """Who a member of a group is."""
        if member.user is not None:
            return self.user(member.user.id)
        if member.group is not None:
            return self.group(member.group.id)
        return "everybody" if member.public else "somebody"


@dataclass(frozen=True)
class Recipient:
    """Whom a window is for: `kind` is user or group."""

    kind: str
    id: int
    name: str


@dataclass(frozen=True)
class Access:
    """A data access window with the names of what it is about."""

    window: DataAccessWindow
    recipient: str

    @property
    def for_ever(self) -> bool:
        """Whether it never ends."""
        end = self.window.end_time
        return end is None or end >= FOR_EVER


@dataclass(frozen=True)
class DeviceFound:
    """One device: the data that it sent lately and who else may see it.

    `access` is None where that is not known; `unit` is how it stands where it is a unit that speaks
    to this machine.
    """

    device: Device
    stretches: list[Stretch]
    since: datetime
    access: list[Access] | None
    unit: str = ""


@dataclass(frozen=True)
class GroupFound:
    """One group with who is in it, by name."""

    group: Group
    members: list[tuple[Member, str]]


Kept = Literal["devices", "groups", "access"]
_KEPT: dict[Kept, Any] = {"devices": list[Device], "groups": list[Group], "access": list[Access]}


def _without_secrets(devices: list[Device]) -> list[Device]:
    """Devices as they are kept: the tag that is printed on one takes it into an account, and who
    knows what else it tells of itself.
    """
    return [
        msgspec.structs.replace(
            one, service_tag=None, uid=None, imei=None, blob_content=None, device_info=None,
            extra={},
        )
        for one in devices
    ]  # fmt: skip


class Fleet:
    """The use cases of devices, groups and access windows."""

    def __init__(self, connections: Connections, reads: Reads, history: History) -> None:
        self._connections = connections
        self._reads = reads
        self._history = history
        self._people: People | None = None

    async def _client(self) -> Igtimi:
        return await self._connections.igtimi()

    async def people(self, *, again: bool = False) -> People:
        """The names of users and groups; an account that may not list users sees ids."""
        if self._people is None or again:
            service = await self._client()
            groups = await perhaps("Names of groups", service.groups.list, [])
            users: list[Account] = []
            is_known = True
            try:
                users = await service.users.list()
            except ServiceError as error:
                # Names are a comfort: what they stand beside must be seen without them as well. A
                # line that broke has them again later; one who may not list users never does.
                is_known = not isinstance(error, ConnectionFailed)
            people = People(
                {one.id: _full_name(one) for one in users}, {one.id: one.name for one in groups}
            )
            if not is_known:
                return people
            self._people = people
        return self._people

    def _key(self, name: str) -> str:
        return f"{self._connections.account('igtimi')}/{name}"

    async def kept(self, name: Kept) -> Answer[list[Any]] | None:
        """A list as it was read last; of devices without what takes one into an account."""
        return await self._reads.kept(self._key(name), _KEPT[name])

    # -- devices ------------------------------------------------------------------------------

    async def devices(self) -> list[Device]:
        """The devices of the account, by name."""
        service = await self._client()

        async def fetch() -> list[Device]:
            found = await service.devices.list(device_info=True)
            return sorted(found, key=lambda one: (in_order(one.name or ""), one.serial_number))

        return (await self._reads.fresh(self._key("devices"), fetch, _without_secrets)).value

    async def look_at_device(self, device: Device) -> DeviceFound:
        """What a device sent in the last months, and who may see it."""
        service = await self._client()
        since = datetime.now(UTC) - RECENT
        serial = device.serial_number
        if not device.permissions.read:
            return DeviceFound(device, [], since, await self.access(serial))
        made, access, unit = await asyncio.gather(
            stretches(service, serial, since),
            perhaps("Who may see it", partial(self.access, serial), None),
            perhaps("How the unit stands", partial(self._unit, device), ""),
        )
        return DeviceFound(device, made, since, access, unit)

    async def _unit(self, device: Device) -> str:
        """How a device stands that is a unit; empty for any other, which is not asked about."""
        if not (device.uid or "").endswith(f":riot:{device.serial_number}"):
            return ""
        from tui.workspace.live.units import Units, unit_text

        found = await Units(self._connections).one(device.serial_number)
        return "" if found is None else unit_text(found)

    async def rename_device(self, device: Device, name: str) -> None:
        """Give a device another name; undo gives it the old one."""
        service = await self._client()
        serial = device.serial_number
        await self._history.write(
            f"Name {serial} {name}",
            partial(service.devices.update, serial, name),
            seen={"name": device.name or None},
        )

    async def register(self, serial: str, service_tag: str) -> None:
        """Take a device into the account by the tag printed on it; undo gives it back."""
        service = await self._client()
        await self._history.write(
            f"Register {serial}", partial(service.devices.register, serial, service_tag)
        )

    async def unregister(self, device: Device) -> None:
        """Give a device up; taking it back needs the tag printed on it."""
        service = await self._client()
        await self._history.write(
            f"Give up {device.serial_number}",
            partial(service.devices.unregister, device.serial_number),
        )

    # -- groups -------------------------------------------------------------------------------

    async def groups(self) -> list[Group]:
        """The groups that the account is in; those that the service made for itself last."""
        service = await self._client()

        async def fetch() -> list[Group]:
            found = await service.groups.list()
            return sorted(found, key=lambda one: (one.hidden, in_order(one.name)))

        return (await self._reads.fresh(self._key("groups"), fetch)).value

    async def look_at_group(self, group: Group) -> GroupFound:
        """Who is in a group."""
        service = await self._client()
        members, people = await asyncio.gather(service.group_members.list(group.id), self.people())
        return GroupFound(group, [(one, people.member(one)) for one in members])

    async def recipients(self) -> list[Recipient]:
        """Users and groups that access can be given to."""
        people = await self.people(again=True)
        users = [Recipient("user", number, name) for number, name in people.users.items()]
        hidden = {one.id for one in await self.groups() if one.hidden}
        groups = [
            Recipient("group", number, name)
            for number, name in people.groups.items()
            if number not in hidden
        ]
        return [*groups, *users]

    async def create_group(self, name: str) -> int:
        """Make a group of users; its id. Undo deletes it."""
        service = await self._client()
        made = await self._history.write(f"New group {name}", partial(service.groups.create, name))
        self._people = None
        return made.id

    async def delete_group(self, group: Group) -> None:
        """Delete a group; what it was given to see is not seen through it any more."""
        service = await self._client()
        await self._history.write(
            f"Delete group {group.name}", partial(service.groups.delete, group.id)
        )
        self._people = None

    async def add_member(self, group: Group, member: Recipient) -> None:
        """Put a user or a group into a group; undo takes it out."""
        service = await self._client()
        who = _someone(member.kind, member.id)
        await self._history.write(
            f"{member.name} into {group.name}",
            partial(service.group_members.add, group.id, **who),
        )

    async def remove_member(self, group: Group, member: Member, name: str) -> None:
        """Take a member out of a group; undo puts it back."""
        service = await self._client()
        user, inner = member.user, member.group
        who = _someone("user", user.id) if user else _someone("group", inner.id if inner else 0)
        await self._history.write(
            f"{name} out of {group.name}",
            partial(service.group_members.remove, group.id, **who),
        )

    # -- access windows -----------------------------------------------------------------------

    async def access(self, serial: str | None = None) -> list[Access]:
        """The windows through which data is seen, of one device or of all, the newest first."""
        if serial:
            return await self._access(serial)
        await self._client()  # whose answers they are is known then
        return (await self._reads.fresh(self._key("access"), self._access)).value

    async def _access(self, serial: str | None = None) -> list[Access]:
        service = await self._client()
        wanted = [serial] if serial else None
        read, modify, people = await asyncio.gather(
            service.data_access_windows.list(type="read", serial_numbers=wanted),
            perhaps(
                "Access that modifies",
                partial(service.data_access_windows.list, type="modify", serial_numbers=wanted),
                [],
            ),
            self.people(),
        )
        windows = {one.id: one for one in [*read, *modify]}

        def named(window: DataAccessWindow) -> Access:
            user, group = window.recipient.user, window.recipient.group
            name = people.user(user.id) if user else people.group(group.id) if group else "nobody"
            return Access(window, name)

        return [named(windows[number]) for number in sorted(windows, reverse=True)]

    async def give_access(
        self, serial: str, recipient: Recipient, start: datetime, end: datetime, *, modify: bool
    ) -> None:
        """Let somebody see a stretch of a device's data. The service cannot take it back."""
        service = await self._client()
        group = recipient.kind == "group"
        await self._history.write(
            f"Access to {serial} for {recipient.name}",
            partial(
                service.data_access_windows.create,
                serial,
                start_time=start,
                end_time=end,
                read=True,
                modify=modify,
                user_id=None if group else recipient.id,
                group_id=recipient.id if group else None,
            ),
        )


def _full_name(account: Account) -> str:
    return f"{account.first_name} {account.surname}".strip() or account.email


def _someone(kind: str, identity: int) -> dict[str, int]:
    """A member as the client's methods call it."""
    return {"user_id": identity} if kind == "user" else {"member_group_id": identity}
