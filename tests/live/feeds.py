"""A live feed in a test: devices, an archive, and a way to wait."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from random import Random
from typing import Any

from tests.live.rig import (
    HandClock,
)
from tui.live.feed import Phase, Unavailable
from tui.live.series import SeriesKey
from tui.live.store import Batch
from tui.live.supervisor import LiveFeed
from tui.services.igtimi.live import Conversation
from tui.services.igtimi.live_json import JsonDialect

SERIAL = "GA-DK-AAAD"
SOG = SeriesKey(SERIAL, 9)
GONE = "ws://127.0.0.1:9"


class Archive:
    """An archive with one sample a second, and a list of what was asked for."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, int, int]] = []
        self.failures: list[Unavailable] = []

    async def __call__(self, serial: str, start: int, end: int) -> Iterable[Batch]:
        self.asked.append((serial, start, end))
        if self.failures:
            raise self.failures.pop(0)
        times = [time for time in range(start - start % 1000, end + 1, 1000) if time >= start]
        return [((serial, 9, 0), times, ([float(time % 77) for time in times],))]


def follow(
    *urls: str, serials: Sequence[str] = (SERIAL,), clock: HandClock | None = None, **more: Any
) -> LiveFeed:
    async def servers() -> Sequence[str]:
        return urls

    dialect = JsonDialect("secret-token")
    arguments: dict[str, Any] = {
        "servers": servers,
        "converse": lambda serials: Conversation(dialect, serials),
        "clock": clock or HandClock(),
        "frame": 0.0,
        "random": Random(1),
        **more,
    }
    return LiveFeed(serials, **arguments)


def phase(feed: LiveFeed, *wanted: Phase) -> bool:
    return feed.state.phase in wanted


async def turns(count: int = 3) -> None:
    """Let others run."""
    for _ in range(count):
        await asyncio.sleep(0)
