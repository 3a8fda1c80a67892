"""Devices, data access windows and device groups."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.embedded.igtimi.api import (
    BOAT,
    FOREIGN,
    SHARED,
    UNREGISTERED,
    WIND_BOT,
    Api,
    Pairs,
)
from tests.harness import CREDENTIALS, Answer

APPLICATION = ("application_access_token", CREDENTIALS.igtimi_application_token)


def devices(api: Api, query: Pairs = ()) -> dict[str, dict[str, Any]]:
    found = api.get("/devices", query)["devices"]
    return {entry["device"]["serial_number"]: entry["device"] for entry in found}


def windows(api: Api, query: Pairs = (("type", "read"),)) -> list[dict[str, Any]]:
    found = api.get("/devices/data_access_windows", query)["data_access_windows"]
    return [entry["data_access_window"] for entry in found]


def by_application(api: Api, method: str, path: str, pairs: Pairs) -> Answer:
    nobody = api.anonymous()
    if method == "GET":
        return nobody.call("GET", f"/api/v1{path}", pairs)
    return nobody.call(method, f"/api/v1{path}", form=pairs)


def create(api: Api, *pairs: tuple[str, object], token: tuple[str, str] = APPLICATION) -> Answer:
    return by_application(api, "POST", "/devices", [token, *pairs])


def test_the_sample_has_fourteen_units(shared: Api) -> None:
    own = devices(shared)
    assert len(own) == 14
    assert {serial[:5] for serial in own} == {"GA-EN", "DD-EE", "HA-JF"}
    assert own[BOAT]["service_tag"]
    assert own[BOAT]["blob"] is True


def test_a_foreign_serial_gives_public_information_only(shared: Api) -> None:
    found = devices(shared, [("serial_numbers[]", FOREIGN), ("serial_numbers[]", "ZZ-ZZ-ZZZZ")])
    assert set(found) == {FOREIGN}
    device = found[FOREIGN]
    assert device["permissions"] == {"read": False, "modify": False}
    assert device["name"] == "YB-9"
    assert "service_tag" not in device
    assert shared.status("GET", f"/devices/{FOREIGN}/device_info") == 401
    assert shared.status("GET", f"/devices/{FOREIGN}/blob") == 401


def test_blob_content_and_information_on_request(shared: Api) -> None:
    only = ("serial_numbers[]", BOAT)
    plain = devices(shared, [only])[BOAT]
    assert plain["device_info"] is True
    assert "blob_content" not in plain
    full = devices(shared, [only, ("blob_content", "true"), ("device_info", "true")])[BOAT]
    assert "NZL 64" in full["blob_content"]
    assert full["device_info"]["target"] == "YachtBot"
    assert "blob_content" in devices(shared, [only, ("blob", "1")])[BOAT]
    assert shared.get(f"/devices/{WIND_BOT}/device_info")["target"] == "WindBot"


def test_register_and_unregister(api: Api) -> None:
    def register(tag: str, caller: Api = api) -> Answer:
        form = [("serial_number", UNREGISTERED), ("service_tag", tag)]
        return caller.call("POST", "/api/v1/devices/register", form=form)

    wrong = register("WXYZ")
    assert (wrong.status, wrong.json()["error"]) == (401, "Invalid Device Details")
    device = register("ABCD").json()["device"]
    assert device["owner_id"] == 2
    assert device["permissions"] == {"read": True, "modify": True}
    assert UNREGISTERED in devices(api)
    assert UNREGISTERED in [window["device_serial_number"] for window in windows(api)]
    assert register("ABCD", api.as_user(3)).status == 401
    assert api.as_user(3).status("DELETE", f"/devices/{UNREGISTERED}/unregister") == 401
    assert api.delete(f"/devices/{UNREGISTERED}/unregister") == {"success": True}
    assert UNREGISTERED not in devices(api)
    assert UNREGISTERED not in [window["device_serial_number"] for window in windows(api)]
    assert register("ABCD", api.as_user(3)).status == 200


def test_a_device_is_renamed(api: Api) -> None:
    answer = api.call("PUT", f"/api/v1/devices/{BOAT}", form=[("name", "Te Reo")])
    assert answer.json() == {"success": True}
    assert devices(api)[BOAT]["name"] == "Te Reo"
    assert api.status("PUT", f"/devices/{FOREIGN}", [("name", "mine")]) == 401
    assert api.status("PUT", "/devices/none", [("name", "mine")]) == 401
    assert api.status("PUT", f"/devices/{BOAT}") == 400


def test_a_device_is_created_by_prefix(api: Api) -> None:
    answer = create(api, ("prefix", "GA-EN"), ("uid", "u-1"))
    device = answer.json()["device"]
    assert device["serial_number"] == "GA-EN-AAAI"
    assert device["next_stream_id"] == 1
    assert device["owner_id"] == 2
    assert device["service_tag"]
    again = create(api, ("prefix", "GA-EN"), ("uid", "u-1"), ("imei", "i-1")).json()["device"]
    assert again["id"] == device["id"]
    other = create(api, ("prefix", "GA-EN"), ("imei", "i-1"), ("register", "false"))
    assert other.json()["device"]["owner_id"] is None
    assert other.json()["device"]["serial_number"] == "GA-EN-AAAJ"
    dated = create(api, ("prefix", "QX"), ("date", "ZB")).json()["device"]
    assert dated["serial_number"] == "QX-ZB-AAAA"


@pytest.mark.parametrize(
    "pairs",
    [[], [("prefix", "../..")], [("prefix", "QX"), ("date", "1")], [("prefix", "ABCDE")]],
)
def test_a_device_needs_a_proper_prefix(shared: Api, pairs: Pairs) -> None:
    assert create(shared, *pairs).status == 400


def test_a_users_token_creates_no_device(shared: Api) -> None:
    assert shared.status("POST", "/devices", [("prefix", "GA-EN")]) == 401


def test_windows_open_data_to_a_user_or_group(api: Api) -> None:
    path = f"/devices/{BOAT}/data_access_windows"
    span = [("start_time", 1361756171928.4912), ("end_time", 4517429771979.67)]
    assert api.post(path, [*span, ("read", "true"), ("modify", "false"), ("user_id", 5)])
    assert api.post(path, [*span, ("read", "true"), ("modify", "true"), ("group_id", 3)])
    found = windows(api, [("type", "read"), ("serial_numbers[]", BOAT)])
    recipients = [window["recipient"] for window in found]
    assert {"user": {"id": 5}} in recipients
    assert {"group": {"id": 3}} in recipients
    seen = windows(api.as_user(5))
    assert {window["device_serial_number"] for window in seen} == {BOAT}
    assert seen[0]["start_time"] == 1361756171928.4912
    assert seen[0]["end_time"] == 4517429771979.67


def test_windows_are_filtered(shared: Api) -> None:
    shared_one = [("type", "read"), ("serial_numbers[]", SHARED)]
    [window] = windows(shared, shared_one)
    assert window["permissions"] == {"read": True, "modify": False}
    late = ("start_time", int(window["end_time"] + 1))
    early = ("end_time", int(window["start_time"] - 1))
    assert windows(shared, [*shared_one, late]) == []
    assert windows(shared, [*shared_one, early]) == []
    assert windows(shared, [("type", "modify"), ("serial_numbers[]", SHARED)]) == []
    # The vendor's viewer asked for both kinds at once.
    both = [("types[]", "read"), ("types[]", "modify"), ("serial_numbers[]", SHARED)]
    assert len(windows(shared, both)) == 1
    assert shared.status("GET", "/devices/data_access_windows") == 400
    assert shared.status("GET", "/devices/data_access_windows", [("type", "x")]) == 400


@pytest.mark.parametrize(
    ("pairs", "status"),
    [
        ([("user_id", 3), ("group_id", 3), ("read", 1)], 400),
        ([("read", 1)], 400),
        ([("user_id", 3)], 400),
        ([("user_id", 999), ("read", 1)], 401),
    ],
)
def test_a_window_that_makes_no_sense_is_refused(shared: Api, pairs: Pairs, status: int) -> None:
    form = [("start_time", 1), ("end_time", 2), *pairs]
    assert shared.status("POST", f"/devices/{BOAT}/data_access_windows", form) == status


def test_a_window_needs_permission_on_the_device_and_an_end_after_its_start(shared: Api) -> None:
    form = [("start_time", 5), ("end_time", 2), ("user_id", 3), ("read", 1)]
    assert shared.status("POST", f"/devices/{BOAT}/data_access_windows", form) == 400
    assert shared.status("POST", f"/devices/{SHARED}/data_access_windows", form) == 401


def groups(api: Api, *pairs: tuple[str, object]) -> list[dict[str, Any]]:
    found = by_application(api, "GET", "/devicegroups", pairs).json()["devicegroups"]
    return [entry["devicegroup"] for entry in found]


def test_an_expiry_goes_in_as_milliseconds_and_comes_out_twice_otherwise(api: Api) -> None:
    api.server.clock.set(datetime(2018, 7, 1, tzinfo=UTC))
    form = [
        APPLICATION,
        ("prefix", "AA-AA"),
        ("create_devices", "true"),
        ("create_tokens", "1"),
        ("expiry", 1531709370000),
    ]
    group = by_application(api, "POST", "/devicegroups", form).json()["devicegroup"]
    assert group["expiry"] == 1531709370
    assert group["permissions"] == {"create_devices": True, "create_tokens": True}
    tokens = by_application(api, "GET", "/devicegroup_tokens", [APPLICATION]).json()
    expiries = {
        entry["devicegroup_token"]["id"]: entry["devicegroup_token"]["expiry"]
        for entry in tokens["devicegroup_tokens"]
    }
    assert expiries[group["id"]] == "2018-07-16 02:49:30 UTC"
    api.server.clock.set(datetime(2018, 8, 1, tzinfo=UTC))
    token = ("devicegroup_token", group["token"])
    assert create(api, ("prefix", "AA-AA"), token=token).status == 401


def test_groups_are_listed_without_expired_ones_and_subgroups_unless_asked(shared: Api) -> None:
    plain = {group["id"] for group in groups(shared, APPLICATION)}
    assert plain == {1, 2}
    assert {g["id"] for g in groups(shared, APPLICATION, ("show_expired", 1))} == {1, 2, 4}
    assert {g["id"] for g in groups(shared, APPLICATION, ("show_subgroups", 1))} == {1, 2, 3}


def test_groups_are_listed_by_their_tokens_alone(shared: Api) -> None:
    token = ("devicegroup_tokens[]", "sample-group-wind")
    assert {group["id"] for group in groups(shared, token)} == {2}
    assert {group["id"] for group in groups(shared, token, ("show_subgroups", 1))} == {2, 3}
    assert groups(shared, ("devicegroup_tokens[]", "guess")) == []
    assert by_application(shared, "GET", "/devicegroups", []).status == 401


def test_a_group_makes_devices_and_groups_within_its_prefix(api: Api) -> None:
    wind = ("devicegroup_token", "sample-group-wind")
    assert create(api, ("prefix", "DD-EE"), token=wind).status == 200
    assert create(api, ("prefix", "GA-EN"), token=wind).status == 401
    form = [
        wind,
        ("prefix", "DD-EE"),
        ("create_devices", 1),
        ("create_tokens", 0),
        ("default_owner_id", 4),
    ]
    below = by_application(api, "POST", "/devicegroups", form).json()["devicegroup"]
    token = ("devicegroup_token", below["token"])
    assert create(api, ("prefix", "DD-EE"), token=token).json()["device"]["owner_id"] == 4
    assert by_application(api, "POST", "/devicegroups", [token, *form[1:]]).status == 401
    listed = by_application(api, "GET", "/devicegroup_tokens", [wind]).json()
    parents = {
        entry["devicegroup_token"]["id"]: entry["devicegroup_token"]["parent_devicegroup_token_id"]
        for entry in listed["devicegroup_tokens"]
    }
    assert parents == {2: None, 3: 2, below["id"]: 2}


@pytest.mark.parametrize(
    ("pairs", "status"),
    [
        ([], 400),
        ([("prefix", "AA"), ("expiry", -5)], 400),
        ([("prefix", "AA"), ("expiry", "9" * 18)], 400),
        ([("prefix", "AA"), ("default_owner_id", 999)], 401),
        ([("prefix", "AA"), ("recipient", "nobody")], 401),
        ([("prefix", "AA"), ("recipient", "sample-group-boats")], 401),
    ],
)
def test_a_device_group_that_makes_no_sense_is_refused(
    shared: Api, pairs: Pairs, status: int
) -> None:
    assert by_application(shared, "POST", "/devicegroups", [APPLICATION, *pairs]).status == status
