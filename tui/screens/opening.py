"""Where a file is that a person wants read."""

from __future__ import annotations

from asyncio import to_thread
from pathlib import Path

from tui.screens.asking import Asking
from tui.screens.saving import path_of, trouble_of


async def ask_file(asker: Asking, title: str, label: str, proposed: str = "") -> Path | None:
    """Ask for the path of a file that is there; None: given up."""
    from tui.widgets.path_prompt import PathPrompt

    typed = await asker.ask(
        PathPrompt(title, value=proposed, label=label, check=_trouble, enter="opens")
    )
    if not typed or not typed.strip():
        return None
    return await to_thread(path_of, typed)


def _trouble(typed: str) -> str | None:
    """What is wrong with a path to read from, in words."""

    def trouble(path: Path) -> str | None:
        if path.is_dir():
            return "This is a folder: tab shows what is in it."
        return None if path.is_file() else "There is no such file."

    return trouble_of(typed, trouble)
