"""Every Igtimi operation against the document: what is sent, and what is read.

The document shows no requests, but for one URL; each row's request follows its table of
parameters, and must name every one of them. Answers are the document's samples; four of them
are no valid JSON there and have the missing braces and commas added. Rows without a sample say
what stands for it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import httpx
import pytest

from tests.services.igtimi.contract_table import ACCOUNT, APPLICATION, BLOB, TABLE, Pairs, Row
from tests.services.igtimi.samples import BASE, DATA, DOCUMENT, END, ENDS, START, STARTS, client
from tests.services.leaves import lost, unknown_keys
from tui.services.errors import InvalidArgument
from tui.services.igtimi import Igtimi
from tui.services.igtimi.session_log import SessionName

OPERATIONS = Igtimi.operations()
SUCCESS = {"success": True}

ELSEWHERE = {
    "igtimi.session_logs.create",
    "igtimi.data.upload_file",
    "igtimi.data.upload_import",
    "igtimi.data.latest",
}
"""Rows whose bodies are no forms: tested below, each on its own."""

EITHER = {
    "igtimi.data_access_windows.create": {"user_id"},
    "igtimi.groups.grant_modify": {"group_id"},
    "igtimi.groups.revoke_modify": {"group_id"},
    "igtimi.group_members.add": {"group_id"},
    "igtimi.group_members.remove": {"group_id"},
    "igtimi.devices.create": {"devicegroup_token"},
}
"""Parameters of which the row sends the other one; the next test sends these."""


def made_for(row: Row, answer: Any) -> tuple[Igtimi, Any]:
    group = {"devicegroup_token": "group"} if row.signed == "devicegroup" else {}
    application = {} if group else {"application_access_token": "application"}
    return client(answer, client_id="app", client_secret="hush", **group, **application)


def test_every_row_is_in_the_table_once() -> None:
    assert sorted([row.id for row in TABLE] + list(ELSEWHERE)) == sorted(OPERATIONS)
    assert set(OPERATIONS) - set(DOCUMENT) == {"igtimi.data.latest"}


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.id)
async def test_what_is_sent_and_what_is_read(row: Row) -> None:
    shown = DOCUMENT[row.id]
    answer = row.answer if row.answer is not None else shown["answer"]
    assert answer is not None
    igtimi, capture = made_for(row, answer)
    result = await igtimi.methods[row.id](**row.arguments)

    request = capture.request
    query = parse_qsl(request.url.query.decode(), keep_blank_values=True)
    form = parse_qsl(request.content.decode(), keep_blank_values=True)
    token: Pairs = {
        APPLICATION: [("application_access_token", "application")],
        "devicegroup": [("devicegroup_token", "group")],
    }.get(row.signed, [])
    wants_form = row.form is not None
    assert request.method == shown["method"]
    assert str(request.url.copy_with(query=None)) == BASE + row.path
    template = re.sub(r":\w+", "[^/]+", shown["url"].removeprefix("https://www.igtimi.com"))
    assert re.fullmatch(template, row.path)
    assert query == (row.query if wants_form else row.query + token)
    assert form == ((row.form or []) + token if wants_form else [])
    if wants_form:
        assert request.headers["content-type"] == "application/x-www-form-urlencoded"
    assert request.headers.get("authorization") == (
        "Bearer user" if row.signed == ACCOUNT else None
    )
    sent = {re.sub(r"\[.*", "", name) for name, _ in query + form}
    assert set(shown["parameters"]) - sent <= EITHER.get(row.id, set())

    if isinstance(answer, bytes):
        assert row.id.endswith((".get_blob", ".authorize", "session_logs.list"))
        assert result == BLOB or not row.id.endswith(".get_blob")
    elif row.id == "igtimi.data.list":
        [series] = result.series
        assert series.key == ("AA-AA-AAAA", 1, 0)
        assert series.times == [1360618858970]
        assert series.axes == {1: [172.04], 2: [-45.02]}
        assert result.archived_resources == []
    else:
        unit = 1 if row.id.startswith("igtimi.devicegroup") else 1000
        assert not lost(answer, result, unit=unit)
        assert unknown_keys(result) == []


OTHER_ONES = [
    ("igtimi.groups.grant_modify", {"group_id": 4, "grantee_group_id": 9}, ("group_id", "9")),
    ("igtimi.groups.revoke_modify", {"group_id": 4, "grantee_group_id": 9}, ("group_id", "9")),
    ("igtimi.group_members.add", {"group_id": 4, "member_group_id": 9}, ("group_id", "9")),
    ("igtimi.group_members.remove", {"group_id": 4, "member_group_id": 9}, ("group_id", "9")),
    (
        "igtimi.data_access_windows.create",
        {
            "serial_number": "AA-AA-AAAA",
            "start_time": START,
            "end_time": END,
            "read": True,
            "modify": True,
            "user_id": 9,
        },
        ("user_id", "9"),
    ),
]


@pytest.mark.parametrize(("id", "arguments", "pair"), OTHER_ONES, ids=lambda value: str(value)[:40])
async def test_a_user_or_a_group(id: str, arguments: dict[str, Any], pair: tuple[str, str]) -> None:
    """The table sends one of the two; this sends the other. Both or none is refused."""
    igtimi, capture = client(SUCCESS)
    await igtimi.methods[id](**arguments)
    sent = parse_qsl(capture.request.content.decode() or capture.request.url.query.decode())
    assert [item for item in sent if item[0] in ("user_id", "group_id")] == [pair]
    assert "/groups/4/" in str(capture.request.url) or "windows" in id
    for wrong in ({"user_id": 1, "member_group_id": 2}, {}):
        with pytest.raises(InvalidArgument):
            await igtimi.group_members.add(4, **wrong)


async def test_entries_are_added_as_the_guides_example_shows() -> None:
    """Source: Session Logs: Create; the body is the vendor guide's own example."""
    igtimi, capture = client(DOCUMENT["igtimi.session_logs.create"]["answer"])
    done = await igtimi.session_logs.create(1, [SessionName(name="Example Session")])
    assert done.success
    assert capture.request.method == "POST"
    assert str(capture.request.url) == f"{BASE}/api/v1/sessions/1/logs"
    assert capture.request.headers["content-type"] == "application/xml"
    example = (DATA / "session_log_post_doc_example.xml").read_text()
    assert without_space(capture.request.content.decode()) == without_space(example)


def without_space(document: str) -> str:
    return re.sub(r">\s+<", "><", document.strip())


async def test_a_file_is_uploaded_as_a_form_of_parts(tmp_path: Path) -> None:
    """Source: Data: Upload File."""
    path = tmp_path / "photo.jpg"
    path.write_bytes(b"\xff\xd8 picture")
    shown = DOCUMENT["igtimi.data.upload_file"]
    igtimi, capture = client(shown["answer"])
    stored = await igtimi.data.upload_file(
        path, start_time=START, end_time=END, resource_id=1, source=0
    )
    assert not lost(shown["answer"], stored)
    assert (capture.request.method, str(capture.request.url)) == (shown["method"], shown["url"])
    found = parts(capture.request)
    assert found == {
        "start_time": ("", STARTS.encode()),
        "end_time": ("", ENDS.encode()),
        "resource_id": ("", b"1"),
        "source": ("", b"0"),
        "file": ("image/jpeg", b"\xff\xd8 picture"),
    }
    await igtimi.data.upload_file(
        path, start_time=START, end_time=END, stream_id=4, serial_number="AA-AA-AAAA"
    )
    both = found.keys() | parts(capture.request).keys()
    assert both == set(shown["parameters"])


async def test_a_devices_own_file_is_handed_in(tmp_path: Path) -> None:
    """Source: Data: Upload Import; the content type must be igtimi/binary_data."""
    path = tmp_path / "0000032A.IPB"
    path.write_bytes(b"\x08\x01")
    shown = DOCUMENT["igtimi.data.upload_import"]
    igtimi, capture = client(shown["answer"])
    file = await igtimi.data.upload_import(path)
    assert file.file_id == "0000032A_f68947968b31b32a2bc3d9779311da7e.IPB"
    assert not lost(shown["answer"], file)
    assert (capture.request.method, str(capture.request.url)) == (shown["method"], shown["url"])
    assert parts(capture.request) == {"file": ("igtimi/binary_data", b"\x08\x01")}


def parts(request: httpx.Request) -> dict[str, tuple[str, bytes]]:
    """Content type and content of each part of a multipart form, by name."""
    boundary = request.headers["content-type"].partition("boundary=")[2]
    found = {}
    for part in request.content.split(f"--{boundary}".encode())[1:-1]:
        head, _, content = part.strip(b"\r\n").partition(b"\r\n\r\n")
        name = re.search(rb'name="(\w+)"', head)
        kind = re.search(rb"Content-Type: (.*)", head)
        assert name
        found[name[1].decode()] = (kind[1].decode().strip() if kind else "", content)
    return found


REAL: list[tuple[str, int, Callable[[Any], object], object]] = [
    (
        "rest_latest_type1_gps.json",
        1,
        lambda found: [(one.serial_number, one.c1, one.c2) for one in found],
        [
            ("GA-DE-AAAG", 170.5040755, -45.8767381666667),
            ("GA-DK-AAAD", 170.5038325, -45.8769),
        ],
    ),
    ("rest_latest_type9_sog.json", 9, lambda found: found[0].c1, 0.5556),
    (
        "rest_latest_type12_aws.json",
        12,
        lambda found: found[0].timestamp,
        datetime(2013, 11, 10, 10, 9, 17, 500000, tzinfo=UTC),
    ),
]


@pytest.mark.parametrize(("file", "type", "look", "expected"), REAL, ids=lambda value: str(value))
async def test_the_newest_values(
    file: str, type: int, look: Callable[[Any], object], expected: object
) -> None:
    """Only the edition of 2013 has this call, and its sample is wrong: these are real answers."""
    igtimi, capture = client((DATA / file).read_bytes())
    found = await igtimi.data.latest(type, ["GA-DK-AAAD", "GA-DE-AAAG"])
    assert look(found) == expected
    assert capture.request.url.path == "/api/v1/resources/data/latest"
    assert parse_qsl(capture.request.url.query.decode()) == [
        ("type", str(type)),
        ("serial_numbers[]", "GA-DK-AAAD"),
        ("serial_numbers[]", "GA-DE-AAAG"),
    ]
