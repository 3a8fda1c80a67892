"""Many rows of one call are written as if each had come by itself."""

from __future__ import annotations

from random import Random
from typing import Any

from tests.embedded.timetonic.caller import Caller, Table

ROW = 19_975_015


def rows_of(
    random: Random, caller: Caller, work: Table, *, new: bool = False
) -> dict[str, dict[str, Any]]:
    """New rows, alone or among others, some of them named twice, with values of every kind."""
    there = [row["id"] for row in caller.ok("listTableRowsById", catId=work.id)["tableRows"]]
    boats = caller.table("seabright-fleet", "Boats")
    named = {
        row["name"]: row["id"]
        for row in caller.ok("listTableRowsById", catId=boats.id)["tableRows"]
    }
    names, ids = [*named], [*named.values()]
    sent: dict[str, dict[str, Any]] = {}
    for number in range(24):
        name = f"tmp{number}"
        if not new and random.random() < 0.5:
            name = "0" * random.randrange(3) + str(random.choice(there[:4]))
        values: dict[str, Any] = {
            "Task": random.choice(["été", "a\u0000b", '"', number]),
            "Status": random.choice(["Planned", ""]),
            "Due": random.choice(["2026-12-01", " 2026-12-02 ", "1790000000", None]),
            "Boat": random.choice(
                [
                    names[0],
                    [names[1]],
                    "",
                    [{"value": names[2]}],
                    [{"row_id": ids[0]}],
                    [{"row_id": ids[0], "value": names[1]}],
                    [{"row_id": ids[1]}, {"row_id": ids[1]}],
                ]
            ),
        }
        kept = {key: one for key, one in values.items() if random.random() < 0.7}
        sent[name] = {str(work.field(key)): one for key, one in kept.items()}
    return sent


def state(caller: Caller, work: Table) -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]:
    read = caller.server.context.database.read
    rows = read(
        "SELECT id, position, cells, deleted FROM timetonic_row WHERE table_id = ? ORDER BY id",
        (work.id,),
    )
    lines = read(
        "SELECT row_id, user, action, field_id, old, new, old_text, new_text FROM"
        " timetonic_history WHERE row_id IN (SELECT id FROM timetonic_row WHERE table_id = ?)"
        " ORDER BY row_id, id",
        (work.id,),
    )
    fields = read("SELECT id, last_increment FROM timetonic_field WHERE table_id = ?", (work.id,))
    return [tuple(row) for row in (*rows, *fields)], [tuple(line) for line in lines]


def test_they_become_what_they_become_one_by_one(caller: Caller, work: Table) -> None:
    for seed in range(6):
        sent = rows_of(Random(seed), caller, work, new=seed > 3)
        caller.server.reset()
        caller.server.context.state.clear()
        together = caller.ok("createOrUpdateTableRows", rows=sent, catId=work.id)
        at_once = state(caller, work)
        caller.server.reset()
        caller.server.context.state.clear()
        each = [
            caller.ok("createOrUpdateTableRow", rowId=name, fieldValues=values, catId=work.id)
            for name, values in sent.items()
        ]
        one_by_one = state(caller, work)
        assert one_by_one[0] == at_once[0]
        assert one_by_one[1] == at_once[1]
        assert [one["rows"][0]["id"] for one in each] == [row["id"] for row in together["rows"]]
        assert len(at_once[1]) > 10


def test_a_row_that_is_not_there_or_a_value_that_is_none_keeps_all_of_them_out(
    caller: Caller, work: Table
) -> None:
    before, task = state(caller, work), str(work.field("Task"))
    for name, value, why in (("7", "x", "no row 7"), ("tmp9", "x" * 300, "characters")):
        sent = {"tmp1": {task: "good"}, str(ROW): {task: "new"}, name: {task: value}}
        assert why in caller.nok("createOrUpdateTableRows", rows=sent)["errorMsg"]
        assert state(caller, work) == before
    assert "no row 8" in caller.nok("deleteTableRows", rows=[ROW, 8])["errorMsg"]
    assert state(caller, work) == before
