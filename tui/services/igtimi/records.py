"""What Igtimi answers about accounts, sessions, devices, groups and resources.

Source: Igtimi API document, the sample answers and value definitions of each chapter.
"""

from __future__ import annotations

import msgspec

from tui.services.guarded import Guarded
from tui.services.reading import Extra, Id, Milliseconds, Record, Seconds


class Permissions(Record, frozen=True, kw_only=True):
    """What the asking user may do with a thing."""

    read: bool = False
    modify: bool = False


class Account(Record, frozen=True, kw_only=True):
    """A user. `blob` says whether something is saved on it (absent on the account itself)."""

    id: int
    first_name: str = ""
    surname: str = ""
    email: str = ""
    blob: bool | None = None
    extra: Extra = msgspec.field(default_factory=dict)


class Session(Record, frozen=True, kw_only=True):
    """A sailing session. Name and times are set through its log; None until then.

    `blob_content` only comes when asked for. `id` is absent in some real answers of one session.
    """

    id: int = 0
    name: str | None = None
    start_time: Milliseconds | None = None
    end_time: Milliseconds | None = None
    owner_id: int | None = None
    session_group_id: int | None = None
    admin_session_group_id: int | None = None
    parent_session_id: int | None = None
    ou: str | None = None
    permissions: Permissions = Permissions()
    blob: bool = False
    blob_content: str | None = None
    extra: Extra = msgspec.field(default_factory=dict)


class NewSession(Session, frozen=True, kw_only=True):
    """A session that has just been made: the service tells its id, or nobody knows which it is."""

    id: Id


class DeviceInformation(Record, frozen=True, kw_only=True):
    """What a device last said of itself."""

    stage: str = ""
    target: str = ""
    build: str = ""
    build_date: str = ""
    cell_module: str = ""
    extra: Extra = msgspec.field(default_factory=dict)


class Device(Guarded, frozen=True, kw_only=True):
    """A tracker. A serial number that one may not read still shows its public fields.

    `device_info` is a flag, or the information itself when it was asked for.
    """

    id: Id
    name: str | None = None
    serial_number: str = ""
    uid: str | None = None
    imei: str | None = None
    service_tag: str | None = None
    owner_id: int | None = None
    device_user_group_id: int | None = None
    admin_device_user_group_id: int | None = None
    permissions: Permissions = Permissions()
    blob: bool | None = None
    blob_content: str | None = None
    device_info: bool | DeviceInformation | None = None
    next_stream_id: int | None = None
    extra: Extra = msgspec.field(default_factory=dict)


class StoredResource(Record, frozen=True, kw_only=True):
    """A stretch of data of one device: which types, and from when to when."""

    id: int
    start_time: Milliseconds | None = None
    end_time: Milliseconds | None = None
    device_serial_number: str = ""
    data_types: list[int] = []
    permissions: Permissions = Permissions()
    blob: bool = False
    extra: Extra = msgspec.field(default_factory=dict)


class ListedDataType(Record, frozen=True, kw_only=True):
    """A kind of data. The document leaves the answer's shape open: all else is in `extra`."""

    aliases = {"id": ("type", "data_type_id"), "name": ("title", "code")}
    id: int
    name: str = ""
    extra: Extra = msgspec.field(default_factory=dict)


class LatestDatum(Record, frozen=True, kw_only=True):
    """The newest value of one type of one device. `c1`, `c2`, ... are its axes."""

    serial_number: str
    resource_id: int | None = None
    timestamp: Milliseconds
    c1: float | str | None = None
    c2: float | str | None = None
    c3: float | str | None = None
    c4: float | str | None = None
    extra: Extra = msgspec.field(default_factory=dict)


class StoredFile(Record, frozen=True, kw_only=True):
    """A file that was put into a resource."""

    resource_id: Id
    md5: str = ""
    source: int = 0


class SyncFile(Record, frozen=True, kw_only=True):
    """A device's own file that was handed in for import."""

    file_id: str
    md5: str = ""


class ImportedFile(Record, frozen=True, kw_only=True):
    """The state of one file that was handed in for import."""

    file_name: str
    md5: str = ""
    uploaded_at: Milliseconds | None = None
    updated_at: Milliseconds | None = None
    msg: str = ""


class Imports(Record, frozen=True, kw_only=True):
    """All files that a user has handed in, by what became of them."""

    error_files: list[ImportedFile] = []
    pending_files: list[ImportedFile] = []
    processing_files: list[ImportedFile] = []
    completed_files: list[ImportedFile] = []


class Identity(Record, frozen=True, kw_only=True):
    """Only the id of a user or of a group."""

    id: int


class Recipient(Record, frozen=True, kw_only=True):
    """Whom a window is for: a user or a group."""

    user: Identity | None = None
    group: Identity | None = None


class DataAccessWindow(Record, frozen=True, kw_only=True):
    """The stretch of time of a device's data that somebody else may see. May end in 2113."""

    id: int
    start_time: Milliseconds | None = None
    end_time: Milliseconds | None = None
    device_serial_number: str = ""
    recipient: Recipient = Recipient()
    permissions: Permissions = Permissions()
    extra: Extra = msgspec.field(default_factory=dict)


class Group(Record, frozen=True, kw_only=True):
    """A group of users. Names that begin with an underscore are the service's own."""

    id: Id
    name: str = ""
    hidden: bool = False
    permissions: Permissions = Permissions()
    blob: bool = False
    blob_content: str | None = None
    extra: Extra = msgspec.field(default_factory=dict)


class MemberIdentity(Record, frozen=True, kw_only=True):
    """A member's id and what it may do in the group."""

    id: int
    permissions: Permissions = Permissions()


class Member(Record, frozen=True, kw_only=True):
    """A member of a group: a user, a group, or everybody (`public`)."""

    user: MemberIdentity | None = None
    group: MemberIdentity | None = None
    public: bool = False


class DeviceGroupPermissions(Record, frozen=True, kw_only=True):
    """What a device group's token may do."""

    create_devices: bool = False
    create_tokens: bool = False


class DeviceGroup(Guarded, frozen=True, kw_only=True):
    """A group of devices under one serial prefix, with the token that makes devices in it."""

    id: Id
    token: str = ""
    prefix: str = ""
    permissions: DeviceGroupPermissions = DeviceGroupPermissions()
    default_owner_id: int | None = None
    default_admin_id: int | None = None
    default_user_id: int | None = None
    expiry: Seconds | None = None
    extra: Extra = msgspec.field(default_factory=dict)


class DeviceGroupToken(Guarded, frozen=True, kw_only=True):
    """A token of a device group, and the one that it descends from."""

    id: int
    token: str = ""
    expiry: Seconds | None = None
    parent_devicegroup_token_id: int | None = None


class AccessToken(Guarded, frozen=True, kw_only=True):
    """An access token. The service gave ones that do not expire, but says this may change."""

    access_token: str
    token_type: str = ""
    scope: str = ""
    expires_in: int | None = None
    refresh_token: str | None = None
    created_at: Seconds | None = None
