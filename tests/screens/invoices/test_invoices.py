"""The Invoices screen: from approved work to a paid invoice, seen again on the server."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.deck import amount_of, deck_of, loaded, opened, put, screen_text, shown, until
from tests.harness import EmbeddedServer
from tests.screens.invoices.steps import bill, narrowed
from tests.workspace.ways import Way
from tui.widgets.grid import Grid


async def test_an_invoice_from_work_to_payment(server: EmbeddedServer, tmp_path: Path) -> None:
    app = deck_of(server, tmp_path, "invoices")
    async with opened(app) as pilot:
        await until(pilot, lambda: "Bayshore" in screen_text(pilot))
        await pilot.press("slash", *"Bayshore", "enter")
        await until(pilot, lambda: "Invoices of Bayshore" in screen_text(pilot))
        await until(pilot, lambda: "h approved, to bill" in screen_text(pilot))
        await loaded(pilot)
        before = len(app.workspace.history.changes.newest(99))
        await bill(pilot)
        entries = app.workspace.history.changes.newest(99)
        assert [entry.state for entry in entries[: len(entries) - before]] == ["done"]
        await until(pilot, lambda: "… draft" in screen_text(pilot))
        await until(pilot, lambda: "0:00 h approved, to bill" in screen_text(pilot))
        grid = app.screen.query_one("#invoice-grid", Grid)
        await until(pilot, lambda: grid.has_focus and "… draft" in grid.cursor_text, "on it")
        await pilot.press("i")
        await until(pilot, lambda: shown(pilot, "No approved work to bill: v approves entries of "))
        await pilot.press("p")
        await until(pilot, lambda: "Note it" in screen_text(pilot))
        await pilot.press("f2")
        await until(pilot, lambda: "is paid." in screen_text(pilot))
        await until(pilot, lambda: "unpaid" not in screen_text(pilot), "seen again")
        await loaded(pilot)
        await pilot.press("p")
        await until(pilot, lambda: "Mark it not paid?" in screen_text(pilot))
        assert "look" in screen_text(pilot), "what the service does not say is said"
        await pilot.press("y")
        await until(pilot, lambda: "is not paid." in screen_text(pilot))
        await until(pilot, lambda: "unpaid" in screen_text(pilot), "seen again")
        await pilot.press("u")
        await until(
            pilot, lambda: "not paid." in screen_text(pilot) and "Undone" in screen_text(pilot)
        )


async def test_undo_takes_an_invoice_back(server: EmbeddedServer, tmp_path: Path) -> None:
    app = deck_of(server, tmp_path, "invoices")
    async with opened(app, (80, 24)) as pilot:
        await until(pilot, lambda: "Kestrel" in screen_text(pilot))
        await pilot.press("slash", *"Kestrel", "enter")
        await until(pilot, lambda: "Invoices of Kestrel" in screen_text(pilot))
        await loaded(pilot)
        await pilot.press("enter")
        await bill(pilot, "a")
        await pilot.press("u")
        await until(pilot, lambda: "Undone: New invoice" in screen_text(pilot))


async def test_read_only_refuses_before_anything_is_asked(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    app = deck_of(server, tmp_path, "invoices", deck__read_only="true")
    async with opened(app) as pilot:
        await until(pilot, lambda: "Bayshore" in screen_text(pilot))
        await pilot.press("d")
        await until(pilot, lambda: "read-only" in screen_text(pilot))


async def test_csv_is_written_and_not_over_another_file(
    server: EmbeddedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    target = tmp_path / "clients.csv"
    app = deck_of(server, tmp_path, "invoices")
    async with opened(app) as pilot:
        await until(pilot, lambda: "Bayshore" in screen_text(pilot))
        for overwrite in (False, True):
            await pilot.press("e")
            await until(pilot, lambda: "Export as CSV" in screen_text(pilot))
            await pilot.press("j", "enter")
            await until(pilot, lambda: "clients.csv" in screen_text(pilot))
            await put(pilot, "~/nowhere/clients.csv")
            await until(pilot, lambda: "There is no folder" in screen_text(pilot))
            await put(pilot, "~/clients.csv")
            if overwrite:
                await until(pilot, lambda: "What is in it now goes" in screen_text(pilot))
                await pilot.press("n")
            else:
                await until(pilot, lambda: "lines written to" in screen_text(pilot))
                assert "Bayshore" in target.read_text()
                target.write_text("mine")
        await until(pilot, lambda: "Overwrite" not in screen_text(pilot))
    assert target.read_text() == "mine"


async def test_what_is_shown_is_written_without_the_service_and_how_old_it_is_is_said(
    server: EmbeddedServer, tmp_path: Path, way: Way
) -> None:
    server.reset()
    files = [tmp_path / f"{name}.csv" for name in ("there", "entries", "clients", "books")]
    app = deck_of(server, tmp_path, "invoices")

    async def written(file: Path, downs: int, *says: str) -> None:
        await pilot.press("e")
        await until(pilot, lambda: "Time entries" in screen_text(pilot))
        await pilot.press(*["j"] * downs, "enter")
        await until(pilot, lambda: "File" in screen_text(pilot))
        await put(pilot, str(file))
        for text in (f"{file.stem}.csv", *says):
            await until(pilot, lambda text=text: text in screen_text(pilot), text)
        await loaded(pilot)

    async with opened(app, (200, 40)) as pilot:
        await narrowed(pilot, "Kestrel")
        grid = app.screen.query_one("#work-grid", Grid)
        every = grid.row_count
        grid.focus()
        await pilot.press("slash", *"Retention", "enter")
        await until(pilot, lambda: 0 < grid.row_count < every, "fewer are shown")
        await written(files[0], 2, " lines written to ")
        way.open = False
        for file, downs in zip(files[1:], (0, 1, 2), strict=True):
            await written(file, downs, " lines as of today ", "; the service cannot be reached")
        count = grid.row_count
    there, entries, clients, books = (file.read_text() for file in files)
    assert len(there.splitlines()) == count + 1, "what is shown, and no more"
    assert there == entries == books, "rates too, as they were read"
    assert "Bayshore" in clients


async def test_a_makes_what_the_pane_shows(server: EmbeddedServer, tmp_path: Path) -> None:
    app = deck_of(server, tmp_path, "invoices")
    async with opened(app) as pilot:
        await until(pilot, lambda: "Bayshore" in screen_text(pilot))
        await pilot.press("a")
        await until(pilot, lambda: "New client" in screen_text(pilot))
        await put(pilot, "Loft [b]& Co")
        await pilot.press("f2")
        await until(pilot, lambda: "✓ Made client Loft [b]& Co. u" in screen_text(pilot))
        await until(pilot, lambda: "▌   Loft [b]& Co" in screen_text(pilot), "the cursor on it")
        await narrowed(pilot, "Loft")
        work = app.screen.query_one("#work-grid", Grid)
        work.focus()
        await until(pilot, lambda: "a New entry" in screen_text(pilot))
        await pilot.press("a")
        await until(pilot, lambda: "no task yet: o shows tasks" in screen_text(pilot))
        await pilot.press("o", "o")
        await until(pilot, lambda: "a New project" in screen_text(pilot))
        await pilot.press("a")
        await until(pilot, lambda: "Planned from" in screen_text(pilot))
        await put(pilot, "Spinnakers")
        await pilot.press("f2")
        await until(pilot, lambda: "▌ Spinnakers" in screen_text(pilot))
        await pilot.press("o", "o")
        await until(pilot, lambda: "a New task" in screen_text(pilot))
        await pilot.press("a")
        await until(pilot, lambda: "‹ Spinnakers ›" in screen_text(pilot))
        # Of the only project nothing is chosen: the name comes first.
        await put(pilot, "Cut")
        await pilot.press("f2")
        await until(pilot, lambda: "▌ Cut" in screen_text(pilot))
        await pilot.press("o", "o")
        await until(pilot, lambda: "a New entry" in screen_text(pilot))
        await pilot.press("a")
        await until(pilot, lambda: "New time entry" in screen_text(pilot))
        await pilot.press("f2")
        await until(pilot, lambda: "✓ Added time to Cut" in screen_text(pilot))
        await until(pilot, lambda: "1:00  Demo Owner" in screen_text(pilot), "it is in the list")
        await pilot.press("d")
        await until(pilot, lambda: "Its comments go with it" in screen_text(pilot))
        await pilot.press("y")
        await until(pilot, lambda: "No time entry. a makes one." in screen_text(pilot))


async def test_marked_entries_are_approved_and_the_rest_is_told(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    app = deck_of(server, tmp_path, "invoices")
    async with opened(app) as pilot:
        await narrowed(pilot, "Quay Street Bakery")
        work = app.screen.query_one("#work-grid", Grid)
        work.focus()
        states = {
            row["id"]: row["status"]
            for row in server.context.database.read("SELECT id, status FROM timesheets_entries")
        }
        keys = [work.source.key(index) for index in range(work.row_count)]
        chosen = [
            next(key for key in keys if states[int(key)] == state)
            for state in ("in-progress", "approved")
        ]
        work.set_marked(frozenset(chosen))
        await pilot.press("v")
        await until(pilot, lambda: "Approve 2 entries?" in screen_text(pilot))
        await pilot.press("y")
        await until(pilot, lambda: "Approved 1. 1 was not" in screen_text(pilot))
        assert not work.marked
    rows = server.context.database.read(
        "SELECT status FROM timesheets_entries WHERE id = ?", (chosen[0],)
    )
    assert rows[0]["status"] == "approved"


async def test_comments_are_read_where_they_were_written(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    app = deck_of(server, tmp_path, "invoices")
    async with opened(app, (80, 24)) as pilot:
        await until(pilot, lambda: "Kestrel" in screen_text(pilot))
        await loaded(pilot)
        await pilot.press("enter", "c")
        await until(pilot, lambda: "Comment on invoice 3" in screen_text(pilot))
        await pilot.press(*"line", "f2")
        await until(pilot, lambda: "✓ Commented on invoice 3" in screen_text(pilot))
        await loaded(pilot)
        await pilot.press("enter")
        said = ("2 comments", "Demo Owner · today", "Kestrel Instruments")
        await until(pilot, lambda: all(one in screen_text(pilot) for one in said))
        await pilot.press("escape", "c")
        await until(pilot, lambda: "Comment on invoice 3" in screen_text(pilot))
        await pilot.press(*"half")
        await until(pilot, lambda: "half" in screen_text(pilot), "typed")
        await pilot.press("escape")
        await until(pilot, lambda: "half" not in screen_text(pilot), "closed")
        await pilot.press("c")
        await until(pilot, lambda: "half" in screen_text(pilot), "a draft is kept")


async def test_a_client_with_projects_goes_only_by_its_name(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    app = deck_of(server, tmp_path, "invoices")
    async with opened(app) as pilot:
        await narrowed(pilot, "Vesper")
        await pilot.press("d")
        await until(pilot, lambda: "Delete Vesper Observatory?" in screen_text(pilot))
        if "type the name" in screen_text(pilot):
            await pilot.press(*"Vesper", "enter")
            await until(pilot, lambda: "that is another name" in screen_text(pilot))
            await pilot.press("ctrl+u", *"Vesper Observatory", "enter")
        else:
            await pilot.press("y")
        await until(pilot, lambda: "✓ Deleted Vesper" in screen_text(pilot))


@pytest.mark.parametrize(
    ("size", "texts"),
    [
        ((80, 24), ["Client", "State", "Amount", " d late", "✓ "]),
        ((120, 40), ["Client", "State", "Due", "Paid, reminded", "Amount", "! overdue", "✓ paid"]),
    ],
)
async def test_amount_and_state_are_seen_at_every_width(
    server: EmbeddedServer, tmp_path: Path, size: tuple[int, int], texts: list[str]
) -> None:
    app = deck_of(server, tmp_path, "invoices")
    async with opened(app, size) as pilot:
        await until(pilot, lambda: f"{amount_of(server):,}" in screen_text(pilot))
        for text in texts:
            assert text in screen_text(pilot)
        await pilot.press("j")
        await until(pilot, lambda: all(one in screen_text(pilot) for one in ("Hours", "Status")))
        await pilot.press("tab", "tab")
        await until(pilot, lambda: "v Approve" in screen_text(pilot), "keys of the focused pane")


async def test_without_the_service_the_kept_invoices_stay_and_say_how_old(tmp_path: Path) -> None:
    with EmbeddedServer(services=["timesheets"]) as server:
        app = deck_of(server, tmp_path, "invoices")
        async with opened(app, (80, 24)) as pilot:
            await narrowed(pilot, "Kestrel")
    app = deck_of(server, tmp_path, "invoices")
    async with opened(app, (80, 24)) as pilot:
        # Each pane reads for itself, and any of them may be the first that says how old it is.
        await until(pilot, lambda: all(one in screen_text(pilot) for one in ("as of ", "Kestrel")))
        await pilot.press("a")
        await until(pilot, lambda: "New client" in screen_text(pilot))
        await put(pilot, "Nobody")
        await pilot.press("f2")
        await until(pilot, lambda: "Timesheets: waiting" in screen_text(pilot))
        await until(pilot, lambda: "1 waiting" in screen_text(pilot))
        (kept,) = await app.workspace.history.outbox.still_open()
        assert kept.arguments["name"] == "Nobody", "nothing typed is lost"
