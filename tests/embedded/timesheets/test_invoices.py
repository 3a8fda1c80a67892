"""Invoices: what they hold, what they cost, and what being paid means."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from tests.embedded.timesheets.api import Api
from tests.embedded.timesheets.conftest import WEDNESDAY

NOON = int(WEDNESDAY.timestamp())


@dataclass
class Work:
    """One client with two tasks; an hour of each is approved, one more hour is not."""

    client: int
    tasks: list[int]
    approved: list[int]
    waiting: int


@pytest.fixture
def work(own: Api) -> Work:
    user = own.call("user/create", email="u@example.org", hourly_rate=40.5)["id"]
    client = own.call("client/create", name="Client")["id"]
    project = own.call("project/create", client_id=client, name="Project")["id"]
    tasks = [own.call("task/create", project_id=project, name=name)["id"] for name in "AB"]
    body = {"user_id": user, "start_time": NOON - 3600, "end_time": NOON}
    approved = [own.call("ts/create", task_id=task, **body)["id"] for task in tasks]
    waiting = own.call("ts/create", task_id=tasks[0], **body)["id"]
    own.call("ts/approve", time_entry_ids=approved)
    return Work(client, tasks, approved, waiting)


def _payments(api: Api) -> dict[int, str]:
    entries = api.call("ts/search")["data"]["time_entries"]
    return {entry["id"]: entry["payment_status"] for entry in entries}


def test_amount_is_what_the_linked_entries_cost(own: Api, work: Work) -> None:
    """Point 28: created from tasks, priced by approved entries."""
    created = own.call("invoice/create", client_id=work.client, task_ids=work.tasks)
    shown = own.call("invoice", invoice_id=created["id"])["data"]
    # Points 3 and 4: digits as text, and payed_date only when it is paid.
    assert shown == {"id": created["id"], "due_date": str(NOON), "amount": 81, "status": "new"}
    again = own.call("invoice/create", client_id=work.client, task_ids=work.tasks)["id"]
    assert own.call("invoice", invoice_id=again)["data"]["amount"] == 0


def test_an_amount_that_is_sent_goes_before(own: Api, work: Work) -> None:
    made = own.call(
        "invoice/create", client_id=work.client, task_ids=[work.tasks[0]], amount=12.34, due_date=5
    )["id"]
    shown = own.call("invoice", invoice_id=made)["data"]
    assert (shown["amount"], shown["due_date"]) == (12.34, "5")
    rest = own.call("invoice/create", client_id=work.client, task_ids=work.tasks)["id"]
    assert own.call("invoice", invoice_id=rest)["data"]["amount"] == 40.5


def test_set_payed_pays_the_entries_too(own: Api, work: Work) -> None:
    """Point 29."""
    made = own.call("invoice/create", client_id=work.client, task_ids=work.tasks)["id"]
    assert set(_payments(own).values()) == {"pending"}
    answer = own.call("invoice/set_payed", invoice_id=made, payed_date=1587081600)
    assert answer["message"] == "Successfully payed."
    shown = own.call("invoice", invoice_id=made)["data"]
    assert (shown["status"], shown["payed_date"]) == ("paid", "1587081600")
    paid = {entry for entry, state in _payments(own).items() if state == "payed"}
    assert paid == set(work.approved)
    user = own.call("ts/search")["data"]["time_entries"][0]["user_id"]
    info = own.call("user", user_id=user)["data"]
    assert (info["paid_hours"], info["unapproved_hours"]) == (2, 1)


def test_status_of_an_update_is_a_payment_too(own: Api, work: Work) -> None:
    made = own.call("invoice/create", client_id=work.client, task_ids=work.tasks)["id"]
    own.call("invoice/update", invoice_id=made, status="paid", amount=80)
    shown = own.call("invoice", invoice_id=made)["data"]
    assert (shown["amount"], shown["payed_date"]) == (80, str(NOON))
    assert "payed" in _payments(own).values()
    own.call("invoice/update", invoice_id=made, status="new")
    assert "payed_date" not in own.call("invoice", invoice_id=made)["data"]
    assert set(_payments(own).values()) == {"pending"}


def test_an_invoice_can_start_as_paid(own: Api, work: Work) -> None:
    made = own.call("invoice/create", client_id=work.client, task_ids=work.tasks, status="paid")[
        "id"
    ]
    assert own.call("invoice", invoice_id=made)["data"]["payed_date"] == str(NOON)
    assert sorted(_payments(own).values()) == ["payed", "payed", "pending"]


def test_what_is_billed_stays_as_it_is(own: Api, work: Work) -> None:
    made = own.call("invoice/create", client_id=work.client, task_ids=work.tasks)["id"]
    project = own.call("task", task_id=work.tasks[0])["data"]["tasks"][0]["project"]
    for path, body in (
        ("ts/update", {"time_entry_id": work.approved[0], "end_datetime": NOON - 1}),
        ("ts/delete", {"time_entry_id": work.approved[0]}),
        ("task/delete", {"task_id": work.tasks[0]}),
        ("project/delete", {"project_id": project}),
        ("client/delete", {"client_id": work.client}),
    ):
        assert own.refused(path, **body)[:2] == (400, 400), path
    assert len(_payments(own)) == 3
    own.call("invoice/delete", invoice_id=made)
    own.call("client/delete", client_id=work.client)
    assert _payments(own) == {}
    for path, key in (("project", project), ("task", work.tasks[0])):
        assert own.refused(path, **{f"{path}_id": key})[:2] == (404, 5)


def test_a_deleted_invoice_frees_its_entries(own: Api, work: Work) -> None:
    made = own.call("invoice/create", client_id=work.client, task_ids=work.tasks)["id"]
    own.call("invoice/set_payed", invoice_id=made, payed_date=NOON)
    assert own.refused("invoice/delete", invoice_id=made)[0] == 400
    own.call("invoice/update", invoice_id=made, status="new")
    own.call("invoice/add_comment", invoice_id=made, content="oops")
    own.call("invoice/delete", invoice_id=made)
    again = own.call("invoice/create", client_id=work.client, task_ids=work.tasks)["id"]
    assert again > made
    assert own.call("invoice", invoice_id=again)["data"]["amount"] == 81
    assert own.call("invoice/comments", invoice_id=again)["count"] == 0


def test_a_refused_creation_keeps_nothing(own: Api, work: Work) -> None:
    refused = own.refused("invoice/create", client_id=work.client, task_ids=[*work.tasks, 999])
    assert refused == (404, 5, "Task not found.")
    assert own.call("invoice/search", client_id=[work.client])["count"] == 0


def test_search_is_by_clients_and_shows_ten(own: Api, work: Work) -> None:
    """Points 15 and 22."""
    made = [
        own.call(
            "invoice/create", client_id=work.client, task_ids=work.tasks, amount=at, due_date=at
        )["id"]
        for at in range(12)
    ]
    own.call("invoice/set_payed", invoice_id=made[3], payed_date=50)

    def found(**body: object) -> list[int]:
        answer = own.call("invoice/search", client_id=[work.client, 99], **body)
        return [invoice["id"] for invoice in answer["data"]]

    assert found() == made[:10]
    assert found(offset=10) == made[10:]
    assert found(limit=100) == made
    assert found(due_date=2) == made[:3]
    assert found(payed_date=50) == [made[3]]
    assert found(payed_date=49) == []
    assert own.call("invoice/search", client_id=[work.client])["count"] == 12
    assert own.call("invoice/search", client_id=[])["count"] == 0
    groups = own.call(
        "invoice/search_group", client_id=[work.client], group_by="status", order_by="desc"
    )["data"]["groups"]
    assert [(group["value"], group["count"]) for group in groups] == [("paid", 1), ("new", 11)]


def test_comments_name_their_writers(own: Api, work: Work) -> None:
    for chapter, key, subject in (
        ("task", "task_id", work.tasks[0]),
        ("ts", "time_entry_id", work.waiting),
    ):
        made = own.call(f"{chapter}/add_comment", **{key: subject, "content": "Ω [b]\x1b"})["id"]
        answer = own.call(f"{chapter}/comments", **{key: subject, "with": ["users"]})
        assert answer["data"]["comments"] == [
            {"id": made, "commentator": 1, "content": "Ω [b]\x1b", "date": NOON}
        ]
        assert answer["data"]["users"]["1"]["last_name"] == "Owner"
        assert answer["count"] == 1
        assert "users" not in own.call(f"{chapter}/comments", **{key: subject})["data"]
