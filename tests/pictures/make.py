"""Make the pictures of the README: every screen on the sample workspace.

    python -m tests.pictures.make

Each screen is opened in the real application on the real embedded services, at a fixed time,
and saved as SVG beside this file.
"""

from __future__ import annotations

import asyncio
import re
import tempfile
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from textual.pilot import Pilot

from tests.deck import deck_of, opened, screen_text, until
from tests.harness import EmbeddedServer

HERE = Path(__file__).resolve().parent
SIZE = (120, 36)

# Screen, and what has to be seen before the picture is taken.
PICTURES: list[tuple[str, tuple[str, ...]]] = [
    ("today", ("to be paid", "Kestrel", "Sunrise swim")),
    ("books", ("Fleet", "Liferaft")),
    ("tocks", ("calls", "Lunch on the quay")),
    ("sessions", (" kn, mean ", "Kōtare")),
    ("timers", ("Fairlead", "Booking form")),
    ("invoices", ("unpaid ·", "Kestrel", "overdue")),
    ("live", ("● live", "SOG", " kn")),
]
SAILED = 20.0
"""Seconds of the live feed that are drawn."""


async def picture(server: EmbeddedServer, screen: str, seen: Sequence[str]) -> None:
    """One screen as SVG."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        app = deck_of(server, Path(folder), screen)
        async with opened(app, SIZE) as pilot:
            for text in (*seen, "? more"):
                await until(pilot, partial(shows, pilot, text), text)
            if screen == "live":
                await asyncio.sleep(SAILED)
            await until(pilot, lambda: not shows(pilot, "Loading"), "all is there")
            svg = app.export_screenshot(title=f"tockdeck: {screen}", simplify=True)
    # No fonts from elsewhere: a reader's own monospace does.
    svg = re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL)
    (HERE / f"{screen}.svg").write_text(svg.replace("Fira Code", "monospace"), encoding="utf-8")


def shows(pilot: Pilot[object], text: str) -> bool:
    """Whether a text is on the screen."""
    return text in screen_text(pilot)


def main() -> None:
    """All of them."""
    with EmbeddedServer(boats=6, hertz=4.0) as server:
        for screen, seen in PICTURES:
            asyncio.run(picture(server, screen, seen))
            print(f"{screen}.svg")


if __name__ == "__main__":
    main()
