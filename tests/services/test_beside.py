"""A change that the service says it made was made, whatever else of its answer can be read."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import httpx
import pytest

from tests.services.capture import Capture
from tests.services.igtimi.samples import client as igtimi
from tests.services.odd_answers import Sample, Step, changed, places, samples
from tests.services.ticktocker.test_contract import client as ticktocker
from tests.services.timesheets.samples import client as timesheets
from tests.services.timetonic.sample import answering, ok
from tests.services.trackmypeople.test_contract import client as trackmypeople
from tui.services.beside import beside, words_beside
from tui.services.errors import OutcomeUnknown, ProtocolViolation, Refused, ServiceError
from tui.services.igtimi.session_log import SessionName
from tui.services.left_out import LeftOut, collecting, sentences
from tui.services.operation import Operation, current_run
from tui.services.reading import read
from tui.services.registry import operations

ODD: list[Any] = ["§", [[1]], {"§": [1]}, -7.25, True, "9" * 70]
"""What no date, no number, no list of records and no record is."""


def write_of(sample: Sample) -> Operation | None:
    """The operation of a sample whose call changes something."""
    found = operations().get(sample.id.removesuffix(" "))
    return found if found is not None and found.effect != "read" else None


WRITES = [one for one in samples() if write_of(one) is not None]

WORDS = {
    "timetonic": {("status",)},
    "ticktocker": {("code",)},
    "igtimi": {("success",)},
    "trackmypeople": {("result",), ("error",)},
    "timesheets": {("status",)},
}
"""Where each service says whether it did it."""
KEYS = {"appkey", "oauthkey", "o_u", "sesskey", "access_token", "token"}
"""What a log-in is for."""
TOLD = {
    "ticktocker.submit": {("response",), ("response", "short_url")},
    "ticktocker.follow": {("response",)},
    "timetonic.sendMsg": {("createMessageId",)},
    "trackmypeople.add": {("added_block",), ("added_block", "Id")},
    "trackmypeople.addfree": {("added_block",), ("added_block", "Id")},
    "igtimi.sessions.create": {("session",), ("session", "id")},
    "igtimi.groups.create": {("group",), ("group", "id")},
    "igtimi.devicegroups.create": {("devicegroup",), ("devicegroup", "id")},
    "igtimi.devices.create": {("device",), ("device", "id")},
    "igtimi.devices.register": {("device",), ("device", "id")},
    "igtimi.data.upload_file": {("resource_datum",), ("resource_datum", "resource_id")},
    "igtimi.data.upload_import": {("device_syncfile",), ("device_syncfile", "file_id")},
}
"""What is made is known by, and what holds that."""
ONLY_THERE = ("timesheets.integration.import_", "timesheets.integration.export_",
              "timesheets.ts.approve")  # fmt: skip
"""What became of each thing is told in the data alone."""


def proves(sample: Sample, path: Step) -> bool:
    """Whether what stands there tells that the change was made, or which thing it made."""
    if sample.id.startswith(ONLY_THERE) and path[0] == "data":
        return True
    made = sample.id.startswith("timesheets.") and path == ("id",)
    known = path in WORDS[sample.id.partition(".")[0]] or path in TOLD.get(sample.id, ())
    return known or made or path[-1] in KEYS


def beside_it(sample: Sample) -> Iterator[tuple[Step, Any]]:
    """The answer with one value after the other that proves nothing made an odd one."""
    for path, value in places(sample.answer):
        if path and not proves(sample, path):
            for odd in ODD:
                if odd != value:
                    yield path, changed(sample.answer, path, odd)


def test_most_changes_are_here() -> None:
    assert len(WRITES) > 70
    assert {one.id.partition(".")[0] for one in WRITES} == set(WORDS)


@pytest.mark.parametrize("sample", WRITES, ids=[one.id for one in WRITES])
async def test_what_stands_beside_costs_no_more_than_itself(sample: Sample) -> None:
    for path, answer in beside_it(sample):
        try:
            await sample.read(json.dumps(answer).encode())
        except ServiceError as error:
            pytest.fail(f"{path}: {error.kind}: {error.message}")


async def test_what_it_costs_is_said() -> None:
    answer = {"session": {"id": 7, "start_time": "§", "permissions": {"read": "maybe"}}}
    with collecting() as notes:
        made = await igtimi(json.dumps(answer).encode())[0].sessions.create()
    assert (made.id, made.start_time) == (7, None)
    assert words_beside(notes) == (
        "made; 2 values of the answer could not be read: session.start_time should be a time, but"
        " is '§'; session.permissions.read should be yes or no, but is 'maybe'"
    )


def test_of_many_the_first_are_said_and_the_others_counted() -> None:
    def of(name: str, total: int = 0) -> LeftOut:
        return LeftOut(name=name, total=total, places=(name,), reason=f"{name} is odd\x1b[2J")

    assert words_beside([]) == ""
    assert words_beside([of("a")]) == (
        "made; one value of the answer could not be read: a is odd·[2J"
    )
    assert words_beside([*map(of, "abcde"), of("rows", 3)]).endswith(
        "c is odd·[2J; and 2 more; 1 of 3 rows could not be read: rows"
    )


ANSWERED_WITHOUT_ID: list[tuple[str, Any]] = [
    ("missing", {}), ("null", {"id": None}), ("odd", {"id": "§"}), ("a yes", {"id": True}),
]  # fmt: skip


@pytest.mark.parametrize("lacks", [one for _, one in ANSWERED_WITHOUT_ID],
                         ids=[name for name, _ in ANSWERED_WITHOUT_ID])  # fmt: skip
async def test_what_was_made_without_an_id_is_not_known(lacks: dict[str, Any]) -> None:
    session = json.dumps({"session": {"name": "Regatta", **lacks}}).encode()
    with pytest.raises(OutcomeUnknown):
        await igtimi(session)[0].sessions.create()
    task = json.dumps({"status": "SUCCESS", "message": "Created.", **lacks}).encode()
    with pytest.raises(OutcomeUnknown):
        await timesheets(task)[0].task.create(3, "Cut")
    block = {"TrackerId": 3, **{name.title(): one for name, one in lacks.items()}}
    answer = httpx.Response(200, json={"result": 1, "added_block": block})
    with pytest.raises(OutcomeUnknown):
        await trackmypeople(Capture(answer)).methods["trackmypeople.addfree"](hours=Decimal(1))
    message = ok(**({"createMessageId": lacks["id"]} if lacks else {}))
    with pytest.raises(OutcomeUnknown):
        await answering(message)[0].send_msg("Hello", b_c="regattas")


@pytest.mark.parametrize("nothing", [None, False, [], {}])
async def test_an_answer_that_is_done_and_empty_is_no_refusal(nothing: Any) -> None:
    for answer, call in ((b"session", "sessions.create"), (b"group", "groups.create")):
        content = b'{"%s": %s}' % (answer, json.dumps(nothing).encode())
        with pytest.raises(OutcomeUnknown):
            await igtimi(content)[0].methods[f"igtimi.{call}"](
                **({"name": "Crew"} if answer == b"group" else {})
            )


async def test_a_message_that_was_changed_is_known_whatever_the_answer_calls_it() -> None:
    client, _ = answering(ok(createMessageId="§", created=["§"]))
    with collecting() as notes:
        assert (await client.send_msg("Hello", b_c="regattas", msg_id=12)).smid == 12
    assert len(notes) == 2


async def test_of_two_rows_one_of_which_cannot_be_read_none_is_taken_for_the_new_one() -> None:
    client, _ = answering(ok(rows=[{"id": "§"}, {"id": 9}]))
    with collecting() as notes:
        assert (await client.create_or_update_table_row(cat_id=1)).id is None
    assert sentences(notes) == ["1 of 2 rows could not be read: rows[0].id"]


@pytest.mark.parametrize("block", ["§", {"started_at": "§"}, {"tracker": {"Id": "§"}}])
async def test_what_runs_is_asked_for_where_a_start_tells_it_in_no_form(block: Any) -> None:
    runs = {"last_block": {"started_at": 1764500000, "tracker": {"Id": 3, "Name": "Sails"}}}
    capture = Capture({"result": 1, "last_block": block}, {"result": 1, **runs})
    with collecting() as notes:
        state = await trackmypeople(capture).start(3)
    assert state.running
    assert state.last_block is not None
    assert state.last_block.tracker is not None
    assert notes
    assert [str(one.url.path).rpartition("/")[2] for one in capture.requests] == [
        "start.json", "status.json",
    ]  # fmt: skip


async def test_the_answer_to_a_read_is_read_strictly() -> None:
    with pytest.raises(ProtocolViolation, match="start_time"):
        await igtimi(b'{"session": {"id": 7, "start_time": "\xc2\xa7"}}')[0].sessions.get(7)
    with collecting(), pytest.raises(ProtocolViolation):
        beside(lambda: read(int, "§"), "answer", None)
    assert current_run.get() is None


NO_IDS: list[Any] = [0, "0", -7, "-1", "1e3", "1.0", "+7"]
"""What databases tell where nothing was made, and what no id is written like."""


@pytest.mark.parametrize("number", NO_IDS, ids=repr)
async def test_what_is_no_id_is_not_that_of_what_was_made(number: Any) -> None:
    for answer, call in (("session", "sessions.create"), ("group", "groups.create")):
        content = json.dumps({answer: {"id": number}}).encode()
        with pytest.raises(OutcomeUnknown, match="should be an id"):
            await igtimi(content)[0].methods[f"igtimi.{call}"](
                **({"name": "Crew"} if answer == "group" else {})
            )
    task = json.dumps({"status": "SUCCESS", "id": number}).encode()
    with pytest.raises(OutcomeUnknown, match="should be an id"):
        await timesheets(task)[0].task.create(3, "Cut")
    block = Capture({"result": 1, "added_block": {"Id": number}})
    with pytest.raises(OutcomeUnknown, match="should be an id"):
        await trackmypeople(block).methods["trackmypeople.addfree"](hours=Decimal(1))
    with pytest.raises(OutcomeUnknown, match="should be an id"):
        await answering(ok(createMessageId=number))[0].send_msg("Hello", b_c="regattas")
    with collecting() as notes:
        made = await answering(ok(rows=[{"id": number}]))[0].create_or_update_table_row(cat_id=1)
    assert (made.id, sentences(notes)) == (None, ["1 of 1 rows could not be read: rows[0].id"])


async def test_what_a_read_tells_may_have_any_number() -> None:
    found = await igtimi(b'{"groups": [{"group": {"id": 0}}]}')[0].groups.list()
    assert [one.id for one in found] == [0]


NO_AS_WELL: list[dict[str, Any]] = [
    {"error": "disk full"}, {"error": ["disk full"]}, {"error": True},
    {"errors": {"name": ["is taken"]}}, {"errorMsg": "disk full"}, {"error_code": 5},
    {"errorCode": "E5"}, {"success": False}, {"success": 0}, {"success": "false"},
]  # fmt: skip
ALL_WELL: list[dict[str, Any]] = [
    {"error": ""}, {"error": None}, {"error": False}, {"errors": []}, {"errors": {}},
    {"error_code": 0}, {"errorCode": "0"}, {"errorMsg": "none"}, {"success": 1},
]  # fmt: skip


def with_a_no(sample: Sample, no: dict[str, Any]) -> bytes | None:
    """The answer of a sample with a no beside its yes; None where there is no room for one."""
    if not isinstance(sample.answer, dict) or no.keys() & sample.answer.keys():
        return None
    return json.dumps({**sample.answer, **no}).encode()


@pytest.mark.parametrize("sample", WRITES, ids=[one.id for one in WRITES])
async def test_a_yes_with_a_no_beside_it_is_neither(sample: Sample) -> None:
    for no in NO_AS_WELL:
        content = with_a_no(sample, no)
        if content is not None and not sample.id.endswith("oauth.token"):
            with pytest.raises(OutcomeUnknown, match="says that it is done, and also"):
                await sample.read(content)
    for nothing in ALL_WELL:
        content = with_a_no(sample, nothing)
        if content is not None:
            await sample.read(content)


@pytest.mark.parametrize("status", ["NOT-MODIFIED", "ACTIVE", "PENDING"])
async def test_what_is_said_of_reads_and_accounts_is_no_yes_to_a_change(status: str) -> None:
    content = json.dumps({"status": status, "message": "m", "id": 5}).encode()
    with pytest.raises(OutcomeUnknown, match=r"answer\.status"):
        await timesheets(content)[0].task.create(3, "Cut")
    with pytest.raises(OutcomeUnknown, match=r"answer\.status"):
        await timesheets(content)[0].ts.update(3, task_id=2)


async def test_which_entries_are_approved_is_told_or_not_known() -> None:
    with pytest.raises(OutcomeUnknown, match=r"answer\.data is missing"):
        await timesheets(b'{"status": "SUCCESS"}')[0].ts.approve(time_entry_ids=[1])
    assert (await timesheets(b'{"status": "SUCCESS", "data": []}')[0].ts.approve()).ids == []


LOGGED: list[tuple[Any, type[ServiceError]]] = [
    ({"success": False}, Refused), ({}, OutcomeUnknown), (None, OutcomeUnknown),
    ([], OutcomeUnknown), (True, OutcomeUnknown), ({"success": ""}, OutcomeUnknown),
]  # fmt: skip


@pytest.mark.parametrize(("answer", "kind"), LOGGED, ids=[repr(one) for one, _ in LOGGED])
async def test_entries_of_a_log_are_added_where_the_service_says_so(
    answer: Any, kind: type[ServiceError]
) -> None:
    client, _ = igtimi(json.dumps(answer).encode())
    with pytest.raises(kind):
        await client.session_logs.create(1, [SessionName(name="x")])


STARTED = {"started_at": 1764500000, "tracker": {"Id": 3}}
NOTHING_RUNS: list[Any] = [
    "none", {"total": 0}, {"started_at": 0, "tracker": {"Id": 3}}, {"started_at": 1764500000},
    {**STARTED, "tracker": {"Id": 99}},
]  # fmt: skip


async def test_without_a_result_what_runs_is_the_proof_of_a_start() -> None:
    for block in NOTHING_RUNS:
        with pytest.raises(OutcomeUnknown, match=r"answer\.result is missing"):
            await trackmypeople(Capture({"last_block": block})).start(3)
    assert (await trackmypeople(Capture({"last_block": STARTED})).start(3)).running
    assert (await trackmypeople(Capture({"last_block": STARTED})).start()).running
    for beside_a_stop in ({"last_block": STARTED}, {"added_block": {"Id": 3}}):
        with pytest.raises(OutcomeUnknown, match=r"answer\.result is missing"):
            await trackmypeople(Capture(beside_a_stop)).stop()


async def test_an_overlap_of_what_was_added_is_no_refusal() -> None:
    no = {"error": "overlaps", "url": "https://service.example/edit/1"}
    made: list[dict[str, Any]] = [{"result": 1}, {"added_block": {"Id": 3}}]
    for answer in made:
        with pytest.raises(OutcomeUnknown, match="and also: overlaps"):
            await trackmypeople(Capture({**answer, **no})).addfree(Decimal(1))


@pytest.mark.parametrize(
    "told", ["Your tock was not saved", "x y", "../x", "0", 0, "é", "x" * 65, True, ["8c866"]]
)
async def test_words_are_no_short_url(told: Any) -> None:
    when = datetime(2027, 1, 1, tzinfo=UTC)
    for response in (told, {"short_url": told}):
        with pytest.raises(OutcomeUnknown, match="short_url is missing"):
            await ticktocker(Capture({"code": 1, "response": response})).submit("Hello", when)
    digits = ticktocker(Capture({"code": 1, "response": {"short_url": 12345}}))
    assert (await digits.submit("Hello", when)).short_url == "12345"


async def test_an_answer_about_another_row_says_nothing_of_the_one_that_was_named() -> None:
    other = ok(rows=[{"id": 6}])
    with pytest.raises(OutcomeUnknown, match="about row 6, and not about row 5"):
        await answering(other)[0].create_or_update_table_row(5, {"6": "x"})
    with pytest.raises(OutcomeUnknown, match="about row 6, and not about row 5"):
        await answering(other)[0].update_table_value(5, 6, "x")
    for rows in ([], [{"id": 6}, {"id": 5}], [{"id": 6}, {"id": "§"}]):
        await answering(ok(rows=rows))[0].update_table_value(5, 6, "x")


TWICE = ("timesheets.login", "timesheets.register", "igtimi.oauth.token")
"""Log-ins, whose status the document has twice, and what refuses them by other rules."""


def said_twice(sample: Sample) -> Iterator[bytes]:
    """The answer with each of its keys once more, the other value before it and behind it."""
    content = json.dumps(sample.answer)
    for name, value in sample.answer.items():
        other = json.dumps({name: "§" if value != "§" else None})[1:-1]
        yield f"{{{other},{content[1:]}".encode()
        yield f"{content[:-1]},{other}}}".encode()


@pytest.mark.parametrize("sample", WRITES, ids=[one.id for one in WRITES])
async def test_an_answer_that_says_two_things_under_one_key_is_neither(sample: Sample) -> None:
    if not isinstance(sample.answer, dict) or sample.id in TWICE:
        return
    for content in said_twice(sample):
        with pytest.raises(OutcomeUnknown, match="says two things of"):
            await sample.read(content)
    again = json.dumps(sample.answer)
    name, value = next(iter(sample.answer.items()))
    await sample.read(f"{again[:-1]},{json.dumps({name: value})[1:]}".encode())
