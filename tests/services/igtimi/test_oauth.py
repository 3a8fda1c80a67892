"""Logging in: from the browser on this machine, from a pasted code, and all that goes wrong."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from tests.ports import kept_port, number_of
from tests.services.igtimi.samples import client
from tui.services.errors import (
    AuthenticationFailed,
    ConnectionFailed,
    InvalidArgument,
    OutcomeUnknown,
    Refused,
    TimedOut,
)
from tui.services.igtimi import Igtimi
from tui.services.igtimi.loopback import LoopbackListener, is_loopback
from tui.services.igtimi.oauth import OUT_OF_BAND, code_of, log_in

TOKEN = {"access_token": "n3wtoken", "token_type": "bearer"}
APPLICATION = {"client_id": "app", "client_secret": "hush"}


async def visit(address: str, method: str = "GET") -> tuple[int, str]:
    """What a browser does: one request over a real socket."""
    parts = urlsplit(address)
    reader, writer = await asyncio.open_connection("127.0.0.1", parts.port)
    target = parts.path + (f"?{parts.query}" if parts.query else "")
    writer.write(f"{method} {target} HTTP/1.1\r\nHost: {parts.netloc}\r\n\r\n".encode())
    answer = (await reader.read()).decode()
    writer.close()
    await writer.wait_closed()
    return int(answer.split()[1]), answer


def query_of(address: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


async def attempt(
    igtimi: Igtimi,
    person: Callable[[str], Awaitable[None]],
    **options: Any,
) -> Any:
    """A log-in during which a person does something with the address that is shown."""
    tasks: list[asyncio.Task[None]] = []

    def show(address: str) -> None:
        tasks.append(asyncio.ensure_future(person(address)))

    async with asyncio.timeout(30):
        try:
            return await log_in(igtimi, show=show, **options)
        finally:
            for task in tasks:
                await task


async def test_the_browser_comes_back_to_this_machine() -> None:
    igtimi, capture = client(TOKEN, access_token="", **APPLICATION)
    seen: list[tuple[int, str]] = []

    async def person(address: str) -> None:
        asked = query_of(address)
        assert address.startswith("https://www.igtimi.com/oauth/authorize?response_type=code&")
        assert asked["client_id"] == "app"
        back = asked["redirect_uri"]
        # Others knock first: another page, another log-in, another method.
        seen.append(await visit(f"{back}/favicon.ico"))
        seen.append(await visit(f"{back}?code=evil&state=guessed"))
        seen.append(await visit(f"{back}?code=evil"))
        seen.append(await visit(f"{back}?code=evil&state={asked['state']}", "POST"))
        seen.append(await visit(f"{back}?code=c0de&state={asked['state']}"))

    token = await attempt(igtimi, person, redirect_uri="http://127.0.0.1/callback")
    assert [status for status, _ in seen] == [404, 400, 400, 405, 200]
    assert not any("c0de" in page or "evil" in page for _, page in seen)
    assert token.access_token == igtimi.access_token == "n3wtoken"
    assert "n3wtoken" not in repr(token)
    sent = dict(httpx.QueryParams(capture.request.content.decode()))
    assert sent["code"] == "c0de"
    assert sent["redirect_uri"].startswith("http://127.0.0.1:")
    assert sent["redirect_uri"].endswith("/callback")


async def test_the_code_is_pasted_from_another_machine() -> None:
    """Over SSH: the page of the `oob` address shows the code."""
    igtimi, capture = client(TOKEN, **APPLICATION)

    async def person(address: str) -> None:
        assert query_of(address)["redirect_uri"] == OUT_OF_BAND

    async def pasted() -> str:
        return "  c0de\n"

    await attempt(igtimi, person, pasted=pasted)
    assert dict(httpx.QueryParams(capture.request.content.decode()))["code"] == "c0de"


async def test_the_address_that_the_browser_could_not_open_is_pasted() -> None:
    """Over SSH with a loopback address: the browser is on a machine where nobody listens."""
    igtimi, capture = client(TOKEN, **APPLICATION)
    shown: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    async def person(address: str) -> None:
        shown.set_result(address)

    async def pasted() -> str:
        asked = query_of(await shown)
        return f"{asked['redirect_uri']}?code=c%2Fde&state={asked['state']}"

    await attempt(igtimi, person, pasted=pasted, redirect_uri="http://localhost/")
    sent = dict(httpx.QueryParams(capture.request.content.decode()))
    assert sent["code"] == "c/de"
    assert sent["redirect_uri"].startswith("http://localhost:")


async def test_the_person_says_no() -> None:
    igtimi, capture = client(TOKEN, **APPLICATION)

    async def person(address: str) -> None:
        asked = query_of(address)
        back = f"{asked['redirect_uri']}?error=access_denied&state={asked['state']}"
        assert (await visit(back))[0] == 200

    with pytest.raises(AuthenticationFailed, match="access_denied") as caught:
        await attempt(igtimi, person, redirect_uri="http://127.0.0.1/callback")
    assert caught.value.code == "access_denied"
    assert capture.requests == []


async def test_nobody_comes_back() -> None:
    igtimi, _ = client(TOKEN, **APPLICATION)

    async def person(address: str) -> None:
        pass

    with pytest.raises(TimedOut, match="browser"):
        await attempt(igtimi, person, redirect_uri="http://127.0.0.1/", patience=0.01)


async def test_a_taken_port_says_what_to_do() -> None:
    with kept_port() as keeper:
        first = LoopbackListener("s", f"http://127.0.0.1:{number_of(keeper)}/callback")
        address = await first.start()
        try:
            igtimi, _ = client(TOKEN, **APPLICATION)
            with pytest.raises(ConnectionFailed, match="taken") as caught:
                await log_in(igtimi, show=lambda _: None, redirect_uri=address)
            assert "paste" in caught.value.advice
        finally:
            await first.close()
        with pytest.raises(OSError, match="Connect"):
            await visit(address)


async def test_what_is_missing_is_said_before_a_browser_is_bothered() -> None:
    igtimi, _ = client(TOKEN)
    with pytest.raises(AuthenticationFailed, match="client id"):
        await log_in(igtimi, show=lambda _: None)
    igtimi, _ = client(TOKEN, **APPLICATION)
    with pytest.raises(InvalidArgument, match="pasted"):
        await log_in(igtimi, show=lambda _: None)


async def test_garbage_on_the_listener_harms_nothing() -> None:
    accidents: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, what: accidents.append(what))
    listener = LoopbackListener("s")
    address = await listener.start()
    port = urlsplit(address).port
    no_address = b"GET http://[/callback HTTP/1.1\r\n\r\n"
    try:
        for garbage in (
            b"\x16\x03\x01\r\n\r\n", b"GET\r\n\r\n", b"x" * 40_000, b"GET /", no_address
        ):  # fmt: skip
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(garbage)
            writer.write_eof()
            with suppress(ConnectionResetError):
                await reader.read()
            writer.close()
        waiting = asyncio.create_task(listener.code())
        assert (await visit(f"{address}?code=ok&state=s"))[0] == 200
        assert await waiting == "ok"
        assert "already" in (await visit(f"{address}?code=more&state=s"))[1]
        assert accidents == []
    finally:
        await listener.close()


async def test_a_connection_to_spare_keeps_nobody_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Browsers open one beside the one that they use, and say nothing on it."""
    monkeypatch.setattr("tui.services.igtimi.loopback.SLOWEST_HEAD", 3600)
    before = asyncio.all_tasks()
    listener = LoopbackListener("s")
    address = await listener.start()
    spare, writer = await asyncio.open_connection("127.0.0.1", urlsplit(address).port)
    assert (await visit(f"{address}?code=ok&state=s"))[0] == 200
    await listener.close()
    assert await listener.code() == "ok"
    assert {task for task in asyncio.all_tasks() if not task.done()} <= before
    assert await spare.read() == b""
    writer.close()


@pytest.mark.parametrize(
    ("pasted", "expected"),
    [
        ("abc", "abc"),
        (" abc\n", "abc"),
        ("http://127.0.0.1:9/callback?code=a%2Bb&state=s", "a+b"),
        ("?code=abc&state=s", "abc"),
        ("code=abc&state=s", "abc"),
    ],
)
def test_what_may_be_pasted(pasted: str, expected: str) -> None:
    assert code_of(pasted, "s") == expected


@pytest.mark.parametrize(
    ("pasted", "kind"),
    [
        ("", Refused),
        ("two words", Refused),
        ("http://127.0.0.1/callback", Refused),
        ("http://127.0.0.1/callback?code=abc", Refused),
        ("http://[127.0.0.1/callback?code=abc&state=s", Refused),
        ("http://127.0.0.1/callback?code=abc&state=other", Refused),
        ("http://127.0.0.1/callback?error=access_denied", AuthenticationFailed),
    ],
)
def test_what_may_not_be_pasted(pasted: str, kind: type[Exception]) -> None:
    with pytest.raises(kind):
        code_of(pasted, "s")


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("http://127.0.0.1/", True),
        ("http://localhost:8080/x", True),
        ("https://127.0.0.1/", False),
        ("http://evil.example/", False),
        ("http://127.0.0.1:x/", False),
        (OUT_OF_BAND, False),
    ],
)
def test_which_addresses_lead_here(address: str, expected: bool) -> None:
    assert is_loopback(address) is expected


async def test_authorize_reads_what_a_redirect_carries() -> None:
    back = "http://127.0.0.1:5/callback"
    for location, code, token in (
        (f"{back}?code=c0de&state=s", "c0de", None),
        (f"{back}#access_token=t0ken&state=s", None, "t0ken"),
        ("https://login.example/", None, None),
    ):
        igtimi, _ = client(httpx.Response(302, headers={"location": location}))
        found = await igtimi.oauth.authorize("code", "app", back, state="s")
        assert (found.code, found.access_token, found.state) == (code, token, "s")
        assert "c0de" not in repr(found)
        assert found.url.endswith("callback&state=s")
    igtimi, _ = client(httpx.Response(302, headers={"location": f"{back}?error=access_denied"}))
    with pytest.raises(AuthenticationFailed, match="access_denied"):
        await igtimi.oauth.authorize("code", "app", back)
    igtimi, _ = client(httpx.Response(401, json={"error": "invalid_client"}))
    with pytest.raises(AuthenticationFailed, match="invalid_client"):
        await igtimi.oauth.authorize("code", "app", back)


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (httpx.Response(400, json={"error": "invalid_grant"}), AuthenticationFailed),
        (httpx.Response(200, json={"error": "invalid_grant"}), AuthenticationFailed),
        (httpx.Response(401, text="no"), AuthenticationFailed),
        (httpx.Response(503, text="<html></html>"), OutcomeUnknown),
        (httpx.Response(408, text="<html></html>"), OutcomeUnknown),
        (httpx.Response(408, json={"error": "timeout"}), OutcomeUnknown),
        (httpx.Response(200, text="<html></html>"), OutcomeUnknown),
        (httpx.Response(200, json={"token_type": "bearer"}), OutcomeUnknown),
        (httpx.Response(200, json=[]), OutcomeUnknown),
    ],
)
async def test_refused_exchanges(answer: httpx.Response, kind: type[Exception]) -> None:
    igtimi, capture = client(answer, **APPLICATION)
    with pytest.raises(kind) as caught:
        await igtimi.oauth.token("client_credentials")
    if kind is AuthenticationFailed and answer.headers["content-type"] == "application/json":
        assert caught.value.code == "invalid_grant"  # type: ignore[attr-defined]
    assert len(capture.requests) == 1, "a log-in is never tried again by itself"


async def test_the_configured_application_and_address_are_used_where_none_are_given() -> None:
    made, capture = client(
        {"access_token": "abc"},
        client_id="app",
        client_secret="hush",
        redirect_uri="http://127.0.0.1:8765/callback",
    )
    asked = await made.oauth.authorize("code")
    assert "client_id=app" in asked.url
    assert "redirect_uri=http%3A%2F%2F127.0.0.1%3A8765%2Fcallback" in asked.url
    await made.oauth.token("authorization_code", code="x")
    assert capture.form["redirect_uri"] == "http://127.0.0.1:8765/callback"
    bare, capture = client({})
    with pytest.raises(InvalidArgument):
        await bare.oauth.authorize("code")
    assert capture.requests == []
