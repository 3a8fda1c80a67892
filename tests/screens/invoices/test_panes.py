"""The panes of Invoices: each has its keys, and they belong to one client together."""

from __future__ import annotations

from asyncio import Event, sleep
from pathlib import Path
from typing import Any

import pytest
from textual import events
from textual.pilot import Pilot

from tests.deck import (
    amount_of,
    deck_of,
    footer,
    loaded,
    opened,
    screen_text,
    shown,
    unreachable,
    until,
)
from tests.harness import EmbeddedServer
from tests.screens.invoices.steps import narrowed
from tui.screens.invoices.invoices_pane import InvoicesPane
from tui.screens.invoices.screen import InvoicesScreen
from tui.screens.messages import Go, hand_over
from tui.widgets.dialogs import MessageBox
from tui.widgets.filterline import FilterLine
from tui.widgets.grid import Grid
from tui.widgets.outline import Outline
from tui.workspace.invoices.invoices import Clients, InvoiceDesk, Invoices
from tui.workspace.reads import Answer


async def focused(pilot: Pilot[Any], id: str) -> None:
    """The focus in one pane, whose keys the footer shows by then."""
    pilot.app.screen.query_one(f"#{id}").focus()
    await until(pilot, lambda: pilot.app.screen.query_one(f"#{id}").has_focus)
    await pilot.pause()


async def test_the_footer_shows_the_keys_of_the_pane_that_has_the_focus(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    async with opened(deck_of(server, tmp_path, "invoices")) as pilot:

        async def says(keys: dict[str, str]) -> None:
            await until(pilot, lambda: footer(pilot) == keys, f"{keys}, not {footer(pilot)}")

        await focused(pilot, "invoice-grid")
        await loaded(pilot)
        await until(pilot, lambda: footer(pilot).get("p") == "Paid", "the first is to be paid")
        await pilot.press("G")
        await until(pilot, lambda: footer(pilot).get("p") == "Not paid", "the last is paid")
        await focused(pilot, "client-list")
        # On the line of all clients nothing that is for one of them.
        anywhere = {"w": "What is owed", "b": "Bank statement", "R": "Recurring", "O": "Office"}
        await says({"⏎": "Open", "a": "New client", "/": "Filter", "e": "Export"} | anywhere)
        await narrowed(pilot, "Quay")
        always = {"⏎": "Open", "m": "Change", "d": "Delete", "e": "Export"}
        always |= {"w": "What is owed", "b": "Bank statement", "R": "Recurring", "O": "Office"}
        own = {"a": "New client", "i": "Invoice", "/": "Filter", "o": "Tasks"}
        await says(always | own)
        await focused(pilot, "invoice-grid")
        own = {"a": "New invoice", "p": "Not paid", "c": "Comment", "y": "Copy", "o": "Tasks"}
        own |= {
            "s": "Remind",
            "D": "Document",
            "n": "Issue",
            "P": "Payments",
            "/": "Filter",
        }
        # A draft has no credit note: it is deleted.
        await says(always | own)
        await focused(pilot, "work-grid")
        always |= {"i": "Invoice", "/": "Filter"}
        for own in (
            {"a": "New entry", "v": "Approve", "c": "Comment", "o": "Tasks"},
            {"a": "New task", "c": "Comment", "o": "Projects"},
            {"a": "New project", "o": "Work"},
        ):
            await says(always | own)
            await pilot.press("o")


async def test_the_footer_offers_no_key_for_an_invoice_where_there_is_none(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    async with opened(deck_of(server, tmp_path, "invoices")) as pilot:
        await focused(pilot, "invoice-grid")
        await loaded(pilot)
        of_one = {"Open", "Issue", "Paid", "Document", "Payments", "Remind", "Comment", "Delete"}
        await until(pilot, lambda: of_one <= {*footer(pilot).values()}, "the first is a draft")
        await pilot.press("slash", *"nothing like it", "enter")
        left = ["New invoice", "Filter"]
        await until(pilot, lambda: [*footer(pilot).values()][:2] == left, "nothing is here")
        assert not of_one & {*footer(pilot).values()}
        await pilot.press("slash", "escape")
        await until(pilot, lambda: of_one <= {*footer(pilot).values()}, "all are here again")


async def test_a_key_acts_on_no_other_pane(server: EmbeddedServer, tmp_path: Path) -> None:
    """Above all none comments on, pays or deletes what the cursor of another pane is on."""
    async with opened(deck_of(server, tmp_path, "invoices")) as pilot:
        await narrowed(pilot, "Quay")
        for pane, keys in (
            ("client-list", {"c": "Comment", "p": "Paid", "v": "Approve"}),
            ("invoice-grid", {"v": "Approve"}),
            ("work-grid", {"p": "Paid", "n": "Issue"}),
        ):
            await focused(pilot, pane)
            for key, title in keys.items():
                await pilot.press(key)
                words = f"{title} means nothing here. It is for "
                await until(pilot, lambda words=words: words in screen_text(pilot), words)  # type: ignore[misc]
            assert pilot.app.screen.query_one(f"#{pane}").has_focus
        assert not [one for one in pilot.app.screen.query(FilterLine) if one.has_focus]


async def test_each_pane_deletes_and_copies_what_its_own_cursor_is_on(
    server: EmbeddedServer, tmp_path: Path, copied: list[str]
) -> None:
    async with opened(deck_of(server, tmp_path, "invoices")) as pilot:
        await narrowed(pilot, "Kestrel")
        for pane, question, line in (
            ("client-list", "Delete Kestrel Instruments?", "Kestrel Instruments"),
            ("invoice-grid", f"Delete invoice 3 of {amount_of(server):,}?", "3\t! overdue\t"),
            ("work-grid", "Delete the entry of ", ":"),
        ):
            await focused(pilot, pane)
            await pilot.press("y")
            await until(pilot, lambda: bool(copied))
            assert line in copied.pop()
            await pilot.press("d")
            await until(pilot, lambda question=question: question in screen_text(pilot), question)  # type: ignore[misc]
            await pilot.press("escape")
            await until(pilot, lambda: "Delete " not in screen_text(pilot).replace("d Delete ", ""))


async def test_where_marks_stand_one_alone_is_asked_about_before_anything_is_done(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    async with opened(deck_of(server, tmp_path, "invoices")) as pilot:
        await until(pilot, lambda: "Bayshore" in screen_text(pilot))
        await focused(pilot, "invoice-grid")
        grid = pilot.app.screen.query_one("#invoice-grid", Grid)
        await until(pilot, lambda: grid.row_count > 2, "the invoices")
        at, *others = [grid.source.key(place) for place in range(3)]
        assert grid.move_to_key(at)
        grid.set_marked(frozenset(others))
        asked = f"acts on invoice {at} alone"
        for key in ("p", "n", "D", "d", "m", "c", "x"):
            await pilot.press(key)
            await until(pilot, lambda key=key: asked in screen_text(pilot), key)  # type: ignore[misc]
            assert "2 are marked" in " ".join(screen_text(pilot).split())
            await pilot.press("escape")
            await until(pilot, lambda: asked not in screen_text(pilot))
        await pilot.press("d")
        await until(pilot, lambda: asked in screen_text(pilot))
        # Pressed twice by mistake, the key that goes on confirms nothing.
        await pilot.press("o", "o")
        await until(pilot, lambda: f"Delete invoice {at} of" in screen_text(pilot))
        await pilot.press("escape")
        await until(pilot, lambda: f"Delete invoice {at} of" not in screen_text(pilot))
        grid.set_marked(frozenset([at]))
        await pilot.press("d")
        await until(pilot, lambda: f"Delete invoice {at} of" in screen_text(pilot), "asked once")
        assert asked not in screen_text(pilot)
        await pilot.press("escape")


async def test_what_means_the_whole_screen_is_done_from_every_pane(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    async with opened(deck_of(server, tmp_path, "invoices")) as pilot:
        await narrowed(pilot, "Quay")
        for pane, title in (
            ("client-list", "Tasks"), ("invoice-grid", "Projects"), ("work-grid", "Work"),
        ):  # fmt: skip
            await focused(pilot, pane)
            await pilot.press("o")
            await until(pilot, lambda title=title: f"{title} ─" in screen_text(pilot), title)  # type: ignore[misc]
            await pilot.press("e")
            await until(pilot, lambda: "Export as CSV" in screen_text(pilot))
            await pilot.press("escape")
            await until(pilot, lambda: "Export as CSV" not in screen_text(pilot))
            await pilot.press("i")
            await until(pilot, lambda: "New invoice for Quay" in screen_text(pilot))
            # Not in the narrower one, where it scrolls.
            assert "as set up for the client" in screen_text(pilot)
            await pilot.press("escape")
            await until(pilot, lambda: "New invoice for Quay" not in screen_text(pilot))


async def test_what_is_hidden_is_not_pointed_at(server: EmbeddedServer, tmp_path: Path) -> None:
    """Where all clients are chosen there is no work to be approved."""
    async with opened(deck_of(server, tmp_path, "invoices")) as pilot:
        await until(pilot, lambda: "Bayshore" in screen_text(pilot))
        await pilot.press("home", "v")
        await until(pilot, lambda: "Approve means nothing here." in screen_text(pilot))
        assert "tab goes there" not in screen_text(pilot)


async def test_another_clients_lists_begin_at_their_top(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    """One that is gone back to as well; what is read anew keeps its cursor."""
    async with opened(deck_of(server, tmp_path, "invoices")) as pilot:
        await until(pilot, lambda: f"{amount_of(server):,}" in screen_text(pilot))
        screen = pilot.app.screen
        assert isinstance(screen, InvoicesScreen)
        clients = screen.clients.outline
        invoices, work = screen.invoices.grid, screen.work.grid
        clients.move_to_row(6)
        await until(pilot, lambda: "Invoices of Kestrel" in screen_text(pilot))
        await until(pilot, lambda: "Retention" in screen_text(pilot))
        await focused(pilot, "work-grid")
        told = dict(screen.work._told)
        await pilot.press("j", "j", "r")
        await until(pilot, lambda: screen.work._told != told, "read anew")
        assert work.cursor_row == 2
        await pilot.press("o")
        await until(pilot, lambda: "▌Tasks ─" in screen_text(pilot))
        assert work.cursor_row == 0
        invoices.move_to_row(1)
        clients.move_to_row(0)
        await until(pilot, lambda: "Invoices of all clients" in screen_text(pilot))
        assert invoices.cursor_row == 0


async def test_an_invoice_is_revealed_while_another_client_is_chosen(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    async with opened(deck_of(server, tmp_path, "invoices")) as pilot:
        await narrowed(pilot, "Bayshore")
        await pilot.press("slash", "escape")
        await hand_over(pilot.app, Go("invoices", "3"))
        grid = pilot.app.screen.query_one("#invoice-grid", Grid)
        await until(pilot, lambda: grid.has_focus and grid.cursor_key == "3")
        assert "Invoices of all clients" in screen_text(pilot)


async def test_invoices_that_do_not_tell_their_client_are_asked_for_by_client(
    server: EmbeddedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While they are asked for, no key can act on the invoices that were shown before."""
    monkeypatch.setattr(Invoices, "owned", property(lambda _: False))
    told, asked = Event(), InvoiceDesk.invoices_of

    async def invoices_of(desk: InvoiceDesk, client_id: int) -> Invoices:
        await told.wait()
        return await asked(desk, client_id)

    monkeypatch.setattr(InvoiceDesk, "invoices_of", invoices_of)
    app = deck_of(server, tmp_path, "invoices")
    async with opened(app) as pilot:
        await until(pilot, lambda: f"{amount_of(server):,}" in screen_text(pilot))
        grid = app.screen.query_one("#invoice-grid", Grid)
        clients = app.screen.query_one("#client-list", Outline)
        before = grid.row_count
        clients.move_to_row(6)
        await until(pilot, lambda: "Invoices of Kestrel" in screen_text(pilot))
        assert grid.row_count == 0
        unpaid = amount_of(server, 3) + amount_of(server, 16)
        told.set()
        await until(pilot, lambda: f"{unpaid:,} unpaid · 2" in screen_text(pilot))
        assert grid.row_count == 2
        told.clear()
        clients.move_to_row(7)
        await until(pilot, lambda: "Invoices of Lumen" in screen_text(pilot))
        clients.move_to_row(0)
        await until(pilot, lambda: "Invoices of all clients" in screen_text(pilot))
        amount = f"{amount_of(server):,}"
        await until(pilot, lambda: amount in screen_text(pilot), "and nothing that loads")
        assert grid.row_count == before


async def test_without_the_service_every_pane_shows_what_was_kept(tmp_path: Path) -> None:
    with EmbeddedServer(services=["timesheets"]) as server:
        async with opened(deck_of(server, tmp_path, "invoices")) as pilot:
            await narrowed(pilot, "Kestrel")
        amount = f"{amount_of(server):,}"
    async with opened(deck_of(server, tmp_path, "invoices")) as pilot:
        await until(pilot, lambda: screen_text(pilot).count("as of ") == 2)
        await until(pilot, lambda: amount in screen_text(pilot), "of the third pane, too")
        pilot.app.screen.query_one("#client-list", Outline).move_to_row(6)
        await until(pilot, lambda: screen_text(pilot).count("as of ") == 3)
        assert "Retention" in screen_text(pilot), "the work that was looked at before"


async def test_invoices_that_were_never_asked_for_are_not_called_none(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    with unreachable():
        async with opened(deck_of(server, tmp_path, "invoices")) as pilot:
            words = "Not asked for: the clients could not be read."
            await until(pilot, lambda: words in screen_text(pilot), words)


async def test_before_the_clients_are_there_keys_wait_and_nothing_is_called_empty(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    app = deck_of(server, tmp_path, "invoices")
    clients, go_on = app.workspace.invoices.clients, Event()

    async def slow() -> Answer[Clients]:
        await go_on.wait()
        return await clients()

    app.workspace.invoices.clients = slow  # type: ignore[method-assign]
    async with opened(app) as pilot:
        await until(pilot, lambda: "Loading invoices" in screen_text(pilot))
        pane = app.screen.query_one(InvoicesPane)
        pane.grid.focus()
        await until(pilot, lambda: pane.has_focus_within)
        for key in (events.Key("j", "j"), events.Key("enter", "\r")):
            app.post_message(key)
        for _ in range(99):  # a pause would wait for the keys
            await sleep(0)
        assert len(app._line) == 2
        assert "nothing here" not in screen_text(pilot)
        go_on.set()
        await until(pilot, lambda: isinstance(app.screen, MessageBox), "it is opened")
        assert pane.grid.cursor_row == 1


@pytest.mark.parametrize("currency", ["", "€", "EUR"])
@pytest.mark.parametrize(("width", "says"), [(110, "Open"), (120, "Open"), (140, "Paid, reminded")])
async def test_what_all_clients_owe_is_seen_whole(
    server: EmbeddedServer, tmp_path: Path, width: int, says: str, currency: str
) -> None:
    app = deck_of(server, tmp_path, "invoices", deck__currency=currency)
    unpaid = f"{amount_of(server):,}"
    async with opened(app, (width, 40)) as pilot:
        await until(pilot, lambda: "All clients" in screen_text(pilot) and shown(pilot, unpaid))
        await loaded(pilot)
        head = next(line for line in screen_text(pilot).splitlines() if " Open" in line)
        assert says in head
        assert "»" not in head, "no column is out of sight"
        amounts = [line for line in screen_text(pilot).splitlines() if line.count(unpaid) == 2]
        assert amounts, "what is open and what it was about, neither cut"
