"""Writing rows, against reference TimeTonic, 5.2 (column "write") and 5.5."""

from __future__ import annotations

import threading

import pytest

from tests.embedded.timetonic.caller import ROW, Caller, Table, cell, column, count


def test_a_temporary_id_makes_a_row_with_a_real_one(caller: Caller, work: Table) -> None:
    before = count(caller, work)
    answer = caller.ok(
        "createOrUpdateTableRow",
        rowId="tmpNEW_ROW",
        fieldValues={str(work.field("Task")): "New job", str(work.field("Status")): "Planned"},
    )
    assert {"rows", "newRows", "readOnlyRowsStatus", "formLastModified", "transactionId"} <= set(
        answer
    )
    assert "sstamp" not in answer
    row = answer["rows"][0]["id"]
    assert answer["newRows"] == [{"id": row, "tmpId": "tmpNEW_ROW"}]
    assert count(caller, work) == before + 1
    assert cell(caller, work, row, "Task") == "New job"
    last = caller.ok("getTableValues", catId=work.id, offset=before)["tableValues"]
    assert list(column(last, "Task")) == [row]


def test_an_automatic_number_counts_on(caller: Caller, work: Table) -> None:
    rows = {f"tmp{number}": {str(work.field("Task")): f"n{number}"} for number in range(3)}
    answer = caller.ok("createOrUpdateTableRows", rows=rows)
    made = [row["id"] for row in answer["rows"]]
    assert [cell(caller, work, row, "Job number") for row in made] == [421, 422, 423]
    tables = caller.ok("getBookTables", b_c="seabright-fleet", includeFields=1)["bookTables"]
    fields = tables["categories"][1]["fields"]
    number = next(field for field in fields if field["name"] == "Job number")
    assert number["lastIncrement"] == 423
    assert number["readOnly"] == 1


def test_several_rows_keep_the_order_of_the_request(caller: Caller, work: Table) -> None:
    task = str(work.field("Task"))
    rows = {"tmp-b": {task: "b"}, str(ROW): {task: "old"}, "tmp-a": {task: "a"}}
    answer = caller.ok("createOrUpdateTableRows", rows=rows)
    ids = [row["id"] for row in answer["rows"]]
    assert [cell(caller, work, row, "Task") for row in ids] == ["b", "old", "a"]
    assert ids[1] == ROW
    assert [pair["tmpId"] for pair in answer["newRows"]] == ["tmp-b", "tmp-a"]


def test_one_bad_row_keeps_all_of_them_out(caller: Caller, work: Table) -> None:
    before = count(caller, work)
    rows = {
        "tmp1": {str(work.field("Task")): "good"},
        "tmp2": {str(work.field("Status")): "Not a state"},
    }
    answer = caller.nok("createOrUpdateTableRows", rows=rows)
    assert "Status" in answer["errorMsg"]
    assert count(caller, work) == before


def test_updated_rows_can_be_asked_for(caller: Caller, work: Table) -> None:
    task = str(work.field("Task"))
    answer = caller.ok(
        "createOrUpdateTableRow", rowId=ROW, fieldValues={task: "seen"}, returnUpdatedRows=1
    )
    assert answer["rows"][0]["fields"][task] == {"value": "seen"}


def test_an_empty_row_needs_its_table(caller: Caller, work: Table) -> None:
    for empty in ('""', "[]", "{}", ""):
        answer = caller.ok("createOrUpdateTableRow", rowId="tmpX", fieldValues=empty, catId=work.id)
        assert cell(caller, work, answer["rows"][0]["id"], "Task") is None
    assert caller.nok("createOrUpdateTableRow", rowId="tmpX", fieldValues="")["errorCode"] == (
        "missing_parameter"
    )
    view = {"view_id": work.view("Open work")}
    made = caller.ok("createOrUpdateTableRow", rowId="tmpX", fieldValues="", **view)
    assert cell(caller, work, made["rows"][0]["id"], "Job number") == 425


def test_one_value_is_written_by_row_and_field(caller: Caller, work: Table) -> None:
    caller.ok("updateTableValue", rowId=ROW, fieldId=work.field("Hours"), value="2,25")
    assert cell(caller, work, ROW, "Hours") == 2.25
    caller.ok("updateTableValue", rowId=ROW, fieldId=work.field("Hours"), value="")
    assert cell(caller, work, ROW, "Hours") is None
    caller.nok("updateTableValue", rowId=ROW, fieldId=work.field("Hours"))


def test_an_hour_that_does_not_exist_in_paris_is_no_cells(caller: Caller) -> None:
    races = caller.table("regates", "Race results")
    row = caller.ok("listTableRowsById", catId=races.id)["tableRows"][0]["id"]
    start = races.field("Start")
    refused = caller.nok("updateTableValue", rowId=row, fieldId=start, value="2026-03-29 02:30:00")
    assert "clocks in Paris are put forward over it" in refused["errorMsg"]
    for told in ("2026-03-29 03:00:00", "2026-10-25 02:30:00", "2026-03-29 01:59:59"):
        caller.ok("updateTableValue", rowId=row, fieldId=start, value=told)
        assert cell(caller, races, row, "Start") == told


def test_links_are_written_by_id_by_name_and_several_at_once(caller: Caller) -> None:
    crew = caller.table("regates", "Crew list")
    boats = caller.table("regates", "Racing boats")
    ids = {
        row["name"]: row["id"]
        for row in caller.ok("listTableRowsById", catId=boats.id)["tableRows"]
    }
    row = caller.ok("listTableRowsById", catId=crew.id)["tableRows"][0]["id"]
    field = crew.field("Boats")
    wanted = [
        {"row_id": ids["Skua"], "value": "Skua"},
        {"row_id": ids["Sula"], "value": "Sula"},
    ]
    for sent in (
        wanted,
        [{"value": "Skua"}, {"value": "sula"}],
        [ids["Skua"], ids["Sula"]],
        "Skua, Sula",
    ):
        caller.ok("updateTableValue", rowId=row, fieldId=field, value="")
        caller.ok("createOrUpdateTableRow", rowId=row, fieldValues={str(field): sent})
        assert cell(caller, crew, row, "Boats") == wanted
    caller.ok("updateTableValue", rowId=row, fieldId=field, value=[{"value": "Fulmar"}])
    caller.ok(
        "createOrUpdateTableRow",
        rowId=row,
        fieldValues={str(field): "Skua|Sula"},
        linkSeparator="|",
    )
    assert cell(caller, crew, row, "Boats") == wanted
    for bad in ("Nobody", [{"row_id": 5}], [row], 3.5, [[1]]):
        caller.nok("createOrUpdateTableRow", rowId=row, fieldValues={str(field): bad})


def test_a_single_link_takes_one_row(caller: Caller, work: Table) -> None:
    field = str(work.field("Boat"))
    caller.nok("createOrUpdateTableRow", rowId=ROW, fieldValues={field: "Petrel,Skua"})
    caller.ok("createOrUpdateTableRow", rowId=ROW, fieldValues={field: "Skua"})


def test_a_link_to_a_deleted_row_is_gone(caller: Caller) -> None:
    results = caller.table("regates", "Race results")
    boats = caller.table("regates", "Racing boats")
    row = caller.ok("listTableRowsById", catId=results.id)["tableRows"][0]["id"]
    (linked,) = cell(caller, results, row, "Boat")
    caller.ok("deleteTableRow", rowId=linked["row_id"])
    assert cell(caller, results, row, "Boat") is None
    assert count(caller, boats) == 13


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Status", "done"),
        ("Status", "Almost"),
        ("People", "two"),
        ("People", "1.5"),
        ("People", True),
        ("People", 10**30),
        ("Hours", "nan"),
        ("Hours", "1e999"),
        ("Hours", "--3"),
        ("Checked", "perhaps"),
        ("Due", "01.05.2026"),
        ("Due", "2026-02-30"),
        ("Due", "2026-05-01 10:00"),
        ("Started", "2026-05-01 25:00"),
        ("Started", "99999999999999"),
        ("Task", ""),
        ("Task", "x" * 256),
        ("Notes", "x" * 65_536),
        ("Notes", ["a"]),
        ("Job number", 5),
        ("Label", "x"),
        ("Pictures", "x"),
        ("Comments", "x"),
        ("Updates", "x"),
    ],
)
def test_values_that_do_not_fit_are_refused_by_name(
    caller: Caller, work: Table, name: str, value: object
) -> None:
    before = cell(caller, work, ROW, name)
    answer = caller.nok(
        "createOrUpdateTableRow", rowId=ROW, fieldValues={str(work.field(name)): value}
    )
    assert name in answer["errorMsg"]
    assert cell(caller, work, ROW, name) == before


@pytest.mark.parametrize(
    ("name", "value", "kept"),
    [
        ("Priority", "Somewhen", "Somewhen"),
        ("People", "7", 7),
        ("People", 7.0, 7),
        ("Hours", "1 234,50", 1234.5),
        ("Checked", "1", True),
        ("Checked", False, False),
        ("Due", "2024-02-29", "2024-02-29"),
        ("Due", 1_780_000_000, "2026-05-28"),
        ("Started", "2026-05-01T10:00", "2026-05-01 10:00:00"),
        ("Started", "2026-05-01", "2026-05-01 00:00:00"),
        ("Started", 1_780_000_000, "2026-05-28 22:26:40"),
        ("Notes", "日本\n[x] \u202e", "日本\n[x] \u202e"),
        ("Notes", None, None),
    ],
)
def test_values_that_fit_are_kept(
    caller: Caller, work: Table, name: str, value: object, kept: object
) -> None:
    caller.ok("createOrUpdateTableRow", rowId=ROW, fieldValues={str(work.field(name)): value})
    assert cell(caller, work, ROW, name) == kept


def test_fields_and_rows_of_other_tables_are_refused(caller: Caller, work: Table) -> None:
    boats = caller.table("seabright-fleet", "Boats")
    boat = caller.ok("listTableRowsById", catId=boats.id)["tableRows"][0]["id"]
    task, built = str(work.field("Task")), str(boats.field("Built"))
    caller.nok("createOrUpdateTableRow", rowId=ROW, fieldValues={built: 3})
    caller.nok("createOrUpdateTableRow", rowId=ROW, fieldValues={"x": 3})
    caller.nok("createOrUpdateTableRow", rowId="new", fieldValues={task: "x"})
    caller.nok("createOrUpdateTableRow", rowId=5, fieldValues={task: "x"})
    caller.nok("createOrUpdateTableRow", rowId="tmp1", fieldValues={task: "x", built: 3})
    caller.nok("createOrUpdateTableRows", rows={str(ROW): {}, str(boat): {}})
    caller.nok("createOrUpdateTableRows", rows={str(ROW): 3})
    caller.nok("createOrUpdateTableRows")


def test_rights_of_tables_and_books_hold(caller: Caller) -> None:
    marks = caller.table("seabright-fleet", "Seamarks")
    assert marks.raw["forbidAddRow"] == 1
    caller.nok("createOrUpdateTableRow", rowId="tmp", catId=marks.id, fieldValues="")
    boats = caller.table("seabright-fleet", "Boats")
    assert boats.raw["forbidDeleteRow"] is True
    boat = caller.ok("listTableRowsById", catId=boats.id)["tableRows"][0]["id"]
    caller.nok("deleteTableRow", rowId=boat)
    berths = caller.table("harbour-office", "Berths")
    berth = caller.ok("listTableRowsById", catId=berths.id)["tableRows"][0]["id"]
    refused = caller.nok("updateTableValue", rowId=berth, fieldId=berths.field("Berth"), value="x")
    assert refused["errorCode"] == "forbidden"
    caller.nok("deleteTableRow", rowId=berth)


def test_a_deleted_row_is_gone_and_told_to_readers_by_stamp(caller: Caller, work: Table) -> None:
    stamp = caller.ok("listTableRowsById", catId=work.id)["sstamp"]
    before = count(caller, work)
    caller.ok("deleteTableRow", rowId=ROW)
    assert count(caller, work) == before - 1
    after = caller.ok("listTableRowsById", catId=work.id, lastModifiedAfter=stamp)
    assert after["deletedRowIds"] == [ROW]
    caller.nok("deleteTableRow", rowId=ROW)
    caller.nok("updateTableValue", rowId=ROW, fieldId=work.field("Task"), value="x")


def test_several_rows_are_deleted_together_or_not_at_all(caller: Caller, work: Table) -> None:
    before = count(caller, work)
    caller.nok("deleteTableRows", rows=[ROW, 5])
    assert count(caller, work) == before
    caller.ok("deleteTableRows", rows=[ROW, ROW + 1])
    assert count(caller, work) == before - 2


def test_a_deadlock_is_told_in_the_key_that_clients_read(caller: Caller, work: Table) -> None:
    caller.ok("getUserInfo")
    caller.server.context.state["timetonic"].deadlocks = 2  # type: ignore[attr-defined]
    form = {"rowId": ROW, "fieldValues": {str(work.field("Task")): "again"}}
    for _ in range(2):
        assert "Deadlock" in caller.nok("createOrUpdateTableRow", **form)["error"]
    caller.ok("createOrUpdateTableRow", **form)
    assert cell(caller, work, ROW, "Task") == "again"


def test_writes_from_many_sides_all_count(caller: Caller, work: Table) -> None:
    before = count(caller, work)

    def write() -> None:
        for number in range(5):
            caller.ok(
                "createOrUpdateTableRow",
                rowId=f"tmp{number}",
                fieldValues={str(work.field("Task")): "at once"},
            )

    threads = [threading.Thread(target=write) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert count(caller, work) == before + 30
    page = caller.ok("getTableValues", catId=work.id, offset=before)["tableValues"]
    assert sorted(column(page, "Job number").values()) == list(range(421, 451))


def test_a_table_says_that_it_changed(caller: Caller, work: Table) -> None:
    caller.server.clock.advance(days=2)
    caller.ok("updateTableValue", rowId=ROW, fieldId=work.field("Task"), value="x")
    changed = caller.table("seabright-fleet", "Fleet maintenance").raw
    assert int(changed["sstamp"]) == int(caller.server.clock().timestamp())
    assert changed["lastModified"] != work.raw["lastModified"]
