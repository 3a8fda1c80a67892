"""u and U: what would be taken back is shown, asked where one may not think of it, and told."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest
from textual.pilot import Pilot

from tests.changes import by_a_colleague, client_named, name_of, put, renamed, some_change
from tests.deck import deck_of, looked_after, opened, screen_text, until, workspace_of
from tests.harness import EmbeddedServer
from tests.workspace.changes.timetonic.tables import sending
from tui.app import Tockdeck
from tui.screens import asking
from tui.screens.base import deck_screen
from tui.services.transport import Transport
from tui.services.wire import Request, Response
from tui.store.changes import Step
from tui.workspace.changes.errors import Waiting


@asynccontextmanager
async def on(
    server: EmbeddedServer,
    folder: Path,
    screen: str = "invoices",
    size: tuple[int, int] = (160, 40),
) -> AsyncIterator[tuple[Pilot[Any], Tockdeck]]:
    app = deck_of(server, folder, screen)
    async with opened(app, (160, 40)) as pilot:
        await until(pilot, lambda: "stand" in vars(app.workspace), "what was left open is seen to")
        await until(pilot, lambda: looked_after(app))
        yield pilot, app


def footer(pilot: Pilot[Any]) -> str:
    return screen_text(pilot).splitlines()[-1]


async def test_what_u_is_for_stands_in_the_footer_and_is_taken_back_and_made_again(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    async with on(server, tmp_path) as (pilot, app):
        number = await client_named(app.workspace, "Anchor Chandlery")
        await until(pilot, lambda: "Undo: New Anchor Chandlery" in footer(pilot))
        await renamed(app.workspace, number, "Anchor Chandlery", "Anchor & Sons")
        await until(pilot, lambda: "Undo: Rename Anchor Chandlery" in footer(pilot))
        await pilot.press("u")
        await until(pilot, lambda: "Undone: Rename Anchor Chandlery" in screen_text(pilot))
        assert await name_of(app.workspace, number) == "Anchor Chandlery"
        await until(pilot, lambda: "Undo: New Anchor Chandlery" in footer(pilot))
        await pilot.press("U")
        await until(pilot, lambda: "Made again: Rename Anchor Chandlery" in screen_text(pilot))
        assert await name_of(app.workspace, number) == "Anchor & Sons"
        await pilot.press("U")
        await until(pilot, lambda: "Nothing to make again" in screen_text(pilot))


async def test_nothing_to_undo_is_said(server: EmbeddedServer, tmp_path: Path) -> None:
    async with on(server, tmp_path) as (pilot, _):
        await pilot.press("u")
        await until(pilot, lambda: "Nothing to undo: nothing was changed yet" in screen_text(pilot))


async def test_what_is_on_another_screen_is_asked_about(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    async with on(server, tmp_path, "live") as (pilot, app):
        number = await client_named(app.workspace, "Elsewhere")
        await pilot.press("u")
        await until(pilot, lambda: "Take back: New Elsewhere?" in screen_text(pilot))
        assert "It is on Invoices (Timesheets)." in screen_text(pilot)
        await pilot.press("u", "enter", "n")
        await until(pilot, lambda: "Take back" not in screen_text(pilot))
        assert await name_of(app.workspace, number) == "Elsewhere"
        await pilot.press("u")
        await until(pilot, lambda: "Take back: New Elsewhere?" in screen_text(pilot))
        await pilot.press("y")
        await until(pilot, lambda: "Undone: New Elsewhere" in screen_text(pilot))
        await pilot.press("U")
        await until(pilot, lambda: "Make again: New Elsewhere?" in screen_text(pilot))
        await pilot.press("y")
        await until(pilot, lambda: "Made again: New Elsewhere" in screen_text(pilot))


def back(number: int, **more: Any) -> Step:
    return Step(operation="timesheets.client.delete", arguments={"client_id": number}, **more)


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"time": datetime.now(UTC) - timedelta(hours=2)}, "more than ten minutes ago"),
        ({"maker": "somebody-else"}, "It was not done by this deck since it began."),
        ({"inverse": back(1, inexact="Its comments do not come back.")}, "Its comments do not"),
    ],
    ids=["old", "elsewhere", "inexact"],
)
async def test_what_one_may_not_think_of_is_asked_about(
    server: EmbeddedServer, tmp_path: Path, values: dict[str, Any], why: str
) -> None:
    async with on(server, tmp_path) as (pilot, app):
        change = some_change(app.workspace, "Something", state="done", inverse=back(1))
        (kept,) = put(app.workspace, [change])
        app.workspace.history.changes.amend(kept.id, ("done",), **values)
        await pilot.press("u")
        await until(pilot, lambda: "Take back: Something?" in screen_text(pilot))
        assert why in " ".join(screen_text(pilot).replace("│", " ").split())
        await pilot.press("escape")
        await until(pilot, lambda: "Take back" not in screen_text(pilot))


async def test_what_has_no_way_back_is_passed_over_by_a_word_and_the_next_is_offered(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    async with on(server, tmp_path) as (pilot, app):
        number = await client_named(app.workspace, "Before it")
        put(app.workspace, [some_change(app.workspace, "Deleted for good", state="done",
                                        no_inverse="The service keeps no copy.")])  # fmt: skip
        await pilot.press("u")
        await until(pilot, lambda: "this cannot be taken back" in screen_text(pilot))
        assert "The service keeps no copy." in screen_text(pilot)
        await pilot.press("y", "escape")
        await until(pilot, lambda: "cannot be taken back" not in screen_text(pilot))
        assert await name_of(app.workspace, number) == "Before it"
        await pilot.press("u")
        await until(pilot, lambda: "p pass it over" in screen_text(pilot))
        await pilot.press("p")
        await until(pilot, lambda: "Take back: New Before it?" in screen_text(pilot))
        await pilot.press("y")
        await until(pilot, lambda: "Undone: New Before it" in screen_text(pilot))
        await pilot.press("u")
        await until(pilot, lambda: "Nothing to undo" in screen_text(pilot))


async def test_what_nobody_knows_is_not_undone_as_if_it_were_known(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    async with on(server, tmp_path) as (pilot, app):
        put(app.workspace, [some_change(app.workspace, "Half way", state="unknown",
                                        reason="Look among the clients.")])  # fmt: skip
        await pilot.press("u")
        await until(pilot, lambda: "Nobody knows whether it was made" in screen_text(pilot))
        await pilot.press("escape")


async def test_an_undo_that_cannot_be_done_says_why_and_steps_aside(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    async with on(server, tmp_path) as (pilot, app):
        workspace = app.workspace
        await client_named(workspace, "Stays below")
        number = await client_named(workspace, "Gone soon")
        await renamed(workspace, number, "Gone soon", "Gone")
        await (await workspace.connections.timesheets()).client.delete(number)
        await pilot.press("u")
        # The line of news would cut it: the whole of it stands in a box, until it has been read.
        await until(pilot, lambda: "any more. Nothing was sent. Refresh" in screen_text(pilot))
        assert "next undo is for what was done before it: New Gone soon." in screen_text(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: "any more" not in screen_text(pilot))


async def test_an_undo_of_many_of_which_a_person_keeps_one_takes_back_the_others(
    server: EmbeddedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual, stands = asking.wait, asyncio.Event()

    async def passes(tasks: set[Any], *, timeout: float | None = None, **named: Any) -> Any:
        """The time after which a box says what is waited for is over while a question stands."""
        if timeout is None:
            return await usual(tasks, **named)
        await stands.wait()
        return set(), tasks

    async with on(server, tmp_path) as (pilot, app):
        monkeypatch.setattr(asking, "wait", passes)
        history = app.workspace.history
        service = await app.workspace.connections.timesheets()
        below = await client_named(app.workspace, "Stays below")
        made = await history.write_each(
            "New terns", [partial(service.client.create, f"Tern {number}") for number in range(3)]
        )
        ids = [one.change.answer["id"] for one in made]
        await renamed(app.workspace, ids[2], "Tern 2", "Ours")
        await history.undo()
        await by_a_colleague(app.workspace, ids[2], "Theirs")
        await until(pilot, lambda: "Undo: New terns" in footer(pilot))
        await pilot.press("u")
        await until(pilot, lambda: "Changed meanwhile" in screen_text(pilot))
        screen = deck_screen(app)
        assert screen is not None
        await until(pilot, lambda: screen.busy_until("down") == 0.0, "the keys are the question's")
        stands.set()
        await pilot.pause()
        await pilot.press("t")
        await until(pilot, lambda: "next undo is for what was done before" in screen_text(pilot))
        assert "2 of 3 were taken back." in screen_text(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: "Undo: New Stays below" in footer(pilot))
        assert await name_of(app.workspace, ids[2]) == "Theirs"
        there = {one.id for one in (await service.client.search(limit=500)).items}
        assert there.intersection(ids) == {ids[2]}
        await pilot.press("u")
        await until(pilot, lambda: "Undone: New Stays below" in screen_text(pilot))
        assert below not in {one.id for one in (await service.client.search(limit=500)).items}
        # It is still among the changes, to be taken back by itself.
        plan = await history.undoing.plan_of(made[2].change)
        assert (plan.cannot, len(plan.changes)) == ("", 1)


async def test_theirs_and_mine_are_asked_before_an_undo_writes_over(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    async with on(server, tmp_path) as (pilot, app):
        workspace = app.workspace
        number = await client_named(workspace, "First")
        await renamed(workspace, number, "First", "Second")
        await by_a_colleague(workspace, number, "Third")
        await pilot.press("u")
        await until(pilot, lambda: "Changed meanwhile" in screen_text(pilot))
        screen = deck_screen(app)
        assert screen is not None
        await until(pilot, lambda: screen.busy_until("down") == 0.0, "the keys are the question's")
        for words in ("as you left it", "Second", "Third", "First", "m as it was"):
            assert words in screen_text(pilot)
        await pilot.press("t")
        await until(pilot, lambda: "It stays so" in screen_text(pilot))
        assert await name_of(workspace, number) == "Third"


async def test_theirs_and_mine_are_asked_before_a_write(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    async with on(server, tmp_path) as (pilot, app):
        workspace = app.workspace
        number = await client_named(workspace, "Seen")
        for key, now in (("m", "Mine"), ("t", "Theirs"), ("b", "Theirs / Mine")):
            await by_a_colleague(workspace, number, "Seen")
            await by_a_colleague(workspace, number, "Theirs")
            screen = pilot.app.screen

            async def work() -> str:
                await renamed(workspace, number, "Seen", "Mine")
                return "Written."

            screen.act(work)  # type: ignore[attr-defined]
            await until(pilot, lambda: "Changed meanwhile" in screen_text(pilot))
            assert "theirs, by now" in screen_text(pilot)
            await pilot.press(key)
            said = "It stays so" if key == "t" else "Written."
            await until(pilot, lambda said=said: said in screen_text(pilot))  # type: ignore[misc]
            assert await name_of(workspace, number) == now


async def test_a_conflict_of_ids_is_asked_by_their_names(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    async with on(server, tmp_path) as (pilot, app):
        service = await app.workspace.connections.timesheets()
        tasks = (await service.task.search(limit=500)).items
        seen, mine, theirs = tasks[:3]
        entries = (await service.ts.search(limit=500)).items
        entry = next(one for one in entries if one.invoice_id is None and not one.paid)
        await service.ts.update(entry.id, task_id=theirs.id)
        screen = pilot.app.screen

        async def work() -> str:
            await app.workspace.history.write(
                "Change an entry",
                partial(service.ts.update, entry.id, task_id=mine.id),
                seen={"task_id": seen.id},
            )
            return "Written."

        screen.act(work)  # type: ignore[attr-defined]
        await until(pilot, lambda: "Changed meanwhile" in screen_text(pilot))
        for one in (seen, mine, theirs):
            assert one.name[:12] in screen_text(pilot)
        await pilot.press("escape")


async def test_what_cannot_leave_is_news_and_its_form_is_done(
    server: EmbeddedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with on(server, tmp_path) as (pilot, _):
        await until(pilot, lambda: "Kestrel" in screen_text(pilot))
        await pilot.press("tab")
        await pilot.press("p")
        await until(pilot, lambda: "Paid on" in screen_text(pilot))

        async def handle(_transport: object, request: httpx.Request) -> httpx.Response:
            raise httpx.ConnectError("no network", request=request)

        with monkeypatch.context() as patch:
            patch.setattr(httpx.AsyncHTTPTransport, "handle_async_request", handle)
            await pilot.press("f2")
            await until(pilot, lambda: "It is kept and sent by itself" in screen_text(pilot))
            assert "Paid on *" not in screen_text(pilot), "nothing is left to be typed"
            await until(pilot, lambda: "1 waiting" in screen_text(pilot).splitlines()[0])
            await pilot.press("u")
            await until(pilot, lambda: "is not sent any more" in screen_text(pilot))
            await until(pilot, lambda: "waiting" not in screen_text(pilot).splitlines()[0])
        await pilot.press("p")
        await until(pilot, lambda: "Paid on" in screen_text(pilot))
        assert "Draft" not in screen_text(pilot), "what was kept to be sent is no draft"


async def test_what_was_sent_by_itself_is_shown_on_the_screen_in_front(
    server: EmbeddedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with on(server, tmp_path) as (pilot, app):
        await until(pilot, lambda: "Kestrel" in screen_text(pilot))
        client = await app.workspace.connections.timesheets()

        async def handle(_transport: object, request: httpx.Request) -> httpx.Response:
            raise httpx.ConnectError("no network", request=request)

        with monkeypatch.context() as patch:
            patch.setattr(httpx.AsyncHTTPTransport, "handle_async_request", handle)
            make = partial(client.client.create, "Aaa & Sons")
            with pytest.raises(Waiting):
                await app.workspace.history.write("New Aaa & Sons", make)
            await until(pilot, lambda: "1 waiting" in screen_text(pilot).splitlines()[0])
        other = workspace_of(server, tmp_path)
        assert await other.history.outbox.send_all() == 1
        await other.close()
        app.workspace.pump.answered("timesheets")
        await until(pilot, lambda: "waiting" not in screen_text(pilot).splitlines()[0])
        await until(pilot, lambda: "\n" in screen_text(pilot).partition("    Aaa & Sons")[2])


async def test_what_was_left_open_greets_with_the_key_that_leads_there(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    async with on(server, tmp_path) as (_, app):
        put(app.workspace, [some_change(app.workspace, "Left half way", state="unknown")])
    async with on(server, tmp_path, "invoices") as (pilot, _):
        await until(pilot, lambda: "Nobody knows whether this was done" in screen_text(pilot))
        assert "Left half way. H shows it." in screen_text(pilot)
        await until(pilot, lambda: "1 not known" in screen_text(pilot).splitlines()[0])
        await pilot.press("H")
        await until(pilot, lambda: "? not known" in screen_text(pilot))


async def test_an_undo_of_many_says_how_far_it_is_and_may_be_given_up(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    send, calls = Transport.send, list[str]()
    carried_out, freed = asyncio.Event(), asyncio.Event()

    async def hold(self: Transport, request: Request) -> Response:
        if request.path.endswith("/delete"):
            calls.append(request.path)
            if len(calls) == 3:
                answer = await send(self, request)
                # It was made, and its answer does not come.
                carried_out.set()
                await freed.wait()
                return answer
        return await send(self, request)

    async with on(server, tmp_path) as (pilot, app):
        history = app.workspace.history
        service = await app.workspace.connections.timesheets()
        names = [f"Wader {number}" for number in range(4)]
        made = await history.write_each(
            "New waders", [partial(service.client.create, name) for name in names]
        )
        ids = [one.change.answer["id"] for one in made]

        async def there() -> list[int]:
            found = {one.id for one in (await service.client.search(limit=500)).items}
            return [number for number in ids if number in found]

        with sending(hold):
            await pilot.press("u")
            await until(pilot, lambda: "2 of 4 changes taken back" in screen_text(pilot))
            await until(pilot, carried_out.is_set, "the third as well")
            await pilot.press("escape")
            await until(pilot, lambda: "Given up: " in screen_text(pilot))
        assert "3 of 4 changes taken back; the same key goes on" in screen_text(pilot)
        assert await there() == ids[:1]
        await pilot.press("u")
        await until(pilot, lambda: "Undone: New waders" in screen_text(pilot))
        assert await there() == []
        await pilot.press("H")
        await until(pilot, lambda: "1 of 3" in screen_text(pilot), "a line for each of them")
