"""Clocks and breaks: at most one runs, breaks come off, and what changed is remembered."""

from __future__ import annotations

from typing import Any

import pytest

from tests.embedded.timesheets.api import Api, member
from tests.embedded.timesheets.conftest import WEDNESDAY
from tests.harness import EmbeddedServer

NOON = int(WEDNESDAY.timestamp())


@pytest.fixture
def task(own: Api) -> int:
    client = own.call("client/create", name="Client")["id"]
    project = own.call("project/create", client_id=client, name="Project")["id"]
    made: int = own.call("task/create", project_id=project, name="Task")["id"]
    own.call("task/add_user", task_id=made, user_id=1)
    return made


def _running(api: Api) -> Any:
    return api.call("user/dashboard")["data"]["current_time_entry"]


def test_a_clock_runs_and_stops(own: Api, task: int) -> None:
    """Points 26 and 27: no id comes back, the dashboard has it."""
    assert _running(own) == []
    body = {"task_id": task, "location": [54.1, -10.5], "comment": "off we go"}
    assert own.call("ts/start", **body) == {"status": "SUCCESS", "message": "Starteed."}
    own.server.clock.advance(minutes=10)
    running = _running(own)
    assert running["task_id"] == task
    assert running["duration"] == 600
    assert running["start_location"] == [54.1, -10.5]
    assert "end_time" not in running
    stopped = own.call("ts/stop", comment="done", location=[54.2, -10.6])
    assert stopped == {"status": "SUCCESS", "message": "Stopped."}
    assert _running(own) == []
    entry = own.call("ts/search")["data"]["time_entries"][0]
    assert (entry["start_time"], entry["end_time"]) == (NOON, NOON + 600)
    assert entry["comments"] == 2
    assert entry["end_location"] == [54.2, -10.6]
    assert own.call("task", task_id=task)["data"]["tasks"][0]["duration"] == 600


def test_a_second_clock_is_refused_with_http_200(own: Api, task: int) -> None:
    own.call("ts/start", task_id=task)
    refusal = (200, None, "Found started TimeEntry.")
    assert own.refused("ts/start", task_id=task) == refusal
    assert own.refused("ts/start") == refusal
    assert own.refused("ts/create", user_id=1) == refusal
    assert own.refused("ts/start", task_id=999) == (200, None, "Task not found.")
    assert own.call("ts/search")["count"] == 1


def test_users_have_a_clock_each(own_server: EmbeddedServer, own: Api, task: int) -> None:
    other, user_id = member(own_server)
    own.call("ts/start", task_id=task)
    other.call("ts/start", task_id=task)
    other.call("ts/stop")
    assert _running(own)["user_id"] == 1
    assert own.call("user/dashboard", user_id=user_id)["data"]["current_time_entry"] == []


def test_stop_names_the_task_or_none(own: Api, task: int) -> None:
    nothing = (404, 5, "Started TimeEntry not found.")
    assert own.refused("ts/stop") == nothing
    own.call("ts/start", task_id=task)
    assert own.refused("ts/stop", task_id=task + 1) == nothing
    own.call("ts/stop", task_id=task)


def test_breaks_come_off_the_duration(own: Api, task: int) -> None:
    """Points 4, 5 and 18: two names and two forms for the same times."""
    own.call("ts/start", task_id=task)
    entry = _running(own)["id"]
    clock = own.server.clock
    clock.advance(minutes=5)
    first = own.call("ts/break_start", time_entry_id=entry)["id"]
    assert own.refused("ts/break_start", time_entry_id=entry) == (200, None, "Found started Break.")
    clock.advance(minutes=2)
    assert _running(own)["duration"] == 300
    own.call("ts/break_stop", time_entry_id=entry)
    assert own.refused("ts/break_stop", time_entry_id=entry)[:2] == (404, 5)
    clock.advance(minutes=3)
    own.call("ts/break_start", time_entry_id=entry)
    clock.advance(minutes=1)
    own.call("ts/stop")
    assert own.refused("ts/break_start", time_entry_id=entry)[:2] == (404, 5)
    answer = own.call("ts/breaks", time_entry_id=entry)
    assert answer["count"] == 2
    assert answer["data"][0] == {
        "id": first,
        "start_datetime": str(NOON + 300),
        "end_datetime": str(NOON + 420),
        "time_entry": entry,
        "duration": 120,
    }
    assert answer["data"][1]["duration"] == 60
    shown = own.call("ts/get", time_entry_id=entry, **{"with": ["breaks"]})["data"]
    assert shown["time_entry"]["breaks"] == 2
    assert shown["time_entry"]["duration"] == 8 * 60
    pause = {"start_time": NOON + 300, "end_time": NOON + 420, "duration": 120}
    assert shown["breaks"][0] == {"id": first, **pause}


def test_create_defaults_to_now_and_runs(own: Api, task: int) -> None:
    entry = own.call("ts/create", user_id=1, task_id=task)["id"]
    assert _running(own)["id"] == entry
    assert _running(own)["start_time"] == NOON
    refused = own.refused("ts/create", user_id=1, start_time=NOON + 60)
    assert refused[0] == 400
    assert own.call("ts/create", user_id=1, start_time=NOON + 60, end_time=NOON + 61)["id"] > entry


def test_update_uses_other_names_and_asks_for_approval_again(own: Api, task: int) -> None:
    entry = own.call("ts/create", user_id=1, start_time=NOON - 3600, end_time=NOON)["id"]
    assert own.call("ts/approve", time_entry_ids=[entry])["data"] == [entry]
    own.call("ts/update", time_entry_id=entry, end_time=1)
    assert own.call("ts/get", time_entry_id=entry)["data"]["time_entry"]["end_time"] == NOON
    own.call("ts/update", time_entry_id=entry, task_id=task, end_datetime=NOON - 60)
    shown = own.call("ts/get", time_entry_id=entry)["data"]["time_entry"]
    assert (shown["task_id"], shown["end_time"], shown["duration"]) == (task, NOON - 60, 3540)
    assert shown["status"] == "in-progress"
    assert "approve_date" not in shown
    bad = own.refused("ts/update", time_entry_id=entry, start_datetime=NOON)
    assert bad[0] == 400
    history = own.call("ts/history", time_entry_id=entry)
    states = [event["status"] for event in history["data"]]
    assert states == ["in-progress", "approved", "in-progress"]
    assert history["data"][0]["event_date"] == "2026-01-14 12:00:00"
    assert history["data"][0]["user"] == {"first_name": "Demo", "last_name": "Owner"}
    assert "count" not in history


def test_breaks_stay_inside(own: Api) -> None:
    entry = own.call("ts/create", user_id=1)["id"]
    own.server.clock.advance(minutes=1)
    own.call("ts/break_start", time_entry_id=entry)
    own.server.clock.advance(minutes=1)
    own.call("ts/stop")
    assert own.refused("ts/update", time_entry_id=entry, end_datetime=NOON + 90)[0] == 400
    assert own.refused("ts/update", time_entry_id=entry, start_datetime=NOON + 61)[0] == 400
    own.call("ts/update", time_entry_id=entry, end_datetime=NOON + 180)


def test_approve_takes_what_has_ended_and_was_not_approved(own: Api) -> None:
    ended = own.call("ts/create", user_id=1, start_time=NOON - 60, end_time=NOON)["id"]
    running = own.call("ts/create", user_id=1)["id"]
    answer = own.call("ts/approve", time_entry_ids=[running, ended, 999])
    assert (answer["data"], answer["count"]) == ([ended], 1)
    assert own.call("ts/approve", time_entry_ids=[ended])["data"] == []
    assert own.call("ts/approve")["data"] == []
    shown = own.call("ts/get", time_entry_id=ended)["data"]["time_entry"]
    assert (shown["status"], shown["approve_date"]) == ("approved", NOON)


def test_delete_takes_all_that_hangs_on_it(own: Api) -> None:
    entry = own.call("ts/create", user_id=1, comment="x")["id"]
    own.call("ts/break_start", time_entry_id=entry)
    own.call("ts/delete", time_entry_id=entry)
    assert own.refused("ts/get", time_entry_id=entry)[:2] == (404, 5)
    for table in ("entries", "breaks", "comments", "entry_history"):
        row = own.server.context.database.one(f"SELECT COUNT(*) FROM timesheets_{table}")
        assert row is not None
        assert row[0] == 0, table


def test_not_modified_until_something_changes(own: Api, task: int) -> None:
    for path in ("user/dashboard", "user/history"):
        own.server.clock.advance(seconds=5)
        before = own.call(path)["timestamp"]
        own.server.clock.advance(seconds=5)
        answer = own.call(path, last_update=before)
        assert answer["status"] == "NOT-MODIFIED"
        assert answer["timestamp"] == before + 5
        assert "data" not in answer
        own.call("ts/create", user_id=1, task_id=task, start_time=1, end_time=2)
        assert own.call(path, last_update=before)["status"] == "SUCCESS"
        # A change in the very second of the last answer is not lost.
        assert own.call(path, last_update=before + 5)["status"] == "SUCCESS"
        assert own.call(path, last_update=before + 6)["status"] == "NOT-MODIFIED"
        own.call("task/update", task_id=task, name="Renamed")
        assert own.call(path, last_update=before + 5)["status"] == "SUCCESS"


def test_history_filters_and_sorts(own: Api, task: int) -> None:
    first = own.call("ts/create", user_id=1, task_id=task, start_time=100, end_time=200)["id"]
    second = own.call("ts/create", user_id=1, start_time=300, end_time=400)["id"]
    third = own.call("ts/create", user_id=1, task_id=task)["id"]

    def found(**body: object) -> list[int]:
        answer = own.call("user/history", **body)
        assert answer["count"] == len(answer["data"]["time_entries"])
        return [entry["id"] for entry in answer["data"]["time_entries"]]

    assert found() == [third, second, first]
    assert found(filters={"task_id": task}) == [third, first]
    assert found(filters={"task_id": {"value": task}, "status": "done"}) == [first]
    assert found(filters={"status": {"value": "done", "operand": "!="}}) == [third]
    assert found(filters={"start_time": {"value": 300, "operand": "<="}}) == [second, first]
    assert found(filters={"status": "approved"}) == []
    assert found(sorts={"start_time": "asc"}) == [first, second, third]
    assert found(filters=[], sorts=[]) == [third, second, first]
    assert own.call("user/history")["data"]["time_entries"][2]["end_time"] == "1970-01-01 00:03:20"


def test_search_filters(own: Api, task: int) -> None:
    first = own.call("ts/create", user_id=1, task_id=task, start_time=100, end_time=200)["id"]
    second = own.call(
        "ts/create", user_id=1, start_time=300, end_time=400, comment="A NEEDLE in hay"
    )["id"]
    own.call("ts/approve", time_entry_ids=[first])

    def found(**body: object) -> list[int]:
        return [entry["id"] for entry in own.call("ts/search", **body)["data"]["time_entries"]]

    project = own.call("task", task_id=task)["data"]["tasks"][0]["project"]
    assert found() == [first, second]
    assert found(time_entry_ids=[second, 77]) == [second]
    assert found(time_entry_ids=[]) == []
    assert found(task_id=task) == [first]
    assert found(project_id=project) == [first]
    assert found(status="approved") == [first]
    assert found(payment_status="payed") == []
    assert found(start_datetime=101) == [second]
    assert found(end_datetime=100) == [first]
    assert found(keywords="needle") == [second]
    assert found(keywords="TASK") == [first]
    assert found(keywords="%") == []
    assert found(limit=1) == [first]
    assert found(limit=1, offset=1) == [second]
    assert found(limit=0) == []
    assert own.call("ts/search", limit=1)["count"] == 2


def test_groups_of_entries(own: Api, task: int) -> None:
    """Point 20: a group's value is a number, a word, or "?"."""
    own.call("ts/create", user_id=1, task_id=task, start_time=100, end_time=200)
    own.call("ts/create", user_id=1, start_time=100, end_time=200)

    def values(**body: object) -> list[object]:
        groups = own.call("ts/search_group", **body)["data"]["groups"]
        assert all(group["count"] == len(group["items"]) for group in groups)
        return [group["value"] for group in groups]

    assert values(group_by="user") == [1]
    assert values(group_by="status") == ["in-progress"]
    assert values(group_by="task") == [task, "?"]
    assert values(group_by="task", order_by="desc") == [task, "?"]
    assert values(group_by="schedule") == ["?"]
    assert values(group_by="task", limit=1, offset=1) == ["?"]
    assert own.call("ts/search_group", group_by="task", limit=1)["count"] == 2


def test_export_is_csv(own: Api, task: int) -> None:
    entry = own.call("ts/create", user_id=1, task_id=task, start_time=100, end_time=200)["id"]
    answer = own.send("ts/export", {})
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    line = f"{entry},1,{task},100,200,100,0,in-progress,pending,\r\n"
    assert answer.text == line
    headed = own.send("ts/export", {"with_headers": True, "status": "in-progress"}).text
    assert headed.startswith("id,user_id,task_id,start_time,end_time,duration,")
    assert headed.endswith(line)
    assert own.send("ts/export", {"status": "approved"}).text == ""


def test_overnight_and_weekend_schedules(own: Api) -> None:
    days = dict.fromkeys(("monday", "tuesday", "wednesday", "thursday", "friday"), True)
    night = own.call(
        "schedule/create",
        name="Night",
        days_of_week=days,
        start_time="22:00",
        end_time="05:59",
        is_holiday=False,
        is_overnight=True,
    )["id"]
    own.call(
        "schedule/create",
        name="Holiday",
        days_of_week=days,
        start_time="00:00",
        end_time="23:59",
        is_holiday=True,
        is_overnight=False,
    )
    day, hour = 86400, 3600
    friday = NOON + 2 * day - 12 * hour
    moments = {
        friday + 22 * hour: night,
        friday + day + 6 * hour - 1: night,
        friday + day + 6 * hour: None,
        friday + day + 22 * hour: None,
        friday + 2 * day + 1 * hour: None,
        friday + 22 * hour - 1: None,
    }
    for moment, expected in moments.items():
        entry = own.call("ts/create", user_id=1, start_time=moment, end_time=moment + 1)["id"]
        group = own.call("ts/search_group", time_entry_ids=[entry], group_by="schedule")
        assert group["data"]["groups"][0]["value"] == (expected or "?"), moment - friday
