"""Units of RIoT from the screen: one that waits is accepted, told what to do, and let go again."""

from __future__ import annotations

import asyncio
from pathlib import Path

from tests.deck import deck_of, opened, shown, until
from tests.embedded.igtimi.api import Api
from tests.embedded.igtimi.rig import RiotUnit
from tests.harness import EmbeddedServer

UNIT = "DC-GD-ABCD"


async def listening(server: EmbeddedServer, *addresses: str) -> int:
    """Have the server hear these for good; the port of the last."""

    def call() -> int:
        form = [("addresses[]", one) for one in addresses] or [("addresses", "")]
        answer = Api(server).call("PUT", "/local/sources", form=form)
        assert answer.status == 200, answer.text
        sources = answer.json()["sources"]
        return int(sources[-1]["listens_at"].rpartition(":")[2] or 0) if sources else 0

    while not (port := await asyncio.to_thread(call)) and addresses:
        continue
    return port


async def test_a_unit_that_waits_is_accepted_told_and_let_go(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    app = deck_of(server, tmp_path, "sessions")
    unit = RiotUnit(UNIT)
    await unit.connect(await listening(server, "riot://:0"))
    await unit.speeds(0, 1.0)
    try:
        async with opened(app) as pilot:

            async def seen(*texts: str) -> None:
                await until(pilot, lambda: shown(pilot, *texts), " and ".join(texts))

            await until(pilot, lambda: shown(pilot, "Twilight series"))
            await pilot.press("o")
            await seen(f"{UNIT} waiting: c to accept it")
            await pilot.press("c")
            await seen("Units", "waits to be accepted · 1 message")
            await pilot.press("enter")
            await seen(f"Take the data of {UNIT}?")
            # Not the key that opened it, nor the one that chose.
            await pilot.press("c", "enter", "n")
            await until(pilot, lambda: not shown(pilot, "Take the data of"))
            await pilot.press("c")
            await seen("waits to be accepted")
            await pilot.press("enter")
            await seen(f"Take the data of {UNIT}?")
            await pilot.press("y")
            await seen(f"{UNIT} is accepted. u takes that back.")
            await until(pilot, lambda: not shown(pilot, "waiting: c to accept"))
            await pilot.press("u")
            await seen(f"Undone: Accept unit {UNIT}.")
            await unit.speeds(0, 1.0)
            while await app.workspace.live.units.waiting() != [UNIT]:
                await pilot.pause()
            await pilot.press("c")
            await seen("waits to be accepted")
            await pilot.press("enter")
            await seen(f"Take the data of {UNIT}?")
            await pilot.press("y")
            await until(pilot, lambda: not shown(pilot, "waiting: c to accept"))

            await pilot.press("c")
            await seen("Units", f"{UNIT}  connected · heard")
            await pilot.press("enter")
            await seen("How full is its battery?", "Switch it off …")
            await pilot.press("enter")
            number, words = await unit.told()
            assert words == "BATTERY_VOLTAGE"
            await seen("waiting for its answer")
            await unit.answer(number, "3.91 [bold]V")
            await seen("BATTERY_VOLTAGE: 3.91 [bold]V (", " s ago)")
            # With its device, on which the cursor is since it was accepted.
            await seen("Unit  connected · heard")

            await pilot.press("c")
            # What it answered stands there as far as there is room beside its ages.
            await seen("─ Units ─", "enter chooses", f"{UNIT}  connected · heard")
            await pilot.press("enter")
            await seen("Switch it off …")
            await pilot.press("G", "enter")
            await seen("Accept no more", "What it sent stays")
            await pilot.press("y")
            await seen(f"{UNIT} is accepted no more. u takes that back.")
            # On a screen that does not show it a person is asked first.
            await pilot.press("1")
            await seen("─Hours ")
            await pilot.press("u")
            await seen(f"Take back: Accept unit {UNIT} no more?", "which units' data are taken")
            await pilot.press("y")
            await seen(f"Undone: Accept unit {UNIT} no more.")
            await pilot.press("U")
            await seen(f"Make again: Accept unit {UNIT} no more?")
            await pilot.press("y")
            await seen(f"Made again: Accept unit {UNIT} no more.")
    finally:
        unit.writer.close()
        await listening(server)
