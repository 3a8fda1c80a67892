"""Boats that real sources hear after one began to follow those of then."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING

from tui.workspace.problems import EXPECTED

if TYPE_CHECKING:
    from tui.live.supervisor import LiveFeed
    from tui.workspace.live.live import LiveRoom

EVERY = 5.0
"""Seconds between two looks."""


async def join_boats(
    room: LiveRoom, feed: LiveFeed, joined: Callable[[Sequence[str]], Awaitable[None]]
) -> None:
    """Have a feed follow the boats that are heard by and by, beside those that it follows; each
    time `joined` is told which. Ends where none can be heard, else when it is cancelled.
    """
    while room.sources.there:
        await asyncio.sleep(EVERY)
        try:
            sources = await room.sources.heard()
            heard = dict.fromkeys(serial for one in sources for serial in one.serial_numbers)
            others = [serial for serial in heard if serial not in feed.serials]
            if others:
                # Their names, too.
                await room.devices()
        except EXPECTED:
            # The feed says how the service stands; the next look may go well.
            continue
        if others:
            await feed.follow([*feed.serials, *others])
            await joined(others)
