"""How a row came to be: own changes with what they changed, comments, what the table keeps."""

from __future__ import annotations

from datetime import UTC, datetime

from tests.workspace.changes.timetonic.tables import field_of, open_table
from tui.services.timetonic import Cell, Comment, Field, TableRow
from tui.store.changes import Change
from tui.workspace.books.row_history import MOST_CHANGES, history_text, kept_by_service, moments_of
from tui.workspace.workspace import Workspace

AT = datetime(2026, 11, 29, 12, tzinfo=UTC)


async def test_own_changes_of_a_row_are_told_with_what_they_changed(workspace: Workspace) -> None:
    place, values = await open_table(workspace)
    rows = workspace.books.rows
    row, other = values.rows[:2]
    task, status = field_of(values, "Task"), field_of(values, "Status")
    said = field_of(values, "Comments")
    before = str(row.cells[task.id].value)
    assert await rows.changes_of(row.id, 10) == []
    await rows.write_cell(place, values.fields, row, task, "Grease [winch]")
    await rows.write_cell(place, values.fields, other, task, "of another row")
    now = await rows.row(place, row.id)
    assert now is not None
    await rows.write_cells(place, values.fields, now, {status.id: "Cancelled"})
    await workspace.history.undo()
    await rows.comment(place, said, row.id, "why?")
    changes = await rows.changes_of(row.id, 10)
    comments = {said.id: await rows.comments(place, said, row.id)}
    moments = moments_of(row, values.fields, changes, comments, UTC)
    assert [one.time for one in moments] == sorted((one.time for one in moments), reverse=True)
    text = history_text(moments, [], UTC, MOST_CHANGES)
    assert f"Task: {before} → Grease [winch]" in text
    assert "→ Cancelled" in text
    assert "undone" in text
    assert "of another row" not in text
    assert "why?" in text


def test_of_several_rows_one_is_told_and_hostile_words_are_words() -> None:
    fields = [
        Field(id=1, name="Task", type="shorttext"), Field(id=2, name="Boat", type="link"),
        Field(id=3, name="Last", type="activity"), Field(id=4, name="Talk", type="comments"),
    ]  # fmt: skip
    row = TableRow(id=7, cells={3: Cell(value={}, text="<b>Zoë</b> on Monday")})
    changes = [
        Change(
            id="a", sequence=1, time=AT, owner="me", operation="timetonic.createOrUpdateTableRows",
            title="Set \x1b[31mTask", state="done", record="row/7", also=("row/8",),
            before={"7/1": "a\nb", "8/1": "theirs"},
            wanted={"7/1": "x" * 500, "8/1": "other", "7/2": [{"row_id": 5, "value": "Skua"}],
                    "7/99": "of a column that is gone"},
        )
    ]  # fmt: skip
    said = [
        Comment(id=1, text="<i>why</i>", author={"n": "Zoë"}, created=None),
        Comment(id=2, text="", author="u1", created=datetime(2026, 11, 30, tzinfo=UTC)),
    ]
    moments = moments_of(row, fields, changes, {4: said}, UTC)
    assert [one.head.split(" ·")[0] for one in moments] == [
        "“ u1 in Talk", "✓ Set \x1b[31mTask", "“ Zoë in Talk",
    ]  # fmt: skip
    assert [len(one.lines) for one in moments] == [1, 2, 1]
    first, second = moments[1].lines
    assert first.startswith("Task: a b → xxx")
    assert len(first) < 200
    assert second == "Boat: Skua"
    assert moments[2].lines == ("why",)
    kept = kept_by_service(row, fields, UTC)
    assert kept == ["Last: Zoë on Monday"]
    text = history_text(moments, kept, UTC, 3)
    assert text.startswith("Last: Zoë")
    assert "time not told  “ Zoë" in text
    assert "Only the newest 3 changes" in text
    assert "theirs" not in text
    nothing = history_text([], [], UTC, 3)
    assert nothing.startswith("Nothing is known")
    assert "only as far as the table keeps it" in nothing
