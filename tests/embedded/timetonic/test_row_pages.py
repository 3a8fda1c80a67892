"""Pages of rows: the same as by the simple formula, at the same cost wherever they begin."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.embedded.timetonic.caller import Caller, Table, column
from tests.harness import CREDENTIALS, EmbeddedServer
from tui.embedded import sample
from tui.embedded.context import Context, Options
from tui.embedded.database import Database
from tui.embedded.timetonic import SERVICE, row_pages
from tui.embedded.timetonic.call import Call
from tui.embedded.timetonic.cells import Renderer
from tui.embedded.timetonic.definitions import Field, fields_of
from tui.embedded.timetonic.parameters import Parameters
from tui.embedded.timetonic.row_pages import all_rows, row_count
from tui.embedded.timetonic.schema import STRETCH

MANY = 20_000
"""Rows of a table that is large enough to tell a page from the whole."""


def rows_in_order(caller: Caller, table: int) -> list[Any]:
    """The slow and simple formula: all rows there are, the deleted ones left out, sorted."""
    rows = caller.server.context.database.read("SELECT * FROM timetonic_row")
    kept = [row for row in rows if row["table_id"] == table and not row["deleted"]]
    return sorted(kept, key=lambda row: (row["position"], row["id"]))


def page(caller: Caller, table: Table, offset: int, size: int, **more: object) -> dict[str, Any]:
    answer = caller.ok("getTableValues", catId=table.id, offset=offset, maxRows=size, **more)
    values: dict[str, Any] = answer["tableValues"]
    return values


def check_pages(caller: Caller, table: Table, dice: random.Random) -> None:
    expected = rows_in_order(caller, table.id)
    title = table.field("Task")
    for _ in range(12):
        offset, size = dice.randrange(len(expected) + 40), dice.choice((1, 7, 100, 400))
        values = page(caller, table, offset, size)
        wanted = expected[offset : offset + size]
        assert column(values, "Task") == {
            row["id"]: json.loads(row["cells"]).get(str(title)) for row in wanted
        }
        assert values["rowInfos"] == (
            {
                str(row["id"]): {"order": row["position"], "index": offset + place}
                | ({} if row["token"] is None else {"token": row["token"]})
                for place, row in enumerate(wanted)
            }
            or []
        )
        assert values["totalRowCount"] == len(expected)


@pytest.mark.parametrize("seed", range(4))
def test_pages_are_those_of_the_simple_formula_whatever_is_written(
    caller: Caller, work: Table, seed: int
) -> None:
    dice = random.Random(seed)
    database = caller.server.context.database
    gone: list[int] = []
    for _ in range(6):
        ids = [row["id"] for row in rows_in_order(caller, work.id)]
        for row_id in dice.sample(ids, 5):
            caller.ok("deleteTableRow", rowId=row_id)
            gone.append(row_id)
        caller.ok("createOrUpdateTableRow", rowId="tmp1", catId=work.id)
        caller.ok("rollBackBeforeChange", rowId=gone.pop(dice.randrange(len(gone))))
        caller.ok(
            "createOrUpdateTableRow",
            rowId=dice.choice([row["id"] for row in rows_in_order(caller, work.id)]),
            fieldValues={str(work.field("Task")): f"changed {dice.random()}"},
        )
        # Positions that stand far apart, two of them alike, and rows that go for good.
        with database.write() as connection:
            connection.execute(
                "UPDATE timetonic_row SET position = position + ? WHERE id IN (?, ?)",
                (dice.randrange(3) * STRETCH + dice.randrange(9), *dice.sample(ids, 2)),
            )
            connection.execute(
                "DELETE FROM timetonic_row WHERE deleted AND token IS NULL AND id NOT IN"
                " (SELECT row_id FROM timetonic_history UNION SELECT row_id FROM timetonic_comment"
                " UNION SELECT coalesce(row_id, 0) FROM timetonic_file)"
            )
        check_pages(caller, work, dice)


def test_what_was_rolled_back_is_not_counted(caller: Caller, work: Table) -> None:
    database = caller.server.context.database

    def fail() -> None:
        with database.write() as connection:
            connection.execute("UPDATE timetonic_row SET deleted = 1")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert page(caller, work, 0, 1)["totalRowCount"] == 420
    check_pages(caller, work, random.Random(1))


@pytest.fixture(scope="module")
def large_server() -> Iterator[EmbeddedServer]:
    with EmbeddedServer(services=("timetonic",)) as server:
        table = Caller(server).table("seabright-fleet", "Fleet maintenance")
        field = str(table.field("Status"))
        with server.context.database.write() as connection:
            connection.executemany(
                "INSERT INTO timetonic_row (table_id, position, cells, created, modified, sstamp)"
                " VALUES (?, ?, ?, 1, 1, 1)",
                [
                    (table.id, 1000 + place, json.dumps({field: ["Done", "Planned"][place % 2]}))
                    for place in range(MANY)
                ],
            )
        yield server


@contextmanager
def counted_steps(server: EmbeddedServer) -> Iterator[Callable[[], int]]:
    """How many hundreds of steps SQLite takes: what a query costs, on any machine."""
    steps = [0]

    def step() -> int:
        steps[0] += 1
        return 0

    connection = server.context.database._connection
    connection.set_progress_handler(step, 100)
    try:
        yield lambda: steps[0]
    finally:
        connection.set_progress_handler(None, 0)


def cost(server: EmbeddedServer, work: Callable[[], object]) -> int:
    with counted_steps(server) as steps:
        work()
        return steps()


def test_the_last_page_costs_what_the_first_does(large_server: EmbeddedServer) -> None:
    caller = Caller(large_server)
    table = caller.table("seabright-fleet", "Fleet maintenance")
    size = page(caller, table, 0, 1)["totalRowCount"]
    assert size == MANY + 420
    costs = [
        cost(large_server, lambda offset=offset: page(caller, table, offset, 50))
        for offset in (500, size // 2, size - 50, size + 10)
    ]
    # Passing over all rows takes three steps a row.
    assert max(costs) < costs[0] + 2 * STRETCH * 3 / 100
    assert max(costs) < MANY / 100


def test_pages_of_a_filter_look_through_the_table_once(large_server: EmbeddedServer) -> None:
    caller = Caller(large_server)
    table = caller.table("seabright-fleet", "Fleet maintenance")
    rule = {"field_id": table.field("Status"), "json": {"predicate": "is", "operand": "Planned"}}
    wanted = {"applyViewFilters": {"filterGroup": {"filters": [rule]}}}
    sizes = []

    def read(offset: int) -> None:
        sizes.append(len(column(page(caller, table, offset, 50, filterRowIds=wanted), "Task")))

    first, *others = [
        cost(large_server, lambda offset=offset: read(offset)) for offset in (0, 50, MANY // 2 - 50)
    ]
    assert sizes == [50, 50, 50]
    assert first > MANY / 100
    assert max(others) < first / 5


def test_one_row_is_had_without_the_others(large_server: EmbeddedServer) -> None:
    caller = Caller(large_server)
    table = caller.table("seabright-fleet", "Fleet maintenance")
    row = next(iter(column(page(caller, table, MANY // 2, 1), "Task")))
    read = cost(
        large_server, lambda: caller.ok("getTableValues", catId=table.id, filterRowIds=str(row))
    )
    assert read < MANY / 100


def test_a_row_is_added_behind_all_without_a_look_at_the_others(
    large_server: EmbeddedServer,
) -> None:
    caller = Caller(large_server)
    table = caller.table("seabright-fleet", "Fleet maintenance")
    made: list[int] = []

    def add() -> None:
        answer = caller.ok("createOrUpdateTableRow", rowId="tmp1", catId=table.id)
        made.append(answer["rows"][0]["id"])

    assert cost(large_server, add) < MANY / 100
    # Positions of rows that were deleted are not given again: they may come back.
    caller.ok("deleteTableRow", rowId=made[0])
    add()
    caller.ok("rollBackBeforeChange", rowId=made[0])
    assert [row["id"] for row in rows_in_order(caller, table.id)][-2:] == made
    caller.ok("deleteTableRow", rowId=made[0])
    caller.ok("deleteTableRow", rowId=made[1])


def test_what_changed_is_had_without_the_others(large_server: EmbeddedServer) -> None:
    caller = Caller(large_server)
    table = caller.table("seabright-fleet", "Fleet maintenance")
    stamp = caller.ok("getTableValues", catId=table.id, maxRows=1)["sstamp"]
    ids = list(column(page(caller, table, MANY // 3, 3), "Task"))
    caller.ok("createOrUpdateTableRow", rowId=ids[1], fieldValues={str(table.field("Task")): "new"})
    caller.ok("deleteTableRow", rowId=ids[2])
    answers: list[dict[str, Any]] = []

    def ask() -> None:
        answers.append(caller.ok("listTableRowsById", catId=table.id, lastModifiedAfter=stamp))

    assert cost(large_server, ask) < MANY / 100
    assert [row["id"] for row in answers[0]["tableRows"]] == [ids[1]]
    assert answers[0]["deletedRowIds"] == [ids[2]]


def test_a_filter_is_applied_anew_after_every_change_that_it_looks_at(
    caller: Caller, work: Table
) -> None:
    boats = caller.table("seabright-fleet", "Boats")
    [name_id] = [field["id"] for field in boats.raw["fields"][:1]]

    def matching(field: int, operand: str) -> list[int]:
        rule = {"field_id": field, "json": {"predicate": "is", "operand": operand}}
        wanted = {"applyViewFilters": {"filterGroup": {"filters": [rule]}}}
        values = caller.ok("getTableValues", catId=work.id, filterRowIds=wanted, maxRows=1000)
        return list(column(values["tableValues"], "Task"))

    status, boat = work.field("Status"), work.field("Boat")
    done = matching(status, "Done")
    caller.ok("deleteTableRow", rowId=done[0])
    assert matching(status, "Done") == done[1:]
    caller.ok("rollBackBeforeChange", rowId=done[0])
    assert matching(status, "Done") == done
    caller.ok("createOrUpdateTableRow", rowId=done[3], fieldValues={str(status): "Planned"})
    assert matching(status, "Done") == done[:3] + done[4:]
    # The name of a row of another table.
    petrel = matching(boat, "Petrel")
    assert petrel
    [row] = [
        row["id"]
        for row in rows_in_order(caller, boats.id)
        if json.loads(row["cells"])[str(name_id)] == "Petrel"
    ]
    caller.ok("createOrUpdateTableRow", rowId=row, fieldValues={str(name_id): "Albatross"})
    assert matching(boat, "Petrel") == []
    assert matching(boat, "Albatross") == petrel
    # Put back by something that knows nothing of what is kept.
    caller.server.reset()
    assert matching(boat, "Petrel") == petrel
    assert matching(status, "Done") == done


TEXT_TESTS: dict[str, Callable[[str, str], bool]] = {
    "is": lambda text, operand: text == operand,
    "isNot": lambda text, operand: text != operand,
    "contains": lambda text, operand: operand.casefold() in text.casefold(),
    "isEmpty": lambda text, _operand: text == "",
    "isAfter": lambda text, operand: text > operand != text and text != "",
}


@pytest.mark.parametrize("seed", range(3))
def test_filtered_pages_are_those_of_the_simple_formula(
    caller: Caller, work: Table, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    # In many parts, the last of them sometimes full.
    monkeypatch.setattr(row_pages, "BATCH", (42, 100, 7)[seed])
    dice = random.Random(seed)
    kinds = ["Task", "Status", "Priority", "Due", "Notes", "Started"]
    for _ in range(10):
        answer = caller.ok("getTableValues", catId=work.id, maxRows=1000)["tableValues"]
        columns = {
            field["name"]: {
                cell["id"]: cell.get("text") or str(cell["value"] or "") for cell in field["values"]
            }
            for field in answer["fields"]
        }
        names = dice.sample(kinds, 2)
        rules = []
        for name in names:
            operand = dice.choice(list(columns[name].values()))
            rules.append((name, dice.choice(sorted(TEXT_TESTS)), operand[: dice.choice((3, 99))]))
        operator = dice.choice(("and", "or"))
        combine = all if operator == "and" else any
        expected = [
            row["id"]
            for row in rows_in_order(caller, work.id)
            if combine(TEXT_TESTS[how](columns[name][row["id"]], what) for name, how, what in rules)
        ]
        group = {
            "operator": operator,
            "filters": [
                {"field_id": work.field(name), "json": {"predicate": how, "operand": what}}
                for name, how, what in rules
            ],
        }
        wanted = {"applyViewFilters": {"filterGroup": group}}
        found: list[int] = []
        while len(found) < len(expected) or not found:
            values = page(caller, work, len(found), 37, filterRowIds=wanted)
            shown = list(column(values, "Task"))
            found += shown
            if not shown:
                break
        assert found == expected, rules
        if expected:
            caller.ok("deleteTableRow", rowId=dice.choice(expected))


VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.sampled_from(["", "x", "12", "12.5", "2026-07-01", "2026-07-01 12:00:00", "été / 帆"])
    | st.text(st.characters(blacklist_categories=["Cs"]), max_size=6),
    lambda inner: st.lists(inner, max_size=2),
    max_leaves=3,
)


@contextmanager
def empty(quirks: bool) -> Iterator[Context]:
    with closing(Database(None)) as database:
        context = Context(database, CREDENTIALS, Options(data=Path(), quirks=quirks))
        database.script(SERVICE.schema)
        SERVICE.ground(context)
        SERVICE.seed(context)
        yield context


@pytest.fixture(scope="module", params=[False, True], ids=["plain", "quirks"])
def sown(request: pytest.FixtureRequest) -> Iterator[Context]:
    with empty(request.param) as context:
        yield context


@settings(deadline=None, max_examples=60)
@given(data=st.data())
def test_a_column_is_its_cells_one_by_one(sown: Context, data: st.DataObject) -> None:
    call = Call(sown, "getTableValues", "live", Parameters({}))
    tables = [row[0] for row in call.read("SELECT DISTINCT table_id FROM timetonic_row")]
    table = data.draw(st.sampled_from(tables))
    fields = fields_of(call, table)
    stored = all_rows(call, table)
    linked = [row["id"] for row in call.read("SELECT id FROM timetonic_row LIMIT 20")]
    rows = data.draw(st.lists(st.sampled_from(stored), max_size=6, unique_by=lambda row: row["id"]))
    renderer = Renderer(call, fields, rows, max_comments=3)
    for cells in renderer.cells.values():
        for field in fields:
            if data.draw(st.booleans()):
                links = st.lists(st.sampled_from([*linked, 5]), max_size=3)
                cells[field.key] = data.draw(links if field.type == "link" else VALUES)
    for field in (*fields, *(changed(field, data) for field in fields)):
        expected: list[Any] = []
        try:
            expected = [{"id": row_id, **renderer.cell(row_id, field)} for row_id in renderer.cells]
        except ValueError:
            # A date that is none, which no request can store, has no quirk.
            continue
        assert renderer.column(field) == expected


def changed(field: Field, data: st.DataObject) -> Field:
    """The field with another way to write its numbers, or of another type."""
    options = field.options | {
        "numformat": data.draw(st.sampled_from([None, "", "0", "0.00", "0.0000"])),
        "numlang": data.draw(st.sampled_from([None, "fr", "en"])),
    }
    kinds = ["shorttext", "mediumtext", "email", "int", "double", "boolean", "unheard of"]
    return replace(field, type=data.draw(st.sampled_from(kinds)), options=options)


def test_a_file_of_an_earlier_version_is_counted_when_it_is_opened(tmp_path: Path) -> None:
    with EmbeddedServer(services=("timetonic",), data=tmp_path) as server:
        table = Caller(server).table("seabright-fleet", "Fleet maintenance").id
        with server.context.database.write() as connection:
            for name in ("comes", "goes", "moves", "changes"):
                connection.execute(f"DROP TRIGGER timetonic_row_{name}")
            connection.execute("DROP TABLE stretch_of_timetonic_row")
            connection.execute("DROP TABLE version_of_timetonic_table")
    with closing(Database(tmp_path / "embedded.db")) as database:
        context = Context(database, CREDENTIALS, Options(data=tmp_path))
        sample.prepare(context, [SERVICE])
        call = Call(context, "getTableValues", "live", Parameters({}))
        assert row_count(call, table) == 420
        sample.clear(context, [SERVICE])
        assert row_count(call, table) == 0
        sample.reset(context, [SERVICE])
        assert row_count(call, table) == 420
