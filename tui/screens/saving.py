"""Saving something under a name that a person gives."""

from __future__ import annotations

from collections.abc import Callable

from tui.screens.base import DeckScreen
from tui.workspace.saved_files import exists, save


async def save_as(
    screen: DeckScreen, title: str, proposed: str, content: Callable[[], bytes]
) -> bool:
    """Ask for the name and write the file; one that is there is not overwritten unasked.

    Raises OSError, and what `content` raises.
    """
    from tui.widgets.dialogs import Confirm, TextPrompt

    typed = await screen.ask(TextPrompt(title, value=proposed, label="File"))
    if not typed or not typed.strip():
        return False
    name = typed.strip()
    there = await exists(name)
    if there is not None and not await screen.ask(
        Confirm(title, f"Overwrite {there}?", loses="What is in it now goes.")
    ):
        return False
    path = await save(name, content())
    screen.flash(f"Saved {path}.", "good")
    return True
