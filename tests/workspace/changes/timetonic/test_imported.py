"""An import breaks off and goes on: nothing twice, all of it one step, found by what it made."""

from __future__ import annotations

import asyncio
import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.deck import workspace_of
from tests.harness import EmbeddedServer
from tests.workspace.changes.timetonic.tables import field_of, open_table
from tests.workspace.changes.timetonic.tables import sending as sending_through
from tui.screens.books.bringing import given_up_news, sent_news
from tui.services.errors import ConnectionFailed, OutcomeUnknown, TimedOut
from tui.services.operation import mark_sent
from tui.services.transport import Transport
from tui.services.wire import Request, Response
from tui.workspace.books.brought import bring_up
from tui.workspace.books.into import columnwise
from tui.workspace.books.into.bring import Wanted, plan_file, send
from tui.workspace.books.into.earlier import earlier_of
from tui.workspace.books.into.plan import Plan
from tui.workspace.books.into.sending import Sent, Written, written_of
from tui.workspace.changes.each import drop
from tui.workspace.changes.errors import NotNoted
from tui.workspace.problems import one_line
from tui.workspace.workspace import Workspace

MANY = "createOrUpdateTableRows"


@contextmanager
def third_lost(seen: list[int], *, made: bool = True) -> Iterator[None]:
    """The answer to the third call that writes rows is lost, after it was carried out or not."""
    sent = Transport.send

    async def lose(self: Transport, request: Request) -> Response:
        if ("req", MANY) in list(request.form or ()):
            seen.append(len(seen))
            if len(seen) == 3:
                if made:
                    await sent(self, request)
                mark_sent()
                raise TimedOut("no answer came")
        return await sent(self, request)

    with sending_through(lose):
        yield


async def plan_of(workspace: Workspace, file: Path) -> tuple[int, Plan]:
    """How many rows the table has, and what the file would change in it."""
    place, _ = await open_table(workspace)
    kept = workspace.books.rows.mirrored(place, None, workspace.zone)
    await bring_up(workspace.books.rows, kept, None, lambda _read, _of: None)
    plan, _ = await plan_file(workspace.books.rows, kept, file, Wanted(), workspace.zone)
    return kept.state.count if kept.state else 0, plan


async def brought(workspace: Workspace, plan: Plan, told: list[int]) -> Sent:
    place, _ = await open_table(workspace)
    kept = workspace.books.rows.mirrored(place, None, workspace.zone)
    desk = workspace.books.rows
    return await send(workspace.history, desk, kept, plan, told.append, rows_a_call=10)


async def test_it_is_found_again_after_a_break_and_is_one_step(
    server: EmbeddedServer, workspace: Workspace, tmp_path: Path
) -> None:
    _, values = await open_table(workspace)
    first = [row.id for row in values.rows[:5]]
    assert field_of(values, "Task").id
    file = tmp_path / "in.csv"
    rows = [f"{row_id},Changed {row_id}," for row_id in first]
    # Some rows are alike, also those of another call.
    rows += [f",New {number % 45},2026-12-0{1 + number % 9}" for number in range(90)]
    file.write_text("row id,Task,Due\n" + "\n".join(rows) + "\n")
    before, plan = await plan_of(workspace, file)
    assert (len(plan.changed), len(plan.new), plan.failed) == (5, 90, [])
    told: list[int] = []
    calls: list[int] = []
    with third_lost(calls):
        sent = await brought(workspace, plan, told)
    assert told == [*range(5, 100, 10)]
    assert len(calls) == 10
    assert (sent.rows, sent.waiting, sent.refused) == (85, 10, ())
    await workspace.close()
    again = workspace_of(server, tmp_path)
    (unknown,) = await again.history.outbox.still_open()
    assert await again.history.outbox.recover() == [], "its rows were found"
    assert (await again.history.outbox.send_all()) == 0
    now, plan = await plan_of(again, file)
    assert (now, len(plan.changed)) == (before + 90, 0), "none of it twice"
    group = await asyncio.to_thread(again.history.changes.of_group, unknown)
    made = [row_id for one in group for row_id in one.answer.get("row_ids", [])]
    assert len(set(made)) == 90
    step = await again.history.undoing.next_undo()
    assert step is not None
    assert len(step.changes) == 10
    assert "95 rows" in step.title
    await again.history.undo()
    now, plan = await plan_of(again, file)
    assert (now, len(plan.changed)) == (before, 5)
    await again.history.redo()
    assert (await plan_of(again, file))[0] == before + 90
    await again.history.undo()
    assert (await plan_of(again, file))[0] == before
    await again.close()


async def test_what_was_not_made_is_sent_again_by_a_word_and_who_gives_up_keeps_what_was_sent(
    workspace: Workspace, tmp_path: Path
) -> None:
    file = tmp_path / "in.csv"
    file.write_text("Task\n" + "".join(f"New {number}\n" for number in range(100)))
    before, plan = await plan_of(workspace, file)
    calls: list[int] = []
    with third_lost(calls, made=False):
        sent = await brought(workspace, plan, [])
    assert (sent.rows, sent.waiting) == (90, 10)
    (unknown,) = await workspace.history.outbox.recover()
    assert (await plan_of(workspace, file))[0] == before + 90
    assert await workspace.history.outbox.again(unknown.id)
    assert (await plan_of(workspace, file))[0] == before + 100
    await workspace.history.undo()
    assert (await plan_of(workspace, file))[0] == before
    # Given up while the third call is on its way.
    reached, told = asyncio.Event(), list[int]()

    async def hold(self: Transport, request: Request) -> Response:
        if ("req", MANY) in list(request.form or ()):
            calls.append(0)
            if len(calls) == 3:
                reached.set()
                await asyncio.Event().wait()
        return await usual(self, request)

    usual = Transport.send
    calls.clear()
    with sending_through(hold):
        task = asyncio.create_task(brought(workspace, plan, told))
        await reached.wait()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    assert task.cancelled()
    now, _ = await plan_of(workspace, file)
    assert now == before + 20
    assert [one.state for one in workspace.history.changes.newest(10)][::-1] == [
        *["done"] * 2, *["dropped"] * 8,
    ]  # fmt: skip
    assert await workspace.history.outbox.send_all() == 0
    await workspace.history.undo()
    assert (await plan_of(workspace, file))[0] == before


@pytest.fixture
def tells_no_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    """As with a service that does not say what it refuses, so that no look at a file can know."""
    monkeypatch.setattr(columnwise, "refusals", lambda _field, _sent: {})


@pytest.mark.usefixtures("tells_no_limits")
async def test_a_row_that_the_service_refuses_keeps_none_of_its_call_out(
    workspace: Workspace, tmp_path: Path
) -> None:
    file = tmp_path / "in.csv"
    names = [f"New {number}" for number in range(35)]
    names[12], names[13], names[30] = "x" * 300, "y" * 300, "z" * 300
    file.write_text("Task\n" + "\n".join(names) + "\n")
    before, plan = await plan_of(workspace, file)
    sent = await brought(workspace, plan, [])
    assert (sent.rows, sent.waiting) == (32, 0)
    assert [(count, why.partition(":")[0]) for count, why in sent.refused] == [
        (1, "line 14"), (1, "line 15"), (1, "line 32"),
    ]  # fmt: skip
    assert (await plan_of(workspace, file))[0] == before + 32
    await workspace.history.undo()
    assert (await plan_of(workspace, file))[0] == before, "it is one step"
    # What is no matter of one row is not tried with each.
    calls: list[int] = []
    file.write_text("Task\n" + "\n".join("x" * 300 for _ in range(30)) + "\n")
    _, plan = await plan_of(workspace, file)
    with third_lost(calls, made=True):
        calls += [0, 0, 0]
        sent = await brought(workspace, plan, [])
    assert (sent.rows, sum(count for count, _ in sent.refused)) == (0, 30)
    assert len(calls) == 3 + 3 + 10


@pytest.mark.usefixtures("tells_no_limits")
async def test_who_gives_up_hears_of_the_imports_own_step_whatever_is_done_meanwhile(
    workspace: Workspace, tmp_path: Path
) -> None:
    file = tmp_path / "in.csv"
    names = [f"New {number}" for number in range(30)]
    names[2] = "x" * 300
    file.write_text("Task\n" + "\n".join(names) + "\n")
    _, plan = await plan_of(workspace, file)
    place, values = await open_table(workspace)
    rows, task = workspace.books.rows, field_of(values, "Task")
    kept = rows.mirrored(place, None, workspace.zone)
    calls, usual = list[int](), Transport.send

    async def hold(self: Transport, request: Request) -> Response:
        if ("req", MANY) in list(request.form or ()):
            calls.append(0)
            if len(calls) == 3:
                sending.cancel()
                await asyncio.Event().wait()
        return await usual(self, request)

    with sending_through(hold):
        sending = asyncio.create_task(
            send(workspace.history, rows, kept, plan, rows_a_call=10, group="import")
        )
        await asyncio.gather(sending, return_exceptions=True)
    assert sending.cancelled()
    # Something else is done before anybody asks.
    await rows.write_cell(place, values.fields, values.rows[0], task, "Meanwhile")
    found = await written_of(workspace.history, "import")
    assert found == Written(10, False, False), "one call was refused, one made, one never sent"
    assert given_up_news(found, 30, plan) == (
        "Given up: 10 of 30 rows were added. Changes shows them, and takes them back."
    )
    await workspace.history.undo()
    found = await written_of(workspace.history, "import")
    assert found == Written(10, False, True)
    assert (
        given_up_news(found, 30, plan) == "Given up: 10 of 30 rows were added. u takes them back."
    )
    await workspace.history.undo()
    assert await written_of(workspace.history, "import") == Written(0, False, False)
    assert given_up_news(Written(0, True, False), 30, plan).endswith("Changes shows them.")


async def test_a_disk_that_fills_says_what_was_sent_and_keeps_the_rest(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "in.csv"
    file.write_text("Task\n" + "".join(f"New {number}\n" for number in range(50)))
    before, plan = await plan_of(workspace, file)
    database = workspace.history.changes.database
    usual, writes = database.write, list[bool]()

    def fills(work: Any, *, durable: bool, after: int) -> Any:
        if durable and after <= len(writes):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "changes.db")
        writes.append(durable)
        return usual(work, durable=durable)

    with monkeypatch.context() as patched:
        patched.setattr(database, "write", partial(fills, after=0))
        with pytest.raises(NotNoted) as refused:
            await brought(workspace, plan, [])
    assert one_line(refused.value) == (
        "Disk: The disk of changes.db is full. Nothing was sent. Free space, then retry."
    )
    assert (await plan_of(workspace, file))[0] == before
    assert await workspace.history.outbox.still_open() == []
    # It is full once two calls were made: putting all on the disk, and each taken and settled.
    with monkeypatch.context() as patched:
        patched.setattr(database, "write", partial(fills, after=4))
        sent = await brought(workspace, plan, [])
    assert (await plan_of(workspace, file))[0] == before + sent.rows < before + 50
    assert sent == Sent(sent.rows, 50 - sent.rows, "No space left on device", ())
    news, role = sent_news(sent, plan)
    assert role == "warn"
    assert news.endswith(
        f"{50 - sent.rows} rows kept, to be sent when the way is open"
        " (No space left on device): do not write them again before."
    )
    waiting = await workspace.history.outbox.still_open()
    assert [one.state for one in waiting] == ["waiting"] * (5 - sent.rows // 10)
    # Who gives up by then hears that the rest is sent all the same.
    told: list[str] = []
    with monkeypatch.context() as patched:
        patched.setattr(workspace.history.sender, "told", told.append)
        patched.setattr(database, "write", partial(fills, after=0))
        await drop(workspace.history.sender, waiting)
    assert [one.partition(": ")[2] for one in told] == [
        "that it was given up could not be noted (No space left on device);"
        " what is left of it is sent later. Changes drops it."
    ]
    assert await workspace.history.outbox.send_all() == len(waiting)
    assert (await plan_of(workspace, file))[0] == before + 50, "none of it twice"
    await workspace.history.undo()
    assert (await plan_of(workspace, file))[0] == before, "and it is one step"


async def test_numbers_of_more_digits_than_a_double_has_are_taken_back(
    workspace: Workspace, tmp_path: Path
) -> None:
    file = tmp_path / "in.csv"
    long = ["0.1234567890123456789", "123456789012345678", "1.5"]
    file.write_text("Task,Hours\n" + "".join(f"Long {one[:20]},{one}\n" for one in long))
    before, plan = await plan_of(workspace, file)
    assert (await brought(workspace, plan, [])).rows == len(long)
    await workspace.history.undo()
    assert (await plan_of(workspace, file))[0] == before
    await workspace.history.redo()
    assert (await plan_of(workspace, file))[0] == before + len(long)


async def test_a_number_that_a_double_does_not_hold_is_no_change_a_second_time(
    workspace: Workspace, tmp_path: Path
) -> None:
    _, values = await open_table(workspace)
    file = tmp_path / "in.csv"
    file.write_text(f"row id,Hours\n{values.rows[0].id},0.1234567890123456789\n")
    _, plan = await plan_of(workspace, file)
    assert len(plan.changed) == 1
    await brought(workspace, plan, [])
    assert (await plan_of(workspace, file))[1].nothing


@contextmanager
def broken_off(seen: list[int]) -> Iterator[None]:
    """What a break leaves: two calls are made, the answer to the third is lost, the rest waits."""
    sent = Transport.send

    async def break_off(self: Transport, request: Request) -> Response:
        if ("req", MANY) in list(request.form or ()):
            seen.append(len(seen))
            if len(seen) == 3:
                await sent(self, request)
                mark_sent()
                raise TimedOut("no answer came")
            if len(seen) > 3:
                raise ConnectionFailed("no way")
        return await sent(self, request)

    with sending_through(break_off):
        yield


async def test_an_import_that_broke_off_is_gone_on_with_and_no_row_is_there_twice(
    server: EmbeddedServer, workspace: Workspace, tmp_path: Path
) -> None:
    file = tmp_path / "in.csv"
    names = [f"New {number % 30}" for number in range(60)]
    file.write_text("Task\n" + "\n".join(names) + "\n")
    before, plan = await plan_of(workspace, file)
    place, _ = await open_table(workspace)
    assert await earlier_of(workspace.history, place, plan, by_key=False) is None
    with broken_off([]):
        sent = await brought(workspace, plan, [])
    assert (sent.rows, sent.waiting, sent.unknown) == (20, 40, 10)
    assert sent_news(sent, plan)[0].startswith(
        "20 rows were added; whether 10 rows were added is not known: Changes shows them; 30"
    )
    await workspace.close()
    again = workspace_of(server, tmp_path)
    # The file is longer by now; another table, or other rows, are another import.
    file.write_text("Task\n" + "\n".join([*names, "New 7", "Last"]) + "\n")
    _, plan = await plan_of(again, file)
    elsewhere = replace(place, table=msgspec.structs.replace(place.table, id=place.table.id + 1))
    assert await earlier_of(again.history, elsewhere, plan, by_key=False) is None
    other = Plan(new=plan.new[1:20])
    assert await earlier_of(again.history, place, other, by_key=False) is None
    earlier = await earlier_of(again.history, place, plan, by_key=False)
    assert earlier is not None
    assert earlier.open == 30, "what was on its way was found"
    assert "62 rows to add: 60 of them came with an import of noon" in earlier.told(plan, "noon")
    earlier.rest(plan)
    assert [list(row.values()) for row in plan.new] == [["New 7"], ["Last"]]
    assert plan.lines == {"tmp1": 62, "tmp2": 63}
    told: list[int] = []
    kept = again.books.rows.mirrored(place, None, again.zone)
    sent = await send(
        again.history, again.books.rows, kept, plan, told.append, rows_a_call=10, earlier=earlier
    )
    assert (sent.rows, sent.waiting, sent.refused, told[-1]) == (62, 0, (), 62)
    now, plan = await plan_of(again, file)
    assert now == before + 62
    # Nothing is left of it: who brings in the same once more is told all the same.
    earlier = await earlier_of(again.history, place, plan, by_key=False)
    assert earlier is not None
    assert (earlier.open, len(earlier.places)) == (0, 62)
    assert await earlier_of(again.history, place, plan, by_key=True) is None
    few = Plan(new=[*plan.new, *({"1": f"Other {number}"} for number in range(63))])
    assert await earlier_of(again.history, place, few, by_key=False) is None
    await again.history.undo()
    now, plan = await plan_of(again, file)
    assert now == before, "it is one step"
    assert await earlier_of(again.history, place, plan, by_key=False) is None
    await again.close()


async def test_with_a_key_only_what_is_still_to_be_sent_of_an_import_counts(
    workspace: Workspace, tmp_path: Path
) -> None:
    file = tmp_path / "in.csv"
    file.write_text("Task\n" + "".join(f"New {number}\n" for number in range(60)))
    before, plan = await plan_of(workspace, file)
    place, _ = await open_table(workspace)
    with broken_off([]):
        await brought(workspace, plan, [])
    await workspace.history.outbox.recover()
    _, plan = await plan_of(workspace, file)
    plan.new = plan.new[30:]
    earlier = await earlier_of(workspace.history, place, plan, by_key=True)
    assert earlier is not None
    assert (earlier.open, len(earlier.places)) == (30, 30)
    earlier.rest(plan)
    assert plan.nothing
    kept = workspace.books.rows.mirrored(place, None, workspace.zone)
    await send(workspace.history, workspace.books.rows, kept, plan, rows_a_call=10, earlier=earlier)
    assert (await plan_of(workspace, file))[0] == before + 60


async def test_an_import_that_was_made_again_is_found_also_where_the_answer_to_that_was_lost(
    server: EmbeddedServer, workspace: Workspace, tmp_path: Path
) -> None:
    file = tmp_path / "in.csv"
    file.write_text("Task\n" + "".join(f"New {number}\n" for number in range(8)))
    before, plan = await plan_of(workspace, file)
    await brought(workspace, plan, [])
    await workspace.history.undo()
    with third_lost([0, 1]), pytest.raises(OutcomeUnknown):
        await workspace.history.redo()
    await workspace.close()
    again = workspace_of(server, tmp_path)
    now, plan = await plan_of(again, file)
    assert now == before + 8
    place, _ = await open_table(again)
    earlier = await earlier_of(again.history, place, plan, by_key=False)
    assert earlier is not None
    assert (earlier.open, len(earlier.places)) == (0, 8)
    await again.close()


async def test_of_an_import_that_was_given_up_early_or_taken_back_in_part_what_is_written_is_found(
    workspace: Workspace, tmp_path: Path
) -> None:
    file = tmp_path / "in.csv"
    file.write_text("Task\n" + "".join(f"New {number}\n" for number in range(80)))
    _, plan = await plan_of(workspace, file)
    place, _ = await open_table(workspace)
    with broken_off([]):
        await brought(workspace, plan, [])
    await workspace.history.outbox.recover()
    for one in await workspace.history.outbox.still_open():
        assert await workspace.history.outbox.drop(one.id)
    _, plan = await plan_of(workspace, file)
    earlier = await earlier_of(workspace.history, place, plan, by_key=False)
    assert earlier is not None, "less than half of the rows are written, but it is the same import"
    assert earlier.open == 0
    assert len(earlier.places) == 30
    earlier.rest(plan)
    assert len(plan.new) == 50


async def test_an_import_that_another_deck_is_at_is_not_said_to_have_broken_off(
    server: EmbeddedServer, workspace: Workspace, tmp_path: Path
) -> None:
    file = tmp_path / "in.csv"
    file.write_text("Task\n" + "".join(f"New {number}\n" for number in range(60)))
    before, plan = await plan_of(workspace, file)
    sent, held, go_on = Transport.send, asyncio.Event(), asyncio.Event()

    async def hold(self: Transport, request: Request) -> Response:
        if ("req", MANY) in list(request.form or ()):
            held.set()
            await go_on.wait()
        return await sent(self, request)

    with sending_through(hold):
        sending = asyncio.create_task(brought(workspace, plan, []))
        await held.wait()
        other = workspace_of(server, tmp_path)
        place, _ = await open_table(other)
        _, same = await plan_of(other, file)
        earlier = await earlier_of(other.history, place, same, by_key=False)
        go_on.set()
        assert (await sending).rows == 60
    assert earlier is not None
    assert (earlier.open, len(earlier.places), earlier.at_work) == (60, 60, True)
    assert earlier.told(same, "noon").endswith("an import of noon, which is at work or waits")
    _, same = await plan_of(other, file)
    earlier = await earlier_of(other.history, place, same, by_key=False)
    assert earlier is not None
    assert (earlier.open, earlier.at_work) == (0, False)
    assert (await plan_of(other, file))[0] == before + 60
    await other.close()
