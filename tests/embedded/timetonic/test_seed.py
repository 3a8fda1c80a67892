"""The sample workspace: the same every time, complete, quickly there, and cleared to a ground."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from time import thread_time

from tests.embedded.timetonic.caller import Caller
from tests.harness import CREDENTIALS, Clock, EmbeddedServer
from tui.embedded import sample
from tui.embedded.context import Context, Options
from tui.embedded.database import Database
from tui.embedded.timetonic import SERVICE
from tui.embedded.timetonic.api import OPERATIONS

MOMENT = datetime(2026, 6, 10, 9, 30, tzinfo=UTC)


@contextmanager
def sown() -> Iterator[Context]:
    with closing(Database(None)) as database:
        context = Context(database, CREDENTIALS, Options(data=Path()), now=Clock(MOMENT))
        database.script(SERVICE.schema)
        SERVICE.ground(context)
        SERVICE.seed(context)
        yield context


def everything(context: Context) -> dict[str, list[tuple[object, ...]]]:
    tables = sample.counts(context.database, [SERVICE])["timetonic"]
    return {
        name: [tuple(row) for row in context.database.read(f"SELECT * FROM timetonic_{name}")]
        for name in tables
    }


def test_the_same_moment_gives_the_same_workspace() -> None:
    with sown() as one, sown() as other:
        assert everything(one) == everything(other)


def test_sowing_takes_less_than_four_tenths_of_a_second() -> None:
    began = thread_time()
    with sown():
        assert thread_time() - began < 0.4


def test_the_tables_have_the_promised_sizes(caller: Caller) -> None:
    sizes: dict[str, int] = {}
    for book in caller.ok("getAllBooks")["allBooks"]["books"]:
        if book["b_c"] != "last-season":
            form = caller.ok("getBookTables", b_c=book["b_c"], b_o=book["b_o"])["bookTables"]
            sizes |= {table["name"]: table["totalRowCount"] for table in form["categories"]}
    assert sizes == {
        "Boats": 14,
        "Fleet maintenance": 420,
        "Parts inventory": 650,
        "Seamarks": 6,
        "Hours by boat and status": 0,
        "Racing boats": 14,
        "Crew list": 180,
        "Race results": 300,
        "Clients": 9,
        "Expenses": 240,
        "Ideas": 0,
        "Action points": 25,
        "Berths": 60,
        "Notes": 0,
    }


def test_one_table_has_a_field_of_every_type(caller: Caller) -> None:
    fields = caller.table("seabright-fleet", "Fleet maintenance").raw["fields"]
    assert {field["type"] for field in fields} == {
        "shorttext",
        "mediumtext",
        "email",
        "phone",
        "url",
        "int",
        "double",
        "boolean",
        "date",
        "link",
        "files",
        "comments",
        "activity",
        "smarttext",
    }
    assert {field["timeAndDate"] for field in fields if field["type"] == "date"} == {True, False}
    strict = [field["enumColors"]["strict"] for field in fields if "enumColors" in field]
    assert strict == [True, False]


def test_a_cleared_workspace_leaves_a_book_to_begin_with() -> None:
    with EmbeddedServer(services=("timetonic",), seeded=False) as server:
        person = Caller(server).log_in()
        (book,) = person.ok("getAllBooks")["allBooks"]["books"]
        assert book["b_c"] == "notebook"
        notes = person.table("notebook", "Notes")
        made = person.ok(
            "createOrUpdateTableRow",
            rowId="tmp1",
            fieldValues={str(notes.field("Title")): "First"},
        )
        listed = person.ok("listTableRowsById", catId=notes.id)["tableRows"]
        assert [(row["id"], row["name"]) for row in listed] == [(made["rows"][0]["id"], "First")]


def test_clearing_and_sowing_again_leaves_the_account_usable() -> None:
    with EmbeddedServer(services=("timetonic",)) as server:
        for call, books in (("clear", 1), ("reset", 7)):
            server.http("POST", f"/_deck/sample/{call}")
            assert Caller(server).ok("getAllBooks")["allBooks"]["nbBooks"] == books


def test_every_documented_request_is_answered() -> None:
    table = Path(__file__).resolve().parents[2] / "data" / "operations.tsv"
    with table.open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t"))
    documented = {
        row["id"].removeprefix("timetonic.")
        for row in rows
        if row["id"].startswith("timetonic.") and "socket" not in row["id"]
    }
    assert len(documented) == 40
    assert documented == {*OPERATIONS, "file"}
