"""TimeTonic's requests about keys, sessions and the user.

Source: seed document, "Authentication via POST"; reference page, sections 2 and 3.1.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from tui.services.operation import operation
from tui.services.reading import read
from tui.services.timetonic.dialect import TimeTonicDialect
from tui.services.timetonic.records import (
    AppKey,
    Done,
    OauthKey,
    PushDevice,
    Restrictions,
    SessionKey,
    User,
)

DeviceType = Literal["gcm_rid", "gcm_nk", "ios_dt", "ios_dt_v2", "bb_dt", "win_uri"]


class AccountOperations(TimeTonicDialect):
    """Keys, sessions, the user."""

    @operation("timetonic.createAppkey", "write")
    async def create_appkey(self, appname: str) -> AppKey:
        """Register an application and get its key.

        Once for each installation is enough.
        Source: seed document, createAppkey.

        Args:
            appname: Any name, for instance api.
        """
        return read(AppKey, await self.post("createAppkey", {"appname": appname}))

    @operation("timetonic.createOauthkey", "write")
    async def create_oauthkey(self, login: str, pwd: str, appkey: str) -> OauthKey:
        """Log a user in to an application and get the user's key.

        Raises AuthenticationFailed for a wrong password or application key.
        Source: seed document, createOauthkey; reference page, sections 2 and 4.

        Args:
            login: User code, e-mail address or phone number.
            pwd: Password.
            appkey: As createAppkey gave it.
        """
        form = {"login": login, "pwd": pwd, "appkey": appkey}
        return read(OauthKey, await self.post("createOauthkey", form))

    @operation("timetonic.createSesskey", "write")
    async def create_sesskey(
        self,
        o_u: str,
        oauthkey: str,
        *,
        u_c: str | None = None,
        restrictions: Restrictions | None = None,
    ) -> SessionKey:
        """Open a session and get its key.

        Source: seed document, createSesskey; reference page, section 2.

        Args:
            o_u: The user's code as createOauthkey gave it.
            oauthkey: As createOauthkey gave it.
            u_c: Another user to act for.
            restrictions: What the session shall not do; nothing without it.
        """
        limits = "" if restrictions is None else _without_none(restrictions)
        form = {"o_u": o_u, "u_c": u_c, "oauthkey": oauthkey, "restrictions": limits}
        return read(SessionKey, await self.post("createSesskey", form))

    @operation("timetonic.dropAllSessions", "destructive")
    async def drop_all_sessions(self) -> Done:
        """End all sessions of the user but this one, in browsers and on phones too.

        Source: seed document, dropAllSessions; reference page, section 2.
        """
        return read(Done, await self.call("dropAllSessions", {}))

    @operation("timetonic.updatePushId", "write")
    async def update_push_id(
        self,
        *,
        device_id: str | None = None,
        device_type: DeviceType | None = None,
        active: bool | None = None,
        registration_id: str | None = None,
        project_id: str | None = None,
    ) -> PushDevice:
        """Register a device for push notifications, or change it.

        Source: seed document, updatePushId; reference page, section 2.

        Args:
            device_id: The device; a new one without it.
            device_type: The kind of push service.
            active: Whether it shall be told.
            registration_id: The push service's id of the device.
            project_id: The push service's id of the project.
        """
        form = {
            "deviceID": device_id,
            "deviceType": device_type,
            "active": active,
            "registrationID": registration_id,
            "projectID": project_id,
        }
        return read(PushDevice, await self.call("updatePushId", form))

    @operation("timetonic.getUserInfo", "read")
    async def get_user_info(self, *, sstamp: int | None = None) -> User:
        """Tell who the user is, with the licence and the rights.

        Addresses and secrets in the raw answer are not kept.
        Source: seed document, getUserInfo; reference page, section 3.1.

        Args:
            sstamp: Only if changed since this server stamp.
        """
        answer = await self.call("getUserInfo", {"sstamp": sstamp})
        return read(User, answer.get("userInfo"), "userInfo")

    @operation("timetonic.getOrCreateSessKey", "write", idempotent=True)
    async def get_or_create_sess_key(self) -> SessionKey:
        """Get the user's session key, made anew where there is none.

        The document's form lists no parameters, since it is meant for a browser that is
        logged in; the session's own are sent as with every other request.
        Source: seed document, getOrCreateSessKey; reference page, section 2.
        """
        return read(SessionKey, await self.call("getOrCreateSessKey", {}))


def _without_none(restrictions: Restrictions) -> dict[str, object]:
    wire: dict[str, object] = msgspec.to_builtins(restrictions)
    return {name: value for name, value in wire.items() if value is not None}
