"""The four forms of filterRowIds and what is computed over them: reference TimeTonic, 5.3."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.embedded.timetonic.caller import Caller, Table, column, sample


def group(*filters: dict[str, Any], operator: str = "and") -> dict[str, Any]:
    return {"applyViewFilters": {"filterGroup": {"operator": operator, "filters": list(filters)}}}


def rule(field: int, predicate: str, operand: object = "") -> dict[str, Any]:
    return {
        "id": "tmp0",
        "field_id": field,
        "json": {"predicate": predicate, "operand": operand},
    }


def found(caller: Caller, table: Table, name: str, wanted: object) -> list[Any]:
    answer = caller.ok("getTableValues", catId=table.id, filterRowIds=wanted, maxRows=1000)
    assert answer["tableValues"]["totalRowCount"] == 420
    return list(column(answer["tableValues"], name).values())


def test_ids_choose_rows_in_all_spellings(caller: Caller, work: Table) -> None:
    ids = [19_975_020, 19_975_016, 19_975_018]
    for wanted in (
        ",".join(map(str, ids)),
        ids,
        {"row_ids": ids},
        {"row_ids": "19975016,19975018,19975020"},
    ):
        answer = caller.ok("getTableValues", catId=work.id, filterRowIds=wanted)
        # The table's own order, not that of the question.
        assert list(column(answer["tableValues"], "Task")) == sorted(ids)
    bracketed = {f"filterRowIds[{index}]": row for index, row in enumerate(ids)}
    answer = caller.ok("getTableValues", catId=work.id, **bracketed)
    assert len(answer["tableValues"]["rowInfos"]) == 3


def test_a_saved_view_filters_by_its_id(caller: Caller, work: Table) -> None:
    values = found(caller, work, "Priority", {"applyViewFilters": work.view("High priority")})
    assert set(values) == {"High"}
    by_view = caller.ok(
        "getTableValues", catId=work.id, viewId=work.view("High priority"), maxRows=1000
    )["tableValues"]
    assert len(column(by_view, "Task")) == len(values)
    assert by_view["selectedViewId"] == work.view("High priority")


def test_the_saved_filter_of_a_real_client_is_understood(caller: Caller, work: Table) -> None:
    saved = sample("getFilterConfig.json")["filter"]
    test = saved["applyViewFilters"]["filterGroup"]["filters"][0]
    test["field_id"] = work.field("Status")
    test["json"]["operand"] = "Done"
    assert set(found(caller, work, "Status", saved)) == {"Done"}


def test_and_or_and_groups_in_groups(caller: Caller, work: Table) -> None:
    status, priority = work.field("Status"), work.field("Priority")
    done, planned = rule(status, "is", "Done"), rule(status, "is", "Planned")
    high = rule(priority, "is", "High")
    assert set(found(caller, work, "Status", group(done, planned, operator="or"))) == {
        "Done",
        "Planned",
    }
    assert found(caller, work, "Status", group(done, planned)) == []
    nested = group(high, {"operator": "or", "filters": [done, planned]})
    few = found(caller, work, "Status", nested)
    assert 0 < len(few) < len(found(caller, work, "Status", group(done, planned, operator="or")))
    assert len(found(caller, work, "Status", group())) == 420


def test_every_type_can_be_compared(caller: Caller, work: Table) -> None:
    def count(name: str, predicate: str, operand: object = "") -> int:
        return len(found(caller, work, "Task", group(rule(work.field(name), predicate, operand))))

    assert count("People", "is", "2") + count("People", "isNot", 2) == 420
    assert count("People", "greaterThan", 2) + count("People", "lessThan", "3") == 420
    assert count("Checked", "is", True) + count("Checked", "is", "false") == 420
    assert count("Boat", "is", "Petrel") + count("Boat", "isNot", "Petrel") == 420
    assert count("Notes", "isEmpty") + count("Notes", "isNotEmpty") == 420
    assert count("Task", "contains", "WINCH") == 24
    assert count("Task", "contains", "winch") + count("Task", "doesNotContain", "winch") == 420
    assert 0 < count("Due", "isBefore", caller.server.clock().date().isoformat()) < 420


@pytest.mark.parametrize(
    "wanted",
    [
        "x",
        '{"row_ids": 3}',
        '{"row_ids": ["a"]}',
        "{}x",
        {"something": 1},
        {"applyViewFilters": 5},
        {"applyViewFilters": {"filterGroup": 3}},
        {"applyViewFilters": {"filterGroup": {"operator": "xor", "filters": [{"field_id": 1}]}}},
        {"applyViewFilters": {"filterGroup": {"filters": ["x"]}}},
        {"applyViewFilters": {"filterGroup": {"filters": [{"field_id": 1}]}}},
        json.dumps({"row_ids": [2**70]}),
    ],
)
def test_filters_that_are_none_are_refused(caller: Caller, work: Table, wanted: object) -> None:
    caller.nok("getTableValues", catId=work.id, filterRowIds=wanted)


def test_predicates_and_operands_that_are_none_are_refused(caller: Caller, work: Table) -> None:
    field = work.field("People")
    for test in (
        rule(field, "resembles", 3),
        rule(field, "is", "many"),
        rule(work.field("Task"), "is", ["x"]),
        {"field_id": field},
    ):
        caller.nok("getTableValues", catId=work.id, filterRowIds=group(test))
    deep = rule(field, "is", 1)
    for _ in range(12):
        deep = {"operator": "and", "filters": [deep]}
    caller.nok("getTableValues", catId=work.id, filterRowIds=group(deep))


def test_filtered_rows_are_paged_too(caller: Caller, work: Table) -> None:
    wanted = group(rule(work.field("Status"), "is", "Done"))
    every = found(caller, work, "Task", wanted)
    page = caller.ok("getTableValues", catId=work.id, filterRowIds=wanted, offset=5, maxRows=10)
    assert list(column(page["tableValues"], "Task").values()) == every[5:15]
    assert next(iter(page["tableValues"]["rowInfos"].values()))["index"] == 5


def test_operations_compute_over_the_filter(caller: Caller, work: Table) -> None:
    hours = work.field("Hours")
    wanted = group(rule(work.field("Status"), "is", "Done"))
    values = [value for value in found(caller, work, "Hours", wanted) if value is not None]
    compute = {
        operation: caller.ok(
            "computeTableOperation",
            catId=work.id,
            operation=operation,
            fieldId=hours,
            filterRowIds=wanted,
        )["result"]
        for operation in ("count", "sum", "average", "min", "max")
    }
    assert compute == {
        "count": len(values),
        "sum": pytest.approx(sum(values)),
        "average": pytest.approx(sum(values) / len(values), abs=1e-6),
        "min": min(values),
        "max": max(values),
    }
    assert caller.ok("computeTableOperation", catId=work.id, operation="count")["result"] == 420


def test_a_sum_shows_no_dust_of_binary_fractions(caller: Caller, work: Table) -> None:
    rows = {str(19_975_015 + n): {str(work.field("Hours")): 0.1} for n in range(3)}
    caller.ok("createOrUpdateTableRows", rows=rows)
    answer = caller.ok(
        "computeTableOperation",
        catId=work.id,
        operation="sum",
        fieldId=work.field("Hours"),
        filterRowIds=",".join(rows),
    )
    assert answer["result"] == 0.3


def test_operations_that_make_no_sense_are_refused(caller: Caller, work: Table) -> None:
    ask = {"catId": work.id}
    caller.nok("computeTableOperation", operation="median", **ask)
    caller.nok("computeTableOperation", operation="sum", **ask)
    caller.nok("computeTableOperation", operation="sum", fieldId=work.field("Task"), **ask)
    caller.nok("computeTableOperation", operation="sum", fieldId=1, **ask)
    none: dict[str, list[int]] = {"row_ids": []}
    empty = {"filterRowIds": none, "fieldId": work.field("Hours"), **ask}
    assert caller.ok("computeTableOperation", operation="sum", **empty)["result"] == 0
    assert caller.ok("computeTableOperation", operation="max", **empty)["result"] is None


def test_a_pivot_table_sums_what_its_rows_hold(caller: Caller, work: Table) -> None:
    pivot = caller.table("seabright-fleet", "Hours by boat and status")
    assert pivot.raw["pivot_id"] is not None
    values = caller.ok("getTablePivotValues", catId=pivot.id)["pivotValues"]
    total = caller.ok(
        "computeTableOperation", catId=work.id, operation="sum", fieldId=work.field("Hours")
    )["result"]
    assert sum(values["totals"]) == pytest.approx(total)
    assert sum(row["total"] for row in values["rows"]) == pytest.approx(total)
    assert "Done" in values["columns"]
    assert all(len(row["values"]) == len(values["columns"]) for row in values["rows"])
    caller.nok("getTablePivotValues", catId=work.id)
    caller.nok("createOrUpdateTableRow", rowId="tmp1", catId=pivot.id, fieldValues={})


def test_a_smart_text_is_rendered_and_escaped(caller: Caller, work: Table) -> None:
    row, task = 19_975_015, work.field("Task")
    caller.ok("updateTableValue", rowId=row, fieldId=task, value="<i>paint</i>")
    label = work.field("Label")
    answer = caller.ok("renderSmartTextField", catId=work.id, rowId=row, fieldId=label)
    assert "<i>paint</i>" in answer["text"]
    assert "&lt;i&gt;paint&lt;/i&gt;" in answer["html"]
    caller.nok("renderSmartTextField", catId=work.id, rowId=row, fieldId=task)
