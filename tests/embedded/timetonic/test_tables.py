"""Tables, views and values, against reference TimeTonic, 5.1 to 5.4, and the saved answer."""

from __future__ import annotations

from typing import Any

import pytest

from tests.embedded.timetonic.caller import Caller, column, sample, shape

FLEET = {"b_c": "seabright-fleet", "b_o": "demo"}

ABSENT_IN_SAVED = {
    "dateFormat", "enumColors", "masks", "link", "required", "notifSubscribe",
    "limits",  # which no answer has but these
}  # fmt: skip


def test_the_default_form_is_one_object_with_tabs_and_categories(caller: Caller) -> None:
    answer = caller.ok("getBookTables", **FLEET)
    form = answer["bookTables"]
    assert shape(form) | {"tabs": 0, "categories": 0} == {
        "id": "int",
        "name": "str",
        "description": "NoneType",
        "creator": "str",
        "timetonic": "bool",
        "system": "bool",
        "public": "bool",
        "lastModified": "int",
        "rights": {"modify": "bool", "select": "int"},
        "right": "int",
        "tabs": 0,
        "categories": 0,
        "lastTabId": "int",
    }
    assert form["id"] == caller.book("seabright-fleet")["fpForm"]["fpid"]
    assert [table["name"] for table in form["categories"]] == [
        "Boats",
        "Fleet maintenance",
        "Parts inventory",
        "Seamarks",
        "Hours by boat and status",
    ]
    assert {tab["category_id"] for tab in form["tabs"]} == {t["id"] for t in form["categories"]}
    assert all(tab["id"] != tab["category_id"] for tab in form["tabs"])
    assert all(table["fields"] == [] for table in form["categories"])


def test_android_makes_it_an_array_with_tabs_beside_it(caller: Caller) -> None:
    plain = caller.ok("getBookTables", **FLEET)["bookTables"]
    answer = caller.ok("getBookTables", format="android", **FLEET)
    (form,) = answer["bookTables"]
    assert answer["tabs"] == plain["tabs"]
    assert form == {name: item for name, item in plain.items() if name != "tabs"}


def test_android_with_fields_can_tell_the_rows_of_each_view(caller: Caller) -> None:
    answer = caller.ok("getBookTables", format="android", includeFields=1, getRowIds=1, **FLEET)
    tables = {table["name"]: table for table in answer["bookTables"][0]["categories"]}
    views = {view["name"]: view for view in tables["Fleet maintenance"]["views"]}
    assert len(views["Default view"]["rowIds"]) == 420
    assert 0 < len(views["Open work"]["rowIds"]) < 420
    for parameters in ({"getRowIds": 1}, {"format": "android", "getRowIds": 1}):
        form = caller.ok("getBookTables", **parameters, **FLEET)["bookTables"]
        form = form[0] if isinstance(form, list) else form
        assert "rowIds" not in form["categories"][0]["views"][0]


def test_fields_come_when_asked_for_and_without_values(caller: Caller) -> None:
    answer = caller.ok("getBookTables", includeFields="true", **FLEET)
    tables = {table["name"]: table for table in answer["bookTables"]["categories"]}
    fields = tables["Fleet maintenance"]["fields"]
    assert len(fields) == 18
    assert all(field["values"] == [] for field in fields)
    status = next(field for field in fields if field["name"] == "Status")
    assert status["enumColors"]["strict"] is True
    bare = caller.ok("getBookTables", includeFields=1, includeEnums=0, **FLEET)
    for table in bare["bookTables"]["categories"]:
        assert not any("enumColors" in field for field in table["fields"])


def test_mirror_tabs_come_when_asked_for(caller: Caller) -> None:
    where = {"b_c": "morvan-consulting", "b_o": caller.user}
    plain = caller.ok("getBookTables", **where)["bookTables"]["tabs"]
    extern = caller.ok("getBookTables", externViews=1, **where)["bookTables"]["tabs"]
    (mirror,) = [tab for tab in extern if tab not in plain]
    assert mirror["view_id"] == caller.table("seabright-fleet", "Fleet maintenance").view(
        "Open work"
    )
    shown = caller.ok("getTableValues", tabId=mirror["id"])["tableValues"]
    assert shown["name"] == "Fleet maintenance"
    assert not {"Done", "Cancelled"} & set(column(shown, "Status").values())


def test_a_book_without_api_right_keeps_its_tables(caller: Caller) -> None:
    where = {"b_c": "last-season", "b_o": "camille"}
    assert caller.book("last-season")["members"][1]["apiRight"] == "0"
    assert caller.nok("getBookTables", **where)["errorCode"] == "forbidden"
    caller.ok("getBookMessages", **where)


def test_table_values_have_the_keys_and_types_of_the_saved_ones(caller: Caller) -> None:
    saved = sample("fetchTableValues.json")
    table = caller.table("seabright-fleet", "Fleet maintenance")
    values = caller.ok("getTableValues", catId=table.id)["tableValues"]
    assert list(values) == list(saved)
    # No group, no order and no restriction in either; names, ids and fields differ.
    skipped = {"fields", "views", "rowInfos", "name", "code", "groups"}
    for key in set(saved) - skipped:
        assert type(values[key]) is type(saved[key]), key
    assert shape(values["views"][0]) == shape(saved["views"][0])
    by_type = {field["type"]: field for field in values["fields"]}
    for real in saved["fields"]:
        mine = by_type[real["type"]]
        assert [key for key in mine if key not in ABSENT_IN_SAVED] == [
            key for key in real if key not in ABSENT_IN_SAVED
        ]
        for key in set(real) - {"values", "code", "section", "description"}:
            assert type(mine.get(key, real[key])) is type(real[key]), key
    infos = values["rowInfos"]
    assert next(iter(infos.values())) == {"order": 1, "index": 0}
    assert isinstance(values["sstamp"], str)
    assert values["forbidAddRow"] == 0
    assert values["forbidDeleteRow"] is False


def test_an_activity_has_the_shape_of_the_saved_one(caller: Caller) -> None:
    saved = sample("fetchTableValues.json")["fields"][3]["values"][1]
    table = caller.table("seabright-fleet", "Fleet maintenance")
    values = caller.ok("getTableValues", catId=table.id, maxRows=500)["tableValues"]
    field = next(field for field in values["fields"] if field["name"] == "Updates")
    told = next(cell for cell in field["values"] if cell["value"])
    assert shape(told) == shape(saved)
    assert told["text"] == told["value"]["last"]["m"]
    assert told["text"].startswith(f"@{told['value']['last']['u']['c']}: changed field 'Status'")


def test_every_field_has_one_entry_a_row_in_one_order(caller: Caller) -> None:
    table = caller.table("regates", "Crew list")
    values = caller.ok("getTableValues", catId=table.id)["tableValues"]
    orders = {tuple(cell["id"] for cell in field["values"]) for field in values["fields"]}
    assert len(orders) == 1
    (order,) = orders
    assert [int(key) for key in values["rowInfos"]] == list(order)
    assert len(order) == 100


def test_pages_cover_the_table_and_end_with_an_empty_one(caller: Caller) -> None:
    table = caller.table("regates", "Race results")
    seen: list[int] = []
    for offset in (0, 100, 200):
        page = caller.ok("getTableValues", catId=table.id, offset=offset)["tableValues"]
        assert page["totalRowCount"] == 300
        seen += column(page, "Race")
    assert len(set(seen)) == 300
    last = caller.ok("getTableValues", catId=table.id, offset=300)["tableValues"]
    assert all(field["values"] == [] for field in last["fields"])
    assert last["rowInfos"] == []


@pytest.mark.parametrize(("offset", "rows"), [("-1", "5"), ("0", "-5"), ("x", "5"), ("0", "five")])
def test_senseless_pages_are_refused(caller: Caller, offset: str, rows: str) -> None:
    table = caller.table("regates", "Race results")
    caller.nok("getTableValues", catId=table.id, offset=offset, maxRows=rows)


def cells(caller: Caller, table_name: str, **form: object) -> dict[str, Any]:
    """The first row's cells by field name."""
    table = caller.table("seabright-fleet", table_name)
    values = caller.ok("getTableValues", catId=table.id, maxRows=1, format="rows", **form)
    (row,) = values["tableValues"]["rows"]
    found: dict[str, Any] = row["fields"]
    return found


def test_every_type_has_its_encoding(caller: Caller) -> None:
    table = caller.table("seabright-fleet", "Fleet maintenance")
    boat = caller.ok("listTableRowsById", catId=caller.table("seabright-fleet", "Boats").id)[
        "tableRows"
    ][4]
    row = 19_975_015
    sent = {
        "Task": "Antifoul [twice] & rinse",
        "Boat": [{"row_id": boat["id"], "value": boat["name"]}],
        "Status": "Done",
        "Priority": "Whenever",
        "Due": "2026-05-01",
        "Started": "2026-04-30 08:15",
        "Hours": "1234,5",
        "People": "3",
        "Checked": "true",
        "Contact": "yard@example.org",
        "Phone": "+33 2 97 00 00 00",
        "Manual": "https://example.org/a?b=c",
        "Notes": "two\nlines",
    }
    caller.ok(
        "createOrUpdateTableRow",
        rowId=row,
        fieldValues={str(table.field(name)): value for name, value in sent.items()},
    )
    shown = cells(caller, "Fleet maintenance", filterRowIds=str(row))
    assert {name: cell["value"] for name, cell in shown.items() if name in sent} == sent | {
        "Started": "2026-04-30 08:15:00",
        "Hours": 1234.5,
        "People": 3,
        "Checked": True,
    }
    assert shown["Hours"]["text"] == "1\u202f234,50"
    assert shown["Boat"]["text"] == boat["name"]
    assert "text" not in shown["Task"]
    assert shown["Label"]["value"] == f"{boat['name']}: {sent['Task']} (Done)"
    assert shown["Job number"]["value"] == 1
    names = [file["name"] for file in shown["Pictures"]["value"]]
    assert names == ["defect-1.png", "checklist é.txt"]
    assert isinstance(shown["Pictures"]["value"][0]["filesize"], str)


def test_fields_can_be_chosen(caller: Caller) -> None:
    table = caller.table("seabright-fleet", "Boats")
    wanted = [table.field("Built"), table.field("Boat")]
    for form in (wanted, ",".join(map(str, wanted))):
        values = caller.ok("getTableValues", catId=table.id, fieldIds=form)["tableValues"]
        assert [field["name"] for field in values["fields"]] == ["Built", "Boat"]
    caller.nok("getTableValues", catId=table.id, fieldIds="1")


def test_rows_format_is_keyed_by_field_name(caller: Caller) -> None:
    table = caller.table("seabright-fleet", "Boats")
    values = caller.ok("getTableValues", catId=table.id, format="rows")["tableValues"]
    assert values["rows"][0]["fields"]["Boat"] == {"value": "Petrel"}
    assert [row["id"] for row in values["rows"]] == [int(key) for key in values["rowInfos"]]
    assert values["fields"][0]["values"] == []
    caller.nok("getTableValues", catId=table.id, format="cubes")


def test_tables_and_fields_have_names_for_synchronising(caller: Caller) -> None:
    named = caller.ok("getNamedTableValues", catCode="boats", **FLEET)["tableValues"]
    table = caller.table("seabright-fleet", "Boats")
    assert named == caller.ok("getTableValues", catId=table.id)["tableValues"]
    for codes in ("built,boat", ["built", "boat"]):
        some = caller.ok("getNamedTableValues", catCode="boats", fieldCodes=codes, **FLEET)
        assert [field["name"] for field in some["tableValues"]["fields"]] == ["Built", "Boat"]
    caller.nok("getNamedTableValues", catCode="nothing", **FLEET)
    caller.nok("getNamedTableValues", catCode="boats", fieldCodes="nothing", **FLEET)
    caller.nok("getNamedTableValues", catCode="boats", b_c="regates")


def test_a_subset_is_arrays_of_texts(caller: Caller) -> None:
    table = caller.table("seabright-fleet", "Boats")
    rows = [row["id"] for row in caller.ok("listTableRowsById", catId=table.id)["tableRows"]]
    answer = caller.ok(
        "getTableValueSubset",
        catId=table.id,
        fieldIds=f"{table.field('Built')},{table.field('Boat')}",
        rowIds=f"{rows[2]},{rows[0]}",
    )
    assert answer["tableValues"] == [["2016", "Marée Haute"], ["1999", "Petrel"]]
    assert answer["catId"] == table.id
    caller.nok("getTableValueSubset", catId=table.id, fieldIds=str(table.field("Boat")))
    caller.nok("getTableValueSubset", catId=table.id, fieldIds="1", rowIds=str(rows[0]))
    other = caller.table("regates", "Racing boats")
    caller.nok(
        "getTableValueSubset", catId=other.id, fieldIds=str(other.field("Name")), rowIds=rows[0]
    )


def test_references_are_the_rows_or_values_to_choose_from(caller: Caller) -> None:
    table = caller.table("seabright-fleet", "Fleet maintenance")
    boats = caller.ok("getReferenceFieldValues", fieldId=table.field("Boat"), offset=2, maxRows=3)
    assert [item["value"] for item in boats["referenceValues"]] == [
        "Marée Haute",
        "Nordlys",
        "Alcyone",
    ]
    assert boats["totalRowCount"] == 14
    states = caller.ok("getReferenceFieldValues", fieldId=table.field("Status"))
    assert {"value": "Waiting for parts"} in states["referenceValues"]
    caller.nok("getReferenceFieldValues", fieldId=table.field("Notes"))


def test_rows_by_id_have_names_and_are_read_by_stamp(caller: Caller) -> None:
    table = caller.table("seabright-fleet", "Boats")
    listed = caller.ok("listTableRowsById", catId=table.id)
    assert [row["name"] for row in listed["tableRows"]][:2] == ["Petrel", "Sturmvogel"]
    stamp = listed["sstamp"]
    assert (
        caller.ok("listTableRowsById", catId=table.id, lastModifiedAfter=stamp)["tableRows"] == []
    )
    row = listed["tableRows"][3]["id"]
    caller.ok("updateTableValue", rowId=row, fieldId=table.field("Built"), value=2009)
    after = caller.ok("listTableRowsById", catId=table.id, lastModifiedAfter=stamp)
    assert [row["name"] for row in after["tableRows"]] == ["Nordlys"]


def test_rows_by_id_come_in_three_formats(caller: Caller) -> None:
    table = caller.table("seabright-fleet", "Boats")
    field = table.field("Built")
    columns = caller.ok("listTableRowsById", catId=table.id, format="columns")["tableRows"]
    assert columns["fields"][2]["values"][0]["value"] == 1999
    flat = caller.ok("listTableRowsById", catId=table.id, format="diff_ready_rows")["tableRows"]
    assert flat[str(columns["ids"][0])][str(field)] == "1999"
    limited = caller.ok("listTableRowsById", catId=table.id, maxRows=4)["tableRows"]
    assert len(limited) == 4
    caller.nok("listTableRowsById", catId=table.id, format="x")


def test_the_deprecated_rows_are_paged_from_one(caller: Caller) -> None:
    table = caller.table("seabright-fleet", "Boats")
    first = caller.ok("getTableRows", catId=table.id, pageSize=5)
    assert first["tableRows"][0]["name"] == "Petrel"
    assert "tableInfo" not in first
    third = caller.ok("getTableRows", catId=table.id, pageSize=5, page=3, getTableInfo=1)
    assert len(third["tableRows"]) == 4
    assert third["totalRowCount"] == 14
    assert third["tableInfo"]["fields"][0]["name"] == "Boat"
    some = caller.ok("getTableRows", catId=table.id, rowIds=str(third["tableRows"][0]["id"]))
    assert len(some["tableRows"]) == 1


def test_a_table_that_is_not_mine_is_not_found(caller: Caller) -> None:
    table = caller.table("seabright-fleet", "Boats")
    caller.nok("getTableValues", catId=999_999)
    caller.nok("getTableValues", catId=table.id, b_o="camille")
    caller.nok("getTableValues")
    season = caller.server.context.database.one(
        "SELECT id FROM timetonic_table WHERE name = 'Days sailed'"
    )
    assert season is not None
    assert caller.nok("getTableValues", catId=season["id"])["errorCode"] == "forbidden"
