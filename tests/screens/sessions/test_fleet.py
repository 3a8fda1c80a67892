"""Devices and groups from the screen: registered and given up, joined, left and deleted."""

from __future__ import annotations

from pathlib import Path

from tests.deck import deck_of, opened, put, shown, until
from tests.harness import EmbeddedServer


async def test_a_device_is_given_up_and_registered_again_by_its_tag(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    async with opened(deck_of(server, tmp_path, "sessions")) as pilot:
        await until(pilot, lambda: shown(pilot, "Twilight series"))
        await pilot.press("o")
        await until(pilot, lambda: shown(pilot, "Serial number", "Blue Duck"))
        row = server.context.database.read(
            "SELECT serial, service_tag FROM igtimi_device WHERE name = 'Blue Duck'"
        )[0]
        await pilot.press("d")
        await until(pilot, lambda: shown(pilot, "Give up Blue Duck?", "needs the tag"))
        await pilot.press("n")
        await until(pilot, lambda: not shown(pilot, "Give up Blue Duck?"))
        await pilot.press("d")
        await until(pilot, lambda: shown(pilot, "Give up Blue Duck?"))
        await pilot.press("y")
        await until(pilot, lambda: shown(pilot, "Blue Duck is not yours any more"))
        await pilot.press("a")
        await until(pilot, lambda: shown(pilot, "Register a device", "Service tag *"))
        await put(pilot, row["serial"], "wrong")
        await pilot.press("f2")
        await until(pilot, lambda: shown(pilot, "✗") or shown(pilot, "!"), "the service refuses")
        await pilot.press("escape", "a")
        await until(pilot, lambda: shown(pilot, "Register a device"))
        await put(pilot, row["serial"], row["service_tag"])
        await pilot.press("f2")
        await until(pilot, lambda: shown(pilot, f"{row['serial']} is yours. u gives it"))


async def test_a_group_is_left_joined_again_by_undo_and_deleted(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    async with opened(deck_of(server, tmp_path, "sessions")) as pilot:
        await until(pilot, lambda: shown(pilot, "Twilight series"))
        await pilot.press("o", "o")
        await until(pilot, lambda: shown(pilot, "Race committee"))
        await pilot.press("a")
        await until(pilot, lambda: shown(pilot, "New group"))
        await put(pilot, " ")
        await until(pilot, lambda: shown(pilot, "A group needs a name."))
        await put(pilot, "Walkers")
        await until(pilot, lambda: shown(pilot, "Made group Walkers", "Walkers ─"))
        await pilot.press("m")
        await until(pilot, lambda: shown(pilot, "Into Walkers"))
        await pilot.press("slash", *"Ana", "enter")
        await until(pilot, lambda: shown(pilot, "Ana Kovač is in Walkers. u takes them out."))
        await pilot.press("d")
        await until(pilot, lambda: shown(pilot, "Delete Walkers?", "nobody"))
        await pilot.press("y")
        await until(pilot, lambda: shown(pilot, "Deleted group Walkers."))
