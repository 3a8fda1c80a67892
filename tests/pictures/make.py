"""Make the pictures of the README: every screen on the sample workspace.

    python -m tests.pictures.make

Each screen is opened in the real application on the real embedded services, at a fixed time,
and saved as SVG beside this file.
"""

from __future__ import annotations

import asyncio
import re
import tempfile
from collections.abc import Callable
from pathlib import Path

from tests.deck import deck_of, opened, screen_text
from tests.harness import EmbeddedServer

HERE = Path(__file__).resolve().parent
SIZE = (120, 36)
MOST_TURNS = 600

# Screen, keys pressed once it stands, and what has to be seen before the picture is taken.
PICTURES: list[tuple[str, list[str], str]] = [
    ("today", [], "to be paid"),
    ("books", [], "Fleet"),
    ("tocks", [], "calls"),
    ("sessions", [], "Race"),
    ("timers", [], "Fairlead"),
    ("invoices", [], "unpaid ·"),
    ("live", [], "SOG"),
]


async def picture(server: EmbeddedServer, screen: str, keys: list[str], seen: str) -> None:
    """One screen as SVG."""
    with tempfile.TemporaryDirectory() as folder:
        app = deck_of(server, Path(folder), screen)
        async with opened(app, SIZE) as pilot:
            await settle(pilot.pause, lambda: seen in screen_text(pilot))
            await pilot.press(*keys)
            await settle(pilot.pause, lambda: "…" not in screen_text(pilot).splitlines()[2])
            svg = app.export_screenshot(title=f"tockdeck: {screen}", simplify=True)
    # No fonts from elsewhere: a reader's own monospace does.
    svg = re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL)
    (HERE / f"{screen}.svg").write_text(svg.replace("Fira Code", "monospace"), encoding="utf-8")


async def settle(pause: Callable[[], object], condition: Callable[[], bool]) -> None:
    """Let the application work until something is seen, and a little after."""
    for _ in range(MOST_TURNS):
        if condition():
            break
        await pause()  # type: ignore[misc]
    for _ in range(20):
        await pause()  # type: ignore[misc]


def main() -> None:
    """All of them."""
    with EmbeddedServer(boats=6, hertz=4.0) as server:
        for screen, keys, seen in PICTURES:
            asyncio.run(picture(server, screen, keys, seen))
            print(f"{screen}.svg")


if __name__ == "__main__":
    main()
