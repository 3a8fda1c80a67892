"""Device groups, under whose serial prefix devices are made, and their tokens."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tui.services.igtimi.dialect import API, IgtimiResource, milliseconds, single, unwrapped
from tui.services.igtimi.records import DeviceGroup, DeviceGroupToken
from tui.services.operation import operation


class DeviceGroups(IgtimiResource):
    """Device groups. Signed with the application's token, or else the device group's."""

    @operation("igtimi.devicegroups.create", "write")
    async def create(
        self,
        prefix: str,
        *,
        create_devices: bool,
        create_tokens: bool,
        expiry: datetime | None = None,
        recipient: str | None = None,
        default_owner_id: int | None = None,
    ) -> DeviceGroup:
        """Make a device group, or one below the device group whose token signs.

        The expiry is sent in milliseconds; the document's sample answers it in seconds.
        Source: Igtimi API document, Device Groups: Token.

        Args:
            prefix: The prefix of its serial numbers.
            create_devices: Whether its token may make devices.
            create_tokens: Whether its token may make groups below it.
            expiry: Until when its token is good.
            recipient: The device group above it.
            default_owner_id: Who owns its devices.
        """
        answer = await self._client.json(
            "POST",
            f"{API}/devicegroups",
            form={
                "prefix": prefix,
                "create_devices": create_devices,
                "create_tokens": create_tokens,
                "expiry": milliseconds(expiry, "expiry"),
                "recipient": recipient,
                "default_owner_id": default_owner_id,
            },
            signature=self._client.group_signature(),
        )
        return single(DeviceGroup, _in_seconds(answer), "devicegroup")

    @operation("igtimi.devicegroups.list", "read")
    async def list(
        self,
        *,
        devicegroup_tokens: list[str] | None = None,
        show_expired: bool | None = None,
        show_subgroups: bool | None = None,
    ) -> list[DeviceGroup]:
        """List device groups: the application's, or those of the given tokens.

        Source: Igtimi API document, Device Groups: List groups.

        Args:
            devicegroup_tokens: The tokens of the groups to list; they sign instead.
            show_expired: Also those whose token has run out.
            show_subgroups: Also the groups below them.
        """
        answer = await self._client.json(
            "GET",
            f"{API}/devicegroups",
            query={
                "devicegroup_tokens[]": devicegroup_tokens,
                "show_expired": show_expired,
                "show_subgroups": show_subgroups,
            },
            signature="none" if devicegroup_tokens else self._client.group_signature(),
        )
        return unwrapped(DeviceGroup, _in_seconds(answer), "devicegroups", "devicegroup")


class DeviceGroupTokens(IgtimiResource):
    """The tokens of an application's device groups."""

    @operation("igtimi.devicegroup_tokens.list", "read")
    async def list(self) -> list[DeviceGroupToken]:
        """List the device group tokens of an application.

        Source: Igtimi API document, Device Groups: List tokens.
        """
        answer = await self._client.json(
            "GET", f"{API}/devicegroup_tokens", signature=self._client.group_signature()
        )
        return unwrapped(
            DeviceGroupToken, _in_seconds(answer), "devicegroup_tokens", "devicegroup_token"
        )


LATEST_SECONDS = 10**11
"""A number above this (the year 5138 in seconds) can only be milliseconds."""
LATEST_MILLISECONDS = 10**15
"""A number above this is no time at all; it is left as it came."""


def _in_seconds(answer: Any) -> Any:
    """The answer with every expiry in seconds, as the document's samples have it."""
    if isinstance(answer, dict):
        return {
            name: value / 1000
            if name == "expiry"
            and isinstance(value, (int, float))
            and LATEST_SECONDS < value < LATEST_MILLISECONDS
            else _in_seconds(value)
            for name, value in answer.items()
        }
    if isinstance(answer, list):
        return [_in_seconds(item) for item in answer]
    return answer
