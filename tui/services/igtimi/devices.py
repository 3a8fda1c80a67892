"""Devices: the trackers, and what is kept about them."""

from __future__ import annotations

from tui.services.errors import InvalidArgument
from tui.services.igtimi.dialect import API, IgtimiResource, Success, single, unwrapped
from tui.services.igtimi.records import Device, DeviceInformation
from tui.services.operation import operation
from tui.services.reading import read_one
from tui.services.wire import segment


def _device(serial_number: str) -> str:
    return f"{API}/devices/{segment(serial_number)}"


class Devices(IgtimiResource):
    """Trackers by their serial numbers."""

    @operation("igtimi.devices.create", "write", idempotent=True)
    async def create(
        self,
        prefix: str,
        *,
        date: str | None = None,
        uid: str | None = None,
        imei: str | None = None,
        register: bool | None = None,
    ) -> Device:
        """Make a device, or get the one that already has this uid or imei.

        Signed with the application's token, or else the device group's.
        Errors: InvalidArgument when date is not two characters.
        Source: Igtimi API document, Devices: Create.

        Args:
            prefix: The serial number's prefix, as approved for the application.
            date: Two characters for the middle of the serial number.
            uid: The device's own identifier; comes before imei.
            imei: Another identifier.
            register: Register it to the application's owner at once; true when left out.
        """
        if date is not None and len(date) != 2:
            raise InvalidArgument("date must be two characters")
        answer = await self._client.json(
            "POST",
            f"{API}/devices",
            form={"prefix": prefix, "date": date, "uid": uid, "imei": imei, "register": register},
            signature=self._client.group_signature(),
        )
        return single(Device, answer, "device")

    @operation("igtimi.devices.register", "write")
    async def register(self, serial_number: str, service_tag: str) -> Device:
        """Register a device to the user, who proves to have it by its service tag.

        Errors: PermissionDenied for a wrong pair (the service says 401, Invalid Device Details).
        Source: Igtimi API document, Devices: Register.

        Args:
            serial_number: The device.
            service_tag: The tag that belongs to it.
        """
        answer = await self._client.json(
            "POST",
            f"{API}/devices/register",
            form={"serial_number": serial_number, "service_tag": service_tag},
        )
        return single(Device, answer, "device")

    @operation("igtimi.devices.unregister", "destructive", idempotent=True)
    async def unregister(self, serial_number: str) -> Success:
        """Give a device up: it no longer belongs to the user.

        Source: Igtimi API document, Devices: Unregister.

        Args:
            serial_number: The device.
        """
        return await self._client.done("DELETE", f"{_device(serial_number)}/unregister")

    @operation("igtimi.devices.update", "write", idempotent=True)
    async def update(self, serial_number: str, name: str) -> Success:
        """Rename a device.

        Source: Igtimi API document, Devices: Update.

        Args:
            serial_number: The device.
            name: Its new name.
        """
        return await self._client.done("PUT", _device(serial_number), form={"name": name})

    @operation("igtimi.devices.save_blob", "write", idempotent=True)
    async def save_blob(self, serial_number: str, content: str) -> Success:
        """Save data of one's own on a device, in place of what was there.

        Source: Igtimi API document, Devices: Save Blob.

        Args:
            serial_number: The device.
            content: The text to keep.
        """
        return await self._client.save_blob(_device(serial_number), content)

    @operation("igtimi.devices.get_blob", "read")
    async def get_blob(self, serial_number: str) -> bytes:
        """Get the data saved on a device, exactly as it was saved.

        Source: Igtimi API document, Devices: Get Blob.

        Args:
            serial_number: The device.
        """
        return await self._client.blob(_device(serial_number))

    @operation("igtimi.devices.info", "read")
    async def info(self, serial_number: str) -> DeviceInformation:
        """Show what a device last said of itself: firmware, build, modem.

        Source: Igtimi API document, Devices: Get Device Information (printed as a Ruby hash).

        Args:
            serial_number: The device.
        """
        answer = await self._client.json("GET", f"{_device(serial_number)}/device_info")
        found: DeviceInformation = read_one(DeviceInformation, answer, "answer")
        return found

    @operation("igtimi.devices.list", "read")
    async def list(
        self,
        *,
        serial_numbers: list[str] | None = None,
        blob: bool | None = None,
        blob_content: bool | None = None,
        device_info: bool | None = None,
    ) -> list[Device]:
        """List the user's devices, or any devices' public information by serial number.

        Source: Igtimi API document, Devices: List.

        Args:
            serial_numbers: Only these; ones that the user may not read show public fields.
            blob: Deprecated by the service: show what is saved on each.
            blob_content: Show what is saved on each.
            device_info: Show what each last said of itself, not only whether it did.
        """
        answer = await self._client.lookup(
            f"{API}/devices",
            {
                "serial_numbers[]": serial_numbers,
                "blob": blob,
                "blob_content": blob_content,
                "device_info": device_info,
            },
        )
        return unwrapped(Device, self._client.decoded(answer), "devices", "device")
