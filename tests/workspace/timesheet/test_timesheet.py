"""Blocks are entered once: from here, from another machine, after a break, after a change."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.deck import workspace_of
from tests.harness import EmbeddedServer
from tests.workspace.timesheet import (
    BERTHS,
    BOOKING,
    CUTTING,
    DAY,
    at,
    booked,
    entries_of,
    mend,
)
from tests.workspace.ways import Way
from tui.workspace.timers.periods import Span
from tui.workspace.timers.reckoning.rounding import Rounding
from tui.workspace.times import day_text
from tui.workspace.timesheet.plan import State
from tui.workspace.timesheet.sheet import Sheet, money_of
from tui.workspace.timesheet.targets import NEVER
from tui.workspace.workspace import Workspace

WEEK = Span.of("week", DAY)
QUARTERS = Rounding("up", 15)
CALENDAR, STORYBOARD = 5, 1
"""Tasks of the sample."""


@pytest.fixture
def server() -> Iterator[EmbeddedServer]:
    with booked() as started:
        yield started


@pytest.fixture
async def workspace(server: EmbeddedServer, tmp_path: Path) -> AsyncIterator[Workspace]:
    made = workspace_of(server, tmp_path)
    yield made
    await made.close()


async def sheet_of(workspace: Workspace, rounding: Rounding = QUARTERS) -> Sheet:
    return await workspace.timesheet.sheet(WEEK, rounding)


def states(sheet: Sheet) -> dict[int, State]:
    return {one.block.id: one.state for one in sheet.lines}


async def say(workspace: Workspace) -> None:
    await workspace.timesheet.say(BERTHS, CALENDAR)
    await workspace.timesheet.say(CUTTING, STORYBOARD)


async def test_blocks_become_entries_once_and_one_undo_takes_all_back(
    workspace: Workspace, server: EmbeddedServer
) -> None:
    desk = workspace.timesheet
    sheet = await sheet_of(workspace)
    assert states(sheet) == {
        1: State.UNMAPPED, 2: State.UNMAPPED, 3: State.UNMAPPED, 4: State.FREE, 5: State.RUNS,
    }  # fmt: skip
    assert dict(sheet.unmapped()) == {BOOKING: 1, 6: 1, CUTTING: 1}
    await say(workspace)
    sheet = await sheet_of(workspace)
    wanted = sheet.to_enter()
    assert [one.block.id for one in wanted] == [1, 2, 3], "what stands below inherits"
    assert [(one.exact, one.rounded) for one in wanted] == [
        (4260, 4500), (3090, 3600), (5400, 5400),
    ]  # fmt: skip
    assert money_of(wanted) == "EUR 234.38", "3:45 at 62.50, to cents each"
    told: list[tuple[int, int]] = []
    outcome = await desk.enter(sheet, wanted, lambda done, of: told.append((done, of)))
    assert (outcome.whole, len(outcome.entered), told[-1]) == (True, 3, (3, 3))
    there = [
        (CALENDAR, at(9), at(10, 15), "validation of the length"),
        (CALENDAR, at(10, 11), at(11, 11), "receipts by mail"),
        (STORYBOARD, at(13), at(14, 30), ""),
    ]
    assert entries_of(server) == there
    sheet = await sheet_of(workspace)
    assert sheet.to_enter() == []
    assert {state for block, state in states(sheet).items() if block < 4} == {State.THERE}
    taken = await workspace.history.undo()
    assert taken is not None
    assert taken.title == "Enter 3 blocks of time"
    assert entries_of(server) == []
    sheet = await sheet_of(workspace)
    assert len(sheet.to_enter()) == 3, "what was taken back can be entered again"
    await workspace.history.redo()
    assert entries_of(server) == there
    assert (await sheet_of(workspace)).to_enter() == []


async def test_what_is_planned_is_not_entered_before_it_is_over(
    workspace: Workspace, server: EmbeddedServer
) -> None:
    await say(workspace)
    ahead = datetime.now(UTC).replace(microsecond=0) + timedelta(hours=2)
    begin, end = int((ahead - timedelta(hours=1)).timestamp()), int(ahead.timestamp())
    mend(server, 3, time_in=begin, time_out=end)
    mend(server, 5, time_out=int(at(16).timestamp()))
    span = Span(DAY, (ahead + timedelta(days=1)).date())
    sheet = await workspace.timesheet.sheet(span, QUARTERS)
    assert states(sheet)[3] is State.AHEAD
    assert [one.block.id for one in sheet.to_enter()] == [1, 2, 5]


async def test_another_machine_and_two_at_once_double_nothing(
    workspace: Workspace, server: EmbeddedServer, tmp_path: Path
) -> None:
    await say(workspace)
    other = workspace_of(server, tmp_path / "other")
    try:
        await say(other)
        early = await sheet_of(other, Rounding())
        sheet = await sheet_of(workspace)
        await workspace.timesheet.enter(sheet, sheet.to_enter())
        outcome = await other.timesheet.enter(early, early.to_enter())
        assert [one.block.id for one in outcome.meanwhile] == [1, 2, 3]
        assert not outcome.whole
        late = await sheet_of(other, Rounding())
        assert late.to_enter() == []
        first = next(one for one in late.lines if one.block.id == 1)
        assert first.why.endswith("; 0:04 longer there"), "rounded there and not here"
        assert len(entries_of(server)) == 3
    finally:
        await other.close()


async def test_what_has_no_task_yet_is_shown_as_it_would_be_rounded(workspace: Workspace) -> None:
    for per in ("block", "day"):
        sheet = await sheet_of(workspace, Rounding("up", 15, per))
        whole = [one for one in sheet.lines if one.state is State.UNMAPPED]
        assert [one.rounded for one in whole] == [4500, 3600, 5400], per
        assert sheet.to_enter() == []


async def test_what_changed_since_is_shown_and_brought_up(
    workspace: Workspace, server: EmbeddedServer
) -> None:
    await say(workspace)
    sheet = await sheet_of(workspace, Rounding())
    await workspace.timesheet.enter(sheet, sheet.to_enter())
    mend(server, 1, time_out=int(at(10).timestamp()), description="with the harbour office")
    mend(server, 2, time_in=int(at(10, 30).timestamp()))
    with server.context.database.write() as connection:
        connection.execute("DELETE FROM trackmypeople_blocks WHERE id = 3")
    sheet = await sheet_of(workspace, Rounding())
    first, second = (one for one in sheet.lines if one.block.id in (1, 2))
    assert (first.state, second.state) == (State.CHANGED, State.CHANGED)
    assert "it was" in first.why
    assert "'validation of the length'" in first.why
    assert sheet.to_enter() == []
    assert len(sheet.gone) == 1, "its block is there no more"
    for line in (first, second):
        await workspace.timesheet.bring_up(line, Rounding())
    assert entries_of(server)[:2] == [
        (CALENDAR, at(9), at(10), "validation of the length; with the harbour office"),
        (CALENDAR, at(10, 30), at(11, 2, 30), "receipts by mail"),
    ]
    sheet = await sheet_of(workspace, Rounding())
    found = states(sheet)
    assert (found[1], found[2]) == (State.THERE, State.THERE)
    await workspace.timesheet.delete(sheet.gone[0])
    assert len(entries_of(server)) == 2
    assert (await sheet_of(workspace, Rounding())).gone == []


async def test_what_is_in_the_way_is_entered_only_by_a_word(
    workspace: Workspace, server: EmbeddedServer
) -> None:
    await say(workspace)
    await workspace.timesheet.say(6, NEVER)
    service = await workspace.connections.timesheets()
    by_hand = await service.ts.create(1, task_id=9, start_time=at(13, 5), end_time=at(14))
    (line,) = (await sheet_of(workspace)).to_enter({3})
    assert (line.state, line.why[:9]) == (State.NEW, "overlaps "), "another task is only said"
    await service.ts.update(by_hand.id, task_id=STORYBOARD)
    await service.ts.create(1, task_id=9, start_time=at(9), end_time=at(10))
    sheet = await sheet_of(workspace)
    assert states(sheet) == {
        1: State.ELSEWHERE, 2: State.NEVER, 3: State.OVERLAPS, 4: State.FREE, 5: State.RUNS,
    }  # fmt: skip
    over = next(one for one in sheet.lines if one.block.id == 3)
    when = f"{day_text(DAY, datetime.now(UTC).date())} 13:05 to 14:00, 0:55 h"
    assert over.why == f"No {by_hand.id}, {when}, in Season film › Storyboard"
    assert sheet.to_enter() == []
    (wanted,) = sheet.to_enter({2, 3, 5})
    assert wanted.block.id == 3
    outcome = await workspace.timesheet.enter(sheet, [wanted])
    await service.ts.delete(outcome.entered[0][1])
    sheet = await sheet_of(workspace)
    assert states(sheet)[3] is State.GONE
    assert sheet.to_enter() == []
    assert len(sheet.to_enter({3})) == 1


@pytest.mark.parametrize(
    ("rounding", "begins", "state"),
    [
        (QUARTERS, at(14, 20), State.NEW),
        (QUARTERS, at(14, 15), State.NEW),
        (QUARTERS, at(14, 14), State.OVERLAPS),
        (Rounding(), at(14, 28), State.OVERLAPS),
        (Rounding(), at(14, 29, 15), State.NEW),
    ],
)
async def test_what_rounding_may_have_made_of_an_entry_is_not_in_the_way(
    workspace: Workspace, rounding: Rounding, begins: datetime, state: State
) -> None:
    """As much as a step of the rounding, and less than a minute where nothing is rounded."""
    await say(workspace)
    service = await workspace.connections.timesheets()
    await service.ts.create(1, task_id=STORYBOARD, start_time=begins, end_time=at(15))
    assert states(await sheet_of(workspace, rounding))[3] is state


async def test_a_refusal_of_one_keeps_the_rest_and_a_break_doubles_nothing(
    workspace: Workspace, server: EmbeddedServer, way: Way
) -> None:
    await say(workspace)
    service = await workspace.connections.timesheets()
    short_lived = (await service.task.create(1, "Short-lived")).id
    await workspace.timesheet.say(CUTTING, short_lived)
    sheet = await sheet_of(workspace)
    await service.task.delete(short_lived)
    outcome = await workspace.timesheet.enter(sheet, sheet.to_enter())
    assert [line.block.id for line, _ in outcome.entered] == [1, 2]
    assert [(line.block.id, words) for line, words in outcome.refused] == [(3, "Task not found.")]
    sheet = await sheet_of(workspace)
    assert states(sheet)[3] is State.UNMAPPED, "its task is there no more"
    await workspace.history.undo()
    assert entries_of(server) == []
    sheet = await sheet_of(workspace)
    way.lose_answers_to = "/ts/create"
    outcome = await workspace.timesheet.enter(sheet, sheet.to_enter())
    assert len(outcome.unknown) == 2, "they were made, but nobody heard of it"
    way.lose_answers_to = ""
    sheet = await sheet_of(workspace)
    assert {states(sheet)[1], states(sheet)[2]} == {State.UNKNOWN}
    assert sheet.to_enter() == []
    await workspace.history.outbox.recover()
    assert states(await sheet_of(workspace))[1] is State.THERE
    assert len(entries_of(server)) == 2


async def test_without_the_service_it_waits_and_is_entered_once(
    workspace: Workspace, server: EmbeddedServer, way: Way, monkeypatch: pytest.MonkeyPatch
) -> None:
    await say(workspace)
    sheet = await sheet_of(workspace)
    begin = workspace.history.changes.begin

    def cut(changes: object, **more: object) -> object:
        way.open = False
        return begin(changes, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(workspace.history.changes, "begin", cut)
    outcome = await workspace.timesheet.enter(sheet, sheet.to_enter())
    assert [one.block.id for one in outcome.waiting] == [1, 2, 3]
    way.open = True
    sheet = await sheet_of(workspace)
    assert states(sheet)[1] is State.WAITS
    assert sheet.to_enter() == []
    monkeypatch.undo()
    assert await workspace.history.outbox.send_all() == 3
    assert states(await sheet_of(workspace))[1] is State.THERE
    assert len(entries_of(server)) == 3


async def test_a_full_disk_enters_nothing(
    workspace: Workspace, server: EmbeddedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    await say(workspace)
    sheet = await sheet_of(workspace)

    def full(_more: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(workspace.timesheet._entered, "note", full)
    with pytest.raises(OSError, match="no space"):
        await workspace.timesheet.enter(sheet, sheet.to_enter())
    assert entries_of(server) == []
    monkeypatch.undo()
    await asyncio.to_thread(workspace.history.changes.still_open)
    assert len((await sheet_of(workspace)).to_enter()) == 3


@pytest.mark.parametrize("after", ["note", "begin"])
async def test_what_ends_between_two_steps_of_entering_doubles_nothing(
    workspace: Workspace, server: EmbeddedServer, monkeypatch: pytest.MonkeyPatch, after: str
) -> None:
    await say(workspace)
    sheet = await sheet_of(workspace)
    where: Any = workspace.timesheet._entered if after == "note" else workspace.history.changes
    step = getattr(where, after)

    def ended(*words: object, **more: object) -> None:
        step(*words, **more)
        raise OSError("as a kill would leave it")

    with monkeypatch.context() as here:
        here.setattr(where, after, ended)
        with pytest.raises(OSError, match="as a kill"):
            await workspace.timesheet.enter(sheet, sheet.to_enter())
    assert entries_of(server) == []
    sheet = await sheet_of(workspace)
    assert len(sheet.to_enter()) == (3 if after == "note" else 0), "or they wait"
    await workspace.timesheet.enter(sheet, sheet.to_enter())
    await workspace.history.outbox.send_all()
    assert len(entries_of(server)) == 3
    assert (await sheet_of(workspace)).to_enter() == []
