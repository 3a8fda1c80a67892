"""TimeTonic's files: by URL, uploaded whole, uploaded in pieces that go on after a break.

Source: seed document, index ("Get images, media files and documents from URL", fileUpload,
resumableUpload); reference page, sections 5.6 and 7.
"""

from __future__ import annotations

import asyncio
import mimetypes
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, TypeVar
from urllib.parse import SplitResult, urlsplit
from uuid import NAMESPACE_URL, uuid4, uuid5

from tui.halves import refuse_device
from tui.services.addresses import origin
from tui.services.errors import (
    AuthenticationFailed,
    ConnectionFailed,
    InvalidArgument,
    PermissionDenied,
    ProtocolViolation,
    ServiceError,
)
from tui.services.going import went_before
from tui.services.operation import aside, operation
from tui.services.reading import read
from tui.services.timetonic.dialect import TimeTonicDialect
from tui.services.timetonic.records import Attachment
from tui.services.wire import FilePart, Request, Response, pairs
from tui.words import counted, have

T = TypeVar("T")

CHUNK = 1024 * 1024
"""Bytes of one piece of a resumable upload."""
CHUNK_PART = "file"
UPLOAD_PART = "qqfile"
PUBLIC_HOST = "timetonic.com"
"""Whose files a server of one's own may name, since it stands before that host or copies it."""
REFUSAL_LIMIT = 64 * 1024
"""Bytes that are read of an answer that is not the file."""


class _NotTheFile(Exception):
    """Something else came where a file was asked for; `error` says what."""

    def __init__(self, error: ServiceError) -> None:
        super().__init__(error.message)
        self.error = error


class FileOperations(TimeTonicDialect):
    """Files."""

    @operation("timetonic.file", "read")
    async def file(self, url: str) -> bytes:
        """Get an image, a media file or a document by its address.

        Covers need no session; where a file does, the session is sent along, and only ever to
        the service's own server. For files too large to hold, see `download`.
        Raises ProtocolViolation for another server's address.
        Source: seed document, index; reference page, section 7.

        Args:
            url: Whole, or beginning with a slash as in a book's cover.
        """
        limit = self.transport.limits.answer

        async def whole(pieces: AsyncIterator[bytes]) -> bytes:
            content = bytearray()
            async for piece in pieces:
                content += piece
                if len(content) > limit:
                    raise ProtocolViolation(
                        f"the file is larger than {counted(limit, 'byte')}",
                        advice="Download it to a file instead.",
                    )
            return bytes(content)

        return await self._read(url, whole)

    async def download(
        self, url: str, destination: Path, told: Callable[[int], object] = lambda _size: None
    ) -> int:
        """Write a file to `destination`, piece by piece; answers how many bytes it has.

        `told` hears how many have come. What stands at `destination` is replaced only when all
        has come. Raises OSError when it cannot be written, or is no ordinary file.
        """
        await asyncio.to_thread(refuse_device, destination)
        partial = destination.with_name(f".{destination.name}.part")
        file = await asyncio.to_thread(partial.open, "wb")

        async def write(pieces: AsyncIterator[bytes]) -> int:
            # After a break it begins anew.
            await asyncio.to_thread(file.seek, 0)
            await asyncio.to_thread(file.truncate)
            size = 0
            async for piece in pieces:
                size += await asyncio.to_thread(file.write, piece)
                told(size)
            return size

        try:
            size = await self._read(url, write)
            await asyncio.to_thread(file.close)
            await asyncio.to_thread(os.replace, partial, destination)
        finally:
            await asyncio.to_thread(_let_go, file, partial)
        return size

    def site_path(self, url: str) -> str:
        """Where a file really is: on the service's own host, whichever of its names is written.

        Old addresses on the live server still begin with /dev. Both are in use (reference page,
        section 7); `swap_dev` False leaves them as they are. What is elsewhere stays as it is.
        """
        try:
            base, parts = urlsplit(self.transport.base_url), urlsplit(url)
        except ValueError:
            return url
        path = parts.path
        if parts.netloc or parts.scheme:
            if not _is_of_service(parts, base):
                return url
            folder = base.path.rstrip("/") + "/"
            path = path.removeprefix(folder) if path.startswith(folder) else path
        path = "/" + path.lstrip("/")
        if self.swap_dev and self.environment == "live" and path.startswith("/dev/"):
            path = path.replace("/dev/", "/live/", 1)
        return path + (f"?{parts.query}" if parts.query else "")

    async def _read(self, url: str, take: Callable[[AsyncIterator[bytes]], Awaitable[T]]) -> T:
        """Let `take` have the file's pieces: asked for without the session, with it, with a new
        one. What breaks off is asked for again, and `take` called anew."""
        target = self.site_path(url)

        async def taken(head: Response, pieces: AsyncIterator[bytes]) -> T:
            refused = await self._refused(head, pieces, target)
            if refused is not None:
                raise _NotTheFile(refused)
            return await take(pieces)

        used = ""
        for attempt in ("open", "signed", "renewed"):
            if attempt == "signed":
                await self.ready()
                used = self.keys.sesskey
            elif attempt == "renewed":
                await self.renew(used)
            query = () if attempt == "open" else pairs(self.credentials())
            request = Request("GET", target, query=query, accept="*/*")
            try:
                return await self.transport.receive(request, taken, harmless=True)
            except _NotTheFile as said:
                signable = isinstance(said.error, (AuthenticationFailed, PermissionDenied))
                if attempt == "open" and (signable or isinstance(said.error, ProtocolViolation)):
                    continue
                if attempt == "signed" and signable and self.renewable:
                    continue
                raise said.error from None
        raise AssertionError("the last attempt answers or raises")

    async def _refused(
        self, head: Response, pieces: AsyncIterator[bytes], target: str
    ) -> ServiceError | None:
        """What stands in the way of the file; None when it is the file that comes."""
        if head.status < 300 and not _misplaced(head, target):
            return None
        body = b""
        async for piece in pieces:
            body += piece
            if len(body) > REFUSAL_LIMIT:
                break
        try:
            self.accepted("file", Response(head.status, head.headers, body))
        except ServiceError as error:
            return error
        return ProtocolViolation("the service answers something else than the file")

    @operation("timetonic.fileUpload", "write")
    async def file_upload(
        self,
        file: Path,
        *,
        row_id: int | None = None,
        field_id: int | None = None,
        msg_id: int | None = None,
        b_c: str | None = None,
        b_o: str | None = None,
        uuid: str | None = None,
    ) -> Attachment:
        """Upload a file into a cell, a message or a book.

        Raises InvalidArgument for an empty file or one that cannot be read.
        Source: seed document, index; reference page, section 5.6.

        Args:
            file: The file; it is read while it is sent.
            row_id: The row whose cell gets it; needs field_id.
            field_id: The file field.
            msg_id: The message that gets it.
            b_c: The book's code.
            b_o: The book's owner.
            uuid: A unique id; a new one without it.
        """
        part = FilePart(UPLOAD_PART, file.name, file, content_type_of(file))
        await asyncio.to_thread(_insist_on_content, part)
        form = {
            "uuid": uuid or str(uuid4()),
            **_target(row_id, field_id, msg_id),
            "b_c": b_c,
            "b_o": b_o,
        }
        return read(Attachment, await self.upload("fileUpload", form, part))

    @operation("timetonic.resumableUpload", "write", idempotent=True)
    async def resumable_upload(
        self,
        file: Path,
        *,
        row_id: int | None = None,
        field_id: int | None = None,
        msg_id: int | None = None,
        b_c: str | None = None,
        b_o: str | None = None,
        chunk_size: int = CHUNK,
    ) -> Attachment:
        """Upload a file in pieces; called again after a break it goes on where it left.

        The parameters are not documented. Assumed are those of the library resumable.js: a
        request without a piece asks whether it is there. A server that does not understand the
        question gets every piece again. Pieces are known by the file's name, size and time of
        change and by where it goes.
        Source: seed document, index and "Click here to test resumable uploads".

        Args:
            file: The file.
            row_id: The row whose cell gets it; needs field_id.
            field_id: The file field.
            msg_id: The message that gets it.
            b_c: The book's code.
            b_o: The book's owner.
            chunk_size: Bytes of one piece.
        """
        if chunk_size < 1:
            raise InvalidArgument("chunk_size must be at least 1")
        await asyncio.to_thread(_insist_on_content, FilePart(CHUNK_PART, file.name, file))
        target: dict[str, object] = {
            **_target(row_id, field_id, msg_id),
            "b_c": b_c,
            "b_o": b_o,
        }
        place = str(sorted(target.items(), key=str))
        pieces = await asyncio.to_thread(_Pieces.of, file, chunk_size, place)
        there = await self._pieces_there(pieces)
        if len(there) >= pieces.count:
            # All had come, and still there is no file: the last piece is what puts it together.
            there.discard(pieces.count)
        answer: dict[str, Any] = {}
        for number in range(1, pieces.count + 1):
            if number in there:
                continue
            content = await asyncio.to_thread(pieces.read, number)
            part = FilePart(CHUNK_PART, file.name, content)
            went_before((number - 1) * pieces.chunk)
            try:
                answer = await self.upload(
                    "resumableUpload", {**target, **pieces.describe(number)}, part
                )
            except ConnectionFailed as error:
                error.progress = error.advice = (
                    f"{number - 1} of {counted(pieces.count, 'piece')} {have(number - 1)} arrived; "
                    "upload the same file again to go on."
                )
                raise
        return read(Attachment, answer)

    async def _pieces_there(self, pieces: _Pieces) -> set[int]:
        """Which pieces an earlier, broken upload has left with the service."""
        there: set[int] = set()
        for number in range(1, pieces.count + 1):
            if number in there:
                continue
            try:
                await self.ready()
                with aside():
                    response = await self.post_raw(
                        "resumableUpload", {**self.credentials(), **pieces.describe(number)}
                    )
                if response.status == 204:
                    break
                answer = self.accepted("resumableUpload", response)
            except AuthenticationFailed:
                # Sending the first piece will renew the session, or say what is wrong.
                break
            except ConnectionFailed:
                raise
            except ServiceError:
                break
            received: list[int] = read(list[int], answer.get("received"), "received")
            if number not in received and answer.get("success") not in (True, 1, "1", "true"):
                break
            there |= {number, *received}
        return {number for number in there if 1 <= number <= pieces.count}


@dataclass(frozen=True)
class _Pieces:
    file: Path
    size: int
    chunk: int
    identifier: str

    @classmethod
    def of(cls, file: Path, chunk: int, target: str) -> _Pieces:
        about = file.stat()
        seed = f"{file.name}:{about.st_size}:{about.st_mtime_ns}:{chunk}:{target}"
        return cls(file, about.st_size, chunk, str(uuid5(NAMESPACE_URL, seed)))

    @property
    def count(self) -> int:
        return -(-self.size // self.chunk)

    def read(self, number: int) -> bytes:
        with self.file.open("rb") as source:
            source.seek((number - 1) * self.chunk)
            content = source.read(self.chunk)
        expected = min(self.chunk, self.size - (number - 1) * self.chunk)
        if len(content) != expected:
            raise InvalidArgument(f"{self.file.name} changed while it was being uploaded")
        return content

    def describe(self, number: int) -> dict[str, object]:
        return {
            "uuid": self.identifier,
            "resumableIdentifier": self.identifier,
            "resumableFilename": self.file.name,
            "resumableTotalSize": self.size,
            "resumableTotalChunks": self.count,
            "resumableChunkSize": self.chunk,
            "resumableChunkNumber": number,
        }


def content_type_of(file: Path) -> str:
    """The media type that a file's name stands for."""
    return mimetypes.guess_type(file.name)[0] or "application/octet-stream"


def _target(row_id: int | None, field_id: int | None, msg_id: int | None) -> dict[str, object]:
    if (row_id is None) != (field_id is None):
        raise InvalidArgument("a cell is named by row_id and field_id together")
    return {"rowId": row_id, "fieldId": field_id, "msg_id": msg_id}


def _let_go(file: BinaryIO, partial: Path) -> None:
    """Close what was written, and take away what is no whole file."""
    file.close()
    partial.unlink(missing_ok=True)


def _insist_on_content(part: FilePart) -> None:
    try:
        size = part.size
    except OSError as error:
        raise InvalidArgument(f"{part.filename} cannot be read: {error.strerror}") from error
    if not size:
        raise InvalidArgument(f"{part.filename} is empty")


def _is_of_service(file: SplitResult, base: SplitResult) -> bool:
    """Whether an address lies on one of the names of the service's host, with or without www.

    One that is plain http where the service is not is another's.
    """
    scheme, host, port = origin(file._replace(scheme=file.scheme or base.scheme).geturl())
    own, own_port = (base.hostname or "").lower(), origin(base.geturl())[2]
    if scheme not in ("https", base.scheme):
        return False
    if host.removeprefix("www.") == own.removeprefix("www."):
        return port == own_port and scheme == base.scheme
    return host.removeprefix("www.") == PUBLIC_HOST and port == 443


def _misplaced(head: Response, target: str) -> bool:
    """Whether a page or a refusal came where a file was asked for."""
    suffix = Path(urlsplit(target).path).suffix.lower()
    if head.content_type == "text/html":
        return suffix not in (".html", ".htm")
    return head.content_type == "application/json" and suffix != ".json"
