"""A service that quotes what it was sent gives away no secret by it."""

from __future__ import annotations

import base64
import html
import json
from collections.abc import Awaitable, Callable
from urllib.parse import quote, unquote_plus

import httpx
import msgspec
import pytest

from tests.services.capture import Capture
from tui.services.errors import InvalidArgument, Refused, ServiceError
from tui.services.igtimi.client import Igtimi
from tui.services.left_out import collecting
from tui.services.ticktocker.client import TickTocker
from tui.services.timesheets.client import Timesheets
from tui.services.timetonic.client import TimeTonic
from tui.services.timetonic.dialect import Keys
from tui.services.told_back import hide_in, unquoted
from tui.services.trackmypeople.client import TrackMyPeople

SECRET = 'p/w "é" & 17+x'
TOKEN = 'p/w "e" & 17+x'
"""As it may stand in a header."""


async def _timetonic(line: Capture) -> object:
    made = TimeTonic(line.transport("timetonic"), "demo", keys=Keys(sesskey=SECRET))
    return await made.update_table_value(1, 2, "x", encrypted_field_passwords={"6": "un lock"})


async def _timetonic_log_in(line: Capture) -> object:
    keys = Keys(appkey="known")
    return await TimeTonic(
        line.transport("timetonic"), "demo", password=SECRET, keys=keys
    ).get_user_info()


async def _ticktocker(line: Capture) -> object:
    made = TickTocker(line.transport("ticktocker"), "demo", "application", apikey=SECRET)
    return await made.follow("eric")


async def _igtimi(line: Capture) -> object:
    return await Igtimi(line.transport("igtimi"), access_token=TOKEN).sessions.create()


async def _trackmypeople(line: Capture) -> object:
    return await TrackMyPeople(line.transport("trackmypeople"), "demo", SECRET).start()


async def _timesheets_log_in(line: Capture) -> object:
    made = Timesheets(line.transport("timesheets"), app="demo", email="a@b.c", password=SECRET)
    return await made.task.create(3, "Cut")


async def _timesheets_delete(line: Capture) -> object:
    made = Timesheets(line.transport("timesheets"), app="demo", email="a@b.c", password=SECRET)
    return await made.task.delete(3)


def _quoting(request: httpx.Request) -> httpx.Response:
    """An answer that says no in every service's form, and tells the whole request."""
    body = request.content.decode()
    authorization = request.headers.get("authorization", "")
    said = [str(request.url), authorization, body, unquote_plus(body), html.escape(body)]
    if authorization.startswith("Basic "):
        said.append(base64.b64decode(authorization[6:]).decode())
    if body.startswith("{"):
        said += map(str, json.loads(body).values())
    words = " | ".join(said)
    answer = {
        "status": "ERROR" if "api.php" not in request.url.path else "nok",
        "code": -1,
        "errorMsg": words,
        "message": words,
        "response": {"error": words},
        "error": words,
    }
    return httpx.Response(422, json=answer)


def _quoting_yes(request: httpx.Request) -> httpx.Response:
    """A yes in every service's form that tells the whole request, under every name."""
    said = json.loads(_quoting(request).content)
    words = said["message"]
    if request.url.path.endswith("/login"):
        return httpx.Response(200, json={"status": "ACTIVE", "token": TOKEN, "message": words})
    yes: dict[str, object] = {"status": "ok", "result": 1, "code": 1, "id": 7, "response": words}
    if "api.php" not in request.url.path:
        yes["status"] = "SUCCESS"
    yes |= {"message": words, "debug": {"request": [words]}}
    return httpx.Response(200, json=yes)


CALLS = [
    _timetonic, _timetonic_log_in, _ticktocker, _igtimi, _trackmypeople, _timesheets_log_in,
]  # fmt: skip


@pytest.mark.parametrize("call", CALLS)
async def test_words_that_quote_the_request_hold_no_secret(
    call: Callable[[Capture], Awaitable[object]],
) -> None:
    with pytest.raises(ServiceError) as caught:
        await call(Capture(_quoting))
    error = caught.value
    told = " ".join(map(str, (error, error.advice, error.code, error.link, repr(error))))
    basic = base64.b64encode(f"demo:{SECRET}".encode()).decode()
    for form in (SECRET, TOKEN, quote(SECRET), "17%2Bx", html.escape(SECRET), basic, "un lock"):
        assert form not in told, told
    assert "•••" in told, "the rest of the words stands there"


@pytest.mark.parametrize(
    "call",
    [_ticktocker, _trackmypeople, _timesheets_log_in, _timesheets_delete],
)
async def test_neither_do_those_of_a_yes(
    call: Callable[[Capture], Awaitable[object]], caplog: pytest.LogCaptureFixture
) -> None:
    """It is shown, noted with the change, and what could not be read is said in the log."""
    with collecting() as left_out:
        done = await call(Capture(_quoting_yes))
    told = " ".join((repr(done), str(msgspec.json.encode(done)), repr(left_out), caplog.text))
    assert "•••" in told, told
    basic = base64.b64encode(f"demo:{SECRET}".encode()).decode()
    for form in (SECRET, TOKEN, quote(SECRET), "17%2Bx", html.escape(SECRET), basic, "un lock"):
        assert form not in told, told


async def test_what_a_person_wrote_down_is_left_as_it_is() -> None:
    """A password may be a word of the language."""
    title = "Mend the genoa"
    answer = {
        "status": "SUCCESS",
        "data": {"id": 3, "name": title, "hint": "genoa"},
        "message": "genoa",
    }
    made = Timesheets(Capture(answer).transport("timesheets"), app="demo", token="genoa")
    found = await made.project.info(3)
    assert found.name == title
    assert found.extra["hint"] == "•••"


@pytest.mark.parametrize(
    ("secret", "words", "shown"),
    [
        ("blue", "blue, blueish and (blue)", "•••, blueish and (•••)"),
        ("T", "Task T is over", "Task T is over"),
        ("    ", "a     b", "a     b"),
        ("{odd", "not {odd", "not •••"),
        ("a/b/c", r"a\/b\/c and a%2Fb%2Fc", "••• and •••"),
        ("one", "one one_two", "one one_two"),
    ],
)
def test_a_secret_is_hidden_where_it_stands_by_itself(secret: str, words: str, shown: str) -> None:
    error = Refused(words)
    hide_in(error, [secret])
    assert error.message == shown


def test_a_link_that_holds_one_is_none_and_another_is_kept() -> None:
    for link, kept in (("https://t.example/?t=s3cret", None), ("https://t.example/3", ...)):
        error = Refused("no", link=link, code="s3cret")
        hide_in(error, ["s3cret"])
        assert error.link == (link if kept is ... else None)
        assert error.code == "•••"


@pytest.mark.parametrize(
    "token", ["t\u00f6ken", "\u201ctoken\u201d", "to\nken", "token\n", "to\x00ken"]
)
async def test_a_token_that_no_header_takes_is_said_and_nothing_is_sent(token: str) -> None:
    line = Capture({})
    with pytest.raises(InvalidArgument, match="Authorization") as caught:
        await Igtimi(line.transport("igtimi"), access_token=token).sessions.create()
    assert caught.value.nothing_done
    assert token not in str(caught.value)
    assert not line.requests


@pytest.mark.parametrize(
    ("secret", "words", "shown"),
    [
        ("tok", "The token is not one of a shared view", "The token is not one of a shared view"),
        ("tok", "tok: no view of tok, (tok), tok_1", "•••: no view of •••, (•••), •••_1"),
        ("tok", "?token%3Dtok&t=tok%26", "?token%3D•••&t=•••%26"),
        ("tok", r"\ntok", r"\n•••"),
        ("5ecre", "a5ecre 5ecre5", "a5ecre 5ecre5"),
        ("5ecret", "a5ecret 5ecret5", "a••• •••5"),
    ],
)
def test_a_short_one_is_taken_out_of_words_only_where_it_is_a_word(
    secret: str, words: str, shown: str
) -> None:
    assert unquoted(words, {secret, quote(secret)}) == shown
