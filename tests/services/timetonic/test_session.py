"""Logging in, a pasted key, a session that ends, and what of it may be seen."""

from __future__ import annotations

import asyncio
from threading import Thread, current_thread
from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest

from tests.services.capture import Capture, unread
from tests.services.timetonic.sample import BASE, KEYS, answering, client, data, nok, ok
from tui.services.errors import AuthenticationFailed, ConnectionFailed, PermissionDenied
from tui.services.timetonic import Keys, TimeTonic, is_session_error
from tui.services.transport import NotSent

BOOKS = data("getAllBooks.json")
EXPIRED = nok("the session has expired", code="sess")
LOG_IN = [data("createAppkey.json"), data("createOauthkey.json"), data("createSesskey.json")]


def names(capture: Capture) -> list[str]:
    return [parse_qs(request.content.decode())["req"][0] for request in capture.requests]


async def test_a_password_logs_in_when_the_first_request_needs_it() -> None:
    kept: list[Keys] = []
    where: list[Thread] = []

    def keep(keys: Keys) -> None:
        kept.append(keys)
        where.append(current_thread())

    service, capture = answering(*LOG_IN, BOOKS, keys=Keys(), password="secret", on_keys=keep)
    await service.get_all_books()
    await service.get_all_books()
    logged_in = ["createAppkey", "createOauthkey", "createSesskey"]
    assert names(capture) == [*logged_in, "getAllBooks", "getAllBooks"]
    assert capture.form["sesskey"] == "OOOO-PPPP-QQQQ-RRRR-SSSS-TTTT-UUUU"
    assert kept == [service.keys]
    assert where != [current_thread()], "a slow disk would hold up the keyboard"
    assert service.keys.oauthkey.startswith("HHHH")
    # An e-mail address may have been typed: what counts is what createOauthkey answered.
    other = TimeTonic(
        Capture(*LOG_IN, BOOKS).transport("timetonic", BASE), "a@b.example", password="x"
    )
    await other.get_all_books()
    assert (other.o_u, other.u_c) == ("demo", "demo")


async def test_a_kept_oauthkey_needs_no_password() -> None:
    kept = Keys(o_u="demo", appkey="A", oauthkey="O")
    service, capture = answering(data("createSesskey.json"), BOOKS, keys=kept)
    await service.get_all_books()
    assert names(capture) == ["createSesskey", "getAllBooks"]


async def test_an_oauthkey_that_is_no_longer_good_falls_back_to_the_password() -> None:
    kept = Keys(o_u="demo", appkey="A", oauthkey="O")
    refused = nok("apiProcess93: invalid oauthkey")
    service, capture = answering(refused, *LOG_IN[1:], BOOKS, keys=kept, password="secret")
    await service.get_all_books()
    assert names(capture) == ["createSesskey", "createOauthkey", "createSesskey", "getAllBooks"]


async def test_a_kept_appkey_that_is_no_longer_known_is_made_anew_once() -> None:
    refused = data("doc.createOauthkey.nok.json")
    service, capture = answering(
        refused, *LOG_IN, BOOKS, keys=Keys(appkey="OLD"), password="secret"
    )
    await service.get_all_books()
    assert names(capture)[:3] == ["createOauthkey", "createAppkey", "createOauthkey"]
    service, capture = answering(LOG_IN[0], refused, keys=Keys(), password="secret")
    with pytest.raises(AuthenticationFailed, match="invalid appkey"):
        await service.get_all_books()
    assert len(capture.requests) == 2


async def test_a_wrong_password_is_told_and_tried_once() -> None:
    service, capture = answering(
        LOG_IN[0], nok("apiProcess92: invalid login/pwd"), keys=Keys(), password="wrong"
    )
    with pytest.raises(AuthenticationFailed, match="invalid login/pwd") as caught:
        await service.get_all_books()
    assert caught.value.code == "apiProcess92"
    assert caught.value.operation == "timetonic.getAllBooks"
    assert len(capture.requests) == 2


async def test_a_session_that_has_ended_is_renewed_once() -> None:
    service, capture = answering(EXPIRED, data("createSesskey.json"), BOOKS, keys=Keys(
        o_u="demo", oauthkey="O", sesskey="OLD"
    ))  # fmt: skip
    assert (await service.get_all_books()).books
    assert names(capture) == ["getAllBooks", "createSesskey", "getAllBooks"]
    service, capture = answering(EXPIRED, data("createSesskey.json"), EXPIRED, keys=Keys(
        o_u="demo", oauthkey="O", sesskey="OLD"
    ))  # fmt: skip
    with pytest.raises(AuthenticationFailed):
        await service.get_all_books()
    assert len(capture.requests) == 3


@pytest.mark.parametrize(
    "refused",
    [
        {"status": "nok", "errorMsg": "User not authorized to modify this table"},
        nok("Field Price is read only"),
        nok("apiProcess20: User not authorized to modify this table"),
        nok("you may not write here", code="forbidden"),
    ],
)
async def test_who_may_not_write_is_not_logged_in_anew_and_nothing_is_sent_twice(
    refused: dict[str, Any],
) -> None:
    keys = Keys(o_u="demo", oauthkey="O", sesskey="GOOD")
    for call in (
        lambda one: one.create_or_update_table_row(5, {"6": "x"}),
        lambda one: one.send_msg("hello", b_c="b"),
        lambda one: one.delete_table_row(5),
    ):
        service, capture = answering(refused, keys=keys, password="secret")
        with pytest.raises(PermissionDenied):
            await call(service)
        assert len(capture.requests) == 1
        assert service.keys is keys


async def test_with_a_pasted_key_the_person_is_asked_to_log_in_again() -> None:
    service, capture = answering(EXPIRED)
    with pytest.raises(AuthenticationFailed) as caught:
        await service.get_all_books()
    assert "Log in again" in caught.value.advice
    assert len(capture.requests) == 1
    with pytest.raises(AuthenticationFailed, match="no key and no password"):
        await answering(BOOKS, keys=Keys())[0].get_all_books()


async def test_many_calls_at_once_renew_the_session_once() -> None:
    def answer(request: httpx.Request) -> Any:
        form = parse_qs(request.content.decode())
        if form["req"] == ["createSesskey"]:
            return data("createSesskey.json")
        return EXPIRED if form["sesskey"] == ["OLD"] else BOOKS

    service, capture = answering(answer, keys=Keys(o_u="demo", oauthkey="O", sesskey="OLD"))
    await asyncio.gather(*(service.get_all_books() for _ in range(5)))
    assert names(capture).count("createSesskey") == 1


async def test_writes_go_one_at_a_time() -> None:
    running = 0

    async def handle(request: httpx.Request) -> httpx.Response:
        nonlocal running
        running += 1
        assert running == 1
        await asyncio.sleep(0)
        running -= 1
        return unread(httpx.Response(200, json=ok(rows=[{"id": 5}])))

    capture = Capture()
    capture.handle = handle  # type: ignore[method-assign]
    service = client(capture)
    await asyncio.gather(*(service.update_table_value(5, 6, "x") for _ in range(4)))


@pytest.mark.parametrize(
    ("text", "session"),
    [
        ("invalid sesskey", True),
        ("Session expired", True),
        ("AUTHENTICATION required", True),
        ("unauthorized", True),
        ("the author is not a member", False),
        ("possess nothing", False),
        ("locked", False),
    ],
)
def test_one_place_decides_what_a_dead_session_is(text: str, session: bool) -> None:
    assert is_session_error(text) is session


async def test_http_statuses_without_an_answer() -> None:
    with pytest.raises(PermissionDenied):
        await answering(httpx.Response(403, html="<html>"))[0].get_all_books()
    with pytest.raises(ConnectionFailed):
        await answering(httpx.Response(501, html="<html>"))[0].get_all_books()


async def test_the_test_environment_and_the_version_field() -> None:
    service, capture = answering(BOOKS, environment="dev", api_version="6.49")
    await service.get_all_books()
    assert capture.request.url.path == "/dev/api.php"
    assert capture.form["version"] == "6.49"


async def test_a_dry_run_logs_nobody_in_and_shows_no_key() -> None:
    transport = Capture().transport("timetonic", BASE, dry_run=True)
    service = TimeTonic(transport, "demo", password="secret", keys=KEYS)
    with pytest.raises(NotSent) as caught:
        await service.create_or_update_table_row(5, {"6": "x"}, b_o="anna")
    shown = dict(caught.value.preview["form"])
    assert shown["sesskey"] == "•••"
    assert shown["fieldValues"] == '{"6":"x"}'
    fresh = TimeTonic(transport, "demo", password="secret")
    with pytest.raises(NotSent) as caught:
        await fresh.get_all_books()
    assert dict(caught.value.preview["form"])["req"] == "getAllBooks"
    with pytest.raises(NotSent) as caught:
        await fresh.create_oauthkey("demo", "secret", "A")
    assert "secret" not in str(caught.value.preview)


async def test_no_key_stands_in_any_repr() -> None:
    made = await answering(data("createSesskey.json"))[0].create_sesskey("demo", "O")
    assert "OOOO" not in repr(made)
    assert KEYS.sesskey not in repr(KEYS)
