"""What goes wrong inside a service is answered in that service's own form."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator

import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from tests.harness import EmbeddedServer
from tui.embedded.context import Context, Service

_MISTAKES: dict[str, Exception] = {
    "full": sqlite3.OperationalError("database or disk is full"),
    "readonly": sqlite3.OperationalError("attempt to write a readonly database"),
    "locked": sqlite3.OperationalError("database is locked"),
    "malformed": sqlite3.DatabaseError("database disk image is malformed"),
    "no-table": sqlite3.OperationalError("no such table: x"),
    "constraint": sqlite3.IntegrityError("UNIQUE constraint failed"),
    "no-space": OSError(errno.ENOSPC, "No space left on device"),
    "other": ValueError("a mistake"),
}


def _routes(_context: Context) -> list[BaseRoute]:
    async def fail(request: Request) -> Response:
        raise _MISTAKES[request.path_params["kind"]]

    async def body(request: Request) -> Response:
        return JSONResponse({"length": len(await request.body())})

    return [Route("/fail/{kind}", fail), Route("/body", body, methods=["POST"])]


def _failure(_request: Request, status: int, words: str) -> Response:
    return JSONResponse({"own form": words}, status)


FAILING = Service("failing", "/failing", "", _routes, lambda _context: None, _failure)


@pytest.fixture(scope="module")
def failing() -> Iterator[EmbeddedServer]:
    with EmbeddedServer(services=[FAILING], body_limit=5000) as server:
        yield server


@pytest.mark.parametrize(
    ("kind", "status", "part"),
    [
        ("full", 507, "full"),
        ("no-space", 507, "full"),
        ("readonly", 503, "read-only"),
        ("locked", 503, "Another program"),
        ("malformed", 503, "damaged"),
        ("no-table", 500, "failed"),
        ("constraint", 500, "failed"),
        ("other", 500, "failed"),
    ],
)
def test_mistakes_are_answered_in_words(
    failing: EmbeddedServer, kind: str, status: int, part: str
) -> None:
    answer = failing.http("GET", f"/failing/fail/{kind}")
    assert answer.status == status
    assert part in answer.json()["own form"]


def test_a_body_that_grows_past_the_limit_is_refused(failing: EmbeddedServer) -> None:
    chunk = b"400\r\n" + b"x" * 1024 + b"\r\n"
    # No body: what a server does not read of one resets the connection, and its answer is lost.
    answer = failing.http(
        "POST", "/failing/body", headers={"Transfer-Encoding": "chunked", "Content-Length": ""}
    )
    assert answer.status == 400
    raw = failing.raw(
        b"POST /failing/body HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
        + chunk * 5
        + b"0\r\n\r\n"
    )
    assert b" 413 " in raw.splitlines()[0]
    assert b"5000 bytes" in raw
    raw = failing.raw(
        b"POST /failing/body HTTP/1.1\r\nHost: x\r\nContent-Length: " + b"9" * 5000 + b"\r\n\r\n"
    )
    assert raw.startswith((b"HTTP/1.1 400 ", b"HTTP/1.1 413 ")), raw[:200]


def test_a_full_disk_loses_nothing_that_was_kept() -> None:
    with EmbeddedServer(seeded=False, services=["ticktocker"]) as server:
        known = server.credentials
        form = {
            "u": known.ticktocker_user,
            "t": known.ticktocker_key,
            "a": known.ticktocker_application,
            "title": "A long story",
            "eventstart": "2026-04-01 18:30:00",
            "description": "x" * 2000,
        }
        database = server.context.database
        pages = database.one("PRAGMA page_count")
        assert pages is not None
        database.read(f"PRAGMA max_page_count = {pages[0] + 1}")
        statuses = []
        for _ in range(6):
            server.clock.advance(seconds=1)
            statuses.append(server.http("POST", "/ticktocker/api/1/submit", form=form).status)
        assert statuses[-1] == 507
        kept = database.one("SELECT count(*) FROM ticktocker_tocks")
        assert kept is not None
        assert kept[0] == statuses.count(200) < 6
        database.read("PRAGMA max_page_count = 100000")
        server.clock.advance(seconds=1)
        assert server.http("POST", "/ticktocker/api/1/submit", form=form).status == 200
