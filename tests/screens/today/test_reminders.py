"""Reminders on Today: made in one line, rung for once, done, put off, deleted and taken back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from textual.drivers.headless_driver import HeadlessDriver
from textual.pilot import Pilot
from textual.widgets._toast import ToastRack

from tests.changes import client_named
from tests.deck import deck_of, looked_after, opened, shown, until
from tests.harness import EmbeddedServer
from tests.screens.today.steps import loaded, move_to
from tui.app import Tockdeck
from tui.screens.messages import RemindersChanged
from tui.store.reminders import Reminders


def reminders_in(folder: Path) -> Reminders:
    return Reminders(folder / "data" / "reminders.json")


def texts(folder: Path) -> list[str]:
    return [one.text for one in reminders_in(folder).all()]


class Bell:
    """Counts how often an application rings."""

    def __init__(self, app: Tockdeck) -> None:
        self.rung = 0
        app.bell = self._ring  # type: ignore[method-assign]

    def _ring(self) -> None:
        self.rung += 1


async def on_reminder(pilot: Pilot[Any], number: int) -> None:
    """Put the agenda's cursor on a reminder, and wait until the footer knows."""
    today = await loaded(pilot)
    agenda = today.agenda.list
    agenda.focus()
    await until(pilot, lambda: f"reminder {number}" in agenda._entries)
    move_to(agenda, lambda key: key == f"reminder {number}")
    await until(pilot, lambda: agenda.has_focus and shown(pilot, "c Done", "z Later", "d Delete"))


async def test_one_is_made_put_off_deleted_and_done_and_each_is_taken_back(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    server.reset()
    app = deck_of(server, tmp_path)
    async with opened(app) as pilot:
        today = await loaded(pilot)
        await until(pilot, lambda: looked_after(app))
        assert not shown(pilot, "c Done"), "only where the cursor is on one"
        await pilot.press("d")
        await until(pilot, lambda: shown(pilot, "The cursor is on no reminder of yours"))
        await pilot.press("plus")
        await until(pilot, lambda: shown(pilot, "─ Remind me ─", "Write when and what"))
        await pilot.press(*"tomorrow 9-10 call", "enter")
        await until(pilot, lambda: shown(pilot, "✗ A reminder is due at one time"))
        await pilot.press("ctrl+u", *"in 3d call the [b]sailmaker")
        await until(pilot, lambda: shown(pilot, " d: call the [b]sailmaker"))
        await pilot.press("enter")
        await until(pilot, lambda: shown(pilot, "✓ Reminds you ", "reminder  call the [b]sail"))
        assert texts(tmp_path) == ["call the [b]sailmaker"]
        await on_reminder(pilot, 1)
        await pilot.press("z")
        await until(pilot, lambda: shown(pilot, "─ Later ─", "= "))
        await pilot.press("ctrl+u", *"in 5d", "enter")
        await until(pilot, lambda: shown(pilot, "✓ Again ", "u takes that back"))
        later = reminders_in(tmp_path).all()[0].moment
        assert later > datetime.now(UTC) + timedelta(days=4, hours=23)
        await on_reminder(pilot, 1)
        await pilot.press("d")
        await until(pilot, lambda: shown(pilot, "✓ Deleted: call the [b]sailmaker"))
        await until(pilot, lambda: not any("reminder" in key for key in today.agenda.list._entries))
        await until(pilot, lambda: shown(pilot, "u Undo: Delete: call"))
        await pilot.press("u")
        await until(pilot, lambda: shown(pilot, "✓ Undone: Delete: call the [b]sailmaker."))
        await on_reminder(pilot, 1)
        await pilot.press("c")
        await until(pilot, lambda: shown(pilot, "✓ Done: call the [b]sailmaker"))
        await until(pilot, lambda: shown(pilot, "u Undo: Done: call"))
        await pilot.press("u")
        await until(pilot, lambda: texts(tmp_path) == ["call the [b]sailmaker"])
        await until(pilot, lambda: shown(pilot, "u Undo: Snooze"))
        await pilot.press("u")
        await until(pilot, lambda: reminders_in(tmp_path).all()[0].moment < later)
        await until(pilot, lambda: shown(pilot, "u Undo: Remind: call"))
        await pilot.press("U")
        await until(pilot, lambda: shown(pilot, "✓ Made again: Snooze: call the [b]sailmaker."))
        assert reminders_in(tmp_path).all()[0].moment == later
        await until(pilot, lambda: shown(pilot, "u Undo: Snooze"))
        await pilot.press("u")
        await until(pilot, lambda: reminders_in(tmp_path).all()[0].moment < later)
        await on_reminder(pilot, 1)
        await pilot.press("enter")
        await until(pilot, lambda: shown(pilot, "─ Reminder ─"))


async def test_the_bell_rings_once_for_each_and_not_again_after_a_restart(
    server: EmbeddedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.reset()
    with server.context.database.write() as connection:
        late = int(datetime(2026, 1, 5, tzinfo=UTC).timestamp())
        unpaid = "due_date = ?, payed_date = NULL, status = 'new'"
        connection.execute(f"UPDATE timesheets_invoices SET {unpaid} WHERE id = 3", (late,))
    sent: list[str] = []
    monkeypatch.delenv("TMUX", raising=False)
    monkeypatch.setattr(
        HeadlessDriver, "send", lambda _self, text: sent.append(text), raising=False
    )

    def word(text: str) -> bool:
        return f"\x1b]9;tockdeck: Reminder: {text}\x1b\\" in sent

    kept, now = reminders_in(tmp_path), datetime.now(UTC)
    kept.add(now - timedelta(hours=1), "missed while nothing was open")
    app = deck_of(server, tmp_path, deck__notices="osc9")
    bell = Bell(app)
    async with opened(app, notifications=True) as pilot:
        await loaded(pilot)
        await until(pilot, lambda: bell.rung == 1)
        await until(pilot, lambda: shown(pilot, "reminder  missed while nothing was open"))
        rack = app.screen.get_child_by_type(ToastRack)
        await until(pilot, lambda: bool(rack.children), "it is shown")
        await until(pilot, lambda: word("missed while nothing was open"), "and word is given")
        # Of the sample's invoices, once they were read.
        await until(pilot, lambda: any("tockdeck: Overdue: " in one for one in sent))
        assert rack.styles.margin.bottom == 2, "news and keys can be read"
        kept.add(datetime.now(UTC) + timedelta(seconds=0.5), "soon")
        kept.add(now + timedelta(days=400), "far away")
        app.post_message(RemindersChanged())
        await until(pilot, lambda: bell.rung == 2, "the timer goes off by itself")
        await until(pilot, lambda: word("soon"))
        await until(pilot, lambda: shown(pilot, "2 reminders due"))
        waits = app.screen.query_one("#waits-list")
        waits.focus()
        await until(pilot, lambda: waits.has_focus)
        await pilot.press("g")
        await until(pilot, lambda: shown(pilot, "c Done"))
        await pilot.press("c")
        await until(pilot, lambda: shown(pilot, "✓ Done: missed while nothing was open"))
        await until(pilot, lambda: not shown(pilot, "2 reminders due"))
    assert len(sent) == len(set(sent))
    again = deck_of(server, tmp_path)
    bell = Bell(again)
    async with opened(again) as pilot:
        await loaded(pilot)
        await until(pilot, lambda: shown(pilot, "! soon"))
        await until(pilot, lambda: again._alarm is not None and again._alarm._timer is not None)
        assert bell.rung == 0
        assert texts(tmp_path) == ["soon", "far away"]


async def test_a_file_that_cannot_be_read_is_said_and_stops_nothing(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    server.reset()
    file = tmp_path / "data" / "reminders.json"
    file.parent.mkdir(parents=True)
    file.write_text("{", encoding="utf-8")
    app = deck_of(server, tmp_path, "invoices")
    async with opened(app) as pilot:
        await until(pilot, lambda: looked_after(app))
        await pilot.press("u")
        await until(pilot, lambda: shown(pilot, "Nothing to undo"), "it is in nobody's way")
        await pilot.press("1")
        await until(pilot, lambda: shown(pilot, "The reminders cannot be read"))
        await loaded(pilot)
        assert file.read_text(encoding="utf-8") == "{"


async def test_what_was_taken_back_is_made_again_in_the_order_in_which_it_was_made(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    server.reset()
    app = deck_of(server, tmp_path)
    async with opened(app) as pilot:
        await loaded(pilot)
        await until(pilot, lambda: looked_after(app))
        kept = reminders_in(tmp_path)
        kept.add(datetime.now(UTC) + timedelta(days=2), "before")
        await client_named(app.workspace, "Between")
        kept.add(datetime.now(UTC) + timedelta(days=3), "after")
        for title in ("Remind: after", "New Between", "Remind: before"):
            await pilot.press("u")
            if title == "New Between":
                await until(pilot, lambda: shown(pilot, "Take back: New Between?"))
                await pilot.press("y")
            await until(pilot, lambda title=title: shown(pilot, f"Undone: {title}"))  # type: ignore[misc]
        assert texts(tmp_path) == []
        for title in ("Remind: before", "New Between", "Remind: after"):
            await pilot.press("U")
            if title == "New Between":
                await until(pilot, lambda: shown(pilot, "Make again: New Between?"))
                await pilot.press("y")
            await until(pilot, lambda title=title: shown(pilot, f"Made again: {title}"))  # type: ignore[misc]
        assert texts(tmp_path) == ["before", "after"]
        await pilot.press("U")
        await until(pilot, lambda: shown(pilot, "Nothing to make again"))
        # Another change since: what was taken back before it is not what is meant.
        await pilot.press("u")
        await until(pilot, lambda: shown(pilot, "Undone: Remind: after"))
        await client_named(app.workspace, "Later than it")
        await pilot.press("U")
        await until(pilot, lambda: shown(pilot, "Nothing to make again"))
        assert texts(tmp_path) == ["before"]
