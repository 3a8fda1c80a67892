"""Resources: which stretches of data there are."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from tui.services.errors import InvalidArgument
from tui.services.igtimi.dialect import API, IgtimiResource, Success, period, unwrapped
from tui.services.igtimi.records import StoredResource
from tui.services.operation import operation
from tui.services.wire import segment


def _resource(resource_id: int) -> str:
    return f"{API}/resources/{segment(resource_id)}"


class Resources(IgtimiResource):
    """Stretches of data, each of one device."""

    @operation("igtimi.resources.save_blob", "write", idempotent=True)
    async def save_blob(self, resource_id: int, content: str) -> Success:
        """Save data of one's own on a resource, in place of what was there.

        Source: Igtimi API document, Resources: Save Blob.

        Args:
            resource_id: The resource's id.
            content: The text to keep.
        """
        return await self._client.save_blob(_resource(resource_id), content)

    @operation("igtimi.resources.get_blob", "read")
    async def get_blob(self, resource_id: int) -> bytes:
        """Get the data saved on a resource, exactly as it was saved.

        Source: Igtimi API document, Resources: Get Blob.

        Args:
            resource_id: The resource's id.
        """
        return await self._client.blob(_resource(resource_id))

    @operation("igtimi.resources.list", "read")
    async def list(
        self,
        *,
        permission: Literal["read", "modify"],
        start_time: datetime | None = None,
        end_time: datetime | None = None,
        serial_numbers: list[str] | None = None,
        stream_ids: list[int] | None = None,
    ) -> list[StoredResource]:
        """List the stretches of data that the user may read or modify.

        Errors: InvalidArgument without devices when permission is read.
        Source: Igtimi API document, Resources: List.

        Args:
            permission: The right that is asked for.
            start_time: Only resources made since then.
            end_time: Only resources made before then.
            serial_numbers: The devices; may be left out for modify only.
            stream_ids: Only these streams.
        """
        if permission == "read" and not serial_numbers:
            raise InvalidArgument("name at least one device to read")
        answer = await self._client.lookup(
            f"{API}/resources",
            {
                "permission": permission,
                **period(start_time, end_time),
                "serial_numbers[]": serial_numbers,
                "stream_ids[]": stream_ids,
            },
        )
        return unwrapped(StoredResource, self._client.decoded(answer), "resources", "resource")
