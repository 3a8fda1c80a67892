"""Every TickTocker function against the document: what is sent, and what is read.

The document shows three answers (getapikey, version, tock); they stand in tests/data/ticktocker
as printed. The other five have no documented answer: streams are tried in each container
that is assumed, with the sample tock inside.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.services.capture import Capture
from tui.services.ticktocker import Account, ApiVersion, Followed, Submitted, TickTocker, Tock

BASE = "https://ticktocker.com/api/1"
DATA = Path(__file__).parents[2] / "data" / "ticktocker"
SAMPLE = (DATA / "tock.json").read_text()
SAMPLE_TOCK = json.loads(SAMPLE)["response"]["tock"]
STREAM = {"code": 1, "response": {"tocks": [SAMPLE_TOCK]}}

TOCK = Tock(
    short_url="8c866",
    title="Time since last beat missed.",
    description="The SMS conception.",
    event_start=datetime(2010, 4, 14, 17, 5, tzinfo=UTC),
    event_end=datetime(2010, 4, 14, 18, 5, tzinfo=UTC),
    event_created=datetime(2010, 7, 16, 19, 2, 34, tzinfo=UTC),
    timezone="America/New_York",
    url="time-since-last-beat-missed",
    upvotes=2,
    dnvotes=0,
    tags=["site", "ticktocker"],
    repeat="no",
    num_comments=1,
    private=False,
    link="http://ticktocker.com/",
    location="",
    upvoted=True,
    dnvoted=False,
    watched=False,
    author="eric",
    author_avatar="http://graph.facebook.com/FBID/picture",
    author_url="eric",
    invited=False,
    author_followed=False,
)

SIGNED = {"u": "gadgets", "t": "KEY", "a": "APP"}
START = datetime(2010, 11, 5, 17, 5, tzinfo=UTC)


@dataclass
class Row:
    id: str
    section: str
    """The heading of the document, and whether it shows an answer."""
    call: Callable[[TickTocker], Awaitable[Any]]
    path: str
    answer: Any
    result: Any
    form: dict[str, str] = field(default_factory=lambda: SIGNED)


ROWS = [
    Row(
        "getapikey",
        "Authentication; answer verbatim. The list of functions requires u, p, a",
        lambda c: c.getapikey("gadgets", "secret"),
        "getapikey",
        (DATA / "getapikey.json").read_text(),
        Account(
            username="gadgets",
            name="Gadgets McGee",
            url="gadgets",
            timezone="America/New_York",
            avatar="http://ticktocker.com/images/fbsecure/gadgets.jpg",
            apikey="[long api key]",
        ),
        {"u": "gadgets", "p": "secret", "a": "APP"},
    ),
    Row(
        "version",
        "[ep]/version; answer verbatim",
        lambda c: c.version(),
        "version",
        (DATA / "version.json").read_text(),
        ApiVersion(
            api_version=1,
            logged_in=True,
            application="TickTocker.com Development Environment",
            calls=120,
        ),
    ),
    Row(
        "tock", "[ep]/tock; answer verbatim", lambda c: c.tock("8c866"), "tock/8c866", SAMPLE, TOCK
    ),
    Row(
        "follow",
        "[ep]/follow; no answer documented",
        lambda c: c.follow("eric"),
        "follow/eric",
        {"code": 1, "response": {"followed": 1}},
        Followed(response={"followed": 1}),
    ),
    Row(
        "community",
        "[ep]/community; the document prints follow's path; no answer documented",
        lambda c: c.community("hot"),
        "community/hot",
        STREAM,
        [TOCK],
    ),
    Row(
        "me",
        "[ep]/me; no answer documented",
        lambda c: c.me("watched", "latest", 3),
        "me/watched/latest/3",
        STREAM,
        [TOCK],
    ),
    Row(
        "user",
        "[ep]/user; no answer documented",
        lambda c: c.user("eric", "expired", 2),
        "user/eric/expired/2",
        STREAM,
        [TOCK],
    ),
    Row(
        "submit",
        "[ep]/submit, the table of variables; 'the tock's short_url is returned in the response'",
        lambda c: c.submit(
            "Beat missed",
            START,
            description="A description",
            tags=["site", "tick tocker", "a-b_c"],
            private=False,
            eventend=datetime(2010, 11, 5, 18, 5, tzinfo=UTC),
            repeat="bi-weekly",
            link="http://ticktocker.com/",
            location="Here",
            timezone="America/New_York",
        ),
        "submit",
        {"code": 1, "response": {"short_url": "8c866"}},
        Submitted(short_url="8c866"),
        {
            **SIGNED,
            "title": "Beat missed",
            "eventstart": "2010-11-05 17:05:00",
            "description": "A description",
            "tags": "site, tick tocker, a-b_c",
            "private": "0",
            "eventend": "2010-11-05 18:05:00",
            "repeat": "bi-weekly",
            "link": "http://ticktocker.com/",
            "location": "Here",
            "timezone": "America/New_York",
        },
    ),
]


def client(capture: Capture, **options: Any) -> TickTocker:
    options = {"apikey": "KEY", **options}
    return TickTocker(capture.transport("ticktocker", BASE), "gadgets", "APP", **options)


def test_every_function_has_its_row() -> None:
    assert sorted(f"ticktocker.{row.id}" for row in ROWS) == sorted(TickTocker.operations())


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
async def test_posts_the_documented_form_and_reads_the_answer(row: Row) -> None:
    capture = Capture(row.answer)
    assert await row.call(client(capture)) == row.result
    assert capture.request.method == "POST"
    assert str(capture.request.url) == f"{BASE}/{row.path}"
    assert capture.form == row.form


def test_links_are_built_as_the_document_says() -> None:
    assert TOCK.page == "http://ticktocker.com/eric/time-since-last-beat-missed"
    assert Tock(short_url="8c866").page == "http://tcktck.com/8c866"
    assert Submitted(short_url="8c866").page == "http://tcktck.com/8c866"
