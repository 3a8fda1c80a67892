"""Where a file goes that a person wants written."""

from __future__ import annotations

from asyncio import to_thread
from collections.abc import Callable
from pathlib import Path

from rich.cells import cell_len

from tui.screens.asking import ROOM_FOR_SIGN, Asking
from tui.widgets.cells import clip_path
from tui.widgets.palette import Role
from tui.workspace.saved_files import save, shown

__all__ = ["ask_path", "path_of", "save_as", "shown", "tell_where", "trouble_of"]


async def ask_path(asker: Asking, title: str, proposed: str) -> Path | None:
    """Ask for a file's path; one that is there is not overwritten unasked. None: given up."""
    from tui.widgets.dialogs import Confirm, TextPrompt

    typed = await asker.ask(TextPrompt(title, value=proposed, label="File", check=_trouble))
    if not typed or not typed.strip():
        return None
    path = await to_thread(path_of, typed)
    if await to_thread(path.exists) and not await asker.ask(
        Confirm(
            title, f"Overwrite {shown(path)}?", loses="What is in it now goes.", yes="overwrite"
        )
    ):
        return None
    return path


async def save_as(asker: Asking, title: str, proposed: str, content: Callable[[], bytes]) -> bool:
    """Ask for the path and write the file. Raises OSError, and what `content` raises."""
    path = await ask_path(asker, title, proposed)
    if path is None:
        return False
    await save(path, content())
    tell_where(asker, path, "Saved {}.".format, "good")
    return True


def tell_where(asker: Asking, path: Path, news: Callable[[str], str], role: Role) -> None:
    """Say in one line what became of a file: `news` makes it of its path, whose folders give way
    where the line has no room for them.
    """
    whole = shown(path)
    over = cell_len(news(whole)) + ROOM_FOR_SIGN - asker.app.size.width
    asker.flash(news(clip_path(whole, cell_len(whole) - over)), role)


def path_of(typed: str) -> Path:
    """The whole path of what was typed; `~` is the person's own folder."""
    return Path(typed.strip()).expanduser().absolute()


def trouble_of(typed: str, trouble: Callable[[Path], str | None]) -> str | None:
    """What is wrong with what was typed as a path, by its `trouble`; None for nothing typed."""
    if not typed.strip():
        return None
    try:
        return trouble(path_of(typed))
    except (OSError, RuntimeError, ValueError) as error:
        return f"This is no path: {error}"


def _trouble(typed: str) -> str | None:
    """What is wrong with a path to write to, in words."""

    def trouble(path: Path) -> str | None:
        if path.is_dir():
            return "This is a folder: a file's name is wanted."
        return None if path.parent.is_dir() else f"There is no folder {path.parent}."

    return trouble_of(typed, trouble)
