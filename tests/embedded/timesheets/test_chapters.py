"""Users, groups, clients, projects, tasks, schedules, rates: one call writes, others show."""

from __future__ import annotations

import csv
import io

import pytest

from tests.embedded.timesheets.api import Api
from tests.embedded.timesheets.conftest import WEDNESDAY

NOON = int(WEDNESDAY.timestamp())


def _client(api: Api, name: str = "Client", **body: object) -> int:
    made: int = api.call("client/create", name=name, **body)["id"]
    return made


def _project(api: Api, client: int, name: str = "Project", **body: object) -> int:
    made: int = api.call("project/create", client_id=client, name=name, **body)["id"]
    return made


def test_users_by_field_and_in_groups(own: Api) -> None:
    made = own.call(
        "user/create",
        email="Ann@example.org",
        first_name="Ann",
        position="Diver",
        hourly_rate=5.5,
        settings=[{}],
        birth_date="1899-12-31",
        sex="female",
    )["id"]
    own.call("user/update", user_id=made, last_name="Lee", is_active=False)
    shown = own.call("user", user_id=made)["data"]
    expected = {"first_name": "Ann", "last_name": "Lee", "hourly_rate": 5.5, "activated": False}
    assert expected.items() <= shown.items()
    assert shown["settings"] == [{}]
    assert shown["roles"] == ["ROLE_USER"]
    for body, ids in (
        ({"email": "ANN@"}, [made]),
        ({"position": "diver"}, [made]),
        ({"is_active": True}, [1]),
        ({"user_id": 1, "is_active": False}, []),
        ({}, [1, made]),
        ({"limit": 1, "offset": 1}, [made]),
    ):
        assert [user["id"] for user in own.call("user/search", **body)["data"]] == ids, body
    groups = own.call("user/search_group", group_by="is_active", order="desc")["data"]["groups"]
    assert [group["value"] for group in groups] == [True, False]
    groups = own.call("user/search_group", group_by="position")["data"]["groups"]
    assert [group["value"] for group in groups] == ["Diver", "?"]


def test_groups_and_their_users(own: Api) -> None:
    """Point 9: a Boolean on create, a word on update and in answers."""
    made = own.call("group/create", name="Crew", status=False, pay_rate=10.5, notes="n")["id"]
    expected = {"id": made, "name": "Crew", "status": "inactive", "pay_rate": 10.5}
    assert own.call("group", group_id=made)["data"] == expected
    own.call("group/update", group_id=made, description="d", status="active")
    assert own.call("group/search", keyword="cr")["data"] == [{**expected, "status": "active"}]
    assert own.call("group/search", group_id=made + 1)["count"] == 0
    for _ in range(2):
        own.call("group/add_user", group_id=made, user_id=1)
    users = own.call("group/get_users", group_id=made)
    assert users["count"] == 1
    assert users["data"][0]["teams"] == [made]
    assert users["data"][0]["settings"] == {"datetime_format": "d/m/Y h:ia"}
    own.call("group/delete_user", group_id=made, user_id=1)
    assert own.call("group/get_users", group_id=made)["data"] == []
    own.call("group/add_user", group_id=made, user_id=1)
    own.call("group/delete", group_id=made)
    assert own.call("user")["data"]["teams"] == []


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        (12345678912, 12345678912),
        ("12345678912", 12345678912),
        ("+49 30 555", "+49 30 555"),
        ("0301", "0301"),
        ("9" * 16, "9" * 16),
    ],
)
def test_phones_are_numbers_where_that_loses_nothing(own: Api, sent: object, shown: object) -> None:
    """Point 16."""
    assert own.call("client", client_id=_client(own, phone=sent))["data"]["phone"] == shown


def test_ten_clients_unless_asked_for_more(api: Api) -> None:
    """Point 22."""
    answer = api.call("client/search")
    assert len(answer["data"]["clients"]) == 10
    assert answer["count"] == 14
    rest = api.call("client/search", offset=10)["data"]["clients"]
    assert [client["id"] for client in rest] == [11, 12, 13, 14]
    assert len(api.send("client/export_csv").text.splitlines()) == 11
    groups = api.call("client/search_group", group_by="state")["data"]["groups"]
    assert sum(group["count"] for group in groups) == 14


def test_clients_by_field(api: Api) -> None:
    def found(**body: object) -> list[int]:
        clients = api.call("client/search", limit=50, **body)["data"]["clients"]
        return [client["id"] for client in clients]

    assert found(client_ids=[3, 99, 1]) == [1, 3]
    assert found(name="SAILING") == [2]
    assert found(email="client7.") == [7]
    assert found(contact_info="desk 14") == [14]
    assert found(address="3 quay") == [3, 13]
    assert found(keyword="observatory") == [14]
    assert 14 not in found(user_id=2)
    assert found(user_id=2)


def test_clients_in_groups(api: Api) -> None:
    """Points 9 and 20: "?" comes last, and a status that is not active is left out."""
    answer = api.call("client/search_group", group_by="industry", **{"with": ["projects"]})
    values = [group["value"] for group in answer["data"]["groups"]]
    assert values == [*sorted(values[:-1]), "?"]
    assert answer["count"] == len(values)
    states = api.call("client/search_group", group_by="status", order_by="desc")["data"]["groups"]
    assert [group["value"] for group in states] == ["inactive", "active"]
    assert all("status" not in item for item in states[0]["items"])
    assert all(item["status"] == "active" for item in states[1]["items"])
    projects = answer["data"]["projects"]
    assert projects["1"]["tasks"] == sorted(projects["1"]["tasks"], reverse=True)
    only = api.call("client/search_group", status=False)["data"]["groups"]
    assert [item["id"] for group in only for item in group["items"]] == [13]


def test_clients_as_csv(own: Api) -> None:
    """Commas, quotes, line breaks and empty cells survive."""
    awkward = 'A, "B"\nC'
    made = _client(own, awkward, city="Bayshore", notes="=1+1")
    project = _project(own, made)
    answer = own.send("client/export_csv", {"city": "bayshore", "with": ["projects"]})
    assert answer.headers["content-type"].startswith("text/csv")
    headers, line = csv.reader(io.StringIO(answer.text, newline=""))
    row = dict(zip(headers, line, strict=True))
    assert row == {
        **dict.fromkeys(("email", "contact_info", "address", "state", "industry", "website"), ""),
        "id": str(made),
        "name": awkward,
        "city": "Bayshore",
        "notes": "=1+1",
        "status": "active",
        "projects": str(project),
    }
    assert "projects" not in own.send("client/export_csv").text


def test_projects_take_dates_in_both_forms(own: Api) -> None:
    """Points 11 and 30: project_id is what an update needs."""
    client = _client(own)
    made = _project(
        own,
        client,
        planned_start_date="2026-01-14",
        planned_end_date=NOON,
        estimated_duration=12.5,
        duration_unit="weeks",
    )
    shown = own.call("project", project_id=made)["data"]
    assert shown["planned_start_date"] == NOON - 12 * 3600
    assert shown["planned_end_date"] == NOON
    assert shown["estimated_duration"] == 12.5
    assert "actual_duration" not in shown
    assert own.refused("project/update", client_id=client, name="x")[0] == 400
    own.call("project/update", project_id=made, category="Film", status="done")
    other = _client(own, "Other")
    own.call("project/update", project_id=made, client_id=other)
    found = own.call("project/search", keyword="film", **{"with": ["clients", "tasks"]})
    assert found["data"]["projects"][0]["client_id"] == other
    assert found["data"]["clients"] == {
        str(other): {"id": other, "name": "Other", "status": "active"}
    }
    # Point 17: an empty map arrives as a list.
    assert found["data"]["tasks"] == []
    for body in ({"category": "x"}, {"status": "new"}, {"client_id": client}, {"name": "zz"}):
        assert own.call("project/search", **body)["count"] == 0, body
    assert own.call("project/search", duration_unit="weeks")["count"] == 1


def test_projects_in_groups(own: Api) -> None:
    """Points 4 and 20: a client's id is the value, two times are digits as text."""
    client = _client(own)
    first = _project(own, client, planned_end_date=NOON)
    second = _project(own, client, "Second", category="Film")
    own.server.clock.advance(seconds=1)
    own.call("project/update", project_id=first, name="First")
    groups = own.call("project/search_group")["data"]["groups"]
    assert groups == [
        {
            "value": client,
            "count": 2,
            "items": [
                {
                    "id": first,
                    "name": "First",
                    "status": "new",
                    "client_id": client,
                    "updated": str(NOON + 1),
                    "planned_end_date": str(NOON),
                },
                {"id": second, "name": "Second", "status": "new", "client_id": client},
            ],
        }
    ]
    groups = own.call("project/search_group", group_by="category")["data"]["groups"]
    assert [group["value"] for group in groups] == ["Film", "?"]


def test_tasks_show_entries_as_list_and_as_map(own: Api) -> None:
    """Points 6 and 7: count is inside data in the plain search."""
    project = _project(own, _client(own))
    task = own.call("task/create", project_id=project, name="T", estimate=90)["id"]
    own.call("task/update", task_id=task, estimate_unit="minutes", status="in-progress")
    entry = own.call("ts/create", user_id=1, task_id=task, start_time=10, end_time=70)["id"]
    own.call("task/add_user", task_id=task, user_id=1)
    shown = own.call("task", task_id=task, **{"with": ["users", "projects"]})["data"]
    (info,) = shown["tasks"]
    assert isinstance(info["entries"], list)
    assert info["entries"][0]["start_time"] == 10
    assert (info["estimate"], info["estimate_unit"], info["estimate_hours"]) == (90, "minutes", 1.5)
    assert shown["users"]["1"]["id"] == 1
    assert shown["projects"][str(project)]["tasks"] == [task]
    answer = own.call("task/search", project_id=project)
    assert "count" not in answer
    assert answer["data"]["count"] == 1
    expected = {"start_datetime": 10, "end_datetime": 70, "duration": 60}
    assert answer["data"]["tasks"][0]["entries"] == {str(entry): expected}
    assert answer["data"]["tasks"][0]["duration"] == 60
    history = own.call("task/history", task_id=task)
    assert [event["status"] for event in history["data"]] == ["new", "in-progress"]
    assert history["data"][0]["date"] == str(NOON)
    assert "count" not in history
    work = own.call("task/work_history", task_id=task, user_id=1)["data"]["time_entries"]
    assert (work[0]["start_time"], work[0]["end_time"]) == ("10", "70")
    assert own.call("task/work_history", task_id=task, user_id=2)["data"]["time_entries"] == []


def test_tasks_by_field_and_in_groups(own: Api) -> None:
    """Point 12: the grouped search knows the fields of projects, and project_id."""
    client = _client(own)
    film = _project(own, client, category="Film", duration_unit="days")
    web = _project(own, client, "Web", category="Web")
    first = own.call("task/create", project_id=film, name="Cut", description="long")["id"]
    second = own.call("task/create", project_id=web, name="Form", status="done")["id"]
    own.call("task/add_user", task_id=second, user_id=1)

    def found(**body: object) -> list[int]:
        return [task["id"] for task in own.call("task/search", **body)["data"]["tasks"]]

    assert found() == [first, second]
    assert found(project_id=film) == [first]
    assert found(task_id=second) == [second]
    assert found(user_id=1) == [second]
    assert found(name="CUT") == [first]
    assert found(keyword="long") == []
    with_teams = own.call("task/search", user_id=1, **{"with": ["users"]})["data"]
    assert with_teams["users"]["1"]["teams"] == []
    assert with_teams["teams"] == []

    def groups(**body: object) -> dict[object, list[int]]:
        answer = own.call("task/search_group", **body)["data"]["groups"]
        return {group["value"]: [item["id"] for item in group["items"]] for group in answer}

    assert groups() == {"new": [first], "done": [second]}
    assert groups(group_by="project", client_id=client) == {film: [first], web: [second]}
    assert groups(group_by="category", keyword="long") == {"Film": [first]}
    assert groups(duration_unit="days") == {"new": [first]}
    assert groups(project_id=web, status="new") == {}
    own.call("task/delete_user", task_id=second, user_id=1)
    assert found(user_id=1) == []


def test_schedules_and_rates(own: Api) -> None:
    """Points 5, 8 and 21."""
    body = {"days_of_week": {"monday": True, "sunday": True}, "start_time": "08:00"}
    flags = {"is_holiday": False, "is_overnight": True}
    made = own.call("schedule/create", name="S", end_time="07:59", **body, **flags)["id"]
    expected = own.call("schedule", schedule_id=made)["data"]
    assert own.call("schedule", shedule_id=made)["data"] == expected
    assert [day for day, on in expected["days_of_week"].items() if on] == ["monday", "sunday"]
    own.call("schedule/update", schedule_id=made, end_time="06:00")
    assert own.call("schedule/search", name="s")["data"] == [{**expected, "end_time": "06:00"}]
    rate = own.call(
        "rate/create", user_id=1, schedule_1=made, name="R", duration_unit="years", amount=5.5
    )["id"]
    shown = own.call("rate", rate_id=rate)["data"]
    assert shown == {
        "id": rate,
        "name": "R",
        "schedule_id": made,
        "user_id": 1,
        "amount": 5.5,
        "duration_unit": "years",
    }
    assert own.call("rate/search", amount=5.50)["count"] == 1
    assert own.call("rate/search", amount=5.51)["count"] == 0
    own.call("rate/update", rate_id=rate, amount=0, duration_unit="days")
    assert own.call("rate/search", duration_unit="days")["data"][0]["amount"] == 0
    own.call("schedule/delete", schedule_id=made)
    assert own.refused("rate", rate_id=rate) == (404, 5, "Rate not found.")
