"""Whose keys they are on the live screen: the wall's, the map's, or of what failed."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from tests.deck import deck_of, opened, screen_text, until
from tests.harness import EmbeddedServer
from tui.app import Tockdeck
from tui.screens.deck.commands import help_entries
from tui.screens.live.board import BoardPane
from tui.screens.live.screen import LiveScreen
from tui.widgets.keybar import KeyBar

ANYWHERE = ["space Pause", "m Map", "w Watch", "S Start", "d Devices", "r Record"]
OF_A_REPLAY = [", Slower", ". Faster", "n Step", "T Jump", "L Loop"]


@pytest.fixture
def app(server: EmbeddedServer, tmp_path: Path) -> Tockdeck:
    return deck_of(server, tmp_path, "live")


def live(pilot: Pilot[Any]) -> LiveScreen:
    return next(one for one in pilot.app.screen_stack if isinstance(one, LiveScreen))


def footer(pilot: Pilot[Any]) -> list[str]:
    """Keys and words of the footer, without the deck's."""
    hints = live(pilot).query_one(KeyBar).hints
    return [f"{hint.key} {hint.title}" for hint in hints if not hint.id.startswith("deck.")]


def said(pilot: Pilot[Any], text: str) -> bool:
    return text in screen_text(pilot)


def groups(pilot: Pilot[Any]) -> dict[str, set[str]]:
    """What the `?` menu lists, by the heading that it stands under."""
    found: dict[str, set[str]] = {}
    for entry in help_entries(live(pilot)):
        found.setdefault(entry.group, set()).add(entry.id)
    return found


async def the_wall(pilot: Pilot[Any]) -> LiveScreen:
    """Until there are rows."""
    await until(pilot, lambda: said(pilot, " series") and said(pilot, "⏎ Large"), "the wall")
    return live(pilot)


async def the_map(pilot: Pilot[Any]) -> LiveScreen:
    """Until boats are on the map."""
    screen = await the_wall(pilot)
    await pilot.press("m")
    await until(pilot, lambda: said(pilot, " boats") and said(pilot, "⏎ Follow"), "the map")
    return screen


async def play_what_was_recorded(pilot: Pilot[Any]) -> None:
    """Record a little and watch that, standing still at its start."""
    screen = await the_wall(pilot)
    watching = screen.picture.watching
    assert watching is not None
    await watching.start_recording()
    recorder = watching.room.recorder
    assert recorder is not None
    await until(pilot, lambda: recorder.frames > 5, "frames")
    await watching.room.stop_recording()
    screen.board.watch_this(f"file:{recorder.path}")
    await until(pilot, lambda: watching.replay is not None and ", Slower" in footer(pilot))
    assert watching.replay is not None
    watching.replay.pause()


async def test_the_walls_keys_are_its_own_and_stand_first(app: Tockdeck) -> None:
    async with opened(app) as pilot:
        screen = await the_wall(pilot)
        own = ["⏎ Large", "t Types", "+ Closer", "- Longer", "s Scale"]
        assert footer(pilot) == own + ANYWHERE
        listed = groups(pilot)
        assert {"live.open", "live.limits", "live.left", "live.smooth"} <= listed["Wall"]
        assert {"live.pause", "live.health", "live.slower"} <= listed["Live"]
        assert not any(one.startswith("track.") for ids in listed.values() for one in ids)
        await pilot.press("o")
        await until(pilot, lambda: screen.picture.arrangement.order == "value", "ordered")
        await pilot.press("enter")
        await until(pilot, lambda: footer(pilot)[0] == "⏎ Wall", "the key leads back")
        await pilot.press("s")
        await until(pilot, lambda: screen.picture.arrangement.scale == "auto", "still its keys")


async def test_the_maps_keys_are_its_own_and_the_walls_do_nothing_behind_it(
    app: Tockdeck,
) -> None:
    async with opened(app) as pilot:
        screen = await the_map(pilot)
        own = ["⏎ Follow", "b Boat", "o Measure", "0 All", "+ Closer", "- Wider", "t Trails"]
        assert footer(pilot) == [*own, *("m Wall" if one == "m Map" else one for one in ANYWHERE)]
        track, before = screen.board.front, screen.picture.arrangement
        assert track is not None
        await pilot.press("o", "t")
        assert track.other, "it measures"
        assert track.trail == 900
        for key, title in (("s", "Scale"), ("e", "Smooth"), ("x", "Limits")):
            await pilot.press(key)
            words = f"{title} is for the wall; z goes back to it."
            await until(pilot, lambda words=words: said(pilot, words), title)
        assert screen.picture.arrangement == before
        listed = groups(pilot)
        assert {"track.follow", "track.west"} <= listed["Map"]
        assert not any(ids & {"live.scale", "live.open"} for ids in listed.values())
        await pilot.press("v")
        await until(pilot, lambda: screen.picture.arrangement.unit == "m/s", "of all of it")
        await pilot.press("m")
        await until(pilot, lambda: footer(pilot)[0] == "⏎ Large", "the wall's")
        await pilot.press("t")
        await until(pilot, lambda: said(pilot, "space marks"), "types are chosen")


async def test_a_narrow_footer_has_room_for_what_leads_on(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    async with opened(deck_of(server, tmp_path, "live"), size=(80, 24)) as pilot:
        await the_map(pilot)
        keys = screen_text(pilot).splitlines()[-1]
        narrow = [one for one in ANYWHERE if one != "S Start"]
        assert all(one in keys for one in ("⏎ Follow", "0 All", "space Pause", "m Wall", "w Watch"))
        await pilot.press("m")
        await until(pilot, lambda: footer(pilot) == ["⏎ Large", "t Types", *narrow], "the wall's")
        await until(pilot, lambda: said(pilot, "r Record"), "it fits")
        await pilot.resize_terminal(120, 24)
        await until(pilot, lambda: said(pilot, "s Scale") and said(pilot, "r Record"), "all")


async def test_where_the_focus_is_nowhere_the_walls_keys_say_where_they_are_for(
    app: Tockdeck,
) -> None:
    async with opened(app) as pilot:
        screen = await the_wall(pilot)
        screen.set_focus(None)
        scale = screen.picture.arrangement.scale
        await pilot.press("s")
        await until(pilot, lambda: said(pilot, "Scale means nothing here. It is for Wall: tab"))
        assert screen.picture.arrangement.scale == scale
        await pilot.press("space")
        await until(pilot, lambda: said(pilot, "held at "), "what means all of it is done")


async def test_a_replays_keys_have_their_place_on_the_wall_and_on_the_map(app: Tockdeck) -> None:
    async with opened(app) as pilot:
        await play_what_was_recorded(pilot)
        await until(pilot, lambda: "space Play" in footer(pilot), "it stands")
        wall = ["⏎ Large", "t Types", "space Play", "m Map", "w Watch"]
        assert footer(pilot) == wall + OF_A_REPLAY
        assert said(pilot, "L Loop"), "all of them fit"
        await pilot.press("m")
        await until(pilot, lambda: footer(pilot)[0] == "⏎ Follow", "the map's")
        track = ["⏎ Follow", "b Boat", "o Measure", "0 All", "space Play", "m Wall", "w Watch"]
        assert footer(pilot) == track + OF_A_REPLAY
        await until(pilot, lambda: said(pilot, "L Loop"), "all of them fit")
        replay = live(pilot).picture.replay
        assert replay is not None
        await pilot.press("L")
        assert replay.loop


async def test_where_nothing_can_be_watched_only_what_leads_on_is_offered(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    app = deck_of(server, tmp_path, "live", igtimi__base_url="http://127.0.0.1:9/igtimi")
    async with opened(app) as pilot:
        await until(pilot, lambda: footer(pilot) == ["r Try again", "w Watch"], "it failed")
        for key, title in (("s", "Scale"), ("m", "Map"), ("space", "Pause"), ("E", "Export")):
            await pilot.press(key)
            words = f"{title}: nothing is watched yet; w chooses."
            await until(pilot, lambda words=words: said(pilot, words), title)
        await pilot.press("n")
        await until(pilot, lambda: said(pilot, "Only a replay can do this; w chooses one."))


async def test_what_was_watched_before_is_offered_where_the_next_fails_or_is_given_up(
    app: Tockdeck, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(app) as pilot:
        screen = await the_wall(pilot)
        screen.board.watch_this("session:999999")
        offered = ["r Try again", "z Back", "w Watch"]
        await until(pilot, lambda: footer(pilot) == offered, "it failed")
        await pilot.press("z")
        await until(pilot, lambda: footer(pilot)[0] == "⏎ Large", "back")
        watching = screen.picture.watching
        assert watching is not None

        async def for_ever(*_given: object) -> None:
            await asyncio.Event().wait()

        monkeypatch.setattr(watching, "watch_session", for_ever)
        screen.board.watch_this("session:1")
        await until(pilot, lambda: said(pilot, "esc gives up"), "on its way")
        assert footer(pilot) == ["z Back", "w Watch"]
        await pilot.press("escape")
        await until(pilot, lambda: footer(pilot) == offered, "given up")
        monkeypatch.undo()
        await pilot.press("escape")
        await until(pilot, lambda: footer(pilot)[0] == "⏎ Large", "back")


async def test_a_row_that_is_made_large_while_the_picture_is_held_is_drawn_at_every_size(
    app: Tockdeck,
) -> None:
    async with opened(app, (120, 40)) as pilot:
        await until(pilot, lambda: said(pilot, "● live") and said(pilot, " kn "), "values")
        await pilot.press("space")
        await until(pilot, lambda: said(pilot, "held at "), "held")
        await pilot.press("enter")
        await until(pilot, lambda: said(pilot, "Wall") and said(pilot, "samples "), "large")
        for width, height in ((100, 30), (80, 24), (120, 40)):
            await pilot.resize_terminal(width, height)
            await until(
                pilot,
                lambda: said(pilot, "samples ") and said(pilot, "held at "),
                f"at {width}x{height}",
            )


@pytest.mark.parametrize(("key", "words"), [("m", "all in view"), ("S", "No gun is set")])
async def test_what_is_opened_while_the_picture_is_held_is_drawn(
    app: Tockdeck, key: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # What is asked for once it was put there may find it not mounted yet: it draws itself then.
    monkeypatch.setattr(BoardPane, "_pane_shown", lambda _: None)
    async with opened(app, (120, 40)) as pilot:
        await until(pilot, lambda: said(pilot, "● live") and said(pilot, " kn "), "values")
        await until(pilot, lambda: live(pilot).picture.course is not None, "the course")
        await pilot.press("space")
        await until(pilot, lambda: said(pilot, "held at "), "held")
        await pilot.press(key)
        await until(pilot, lambda: said(pilot, words), "drawn")
        await pilot.resize_terminal(100, 30)
        await until(pilot, lambda: said(pilot, words), "and again")
