"""Measured data, the types there are, and files that are handed in."""

from __future__ import annotations

import asyncio
import mimetypes
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from tui.services.errors import InvalidArgument, ProtocolViolation
from tui.services.igtimi.columns import DataAnswer, decode_data, joined
from tui.services.igtimi.dialect import API, IgtimiResource, period, single, unwrapped
from tui.services.igtimi.records import Imports, LatestDatum, ListedDataType, StoredFile, SyncFile
from tui.services.left_out import operating
from tui.services.operation import operation
from tui.services.reading import each, read
from tui.services.wire import FilePart

SLICE = timedelta(weeks=1)
"""What one request asks for at most: the service refuses somewhat more than a month."""

UPLOAD = f"{API}/resources/data/upload"
IMPORT_TYPE = "igtimi/binary_data"


class Data(IgtimiResource):
    """Measured data of devices."""

    @operation("igtimi.data.latest", "read")
    async def latest(self, type: int, serial_numbers: list[str]) -> list[LatestDatum]:
        """Get the newest value of one type for each device; devices without one are left out.

        The order is not the request's. For type 1, c1 is the longitude and c2 the latitude.
        Source: Igtimi API (2013 edition), Data: Latest; the answer's shape from real answers.

        Args:
            type: The data type.
            serial_numbers: The devices.
        """
        answer = await self._client.lookup(
            f"{API}/resources/data/latest",
            {"type": type, "serial_numbers[]": _serials(serial_numbers)},
        )
        return unwrapped(LatestDatum, self._client.decoded(answer), "latest_data", "latest_datum")

    @operation("igtimi.data.upload_file", "write")
    async def upload_file(
        self,
        file: Path,
        *,
        start_time: datetime,
        end_time: datetime,
        resource_id: int | None = None,
        stream_id: int | None = None,
        serial_number: str | None = None,
        source: int | None = None,
        content_type: str | None = None,
    ) -> StoredFile:
        """Store a file in a resource; the file is streamed.

        Errors: InvalidArgument unless either resource_id, or stream_id with serial_number is given.
        Source: Igtimi API document, Data: Upload File.

        Args:
            file: The file to upload.
            start_time: The time at which its content starts.
            end_time: The time at which its content ends.
            resource_id: The resource that it goes into.
            stream_id: The file's stream, instead of a resource.
            serial_number: The stream's device.
            source: The id of the file's source; 0 when left out.
            content_type: The file's media type; guessed from its name when left out.
        """
        if (resource_id is None) == (stream_id is None):
            raise InvalidArgument("give either resource_id, or stream_id with serial_number")
        if (stream_id is None) != (serial_number is None):
            raise InvalidArgument("stream_id and serial_number go together")
        kind = content_type or mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        answer = await self._client.json(
            "POST",
            UPLOAD,
            form={
                **period(start_time, end_time),
                "resource_id": resource_id,
                "stream_id": stream_id,
                "serial_number": serial_number,
                "source": source,
            },
            files=(await asyncio.to_thread(file_part, file, kind),),
        )
        return single(StoredFile, answer, "resource_datum")

    @operation("igtimi.data.upload_import", "write")
    async def upload_import(self, file: Path) -> SyncFile:
        """Hand in a device's own data file (.IPB) for import; it shows minutes later.

        Source: Igtimi API document, Data: Upload Import.

        Args:
            file: The .IPB file.
        """
        answer = await self._client.json(
            "POST", UPLOAD, form={}, files=(await asyncio.to_thread(file_part, file, IMPORT_TYPE),)
        )
        return single(SyncFile, answer, "device_syncfile")

    @operation("igtimi.data.list_imports", "read")
    async def list_imports(self, *, file_id: str | None = None) -> Imports:
        """Show what became of the files that were handed in for import.

        Source: Igtimi API document, Data: List Import.

        Args:
            file_id: Only this file, as its upload answered.
        """
        answer = await self._client.json("GET", UPLOAD, query={"file_id": file_id})
        return single(Imports, answer, "device_syncfiles")

    async def slices(
        self,
        *,
        start_time: datetime,
        end_time: datetime,
        serial_numbers: list[str],
        types: dict[int, float],
        sids: dict[int, str] | None = None,
        restore_archives: bool | None = None,
        width: timedelta = SLICE,
    ) -> AsyncIterator[DataAnswer]:
        """The same, slice by slice as they arrive: for progress, and for bounded memory.

        Both ends of a slice count, so that each starts a millisecond after the one before.
        """
        if not types:
            raise InvalidArgument("name at least one data type")
        period(start_time, end_time)
        fixed: dict[str, object] = {"serial_numbers[]": _serials(serial_numbers)}
        for kind, compression in types.items():
            if kind != 1 and compression:
                raise InvalidArgument(f"only type 1 can be compressed, not type {kind}")
            fixed[f"types[{kind}]"] = _degrees(compression)
        fixed.update({f"sids[{kind}]": ranges for kind, ranges in (sids or {}).items()})
        fixed["restore_archives"] = restore_archives
        start = start_time
        while start <= end_time:
            end = min(start + width, end_time)
            answer = await self._client.lookup(
                f"{API}/resources/data", {**period(start, end), **fixed}
            )
            with operating():
                part = decode_data(answer.content)
            yield part
            start = end + timedelta(milliseconds=1)

    @operation("igtimi.data.list", "read")
    async def list(
        self,
        *,
        start_time: datetime,
        end_time: datetime,
        serial_numbers: list[str],
        types: dict[int, float],
        sids: dict[int, str] | None = None,
        restore_archives: bool | None = None,
    ) -> DataAnswer:
        """Read measured data as columns, one a device, type and source.

        A period of more than a week is asked for in slices of a week, one after the other.
        Types are series of their own, with their own times. Speeds are km/h; axis 1 of type 1 is
        the longitude. Only type 1 can be compressed: its value is the largest error in degrees.
        Errors: InvalidArgument for compression of another type and a period that ends too early.
        Source: Igtimi API document, Data: List; vendor guide "API communication fundamentals".

        Args:
            start_time: From when on; included.
            end_time: Until when; included.
            serial_numbers: The devices.
            types: Type ids, each with its compression (0 for all but type 1).
            sids: Source ids wanted of a type, such as 0-10,20; source 0 when left out.
            restore_archives: Take data that was archived out of the archive; ask again later.
        """
        return joined(
            [
                answer
                async for answer in self.slices(
                    start_time=start_time,
                    end_time=end_time,
                    serial_numbers=serial_numbers,
                    types=types,
                    sids=sids,
                    restore_archives=restore_archives,
                )
            ]
        )


class DataTypes(IgtimiResource):
    """The kinds of data that devices send."""

    @operation("igtimi.data_types.list", "read")
    async def list(self) -> list[ListedDataType]:
        """List the data types that the service knows.

        The document shows no answer; wrapped and bare lists and a map of names are read.
        Source: Igtimi API document, Data Types: List (empty sample).
        """
        answer = await self._client.json("GET", f"{API}/data_types")
        content = answer.get("data_types", answer) if isinstance(answer, dict) else answer
        if isinstance(content, list):
            return unwrapped(ListedDataType, {"data_types": content}, "data_types", "data_type")
        if not isinstance(content, dict):
            raise ProtocolViolation("the answer holds no data types")
        return each(list(content.items()), "data_types", _named, subject=True)


def _named(pair: tuple[str, Any], _at: str) -> ListedDataType:
    identity, value = pair
    fields = value if isinstance(value, dict) else {"name": value}
    found: ListedDataType = read(
        ListedDataType, {"id": identity, **fields}, f"data_types.{identity}"
    )
    return found


def _serials(serial_numbers: list[str]) -> list[str]:
    if not serial_numbers:
        raise InvalidArgument("name at least one device")
    return serial_numbers


def _degrees(compression: float) -> str:
    """A compression without an exponent, which not every reader of forms takes."""
    if compression < 0:
        raise InvalidArgument("a compression is 0 or more degrees")
    return format(Decimal(str(compression)).normalize(), "f") if compression else "0"


def file_part(path: Path, content_type: str) -> FilePart:
    """A file as a part of a form. Raises InvalidArgument where there is none."""
    if not path.is_file():
        raise InvalidArgument(f"there is no file {path}")
    return FilePart("file", path.name, path, content_type)
