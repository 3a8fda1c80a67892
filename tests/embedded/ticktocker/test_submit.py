"""Submitting: the documented limits, one by one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.embedded.ticktocker.caller import PREFIX, call, make_server, signed, stream
from tests.harness import EmbeddedServer

GOOD = {"title": "Tide table party", "eventstart": "2026-04-01 18:30:00"}


@pytest.fixture(scope="module")
def running() -> Iterator[EmbeddedServer]:
    with make_server(seeded=False) as server:
        yield server


@pytest.fixture
def empty(running: EmbeddedServer) -> EmbeddedServer:
    running.reset()
    return running


def submitted(server: EmbeddedServer, **fields: object) -> Any:
    answer = call(server, "submit", **{**GOOD, **fields})
    assert answer["code"] == 1, answer
    short_url = answer["response"]["short_url"]
    return call(server, f"tock/{short_url}")["response"]["tock"]


def test_the_defaults(empty: EmbeddedServer) -> None:
    tock = submitted(empty)
    assert tock["title"] == "Tide table party"
    assert tock["event_start"] == "2026-04-01 18:30:00"
    assert tock["event_end"] == "2026-04-01 19:30:00"
    assert tock["private"] == 1
    assert tock["repeat_frequency"] == "no"
    assert tock["timezone"] == "Europe/Brussels"
    assert tock["url"] == "tide-table-party"
    assert tock["author"] == empty.credentials.ticktocker_user
    assert tock["tags"] == tock["link"] == tock["location"] == tock["description"] == ""
    assert submitted(empty)["url"] == "tide-table-party-2"


def test_all_that_can_be_given_is_kept(empty: EmbeddedServer) -> None:
    fields = {
        "description": "[bold]not bold[/bold] \x1b[31m <b>&amp; 雨",
        "eventend": "2026-04-02 02:00:00",
        "private": "0",
        "repeat": "bi-weekly",
        "link": "https://example.org/?a=1&b=2",
        "location": "Berth 12",
        "timezone": "America/New_York",
    }
    tock = submitted(empty, tags=" site,, tick-tocker ,a_b", **fields)
    renamed = {"eventend": "event_end", "repeat": "repeat_frequency"}
    for name, value in fields.items():
        assert str(tock[renamed.get(name, name)]) == value
    assert tock["tags"] == "site, tick-tocker, a_b"
    assert [seen["short_url"] for seen in stream(empty, "community/fresh")] == [tock["short_url"]]
    assert [seen["short_url"] for seen in stream(empty, "me/mine/upcoming")] == [tock["short_url"]]


def test_both_spellings_of_the_start_are_read(empty: EmbeddedServer) -> None:
    answer = call(empty, "submit", title="Four", evenstart="2026-04-01 18:30:00")
    assert answer["code"] == 1


@pytest.mark.parametrize(
    "fields",
    [
        {"title": "x" * 4},
        {"title": "x" * 255},
        {"description": "x" * 2000},
        {"tags": "x" * 255},
        {"tags": "été, Boot 7"},
        {"link": "x" * 255},
        {"location": "ü" * 255},
        {"eventend": "2026-04-01 18:30:00"},
        *({"repeat": word} for word in ("no", "daily", "weekly", "bi-weekly", "monthly", "yearly")),
    ],
)
def test_at_the_limit_is_taken(empty: EmbeddedServer, fields: dict[str, str]) -> None:
    submitted(empty, **fields)


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"title": ""}, 0),
        ({"title": "    "}, 0),
        ({"eventstart": ""}, 0),
        ({"title": "abc"}, -1),
        ({"title": "x" * 256}, -1),
        ({"description": "x" * 2001}, -1),
        ({"tags": "x" * 256}, -1),
        ({"tags": "a;b"}, -1),
        ({"tags": "a/b"}, -1),
        ({"tags": "a\nb"}, -1),
        ({"link": "x" * 256}, -1),
        ({"location": "x" * 256}, -1),
        ({"private": "2"}, -1),
        ({"private": "yes"}, -1),
        ({"repeat": "hourly"}, -1),
        ({"timezone": "Atlantis/Port"}, -1),
        ({"timezone": "../../../etc/passwd"}, -1),
        ({"eventstart": "2026-04-01"}, -1),
        ({"eventstart": "2026-04-01T18:30:00"}, -1),
        ({"eventstart": "2026-02-30 18:30:00"}, -1),
        ({"eventstart": "2026-04-01 24:30:00"}, -1),
        ({"eventstart": "0001-04-01 12:00:00"}, -1),
        ({"eventstart": "1775061000"}, -1),
        ({"eventend": "later"}, -1),
        ({"eventend": "2026-04-01 18:29:59"}, -1),
    ],
)
def test_past_the_limit_is_refused(
    empty: EmbeddedServer, fields: dict[str, str], code: int
) -> None:
    answer = call(empty, "submit", **{**GOOD, **fields})
    assert answer["code"] == code
    assert answer["response"]["error"]
    assert stream(empty, "me/mine/latest") == []


def test_bodies_and_addresses_that_make_no_sense(empty: EmbeddedServer) -> None:
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    for body, headers in [
        (b"\xff\xfe", form),
        (b"u=%ff", form),
        (b"{}", {"Content-Type": "application/json"}),
        (b"", form),
        (b"--x", {"Content-Type": "multipart/form-data; boundary=x"}),
    ]:
        answer = empty.http("POST", PREFIX + "submit", body=body, headers=headers)
        assert answer.status in (200, 400)
        assert answer.json()["code"] in (0, -1)
    answer = empty.http("POST", PREFIX + "tock/%ff", form=signed(empty))
    assert answer.json()["code"] == -1
    for path in ("nothing", "api/2/version", "api/1/upvote"):
        answer = empty.http("POST", f"/ticktocker/{path}", form=signed(empty))
        assert answer.status == 404
        assert answer.json()["code"] == -1
    answer = empty.http("GET", PREFIX + "version")
    assert answer.status == 405
    assert answer.json()["code"] == -1


def test_quirks_use_every_shape_that_the_page_leaves_open() -> None:
    with make_server(quirks=True) as server:
        assert call(server, "version")["response"]["calls"] == "120"
        fresh = call(server, "community/fresh")["response"]
        assert fresh[0]["upvotes"].isdigit()
        assert call(server, "me/mine/latest")["response"]["stream"]
        assert call(server, "me/mine/latest/90") == {"code": 0, "response": []}
        assert call(server, "user/marta/latest")["result"]["tock"]
        assert call(server, "follow/marta") == {"code": 1}
        short_url = call(server, "submit", **GOOD)["response"]
        assert call(server, f"tock/{short_url}")["response"]["tock"]["private"] == "1"
        assert call(server, "submit", title="abc", eventstart="x") == {"code": -1}
