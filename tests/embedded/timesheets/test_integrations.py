"""Accounts elsewhere: set, imported from, exported to, forgotten."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.embedded.timesheets.api import Api


def _connect(api: Api, name: str, **settings: bool) -> None:
    api.call(f"integration/{name}/update", client_id="me", client_secret="s3cret")
    if settings:
        api.call(f"integration/{name}/update", settings=settings)


def test_nothing_goes_without_an_account(own: Api) -> None:
    for call in ("authorize", "import_employees", "import_customers", "export_timeentries"):
        assert own.refused(f"integration/adp/{call}")[0] == 400, call
    assert own.call("integration/adp/disconnect")["message"] == "Disconnect success"


def test_the_link_carries_no_secret_and_leads_nowhere(own: Api) -> None:
    _connect(own, "qbo")
    url = own.call("integration/qbo/authorize")["data"]["url"]
    asked = parse_qs(urlsplit(url).query)
    assert urlsplit(url).hostname == "qbo.example.org"
    assert (asked["client_id"], asked["state"]) == (["me"], ["demo"])
    assert asked["redirect_uri"][0].startswith(own.server.base_url)
    assert "s3cret" not in url
    kept = own.server.context.database.read("SELECT * FROM timesheets_integrations")
    assert "s3cret" not in str([tuple(row) for row in kept])


def test_employees_are_imported_once_and_updated_later(own: Api) -> None:
    """Points 17 and 25: empty maps are lists; every call takes every name."""
    _connect(own, "xero")
    first = own.call("integration/xero/import_employees")["data"]
    assert len(first["imported"]) == 3
    assert first["updated"] == []
    emails = {person["email"] for person in first["imported"].values()}
    assert any(email.startswith("xero_employee_") for email in emails)
    second = own.call("integration/xero/import_employees")["data"]
    assert second == {"imported": [], "updated": first["imported"]}
    users = own.call("user/search")["data"]
    assert {str(user["id"]) for user in users if user["id"] != 1} == set(first["imported"])
    gone = int(next(iter(first["imported"])))
    own.call("user/delete", user_id=gone)
    third = own.call("integration/xero/import_employees")["data"]
    assert len(third["imported"]) == 1
    assert str(gone) not in third["imported"]


def test_switches_add_rates_vendors_and_customers(own: Api) -> None:
    _connect(own, "qbo", import_employee_rates=True, import_vendors_as_employees=True)
    _connect(own, "qbo", import_customers=True)
    imported = own.call("integration/qbo/import_employees")["data"]["imported"]
    assert len(imported) == 4
    rates = [user["hourly_rate"] for user in own.call("user/search")["data"]]
    assert rates == [0, 31.5, 28, 36.75, 54]
    assert own.call("client/search")["count"] == 2
    own.call("integration/qbo/update", settings={"import_employees": False})
    again = own.call("integration/qbo/import_employees")["data"]
    assert len(again["updated"]) == 1


def test_customers_come_with_projects_and_tasks(own: Api) -> None:
    _connect(own, "xero")
    first = own.call("integration/xero/import_customers")["data"]
    names = [client["name"] for client in first["customers"]["imported"].values()]
    assert names == ["Bank West", "Basket Case"]
    ((project, shown),) = first["projects"]["imported"].items()
    assert shown["tasks"] == sorted(map(int, first["tasks"]["imported"]), reverse=True)
    assert first["customers"]["passed"] == []
    own.server.clock.advance(seconds=1)
    changed = int(next(iter(first["customers"]["imported"])))
    own.call("client/update", client_id=changed, name="Bank East")
    second = own.call("integration/xero/import_customers")["data"]
    assert second["customers"]["passed"] == {str(changed): {"name": "Bank East"}}
    assert list(second["customers"]["updated"].values()) == [{"name": "Basket Case"}]
    assert second["projects"]["passed"] == {project: shown}
    assert second["tasks"] == {**second["tasks"], "imported": [], "passed": _names(first)}
    own.call("client/delete", client_id=changed)
    third = own.call("integration/xero/import_customers")["data"]
    assert len(third["customers"]["imported"]) == 1
    assert len(third["tasks"]["imported"]) == 3


def _names(answer: Any) -> Any:
    return answer["tasks"]["imported"]


def test_entries_are_exported_once_and_again_when_changed(own: Api) -> None:
    _connect(own, "qbo")
    clock = own.server.clock
    good = own.call("ts/create", user_id=1, start_time=10, end_time=70)["id"]
    running = own.call("ts/create", user_id=1)["id"]
    clock.advance(seconds=1)
    wanted = [good, running, 999, good]
    data = own.call("integration/qbo/export_timeentries", time_entry_ids=wanted)["data"]
    assert data["time_entries"]["exported"] == [{str(good): "1"}]
    assert data["time_entries"]["fail"]["999"] == "TimeEntry not found."
    assert data["time_entries"]["fail"][str(running)].startswith("Invalid multiple time durations")
    assert data["users"]["exported"] == {"1": {"id": "1", "name": "Demo Owner", "hourly_rate": 0}}
    assert data["users"]["fail"] == []
    assert own.call("user")["data"]["exported"] == int(clock().timestamp())
    again = own.call("integration/qbo/export_timeentries", time_entry_ids=[good])["data"]
    assert again["time_entries"] == {"exported": [], "updated": [], "passed": [good], "fail": []}
    assert list(again["users"]["passed"]) == ["1"]
    clock.advance(seconds=1)
    own.call("ts/update", time_entry_id=good, end_datetime=80)
    third = own.call("integration/qbo/export_timeentries", time_entry_ids=[good])["data"]
    assert third["time_entries"]["updated"] == [{str(good): "1"}]
    own.call("integration/qbo/disconnect")
    assert own.refused("integration/qbo/export_timeentries", time_entry_ids=[good])[0] == 400
