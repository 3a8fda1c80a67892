"""Account, users, groups and their members, and blobs."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote_from_bytes

import pytest

from tests.embedded.igtimi.api import BOAT, Api

ALL_BYTES = bytes(range(256)) + b"&=%+ \r\n" + "ø".encode()


def members(api: Api, group: int, **query: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = api.get(f"/groups/{group}/members", list(query.items()))[
        "members"
    ]
    return found


def new_group(api: Api, name: str) -> int:
    return int(api.post("/groups", [("name", name)])["group"]["id"])


def group_ids(api: Api, **query: str) -> set[int]:
    return {entry["group"]["id"] for entry in api.get("/groups", list(query.items()))["groups"]}


def test_the_account_has_no_blob_key_and_users_do(shared: Api) -> None:
    account = shared.get("/account")["user"]
    assert account == {
        "id": 2,
        "first_name": "Demo",
        "surname": "Skipper",
        "email": "skipper@example.org",
    }
    users = [entry["user"] for entry in shared.get("/users")["users"]]
    assert {user["id"]: user["blob"] for user in users}[2] is True
    assert shared.get("/users/3")["user"]["surname"] == "Kovač"


def test_an_unknown_user_is_401(shared: Api) -> None:
    assert shared.status("GET", "/users/999") == 401
    assert shared.status("GET", "/users/999/blob") == 401
    assert shared.status("GET", "/users/abc") == 401


@pytest.mark.parametrize(
    "path",
    ["/users/3", f"/devices/{BOAT}", "/groups/{group}", "/sessions/{session}", "/resources/1"],
)
def test_a_blob_comes_back_byte_for_byte(api: Api, path: str) -> None:
    filled = path.format(
        group=new_group(api, "blobs") if "group" in path else 0,
        session=api.post("/sessions")["session"]["id"] if "session" in path else 0,
    )
    body = b"content=" + quote_from_bytes(ALL_BYTES).encode()
    kind = "application/x-www-form-urlencoded"
    saved = api.call("POST", f"/api/v1{filled}/blob", body=body, kind=kind)
    assert saved.json() == {"success": True}
    assert api.call("GET", f"/api/v1{filled}/blob").body == ALL_BYTES


def test_a_blob_may_come_as_multipart(shared: Api) -> None:
    body = (
        b'--b\r\nContent-Disposition: form-data; name="content"\r\n\r\n'
        + ALL_BYTES
        + b"\r\n--b--\r\n"
    )
    shared.call("POST", "/api/v1/users/4/blob", body=body, kind="multipart/form-data; boundary=b")
    assert shared.call("GET", "/api/v1/users/4/blob").body == ALL_BYTES


def test_a_blob_without_content_is_refused_and_an_empty_one_is_kept(shared: Api) -> None:
    assert shared.status("POST", "/users/5/blob") == 400
    assert shared.status("GET", "/users/5/blob") == 401
    assert shared.status("POST", "/users/5/blob", [("content", "")]) == 200
    assert shared.call("GET", "/api/v1/users/5/blob").body == b""


def test_blob_content_is_shown_when_asked_for(shared: Api) -> None:
    groups = [e["group"] for e in shared.get("/groups", [("blob_content", "true")])["groups"]]
    with_blob = [group for group in groups if group["blob"]]
    assert with_blob[0]["blob_content"] == '{"flag": "U"}'
    assert all("blob_content" not in e["group"] for e in shared.get("/groups")["groups"])


def test_a_group_lives_from_creation_to_deletion(api: Api) -> None:
    answer = api.post("/groups", [("name", "Jury <b>&</b>")])
    group = answer["group"]["id"]
    assert answer == {"group": {"name": "Jury <b>&</b>", "id": group}}
    assert group in group_ids(api)
    assert group in group_ids(api, hidden="false")
    assert group not in group_ids(api, hidden="true")
    assert group_ids(api, group_id=str(group)) == {group}
    assert api.delete(f"/groups/{group}") == {"success": True}
    assert group not in group_ids(api)
    assert api.status("DELETE", f"/groups/{group}") == 401


def test_the_services_own_groups_are_hidden_and_cannot_be_changed(shared: Api) -> None:
    groups = {e["group"]["name"]: e["group"] for e in shared.get("/groups")["groups"]}
    for name in ("_public", "_members"):
        assert groups[name]["hidden"] is True
        assert groups[name]["permissions"] == {"read": True, "modify": False}
        assert shared.status("DELETE", f"/groups/{groups[name]['id']}") == 401


def test_members_come_and_go(api: Api) -> None:
    group, other = new_group(api, "crew"), new_group(api, "friends")
    api.post(f"/groups/{group}/members", [("user_id", 3)])
    api.post(f"/groups/{group}/members", [("group_id", other)])
    api.post(f"/groups/{group}/members", [("user_id", 3)])
    assert members(api, group) == [
        {"user": {"id": 2, "permissions": {"read": True, "modify": True}}},
        {"user": {"id": 3, "permissions": {"read": True, "modify": False}}},
        {"group": {"id": other, "permissions": {"read": True, "modify": False}}},
    ]
    api.delete(f"/groups/{group}/members", [("user_id", 3)])
    assert [m["user"]["id"] for m in members(api, group) if "user" in m][1:] != [3]
    assert api.status("DELETE", f"/groups/{group}/members", [("user_id", 3)]) == 401


def test_hidden_groups_can_be_left_out_of_the_members(api: Api) -> None:
    group = new_group(api, "crew")
    hidden = api.post("/sessions")["session"]["session_group_id"]
    api.post(f"/groups/{group}/members", [("group_id", hidden)])
    assert {"group"} <= {key for m in members(api, group) for key in m}
    assert all("group" not in m for m in members(api, group, hidden="false"))


def test_modify_is_granted_and_revoked(api: Api) -> None:
    group, ana = new_group(api, "crew"), api.as_user(3)
    assert ana.status("GET", f"/groups/{group}/members") == 401
    api.post(f"/groups/{group}/members", [("user_id", 3)])
    assert ana.status("GET", f"/groups/{group}/members") == 200
    assert ana.status("POST", f"/groups/{group}/make_public") == 401
    api.post(f"/groups/{group}/grant_modify", [("user_id", 3)])
    assert ana.status("POST", f"/groups/{group}/make_public") == 200
    api.delete(f"/groups/{group}/revoke_modify", [("user_id", 3)])
    assert ana.status("POST", f"/groups/{group}/make_private") == 401
    # Revoking takes the permission, not the membership.
    assert ana.status("GET", f"/groups/{group}/members") == 200


def test_permission_reaches_through_a_group_that_is_a_member(api: Api) -> None:
    outer, inner, lars = new_group(api, "outer"), new_group(api, "inner"), api.as_user(4)
    api.post(f"/groups/{outer}/grant_modify", [("group_id", inner)])
    assert lars.status("POST", f"/groups/{outer}/make_public") == 401
    api.post(f"/groups/{inner}/members", [("user_id", 4)])
    assert lars.status("POST", f"/groups/{outer}/make_public") == 200


def test_groups_in_a_circle_end(api: Api) -> None:
    one, two = new_group(api, "one"), new_group(api, "two")
    api.post(f"/groups/{one}/members", [("group_id", two)])
    api.post(f"/groups/{two}/members", [("group_id", one)])
    assert {one, two} <= group_ids(api)
    assert api.status("POST", f"/groups/{one}/members", [("group_id", one)]) == 400


def test_public_is_a_member_without_a_name(api: Api) -> None:
    group, mele = new_group(api, "open"), api.as_user(5)
    api.post(f"/groups/{group}/make_public")
    assert {"public": True} in members(mele, group)
    api.post(f"/groups/{group}/make_private")
    assert mele.status("GET", f"/groups/{group}/members") == 401


@pytest.mark.parametrize("form", [[], [("user_id", 3), ("group_id", 2)]])
def test_a_member_is_either_a_user_or_a_group(api: Api, form: list[tuple[str, object]]) -> None:
    group = new_group(api, "crew")
    assert api.status("POST", f"/groups/{group}/members", form) == 400


def test_an_unknown_member_is_401(api: Api) -> None:
    group = new_group(api, "crew")
    assert api.status("POST", f"/groups/{group}/members", [("user_id", 999)]) == 401
    assert api.status("DELETE", f"/groups/{group}/revoke_modify", [("user_id", 5)]) == 401
