"""Uploads: files into resources, and offline logs that are imported."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest

from tests.embedded.igtimi.api import BOAT, FOREIGN, Api, Pairs
from tui.embedded.igtimi.blocks import Column
from tui.embedded.igtimi.protobuf import varint
from tui.embedded.igtimi.riot_messages import encode_message

PATH = "/api/v1/resources/data/upload"
T0 = 1_700_000_000_000
CONTENT = bytes(range(256)) * 3


def multipart(fields: Pairs, name: str, content: bytes, kind: str) -> tuple[bytes, str]:
    body = b""
    for field, value in fields:
        body += f'--b\r\nContent-Disposition: form-data; name="{field}"\r\n\r\n{value}\r\n'.encode()
    body += (
        f'--b\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
        f"Content-Type: {kind}\r\n\r\n"
    ).encode()
    return body + content + b"\r\n--b--\r\n", "multipart/form-data; boundary=b"


def send(api: Api, fields: Pairs, content: bytes = CONTENT, kind: str = "image/png") -> Any:
    body, form = multipart(fields, "photo ø.png", content, kind)
    return api.call("POST", PATH, body=body, kind=form)


def log(*messages: bytes) -> bytes:
    return b"".join(varint(len(message)) + message for message in messages)


def message(serial: str = BOAT, stamp: int = T0) -> bytes:
    return encode_message(serial, {(9, 0): Column([stamp], [[12.5]])})


def states(api: Api, file_id: str | None = None) -> dict[str, list[dict[str, Any]]]:
    query = [] if file_id is None else [("file_id", file_id)]
    found: dict[str, list[dict[str, Any]]] = api.get("/resources/data/upload", query)[
        "device_syncfiles"
    ]
    return found


def test_a_file_becomes_part_of_a_resource(api: Api) -> None:
    span: Pairs = [("start_time", T0), ("end_time", T0 + 60_000)]
    answer = send(api, [*span, ("resource_id", 2), ("source", 7)])
    md5 = hashlib.md5(CONTENT).hexdigest()
    assert answer.json() == {"resource_datum": {"resource_id": 2, "md5": md5, "source": 7}}
    resource = next(
        entry["resource"]
        for entry in api.get("/resources", [("permission", "modify")])["resources"]
        if entry["resource"]["id"] == 2
    )
    assert 16 in resource["data_types"]
    assert resource["start_time"] == T0
    serial = resource["device_serial_number"]
    query = [*span, ("serial_numbers[]", serial), ("types[16]", 0), ("sids[16]", "7")]
    assert api.get("/resources/data", query)[serial]["16:7"] == {
        "t": [T0],
        "1": ["photo ø.png"],
        "2": [md5],
        "3": ["image/png"],
        "4": [len(CONTENT)],
    }


def test_a_resource_may_be_named_by_stream_and_serial(api: Api) -> None:
    fields = [("start_time", T0), ("end_time", T0), ("stream_id", 1), ("serial_number", BOAT)]
    assert send(api, fields).json()["resource_datum"]["resource_id"] == 1


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ([("start_time", T0), ("end_time", T0)], 400),
        ([("start_time", T0), ("resource_id", 1)], 400),
        ([("start_time", T0), ("end_time", T0 - 1), ("resource_id", 1)], 400),
        ([("start_time", T0), ("end_time", T0), ("resource_id", 1), ("source", -1)], 400),
        ([("start_time", T0), ("end_time", T0), ("resource_id", 9999)], 401),
        ([("start_time", T0), ("end_time", T0), ("stream_id", 99), ("serial_number", BOAT)], 401),
    ],
)
def test_a_file_that_belongs_nowhere_is_refused(shared: Api, fields: Pairs, status: int) -> None:
    assert send(shared, fields).status == status


def test_an_upload_without_a_file_is_refused(shared: Api) -> None:
    assert shared.call("POST", PATH, form=[("resource_id", 1)]).status == 400
    assert shared.call("POST", PATH, body=b"", kind="igtimi/binary_data").status == 400


@pytest.mark.parametrize("as_form", [True, False])
def test_an_import_goes_through_its_states_and_its_samples_appear(api: Api, as_form: bool) -> None:
    content = log(message(), message(stamp=T0 + 1000))
    if as_form:
        answer = send(api, [], content, "igtimi/binary_data")
    else:
        answer = api.call("POST", PATH, body=content, kind="igtimi/binary_data")
    file = answer.json()["device_syncfile"]
    md5 = hashlib.md5(content).hexdigest()
    assert file == {"file_id": f"00000001_{md5}.IPB", "md5": md5}
    seen = [
        next(state for state, files in states(api, file["file_id"]).items() if files)
        for _ in range(4)
    ]
    assert seen == ["pending_files", "processing_files", "completed_files", "completed_files"]
    [done] = states(api)["completed_files"]
    assert done["file_name"] == file["file_id"]
    assert done["msg"] == "File successfully processed"
    query = [
        ("start_time", T0),
        ("end_time", T0 + 1000),
        ("serial_numbers[]", BOAT),
        ("types[9]", 0),
    ]
    found = api.get("/resources/data", query)
    assert found == {BOAT: {"9": {"t": [T0, T0 + 1000], "1": [12.5, 12.5]}}}


@pytest.mark.parametrize(
    ("content", "state", "words"),
    [
        (b"not a log at all", "error_files", "File contains errors"),
        (log(message(FOREIGN)), "error_files", "File contains errors"),
        (log(message(), b"\xff\xff"), "completed_files", "but contained errors"),
        (log(message(), message(FOREIGN)), "completed_files", "but contained errors"),
        (log(message())[:-3] + b"", "error_files", "File contains errors"),
    ],
)
def test_an_import_tells_how_it_ended(api: Api, content: bytes, state: str, words: str) -> None:
    api.call("POST", PATH, body=content, kind="igtimi/binary_data")
    for _ in range(2):
        states(api)
    [file] = states(api)[state]
    assert words in file["msg"]


def test_imports_are_listed_to_who_sent_them(api: Api) -> None:
    api.call("POST", PATH, body=log(message()), kind="igtimi/binary_data")
    assert all(not files for files in states(api.as_user(3)).values())
    assert all(not files for files in states(api, "other.IPB").values())
    assert len(states(api)["processing_files"]) == 1
