"""Login, registration, tokens, and who may do what."""

from __future__ import annotations

import re

import pytest

from tests.embedded.timesheets.api import PREFIX, Api, member, owner
from tests.harness import EmbeddedServer
from tui.embedded.timesheets.access import TOKENS

NO_TOKEN = (401, 9, "Auth token not specified or incorrect.")


def test_token_looks_like_the_sample_and_opens_the_door(server: EmbeddedServer) -> None:
    api = owner(server)
    assert re.fullmatch(r"\$2y\$10\$[./A-Za-z0-9]{53}", api.token)
    assert api.call("user")["data"]["email"] == server.credentials.timesheets_email


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Bearer $2y$10$x", "Basic YTpi"])
def test_anything_else_is_401_with_code_9(server: EmbeddedServer, header: str) -> None:
    headers = {"Authorization": header} if header else {}
    answer = server.http("POST", f"{PREFIX}/user", json_body={}, headers=headers)
    assert (answer.status, answer.json()["error_code"], answer.json()["message"]) == NO_TOKEN


def test_login_is_refused_in_the_same_words_for_user_and_password(server: EmbeddedServer) -> None:
    known = server.credentials.timesheets_email
    refusals = {
        Api(server).refused("login", email=email, password="not-the-password")
        for email in (known, "nobody@example.org", "amara@example.org")
    }
    assert refusals == {(401, 9, "Email or password incorrect.")}


def test_sample_users_have_no_password_to_guess(server: EmbeddedServer) -> None:
    refused = Api(server).refused("login", email="amara@example.org", password="")
    assert refused[:2] == (401, 9)


@pytest.mark.parametrize(
    ("length", "on_register", "on_create"),
    [(7, False, False), (8, True, True), (15, True, True), (16, True, False), (17, False, False)],
)
def test_lengths_of_passwords(own: Api, length: int, on_register: bool, on_create: bool) -> None:
    """Point 2: 8..16 on register, 8..15 on create and update."""
    body = {"email": "a@example.org", "password": "p" * length}
    assert (own.send("register", body).status == 200) is on_register
    body["email"] = "b@example.org"
    assert (own.send("user/create", body).status == 200) is on_create
    assert (own.send("user/update", {"password": "p" * length}).status == 200) is on_create


def test_a_changed_password_replaces_the_old_one(own_server: EmbeddedServer, own: Api) -> None:
    own.call("user/update", password="another-one")
    credentials = own_server.credentials
    email = credentials.timesheets_email
    refused = Api(own_server).refused(
        "login", email=email, password=credentials.timesheets_password
    )
    assert refused[:2] == (401, 9)
    assert Api(own_server).call("login", email=email.upper(), password="another-one")["token"]


def test_an_inactive_account_is_pending(own_server: EmbeddedServer, own: Api) -> None:
    """Point 1: PENDING stands where SUCCESS stood, and there is no token."""
    other, user_id = member(own_server)
    own.call("user/update", user_id=user_id, is_active=False)
    assert other.refused("user") == NO_TOKEN
    answer = other.call("login", email="member@example.org", password="correct-horse")
    assert answer["status"] == "PENDING"
    assert "token" not in answer
    own.call("user/update", user_id=user_id, is_active=True)
    assert other.call("user")["data"]["id"] == user_id


def test_registering_is_for_administrators(own_server: EmbeddedServer, own: Api) -> None:
    body = {"email": "new@example.org", "password": "long-enough"}
    assert Api(own_server).refused("register", **body) == NO_TOKEN
    other, _ = member(own_server)
    assert other.refused("register", **body)[0] == 403
    assert own.call("register", **body)["token"]


def test_tokens_stay_few_and_end(own_server: EmbeddedServer) -> None:
    """Every run of a client logs in anew."""
    own_server.clock.advance()
    first = owner(own_server)
    other, _ = member(own_server)
    for _ in range(TOKENS):
        last = owner(own_server)
    assert first.refused("user") == NO_TOKEN
    assert last.call("user")["status"] == "SUCCESS"
    assert other.call("user")["status"] == "SUCCESS", "somebody else's are none of them"

    def kept() -> int:
        found = own_server.context.database.one("SELECT count(*) FROM timesheets_tokens")
        assert found is not None
        return int(found[0])

    assert kept() == TOKENS + 1
    own_server.clock.advance(days=30)
    assert last.refused("user") == NO_TOKEN
    assert owner(own_server).call("user")["status"] == "SUCCESS"
    assert kept() == 1


def test_an_address_belongs_to_one_living_user(own_server: EmbeddedServer, own: Api) -> None:
    _, user_id = member(own_server)
    body = {"email": "MEMBER@example.org", "password": "correct-horse"}
    assert own.send("register", body).status == 400
    assert own.send("user/update", {"email": "member@EXAMPLE.org"}).status == 400
    own.call("user/delete", user_id=user_id)
    assert own.send("register", body).status == 200


def test_members_do_not_what_is_for_administrators(own_server: EmbeddedServer, own: Api) -> None:
    other, user_id = member(own_server)
    client = own.call("client/create", name="C")["id"]
    project = own.call("project/create", client_id=client, name="P")["id"]
    task = own.call("task/create", project_id=project, name="T")["id"]
    invoice = own.call("invoice/create", client_id=client, task_ids=[task])["id"]
    for path, body in (
        ("invoice/set_payed", {"invoice_id": invoice, "payed_date": 1}),
        ("invoice/update", {"invoice_id": invoice, "status": "paid"}),
        ("invoice/create", {"client_id": client, "task_ids": [task], "status": "paid"}),
        ("ts/approve", {"time_entry_ids": [1]}),
        ("user/create", {"email": "new@example.org"}),
        ("user/update", {"user_id": 1, "first_name": "X"}),
        ("user/update", {"is_active": True}),
        ("user/delete", {"user_id": 1}),
        ("ts/create", {"user_id": 1}),
        ("ts/search", {"user_id": 1}),
        ("rate/delete", {"rate_id": 1}),
        ("integration/qbo/disconnect", {}),
    ):
        assert other.refused(path, **body)[:2] == (403, 403), path
    assert own.call("invoice", invoice_id=invoice)["data"]["status"] == "new"
    assert own.call("invoice/search", client_id=[client])["count"] == 1
    own.call("ts/create", user_id=1, start_time=10, end_time=20)
    mine = other.call("ts/create", user_id=user_id, start_time=10, end_time=20)["id"]
    seen = other.call("ts/search")["data"]["time_entries"]
    assert [entry["id"] for entry in seen] == [mine]
    assert other.send("ts/export", {}).text.count("\r\n") == 1


def test_notes_on_users_are_for_administrators(own_server: EmbeddedServer, own: Api) -> None:
    user_id = own.call("user/create", email="n@example.org", notes="late payer")["id"]
    other, _ = member(own_server)
    assert own.call("user", user_id=user_id)["data"]["notes"] == "late payer"
    assert "notes" not in other.call("user", user_id=user_id)["data"]


def test_delete_without_an_id_deletes_the_caller(own_server: EmbeddedServer, own: Api) -> None:
    """Point 23: the documented danger is real, tokens end, and the work keeps its name."""
    other, user_id = member(own_server)
    other.call("ts/start")
    other.call("user/delete")
    assert other.refused("user") == NO_TOKEN
    assert own.refused("user", user_id=user_id) == (404, 5, "User not found.")
    found = own.call("ts/search", user_id=user_id, **{"with": ["users"]})["data"]
    assert found["time_entries"][0]["end_time"] == found["time_entries"][0]["start_time"]
    assert found["users"][str(user_id)]["email"] == "member@example.org"
    own.call("user/delete")
    ours = own_server.credentials
    refused = own.refused("login", email=ours.timesheets_email, password=ours.timesheets_password)
    assert refused[:2] == (401, 9)


def test_a_deleted_user_leaves_tasks_and_groups_but_keeps_a_price(
    own_server: EmbeddedServer, own: Api
) -> None:
    user = own.call("user/create", email="u@example.org", hourly_rate=10)["id"]
    client = own.call("client/create", name="C")["id"]
    project = own.call("project/create", client_id=client, name="P")["id"]
    task = own.call("task/create", project_id=project, name="T")["id"]
    group = own.call("group/create", name="G")["id"]
    own.call("task/add_user", task_id=task, user_id=user)
    own.call("group/add_user", group_id=group, user_id=user)
    entry = own.call("ts/create", user_id=user, task_id=task, start_time=0, end_time=3600)["id"]
    own.call("ts/approve", time_entry_ids=[entry])
    own.call("user/delete", user_id=user)
    assert own.call("task", task_id=task)["data"]["tasks"][0]["users"] == []
    assert own.call("group/get_users", group_id=group)["data"] == []
    assert own.call("ts/calc", time_entry_ids=[entry])["data"] == {"duration": 3600, "sum": 10}


def test_clearing_the_sample_leaves_the_owner(own_server: EmbeddedServer, own: Api) -> None:
    own.call("user/delete")
    own_server.reset()
    assert owner(own_server).call("user/search")["count"] == 1
