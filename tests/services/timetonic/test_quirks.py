"""The sixteen quirks of the reference page's section 9, at least one test each."""

from __future__ import annotations

from contextlib import aclosing
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from tests.services.timetonic.sample import answering, client, data, nok, ok
from tui.services.errors import (
    NotFound,
    ProtocolViolation,
    Refused,
)
from tui.services.reading import read
from tui.services.timetonic import Book, TimeTonic, display

VALUES = data("fetchTableValues.json")
BOOK = data("getAllBooks.json")["allBooks"]["books"][0]


def table(**changes: Any) -> dict[str, Any]:
    return {"status": "ok", "tableValues": {**VALUES, **changes}}


@pytest.mark.parametrize("yes", [True, 1, "1", "true"])
@pytest.mark.parametrize("no", [False, 0, "0", "false", None])
async def test_1_booleans_come_in_three_forms(yes: Any, no: Any) -> None:
    book = {**BOOK, "favorite": yes, "archived": no, "members": [{"u_c": "a", "apiRight": yes}]}
    found = (await answering(ok(allBooks={"books": [book]}))[0].get_all_books()).books[0]
    assert (found.favorite, found.archived, found.api_right("a")) == (True, False, True)
    fields = [{**VALUES["fields"][0], "readOnly": yes, "timeAndDate": no}]
    values = await answering(table(fields=fields, forbidAddRow=yes, locked=no))[0].get_table_values(
        1
    )
    assert (values.table.forbid_add, values.table.locked) == (True, False)
    assert (values.fields[0].read_only, values.fields[0].with_time) == (True, False)


async def test_2_digit_strings_are_numbers() -> None:
    found = (await answering(data("getAllBooks.json"))[0].get_all_books()).books[0]
    assert found.hide_messages == 2
    assert (await answering(data("createAppkey.json"))[0].create_appkey("x")).id == 946927
    values = await answering({"status": "ok", "tableValues": VALUES})[0].get_table_values(1)
    assert values.table.sstamp == 1558958106


@pytest.mark.parametrize("empty", [[], {}, None, ""])
async def test_3_empty_maps_come_as_empty_lists(empty: Any) -> None:
    fields = [{**field, "values": []} for field in VALUES["fields"]]
    values = await answering(table(rowInfos=empty, fields=fields, prefs=empty))[0].get_table_values(
        1
    )
    assert values.rows == []
    assert (await answering(ok(data=empty))[0].get_table_value_comments(1, 2)).comments == []
    assert (await answering(ok(allBooks=empty or []))[0].get_all_books()).books == []


async def test_4_keys_are_left_out_rather_than_empty() -> None:
    found = (await answering(data("getAllBooks.json"))[0].get_all_books()).books[0]
    assert found.last_message is not None
    assert found.last_message.docs == found.last_message.medias == []
    values = await answering({"status": "ok", "tableValues": VALUES})[0].get_table_values(1)
    assert values.fields[0].choices is None
    assert values.rows[0].cells[1367490].text is None


async def test_5_null_stands_in_many_places() -> None:
    book = {**BOOK, "description": None, "ownerPrefs": {"title": None, "oCoverImg": None}}
    found: Book = read(Book, book)
    assert found.title == "projectstracker"
    assert found.cover is None
    assert found.contact is None
    assert found.last_message is not None
    assert found.last_message.linked_row_id is None


async def test_6_the_same_key_comes_in_different_types() -> None:
    tabs = [{"id": "3", "category_id": 126185, "view_id": None, "order": 0}]
    nested = ok(bookTables={"id": 1, "categories": [VALUES], "tabs": tabs}, sstamp="17")
    beside = ok(bookTables=[{"id": 1, "categories": [VALUES]}], tabs=tabs, sstamp=17)
    bare = ok(bookTables=[VALUES], tabs=tabs, sstamp=17)
    for answer in (nested, beside, bare):
        found = await answering(answer)[0].get_book_tables("b")
        assert [one.name for one in found.tables] == ["test_code"], answer
        assert (found.tabs[0].id, found.sstamp) == (3, 17)
    # lastModified: an int is unix seconds, a text is local time in Paris.
    values = await answering({"status": "ok", "tableValues": VALUES})[0].get_table_values(1)
    assert values.table.changed is not None
    assert values.table.changed.astimezone(UTC) == datetime(2019, 5, 27, 11, 55, 6, tzinfo=UTC)
    assert int(values.table.changed.timestamp()) == values.table.sstamp
    assert (await answering(ok(book={**BOOK, "sstamp": "17"}))[0].get_book_info("b")).sstamp == 17


async def test_7_the_same_thing_has_different_names() -> None:
    for form in (
        {"error": "apiProcess12: locked"},
        {"errorMsg": "locked", "errorCode": "apiProcess12"},
        {"errorMessage": "apiProcess12: locked"},
    ):
        with pytest.raises(Refused, match="locked") as caught:
            await answering({"status": "nok", **form})[0].get_all_books()
        assert caught.value.code == "apiProcess12"
    book: Book = read(Book, {**BOOK, "fpForm": {"sfpid": 5}})
    assert book.form is not None
    assert book.form.id == 5
    for name in ("createMessageId", "smid", "msg_id"):
        assert (await answering(ok(**{name: 5}))[0].send_msg("x", b_c="b")).smid == 5
    for name in ("smid", "msg_id", "createMessageId"):
        messages = await answering(ok(bookMessages=[{name: 5}]))[0].get_book_messages("b")
        assert messages.messages[0].smid == 5
    service, capture = answering(ok(rows=[]))
    await service.create_or_update_table_row(5, {"1": "x"}, view_id=8)
    assert capture.form["view_id"] == capture.form["viewId"] == "8"


async def test_8_keys_mix_styles_and_languages() -> None:
    made = await answering(data("createSesskey.json"))[0].create_sesskey("demo", "K")
    assert made.restrictions is not None
    assert made.restrictions.carnet_code is None
    upload: Any = read(dict[str, Any], data("uploadFile.json"))
    assert upload["utilisateur_code"] == "ttcapitester"
    info = ok(userInfo={"u_c": "demo", "userPrefs": {"UCREATEDON": "x", "mail1_toConfirm": "y"}})
    assert (await answering(info)[0].get_user_info()).u_c == "demo"


async def test_9_texts_keep_escapes_line_breaks_emoji_and_markup_as_they_are() -> None:
    raw = b'{"status":"ok","bookMessages":[{"smid":1,"msg":"a\\/b\\n\\ud83d\\ude00 [b]<i>x"}]}'
    found = await answering(raw)[0].get_book_messages("b")
    assert found.messages[0].text == "a/b\n😀 [b]<i>x"


async def test_10_no_demo_account_is_built_in() -> None:
    service, capture = answering(ok(rows=[]))
    await service.delete_table_row(5)
    assert capture.form["b_o"] == capture.form["o_u"] == capture.form["u_c"] == "demo"
    other = client(capture, u_c="anna")
    await other.delete_table_row(5)
    assert (capture.form["o_u"], capture.form["u_c"]) == ("demo", "anna")
    assert "zo" not in capture.form.values()


async def test_11_rows_by_name_lose_fields_of_the_same_name() -> None:
    fields = [{"id": 1, "name": "Note"}, {"id": 2, "name": "Note"}, {"id": 3, "name": "Name"}]
    rows = [{"id": "7", "fields": {"Note": {"value": "a"}, "Name": {"value": "b", "text": "B"}}}]
    values = await answering(table(fields=fields, rows=rows))[0].get_table_values(1, format="rows")
    [row] = values.rows
    assert (row.id, sorted(row.named), sorted(row.cells)) == (7, ["Name", "Note"], [3])
    assert display(row.cells[3]) == "B"


async def test_13_the_count_of_books_may_differ_from_their_number() -> None:
    found = await answering(data("getAllBooks.json"))[0].get_all_books()
    assert (found.total, len(found.books)) == (5, 1)


async def test_14_old_hosts_errors_at_200_and_pages_instead_of_json() -> None:
    service, capture = answering(b"jpeg")
    await service.file("https://timetonic.com/dev/dbi/in/full/U/a.jpg")
    assert str(capture.request.url) == "https://timetonic.com/live/dbi/in/full/U/a.jpg"
    with pytest.raises(Refused):
        await answering(nok("apiProcess12: locked"))[0].get_all_books()
    page = httpx.Response(200, html="<!DOCTYPE html><html>TimeTonic API for version 6.49</html>")
    with pytest.raises(ProtocolViolation, match="a web page") as caught:
        await answering(page)[0].get_all_books()
    assert "getAllBooks" in caught.value.advice


async def rows_of(service: TimeTonic, size: int) -> int:
    """How many rows all pages of that size have."""
    async with aclosing(service.table_pages(126185, size=size)) as pages:
        return sum([len(page.rows) async for page in pages])


async def test_15_a_full_last_page_costs_one_empty_page() -> None:
    fields = [{**field, "values": []} for field in VALUES["fields"]]
    service, capture = answering(table(), table(rowInfos=[], fields=fields))
    assert await rows_of(service, 2) == 2
    assert [request.content.count(b"offset") for request in capture.requests] == [1, 1]
    assert capture.form["offset"] == "2"
    service, capture = answering(table())
    assert await rows_of(service, 3) == 2
    assert len(capture.requests) == 1


async def test_16_a_deadlock_is_waited_out_and_not_for_ever() -> None:
    written = ok(rows=[{"id": 5}])
    service, capture = answering(
        nok("apiProcess40: Deadlock found"), nok("Deadlock", code="d"), written
    )
    assert (await service.create_or_update_table_row(5, {"1": "x"})).id == 5
    assert capture.slept == [0.2, 0.6]
    service, capture = answering(nok("Deadlock found when trying to get lock"))
    with pytest.raises(Refused, match="Deadlock"):
        await service.update_table_value(5, 6, "x")
    assert len(capture.requests) == 4
    service, capture = answering(nok("apiProcess12: locked"))
    with pytest.raises(Refused):
        await service.update_table_value(5, 6, "x")
    assert len(capture.requests) == 1


async def test_16_rows_go_in_batches_of_ten_and_an_error_says_what_was_kept() -> None:
    rows = {str(number): {"1": "x"} for number in range(1, 26)}
    service, capture = answering(ok(rows=[{"id": 1}], newRows=[{"id": 1, "tmpId": "tmp1"}]))
    written = await service.create_or_update_table_rows(rows)
    sizes = [request.content.count(b"%7B%221%22%3A%22x%22%7D") for request in capture.requests]
    assert sizes == [10, 10, 5]
    assert len(written.rows) == len(written.new_rows) == 3
    service, capture = answering(ok(rows=[{"id": 1}]), nok("there is no row 11", code="x"))
    with pytest.raises(NotFound) as caught:
        await service.create_or_update_table_rows(rows)
    assert caught.value.advice.startswith("Only the first 10 of 25 rows were written.")


@pytest.mark.parametrize(
    ("a_request", "sizes"), [(500, [25]), (25, [25]), (24, [24, 1]), (1, [1] * 25)]
)
async def test_16_as_many_rows_go_in_one_request_as_are_set(
    a_request: int, sizes: list[int]
) -> None:
    rows = {str(number): {"1": "x"} for number in range(1, 26)}
    service, capture = answering(ok(rows=[{"id": 1}]), rows_a_request=a_request)
    await service.create_or_update_table_rows(rows)
    sent = [request.content.count(b"%7B%221%22%3A%22x%22%7D") for request in capture.requests]
    assert sent == sizes
