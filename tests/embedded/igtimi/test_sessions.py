"""Sessions: what is listed to whom, and that names and times come from the log."""

from __future__ import annotations

from typing import Any

import pytest

from tests.embedded.igtimi.api import Api

HOUR = 3_600_000


def sessions(api: Api, **query: object) -> list[dict[str, Any]]:
    found = api.get("/sessions", list(query.items()))["sessions"]
    return [entry["session"] for entry in found]


def named(api: Api, name: str) -> dict[str, Any]:
    return next(s for s in sessions(api) if (s["name"] or "").startswith(name))


def add_entries(api: Api, session: int, *data: str) -> None:
    entries = "".join(f"<new_entry><data>{element}</data></new_entry>" for element in data)
    body = (
        f"<session><id>{session}</id><content><log_additions type='array'>{entries}"
        "</log_additions></content></session>"
    )
    answer = api.call("POST", f"/api/v1/sessions/{session}/logs", body=body.encode())
    assert answer.status == 200, answer.text


def test_the_sample_has_all_kinds_of_sessions(shared: Api) -> None:
    found = sessions(shared)
    names = [session["name"] for session in found]
    assert len(found) >= 24
    assert max(len(name or "") for name in names) == 300
    assert None in names
    assert any(session["start_time"] is None for session in found)
    assert any(session["end_time"] is None and session["start_time"] for session in found)
    assert {session["permissions"]["modify"] for session in found} == {True, False}


def test_a_new_session_is_empty_and_has_two_groups(api: Api) -> None:
    session = api.post("/sessions")["session"]
    assert set(session) == {
        "id",
        "name",
        "start_time",
        "end_time",
        "owner_id",
        "session_group_id",
        "admin_session_group_id",
        "permissions",
    }
    assert session["name"] is session["start_time"] is session["end_time"] is None
    assert session["session_group_id"] != session["admin_session_group_id"]
    assert sessions(api)[0]["id"] == session["id"]


def test_name_and_times_come_from_the_log(api: Api) -> None:
    session = api.post("/sessions")["session"]["id"]
    add_entries(
        api,
        session,
        "<session_name>First</session_name>",
        "<data_start_time>2013-03-04T01:42:20.333454Z</data_start_time>",
        "<data_end_time>2013-03-04T03:00:00+01:00</data_end_time>",
    )
    add_entries(api, session, "<session_name>Second &amp; last</session_name>")
    found = api.get(f"/sessions/{session}")["session"]
    assert found["name"] == "Second & last"
    assert found["start_time"] == pytest.approx(1362361340333.454)
    assert found["end_time"] == 1362362400000.0
    assert found["blob"] is False


def test_a_buried_entry_does_not_count(api: Api) -> None:
    session = api.post("/sessions")["session"]["id"]
    add_entries(api, session, "<session_name>Right</session_name>")
    add_entries(api, session, "<session_name>Wrong</session_name>")
    log = api.call("GET", f"/api/v1/sessions/{session}/logs").text
    wrong = log.split("<log_entry>")[2].split("<id>")[1].split("<")[0]
    add_entries(
        api,
        session,
        f"<tombstone_log_entry><log_entry_id>{wrong}</log_entry_id></tombstone_log_entry>",
    )
    assert api.get(f"/sessions/{session}")["session"]["name"] == "Right"


def test_filters(shared: Api) -> None:
    akaroa = named(shared, "Akaroa Snippets")
    assert [s["id"] for s in sessions(shared, **{"ids[]": akaroa["id"]})] == [akaroa["id"]]
    assert len(sessions(shared, limit=3)) == 3
    assert sessions(shared, limit=0) == []
    complete = sessions(shared, include_incomplete="false")
    assert complete
    assert all(s["start_time"] and s["end_time"] for s in complete)
    around = sessions(
        shared,
        include_incomplete="false",
        start_time=int(akaroa["start_time"] + HOUR),
        end_time=int(akaroa["start_time"] + HOUR),
    )
    assert akaroa["id"] in [s["id"] for s in around]
    later = sessions(shared, include_incomplete="false", start_time=int(akaroa["end_time"] + 1))
    assert akaroa["id"] not in [s["id"] for s in later]
    earlier = sessions(shared, include_incomplete="false", end_time=int(akaroa["start_time"] - 1))
    assert akaroa["id"] not in [s["id"] for s in earlier]


def test_public_false_leaves_out_what_is_only_public(shared: Api) -> None:
    everything = {s["name"] for s in sessions(shared)}
    mine = {s["name"] for s in sessions(shared, public="false")}
    assert "Lake crossing" in everything - mine
    assert "Kiel crew, long distance" in mine
    assert "Akaroa Snippets" in mine


def test_a_private_session_is_401_as_an_unknown_one(shared: Api) -> None:
    lars = shared.as_user(4)
    private = named(lars, "Private coaching")["id"]
    assert lars.status("GET", f"/sessions/{private}") == 200
    assert shared.status("GET", f"/sessions/{private}") == 401
    assert shared.status("GET", f"/sessions/{private}/logs") == 401
    assert shared.status("GET", "/sessions/99999") == 401


def test_who_may_only_read_may_not_change(shared: Api) -> None:
    crossing = named(shared, "Lake crossing")["id"]
    assert shared.status("DELETE", f"/sessions/{crossing}") == 401
    assert shared.status("POST", f"/sessions/{crossing}/blob", [("content", "x")]) == 401
    assert shared.call("POST", f"/api/v1/sessions/{crossing}/logs", body=b"<x/>").status == 401


def test_the_groups_of_a_session_share_it(api: Api) -> None:
    session = api.post("/sessions")["session"]
    number, mele = session["id"], api.as_user(5)
    assert mele.status("GET", f"/sessions/{number}") == 401
    api.post(f"/groups/{session['session_group_id']}/members", [("user_id", 5)])
    seen = mele.get(f"/sessions/{number}")["session"]
    assert seen["permissions"] == {"read": True, "modify": False}
    api.post(f"/groups/{session['admin_session_group_id']}/members", [("user_id", 5)])
    assert mele.get(f"/sessions/{number}")["session"]["permissions"]["modify"] is True
    application = api.as_user(None)
    assert application.status("GET", f"/sessions/{number}") == 401
    api.post(f"/groups/{session['session_group_id']}/make_public")
    assert application.status("GET", f"/sessions/{number}") == 200


def test_a_deleted_session_is_gone_with_its_groups(api: Api) -> None:
    session = api.post("/sessions")["session"]
    assert api.delete(f"/sessions/{session['id']}") == {"success": True}
    assert api.status("GET", f"/sessions/{session['id']}") == 401
    assert api.status("GET", f"/groups/{session['session_group_id']}/members") == 401


def test_blob_content_in_the_list(shared: Api) -> None:
    with_blob = [s for s in sessions(shared, blob_content="true") if s["blob"]]
    assert [s["blob_content"] for s in with_blob] == ['{"stars": 4}']


def test_quirks_add_fields_whole_times_and_encoded_names(quirky: Api) -> None:
    found = sessions(quirky)
    assert all({"parent_session_id", "ou"} <= set(session) for session in found)
    assert any(isinstance(session["start_time"], int) for session in found)
    assert any("%20" in (session["name"] or "") for session in found)
