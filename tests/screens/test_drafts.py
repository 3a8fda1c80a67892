"""A draft says that it is one, of what and since when; it comes back for that alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from tests.deck import deck_of, opened, screen_text, seen, until
from tests.harness import EmbeddedServer
from tests.screens.timers.steps import loaded
from tui.widgets.form import Form
from tui.widgets.form_fields import Picker

pytestmark = pytest.mark.usefixtures("as_at_the_start")


async def to_tracker(pilot: Pilot[Any], name: str) -> None:
    """Put the cursor on a tracker."""
    await pilot.press("slash", "ctrl+u", *name, "enter")


def form_of(pilot: Pilot[Any]) -> Form:
    """The form that is open."""
    form = pilot.app.screen
    assert isinstance(form, Form)
    return form


def title_of_choice(form: Form, name: str) -> str:
    """What a picker shows."""
    picker = next(row.editor for row in form._rows if row.field.name == name)
    assert isinstance(picker, Picker)
    return dict(picker.field.choices)[picker.value].strip()


@pytest.mark.parametrize(("key", "title"), [("A", "Add time"), ("f", "Add free time")])
async def test_time_is_never_booked_to_another_tracker_than_the_one_shown(
    server: EmbeddedServer, tmp_path: Path, key: str, title: str
) -> None:
    async with opened(deck_of(server, tmp_path, "timers")) as pilot:
        await loaded(pilot)
        await to_tracker(pilot, "wardrobe")
        await pilot.press(key)
        await seen(pilot, title)
        await pilot.press("shift+tab", "shift+tab", *"a seam")
        assert "a seam" in form_of(pilot).texts.values()
        await pilot.press("escape")
        await seen(pilot, "What you typed is kept")
        await to_tracker(pilot, "alert rules")
        await pilot.press(key)
        await seen(pilot, title)
        form = form_of(pilot)
        assert title_of_choice(form, "tracker") == "Alert rules"
        assert "a seam" not in form.texts.values(), "it is the draft of another tracker"
        assert "draft" not in screen_text(pilot)
        await pilot.press("escape")
        await to_tracker(pilot, "wardrobe")
        await pilot.press(key)
        await seen(pilot, "A draft of today ", ", not sent: Sail wardrobe", "a seam")
        assert title_of_choice(form_of(pilot), "tracker") == "Sail wardrobe"


async def test_what_was_done_is_proposed_for_its_own_tracker_only(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    app = deck_of(server, tmp_path, "timers")
    async with opened(app) as pilot:
        await loaded(pilot)
        named = "SELECT id FROM trackmypeople_trackers WHERE name = ?"
        drafts = app.workspace.drafts
        for name in ("Booking form", "Sail wardrobe"):
            ((tracker,),) = server.context.database.read(named, (name,))
            drafts.save(f"timers.done.{tracker}", {"description": f"for the {name}"})
        await pilot.press("x")
        await seen(pilot, "for the Booking form", "A draft of today ", ", not sent: Booking form")


async def test_a_draft_belongs_to_its_account(server: EmbeddedServer, tmp_path: Path) -> None:
    app = deck_of(server, tmp_path, "timers")
    drafts = app.workspace.drafts
    drafts.save("timers.add.5", {"description": "mine"})
    drafts.save("console.timetonic.getBooks", {"x": "1"})
    drafts.save("sessions.create", {"name": "same for both"})
    other = deck_of(server, tmp_path, "timers", trackmypeople__user="somebody")
    assert other.workspace.drafts.load("timers.add.5") == {}
    assert other.workspace.drafts.load("console.timetonic.getBooks") == {"x": "1"}
    assert other.workspace.drafts.load("sessions.create") == {"name": "same for both"}
    await app.workspace.close()
    await other.workspace.close()


async def test_what_is_refused_comes_back_without_being_called_a_draft(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    async with opened(deck_of(server, tmp_path, "timers")) as pilot:
        await loaded(pilot)
        await pilot.press("f")
        await seen(pilot, "Add free time")
        await pilot.press("ctrl+u", *"7", "escape")
        await pilot.press("f")
        await seen(pilot, "A draft of today ")
        await pilot.press("ctrl+u", "8")  # as it stands without any typing
        await pilot.press("escape")
        await until(pilot, lambda: not isinstance(pilot.app.screen, Form))
        await pilot.press("f")
        await seen(pilot, "Add free time")
        assert "draft" not in screen_text(pilot), "nothing was typed, so nothing is kept"
