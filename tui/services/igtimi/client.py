"""The client of Igtimi's REST API."""

from __future__ import annotations

from tui.services.igtimi.account import AccountResource, ServerListers, Users
from tui.services.igtimi.data import Data, DataTypes
from tui.services.igtimi.devicegroups import DeviceGroups, DeviceGroupTokens
from tui.services.igtimi.devices import Devices
from tui.services.igtimi.dialect import Dialect
from tui.services.igtimi.groups import GroupMembers, Groups
from tui.services.igtimi.oauth import OAuth
from tui.services.igtimi.resources import Resources
from tui.services.igtimi.sessions import SessionLogs, Sessions
from tui.services.igtimi.windows import DataAccessWindows


class Igtimi(Dialect):
    """Igtimi: sailing sessions, trackers and what they measured.

    Takes the transport and plain credentials: `access_token` of a user (for nearly every call),
    `application_access_token` or `devicegroup_token` (for devices and device groups), and
    `client_id` with `client_secret` for logging in.
    """

    resource_types = {
        "oauth": OAuth,
        "devicegroups": DeviceGroups,
        "devicegroup_tokens": DeviceGroupTokens,
        "account": AccountResource,
        "server_listers": ServerListers,
        "users": Users,
        "sessions": Sessions,
        "session_logs": SessionLogs,
        "devices": Devices,
        "resources": Resources,
        "data": Data,
        "data_types": DataTypes,
        "data_access_windows": DataAccessWindows,
        "groups": Groups,
        "group_members": GroupMembers,
    }
    oauth: OAuth
    devicegroups: DeviceGroups
    devicegroup_tokens: DeviceGroupTokens
    account: AccountResource
    server_listers: ServerListers
    users: Users
    sessions: Sessions
    session_logs: SessionLogs
    devices: Devices
    resources: Resources
    data: Data
    data_types: DataTypes
    data_access_windows: DataAccessWindows
    groups: Groups
    group_members: GroupMembers
