"""A hand that calls the functions the way an application would."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from tests.harness import Clock, EmbeddedServer

NOON = datetime(2026, 3, 11, 12, 0, tzinfo=UTC)
PREFIX = "/ticktocker/api/1/"


def make_server(*, seeded: bool = True, quirks: bool = False) -> EmbeddedServer:
    """Only this service, with a clock that stands."""
    return EmbeddedServer(
        seeded=seeded,
        quirks=quirks,
        services=("ticktocker",),
        timezone="Europe/Brussels",
        clock=Clock(NOON),
    )


def signed(server: EmbeddedServer, **fields: object) -> dict[str, object]:
    """The three fields that sign a call, and more."""
    known = server.credentials
    return {
        "u": known.ticktocker_user,
        "t": known.ticktocker_key,
        "a": known.ticktocker_application,
        **fields,
    }


def post(server: EmbeddedServer, path: str, form: dict[str, object]) -> Any:
    """The JSON answer of one call."""
    answer = server.http("POST", PREFIX + path, form=form)
    assert answer.status == 200
    assert answer.headers["content-type"] == "application/json"
    return answer.json()


def call(server: EmbeddedServer, path: str, **fields: object) -> Any:
    """A signed call, a polite pause after the one before."""
    server.clock.advance(minutes=1)
    return post(server, path, signed(server, **fields))


def stream(server: EmbeddedServer, path: str) -> list[Any]:
    """The tocks of a stream."""
    answer = call(server, path)
    assert answer["code"] == 1
    found: list[Any] = answer["response"]["tocks"]
    return found


def everything(server: EmbeddedServer, path: str) -> list[Any]:
    """The tocks of all pages of a stream."""
    gathered: list[Any] = []
    for page in range(1, 50):
        found = stream(server, f"{path}/{page}")
        gathered += found
        if len(found) < 20:
            return gathered
    raise AssertionError("the stream has no end")
