"""What cannot be read is left out, counted and said; outside of operations it is refused."""

from __future__ import annotations

import asyncio
import json
import logging
from contextlib import suppress
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Any, ClassVar

import httpx
import msgspec
import pytest

from tests.services.capture import Capture
from tests.services.igtimi import samples as igtimi
from tests.services.odd_answers import NOISE
from tests.services.timesheets import samples as timesheets
from tests.services.timetonic.sample import answering, ok
from tests.services.trackmypeople import test_contract as trackmypeople
from tui.services.client import decode_json
from tui.services.errors import InvalidArgument, NotFound, ProtocolViolation
from tui.services.igtimi.ruby_hash import read_ruby
from tui.services.left_out import LeftOut, collecting, received, sentences
from tui.services.paging import Page, Pages
from tui.services.reading import (
    ParisText,
    Record,
    Seconds,
    TimeForm,
    each,
    read,
    read_all,
    read_one,
)
from tui.services.timetonic import Cell, Field, display, value_of
from tui.services.wire import Response


class Leaf(Record, frozen=True, kw_only=True):
    id: int
    name: str | None = None
    when: Seconds | None = None
    day: Annotated[date, TimeForm(zone="Europe/Paris")] | None = None
    count: int | None = None
    sure: bool = False


class Tree(Record, frozen=True, kw_only=True):
    main_list: ClassVar[str] = "leaves"

    leaves: list[Leaf] = msgspec.field(default_factory=list)
    others: list[Leaf] = msgspec.field(default_factory=list)
    named: dict[str, Leaf] = msgspec.field(default_factory=dict)
    top: Leaf | None = None


def collected(hint: Any, value: Any) -> tuple[Any, list[LeftOut]]:
    with collecting() as notes:
        found: Any = read(hint, value)
    return found, notes


# -- lists ----------------------------------------------------------------------------------------


def test_an_element_is_left_out_where_somebody_counts_and_refused_where_nobody_does() -> None:
    value = [{"id": 1}, {"id": "x"}, None, {}, {"unknown": 5}, {"id": 4}]
    found, notes = collected(list[Leaf], value)
    assert [leaf.id for leaf in found] == [1, 4]
    assert received(found) == 6
    [note] = notes
    assert (note.name, note.total) == ("answer", 6)
    assert note.places == ("answer[1].id", "answer[2]", "answer[3]", "answer[4]")
    assert sentences(notes) == [
        "4 of 6 entries could not be read: answer[1].id, answer[2], answer[3] and 1 more"
    ]
    with pytest.raises(ProtocolViolation, match=r"answer\[1\]\.id"):
        read(list[Leaf], value)


def test_an_element_counts_once_whatever_of_it_was_left_out_before() -> None:
    value = [{"leaves": [{"id": 1}, None], "top": 5}, {"leaves": [{"id": 2}]}]
    found, notes = collected(list[Tree], value)
    assert len(found) == 1
    assert [note.name for note in notes] == ["answer"]


def test_lists_of_one_kind_are_said_in_one_line() -> None:
    trees = {"others": [{"id": 1}]}
    value = [{**trees, "others": [None, {"id": 2}]}, {"others": [{"id": 3}, 7, {"id": 4}]}]
    _, notes = collected(list[Tree], value)
    assert sentences(notes) == [
        "2 of 5 others could not be read: answer[0].others[0], answer[1].others[1]"
    ]


def test_a_thing_in_the_answers_to_two_requests_counts_once() -> None:
    def of(total: int, *places: str) -> LeftOut:
        return LeftOut(name="blocks", total=total, places=places, reason="no time")

    assert sentences([of(81, "block_450.TimeIn"), of(80, "block_450.TimeIn", "block_45")]) == [
        "2 of at least 81 blocks could not be read: block_450.TimeIn, block_45"
    ]
    assert sentences([of(81, "block_450"), of(80, "block_451")]) == [
        "2 of 161 blocks could not be read: block_450, block_451"
    ]
    # What stands at the same place of two lists need not be the same.
    assert sentences([of(3, "answer[1]"), of(4, "answer[1]")]) == [
        "2 of 7 blocks could not be read: answer[1], answer[1]"
    ]


def test_of_a_records_own_list_something_must_be_readable() -> None:
    assert collected(Tree, {"leaves": []})[0].leaves == []
    with collecting(), pytest.raises(ProtocolViolation, match=r"leaves\[0\]"):
        read(Tree, {"leaves": [5, None]})
    found, notes = collected(Tree, {"others": [5]})
    assert (found.others, len(notes)) == ([], 1)
    with collecting(), pytest.raises(ProtocolViolation):
        read_all(Leaf, [None], "data")


def test_maps_of_records_leave_out_too() -> None:
    found, notes = collected(Tree, {"named": {"a": {"id": 1}, "b": False}})
    assert list(found.named) == ["a"]
    assert notes[0].places == ("answer.named.b",)


@pytest.mark.parametrize("nothing", [None, False, "", [], {}])
def test_a_list_that_is_none_is_empty(nothing: Any) -> None:
    assert read(list[int], nothing) == []
    assert read(Tree, {"leaves": nothing, "named": nothing}) == Tree()


def test_lists_with_gaps_are_objects_with_numbers_for_keys() -> None:
    assert read(list[int], {"0": 5, "7": "6"}) == [5, 6]
    assert read(list[Leaf], {"a": {"id": 1}, "b": {"id": 2}}) == [Leaf(id=1), Leaf(id=2)]
    for wrong in ({"a": 1}, {"0": 1, "a": 2}, 5, "x"):
        with pytest.raises(ProtocolViolation):
            read(list[int], wrong)
    with collecting() as notes:
        assert read(list[Leaf], {"0": {"id": 1}, "3": {}}) == [Leaf(id=1)]
    assert notes[0].places == ("answer[3]",)


def test_a_map_with_numbers_for_keys_stays_a_map_where_either_may_come() -> None:
    hint = list[Leaf] | dict[int, Leaf]
    assert read(hint, {"5": {"id": 1}}) == {5: Leaf(id=1)}
    assert read(hint, [{"id": 1}]) == [Leaf(id=1)]


def test_whoever_is_around_is_told_once_and_only_of_what_came_to_an_end() -> None:
    with collecting() as outer:
        with collecting() as inner:
            each([None], "a", lambda value, at: read(int, value, at))
        with suppress(ProtocolViolation), collecting():
            each([None, 1], "b", lambda value, at: read(int, value, at))
            read(int, "x")
    assert outer == inner
    assert [note.name for note in outer] == ["a"]


async def test_tasks_begun_inside_are_heard() -> None:
    async def work() -> None:
        each([None, 1], "a", lambda value, at: read(int, value, at))

    with collecting() as notes:
        await asyncio.gather(asyncio.create_task(work()), work())
    assert len(notes) == 2


async def test_what_could_not_be_read_is_named_as_a_person_knows_it() -> None:
    odd = {"u_c": None, "invite": "pending"}
    books = [
        {"b_c": "a", "b_o": "me", "ownerPrefs": {"title": "Régates  & Crews"}, "members": [odd]},
        {"b_c": "b", "b_o": None},
        {"b_c": "c", "b_o": "me", "members": [odd, {"u_c": "anna"}]},
    ]
    service, _ = answering(ok(allBooks={"nbBooks": 3, "contacts": [], "books": books}))
    with collecting() as notes:
        await service.get_all_books()
    assert sentences(notes) == [
        "2 of 3 members could not be read: allBooks.books[0].members[0].u_c (in Régates & Crews),"
        " allBooks.books[2].members[0].u_c (in c)",
        "1 of 3 books could not be read: allBooks.books[1].b_o (b)",
    ]


@pytest.mark.parametrize(
    ("element", "label"),
    [
        ({"id": "x", "name": "Kea"}, " (Kea)"),
        ({"leaf": {"id": "x", "name": "Kea"}}, " (Kea)"),
        ({"name": "Kea"}, " (Kea)"),
        ({"id": "x", "name": " "}, ""),
        ({"id": "x", "name": ["Kea"]}, ""),
        ({"id": "x", "name": "K" * 99}, f" ({'K' * 60})"),
        (7, ""),
        ("title", ""),
    ],
)
def test_the_name_is_one_that_it_has(element: Any, label: str) -> None:
    _, notes = collected(list[Leaf], [{"id": 1}, element])
    [said] = sentences(notes)
    assert said.partition(": ")[2].removeprefix(notes[0].places[0]) == label


async def test_an_operation_tells_the_log_when_nobody_listens(
    caplog: pytest.LogCaptureFixture,
) -> None:
    books = {"books": [{"b_c": "a", "b_o": "me"}, {"b_c": "\x1b[31m"}]}
    service, _ = answering(ok(allBooks=books))
    with caplog.at_level(logging.WARNING, "tockdeck.services"):
        assert len((await service.get_all_books()).books) == 1
    assert caplog.messages == ["1 of 2 books could not be read: allBooks.books[1].b_o (·[31m)"]


def test_what_is_said_holds_no_control_characters() -> None:
    _, notes = collected(Tree, {"named": {"\x1b[31m": False}})
    assert "\x1b" not in sentences(notes)[0]


async def test_pages_go_on_behind_what_was_left_out() -> None:
    pages = [[1, None], [2, 3], ["x", 4], [5]]
    asked: list[int] = []

    async def fetch(index: int, offset: int) -> Page[int]:
        asked.append(offset)
        found = each(pages[index], "page", lambda value, at: read(int, value, at))
        return Page(found, limit=2)

    with collecting() as notes:
        assert await Pages(fetch).collect() == [1, 2, 3, 4, 5]
    assert asked == [0, 2, 4, 6]
    assert len(notes) == 2


# -- single values ------------------------------------------------------------------------------


@pytest.mark.parametrize("nothing", [None, False, [], {}, ""])
def test_a_record_that_is_not_there(nothing: Any) -> None:
    assert read(Tree, {"top": nothing}) == Tree()
    with pytest.raises(NotFound):
        read_one(Leaf, nothing, "data")


@pytest.mark.parametrize(
    "empty",
    ["0000-00-00", "0000-00-00 00:00:00", "0000-00-00T00:00:00Z", "0000-00-00 00:00:00.000000",
     "-0001-11-30 00:00:00", "", False, None],
)  # fmt: skip
def test_empty_dates_are_no_dates(empty: Any) -> None:
    assert read(Leaf, {"id": 1, "when": empty, "day": empty}) == Leaf(id=1)
    for hint in (datetime, date):
        with pytest.raises(ProtocolViolation):
            read(hint, empty)
    field = Field(id=1, type="date")
    for with_time in (False, True):
        dated = msgspec.structs.replace(field, with_time=with_time)
        assert value_of(dated, Cell(value=empty)) is None


MIDNIGHT = 1710457200
"""2024-03-15 00:00 in Paris, and 23:00 of the day before in UTC."""


@pytest.mark.parametrize(
    "written",
    [MIDNIGHT, str(MIDNIGHT), float(MIDNIGHT), Decimal(MIDNIGHT), f" {MIDNIGHT} ",
     "2024-03-15", "20240315", "2024-03-15 00:00:00", "2024-03-14T23:00:00Z",
     "2024-03-15T00:00:00+01:00", "2024-03-14 23:00:00+00:00"],
)  # fmt: skip
def test_a_day_is_the_services_day(written: Any) -> None:
    assert read(Leaf, {"id": 1, "day": written}).day == date(2024, 3, 15)
    assert value_of(Field(id=1, type="date"), Cell(value=written)) == date(2024, 3, 15)


def test_a_text_is_in_the_services_zone_and_a_number_is_not() -> None:
    paris: datetime = read(ParisText, "2024-03-15 00:00:00")
    assert paris == read(ParisText, MIDNIGHT) == read(ParisText, str(MIDNIGHT))
    assert paris.astimezone(UTC).day == 14


@pytest.mark.parametrize("number", [2**53 + 1, 2**63 - 1, -(2**53) - 1])
def test_whole_numbers_keep_every_digit(number: int) -> None:
    for spelled in (number, str(number), Decimal(number)):
        assert read(int, spelled) == number
    assert decode_json(answer(f"[{number}]")) == [number]
    [exact] = decode_json(answer(f"[{number}.0]"))
    assert read(int, exact) == number
    assert value_of(Field(id=1, type="double"), Cell(value=exact)) == number
    assert display(Cell(value=exact)) == f"{number}.0"
    # What has lost its digits already is not taken for the number.
    for hint, rounded in ((int, float(number)), (float, number)):
        with pytest.raises(ProtocolViolation):
            read(hint, rounded)


def test_whole_numbers_may_be_longer_than_any_machine_word() -> None:
    number = 2**70 + 1
    assert read(int, str(number)) == number
    assert decode_json(answer(f'{{"a": {number}}}')) == {"a": number}


def test_false_is_no_id_and_no_text() -> None:
    leaf: Leaf = read(Leaf, {"id": 1, "name": False, "count": False, "sure": False})
    assert leaf == Leaf(id=1)


# -- what stands before an answer ----------------------------------------------------------------


def answer(content: str | bytes) -> Response:
    return Response(200, {}, content.encode() if isinstance(content, str) else content)


@pytest.mark.parametrize("noise", NOISE)
def test_json_behind_messages(noise: bytes) -> None:
    assert decode_json(answer(noise + b' {"a": [1]}\n')) == {"a": [1]}
    assert decode_json(answer(noise + b"[{}]")) == [{}]


@pytest.mark.parametrize(
    "content",
    [
        b"hello {}",
        b"<html>Notice on line 3 {}</html>",
        b'Warning: x in y on line 3\n{"a": ',
        b"Warning: x in y on line 3\n",
        b"Notice: " * 9000,
        b"Notice: on line 1 {" * 4000,
        b"\xef\xbb\xbf",
        b"",
    ],
)
def test_messages_alone_are_no_answer(content: bytes) -> None:
    with pytest.raises(ProtocolViolation):
        decode_json(answer(content))


async def test_measured_data_behind_messages() -> None:
    made, _ = igtimi.client(b'\xef\xbb\xbf{"A": {"9": {"t": [1, 2], "1": [3, 4]}}}')
    found = await made.data.list(
        start_time=igtimi.START, end_time=igtimi.END, serial_numbers=["A"], types={9: 0}
    )
    assert found.series[0].axes == {1: [3.0, 4.0]}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ('{"A": {"9": {"t": [1, null, 3], "1": [3, 4, 5]}}}', "A.9.t[1]"),
        ('{"A": {"9": {"t": [1, 3], "1": [3, 5]}, "x": {"t": []}}}', "A.x"),
        ('{"A": {"9": {"t": [1, 3], "1": [3, 5]}, "5": {"t": [1], "1": []}}}', "A.5"),
        ('{"A": {"9": {"t": [1, 3], "1": [3, 5]}}, "B": ["§"]}', "B"),
        ('{"A": {"9": {"t": [1, 3], "1": [3, 5]}}, "B": 5}', "B"),
    ],
)
async def test_series_that_cannot_be_read_are_counted(content: str, words: str) -> None:
    made, _ = igtimi.client(content)
    with collecting() as notes:
        found = await made.data.list(
            start_time=igtimi.START, end_time=igtimi.END, serial_numbers=["A"], types={9: 0}
        )
    assert found.series[0].axes == {1: [3.0, 5.0]}
    assert sentences(notes)[0].endswith(words)


async def test_slices_leave_out_as_the_whole_does() -> None:
    made, _ = igtimi.client('{"A": {"9": {"t": [1], "1": [3]}, "x": {"t": []}}}')
    with collecting() as notes:
        parts = [
            part
            async for part in made.data.slices(
                start_time=igtimi.START, end_time=igtimi.END, serial_numbers=["A"], types={9: 0}
            )
        ]
    assert [len(part.series) for part in parts] == [1]
    assert sentences(notes) == ["1 of 2 series could not be read: A.x"]


@pytest.mark.parametrize("content", ['{"A": ["§"]}', '{"A": [5]}', '{"A": 7}'])
async def test_data_of_which_nothing_can_be_read_is_no_empty_answer(content: str) -> None:
    made, _ = igtimi.client(content)
    with pytest.raises(ProtocolViolation, match="A"):
        await made.data.list(
            start_time=igtimi.START, end_time=igtimi.END, serial_numbers=["A"], types={9: 0}
        )


def test_ruby() -> None:
    assert read_ruby('{:a=>1, b: nil, "c"=>{"d"=>[1, -2.5e3, true]}, \'e\'=>"x\\"\\u00e9",}') == {
        "a": 1,
        "b": None,
        "c": {"d": [1, -2500.0, True]},
        "e": 'x"é',
    }
    for wrong in ('{"a"=>', '{"a" 1}', "[1 2]", "{} x", "x", "{1=>2", "", "system('x')"):
        with pytest.raises(ValueError):
            read_ruby(wrong)


# -- where the subject of an answer is not where it is expected ----------------------------------


async def test_an_answer_without_its_list_is_no_empty_list() -> None:
    made, _ = timesheets.client(timesheets.success({"other": [{"id": 1}]}))
    with pytest.raises(ProtocolViolation, match="clients"):
        await made.client.search()


@pytest.mark.parametrize("nothing", [None, False, [], {}])
async def test_what_is_not_there_is_not_found(nothing: Any) -> None:
    made, _ = timesheets.client(timesheets.success(nothing))
    with pytest.raises(NotFound):
        await made.client.info(1)
    service, _ = answering(ok(book=nothing))
    with pytest.raises(NotFound):
        await service.get_book_info("a")
    service, _ = answering(ok(tableValues=nothing))
    with pytest.raises(NotFound):
        await service.get_table_values(1)


# -- writes as the vendor's own clients send them -------------------------------------------------


async def test_writes_take_what_the_vendors_clients_send() -> None:
    service, capture = answering(ok(rows=[{"id": 5}]), api_version="6.49")
    await service.create_or_update_table_row(
        5,
        {"2": "x"},
        cat_code="boats",
        b_c="fleet",
        return_updated_rows=True,
        encrypted_field_passwords={"2": "hush"},
        version="6.50",
    )
    sent = capture.form
    assert (sent["catCode"], sent["b_c"], sent["version"]) == ("boats", "fleet", "6.50")
    assert sent["returnUpdatedRows"] == "true"
    assert json.loads(sent["encryptedFieldPasswords"]) == {"2": "hush"}
    await service.create_or_update_table_rows({"5": {"2": "x"}}, b_c="fleet", version="6.50")
    assert (capture.form["b_c"], capture.form["version"]) == ("fleet", "6.50")
    await service.update_table_value(5, 2, "x", b_c="fleet", tab_id=7)
    assert (capture.form["b_c"], capture.form["tabId"]) == ("fleet", "7")
    # The client's own version is for all that do not name one.
    assert capture.form["version"] == "6.49"


async def test_several_rows_go_in_one_deletion() -> None:
    service, capture = answering(ok())
    await service.delete_table_row(row_ids=[5, 6], b_o="boss", b_c="fleet", tab_id=3)
    assert (capture.form["req"], json.loads(capture.form["rows"])) == ("deleteTableRows", [5, 6])
    assert (capture.form["b_c"], capture.form["tabId"]) == ("fleet", "3")
    await service.delete_table_row(5)
    assert (capture.form["req"], capture.form["rowId"]) == ("deleteTableRow", "5")
    for wrong in ({}, {"row_id": 1, "row_ids": [2]}, {"row_ids": []}):
        with pytest.raises(InvalidArgument):
            await service.delete_table_row(**wrong)
    assert len(capture.requests) == 2


@pytest.mark.parametrize(
    ("rows", "new_rows", "id", "temporary"),
    [
        ({"tmpNEW_ROW": {"id": 5}}, [], 5, "tmpNEW_ROW"),
        ({"tmpNEW_ROW": 5}, [], 5, "tmpNEW_ROW"),
        ({"5": {"fields": {}}}, [], 5, None),
        ([5], [], 5, None),
        ([], {"tmpNEW_ROW": {"id": "5"}}, 5, None),
        (False, [{"id": 5, "tmpId": "tmpX"}], 5, None),
        ([], [], None, None),
    ],
)
async def test_the_rows_of_a_write(
    rows: Any, new_rows: Any, id: int | None, temporary: str | None
) -> None:
    service, _ = answering(ok(rows=rows, newRows=new_rows))
    written = await service.create_or_update_table_row(cat_id=1)
    assert written.id == id
    if temporary:
        assert written.rows[0].temporary_id == temporary


async def test_a_write_whose_rows_cannot_be_read_was_made_all_the_same() -> None:
    service, _ = answering(ok(rows=["§"], newRows=[]))
    with collecting() as notes:
        assert (await service.create_or_update_table_row(cat_id=1)).id is None
    assert sentences(notes) == ["1 of 1 rows could not be read: rows[0].id"]


async def test_numbers_may_be_no_numbers_at_all() -> None:
    service, _ = answering(httpx.Response(200, content=b'{"status": "ok", "sstamp": 1e400}'))
    with pytest.raises(ProtocolViolation, match="sstamp"):
        await service.get_all_books()


@pytest.mark.parametrize("noise", [NOISE[0], NOISE[0] + b"\n", b"\n", NOISE[1], NOISE[2]])
async def test_xml_behind_messages(noise: bytes) -> None:
    content = noise + b'<?xml version="1.0"?><api_response><total>5400</total></api_response>'
    timer = trackmypeople.client(Capture(content), format="xml")
    assert await timer.total() == 5400
