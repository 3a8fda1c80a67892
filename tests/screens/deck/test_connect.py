"""Connecting and disconnecting inside the deck: what is asked, tried, kept, said and forgotten."""

from __future__ import annotations

import asyncio
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from textual import events
from textual.pilot import Pilot

from tests.deck import (
    deck_of,
    end_news,
    locations_in,
    opened,
    screen_text,
    service_settings,
    until,
)
from tests.harness import EmbeddedServer
from tests.scripted import holding, scripted
from tui.app import Tockdeck
from tui.commands import SCREENS
from tui.config.connect import connection_fields, keep_connection
from tui.config.load import load
from tui.config.settings import SERVICES
from tui.widgets import waiting
from tui.widgets.form import Form
from tui.workspace.workspace import Workspace

HIDING = "The embedded services will be hidden"


@pytest.fixture(scope="module")
def empty() -> Iterator[EmbeddedServer]:
    """A second server, on which the same user has nothing."""
    with EmbeddedServer(seeded=False) as running:
        yield running


def deck_of_nobody(folder: Path, screen: str, config: str = "") -> Tockdeck:
    """A deck that only its own file of connections sets up; it starts no embedded services."""
    places = locations_in(folder)
    places.config_file(None).parent.mkdir(exist_ok=True)
    places.config_file(None).write_text(
        f'[deck]\nfirst_screen = "{screen}"\ntime_zone = "UTC"\n[network]\nretries = 0\n'
        f'[embedded]\nuse = "never"\n{config}'
    )
    loaded = load(places.config_file(None), kept=places.connections_file, environment={})
    return Tockdeck(Workspace(loaded, places))


async def put(pilot: Pilot[Any], **values: str) -> None:
    """Type into the fields of these names, over what stands there."""
    form = pilot.app.screen
    for name, text in values.items():
        while True:
            field = pilot.app.focused
            assert field is not None
            row = next(one for one in field.ancestors_with_self if hasattr(one, "field"))
            if row.field.name == name:
                break
            await pilot.press("enter")
        await pilot.press("ctrl+u")
        field.post_message(events.Paste(text))
        await pilot.pause()
    assert pilot.app.screen is form


async def see(pilot: Pilot[Any], text: str) -> None:
    """Wait until the screen or a box on it says it, whatever lines it is broken into."""
    wanted = "".join(text.split())
    await until(
        pilot,
        lambda: wanted in "".join((screen_text(pilot) + box_text(pilot)).split()),
        text,
    )


def box_text(pilot: Pilot[Any]) -> str:
    """What stands in the box of a dialog."""
    lines = screen_text(pilot).splitlines()
    return " ".join(" ".join(line.split("│")[1] for line in lines if "│" in line).split())


async def connect_timers(pilot: Pilot[Any], server: EmbeddedServer, password: str = "") -> None:
    """Fill in the form of TrackMyPeople, which is open, and send it off."""
    held = server.credentials
    await see(pilot, "Connect TrackMyPeople")
    await put(
        pilot,
        base_url=server.url("/trackmypeople/api/trackers.json"),
        user=held.trackmypeople_user,
        password=password or held.trackmypeople_password,
    )
    await pilot.press("f2")


async def test_an_account_is_tried_then_kept_for_its_owner_alone(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    held = server.credentials
    app = deck_of_nobody(tmp_path, "timers")
    path = app.workspace.locations.connections_file
    async with opened(app) as pilot:
        await see(pilot, "is not connected. C connects it.")
        await pilot.press("C")
        await connect_timers(pilot, server, "rosebud")
        await see(pilot, "TrackMyPeople: authentication: Wrong")
        assert "Connect TrackMyPeople" in screen_text(pilot), "the form stays"
        assert server.url("/trackmypeople") in screen_text(pilot), "with what was typed"
        assert "rosebud" not in screen_text(pilot)
        assert not path.exists()
        await put(pilot, password=held.trackmypeople_password)
        assert held.trackmypeople_password not in screen_text(pilot)
        await pilot.press("f2")
        await see(pilot, f"TrackMyPeople is set up: {held.trackmypeople_user}, ")
        await until(pilot, lambda: "Fairlead" in screen_text(pilot), "the sample's trackers")
    assert path.stat().st_mode & 0o077 == 0, "nobody else's"
    kept = tomllib.loads(path.read_text())["trackmypeople"]
    assert kept["user"] == held.trackmypeople_user
    assert kept["base_url"] == server.url("/trackmypeople/api"), "the page was read"


SAMPLE = ("Seabright", "Lunch on the quay", "Twilight", "Fairlead", "Kestrel", "Harbour", "Petrel")
"""Names of the sample, of each service some."""


def all_on(server: EmbeddedServer, folder: Path) -> None:
    """Set every service up on the server, as the deck keeps it."""
    asked = {one.key for service in SERVICES for one in connection_fields(service)}
    for service in SERVICES:
        values = {
            key.partition(".")[2]: value
            for key, value in service_settings(server).items()
            if key.startswith(f"{service}.") and key in asked
        }
        keep_connection(locations_in(folder).connections_file, service, values)


def is_loaded(pilot: Pilot[Any]) -> bool:
    """Whether nothing of the screen is on its way any more."""
    loads = [one for one in pilot.app.workers if one.group == "load" and not one.is_finished]
    return not loads and "Loading" not in screen_text(pilot)


async def all_screens(pilot: Pilot[Any]) -> str:
    """What stands on the seven screens once they are loaded."""
    seen = []
    for key in "1234567":
        await pilot.press(key)
        await until(pilot, lambda: is_loaded(pilot), "loaded")
        seen.append(screen_text(pilot))
    return "\n".join(seen)


async def test_nothing_of_the_former_account_is_left(
    server: EmbeddedServer, empty: EmbeddedServer, tmp_path: Path
) -> None:
    all_on(server, tmp_path)
    app = deck_of_nobody(tmp_path, "timers")
    async with opened(app, (120, 40)) as pilot:
        await until(pilot, lambda: "Fairlead" in screen_text(pilot))
        seen = await all_screens(pilot)
        assert {name for name in SAMPLE if name in seen} == set(SAMPLE)
        former = app.workspace
        await pilot.press("5", "C")
        await see(pilot, "as another user or at another address")
        # The others change with it, as if each had been connected anew.
        all_on(empty, tmp_path)
        await pilot.press("enter")
        await connect_timers(pilot, empty)
        await see(pilot, "TrackMyPeople is set up")
        assert app.workspace is not former
        assert await app.workspace.history.undoing.next_undo() is None
        seen = await all_screens(pilot)
        assert {name for name in SAMPLE if name in seen} == set()
        assert len(app._screen_stacks) == len(SCREENS), "the former screens are gone"
        for service in SERVICES:
            # What was kept of it on the disk is nobody's any more.
            assert app.workspace.connections.account(service) != former.connections.account(service)


async def test_disconnecting_asks_and_leaves_what_is_a_persons(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    app = deck_of_nobody(tmp_path, "timers", '[trackmypeople]\ntime_zone = "UTC"\n')
    file, path = app.workspace.loaded.file, app.workspace.locations.connections_file
    written = file.read_text()
    async with opened(app) as pilot:
        await see(pilot, "Timers")
        await pilot.press("C")
        await see(pilot, "as another user or at another address")
        await pilot.press("enter")
        await connect_timers(pilot, server)
        await until(pilot, lambda: "Fairlead" in screen_text(pilot))
        await pilot.press("C")
        await see(pilot, "forget what the deck keeps of it")
        await pilot.press("j", "enter")
        await see(pilot, "Nothing changes at the service")
        await see(pilot, f"{file} sets time_zone")
        await pilot.press("n")
        assert path.exists()
        assert "Fairlead" in screen_text(pilot)
        await pilot.press("C", "j", "enter")
        await see(pilot, "Nothing changes at the service")
        await pilot.press("y")
        await see(pilot, "TrackMyPeople is disconnected. It is still set up")
        assert "Fairlead" not in screen_text(pilot)
        await pilot.press("C", "j", "enter")
        await see(pilot, "TrackMyPeople is not set up by the deck")
        await pilot.press("enter")
    assert "trackmypeople" not in tomllib.loads(path.read_text())
    assert file.read_text() == written


async def test_that_the_embedded_services_will_be_hidden_is_said_before(
    server: EmbeddedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = deck_of(server, tmp_path, "today")
    async with opened(app) as pilot:
        await until(pilot, lambda: "Loading" not in screen_text(pilot))
        for hides in (True, False):
            monkeypatch.setattr(
                app.workspace.accounts, "hides_embedded", lambda _, said=hides: said
            )
            await pilot.press("C")
            await see(pilot, "TickTocker")
            await pilot.press("enter")
            await see(pilot, "as another user")
            await pilot.press("enter")
            await see(pilot, "It is tried first")
            said = box_text(pilot)
            assert (HIDING in said) is hides
            assert ('use = "always" in [embedded]' in said) is hides
            await pilot.press("escape")
            await until(pilot, lambda: "tried first" not in screen_text(pilot))


async def test_esc_gives_up_what_is_tried_and_the_form_is_there_as_it_was_typed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Whoever presses esc here has seen what is tried, however quick the test is.
    monkeypatch.setattr(waiting, "SEEN_SECONDS", 0.0)
    app = deck_of_nobody(tmp_path, "timers")
    path = app.workspace.locations.connections_file
    with scripted(holding(b"")) as silent:
        async with opened(app) as pilot:
            await see(pilot, "is not connected. C connects it.")
            await pilot.press("C")
            await see(pilot, "Connect TrackMyPeople")
            for _ in range(2):
                await put(pilot, base_url=silent.url, user="anna", password="rosebud")
                await pilot.press("f2")
                await see(pilot, "Trying TrackMyPeople")
                assert await asyncio.to_thread(silent.asked.wait, 20)
                await pilot.press("j", "q")
                await see(pilot, "Trying TrackMyPeople")
                await pilot.press("escape")
                await see(pilot, "TrackMyPeople: given up: This account was not tried to the end")
                await until(pilot, lambda: "esc gives up" not in screen_text(pilot))
                assert await asyncio.to_thread(silent.hung_up.wait, 20), "nobody waits for it"
                form = pilot.app.screen
                assert isinstance(form, Form)
                assert form.texts["base_url"] == silent.url
                assert form.texts["user"] == "anna"
                assert form.texts["password"] == "rosebud", "it is there to be sent again"
                assert "rosebud" not in screen_text(pilot)
                assert not path.exists()


async def test_where_a_screen_is_of_all_services_one_is_chosen(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    app = deck_of_nobody(tmp_path, "today")
    async with opened(app) as pilot:
        await see(pilot, "Not connected: TrackMyPeople, TickTocker")
        await pilot.press("C")
        await until(pilot, lambda: "TickTocker" in screen_text(pilot).partition("Connect ")[2])
        await pilot.press("slash", *"Igtimi", "enter")
        await until(pilot, lambda: "Connect Igtimi" in screen_text(pilot))
        await pilot.press("escape")
        await until(pilot, lambda: "Connect Igtimi" not in screen_text(pilot))
    assert not app.workspace.locations.connections_file.exists()


async def test_a_service_that_is_not_connected_is_said_alike_beside_and_named_with_its_key(
    tmp_path: Path,
) -> None:
    said = "TrackMyPeople is not connected. C connects it."
    for screen in ("timers", "today"):
        async with opened(deck_of_nobody(tmp_path, screen)) as pilot:
            await see(pilot, said)
            if screen == "timers":
                await see(pilot, "is not connected. C connects it.")
                assert "not known yet" not in screen_text(pilot)
            for key in ("x", "a") if screen == "timers" else ("x", "s"):
                await pilot.press(key)
                await see(pilot, f"! {said}")
                end_news(pilot)
    async with opened(deck_of_nobody(tmp_path, "invoices")) as pilot:
        await see(pilot, "is not connected. C connects it.")
        await pilot.press("w")
        await see(pilot, "! Timesheets is not connected. C connects it.")
