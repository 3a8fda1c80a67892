"""OAuth: authorize with code and token, and the three grants."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.embedded.igtimi.api import Api
from tests.harness import CREDENTIALS, Answer
from tui.embedded.igtimi.oauth import OUT_OF_BAND, TOKENS, is_registered

LOOPBACK = "http://127.0.0.1:51234/callback"


def authorize(api: Api, **pairs: str) -> Answer:
    query = {
        "response_type": "code",
        "client_id": CREDENTIALS.igtimi_client_id,
        "redirect_uri": LOOPBACK,
    } | pairs
    return api.anonymous().call("GET", "/oauth/authorize", list(query.items()))


def token(api: Api, **pairs: str) -> Answer:
    form = {
        "client_id": CREDENTIALS.igtimi_client_id,
        "client_secret": CREDENTIALS.igtimi_client_secret,
    } | pairs
    return api.anonymous().call("POST", "/oauth/token", form=list(form.items()))


def code_of(answer: Answer) -> str:
    assert answer.status == 302
    return parse_qs(urlsplit(answer.headers["location"]).query)["code"][0]


def exchange(api: Api, code: str, address: str = LOOPBACK) -> Answer:
    return token(api, grant_type="authorization_code", code=code, redirect_uri=address)


def test_a_code_becomes_a_token_that_works(shared: Api) -> None:
    answer = authorize(shared, state="a b")
    assert answer.headers["location"].startswith(LOOPBACK + "?")
    assert "state=a+b" in answer.headers["location"]
    granted = exchange(shared, code_of(answer))
    assert granted.status == 200
    assert granted.headers["cache-control"] == "no-store"
    user = Api(shared.server, granted.json()["access_token"])
    assert user.get("/account")["user"]["id"] == 2


def test_a_code_is_good_for_one_try(shared: Api) -> None:
    code = code_of(authorize(shared))
    assert exchange(shared, code, "http://127.0.0.1:1/callback").json()["error"] == "invalid_grant"
    assert exchange(shared, code).json()["error"] == "invalid_grant"


def test_a_code_expires(api: Api) -> None:
    api.server.clock.set(datetime.now(UTC))
    code = code_of(authorize(api))
    api.server.clock.advance(minutes=11)
    assert exchange(api, code).json()["error"] == "invalid_grant"


def test_the_implicit_grant_puts_the_token_into_the_fragment(shared: Api) -> None:
    location = urlsplit(authorize(shared, response_type="token", state="s").headers["location"])
    assert not location.query
    fragment = parse_qs(location.fragment)
    assert fragment["state"] == ["s"]
    assert Api(shared.server, fragment["access_token"][0]).get("/account")


def test_out_of_band_shows_the_code_on_a_page(shared: Api) -> None:
    answer = authorize(shared, redirect_uri=OUT_OF_BAND)
    assert answer.status == 200
    code = answer.text.split('<code id="authorization_code">')[1].split("<")[0]
    assert exchange(shared, code, OUT_OF_BAND).status == 200


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/callback",
        "http://127.0.0.1.evil.example:80/callback",
        "http://evil@127.0.0.1:80/callback",
        "http://127.0.0.1:80/elsewhere",
        "https://127.0.0.1:80/callback",
        "http://127.0.0.1:99999/callback",
        "http://127.0.0.1:80/callback#x",
        "javascript:alert(1)",
        "",
    ],
)
def test_an_address_that_is_not_registered_is_never_redirected_to(
    shared: Api, address: str
) -> None:
    answer = authorize(shared, redirect_uri=address)
    assert answer.status == 401
    assert "location" not in answer.headers


@pytest.mark.parametrize(
    "address",
    ["http://127.0.0.1:1/", "http://127.0.0.1:65535", "http://[::1]:8000/callback"],
)
def test_any_port_on_loopback_will_do(address: str) -> None:
    assert is_registered(address)


def test_a_wrong_client_is_never_redirected(shared: Api) -> None:
    assert authorize(shared, client_id="other").status == 401


def test_another_response_type_is_told_to_the_application(shared: Api) -> None:
    location = authorize(shared, response_type="cookie", state="s").headers["location"]
    assert "error=unsupported_response_type" in location
    assert "state=s" in location


def test_client_credentials_see_only_what_is_public(shared: Api) -> None:
    granted = token(shared, grant_type="client_credentials").json()["access_token"]
    application = Api(shared.server, granted)
    sessions = application.get("/sessions")["sessions"]
    assert sessions
    assert len(sessions) < len(shared.get("/sessions")["sessions"])
    assert application.status("GET", "/account") == 401
    assert application.status("GET", "/users") == 401
    assert application.status("POST", "/sessions") == 401


def test_the_password_grant(shared: Api) -> None:
    given = {"grant_type": "password", "username": "skipper@example.org"}
    answer = token(shared, **given, password=CREDENTIALS.igtimi_access_token)
    assert Api(shared.server, answer.json()["access_token"]).get("/account")
    assert token(shared, **given, password="wrong").json()["error"] == "invalid_grant"


@pytest.mark.parametrize(
    ("pairs", "error", "status"),
    [
        ({"grant_type": "client_credentials", "client_secret": "wrong"}, "invalid_client", 401),
        ({"grant_type": "authorization_code", "code": "made up"}, "invalid_grant", 400),
        ({"grant_type": "refresh_token"}, "unsupported_grant_type", 400),
        ({}, "unsupported_grant_type", 400),
    ],
)
def test_refusals_name_their_error(
    shared: Api, pairs: dict[str, str], error: str, status: int
) -> None:
    answer = token(shared, **pairs)
    assert answer.status == status
    body: Any = answer.json()
    assert body["error"] == error
    assert body["error_description"]


def test_tokens_are_kept_as_digests_only(shared: Api) -> None:
    granted = token(shared, grant_type="client_credentials").json()["access_token"]
    rows = shared.server.context.database.read("SELECT digest FROM igtimi_token")
    assert granted not in [row["digest"] for row in rows]


def test_tokens_stay_few(api: Api) -> None:
    """Each log-in makes one: the oldest goes, and an application's are none of a user's."""
    first = exchange(api, code_of(authorize(api))).json()["access_token"]
    application = token(api, grant_type="client_credentials").json()["access_token"]
    for _ in range(TOKENS):
        last = exchange(api, code_of(authorize(api))).json()["access_token"]
    assert Api(api.server, first).status("GET", "/account") == 401
    assert Api(api.server, last).get("/account")
    assert Api(api.server, application).get("/sessions")
    kept = api.server.context.database.one("SELECT count(*) FROM igtimi_token")
    assert kept is not None
    assert kept[0] == TOKENS + 1
