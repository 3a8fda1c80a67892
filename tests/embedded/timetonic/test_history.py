"""What rows went through, what is said about them, and what is shared of them by a token.

Against reference TimeTonic, 5.2 (activity), 5.4 (comments, tokens) and 5.5 (roll back).
"""

from __future__ import annotations

from tests.embedded.timetonic.caller import ROW, Caller, Table, cell, count


def test_a_write_shows_in_the_activity_with_what_it_was(caller: Caller, work: Table) -> None:
    caller.ok("updateTableValue", rowId=ROW, fieldId=work.field("Task"), value="before")
    caller.ok("updateTableValue", rowId=ROW, fieldId=work.field("Task"), value="after")
    told = cell(caller, work, ROW, "Updates")
    assert told["last"]["m"] == "@demo: changed field 'Task' from 'before' to 'after'"
    assert told["last"]["action"]["oldValue"] == "before"
    total = told["total"]
    caller.ok("updateTableValue", rowId=ROW, fieldId=work.field("Task"), value="after")
    assert cell(caller, work, ROW, "Updates")["total"] == total


def test_rolling_back_undoes_one_call_after_the_other(caller: Caller, work: Table) -> None:
    task, people = str(work.field("Task")), str(work.field("People"))
    caller.ok("createOrUpdateTableRow", rowId=ROW, fieldValues={task: "one", people: 1})
    caller.ok("createOrUpdateTableRow", rowId=ROW, fieldValues={task: "two", people: 2})
    caller.ok("createOrUpdateTableRow", rowId=ROW, fieldValues={task: "three"})
    assert set(caller.ok("rollBackBeforeChange", rowId=ROW)) == {"status", "req", "createdVNB"}
    assert (cell(caller, work, ROW, "Task"), cell(caller, work, ROW, "People")) == ("two", 2)
    caller.ok("rollBackBeforeChange", rowId=ROW, catId=work.id)
    assert (cell(caller, work, ROW, "Task"), cell(caller, work, ROW, "People")) == ("one", 1)
    assert "rolled back" in cell(caller, work, ROW, "Updates")["last"]["m"]


def test_rolling_back_brings_a_deleted_row_again(caller: Caller, work: Table) -> None:
    caller.ok("deleteTableRow", rowId=ROW)
    caller.ok("rollBackBeforeChange", rowId=ROW)
    assert cell(caller, work, ROW, "Job number") == 1


def test_there_is_nothing_before_a_creation(caller: Caller, work: Table) -> None:
    made = caller.ok("createOrUpdateTableRow", rowId="tmp", catId=work.id, fieldValues="")
    row = made["rows"][0]["id"]
    assert caller.nok("rollBackBeforeChange", rowId=row)["errorCode"] == "nothing_to_roll_back"
    caller.nok("rollBackBeforeChange", rowId=5)
    caller.nok("rollBackBeforeChange", rowId=ROW, catId=caller.table("regates", "Crew list").id)


def test_comments_are_written_changed_and_deleted(caller: Caller, work: Table) -> None:
    where = {"rowId": ROW + 2, "fieldId": work.field("Comments")}
    before = caller.ok("getTableValueComments", **where)["data"]["comments"]
    made = caller.ok("editTableValueComments", comment="first [x] <b>", **where)
    comment = made["commentId"]
    caller.ok("editTableValueComments", comment="second", commentId=comment, **where)
    told = caller.ok("getTableValueComments", **where)
    assert (told["rowId"], told["fieldId"]) == (where["rowId"], where["fieldId"])
    assert [item["m"] for item in told["data"]["comments"]] == [
        *(item["m"] for item in before),
        "second",
    ]
    shown = cell(caller, work, ROW + 2, "Comments")
    assert shown["last"]["m"] == "second"
    assert shown["total"] == len(before) + 1
    caller.ok("deleteTableValueComments", commentId=comment, **where)
    assert caller.ok("getTableValueComments", **where)["data"]["comments"] == before
    caller.nok("deleteTableValueComments", commentId=comment, **where)


def test_comments_of_others_and_elsewhere_are_refused(caller: Caller, work: Table) -> None:
    foreign = caller.server.context.database.one(
        "SELECT * FROM timetonic_comment WHERE user <> 'demo' ORDER BY id LIMIT 1"
    )
    assert foreign is not None
    where = {"rowId": foreign["row_id"], "fieldId": foreign["field_id"]}
    caller.nok("editTableValueComments", comment="x", commentId=foreign["id"], **where)
    caller.nok("deleteTableValueComments", commentId=foreign["id"], **where)
    caller.nok("editTableValueComments", comment=" ", **where)
    caller.nok("getTableValueComments", rowId=ROW, fieldId=work.field("Notes"))
    boats = caller.table("seabright-fleet", "Boats")
    caller.nok("getTableValueComments", rowId=ROW, fieldId=boats.field("Boat"))


def test_a_shared_row_is_read_and_written_by_its_token_alone(caller: Caller, work: Table) -> None:
    infos = caller.ok("getTableValues", catId=work.id)["tableValues"]["rowInfos"]
    ((row, token),) = [(key, info["token"]) for key, info in infos.items() if "token" in info]
    read = caller.post(req="getTableRowByToken", token=token).json()
    assert read["tableRow"]["id"] == int(row)
    task = str(work.field("Task"))
    written = caller.post(
        req="updateTableRowByToken", token=token, fieldValues={task: "by token"}
    ).json()
    assert written["rows"] == [{"id": int(row)}]
    assert cell(caller, work, int(row), "Task") == "by token"
    for request in ("getTableRowByToken", "updateTableRowByToken"):
        for wrong in ("", "x", token[:-1]):
            answer = caller.post(req=request, token=wrong, fieldValues={task: "x"}).json()
            assert answer["status"] == "nok"


def test_a_shared_view_only_takes_new_rows(caller: Caller, work: Table) -> None:
    (view,) = [view for view in work.raw["views"] if "token" in view]
    assert view["name"] == "Report a defect"
    token = view["token"]
    template = caller.post(req="getNewTableRowByViewToken", token=token).json()
    names = [field["name"] for field in template["tableValues"]["fields"]]
    assert "Task" in names
    assert not {"Job number", "Comments", "Updates", "Label", "Pictures"} & set(names)
    before = count(caller, work)
    values = {str(work.field("Task")): "Leak", str(work.field("Status")): "Planned"}
    made = caller.post(
        req="addNewTableRowByViewToken", token=token, fieldValues=values, rowId=template["rowId"]
    ).json()
    assert cell(caller, work, made["rows"][0]["id"], "Task") == "Leak"
    assert count(caller, work) == before + 1
    for form in ({"rowId": str(ROW)}, {"token": "x"}, {"fieldValues": {"1": "x"}}):
        named: dict[str, object] = {"token": token, "fieldValues": values}
        answer = caller.post(req="addNewTableRowByViewToken", **(named | form)).json()
        assert answer["status"] == "nok"
    assert count(caller, work) == before + 1


def test_a_token_does_not_open_a_locked_table(caller: Caller, work: Table) -> None:
    (view,) = [view for view in work.raw["views"] if "token" in view]
    with caller.server.context.database.write() as connection:
        connection.execute("UPDATE timetonic_table SET locked = 1 WHERE id = ?", (work.id,))
    form = {"token": view["token"], "fieldValues": {str(work.field("Task")): "x"}}
    answer = caller.post(req="addNewTableRowByViewToken", **form).json()
    assert answer["errorCode"] == "locked"
    caller.nok("updateTableValue", rowId=ROW, fieldId=work.field("Task"), value="x")
    caller.nok("deleteTableRow", rowId=ROW)
