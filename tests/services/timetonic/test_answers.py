"""Tables, values, refusals and broken answers of TimeTonic."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import example, given, settings

from tests.services.capture import Capture
from tests.services.strategies import json_objects
from tests.services.timetonic.sample import answering, client, data, nok, ok
from tui.services.errors import (
    AuthenticationFailed,
    InvalidArgument,
    NotFound,
    PermissionDenied,
    ProtocolViolation,
    RateLimited,
    Refused,
    ServiceError,
)
from tui.services.reading import read
from tui.services.timetonic import Book, Cell, Field, LinkedRow, display, moment_of, value_of

VALUES = data("fetchTableValues.json")
BOOK = data("getAllBooks.json")["allBooks"]["books"][0]


def table(**changes: Any) -> dict[str, Any]:
    return {"status": "ok", "tableValues": {**VALUES, **changes}}


def test_stamps_are_ten_thousandths_of_seconds_but_those_of_tables() -> None:
    moment = moment_of(15583609109172)
    assert moment.replace(microsecond=0) == datetime(2019, 5, 20, 14, 1, 50, tzinfo=UTC)
    assert moment_of(1558958106) == datetime(2019, 5, 27, 11, 55, 6, tzinfo=UTC)


async def test_rows_stand_by_their_index_and_cells_by_their_row() -> None:
    fields = [
        {"id": 1, "name": "A", "values": [{"id": 7, "value": "x"}, {"id": 9, "value": "z"}]},
        {"id": 2, "name": "B", "values": [{"id": 9, "value": 3}, {"id": 8, "value": 2}]},
    ]
    infos = {"7": {"order": 2, "index": 1}, "9": {"order": 1, "index": 0}}
    values = await answering(table(fields=fields, rowInfos=infos))[0].get_table_values(1)
    assert [row.id for row in values.rows] == [9, 7, 8]
    assert [row.name for row in values.rows] == ["z", "x", ""]
    assert {field: cell.value for field, cell in values.rows[0].cells.items()} == {1: "z", 2: 3}
    assert values.rows[1].cells.get(2) is None


def test_the_cover_is_the_owners_unless_the_member_chose_one() -> None:
    owner = {"ownerPrefs": {"oCoverImg": "/o.jpg"}}
    for mine, cover in (
        ({}, "/o.jpg"),
        ({"userPrefs": {"uCoverLetOwnerDecide": True, "uCoverImg": "/u.jpg"}}, "/o.jpg"),
        ({"userPrefs": {"uCoverLetOwnerDecide": False, "uCoverImg": "/u.jpg"}}, "/u.jpg"),
        ({"userPrefs": {"uCoverLetOwnerDecide": False, "uCoverImg": None}}, None),
    ):
        book: Book = read(Book, {"b_c": "a", "b_o": "b", **owner, **mine})
        assert book.cover == cover


async def test_columns_leave_out_comments_and_the_log_of_changes() -> None:
    values = await answering({"status": "ok", "tableValues": VALUES})[0].get_table_values(1)
    assert [field.name for field in values.columns] == ["Description", "Attachments"]
    activity = values.rows[1].cells[1367492]
    assert display(activity).startswith("@ttcapitester: changed field")


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        ("int", "12", 12),
        ("double", "1.10", Decimal("1.10")),
        ("double", 2, Decimal(2)),
        ("boolean", "0", False),
        ("boolean", 1, True),
        ("date", "2024-02-29", date(2024, 2, 29)),
        ("date", 1709164800, date(2024, 2, 29)),
        ("link", [{"row_id": "3", "value": "Acme"}], [LinkedRow(row_id=3, value="Acme")]),
        ("link", [], None),
        ("int", "", None),
        ("shorttext", 5, "5"),
        ("unheard_of", {"a": 1}, '{"a":1}'),
    ],
)
def test_values_are_read_by_the_type_of_their_field(kind: str, value: Any, expected: Any) -> None:
    assert value_of(Field(id=1, type=kind), Cell(value=value)) == expected


def test_a_date_with_a_time_is_local_time_in_paris_or_unix_seconds() -> None:
    field = Field(id=1, type="date", with_time=True)
    for value in ("2024-07-01 12:00:00", 1719828000):
        assert value_of(field, Cell(value=value)) == datetime(2024, 7, 1, 10, tzinfo=UTC)


def test_a_value_that_is_not_of_its_type_names_the_field() -> None:
    with pytest.raises(ProtocolViolation, match="field 'Price' should be an amount"):
        value_of(Field(id=1, type="double", name="Price"), Cell(value="twelve"))


async def test_the_vendors_own_filter_is_sent_as_it_is() -> None:
    """Reference page, 5.3, the fourth form of filterRowIds."""
    wanted = data("getFilterConfig.json")["filter"]
    service, capture = answering(table())
    await service.get_table_values(126185, filter_row_ids=wanted)
    assert msgspec.json.decode(capture.form["filterRowIds"]) == wanted


async def test_an_event_is_written_as_in_the_documents_sample() -> None:
    service, capture = answering(ok(createMessageId=1))
    await service.send_msg(
        "x",
        b_c="b",
        event_start=datetime(2022, 5, 15, 8, tzinfo=UTC),
        event_end=datetime(2022, 5, 15, 10, tzinfo=UTC),
    )
    sample = data("doc.sendMsg.event-parameter.json")
    assert msgspec.json.decode(capture.form["event"]) == sample


async def test_the_older_log_in_answers_are_read() -> None:
    made = await answering(data("doc.createAppkey.ok.json"))[0].create_appkey("api")
    assert (made.appkey, made.id) == ("AAAA-BBBB-CCCC-DDDD-EEEE-0", 2)
    user = await answering(data("doc.createOauthkey.ok.json"))[0].create_oauthkey("zo", "x", "A")
    assert (user.o_u, user.id) == ("zo", 4)
    with pytest.raises(AuthenticationFailed, match="invalid appkey") as caught:
        await answering(data("doc.createOauthkey.nok.json"))[0].create_oauthkey("zo", "x", "A")
    assert caught.value.code == "apiProcess91"


async def test_values_are_written_in_the_services_own_forms() -> None:
    service, capture = answering(ok(rows=[{"id": 5}]))
    await service.create_or_update_table_row(
        5,
        {
            "1": datetime(2024, 7, 1, 10, tzinfo=UTC),
            "2": date(2024, 2, 29),
            "3": Decimal("1.10"),
            "4": True,
            "5": [{"row_id": 3, "value": "Acme"}],
            "6": None,
        },
    )
    assert msgspec.json.decode(capture.form["fieldValues"]) == {
        "1": "2024-07-01 12:00:00",
        "2": "2024-02-29",
        "3": "1.10",
        "4": True,
        "5": [{"row_id": 3, "value": "Acme"}],
        "6": None,
    }


@pytest.mark.parametrize(
    "call",
    [
        lambda c: c.create_or_update_table_row("new", {"1": "x"}),
        lambda c: c.create_or_update_table_row(5, {"Name": "x"}),
        lambda c: c.create_or_update_table_row(),
        lambda c: c.create_or_update_table_rows({}),
        lambda c: c.get_book_tables("b", get_row_ids=True),
        lambda c: c.get_table_values(1, filter_row_ids={"where": 1}),
        lambda c: c.send_msg("x", event_end=datetime(2024, 1, 1, tzinfo=UTC)),
        lambda c: c.send_msg("x", event_start=datetime(2024, 1, 1)),  # noqa: DTZ001
        lambda c: c.list_table_rows_by_id(1, last_modified_after=10**30),
    ],
)
async def test_what_breaks_a_documented_rule_is_not_sent(call: Any) -> None:
    service, capture = answering(ok())
    with pytest.raises(InvalidArgument):
        await call(service)
    assert capture.requests == []


@pytest.mark.parametrize("form", ["rows", "columns", "diff_ready_rows"])
async def test_all_three_formats_of_listed_rows_are_read(form: Any) -> None:
    cells = [{"id": 7, "value": "x"}]
    answers: dict[str, Any] = {
        "rows": [{"id": "7", "name": "x"}],
        "columns": {"ids": [7], "fields": [{"id": 1, "name": "A", "values": cells}]},
        "diff_ready_rows": {"7": {"1": "x"}},
    }
    service, _ = answering(ok(tableRows=answers[form], deletedRowIds=["3"]))
    found = await service.list_table_rows_by_id(1, format=form)
    assert [row.id for row in found.rows] == [7]
    assert found.deleted == [3]
    if form != "rows":
        assert display(found.rows[0].cells[1]) == "x"


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("your session has expired", AuthenticationFailed),
        ("Not authorized", AuthenticationFailed),
        ("invalid sesskey", AuthenticationFailed),
        ("the author is unknown", NotFound),
        ("permission denied", PermissionDenied),
        ("there is no row 5", NotFound),
        ("the value is too long", Refused),
        ("User not authorized to modify this table", PermissionDenied),
        ("You are not authorised", PermissionDenied),
        ("unauthorized to read this book", PermissionDenied),
        ("only authorized users see messages", PermissionDenied),
        ("Field Price is read only", PermissionDenied),
        ("You don't have the rights to write in this book", PermissionDenied),
        ("access refused to this session's user", PermissionDenied),
        ("field 12 is read-only", PermissionDenied),
        ("this session may not read messages", PermissionDenied),
        ("the session is read only", PermissionDenied),
        ("permission denied: invalid sesskey", AuthenticationFailed),
        ("the session is not valid, access denied", AuthenticationFailed),
        ("you are not logged in", AuthenticationFailed),
        ("Unknown error", Refused),
        ("unknown_error", Refused),
        ("an unknown internal error", Refused),
        ("Error: unknown", Refused),
        ("unknown", Refused),
        ("unknown table 5", NotFound),
        ("too many rows in one request", Refused),
        ("too many requests", RateLimited),
    ],
)
async def test_refusals_are_told_apart_by_their_words(words: str, kind: type[ServiceError]) -> None:
    for answer in (nok(f"apiProcess10: {words}"), nok(words, code="x1")):
        with pytest.raises(kind) as caught:
            await answering(answer)[0].get_all_books()
        assert type(caught.value) is kind
        assert caught.value.operation == "timetonic.getAllBooks"


@pytest.mark.parametrize(
    "answer",
    [b"", b"{", b"[]", b'"x"', b"{}", b'{"status":"maybe"}', b'{"status":"ok"}', b"\xff\xfe",
     b"[" * 5000],
)  # fmt: skip
async def test_what_is_no_answer_is_a_protocol_violation(answer: bytes) -> None:
    with pytest.raises(ProtocolViolation):
        await answering(answer)[0].get_table_values(1)


KEYS = [
    "allBooks", "books", "book", "bookMessages", "bookEvents", "tableValues", "bookTables",
    "categories", "tabs", "fields", "values", "rowInfos", "rows", "tableRows", "data", "id",
    "value", "text", "b_c", "b_o", "smid", "lastMsg", "sstamp", "name", "error", "errorMsg",
    "result", "userInfo", "u_c", "enumColors", "link", "created", "lastModified", "7",
]  # fmt: skip


@example(answer={"bookTables": [{"categories": 1}]})
@example(answer={"bookTables": [{"categories": {"7": 1}}]})
@settings(max_examples=80)
@given(answer=json_objects(KEYS))
async def test_arbitrary_answers_raise_typed_errors_only(answer: dict[str, Any]) -> None:
    service = client(Capture(msgspec.json.encode({"status": "ok", **answer})))
    for call in (
        service.get_user_info(),
        service.get_all_books(),
        service.get_book_info("b"),
        service.get_book_messages("b"),
        service.get_book_events("b"),
        service.get_book_tables("b"),
        service.get_table_values(1),
        service.list_table_rows_by_id(1),
        service.get_table_value_comments(1, 2),
        service.get_reference_field_values(1),
        service.get_table_value_subset(1, [1], [2]),
        service.create_or_update_table_row(1, {"2": 3}),
    ):
        try:
            await call
        except ServiceError as error:
            assert error.operation.startswith("timetonic.")  # noqa: PT017
