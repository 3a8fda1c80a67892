"""The worst form of every answer, and that nothing else changes: reference TimeTonic, 9."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.embedded.timetonic.caller import Caller
from tests.harness import EmbeddedServer

FLEET = {"b_c": "seabright-fleet", "b_o": "demo"}


@pytest.fixture(scope="module")
def quirky_server() -> Iterator[EmbeddedServer]:
    with EmbeddedServer(services=("timetonic",), quirks=True) as server:
        yield server


@pytest.fixture
def quirky(quirky_server: EmbeddedServer) -> Caller:
    quirky_server.reset()
    return Caller(quirky_server)


def test_booleans_come_in_three_spellings(quirky: Caller) -> None:
    book = quirky.book("last-season")
    assert (book["archived"], book["accepted"], book["invited"]) == (1, "1", True)


def test_ids_are_digit_strings_and_a_title_is_null(quirky: Caller) -> None:
    books = quirky.ok("getAllBooks")["allBooks"]["books"]
    assert all(isinstance(book["lastMsg"]["smid"], str) for book in books)
    assert [book["b_c"] for book in books if book["ownerPrefs"]["title"] is None] == ["regates"]
    assert isinstance(quirky.ok("getBookInfo", **FLEET)["book"]["sstamp"], str)


def test_cells_have_the_doubtful_encodings(quirky: Caller) -> None:
    table = quirky.table("seabright-fleet", "Fleet maintenance")
    row = 19_975_015
    quirky.ok(
        "createOrUpdateTableRow",
        rowId=row,
        fieldValues={
            str(table.field("People")): 3,
            str(table.field("Checked")): True,
            str(table.field("Started")): "2026-07-01 12:00",
            str(table.field("Due")): "2026-07-02",
        },
    )
    values = quirky.ok("getTableValues", catId=table.id, format="rows", filterRowIds=str(row))
    (shown,) = values["tableValues"]["rows"]
    assert shown["id"] == str(row)
    cells = {name: cell["value"] for name, cell in shown["fields"].items()}
    assert cells["People"] == "3"
    assert cells["Checked"] == "1"
    assert cells["Started"] == 1_782_900_000
    assert cells["Due"] == "2026-07-02"


def test_empty_maps_are_empty_arrays(quirky: Caller) -> None:
    assert quirky.ok("getUserInfo")["userInfo"]["userPrefs"]["sector"] == []
    table = quirky.table("seabright-fleet", "Fleet maintenance")
    none = quirky.server.context.database.one(
        "SELECT r.id FROM timetonic_row r WHERE r.table_id = ? AND NOT EXISTS"
        " (SELECT 1 FROM timetonic_comment c WHERE c.row_id = r.id) LIMIT 1",
        (table.id,),
    )
    assert none is not None
    answer = quirky.ok("getTableValueComments", rowId=none["id"], fieldId=table.field("Comments"))
    assert answer["data"] == []


def test_reads_are_refused_in_the_older_form(quirky: Caller) -> None:
    answer = quirky.nok("getBookInfo", b_c="nothing")
    assert answer["error"].startswith("apiProcess")
    assert "errorMsg" not in answer
    assert "session expired" in quirky.nok("getAllBooks", sesskey="x")["error"]


def test_log_in_and_writes_work_as_ever(quirky: Caller) -> None:
    session = quirky.log_in()
    sent = session.ok("sendMsg", msg="quirky", **FLEET)
    message = session.ok("getBookMessages", nbMax=1, **FLEET)["bookMessages"][0]
    assert int(message["smid"]) == int(sent["createMessageId"])
