"""A deck on a test's own embedded server, set up by configuration alone as for a real service."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from time import monotonic
from typing import Any
from unittest.mock import patch

import pytest
from textual import events
from textual.pilot import Pilot

from tests.harness import EmbeddedServer
from tests.patient import MOST_SECONDS, Patient
from tui.app import Tockdeck
from tui.config.load import Loaded, load
from tui.config.locations import Locations
from tui.screens import base, patience
from tui.screens.base import deck_screen
from tui.services.errors import ConnectionFailed
from tui.services.transport import Transport
from tui.services.wire import Request, Response
from tui.widgets import turns
from tui.widgets.keybar import KeyBar
from tui.widgets.notice import StatusLine
from tui.workspace.connections.connections import EMBEDDED_PATHS
from tui.workspace.workspace import Workspace

LOOK_SECONDS = 0.02
"""Between two looks whether something has happened meanwhile."""


def zone_at_noon() -> str:
    """An IANA name: where it is between 12:00 and 13:00 now, on the day that it is in UTC.

    There the last hours and the next ones are of the same day, whenever the tests run.
    """
    ahead = 12 - datetime.now(UTC).hour
    return f"Etc/GMT{-ahead:+d}"  # POSIX counts to the west.


def midnights(monkeypatch: pytest.MonkeyPatch, today: Callable[[], date]) -> None:
    """Let a screen that stays in front see at once that it is another day; `today` says which."""
    monkeypatch.setattr(base, "today_in", lambda _where, _now: today())
    monkeypatch.setattr(base, "end_of_day", lambda _day, _where: datetime.now(UTC))
    monkeypatch.setattr(base, "AFTER_MIDNIGHT", LOOK_SECONDS)


def locations_in(folder: Path) -> Locations:
    """Directories of a person whose home is a test's folder."""
    return Locations(folder / "config", folder / "data", folder / "state", folder / "cache")


def service_settings(server: EmbeddedServer) -> dict[str, str]:
    """The settings, by `section.name`, that set every service up on the server, in its zone."""
    held = server.credentials
    flags = {f"{name}.base_url": server.url(f"/{path}") for name, path in EMBEDDED_PATHS.items()}
    return flags | {
        "timetonic.login": held.timetonic_login,
        "timetonic.password": held.timetonic_password,
        "ticktocker.user": held.ticktocker_user,
        "ticktocker.api_key": held.ticktocker_key,
        "ticktocker.application_token": held.ticktocker_application,
        "igtimi.access_token": held.igtimi_access_token,
        "igtimi.application_token": held.igtimi_application_token,
        "igtimi.client_id": held.igtimi_client_id,
        "igtimi.client_secret": held.igtimi_client_secret,
        "trackmypeople.user": held.trackmypeople_user,
        "trackmypeople.password": held.trackmypeople_password,
        "trackmypeople.time_zone": server.timezone,
        "timesheets.app": held.timesheets_app,
        "timesheets.email": held.timesheets_email,
        "timesheets.password": held.timesheets_password,
        "deck.time_zone": server.timezone,
        "network.retries": "0",
    }


def settings_of(server: EmbeddedServer, folder: Path, **more: str) -> Loaded:
    """Settings that name every service of the server with its credentials.

    `more` holds further settings, written `section__key="value"`.
    """
    flags = service_settings(server)
    flags |= {name.replace("__", "."): value for name, value in more.items()}
    return load(folder / "config" / "config.toml", flags=flags, environment={})


def workspace_of(server: EmbeddedServer, folder: Path, **more: str) -> Workspace:
    """A workspace on the server, with its own empty directories."""
    return Workspace(settings_of(server, folder, **more), locations_in(folder))


def amount_of(server: EmbeddedServer, invoice: int = 3) -> Decimal:
    """What an invoice of the sample is over: the entries that it is made of change by day."""
    (row,) = server.context.database.read(
        "SELECT amount FROM timesheets_invoices WHERE id = ?", (invoice,)
    )
    return Decimal(row["amount"]).quantize(Decimal("0.01"))


@asynccontextmanager
async def at_work(server: EmbeddedServer, folder: Path) -> AsyncIterator[Workspace]:
    """A workspace on the server whose connections are closed at the end."""
    workspace = workspace_of(server, folder)
    try:
        yield workspace
    finally:
        await workspace.close()


def deck_of(server: EmbeddedServer, folder: Path, screen: str = "today", **more: str) -> Tockdeck:
    """The application on the server, opening on one screen."""
    return Tockdeck(workspace_of(server, folder, deck__first_screen=screen, **more))


@contextmanager
def patient_keys() -> Iterator[None]:
    """Keys wait for what the ones before them have begun as long as a busy machine takes for it,
    and news stands until it was looked at; for a person both go on after a few seconds.
    """
    with (
        patch.multiple(patience, COMMAND_SECONDS=MOST_SECONDS, LOADING_SECONDS=MOST_SECONDS),
        patch.object(base, "LOADING_SECONDS", MOST_SECONDS),
        patch.object(turns, "LONGEST_WAIT", MOST_SECONDS),
        patch.object(StatusLine.flash, "__defaults__", ("text", MOST_SECONDS)),
    ):
        yield


@asynccontextmanager
async def opened(
    app: Tockdeck, size: tuple[int, int] = (120, 40), *, notifications: bool = False
) -> AsyncIterator[Pilot[Any]]:
    """The application on a screen of that size; its connections are closed at the end."""
    try:
        with patient_keys():
            async with app.run_test(size=size, notifications=notifications):
                pilot = Patient(app)
                pilot.count_frames()
                yield pilot
    finally:
        await app.workspace.close()


async def until(pilot: Pilot[Any], condition: Callable[[], bool], what: str = "") -> None:
    """Let the application work until something holds; fails when it never does."""
    end = monotonic() + MOST_SECONDS
    holds = condition()
    while not holds and monotonic() < end:
        await asyncio.sleep(LOOK_SECONDS)
        await pilot.pause()
        holds = pilot.holds(condition) if isinstance(pilot, Patient) else condition()
    if holds:
        return
    raise AssertionError(f"never happened: {what or condition}\n{screen_text(pilot)}")


async def loaded(pilot: Pilot[Any]) -> None:
    """Until nothing that a pane of the screen in front shows is on its way any more.

    What stands there already says nothing of that: a pane says that it loads only when it takes
    time, and shows what was kept before what the service says now.
    """

    def rests() -> bool:
        screen = deck_screen(pilot.app)
        if screen is None or not screen._painted:
            return False
        loads = (pane._loader.on_its_way for pane in screen.panes() if pane.display)
        return all(one is None or one.is_finished for one in loads)

    await until(pilot, rests, "all is loaded")


def screen_text(pilot: Pilot[object]) -> str:
    """What a person reads on the screen now."""
    return pilot.read(_drawn) if isinstance(pilot, Patient) else _drawn(pilot)


def shown(pilot: Pilot[Any], *texts: str) -> bool:
    """Whether all of it can be read."""
    screen = screen_text(pilot)
    return all(text in screen for text in texts)


async def seen(pilot: Pilot[Any], *texts: str) -> None:
    """Until all of it can be read."""
    await until(pilot, lambda: shown(pilot, *texts), f"{texts} is shown")


async def put(pilot: Pilot[Any], *fields: str) -> None:
    """Type into one field after another, over what stands there."""
    for text in fields:
        await pilot.press("ctrl+u")
        field = pilot.app.focused
        assert field is not None
        field.post_message(events.Paste(text))
        await pilot.press("enter")


def footer(pilot: Pilot[Any]) -> dict[str, str]:
    """Words of the footer by their keys, without the deck's."""
    hints = pilot.app.screen.query_one(KeyBar).hints
    return {hint.key: hint.title for hint in hints if not hint.id.startswith("deck.")}


async def gone(pilot: Pilot[Any], text: str) -> None:
    """Until it can be read no longer."""
    await until(pilot, lambda: text not in screen_text(pilot), f"{text!r} is gone")


def _drawn(pilot: Pilot[object]) -> str:
    app = pilot.app
    width, height = app.size
    lines = app.screen._compositor.render_strips()
    return "\n".join(
        "".join(segment.text for segment in strip).rstrip()[:width] for strip in lines[:height]
    )


def flashing(line: StatusLine) -> str:
    """What a line of news is saying; empty where it says nothing."""
    return "" if line._flash is None else line._flash[0]


def end_news(pilot: Pilot[Any]) -> None:
    """What happens after a few seconds for a person: the news that stands there is no more."""
    screen = deck_screen(pilot.app)
    assert screen is not None
    screen._news_line.end_flash()


def looked_after(app: Tockdeck) -> bool:
    """Whether what an earlier run left open has been seen to, which the deck does a moment after
    its first frame.
    """
    workers = [one for one in app.workers if one.group == "changes"]
    return "pump" in vars(app.workspace) and all(one.is_finished for one in workers)


@contextmanager
def unreachable(only: str = "") -> Iterator[None]:
    """Nothing leaves this machine meanwhile, or no request of one name."""
    send = Transport.send

    async def fail(self: Transport, request: Request) -> Response:
        if only and ("req", only) not in (request.form or ()):
            return await send(self, request)
        raise ConnectionFailed("there is no network")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Transport, "send", fail)
        yield
