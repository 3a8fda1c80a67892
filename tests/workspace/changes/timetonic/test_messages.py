"""Changes of comments and messages: taken back, followed, and what stays."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial

import msgspec
import pytest

from tests.workspace.changes.timetonic.tables import book_of, field_of, messages
from tui.services.timetonic import TableValues, TimeTonic
from tui.workspace.books.books import Place
from tui.workspace.books.talk import EventGiven
from tui.workspace.changes.history import Conflict
from tui.workspace.changes.kinds import kind_of, kinds_of
from tui.workspace.workspace import Workspace

# -- comments -------------------------------------------------------------------------------------


@pytest.mark.parametrize("told", [True, False])
async def test_a_comment_is_unsaid_though_others_said_the_same(
    workspace: Workspace,
    client: TimeTonic,
    table: tuple[Place, TableValues],
    monkeypatch: pytest.MonkeyPatch,
    told: bool,
) -> None:
    place, values = table
    field, row = field_of(values, "Comments"), values.rows[0]
    rows = workspace.books.rows
    await client.edit_table_value_comments(row.id, field.id, "seen")
    before = await rows.comments(place, field, row.id)
    if not told:
        kind = kind_of("timetonic.editTableValueComments")
        silent = msgspec.structs.replace(kind, answer=lambda _answer: {})
        known = {**kinds_of("timetonic"), kind.operation: silent}
        monkeypatch.setattr("tui.workspace.changes.kinds.kinds_of", lambda _service: known)
    await rows.comment(place, field, row.id, "seen")
    assert len(await rows.comments(place, field, row.id)) == len(before) + 1
    await workspace.history.undo()
    assert await rows.comments(place, field, row.id) == before


async def test_a_deleted_comment_comes_back_as_a_new_one_and_is_followed(
    workspace: Workspace, client: TimeTonic, table: tuple[Place, TableValues]
) -> None:
    place, values = table
    field, row = field_of(values, "Comments"), values.rows[0]
    rows, history = workspace.books.rows, workspace.history
    await rows.comment(place, field, row.id, "first")
    said = (await rows.comments(place, field, row.id))[-1]
    change = partial(client.edit_table_value_comments, row.id, field.id, comment_id=said.id)
    await history.write("Change", partial(change, comment="second"))
    await history.write(
        "Delete", partial(client.delete_table_value_comments, row.id, field.id, said.id)
    )
    plan = await history.undoing.next_undo()
    assert plan is not None
    assert "new comment" in plan.inexact
    await history.undo()
    back = (await rows.comments(place, field, row.id))[-1]
    assert (back.text, back.id == said.id) == ("second", False)
    await history.undo()
    assert (await rows.comments(place, field, row.id))[-1].text == "first"
    await history.undo()
    assert back.id not in {one.id for one in await rows.comments(place, field, row.id)}


# -- messages -------------------------------------------------------------------------------------


async def test_what_was_done_to_a_message_is_taken_back_step_by_step(workspace: Workspace) -> None:
    book, talk, history = (
        await book_of(workspace, "regates"),
        workspace.books.talk,
        workspace.history,
    )
    before = [one.text for one in await messages(workspace)]
    await talk.send(book, "one [1]\ntwo")
    await talk.change(book, (await messages(workspace))[-1], "another")
    await talk.delete(book, (await messages(workspace))[-1])
    plan = await history.undoing.next_undo()
    assert plan is not None
    assert "as a new message" in plan.inexact
    steps = [[*before, "another"], [*before, "one [1]\ntwo"], before]
    for expected in steps:
        await history.undo()
        assert [one.text for one in await messages(workspace)] == expected
    assert await history.undo() is None
    for expected in (*reversed(steps[:-1]), before):
        assert await history.redo() is not None
        assert [one.text for one in await messages(workspace)] == expected


async def test_a_message_that_was_changed_elsewhere_is_neither_changed_nor_deleted_unseen(
    workspace: Workspace, client: TimeTonic
) -> None:
    book, talk = await book_of(workspace, "regates"), workspace.books.talk
    smid = await talk.send(book, "mine")
    message = (await messages(workspace))[-1]
    await client.send_msg("theirs", b_c=book.b_c, b_o=book.b_o, msg_id=smid)
    for attempt in (talk.change(book, message, "other"), talk.delete(book, message)):
        with pytest.raises(Conflict) as caught:
            await attempt
        assert caught.value.theirs == {"msg": "theirs"}
    with pytest.raises(Conflict):
        await workspace.history.undo()
    assert (await messages(workspace))[-1].text == "theirs"


async def test_a_message_with_files_has_no_way_back_and_says_why(workspace: Workspace) -> None:
    book = await book_of(workspace, "seabright-fleet")
    talk = workspace.books.talk
    (message, _file), *_ = (await talk.talk(book)).value.files
    await talk.delete(book, message)
    plan = await workspace.history.undoing.next_undo()
    assert plan is not None
    assert plan.cannot == "Its files cannot be sent again."


async def test_what_counts_as_read_stays_read_and_is_passed_over_where_nobody_asked_for_it(
    workspace: Workspace,
) -> None:
    book, talk = await book_of(workspace, "regates"), workspace.books.talk
    await talk.send(book, "mine")
    await talk.mark_read(book, 10**9, unasked=True)
    plan = await workspace.history.undoing.next_undo()
    assert plan is not None
    assert plan.title == f"Send a message to {book.title}"
    await talk.mark_read(book, 10**9)
    plan = await workspace.history.undoing.next_undo()
    assert plan is not None
    assert "unread again" in plan.cannot


async def test_a_copy_is_deleted_and_a_moved_message_says_why_it_stays(
    workspace: Workspace, client: TimeTonic
) -> None:
    message = (await messages(workspace))[-1]
    before = [one.text for one in await messages(workspace, "seabright-fleet")]
    copy = partial(client.copy_or_move_message, message.smid, "seabright-fleet")
    await workspace.history.write("Copy", copy)
    assert len(await messages(workspace, "seabright-fleet")) == len(before) + 1
    await workspace.history.undo()
    assert [one.text for one in await messages(workspace, "seabright-fleet")] == before
    await workspace.history.write("Move", partial(copy, action="move"))
    plan = await workspace.history.undoing.next_undo()
    assert plan is not None
    assert "cannot be moved back" in plan.cannot


async def test_what_was_moved_goes_back_and_an_event_comes_back_with_its_time(
    workspace: Workspace,
) -> None:
    book, talk = await book_of(workspace, "regates"), workspace.books.talk
    to = await book_of(workspace, "seabright-fleet")
    before = [one.text for one in await messages(workspace, "seabright-fleet")]
    await talk.send(book, "to be moved")
    await talk.pass_on(book, (await messages(workspace))[-1], to, move=True)
    assert (await messages(workspace, "seabright-fleet"))[-1].text == "to be moved"
    await workspace.history.undo()
    assert [one.text for one in await messages(workspace, "seabright-fleet")] == before
    assert (await messages(workspace))[-1].text == "to be moved"
    # An event, added, given another time, deleted: each step back is the one before.
    start = datetime.now(UTC).replace(microsecond=0) + timedelta(days=3)
    given = EventGiven(text="Haul out", start=start, end=None, timezone="Europe/Lisbon")

    async def events() -> list[tuple[str, datetime | None, datetime | None, str]]:
        found = (await talk.events(book)).value.events
        return [(one.text, one.start, one.end, one.timezone) for one in found]

    first = await events()
    smid = await talk.add_event(book, given)
    added = next(one for one in (await talk.events(book)).value.events if one.id == smid)
    one = ("Haul out", start, start, "Europe/Lisbon")
    two = ("Haul in", start, start + timedelta(hours=2), "Europe/Lisbon")
    assert sorted([*first, one]) == sorted(await events())
    later = msgspec.structs.replace(given, text="Haul in", end=start + timedelta(hours=2))
    await talk.change_event(book, added, later)
    assert sorted([*first, two]) == sorted(await events())
    changed = next(one for one in (await talk.events(book)).value.events if one.id == smid)
    await talk.delete_event(book, changed)
    assert await events() == first
    for expected in ([*first, two], [*first, one], first):
        await workspace.history.undo()
        assert sorted(await events()) == sorted(expected)
