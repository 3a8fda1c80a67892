"""The changes of Timesheets over the embedded service: made, taken back, made again, found."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.harness import EmbeddedServer
from tests.workspace.changes.steps import Desk, deck
from tui.services.errors import NotFound, OutcomeUnknown, ServiceError
from tui.workspace.changes.errors import Conflict
from tui.workspace.changes.undoing import NoWayBack

END = datetime.now(UTC).replace(microsecond=0)
START = END - timedelta(hours=2)


@pytest.fixture(scope="module")
def server() -> Iterator[EmbeddedServer]:
    with EmbeddedServer(services=["timesheets"]) as running:
        yield running


class World:
    """A client with a project and a task, and what else changes are about."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.ids: dict[str, int] = {}

    async def made(self, mark: str) -> World:
        service = self.desk.service
        self.ids["user_id"] = (await service.user.info()).id
        self.ids["client_id"] = (await service.client.create(f"Client {mark}")).id
        self.ids["project_id"] = (
            await service.project.create(self.ids["client_id"], f"Project {mark}")
        ).id
        self.ids["task_id"] = (await service.task.create(self.ids["project_id"], f"Task {mark}")).id
        found = (await service.schedule.search(keyword="")).items
        self.ids["schedule_id"] = found[0].id
        return self

    def call(self, chapter: str, verb: str, **values: Any) -> partial[Any]:
        """A call whose ids are those of this world."""
        given = {
            name: self.ids.get(value, value) if isinstance(value, str) else value
            for name, value in values.items()
        }
        return partial(getattr(getattr(self.desk.service, chapter), verb), **given)

    async def read(self, chapter: str, number: int) -> Any:
        """A record as the service has it."""
        chapters: Any = getattr(self.desk.service, chapter)
        argument = {"ts": "time_entry_id"}.get(chapter, f"{chapter}_id")
        try:
            found = await (chapters.get if chapter == "ts" else chapters.info)(**{argument: number})
        except NotFound:
            return None
        return {"ts": lambda: found.entry, "task": lambda: found.task}.get(chapter, lambda: found)()


MADE = [
    ("client", {"name": "One", "phone": "5"}, {"name": "Two", "city": "Delft"}),
    (
        "project",
        {"client_id": "client_id", "name": "One"},
        {"name": "Two", "status": "in-progress", "planned_end_date": END},
    ),
    (
        "task",
        {"project_id": "project_id", "name": "One", "estimate": Decimal("1.5"),
         "estimate_unit": "hours"},
        {"name": "Two", "status": "done", "estimate": Decimal("2.25")},
    ),
    ("group", {"name": "One"}, {"name": "Two", "status": "inactive"}),
    (
        "schedule",
        {"name": "One", "days_of_week": {"monday": True, "sunday": False},
         "is_holiday": False, "is_overnight": False, "start_time": "09:00", "end_time": "17:00"},
        {"name": "Two", "start_time": "10:00"},
    ),
    (
        "rate",
        {"user_id": "user_id", "schedule_id": "schedule_id", "name": "One",
         "duration_unit": "hours", "amount": Decimal("62.50")},
        {"name": "Two", "amount": Decimal("70")},
    ),
    (
        "ts",
        {"user_id": "user_id", "task_id": "task_id", "start_time": START, "end_time": END},
        {"start_datetime": START + timedelta(minutes=5)},
    ),
]  # fmt: skip


def fields(record: Any, names: Any) -> dict[str, Any]:
    renamed = {"start_datetime": "start_time", "end_datetime": "end_time"}
    return {name: getattr(record, renamed.get(name, name)) for name in names}


@pytest.mark.parametrize(("chapter", "new", "changed"), MADE, ids=[one[0] for one in MADE])
async def test_made_changed_and_back_again(
    server: EmbeddedServer,
    tmp_path: Path,
    chapter: str,
    new: dict[str, Any],
    changed: dict[str, Any],
) -> None:
    async with deck(server, tmp_path) as desk:
        world = await World(desk).made(chapter)
        argument = "time_entry_id" if chapter == "ts" else f"{chapter}_id"
        made = await desk.history.write("New", world.call(chapter, "create", **new))
        before = await world.read(chapter, made.id)
        seen = fields(before, changed)
        await desk.history.write(
            "Change",
            world.call(chapter, "update", **{argument: made.id}, **changed),
            seen=seen,
        )
        after = await world.read(chapter, made.id)
        assert fields(after, changed) == changed
        missing = [name for name, value in seen.items() if value is None]
        if missing:
            with pytest.raises(NoWayBack, match=missing[0]):
                await desk.history.undo()
            return
        await desk.history.undo()
        assert fields(await world.read(chapter, made.id), changed) == seen
        await desk.history.redo()
        assert fields(await world.read(chapter, made.id), changed) == changed
        await desk.history.undo()
        await desk.history.undo()
        assert await world.read(chapter, made.id) is None


@pytest.mark.parametrize(("chapter", "new", "changed"), MADE, ids=[one[0] for one in MADE])
async def test_what_was_made_though_no_answer_came_is_found(
    server: EmbeddedServer,
    tmp_path: Path,
    answers: Callable[[bool], None],
    chapter: str,
    new: dict[str, Any],
    changed: dict[str, Any],
) -> None:
    async with deck(server, tmp_path) as desk:
        world = await World(desk).made(f"found {chapter}")
        given = {**new, **({"name": f"Found {chapter}"} if "name" in new else {})}
        if chapter == "ts":
            given["start_time"] = START - timedelta(days=3, seconds=7)
        answers(False)
        with pytest.raises(OutcomeUnknown):
            await desk.history.write("New", world.call(chapter, "create", **given))
        answers(True)
        assert await desk.history.outbox.recover() == []
        (found,) = desk.history.changes.newest(1)
        number = found.answer["id"]
        assert await world.read(chapter, number) is not None
        await desk.history.undo()
        assert await world.read(chapter, number) is None


@pytest.mark.parametrize(("chapter", "argument"), [("group", "group_id"), ("task", "task_id")])
async def test_who_belongs_to_it_goes_in_and_out(
    server: EmbeddedServer, tmp_path: Path, chapter: str, argument: str
) -> None:
    async with deck(server, tmp_path) as desk:
        world = await World(desk).made(f"members {chapter}")
        world.ids["group_id"] = (await desk.service.group.create("Crew")).id

        async def members() -> list[int]:
            if chapter == "group":
                return [
                    one.id
                    for one in (await desk.service.group.get_users(world.ids[argument])).items
                ]
            return (await world.read("task", world.ids["task_id"])).users or []

        who = {argument: argument, "user_id": "user_id"}
        before = await members()
        await desk.history.write("In", world.call(chapter, "add_user", **who))
        assert world.ids["user_id"] in await members()
        await desk.history.undo()
        assert await members() == before
        await desk.history.redo()
        await desk.history.write("Out", world.call(chapter, "delete_user", **who))
        assert world.ids["user_id"] not in await members()
        await desk.history.undo()
        assert world.ids["user_id"] in await members()
        # Who was there, or was not, stays so: the service says nothing of it.
        await desk.history.write("In", world.call(chapter, "add_user", **who))
        with pytest.raises(NoWayBack, match="there before, too"):
            await desk.history.undo()
        assert world.ids["user_id"] in await members()
        await desk.history.write("Out", world.call(chapter, "delete_user", **who))
        await desk.history.write("Out", world.call(chapter, "delete_user", **who))
        with pytest.raises(NoWayBack, match="not there before, either"):
            await desk.history.undo()
        assert world.ids["user_id"] not in await members()


def approved_entry(server: EmbeddedServer) -> int:
    """One with a break, which no invoice has."""
    rows = server.context.database.read(
        "SELECT entry_id FROM timesheets_breaks JOIN timesheets_entries AS entry"
        " ON entry.id = entry_id WHERE entry.status = 'approved' AND invoice_id IS NULL"
    )
    return int(next(iter(rows))["entry_id"])


async def test_what_an_undo_could_not_bring_back_is_not_told_as_somebody_else_s_change(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    async with deck(server, tmp_path) as desk:
        entry = approved_entry(server)
        await desk.service.ts.add_comment(entry, "a comment")
        await desk.history.write("Delete", partial(desk.service.ts.delete, entry))
        await desk.history.undo()
        (deletion,) = [one for one in desk.history.changes.newest(9) if one.title == "Delete"]
        again = deletion.arguments["time_entry_id"]
        await desk.history.redo()
        with pytest.raises(NotFound):
            await desk.service.ts.get(again)
        await desk.history.undo()
        # What somebody else really did is told.
        newest = next(one for one in desk.history.changes.newest(9) if one.title == "Delete")
        await desk.service.ts.approve(time_entry_ids=[newest.arguments["time_entry_id"]])
        with pytest.raises(Conflict):
            await desk.history.redo()


async def test_what_was_approved_is_changed_and_changed_back_and_changed_again(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    async with deck(server, tmp_path) as desk:
        ts = desk.service.ts
        entry = (await ts.get(approved_entry(server))).entry
        assert entry.end_time is not None
        later = entry.end_time + timedelta(minutes=5)
        await desk.history.write(
            "Change", partial(ts.update, entry.id, end_datetime=later),
            seen={"end_datetime": entry.end_time},
        )  # fmt: skip
        await desk.history.undo()
        await desk.history.redo()
        assert (await ts.get(entry.id)).entry.end_time == later
        await desk.history.undo()
        await ts.approve(time_entry_ids=[entry.id])
        with pytest.raises(Conflict):
            await desk.history.redo()


@pytest.mark.parametrize(
    ("chapter", "new"), [(one[0], one[1]) for one in MADE if one[0] in ("ts", "rate")]
)
async def test_what_was_deleted_comes_back_as_new_and_says_so(
    server: EmbeddedServer, tmp_path: Path, chapter: str, new: dict[str, Any]
) -> None:
    async with deck(server, tmp_path) as desk:
        world = await World(desk).made(f"deleted {chapter}")
        argument = "time_entry_id" if chapter == "ts" else f"{chapter}_id"
        made = await desk.history.write("New", world.call(chapter, "create", **new))
        held = await world.read(chapter, made.id)
        await desk.history.write("Delete", world.call(chapter, "delete", **{argument: made.id}))
        plan = await desk.history.undoing.next_undo()
        assert plan is not None
        assert plan.inexact.startswith("It comes back as a new")
        await desk.history.undo()
        (deletion,) = [one for one in desk.history.changes.newest(9) if one.title == "Delete"]
        again = await world.read(chapter, deletion.arguments[argument])
        names = ("user_id", "task_id", "start_time", "end_time") if chapter == "ts" else (
            "user_id", "schedule_id", "name", "amount", "duration_unit",
        )  # fmt: skip
        assert again.id != made.id
        assert fields(again, names) == fields(held, names)
        await desk.history.redo()
        assert await world.read(chapter, again.id) is None
        await desk.history.undo()
        # And what was done before it is of the record that is there now.
        await desk.history.undo()
        newest = [one for one in desk.history.changes.newest(99) if one.title == "New"]
        assert await world.read(chapter, newest[0].answer["id"]) is None


WITHOUT_A_RECORD: dict[str, tuple[tuple[str, str], ...]] = {
    "an approval": (("ts", "approve"),),
    "comments": (("task", "add_comment"), ("ts", "add_comment"), ("invoice", "add_comment")),
    "members of a group": (("group", "add_user"), ("group", "delete_user")),
    "people on a task": (("task", "add_user"), ("task", "delete_user")),
    "time as it passes": (
        ("ts", "start"), ("ts", "break_start"), ("ts", "break_stop"), ("ts", "stop"),
    ),
}  # fmt: skip
"""By what it is, calls that follow one another and answer with no record that they made."""


async def _something_is_on_it(world: World, chapter: str, number: int) -> None:
    """Somebody else puts something on a record, by the service's own calls."""
    service, ids = world.desk.service, world.ids
    if chapter == "client":
        await service.project.create(number, "Theirs")
    elif chapter == "project":
        await service.task.create(number, "Theirs")
    elif chapter == "task":
        await service.ts.create(ids["user_id"], task_id=number, start_time=START, end_time=END)
    elif chapter == "group":
        await service.group.add_user(number, ids["user_id"])
    elif chapter == "schedule":
        await service.rate.create(ids["user_id"], number, "Theirs", "hours")
    elif chapter == "rate":
        await service.rate.update(number, amount=Decimal(99))
    else:
        await service.ts.approve(time_entry_ids=[number])


@pytest.mark.parametrize(("chapter", "new"), [one[:2] for one in MADE], ids=[o[0] for o in MADE])
async def test_undo_of_what_is_new_does_not_delete_what_others_put_on_it_unseen(
    server: EmbeddedServer, tmp_path: Path, chapter: str, new: dict[str, Any]
) -> None:
    async with deck(server, tmp_path) as desk:
        world = await World(desk).made(f"theirs {chapter}")
        made = await desk.history.write("New", world.call(chapter, "create", **new))
        await _something_is_on_it(world, chapter, made.id)
        with pytest.raises(Conflict) as caught:
            await desk.history.undo()
        assert len(caught.value.theirs) == 1, caught.value.theirs
        assert await world.read(chapter, made.id) is not None

        async def mine(conflict: Conflict) -> Any:
            return conflict.mine

        desk.history.sender.resolve = mine
        await desk.history.undo()
        assert await world.read(chapter, made.id) is None


async def test_an_entry_goes_with_its_own_comment_and_not_with_one_of_others(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    async with deck(server, tmp_path) as desk:
        world = await World(desk).made("comments")
        new = {"user_id": "user_id", "task_id": "task_id", "start_time": START, "end_time": END}
        made = await desk.history.write("New", world.call("ts", "create", **new, comment="Mine"))
        await desk.service.ts.add_comment(made.id, "Theirs")
        with pytest.raises(Conflict) as caught:
            await desk.history.undo()
        assert caught.value.theirs == {"further_comments": 1}
        await desk.history.write("New", world.call("ts", "create", **new, comment="  ü\n=1"))
        await desk.history.undo()


async def test_what_is_not_told_is_not_written_over_by_an_undo(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    async with deck(server, tmp_path) as desk:
        world = await World(desk).made("category")
        number, update = world.ids["project_id"], desk.service.project.update
        await update(number, category="Survey")
        seen = {"category": (await desk.service.project.info(number)).category}
        await desk.history.write("Change", partial(update, number, category="Web"), seen=seen)
        with pytest.raises(NoWayBack, match="category"):
            await desk.history.undo()


async def test_undo_says_that_an_entry_is_not_approved_again(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    async with deck(server, tmp_path) as desk:
        world = await World(desk).made("approved")
        ids, service = world.ids, desk.service
        made = await service.ts.create(
            ids["user_id"], task_id=ids["task_id"], start_time=START, end_time=END
        )
        await service.ts.approve(time_entry_ids=[made.id])
        later = partial(service.ts.update, made.id, start_datetime=START + timedelta(minutes=5))
        await desk.history.write("Change", later, seen={"start_datetime": START})
        plan = await desk.history.undoing.next_undo()
        assert plan is not None
        assert plan.inexact == "It was approved before, and is not so again by that."
        await desk.history.undo()
        entry = (await service.ts.get(made.id)).entry
        assert (entry.start_time, entry.status) == (START, "in-progress")


@pytest.mark.parametrize("calls", WITHOUT_A_RECORD.values(), ids=list(WITHOUT_A_RECORD))
async def test_what_makes_no_record_is_found_by_what_the_service_shows(
    server: EmbeddedServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    calls: tuple[tuple[str, str], ...],
) -> None:
    """Each is lost twice: on the way there, where nothing is found, and on the way back."""
    handle, lost = httpx.AsyncHTTPTransport.handle_async_request, dict.fromkeys(("verb", "way"), "")

    async def guarded(self: httpx.AsyncHTTPTransport, request: httpx.Request) -> httpx.Response:
        if not lost["verb"] or not request.url.path.endswith(lost["verb"]):
            return await handle(self, request)
        if lost["way"] == "back":
            await (await handle(self, request)).aread()
        raise httpx.ReadError("cut off", request=request)

    monkeypatch.setattr(httpx.AsyncHTTPTransport, "handle_async_request", guarded)
    async with deck(server, tmp_path) as desk:
        service, outbox = desk.service, desk.history.outbox
        world = await World(desk).made("lost")
        ids = world.ids
        ids["group_id"] = (await service.group.create("Crew")).id
        entry = await service.ts.create(
            ids["user_id"], task_id=ids["task_id"], start_time=START, end_time=END
        )
        ids["time_entry_id"] = entry.id
        if (await service.user.dashboard()).current_time_entry is not None:
            await service.ts.stop()
        found = (await service.invoice.search([1, 2, 3], limit=1)).items
        ids["invoice_id"] = found[0].id
        for chapter, verb in calls:
            given: dict[str, Any] = {}
            if verb == "add_comment":
                argument = "time_entry_id" if chapter == "ts" else f"{chapter}_id"
                given = {argument: argument, "content": f"said of {chapter}"}
            elif verb == "approve":
                given = {"time_entry_ids": [entry.id]}
            elif verb.endswith("_user"):
                given = {f"{chapter}_id": f"{chapter}_id", "user_id": "user_id"}
            elif verb.startswith("break"):
                given = {"time_entry_id": "time_entry_id"}
            else:
                given = {"task_id": "task_id"}
            if verb == "break_start":
                running = (await service.user.dashboard()).current_time_entry
                assert running is not None
                ids["time_entry_id"] = running.id
            for way in ("there", "back"):
                lost |= {"verb": f"/{chapter}/{verb}", "way": way}
                with pytest.raises(OutcomeUnknown):
                    await desk.history.write("Lost", world.call(chapter, verb, **given))
                lost["verb"] = ""
                (change,) = desk.history.changes.newest(1)
                assert change.state == "unknown"
                assert await outbox.look(change.id) is (way == "back"), (verb, way)
                (change,) = desk.history.changes.newest(1)
                assert change.state == ("done" if way == "back" else "unknown"), (verb, way)
                assert change.was_made is (way == "back")
                await outbox.drop(change.id)


async def test_a_comment_has_no_way_back(server: EmbeddedServer, tmp_path: Path) -> None:
    async with deck(server, tmp_path) as desk:
        world = await World(desk).made("comments")
        call = world.call("task", "add_comment", task_id="task_id", content="[b]so[/b]")
        made = await desk.history.write("Comment", call)
        assert made.id
        with pytest.raises(NoWayBack, match="comment"):
            await desk.history.undo()
        assert desk.history.changes.newest(1)[0].answer == {"id": made.id}


async def test_what_is_refused_leaves_nothing_to_undo(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    async with deck(server, tmp_path) as desk:
        with pytest.raises(ServiceError):
            await desk.history.write("Delete", partial(desk.service.client.delete, 10**9))
        assert await desk.history.undo() is None
