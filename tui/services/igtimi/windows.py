"""Data access windows: who else may see a device's data, and from when to when."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from tui.services.igtimi.dialect import API, IgtimiResource, Success, period, unwrapped
from tui.services.igtimi.groups import someone
from tui.services.igtimi.records import DataAccessWindow
from tui.services.operation import operation
from tui.services.wire import segment


class DataAccessWindows(IgtimiResource):
    """Stretches of a device's data that others may see."""

    @operation("igtimi.data_access_windows.create", "write")
    async def create(
        self,
        serial_number: str,
        *,
        start_time: datetime,
        end_time: datetime,
        read: bool,
        modify: bool,
        user_id: int | None = None,
        group_id: int | None = None,
    ) -> Success:
        """Let a user, or a group, see a stretch of a device's data.

        Errors: InvalidArgument unless exactly one recipient is named.
        Source: Igtimi API document, Data Access Windows: Create.

        Args:
            serial_number: The device.
            start_time: From when on.
            end_time: Until when.
            read: Whether the recipient may read it.
            modify: Whether the recipient may share it further.
            user_id: The user who may.
            group_id: The group whose members may.
        """
        return await self._client.done(
            "POST",
            f"{API}/devices/{segment(serial_number)}/data_access_windows",
            form={
                **period(start_time, end_time),
                "read": read,
                "modify": modify,
                **someone(user_id, group_id),
            },
        )

    @operation("igtimi.data_access_windows.list", "read")
    async def list(
        self,
        *,
        type: Literal["read", "modify"],
        start_time: datetime | None = None,
        end_time: datetime | None = None,
        serial_numbers: list[str] | None = None,
    ) -> list[DataAccessWindow]:
        """List the windows through which the user sees data.

        Source: Igtimi API document, Data Access Windows: List.

        Args:
            type: The right that they give.
            start_time: Only windows after this.
            end_time: Only windows before this.
            serial_numbers: Only these devices.
        """
        answer = await self._client.lookup(
            f"{API}/devices/data_access_windows",
            {
                "type": type,
                **period(start_time, end_time),
                "serial_numbers[]": serial_numbers,
            },
        )
        return unwrapped(
            DataAccessWindow,
            self._client.decoded(answer),
            "data_access_windows",
            "data_access_window",
        )
