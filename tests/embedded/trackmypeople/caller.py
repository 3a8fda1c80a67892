"""A hand that calls the functions the way a third-party program would."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from tests.harness import Clock, EmbeddedServer

WEDNESDAY = datetime(2026, 3, 11, 15, 0, tzinfo=UTC)
"""Four in the afternoon in Brussels."""

PREFIX = "/trackmypeople/api/"


def make_server(*, seeded: bool = True, quirks: bool = False) -> EmbeddedServer:
    """Only this service, in Brussels, with a clock that stands."""
    return EmbeddedServer(
        seeded=seeded,
        quirks=quirks,
        services=("trackmypeople",),
        timezone="Europe/Brussels",
        clock=Clock(WEDNESDAY),
    )


def basic(server: EmbeddedServer) -> tuple[str, str]:
    """User name and password."""
    known = server.credentials
    return known.trackmypeople_user, known.trackmypeople_password


def call(server: EmbeddedServer, function: str, **fields: object) -> Any:
    """The JSON answer of one function, called by POST."""
    answer = server.http("POST", f"{PREFIX}{function}.json", form=fields, basic=basic(server))
    assert answer.status == 200
    assert answer.headers["content-type"] == "application/json"
    return answer.json()
