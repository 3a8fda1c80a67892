"""Every TrackMyPeople function against the document: what is sent, and what is read.

The document's samples are no valid JSON (unquoted keys, `$name` for values), but for the three
answers of the version check, which stand here verbatim. The others are the samples with their
values filled in and the missing quotes and commas added; nothing else is changed.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import unquote

import pytest

from tests.services.capture import Capture
from tui.services.trackmypeople import (
    Block,
    LastBlock,
    Profile,
    TimerState,
    Tracker,
    TrackerDetail,
    TrackMyPeople,
    VersionCheck,
)

BASE = "https://secure.trackmypeople.com/api"
BASIC = "Basic YW5uYTpww6Rzcw=="  # anna:päss

TRACKER = {"Id": 12, "Name": "Website", "Abbreviation": "WEB", "Trackable": 1}
DETAIL = TrackerDetail(id=12, name="Website", abbreviation="WEB", trackable=True)
RUNNING = {
    "result": 1,
    "daytotal": 5400,
    "last_block": {"started_at": "1288515600", "total": "1800", "tracker": TRACKER},
}
LAST = LastBlock(started_at=datetime(2010, 10, 31, 9, tzinfo=UTC), total=1800, tracker=DETAIL)
STATE = TimerState(result=1, day_total=5400, last_block=LAST)


def block(number: int, *, free: bool) -> dict[str, Any]:
    return {
        "Id": number,
        "ProfileId": 3,
        "TrackerId": 12,
        "Description": "Layout",
        "TimeIn": "2010-10-31 09:00:00",
        "TimeOut": "2010-10-31 10:30:00",
        "Total": 5400,
        "Free": free,
    }


def typed(number: int, *, free: bool) -> Block:
    return Block(
        id=number,
        profile_id=3,
        tracker_id=12,
        description="Layout",
        time_in=datetime(2010, 10, 31, 9, tzinfo=UTC),
        time_out=datetime(2010, 10, 31, 10, 30, tzinfo=UTC),
        total=5400,
        free=free,
    )


@dataclass
class Row:
    id: str
    section: str
    """Where the document says it; functions are counted in its order."""
    call: Callable[[TrackMyPeople], Awaitable[Any]]
    answer: Any
    result: Any
    form: dict[str, str] = field(default_factory=dict)


NINE = datetime(2010, 10, 31, 9, tzinfo=UTC)
HALF_PAST_TEN = datetime(2010, 10, 31, 10, 30, tzinfo=UTC)

ROWS = [
    Row(
        "trackers",
        "function 1 (heading confirmed in the second extraction)",
        lambda c: c.trackers(),
        {"7": "Acme", "12": "-> Website", "13": "-> -> Layout", "9": "Zenith"},
        [
            Tracker(id=7, name="Acme", depth=0),
            Tracker(id=12, name="Website", depth=1),
            Tracker(id=13, name="Layout", depth=2),
            Tracker(id=9, name="Zenith", depth=0),
        ],
    ),
    Row(
        "status",
        "function 2 (path supported by the prose)",
        lambda c: c.status(),
        {**RUNNING, "default_tracker": TRACKER},
        TimerState(result=1, day_total=5400, last_block=LAST, default_tracker=DETAIL),
    ),
    Row(
        "start",
        "function 3: [tracker_id]",
        lambda c: c.start(12, version="Terminal_0.1.0"),
        RUNNING,
        STATE,
        {"tracker_id": "12", "version": "Terminal_0.1.0"},
    ),
    Row(
        "switch",
        "function 4: [tracker_id], [description] (path assumed)",
        lambda c: c.switch(12, description="Done & dusted"),
        RUNNING,
        STATE,
        {"tracker_id": "12", "description": "Done & dusted"},
    ),
    Row(
        "stop",
        "function 5: [description] (path assumed)",
        lambda c: c.stop(description="Layout"),
        {"result": 1},
        TimerState(result=1),
        {"description": "Layout"},
    ),
    Row("total", "function 6 (path assumed)", lambda c: c.total(), {"total": "5400"}, 5400),
    Row(
        "add",
        "function 7: start, [stop], [tracker_id], [description] (path assumed)",
        lambda c: c.add(NINE, stop=HALF_PAST_TEN, tracker_id=12, description="Layout"),
        {"result": 1, "added_block": block(99, free=False)},
        typed(99, free=False),
        {
            "start": "2010-10-31 09:00:00",
            "stop": "2010-10-31 10:30:00",
            "tracker_id": "12",
            "description": "Layout",
        },
    ),
    Row(
        "addfree",
        "function 8: hours, [date], [tracker_id], [description] (path assumed)",
        lambda c: c.addfree(
            Decimal("7.5"), date=date(2010, 10, 31), tracker_id=12, description="Layout"
        ),
        {"result": 1, "added_block": block(99, free=True)},
        typed(99, free=True),
        {"hours": "7.5", "date": "2010-10-31", "tracker_id": "12", "description": "Layout"},
    ),
    Row(
        "reportees",
        "function 9 (path assumed)",
        lambda c: c.reportees(),
        {
            "reportee_3": {
                "Id": 3,
                "Title": "Mrs",
                "Namefirst": "Anna",
                "Namefamily": "Lund",
                "Email": "anna@example.org",
                "Phone": "1",
                "Gsm": "2",
                "Timezone": "Europe/Brussels",
                "Culture": "nl_BE",
                "DefaultTrackerId": 12,
            }
        },
        [
            Profile(
                id=3,
                title="Mrs",
                first_name="Anna",
                family_name="Lund",
                email="anna@example.org",
                phone="1",
                gsm="2",
                timezone="Europe/Brussels",
                culture="nl_BE",
                default_tracker_id=12,
            )
        ],
    ),
    Row(
        "report",
        "function 10: seven parameters, none required (path assumed)",
        lambda c: c.report(
            profile_id=3,
            tracker_id=12,
            start=date(2010, 10, 1),
            stop=HALF_PAST_TEN,
            timezone="UTC",
            free=False,
            include_open=True,
        ),
        {"block_7": block(7, free=True), "block_8": block(8, free=False)},
        [typed(7, free=True), typed(8, free=False)],
        {
            "profile_id": "3",
            "tracker_id": "12",
            "start": "2010-10-01",
            "stop": "2010-10-31 10:30:00",
            "timezone": "UTC",
            "free": "0",
            "include_open": "1",
        },
    ),
    Row(
        "version",
        "function 11: version (path assumed); the answer is verbatim",
        lambda c: c.version("Windows_Y-1.1.1"),
        '{"result":1}',
        VersionCheck(current=True),
        {"version": "Windows_Y-1.1.1"},
    ),
]


def client(capture: Capture, **options: Any) -> TrackMyPeople:
    return TrackMyPeople(capture.transport("trackmypeople", BASE), "anna", "päss", **options)


def test_every_function_has_its_row() -> None:
    rows = [f"trackmypeople.{row.id}" for row in ROWS]
    assert sorted(rows) == sorted(TrackMyPeople.operations())


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
async def test_posts_a_form_and_reads_the_sample(row: Row) -> None:
    capture = Capture(row.answer)
    assert await row.call(client(capture)) == row.result
    assert capture.request.method == "POST"
    assert str(capture.request.url) == f"{BASE}/{row.id}.json"
    assert capture.request.headers["authorization"] == BASIC
    assert capture.form == row.form


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
async def test_gets_with_pairs_in_the_path(row: Row) -> None:
    """Second extraction: `<function>.<format>/name/value/name/value`, values URL-encoded."""
    capture = Capture(row.answer)
    assert await row.call(client(capture, method="GET")) == row.result
    assert capture.request.method == "GET"
    assert capture.request.content == b""
    raw = capture.request.url.raw_path.decode()
    parts = raw.removeprefix(f"/api/{row.id}.json").split("/")[1:]
    assert len(parts) == 2 * len(row.form)
    sent = [unquote(part) for part in parts]
    assert dict(zip(sent[::2], sent[1::2], strict=True)) == row.form


def as_xml(value: Any, tag: str = "api_response", attribute: str = "") -> str:
    """The XML form as assumed: JSON keys as tags, true is 1, false is an empty element."""
    if isinstance(value, dict):
        inner = "".join(
            as_xml(item, "tracker", f' id="{key}"') if key.isdecimal() else as_xml(item, key)
            for key, item in value.items()
        )
    elif isinstance(value, bool):
        inner = "1" if value else ""
    else:
        inner = str(value).replace("&", "&amp;").replace(">", "&gt;")
    return f"<{tag}{attribute}>{inner}</{tag}>"


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
async def test_reads_the_same_from_xml(row: Row) -> None:
    answer = {"result": 1} if isinstance(row.answer, str) else row.answer
    capture = Capture('<?xml version="1.0" encoding="utf-8"?>' + as_xml(answer))
    assert await row.call(client(capture, format="xml")) == row.result
    assert str(capture.request.url) == f"{BASE}/{row.id}.xml"
