"""Files of TimeTonic: by address, uploaded whole, uploaded in pieces."""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import httpx
import pytest

from tests.scripted import HEAD, answer, scripted
from tests.services.capture import Capture
from tests.services.timetonic.sample import BASE, KEYS, answering, client, data, nok, ok
from tui.services.errors import (
    AuthenticationFailed,
    ConnectionFailed,
    InvalidArgument,
    NotFound,
    OutcomeUnknown,
    ProtocolViolation,
)
from tui.services.going import telling
from tui.services.operation import following
from tui.services.timetonic import Keys, TimeTonic
from tui.services.transport import Limits, Transport

ADDRESS = f"{BASE}/live/dbi/in/full/U/a.jpg"


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("/dev/dbi/in/tb/FU-1/a.jpg", f"{BASE}/live/dbi/in/tb/FU-1/a.jpg"),
        ("/live/dbi/in/tb/FU-1/a.jpg", f"{BASE}/live/dbi/in/tb/FU-1/a.jpg"),
        (f"{BASE}/dev/dbi/a.jpg?k=1#x", f"{BASE}/live/dbi/a.jpg?k=1"),
        ("https://TimeTonic.com:443/dev/a.jpg", "https://timetonic.com/live/a.jpg"),
        ("https://www.timetonic.com/dev/dbi/a.jpg", f"{BASE}/live/dbi/a.jpg"),
        ("//www.timetonic.com/live/dbi/a.jpg", f"{BASE}/live/dbi/a.jpg"),
        ("dev/dbi/in/tb/FU-1/a.jpg", f"{BASE}/live/dbi/in/tb/FU-1/a.jpg"),
    ],
)
async def test_old_addresses_lead_to_the_live_server(address: str, expected: str) -> None:
    service, capture = answering(b"jpeg")
    assert await service.file(address) == b"jpeg"
    assert str(capture.request.url) == expected
    assert "sesskey" not in str(capture.request.url)


async def test_old_addresses_can_be_left_as_they_are() -> None:
    service, capture = answering(b"jpeg", swap_dev=False)
    await service.file("/dev/a.jpg")
    assert capture.request.url.path == "/dev/a.jpg"
    service, capture = answering(b"jpeg", environment="dev")
    await service.file("/dev/a.jpg")
    assert capture.request.url.path == "/dev/a.jpg"


@pytest.mark.parametrize(
    ("base", "address", "expected"),
    [
        ("https://www.tt.example", "https://tt.example/dev/a", "https://www.tt.example/live/a"),
        ("https://tt.example/t", "https://timetonic.com/dev/a", "https://tt.example/t/live/a"),
        ("https://tt.example/t", "https://tt.example/t/live/a", "https://tt.example/t/live/a"),
        ("https://tt.example/t", "https://tt.example/tall/a", "https://tt.example/t/tall/a"),
        ("https://tt.example:8443", "https://tt.example:8443/a", "https://tt.example:8443/a"),
        ("http://127.0.0.1:9/t", "https://timetonic.com/dev/a", "http://127.0.0.1:9/t/live/a"),
    ],
)
async def test_files_are_asked_for_at_the_address_that_was_set_up(
    base: str, address: str, expected: str
) -> None:
    capture = Capture(b"jpeg")
    service = TimeTonic(capture.transport("timetonic", base), "demo", keys=KEYS)
    await service.file(address)
    assert str(capture.request.url) == expected


@pytest.mark.parametrize(
    "address", ["https://timetonic.com.evil.example/dev/a.jpg", "https://timetonic.com:8443/a.jpg"]
)
async def test_files_elsewhere_are_not_asked_for(address: str) -> None:
    service, capture = answering(b"jpeg")
    with pytest.raises(ProtocolViolation, match="another server"):
        await service.file(address)
    assert capture.requests == []


async def test_a_base_url_with_a_path_keeps_it() -> None:
    capture = Capture(b"jpeg")
    base = "http://127.0.0.1:9000/timetonic"
    service = TimeTonic(capture.transport("timetonic", base), "demo", keys=KEYS)
    for address in ("/dev/dbi/a.jpg", f"{base}/dev/dbi/a.jpg"):
        await service.file(address)
        assert str(capture.request.url) == f"{base}/live/dbi/a.jpg"


@pytest.mark.parametrize(
    "address",
    ["https://evil.example/a.jpg", "http://timetonic.com/a.jpg", "file:///etc/passwd",
     "https://timetonic.com:444/a.jpg", "https://timetonic.com@evil.example/a.jpg",
     "https://[timetonic.com/a.jpg"],
)  # fmt: skip
async def test_another_servers_address_gets_no_request(address: str) -> None:
    service, capture = answering(b"x", keys=Keys(), password="secret")
    with pytest.raises(ProtocolViolation, match="another server"):
        await service.file(address)
    assert capture.requests == []


@pytest.mark.parametrize(
    "first",
    [
        httpx.Response(403, text="no"),
        httpx.Response(200, html="<html>Log in</html>"),
        httpx.Response(200, json=nok("no session")),
    ],
)
async def test_a_file_that_needs_the_session_gets_it(first: httpx.Response) -> None:
    service, capture = answering(first, b"jpeg")
    assert await service.file(ADDRESS) == b"jpeg"
    assert len(capture.requests) == 2
    assert capture.query == {"o_u": "demo", "u_c": "demo", "sesskey": KEYS.sesskey}


async def test_a_file_refused_with_a_dead_session_renews_it_once() -> None:
    expired = httpx.Response(200, json=nok("the session has expired"))
    denied = httpx.Response(403, text="no")
    service, capture = answering(
        denied, expired, data("createSesskey.json"), b"jpeg",
        keys=Keys(o_u="demo", oauthkey="O", sesskey="OLD"),
    )  # fmt: skip
    assert await service.file(ADDRESS) == b"jpeg"
    assert capture.query["sesskey"].startswith("OOOO")
    service, capture = answering(denied, expired)
    with pytest.raises(AuthenticationFailed):
        await service.file(ADDRESS)
    assert len(capture.requests) == 2


async def test_a_file_that_is_not_there() -> None:
    service, capture = answering(httpx.Response(404, html="<html>"))
    with pytest.raises(NotFound):
        await service.file(ADDRESS)
    assert len(capture.requests) == 1


async def test_pages_and_json_that_are_the_file_itself_are_files() -> None:
    page = httpx.Response(200, html="<html>mine</html>")
    assert await answering(page)[0].file("/live/a.HTML") == b"<html>mine</html>"
    assert await answering({"a": 1})[0].file("/live/a.json") == b'{"a":1}'


async def test_a_file_that_is_too_large_to_hold_ends_in_an_error(tmp_path: Path) -> None:
    capture = Capture(b"x" * 2000)
    service = client(capture)
    service.transport.limits = Limits(answer=1000)
    with pytest.raises(ProtocolViolation, match="larger than 1,000 bytes"):
        await service.file(ADDRESS)
    assert await service.download(ADDRESS, tmp_path / "a") == 2000


async def test_a_download_takes_no_pipe_s_place(tmp_path: Path) -> None:
    """Nor that of a device, as `-o /dev/null` once did where that was allowed."""
    os.mkfifo(tmp_path / "pipe")
    service, capture = answering(b"jpeg")
    with pytest.raises(OSError, match="Not an ordinary file"):
        await service.download(ADDRESS, tmp_path / "pipe")
    assert (tmp_path / "pipe").is_fifo()
    assert capture.requests == []


async def test_a_download_that_breaks_off_begins_anew_and_is_whole(tmp_path: Path) -> None:
    cut = HEAD.replace(b"application/json", b"image/jpeg") + b"Content-Length: 9\r\n\r\nhalf"
    whole = answer(b"all of it").replace(b"application/json", b"image/jpeg")
    for take in ("download", "file"):
        with scripted(cut, cut, whole) as server:
            transport = Transport("timetonic", server.url, limits=Limits(backoff=0.001))
            async with TimeTonic(transport, "demo", keys=KEYS) as service:
                if take == "file":
                    assert await service.file("/live/a.jpg") == b"all of it"
                else:
                    assert await service.download("/live/a.jpg", tmp_path / "a.jpg") == 9
        assert len(server.bodies) == 3
    assert (tmp_path / "a.jpg").read_bytes() == b"all of it"


async def test_a_download_that_breaks_keeps_what_was_there(tmp_path: Path) -> None:
    async def breaking() -> Any:
        yield b"half"
        raise httpx.ReadError("gone")

    target = tmp_path / "a.jpg"
    target.write_bytes(b"old")
    capture = Capture(lambda _: httpx.Response(200, content=breaking()))
    with pytest.raises(ConnectionFailed):
        await client(capture).download(ADDRESS, target)
    assert len(capture.requests) == 3
    assert target.read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["a.jpg"]
    assert await answering(b"new")[0].download(ADDRESS, target) == 3
    assert target.read_bytes() == b"new"


async def test_an_upload_is_a_form_with_the_part_qqfile(tmp_path: Path) -> None:
    """Reference page, 5.6."""
    file = tmp_path / "jean.jpg"
    file.write_bytes(b"\xff\xd8jpeg")
    service, capture = answering(data("uploadFile.json"))
    await service.file_upload(file, row_id=19974813, field_id=1367386)
    body = capture.request.content
    assert capture.request.headers["content-type"].startswith("multipart/form-data; boundary=")
    assert b'name="qqfile"; filename="jean.jpg"\r\nContent-Type: image/jpeg\r\n' in body
    assert b"\r\n\r\n\xff\xd8jpeg\r\n" in body
    assert b'name="rowId"\r\n\r\n19974813\r\n' in body


async def test_what_cannot_be_uploaded_is_not_sent(tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.touch()
    service, capture = answering(ok())
    for file in (empty, tmp_path / "missing"):
        with pytest.raises(InvalidArgument, match=file.name):
            await service.file_upload(file, row_id=1, field_id=2)
        with pytest.raises(InvalidArgument, match=file.name):
            await service.resumable_upload(file, row_id=1, field_id=2)
    empty.write_bytes(b"x")
    with pytest.raises(InvalidArgument, match="together"):
        await service.file_upload(empty, row_id=1)
    assert capture.requests == []


class Pieces:
    """A server that keeps pieces by their number, as the library resumable.js expects it."""

    def __init__(self, *, answers_questions: bool = True, breaks_at: int | None = None) -> None:
        self.there: dict[int, bytes] = {}
        self.sent: list[int] = []
        self.identifiers: set[str] = set()
        self.answers_questions = answers_questions
        self.breaks_at = breaks_at

    def __call__(self, request: httpx.Request) -> Any:
        form = self._form(request)
        number = int(form["resumableChunkNumber"])
        self.identifiers.add(form["resumableIdentifier"])
        piece = re.search(rb'name="file"; filename=.*?\r\n\r\n(.*?)\r\n--', request.content, re.S)
        if piece is None:
            if not self.answers_questions:
                return nok("the file is missing", code="missing_parameter")
            if number not in self.there:
                return httpx.Response(204)
            return ok(success=True, received=sorted(self.there))
        if number == self.breaks_at:
            return httpx.ReadError("gone")
        self.sent.append(number)
        self.there[number] = piece.group(1)
        if len(self.there) < int(form["resumableTotalChunks"]):
            return ok(success=True, complete=False)
        return data("uploadFile.json")

    def _form(self, request: httpx.Request) -> dict[str, str]:
        if request.headers["content-type"].startswith("multipart"):
            found = re.findall(rb'name="(\w+)"\r\n\r\n(.*?)\r\n--', request.content, re.S)
            return {name.decode(): value.decode() for name, value in found}
        return dict(parse_qsl(request.content.decode()))


Server = Callable[[httpx.Request], Any]


def uploader(server: Server) -> Any:
    service = client(Capture(server))
    service.transport.limits = Limits(retries=0)
    return service


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "film.mp4"
    path.write_bytes(b"0123456789")
    return path


async def test_an_upload_in_pieces_goes_on_after_a_break(file: Path) -> None:
    server = Pieces(breaks_at=3)
    with pytest.raises(OutcomeUnknown) as caught:
        await uploader(server).resumable_upload(file, row_id=1, field_id=2, chunk_size=3)
    assert caught.value.advice.startswith("2 of 4 pieces have arrived")
    assert server.sent == [1, 2]
    server.breaks_at = None
    # Another process goes on: only what is missing is sent.
    done = await uploader(server).resumable_upload(file, row_id=1, field_id=2, chunk_size=3)
    assert done.name == "jean.jpg"
    assert server.sent == [1, 2, 3, 4]
    assert b"".join(server.there[number] for number in range(1, 5)) == b"0123456789"
    assert len(server.identifiers) == 1


async def test_another_place_or_another_content_is_another_upload(file: Path) -> None:
    server = Pieces()
    await uploader(server).resumable_upload(file, row_id=1, field_id=2)
    await uploader(server).resumable_upload(file, row_id=1, field_id=3)
    file.write_bytes(b"012345678")
    await uploader(server).resumable_upload(file, row_id=1, field_id=2)
    assert len(server.identifiers) == 3


async def test_when_all_pieces_are_there_the_last_one_is_sent_again(file: Path) -> None:
    server = Pieces()
    await uploader(server).resumable_upload(file, row_id=1, field_id=2, chunk_size=3)
    server.sent.clear()
    done = await uploader(server).resumable_upload(file, row_id=1, field_id=2, chunk_size=3)
    assert done.name == "jean.jpg"
    assert server.sent == [4]


async def test_a_server_that_cannot_be_asked_gets_every_piece(file: Path) -> None:
    server = Pieces(answers_questions=False)
    await uploader(server).resumable_upload(file, row_id=1, field_id=2, chunk_size=4)
    assert server.sent == [1, 2, 3]


async def test_a_break_within_a_piece_is_tried_again_by_itself(file: Path) -> None:
    server = Pieces()
    failed = []

    def once(request: httpx.Request) -> Any:
        if b'name="file"' in request.content and not failed:
            failed.append(True)
            return httpx.ReadError("gone")
        return server(request)

    await client(Capture(once)).resumable_upload(file, row_id=1, field_id=2, chunk_size=5)
    assert server.sent == [1, 2]


class Slow(httpx.AsyncBaseTransport):
    """Takes so many pieces of a request's body, and then nothing more; it answers never."""

    def __init__(self, pieces: int) -> None:
        self.pieces = pieces
        self.taken = asyncio.Event()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        assert isinstance(request.stream, httpx.AsyncByteStream)
        body = aiter(request.stream)
        for _ in range(self.pieces):
            if await anext(body, None) is None:
                break
        self.taken.set()
        await asyncio.Event().wait()
        raise AssertionError("it is given up before")


@pytest.mark.parametrize(("pieces", "sent"), [(12, False), (1_000, True)])
async def test_an_upload_that_is_given_up_before_its_end_was_not_made(
    tmp_path: Path, pieces: int, sent: bool
) -> None:
    film = tmp_path / "film.mp4"
    film.write_bytes(bytes(400_000))
    adapter, gone = Slow(pieces), list[int]()
    service = TimeTonic(Transport("timetonic", BASE, adapter=adapter), "demo", keys=KEYS)
    with following() as run, telling(gone.append):
        upload = asyncio.create_task(service.file_upload(film, row_id=1, field_id=2))
        await adapter.taken.wait()
        upload.cancel()
        with pytest.raises(asyncio.CancelledError):
            await upload
    await service.transport.close()
    assert gone == sorted(gone)
    assert (gone[-1] > film.stat().st_size) is sent
    assert run.sent is sent, "whether the service may have made it"


async def test_pieces_that_are_there_count_as_gone(file: Path) -> None:
    server, gone = Pieces(), list[int]()
    server.there = {1: b"012", 2: b"345"}
    with telling(gone.append):
        await uploader(server).resumable_upload(file, row_id=1, field_id=2, chunk_size=3)
    assert {6, 9} <= set(gone), "the beginnings of the third and of the fourth piece"
