"""What TrackMyPeople's refusals, odd forms and broken answers become."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.services.capture import Capture
from tests.services.strategies import json_objects
from tests.services.trackmypeople.test_contract import NINE, block, client
from tui.services.digits import LONGEST
from tui.services.errors import (
    AuthenticationFailed,
    ConnectionFailed,
    InvalidArgument,
    NotFound,
    OutcomeUnknown,
    ProtocolViolation,
    Refused,
    ServiceError,
)
from tui.services.left_out import collecting, sentences
from tui.services.reading import read
from tui.services.trackmypeople import Block, OverlapRefused, VersionCheck
from tui.services.trackmypeople.answers import Forms, entries
from tui.services.trackmypeople.lines import bare
from tui.services.wire import Response

EDIT = "https://secure.trackmypeople.com/block/edit/7"


@pytest.mark.parametrize("format", ["json", "xml"])
async def test_an_overlap_carries_the_edit_page_of_the_block_in_the_way(format: Any) -> None:
    if format == "json":
        answer: Any = {"result": 0, "error": "overlaps a block", "url": EDIT}
    else:
        answer = (
            "<api_response><result>0</result><error>overlaps a block</error>"
            f"<url>{EDIT}</url></api_response>"
        )
    with pytest.raises(OverlapRefused, match="overlaps a block") as caught:
        await client(Capture(answer), format=format).add(NINE)
    assert caught.value.link == EDIT
    assert caught.value.operation == "trackmypeople.add"
    with pytest.raises(OverlapRefused):
        await client(Capture(answer), format=format).addfree(Decimal(8))


@pytest.mark.parametrize(
    ("time_format", "words", "told"),
    [
        (
            "%Y-%m-%d %H:%M:%S",
            "It overlaps the one from 2026-11-29 23:30:00 to 2026-11-30 00:15:00.",
            "It overlaps the one from 2026-11-30 00:30:00 to 2026-11-30 01:15:00.",
        ),
        ("%d.%m.%Y %H:%M", "from 29.11.2026 23:30 to now", "from 30.11.2026 00:30 to now"),
        # Times that say their own zone, and what is no time, stay as they are.
        ("%Y-%m-%d %H:%M:%S", "at 2026-11-29 23:30:00+01:00", "at 2026-11-29 23:30:00+01:00"),
        ("%Y-%m-%d %H:%M:%S", "at 2026-13-45 23:30:00", "at 2026-13-45 23:30:00"),
    ],
)
async def test_an_overlap_tells_its_times_in_the_zone_that_is_shown(
    time_format: str, words: str, told: str
) -> None:
    answer = Capture({"result": 0, "error": words, "url": EDIT})
    timer = client(answer, time_format=time_format, shown=ZoneInfo("Europe/Berlin"))
    with pytest.raises(OverlapRefused) as caught:
        await timer.add(NINE)
    assert caught.value.message == told


def test_a_time_that_the_accounts_clocks_show_twice_becomes_both() -> None:
    berlin = Forms("%Y-%m-%d %H:%M:%S", ZoneInfo("Europe/Berlin"), 1)
    words = "It overlaps the one from 2026-10-25 02:30:00."
    both = "It overlaps the one from 2026-10-25 00:30:00 or 2026-10-25 01:30:00."
    assert berlin.shown_in(words, UTC) == both


async def test_an_error_without_a_link_is_a_plain_refusal() -> None:
    with pytest.raises(Refused, match="start is after stop") as caught:
        await client(Capture({"result": 0, "error": "start is after stop"})).add(NINE)
    assert not isinstance(caught.value, OverlapRefused)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("start", "already running"),
        ("switch", "no block was running"),
        ("stop", "no block was running"),
    ],
)
@pytest.mark.parametrize("result", [0, "0", False])
async def test_result_0_has_the_functions_own_meaning(name: str, words: str, result: Any) -> None:
    timer = client(Capture({"result": result}))
    with pytest.raises(Refused, match=words):
        await getattr(timer, name)()


@pytest.mark.parametrize("name", ["start", "switch", "stop"])
@pytest.mark.parametrize(
    "answer",
    [{}, [], {"status": "fail"}, {"result": 2}, {"result": -1}, {"result": None},
     {"result": 1, "error": "the disk is full"}],
)  # fmt: skip
async def test_a_change_is_done_only_where_the_service_says_so(name: str, answer: Any) -> None:
    timer = client(Capture(answer))
    with pytest.raises(OutcomeUnknown, match=r"result|says that it is done"):
        await getattr(timer, name)()


async def test_a_block_in_the_answer_says_that_it_was_started() -> None:
    last = {"started_at": "1288515600", "total": "0"}
    assert (await client(Capture({"last_block": last})).start()).running


async def test_status_goes_by_the_block_and_not_by_the_result() -> None:
    running = {"result": 0, "last_block": {"started_at": "1288515600", "total": "0"}}
    assert (await client(Capture(running)).status()).running
    for last in ([], "", None, {"started_at": ""}, {"started_at": 0}, {"started_at": False}):
        state = await client(Capture({"result": 1, "last_block": last})).status()
        assert not state.running, last


async def test_the_version_check_has_three_answers() -> None:
    newer = client(Capture('{"result":0,"url":"https://example.org/new"}'))
    assert await newer.version("Windows_Y-1.1.1") == VersionCheck(
        current=False, url="https://example.org/new"
    )
    bad = client(Capture('{"result":0,"error":"invalid version passed: x_y"}'))
    with pytest.raises(Refused, match="invalid version passed: x_y"):
        await bad.version("x_y")
    capture = Capture()
    with pytest.raises(InvalidArgument):
        await client(capture).version("Windows")
    assert capture.requests == []


@pytest.mark.parametrize(
    ("label", "name", "depth"),
    [
        ("Acme", "Acme", 0),
        ("→ Site", "Site", 1),
        ("→→ Site", "Site", 2),
        ("--> --> Site", "Site", 2),
        ("»» » Site", "Site", 3),
        ("=> Site", "Site", 1),
        ("-- Site", "Site", 2),
        (" > R&D -> Q", "R&D -> Q", 1),
        ("-->", "-->", 0),
    ],
)
async def test_arrows_are_counted_and_taken_off(label: str, name: str, depth: int) -> None:
    [tracker] = await client(Capture({"4": label})).trackers()
    assert (tracker.id, tracker.name, tracker.depth) == (4, name, depth)


async def test_trackers_keep_the_order_of_the_answer() -> None:
    text = '{"30":"A","4":"-> B","12":"C"}'
    assert [t.id for t in await client(Capture(text)).trackers()] == [30, 4, 12]
    xml = (
        "<api_response><tracker_30>A</tracker_30><tracker_4>-&gt; B</tracker_4>"
        '<tracker id="12">C</tracker></api_response>'
    )
    assert [t.id for t in await client(Capture(xml), format="xml").trackers()] == [30, 4, 12]


async def test_no_trackers_at_all_is_an_empty_list() -> None:
    for answer in ("[]", "{}"):
        assert await client(Capture(answer)).trackers() == []


async def test_repeated_xml_blocks_are_told_apart_by_their_id() -> None:
    xml = (
        "<api_response><block><Id>7</Id><Total>60</Total></block>"
        "<block><Id>8</Id><Free/></block><block><Id>9</Id><Free>1</Free></block></api_response>"
    )
    blocks = await client(Capture(xml), format="xml").report()
    assert [(b.id, b.total, b.free) for b in blocks] == [
        (7, 60, False),
        (8, None, False),
        (9, None, True),
    ]


async def test_an_open_block_has_no_end() -> None:
    for empty in ("", None, False, "0000-00-00 00:00:00"):
        answer = {"result": 1, "added_block": {**block(7, free=False), "TimeOut": empty}}
        assert (await client(Capture(answer)).add(NINE)).time_out is None


async def test_times_are_written_and_read_in_the_accounts_zone() -> None:
    capture = Capture({"result": 1, "added_block": block(7, free=False)})
    added = await client(capture, timezone="Europe/Brussels").add(NINE)
    assert capture.form["start"] == "2010-10-31 10:00:00"
    assert added.time_in == datetime(2010, 10, 31, 8, tzinfo=UTC)


async def test_the_pattern_of_times_and_the_unit_of_totals_are_configurable() -> None:
    answer = {"result": 1, "added_block": {"Id": 7, "TimeIn": 1288515600, "Total": 90}}
    capture = Capture(answer)
    added = await client(capture, time_format="%s", total_unit=60).add(NINE)
    assert capture.form["start"] == str(int(NINE.timestamp()))
    assert added.time_in == datetime(2010, 10, 31, 9, tzinfo=UTC)
    assert added.total == 5400
    assert await client(Capture({"total": 90}), total_unit=60).total() == 5400


async def test_every_path_can_be_replaced_and_an_unknown_one_is_named() -> None:
    capture = Capture({"total": 1})
    await client(capture, paths={"total": "today"}).total()
    assert capture.request.url.path == "/api/today.json"
    with pytest.raises(InvalidArgument, match="did you mean 'total'"):
        client(capture, paths={"totals": "x"})


async def test_a_value_cannot_leave_its_place_in_the_path() -> None:
    capture = Capture({"result": 1})
    await client(capture, method="GET").stop(description="../../a?b#c")
    path = b"/api/stop.json/description/..%2F..%2Fa%3Fb%23c"
    assert capture.request.url.raw_path == path
    await client(capture, method="GET").stop(description="..")
    assert capture.request.url.raw_path == b"/api/stop.json/description/%2E%2E"
    # An empty value would vanish from the path and shift what follows it.
    await client(capture, method="GET").switch(5, description="")
    assert capture.request.url.raw_path == b"/api/switch.json/tracker_id/5"


@pytest.mark.parametrize(
    ("name", "sent"),
    [("start", 1), ("stop", 1), ("switch", 1), ("status", 6), ("trackers", 6)],
)
async def test_only_reads_go_where_a_redirection_leads(name: str, sent: int) -> None:
    """Sent by GET a write is one all the same: led to itself, it would be made again and again."""
    capture = Capture(lambda asked: httpx.Response(302, headers={"location": str(asked.url)}))
    with pytest.raises(ProtocolViolation if sent > 1 else OutcomeUnknown):
        await getattr(client(capture, method="GET"), name)()
    assert len(capture.requests) == sent


@pytest.mark.parametrize(("name", "sent"), [("start", 1), ("status", 3)])
async def test_only_reads_that_broke_off_are_asked_again(name: str, sent: int) -> None:
    capture = Capture(httpx.ReadError("x"))
    with pytest.raises(ConnectionFailed if sent > 1 else OutcomeUnknown):
        await getattr(client(capture, method="GET"), name)()
    assert len(capture.requests) == sent


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (301, OutcomeUnknown),
        (400, Refused),
        (401, AuthenticationFailed),
        (404, NotFound),
        (501, OutcomeUnknown),
    ],
)
async def test_http_statuses(status: int, kind: type[ServiceError]) -> None:
    capture = Capture(httpx.Response(status, text="<html>no</html>"))
    with pytest.raises(kind) as caught:
        await client(capture).start()
    assert caught.value.status == status
    assert len(capture.requests) == 1


async def test_the_services_words_are_read_from_a_failed_status_too() -> None:
    with pytest.raises(Refused, match="no such tracker"):
        await client(Capture(httpx.Response(400, json={"error": "no such tracker"}))).start(5)


async def test_naive_times_and_no_hours_are_not_sent() -> None:
    capture = Capture()
    with pytest.raises(InvalidArgument, match="start has no time zone"):
        await client(capture).add(datetime(2010, 1, 1))  # noqa: DTZ001
    for hours in (Decimal(0), Decimal(-1), Decimal("NaN")):
        with pytest.raises(InvalidArgument):
            await client(capture).addfree(hours)
    with pytest.raises(InvalidArgument, match="no time zone"):
        await client(capture).report(timezone="Mars/Olympus")
    assert capture.requests == []


@pytest.mark.parametrize("name", ["trackers", "status", "total", "reportees", "report"])
@pytest.mark.parametrize(
    "answer",
    [
        "<html><body>Log in</body></html>",
        '{"result": 1, "daytot',
        "",
        "[1, 2]",
        b"\xff\xfe{",
        '<!DOCTYPE x [<!ENTITY a "b">]><api_response><total>&a;</total></api_response>',
        '<!DOCTYPE x SYSTEM "file:///etc/passwd"><api_response/>',
        "<api_response><result>1</api_response>",
    ],
)
@pytest.mark.parametrize("format", ["json", "xml"])
async def test_what_is_no_answer_is_a_protocol_violation(
    name: str, answer: str | bytes, format: Any
) -> None:
    with pytest.raises(ProtocolViolation):
        await getattr(client(Capture(answer), format=format), name)()


async def test_deep_xml_ends_in_an_error() -> None:
    deep = "<a>" * 20_000 + "</a>" * 20_000
    with pytest.raises(ProtocolViolation):
        await client(Capture(deep), format="xml").total()


async def test_the_dry_run_shows_no_password() -> None:
    from tui.services.trackmypeople import TrackMyPeople
    from tui.services.transport import NotSent

    timer = TrackMyPeople(
        Capture().transport("trackmypeople", "https://t.example/api", dry_run=True), "anna", "pw9"
    )
    with pytest.raises(NotSent) as caught:
        await timer.start(5)
    shown = caught.value.preview
    assert shown["url"] == "https://t.example/api/start.json"
    assert shown["form"] == [["tracker_id", "5"]]
    assert shown["headers"]["Authorization"] == "•••"


KEYS = [
    "result", "error", "url", "total", "last_block", "started_at", "tracker", "daytotal",
    "added_block", "Id", "TimeIn", "Total", "Free", "block_7", "reportee_3", "7", "x",
]  # fmt: skip


@settings(max_examples=60)
@given(answer=json_objects(KEYS))
async def test_arbitrary_answers_raise_typed_errors_only(answer: dict[str, Any]) -> None:
    import msgspec

    timer = client(Capture(msgspec.json.encode(answer)))
    for call in (timer.trackers, timer.status, timer.total, timer.report, timer.reportees):
        try:
            await call()
        except ServiceError as error:
            assert error.operation.startswith("trackmypeople.")  # noqa: PT017


_NAMES = ("Id", "ProfileId", "TrackerId", "Description", "TimeIn", "TimeOut", "Total", "Free")


@given(
    st.fixed_dictionaries(
        {
            "Id": st.one_of(st.integers(1, 10**9), st.just("12"), st.just(True)),
            "ProfileId": st.one_of(st.integers(1, 9), st.none(), st.just(False)),
            "TrackerId": st.one_of(st.integers(1, 9), st.just("3")),
            "Description": st.one_of(st.text(max_size=9), st.just(False)),
            "TimeIn": st.sampled_from(
                ["2026-10-25 00:30:00", "2026-11-29T09:00:00", "2026-11-29 9:00:00", "1764406800",
                 "0000-00-00 00:00:00", "2026-11-29 09:00:00"]
            ),
            "TimeOut": st.sampled_from(["", None, "2026-11-29 10:00:00", 0, "2026-10-25 01:00:00"]),
            "Total": st.one_of(st.integers(0, 9999), st.just("3600"), st.just(""), st.none()),
            "Free": st.sampled_from([True, False, 0, 1, ""]),
        }
    ),
    st.sampled_from(["UTC", "Europe/Paris"]),
)  # fmt: skip
def test_a_block_that_is_read_at_once_is_what_tolerant_reading_makes_of_it(
    value: dict[str, Any], where: str
) -> None:
    forms = Forms("%Y-%m-%d %H:%M:%S", ZoneInfo(where), 1)
    found = forms.plain_block(value)
    if found is not None:
        assert found == read(Block, forms.block(value, "block"), "block")


def test_a_block_as_the_document_writes_it_is_read_at_once() -> None:
    written = dict(zip(_NAMES, (7, 1, 2, "x", "2026-11-29 09:00:00", "", 60, False), strict=True))
    plain = Forms("%Y-%m-%d %H:%M:%S", ZoneInfo("UTC"), 1)
    assert plain.plain_block(written) == read(Block, plain.block(written, "block"), "block")
    assert plain.plain_block({**written, "Extra": 1}) is None
    assert Forms("%Y-%m-%d %H:%M:%S", ZoneInfo("UTC"), 60).plain_block(written) is None
    assert Forms("%s", ZoneInfo("UTC"), 1).plain_block(written) is None


def test_a_report_is_read_at_once_where_all_of_it_is_plain() -> None:
    one = dict(zip(_NAMES, (7, 1, 2, "é", "2026-11-29 09:00:00", "", 60, False), strict=True))
    ended = {**one, "Id": 8, "TimeOut": "2026-11-29 09:01:00"}
    forms = Forms("%Y-%m-%d %H:%M:%S", ZoneInfo("UTC"), 1)

    def plain(answer: object, status: int = 200) -> list[Block] | None:
        response = Response(status, {}, msgspec.json.encode(answer))
        told, lines = forms.plain_report(response), forms.plain_report(response, 1)
        if told is not None and len(told[1]) > 1:
            # What is only summed up has no text, and none of other people's.
            bared = [replace(one, description="", profile_id=None) for one in told[1]]
            assert lines is not None
            assert ([bare(one) for one in lines[0]], lines[1]) == (bared, [])
        else:
            assert lines == told
        return None if told is None else told[1]

    def tolerant(value: Any, at: str) -> Block:
        return read(Block, forms.block(value, at), at)

    answer = {"block_7": one, "block_8": ended}
    assert plain(answer) == entries(answer, "block", tolerant)
    assert plain({}) == []
    for other in (
        {**answer, "result": 1}, {"block_7": {**one, "Total": "60"}}, {"person_7": one}, [one],
        {"block_7": {**one, "Extra": 1}}, {"block_7": {**one, "TimeIn": "0000-00-00 00:00:00"}},
        {"block_7": {**one, "TimeIn": "2026-11-29 09+00:00"}}, {"error": "no"},
    ):  # fmt: skip
        assert plain(other) is None, other
    assert plain(answer, 500) is None
    assert forms.plain_report(Response(200, {}, b"\xff")) is None


async def test_a_block_that_ends_never_is_open() -> None:
    wire = {f"block_{n}": block(n, free=False) for n in (7, 8)}
    wire["block_7"]["TimeOut"] = "9999-12-31 23:59:59"
    for answer in (wire, {"block_7": wire["block_7"]}):
        blocks = await client(Capture(json.dumps(answer))).report()
        assert [one.time_out for one in blocks][:1] == [None]
        assert all(one.time_in for one in blocks)


@pytest.mark.parametrize("total", [2**62, -(2**62), LONGEST + 1, "1e30"])
async def test_a_length_of_centuries_is_none(total: Any) -> None:
    wire = {f"block_{n}": block(n, free=False) for n in (7, 8)}
    wire["block_7"]["Total"] = total
    with collecting() as notes:
        blocks = await client(Capture(json.dumps(wire))).report()
    assert [one.id for one in blocks] == [8]
    assert sentences(notes) == ["1 of 2 blocks could not be read: block_7.Total"]
    with pytest.raises(ProtocolViolation, match=r"answer\.total should be a length"):
        await client(Capture(json.dumps({"total": total}))).total()
    with pytest.raises(ProtocolViolation, match=r"answer\.daytotal"):
        await client(Capture(json.dumps({"result": 1, "daytotal": total}))).status()


BLOCK = "<Id>7</Id><TrackerId>3</TrackerId><Total>3600</Total>"
FORMS_OF_A_YES = {
    "a namespace": '<api_response xmlns="http://t.example/api"><result>1</result><added_block>'
    f"{BLOCK}</added_block></api_response>",
    "a prefix": '<t:api_response xmlns:t="http://t.example"><t:result>1</t:result>'
    f"<t:added_block>{BLOCK}</t:added_block></t:api_response>",
    "attributes": '<api_response result="1"><added_block Id="7" TrackerId="3" Total="3600"/>'
    "</api_response>",
    "an attribute for the id": '<api_response><result>1</result><added_block id="7">'
    "<TrackerId>3</TrackerId><Total>3600</Total></added_block></api_response>",
    "nil": '<api_response xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><result>1</result>'
    f'<error xsi:nil="true"/><added_block>{BLOCK}<TimeOut xsi:nil="true"/></added_block>'
    "</api_response>",
}


@pytest.mark.parametrize("form", FORMS_OF_A_YES)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "iso-8859-1"])
async def test_a_yes_in_xml_is_one_however_it_is_written(form: str, encoding: str) -> None:
    name = encoding.removesuffix("-sig")
    text = f'<?xml version="1.0" encoding="{name}"?>{FORMS_OF_A_YES[form]}'
    timer = client(Capture(text.encode(encoding)), format="xml")
    block = await timer.add(datetime(2026, 3, 1, 9, tzinfo=UTC))
    assert (block.id, block.tracker_id, block.total, block.time_out) == (7, 3, 3600, None)


async def test_a_no_in_xml_is_one_however_it_is_written() -> None:
    for content, words in (
        ('<api_response result="0"><added_block><Id>7</Id></added_block></api_response>', "add"),
        ('<a:r xmlns:a="x:y"><a:result>0</a:result><a:error>Overlap</a:error></a:r>', "Overlap"),
        ("<api_response><result>0</result><error><message>Overlap</message><n/></error>"
         "</api_response>", "Overlap"),
    ):  # fmt: skip
        timer = client(Capture(f'<?xml version="1.0"?>{content}'), format="xml")
        with pytest.raises(Refused, match=f"^(?!.*[{{]).*{words}"):
            await timer.add(datetime(2026, 3, 1, 9, tzinfo=UTC))


@pytest.mark.parametrize(
    "content",
    [
        '<!DOCTYPE a [<!ENTITY e SYSTEM "file:///nowhere/harmless">]><a><result>&e;</result></a>',
        '<!DOCTYPE a [<!ENTITY e "1">]><a><result>&e;</result></a>',
        "<a>" * 3000 + "</a>" * 3000,
        "<api_response/>", "<api_response><result/></api_response>", "<api_response",
        "<api_response><response><result>1</result></response></api_response>",
    ],
)  # fmt: skip
async def test_an_answer_in_xml_that_says_nothing_leaves_a_change_unknown(content: str) -> None:
    timer = client(Capture(f'<?xml version="1.0"?>{content}'), format="xml")
    with pytest.raises(OutcomeUnknown):
        await timer.stop()
