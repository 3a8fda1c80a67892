"""What many tests of the Timers screen look at."""

from __future__ import annotations

import re
from typing import Any

from textual.pilot import Pilot

from tests.deck import screen_text, until
from tests.harness import EmbeddedServer

ROUNDED = re.compile(r" h \(row[^─·\n]*·?")
"""Said of a sum, whole or cut short."""


def status(server: EmbeddedServer) -> dict[str, Any]:
    """What the service itself says of the timer."""
    held = server.credentials
    answer = server.http(
        "POST",
        "/trackmypeople/api/status.json",
        basic=(held.trackmypeople_user, held.trackmypeople_password),
    )
    found: dict[str, Any] = answer.json()
    return found


def rows(server: EmbeddedServer, where: str) -> list[Any]:
    """Blocks of the server's own table."""
    return server.context.database.read(f"SELECT * FROM trackmypeople_blocks WHERE {where}")


def shown(pilot: Pilot[Any], *texts: str) -> bool:
    """Whether all of it can be read, but for what is said of a sum whose rows are rounded, which
    depends on the day's sample."""
    screen = ROUNDED.sub(" h ·", screen_text(pilot))
    return all(text in screen for text in texts)


async def loaded(pilot: Pilot[Any]) -> None:
    """Until trackers and report are there; in a Monday's first minute the week is of seconds."""

    def there() -> bool:
        return shown(pilot, "Sail wardrobe", " h ·") or shown(pilot, "Sail wardrobe", " s ·")

    await until(pilot, there, "everything is loaded")
