"""One reader of what is sent: the same answer to the same broken form in every service."""

from __future__ import annotations

import pytest

from tests.harness import EmbeddedServer

KIND = "multipart/form-data; boundary=tide"


def part(name: str, content: bytes, more: str = "") -> bytes:
    head = f'--tide\r\nContent-Disposition: form-data; name="{name}"{more}\r\n\r\n'
    return head.encode() + content + b"\r\n"


def post(server: EmbeddedServer, path: str, body: bytes, kind: str = KIND) -> tuple[int, str]:
    known = server.credentials
    bearer, basic = known.igtimi_access_token, None
    if path.startswith("/trackmypeople"):
        bearer, basic = None, (known.trackmypeople_user, known.trackmypeople_password)
    answer = server.http(
        "POST", path, body=body, headers={"Content-Type": kind}, bearer=bearer, basic=basic
    )
    return answer.status, answer.text


FORMS = {
    "/trackmypeople/api/total.json": b"",
    "/ticktocker/api/1/submit": b"",
    "/timetonic/live/api.php": part("req", b"createAppkey") + part("appname", b"x"),
    "/igtimi/api/v1/groups": part("name", b"Broken off"),
    "/igtimi/api/v1/resources/data/upload": part("file", b"half a fi", '; filename="a.txt"'),
}


@pytest.mark.parametrize("path", FORMS)
def test_a_form_that_breaks_off_is_not_taken_for_a_whole_one(
    server: EmbeddedServer, path: str
) -> None:
    """A connection that was cut, or a disk that was full at the other end."""
    whole = FORMS[path] + part("one more", b"x" * 200) + part("b", b"y" * 100)
    for cut in (len(whole), len(whole) - 3, len(whole) - 60, 10):
        _, words = post(server, path, whole[:cut])
        assert "breaks off" in words
    assert "breaks off" not in post(server, path, whole + b"--tide--\r\n")[1]


@pytest.mark.parametrize("path", FORMS)
def test_what_cannot_be_read_is_said(server: EmbeddedServer, path: str) -> None:
    for body, kind in (
        (b"nothing of the kind", KIND),
        (b"--tide\r\nContent-Disposition: form-data\r\n\r\nx\r\n--tide--\r\n", KIND),
        (part("a", b"b") + b"--tide--\r\n", "multipart/form-data"),
        (b"&".join(b"a%d=" % number for number in range(5_001)),
         "application/x-www-form-urlencoded"),
        (b"".join(part(f"a{number}", b"") for number in range(5_001)) + b"--tide--\r\n", KIND),
    ):  # fmt: skip
        status, words = post(server, path, body, kind)
        assert status < 500
        assert any(said in words for said in (
            "multipart body", "Too many", "more than", "too many")), words  # fmt: skip


def test_names_and_bytes_come_as_they_are(server: EmbeddedServer) -> None:
    """A name beyond ASCII, and a content that is no text."""
    name, content = "Kōtare ⚓.bin", bytes(range(256)) * 5
    body = part("content", content, f'; filename="{name}"') + b"--tide--\r\n"
    known = server.credentials
    path = "/igtimi/api/v1/users/2/blob"
    answer = server.http(
        "POST", path, body=body, headers={"Content-Type": KIND}, bearer=known.igtimi_access_token
    )
    assert answer.status < 300, answer.text
    kept = server.http("GET", path, bearer=known.igtimi_access_token)
    assert kept.body == content
