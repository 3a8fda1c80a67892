"""Where a file is that a person wants read."""

from __future__ import annotations

from asyncio import to_thread
from fnmatch import fnmatchcase
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


async def ask_files(asker: Asking, title: str) -> list[Path]:
    """Ask for a file that is there, or for several by a pattern; none: given up."""
    from tui.widgets.path_prompt import PathPrompt

    label = "The file, or several as in ~/photos/*.jpg"
    prompt = PathPrompt(title, label=label, check=trouble_of_several, enter="opens")
    typed = await asker.ask(prompt)
    return await files_typed(typed or "")


async def files_typed(typed: str) -> list[Path]:
    """The files of a path as it was typed; none where nothing was."""
    return await to_thread(lambda: files_meant(path_of(typed))) if typed.strip() else []


def files_meant(path: Path) -> list[Path]:
    """The file of a path; where its last part has `*` or `?` in it and is none itself, those that
    fit it, by name, but for hidden ones.
    """
    if path.is_file() or not any(sign in path.name for sign in "*?"):
        return [path]
    fitting = (one for one in path.parent.iterdir() if fnmatchcase(one.name, _pattern(path.name)))
    shows_hidden = path.name.startswith(".")
    return sorted(one for one in fitting if one.is_file() and (shows_hidden or one.name[0] != "."))


def _pattern(name: str) -> str:
    """Brackets are letters of a name, and no signs of a pattern."""
    return name.replace("[", "[[]")


def trouble_of_several(typed: str) -> str | None:
    """What is wrong with a path of files to read from, in words."""

    def trouble(path: Path) -> str | None:
        if any(sign in path.name for sign in "*?") and path.parent.is_dir():
            return None if files_meant(path) else "No file there is called so."
        return _trouble(str(path))

    return trouble_of(typed, trouble)


def _trouble(typed: str) -> str | None:
    """What is wrong with a path to read from, in words."""

    def trouble(path: Path) -> str | None:
        if path.is_dir():
            return "This is a folder: tab shows what is in it."
        return None if path.is_file() else "There is no such file."

    return trouble_of(typed, trouble)
