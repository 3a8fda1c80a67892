"""Every documented operation is served, and how calls are read."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from tests.embedded.igtimi.api import BOAT, Api
from tui.embedded.igtimi import OPERATIONS

_TABLE = Path(__file__).parents[2] / "data" / "operations.tsv"


def documented() -> set[str]:
    with _TABLE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    return {row["id"] for row in rows if row["id"].startswith("igtimi.")}


def test_every_documented_operation_is_served_once() -> None:
    served = [name for operation in OPERATIONS for name in (operation.id, *operation.also)]
    assert len(served) == len(set(served))
    # The one more is in the document of 2013 only.
    assert set(served) == documented() | {"igtimi.data.latest"}


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.id)
def test_no_operation_takes_a_wrong_token(shared: Api, operation: object) -> None:
    from tui.embedded.igtimi.operations import Operation

    assert isinstance(operation, Operation)
    path = operation.path.format(user_id=1, group_id=2, session_id=1, resource_id=1, serial=BOAT)
    answer = Api(shared.server, "wrong").call(operation.method, path)
    if operation.id == "igtimi.server_listers.web_sockets":
        assert answer.status == 200
    else:
        assert answer.status in (400, 401)
        assert "error" in answer.json()


def test_the_token_may_be_a_parameter(shared: Api) -> None:
    nobody = shared.anonymous()
    assert nobody.status("GET", "/account") == 401
    assert nobody.status("GET", "/account", [("access_token", shared.token)]) == 200


def test_a_post_with_method_get_in_its_form_is_a_get(shared: Api) -> None:
    form = [("_method", "GET"), ("serial_numbers[]", BOAT)]
    found = shared.post("/devices", form)
    assert [entry["device"]["serial_number"] for entry in found["devices"]] == [BOAT]


def test_a_method_that_is_none_is_refused(shared: Api) -> None:
    assert shared.status("POST", "/devices", [("_method", "STEAL")]) == 400
    assert shared.status("PUT", "/account") == 405


def test_an_unknown_path_is_404_in_json(shared: Api) -> None:
    answer = shared.call("GET", "/api/v1/nothing/here")
    assert answer.status == 404
    assert "error" in answer.json()


def test_a_body_beyond_the_limit_is_refused(shared: Api) -> None:
    answer = shared.call("POST", "/api/v1/groups", form=[("name", "x" * (1 << 20))])
    assert answer.status == 413


@pytest.mark.parametrize(
    "pairs",
    [
        [("limit", "ten")],
        [("start_time", "yesterday")],
        [("start_time", "nan")],
        [("include_incomplete", "perhaps")],
        [("ids[]", "1;DROP TABLE")],
        [("limit", "9" * 30)],
    ],
)
def test_a_parameter_that_cannot_be_read_is_400(shared: Api, pairs: list[tuple[str, str]]) -> None:
    answer = shared.call("GET", "/api/v1/sessions", pairs)
    assert answer.status == 400
    assert answer.json()["reason"]


def test_text_that_is_not_utf8_is_400(shared: Api) -> None:
    answer = shared.call(
        "POST",
        "/api/v1/groups",
        body=b"name=%ff%fe",
        kind="application/x-www-form-urlencoded",
    )
    assert answer.status == 400


def test_a_damaged_multipart_body_is_400(shared: Api) -> None:
    answer = shared.call(
        "POST", "/api/v1/groups", body=b"--x\r\nrubbish", kind="multipart/form-data; boundary=y"
    )
    assert answer.status == 400
    no_boundary = shared.call("POST", "/api/v1/groups", body=b"x", kind="multipart/form-data")
    assert no_boundary.status == 400


def test_too_many_parameters_are_400(shared: Api) -> None:
    form = [(f"p{number}", "") for number in range(2_001)]
    assert shared.status("POST", "/groups", form) == 400


def test_the_data_types_name_axes_and_units(shared: Api) -> None:
    kinds = {
        kind["data_type"]["id"]: kind["data_type"]
        for kind in shared.get("/data_types")["data_types"]
    }
    assert kinds[1]["axes"] == ["longitude", "latitude"]
    assert kinds[9]["unit"] == kinds[12]["unit"] == "km/h"


def test_the_server_list_needs_no_token_and_with_quirks_begins_with_a_dead_one(
    shared: Api, quirky: Api
) -> None:
    path = "/server_listers/web_sockets"
    plain = shared.anonymous().call("GET", path).json()["web_socket_servers"]
    assert len(plain) > 1
    assert plain[0] == f"ws://127.0.0.1:{shared.server.port}/igtimi/live"
    strange = quirky.anonymous().call("GET", path).json()["web_socket_servers"]
    assert f":{quirky.server.port}/" not in strange[0]
    assert f":{quirky.server.port}/" in strange[1]
