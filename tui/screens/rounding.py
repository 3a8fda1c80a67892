"""Asking how lengths are rounded, on whatever screen they are shown."""

from __future__ import annotations

from asyncio import to_thread
from typing import TYPE_CHECKING

from tui.screens.asking import Asking

if TYPE_CHECKING:
    from tui.workspace.timers.reckoning.rounding import Rounding


async def ask_rounding(asker: Asking, now: Rounding) -> Rounding | None:
    """How lengths are rounded from now on; None: given up. Raises OSError."""
    from tui.widgets.dialogs import TextPrompt
    from tui.workspace.timers.reckoning.rounding import (
        LEAST_MINUTES,
        MOST_MINUTES,
        RoundingError,
        read_rounding,
    )

    def wrong(text: str) -> str | None:
        try:
            read_rounding(text, now)
        except RoundingError as error:
            return str(error)
        return None

    label = (
        f"none, up 15, nearest 6 per day: {LEAST_MINUTES} to {MOST_MINUTES} min, per block or"
        " per day (what a tracker has on it). The exact hours stay beside it."
    )
    typed = await asker.ask(
        TextPrompt(
            "Round hours", label=label, value=now.typed, check=wrong, enter="rounds so",
            replaces=True,
        )
    )  # fmt: skip
    if typed is None:
        return None
    rounding = read_rounding(typed, now)
    await to_thread(asker.workspace.habits.keep_rounding, rounding)
    return rounding
