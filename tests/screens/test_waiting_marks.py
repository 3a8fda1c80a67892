"""What waits to be sent, or is not known, is marked on its record in the lists of three rooms."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from textual.pilot import Pilot

from tests.changes import put, some_change
from tests.deck import deck_of, looked_after, opened, screen_text, until
from tests.harness import EmbeddedServer
from tests.screens.invoices.steps import narrowed
from tui.app import Tockdeck
from tui.widgets.grid import Grid
from tui.widgets.outline import Outline

WIDE = (180, 40)


def noted(app: Tockdeck, operation: str, record: str = "", **values: Any) -> Any:
    """A change that waits for a person's word, or with other values."""
    service = operation.partition(".")[0]
    values = {"held": True, "title": f"Change {record}", "arguments": {}, **values}
    return some_change(
        app.workspace,
        values.pop("title"),
        owner=app.workspace.connections.account(service),
        operation=operation,
        record=f"{service}/{record}" if record else "",
        **values,
    )


async def open_all(pilot: Pilot[Any], *changes: Any) -> list[str]:
    """Put them on the disk as another part of the deck does; their ids."""
    app = pilot.app
    assert isinstance(app, Tockdeck)
    await until(pilot, lambda: looked_after(app))
    found = put(app.workspace, changes)
    app.workspace.history.sender.tell(changes[0].operation)
    return [one.id for one in found]


def reads(pilot: Pilot[Any], *texts: str) -> Callable[[], bool]:
    """Whether all of it can be read."""
    return lambda: all(text in screen_text(pilot) for text in texts)


async def nothing_left(pilot: Pilot[Any], ids: list[str], *texts: str) -> None:
    """Drop them all: no mark stays."""
    app = pilot.app
    assert isinstance(app, Tockdeck)
    for one in ids:
        assert await app.workspace.history.outbox.drop(one)
    await until(pilot, lambda: not any(text in screen_text(pilot) for text in texts), "no mark")


async def test_clients_invoices_and_work_are_marked_and_what_is_new_stands_behind_them(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    app = deck_of(server, tmp_path, "invoices")
    async with opened(app, WIDE) as pilot:
        await narrowed(pilot, "Bayshore")
        grid = pilot.app.screen.query_one("#invoice-grid", Grid)
        await until(pilot, lambda: bool(grid.cursor_key), "its invoices")
        clients = (await app.workspace.invoices.clients()).value
        client = next(one for one in clients.clients if one.name.startswith("Bayshore"))
        project = clients.projects_of(client.id)[0]
        invoice, rows = grid.cursor_key, grid.row_count
        of_it = {"client_id": client.id}
        ids = await open_all(
            pilot,
            noted(app, "timesheets.client.update", f"client/{client.id}"),
            noted(app, "timesheets.invoice.update", f"invoice/{invoice}", state="unknown"),
            noted(app, "timesheets.invoice.create", arguments=of_it, title="New invoice"),
            noted(app, "timesheets.invoice.create", arguments={"client_id": -1}),
            noted(app, "timesheets.project.delete", f"project/{project.id}"),
            noted(app, "timesheets.project.create", arguments={**of_it, "name": "[Zinc] anode"}),
            noted(app, "timesheets.client.create", arguments={"name": "Loft [b]& Co"}),
        )
        await until(pilot, reads(pilot, f"… {client.name}", f"? {invoice}"), "marks")
        assert grid.row_count == rows + 1
        assert grid.source.key(rows).startswith("new ")
        work = pilot.app.screen.query_one("#work-grid", Grid)
        work.focus()
        await until(pilot, reads(pilot, "▌Work"), "the focus")
        await pilot.press("o", "o")
        await until(pilot, reads(pilot, f"… ✗ {project.name}", "… [Zinc] anode"), "projects")
        # What is to be made is no record yet.
        await pilot.press("G", "m")
        await until(pilot, reads(pilot, "There is nothing under the cursor."))
        outline = pilot.app.screen.query_one("#client-list", Outline)
        outline.focus()
        outline.set_filter("")
        await until(pilot, reads(pilot, "… Loft [b]& Co"), "a new client")
        await pilot.press("G", "m")
        await until(pilot, reads(pilot, "Choose one client first"))
        await pilot.press("question_mark")
        await until(pilot, reads(pilot, "find a command"))
        await pilot.press(*"nobody knows")
        await until(pilot, reads(pilot, "Not known"), "the marks in the menu")
        await pilot.press("enter", "escape")
        await until(pilot, lambda: not reads(pilot, "find a command")())
        await nothing_left(pilot, ids, f"… {client.name}", "… Loft")


async def test_what_waits_to_be_approved_is_not_approved_once_more(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    app = deck_of(server, tmp_path, "invoices")
    async with opened(app, WIDE) as pilot:
        await narrowed(pilot, "Quay Street Bakery")
        work = pilot.app.screen.query_one("#work-grid", Grid)
        work.focus()
        first, second, third = [work.source.key(place) for place in range(3)]
        operation = "timesheets.ts.approve"
        ids = await open_all(
            pilot,
            noted(app, operation, arguments={"time_entry_ids": [int(first)]}, state="unknown"),
            noted(app, operation, arguments={"time_entry_ids": [int(second), -1]}),
        )
        work.set_marked(frozenset([first, second]))
        await pilot.press("v")
        await until(pilot, reads(pilot, "Of 2 entries an approval waits already", "H shows it"))
        assert not reads(pilot, "Approve 2 entries?")()
        work.set_marked(frozenset([first, third]))
        await pilot.press("v")
        await until(pilot, reads(pilot, "Approve 1 entry?", "Of 1 entry an approval waits"))
        await pilot.press("escape")
        for one in ids:
            assert await app.workspace.history.outbox.drop(one)
        work.set_marked(frozenset([first, second]))
        await pilot.press("v")
        await until(pilot, reads(pilot, "Approve 2 entries?"), "nothing waits any more")
        await pilot.press("escape")


async def test_sessions_devices_and_groups_are_marked(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    app = deck_of(server, tmp_path, "sessions")
    async with opened(app, WIDE) as pilot:
        grid = pilot.app.screen.query_one("#grid", Grid)
        await until(pilot, lambda: bool(grid.cursor_key), "sessions")
        session = next(
            one
            for one in (await app.workspace.sessions.sessions()).value.sessions
            if str(one.id) == grid.cursor_key
        )
        group = (await app.workspace.sessions.fleet.groups())[0]
        ids = await open_all(
            pilot,
            noted(app, "igtimi.session_logs.create", f"session/{session.id}", state="unknown"),
            noted(app, "igtimi.sessions.create", arguments={"name": "Tuesday [bold]"}),
            noted(app, "igtimi.groups.make_public", f"group/{group.id}"),
            noted(app, "igtimi.groups.create", arguments={"name": "Juniors"}),
        )
        await until(pilot, reads(pilot, f"? {session.name}"), "the session")
        await pilot.press("G")
        await until(pilot, reads(pilot, "… Tuesday [bold]"), "what is new")
        await pilot.press("o")
        await until(pilot, reads(pilot, "Devices"))
        await pilot.press("o")
        await until(pilot, reads(pilot, f"… {group.name}"), "the group")
        await pilot.press("G")
        await until(pilot, reads(pilot, "… Juniors"), "a new group")
        await nothing_left(pilot, ids, f"… {group.name}", "… Juniors")


async def test_tocks_of_an_author_are_marked_and_what_is_to_be_submitted_is_counted(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    app = deck_of(server, tmp_path, "tocks")
    async with opened(app, WIDE) as pilot:
        grid = pilot.app.screen.query_one("#list", Grid)
        await until(pilot, lambda: bool(grid.cursor_key), "tocks")
        tock = getattr(pilot.app.screen, "stream").tock  # noqa: B009
        ids = await open_all(
            pilot,
            noted(app, "ticktocker.follow", f"user/{tock.author_url}", state="unknown"),
            noted(app, "ticktocker.submit", arguments={"title": "Race"}),
            noted(app, "ticktocker.submit", arguments={"title": "Dinner"}),
        )
        await until(pilot, reads(pilot, f"? {tock.title[:20]}", "… 2 to submit"), "marks")
        before = grid.cursor_key
        await pilot.press("j", "k")
        assert grid.cursor_key == before
        await nothing_left(pilot, ids, "to submit", f"? {tock.title[:20]}")
