"""A no that comes with the status of a breakdown: is it the service's own, or does nobody know?"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from tests.services.capture import Capture
from tests.services.igtimi.samples import client as igtimi
from tests.services.ticktocker.test_contract import client as ticktocker
from tests.services.timesheets.samples import client as timesheets
from tests.services.timetonic.sample import answering as timetonic
from tests.services.trackmypeople.test_contract import client as trackmypeople
from tui.services.errors import (
    AuthenticationFailed,
    ConnectionFailed,
    NotFound,
    NotNow,
    OutcomeUnknown,
    PermissionDenied,
    RateLimited,
    Refused,
    ServiceError,
)
from tui.services.trackmypeople.records import OverlapRefused

BREAKDOWNS = [408, 500, 502, 504]
NINE, TEN = datetime(2026, 11, 27, 9, tzinfo=UTC), datetime(2026, 11, 27, 10, tzinfo=UTC)


def nok(words: str, **more: str) -> dict[str, str]:
    return {"status": "nok", "errorMsg": words, **more}


def error(code: int) -> dict[str, Any]:
    return {"code": code, "response": {"error": "no"}}


async def _timetonic(answer: httpx.Response) -> object:
    made, _ = timetonic(answer)
    return await made.create_or_update_table_row(5, {"6": "x"})


async def _ticktocker(answer: httpx.Response) -> object:
    return await ticktocker(Capture(answer)).follow("eric")


async def _trackmypeople(answer: httpx.Response) -> object:
    return await trackmypeople(Capture(answer)).add(NINE, stop=TEN, tracker_id=3)


async def _timesheets(answer: httpx.Response) -> object:
    made, _ = timesheets(answer)
    return await made.task.create(3, "Cut")


async def _igtimi(answer: httpx.Response) -> object:
    made, _ = igtimi(answer)
    return await made.sessions.create()


NOES: list[tuple[Callable[[httpx.Response], Awaitable[object]], Any, type[ServiceError]]] = [
    # Words that tell only of the breakdown.
    (_timetonic, nok("Internal error"), OutcomeUnknown),
    (_timetonic, nok("Lock wait timeout exceeded; try restarting transaction"), OutcomeUnknown),
    (_timetonic, nok("apiProcess12: could not be saved"), OutcomeUnknown),
    (_timetonic, nok("Unknown error"), OutcomeUnknown),
    (_timetonic, nok("Class 'Mailer' not found"), OutcomeUnknown),
    (_timetonic, nok("Unknown column 'sstamp' in 'field list'"), OutcomeUnknown),
    (_timetonic, nok("fopen(/var/log/x): failed to open stream: Permission denied"),
     OutcomeUnknown),
    (_timetonic, nok("Access denied for user 'tt'@'localhost'"), OutcomeUnknown),
    (_timetonic, {"status": "nok"}, OutcomeUnknown),
    (_timetonic, {"status": "ok"}, OutcomeUnknown),
    # Words of what was lacking before anything could begin.
    (_timetonic, nok("User not authorized to modify this table"), PermissionDenied),
    (_timetonic, nok("anna@example.org may not modify this table"), PermissionDenied),
    (_timetonic, nok("Field 12 is read only"), PermissionDenied),
    (_timetonic, nok("invalid sesskey"), AuthenticationFailed),
    (_timetonic, nok("there is no row 1"), NotFound),
    (_timetonic, nok("too many requests"), RateLimited),
    (_timetonic, nok("Deadlock found when trying to get lock"), NotNow),
    (_ticktocker, error(1), OutcomeUnknown),
    (_ticktocker, error(0), OutcomeUnknown),
    (_ticktocker, error(-1), OutcomeUnknown),
    (_ticktocker, error(-17), OutcomeUnknown),
    (_ticktocker, error(-2), AuthenticationFailed),
    (_ticktocker, error(-3), PermissionDenied),
    (_ticktocker, error(-6), RateLimited),
    (_trackmypeople, {"error": "Database error"}, OutcomeUnknown),
    (_trackmypeople, {"result": 0, "error": "Database error"}, OutcomeUnknown),
    (_trackmypeople, {"error": "Database error", "url": "https://t.example/help"},
     OutcomeUnknown),
    (_trackmypeople, {"result": 0, "error": "It overlaps", "url": "https://t.example/edit/3"},
     OverlapRefused),
    (_timesheets, {"status": "ERROR", "message": "Something went wrong"}, OutcomeUnknown),
    (_timesheets, {"status": "ERROR", "message": "no", "error_code": 7}, OutcomeUnknown),
    (_timesheets, {"status": "SUCCESS", "message": "Created."}, OutcomeUnknown),
    (_timesheets, {"status": "ERROR", "message": "Project not found.", "error_code": 5}, NotFound),
    (_igtimi, {"error": "internal"}, OutcomeUnknown),
    (_igtimi, {"success": False}, OutcomeUnknown),
    (_igtimi, {"success": True}, OutcomeUnknown),
]  # fmt: skip


@pytest.mark.parametrize("status", BREAKDOWNS)
@pytest.mark.parametrize(("change", "answer", "kind"), NOES)
async def test_a_no_of_a_service_that_broke_down_is_one_only_where_it_is_clear(
    change: Callable[[httpx.Response], Awaitable[object]],
    answer: dict[str, Any],
    kind: type[ServiceError],
    status: int,
) -> None:
    with pytest.raises(ServiceError) as caught:
        await change(httpx.Response(status, json=answer))
    assert type(caught.value) is kind
    words = answer.get("errorMsg") or answer.get("error") or answer.get("message")
    if kind is OutcomeUnknown:
        assert caught.value.status == status
        assert "Look " in caught.value.advice
        if isinstance(words, str):
            assert words.partition(": ")[2] or words in str(caught.value), "its words are shown"


@pytest.mark.parametrize(
    "words", ["Internal error", "apiProcess12: could not be saved", "Unknown error"]
)
async def test_at_any_other_status_the_same_words_are_the_services_no(words: str) -> None:
    for status in (200, 400, 422):
        with pytest.raises(Refused):
            await _timetonic(httpx.Response(status, json=nok(words)))


@pytest.mark.parametrize("status", [423, 425])
@pytest.mark.parametrize(
    ("change", "answer"),
    [
        (_timetonic, nok("busy")), (_timetonic, None), (_ticktocker, error(-1)),
        (_ticktocker, None), (_trackmypeople, {"error": "busy"}), (_trackmypeople, None),
        (_timesheets, {"status": "ERROR", "message": "busy"}), (_timesheets, None),
        (_igtimi, {"error": "busy"}), (_igtimi, None),
    ],
)  # fmt: skip
async def test_what_comes_too_early_is_not_done_and_nothing_is_to_be_corrected(
    change: Callable[[httpx.Response], Awaitable[object]], answer: Any, status: int
) -> None:
    with pytest.raises(NotNow) as caught:
        await change(httpx.Response(status, json=answer) if answer else httpx.Response(status))
    assert caught.value.status == status
    assert caught.value.advice == "Nothing was done; try again later."
    assert caught.value.nothing_done


async def test_a_read_of_a_service_that_broke_down_may_be_tried_again() -> None:
    made, _ = timetonic(httpx.Response(500, json=nok("Internal error")))
    with pytest.raises(ConnectionFailed, match="Internal error"):
        await made.get_user_info()
