"""Log-in, tokens, and the throttle."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.embedded.ticktocker.caller import NOON, call, make_server, post, signed
from tests.harness import Clock, EmbeddedServer


@pytest.fixture(scope="module")
def running() -> Iterator[EmbeddedServer]:
    with make_server() as server:
        yield server


@pytest.fixture
def sample(running: EmbeddedServer) -> EmbeddedServer:
    running.reset()
    return running


def login(server: EmbeddedServer, **fields: object) -> dict[str, object]:
    known = server.credentials
    return {
        "u": known.ticktocker_user,
        "p": known.ticktocker_password,
        "a": known.ticktocker_application,
        **fields,
    }


def test_getapikey_answers_the_key_and_changes_nothing(sample: EmbeddedServer) -> None:
    answer = post(sample, "getapikey", login(sample))
    assert answer["code"] == 1
    assert answer["response"]["apikey"] == sample.credentials.ticktocker_key
    assert set(answer["response"]) == {
        "username",
        "name",
        "url",
        "timezone",
        "avatar",
        "apikey",
    }
    sample.clock.advance(seconds=1)
    assert post(sample, "getapikey", login(sample)) == answer
    picture = answer["response"]["avatar"].removeprefix(sample.base_url)
    assert sample.http("GET", picture).status == 200


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"p": "wrong"}, -2),
        ({"u": "harbourmaster"}, -2),
        ({"u": "nobody"}, -2),
        ({"p": ""}, 0),
        ({"a": ""}, 0),
        ({"a": "wrong"}, -4),
    ],
)
def test_getapikey_refuses(sample: EmbeddedServer, change: dict[str, str], code: int) -> None:
    answer = post(sample, "getapikey", login(sample, **change))
    assert answer["code"] == code
    assert answer["response"]["error"]


@pytest.mark.parametrize("path", ["community/hot", "me/all/latest", "tock/x", "submit", "follow/x"])
@pytest.mark.parametrize(
    ("change", "code"),
    [({"t": "old"}, -2), ({"t": ""}, 0), ({"u": "harbourmaster", "t": ""}, 0), ({"a": "x"}, -4)],
)
def test_every_function_checks_who_calls(
    sample: EmbeddedServer, path: str, change: dict[str, str], code: int
) -> None:
    assert post(sample, path, signed(sample, **change))["code"] == code


def test_a_banned_user_has_no_authority(sample: EmbeddedServer) -> None:
    with sample.context.database.write() as connection:
        connection.execute("UPDATE ticktocker_users SET banned = 1 WHERE id = 1")
    for path in ("version", "community/hot", "submit"):
        assert post(sample, path, signed(sample))["code"] == -3
    assert post(sample, "getapikey", login(sample))["code"] == -3


def test_version_is_the_bare_endpoint_too(sample: EmbeddedServer) -> None:
    expected = {
        "code": 1,
        "response": {
            "api_version": 1,
            "logged_in": True,
            "application": "tockdeck",
            "calls": 120,
        },
    }
    assert call(sample, "version") == expected
    assert call(sample, "") == expected
    sample.clock.advance(minutes=1)
    bare = sample.http("POST", "/ticktocker/api/1", form=signed(sample))
    assert bare.json() == expected


def test_version_tells_who_is_not_logged_in(sample: EmbeddedServer) -> None:
    answer = post(sample, "version", signed(sample, t="old"))
    assert answer["code"] == 1
    assert answer["response"]["logged_in"] is False
    assert answer["response"]["calls"] == 0


def test_commands_within_200_milliseconds_are_too_fast(sample: EmbeddedServer) -> None:
    assert post(sample, "version", signed(sample))["code"] == 1
    sample.clock.advance(milliseconds=199)
    assert post(sample, "community/hot", signed(sample))["code"] == -5
    sample.clock.advance(milliseconds=1)
    assert post(sample, "community/hot", signed(sample))["code"] == 1


def test_the_quota_is_used_up_and_comes_back(sample: EmbeddedServer) -> None:
    for _ in range(120):
        sample.clock.advance(milliseconds=200)
        assert post(sample, "tock/none", signed(sample))["code"] == 0
    # 24 seconds have passed, which is not yet one call.
    sample.clock.advance(milliseconds=200)
    assert post(sample, "tock/none", signed(sample))["code"] == -6
    sample.clock.set(NOON)
    sample.clock.advance(seconds=60, milliseconds=-1)
    assert post(sample, "version", signed(sample))["response"]["calls"] == 1
    sample.clock.advance(milliseconds=201)
    assert post(sample, "version", signed(sample))["response"]["calls"] == 2
    sample.clock.advance(hours=3)
    assert post(sample, "version", signed(sample))["response"]["calls"] == 120


def test_the_quota_outlives_the_server(tmp_path: Path) -> None:
    def serve() -> EmbeddedServer:
        return EmbeddedServer(
            seeded=False, services=("ticktocker",), clock=Clock(NOON), data=tmp_path
        )

    with serve() as server:
        assert post(server, "community/hot", signed(server))["code"] == 1
    with serve() as server:
        server.clock.advance(seconds=1)
        assert post(server, "version", signed(server))["response"]["calls"] == 119


def test_a_changed_password_changes_the_key(tmp_path: Path) -> None:
    with EmbeddedServer(seeded=False, services=("ticktocker",), data=tmp_path) as server:
        before = server.credentials
    changed = dataclasses.replace(before, ticktocker_password="another one")
    with EmbeddedServer(
        seeded=False, services=("ticktocker",), data=tmp_path, credentials=changed
    ) as server:
        assert post(server, "community/hot", signed(server))["code"] == -2
        assert post(server, "getapikey", login(server, p=before.ticktocker_password))["code"] == -2
        key = post(server, "getapikey", login(server))["response"]["apikey"]
        assert key != before.ticktocker_key
        assert post(server, "version", signed(server, t=key))["code"] in (1, -5)
