"""Requests as they are encoded, what a dry run shows of them, and answers that are none."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from tests.services.capture import Capture
from tui.services.client import ServiceClient, decode_json
from tui.services.errors import (
    ProtocolViolation,
    error_of_status,
)
from tui.services.operation import operation
from tui.services.transport import NotSent
from tui.services.wire import FilePart, Request, Response, pairs, redacted, segment

# --- what is sent


async def test_the_forms_of_bodies() -> None:
    capture = Capture({})
    transport = capture.transport()
    await transport.send(Request("POST", "x", form=pairs({"a": [1, 2], "b": None, "c": True})))
    assert capture.request.content == b"a=1&a=2&c=true"
    await transport.send(Request("POST", "x", json={"a": 1}))
    assert (capture.request.content, capture.request.headers["content-type"]) == (
        b'{"a":1}',
        "application/json",
    )
    await transport.send(Request("POST", "x", body=b"<x/>", content_type="text/xml"))
    assert capture.request.headers["content-type"] == "text/xml"
    await transport.send(Request("GET", "x?a=1", query=(("b", "ä"),)))
    assert str(capture.request.url) == "https://service.example/x?a=1&b=%C3%A4"


async def test_files_are_read_anew_for_every_attempt(tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(b"content")
    capture = Capture(httpx.ConnectError("x"), {})
    request = Request("POST", "x", form=(("k", "v"),), files=(FilePart("f", "a.bin", path),))

    class Uploads(ServiceClient):
        service = "sample"

        @operation("sample.upload", "write")
        async def upload(self) -> Response:
            """Upload."""
            return await self.send(request)

    await Uploads(capture.transport()).upload()
    for sent in capture.requests:
        assert b"content" in sent.content
        assert b'name="k"\r\n\r\nv\r\n' in sent.content


@pytest.mark.parametrize(
    ("value", "expected"),
    [("a/b", "a%2Fb"), ("..", "%2E%2E"), (".", "%2E"), ("a.b", "a.b"), ("?#", "%3F%23"), (5, "5")],
)
def test_a_segment_cannot_leave_its_place(value: object, expected: str) -> None:
    assert segment(value) == expected


# --- dry runs


async def test_a_dry_run_sends_nothing_and_hides_every_secret() -> None:
    capture = Capture({})
    transport = capture.transport(dry_run=True)
    request = Request(
        "POST",
        "x",
        query=(("access_token", "S1"), ("page", "2")),
        form=(("u", "anna"), ("t", "S2"), ("Sesskey", "S3")),
        headers={"Authorization": "Bearer S4"},
        files=(FilePart("f", "a.txt", b"x"),),
    )
    with pytest.raises(NotSent) as caught:
        await transport.send(request)
    shown = caught.value.preview
    assert not any(secret in str(shown) for secret in ("S1", "S2", "S3", "S4"))
    assert shown["method"] == "POST"
    assert shown["url"] == "https://service.example/x?access_token=•••&page=2"
    assert shown["form"] == [["u", "anna"], ["t", "•••"], ["Sesskey", "•••"]]
    assert shown["files"] == [
        {"field": "f", "filename": "a.txt", "type": "application/octet-stream"}
    ]
    assert capture.requests == []


async def test_a_dry_run_shows_a_json_body_without_its_secrets() -> None:
    request = Request("POST", "x", json={"email": "a", "deep": [{"password": "S1"}]})
    preview = Capture().transport().preview(request)
    assert preview["json"] == {"email": "a", "deep": [{"password": "•••"}]}
    assert redacted({"token": ""}) == {"token": ""}


# --- answers that are none


@pytest.mark.parametrize(
    ("content", "kind", "words"),
    [
        (b"", "application/json", "empty"),
        (b"<!DOCTYPE html><p>", "text/plain", "a web page"),
        (b"x", "text/html; charset=utf-8", "a web page"),
        (b'{"a": [1, 2', "application/json", "cut off"),
        (b"\xff\xfe\x00", "application/json", "cut off or not valid"),
        (b"[" * 100_000, "application/json", "cut off or not valid"),
    ],
)
def test_what_is_no_json_says_what_it_is(content: bytes, kind: str, words: str) -> None:
    with pytest.raises(ProtocolViolation, match=words) as caught:
        decode_json(Response(200, {"content-type": kind}, content))
    assert caught.value.status == 200


@pytest.mark.parametrize(
    ("code", "kind"),
    [(302, "protocol"), (400, "refused"), (401, "authentication"),
     (403, "permission"), (404, "not found"), (429, "rate limited"),
     (423, "not now"), (425, "not now"),
     (500, "connection")],
)  # fmt: skip
def test_statuses_stand_for_errors(code: int, kind: str) -> None:
    error = error_of_status(code)
    assert (error.kind, error.status) == (kind, code)
    assert error.advice
    assert error_of_status(code, "own words").message == "own words"
