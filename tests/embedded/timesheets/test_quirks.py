"""The doubtful half of section 3.7, only with `quirks`; plain answers stay as documented."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from tests.embedded.timesheets.api import Api, owner
from tests.embedded.timesheets.conftest import WEDNESDAY
from tests.harness import Clock, EmbeddedServer


@pytest.fixture(scope="module")
def quirky() -> Iterator[Api]:
    with EmbeddedServer(services=("timesheets",), clock=Clock(WEDNESDAY), quirks=True) as running:
        yield owner(running)


def test_the_state_of_the_account_takes_the_place_of_the_result(quirky: Api, api: Api) -> None:
    """Point 1."""
    for caller, status in ((quirky, "ACTIVE"), (api, "SUCCESS")):
        ours = caller.server.credentials
        body = {"email": ours.timesheets_email, "password": ours.timesheets_password}
        assert Api(caller.server).send("login", body).json()["status"] == status


def test_both_spellings_of_paid(quirky: Api, api: Api) -> None:
    """Point 3."""
    invoice = quirky.call("invoice", invoice_id=1)["data"]
    assert invoice["paid_date"] == invoice["payed_date"]
    assert "paid_date" not in api.call("invoice", invoice_id=1)["data"]
    wanted = {"payment_status": "payed", "limit": 1}
    assert quirky.call("ts/search", **wanted)["data"]["time_entries"][0]["payment_status"] == "paid"
    assert api.call("ts/search", **wanted)["data"]["time_entries"][0]["payment_status"] == "payed"
    body = {"invoice_id": 3, "paid_date": 1587081600}
    assert quirky.send("invoice/set_payed", body).status == 200


def test_data_packed_as_a_string(quirky: Api, api: Api) -> None:
    """Point 24: packed or not, it is the same data."""
    for path, body in (("client", {"client_id": 1}), ("ts/get", {"time_entry_id": 1})):
        packed = quirky.send(path, body).json()["data"]
        assert isinstance(packed, str)
        assert json.loads(packed) == api.send(path, body).json()["data"]


def test_amounts_as_strings(quirky: Api, api: Api) -> None:
    amounts = [caller.call("invoice", invoice_id=1)["data"]["amount"] for caller in (quirky, api)]
    assert amounts[0] == str(amounts[1])
    assert isinstance(amounts[1], float)
    user = quirky.call("user", user_id=2)["data"]
    assert (user["hourly_rate"], user["activated"]) == ("48", 1)
    assert user["created"].isdigit()


def test_count_inside_data(quirky: Api, api: Api) -> None:
    """Point 7."""
    body = {"group_by": "status"}
    assert quirky.call("ts/search_group", **body)["data"]["count"] == 3
    assert "count" not in quirky.call("ts/search_group", **body)
    assert api.call("ts/search_group", **body)["count"] == 3


def test_done_and_empty_comments(quirky: Api, api: Api) -> None:
    """Points 18 and 19."""
    seen = quirky.call("user/history")["data"]["time_entries"]
    assert "done" in {entry["status"] for entry in seen if "end_time" in entry}
    assert [entry["status"] for entry in seen if "end_time" not in entry] == ["in-progress"]
    plain = api.call("user/history")["data"]["time_entries"]
    assert "done" not in {entry["status"] for entry in plain}
    for caller, comments in ((quirky, ""), (api, 0)):
        caller.call("ts/stop")
        caller.call("ts/start")
        started = caller.call("user/dashboard")["data"]["current_time_entry"]
        assert started["comments"] == comments
