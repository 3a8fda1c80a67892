"""The themes that there are, by what their files say: no Textual is imported for it."""

from __future__ import annotations

import tomllib
from pathlib import Path

from tui.config.load import Loaded
from tui.config.locations import Locations


def theme_names(config_file: Path) -> list[str]:
    """Those that are shipped, and a person's own: by the file, and by the name that is in it."""
    found: set[str] = set()
    for folder in Locations.of_user().theme_folders(config_file):
        for file in folder.glob("*.toml"):
            found |= {file.stem, _named(file)}
    return sorted(found)


def no_theme(loaded: Loaded) -> str:
    """A sentence where the deck would not find the theme; "" where it would."""
    theme, known = loaded.settings.deck.theme, theme_names(loaded.file)
    if theme in known:
        return ""
    origin = loaded.origins.get("deck.theme", "default")
    return f"{origin}: deck.theme: there is no theme {theme!r}; there are {', '.join(known)}"


def _named(file: Path) -> str:
    """The name in a file; of one that cannot be read, which the deck says, that of the file."""
    try:
        name = tomllib.loads(file.read_text(encoding="utf-8")).get("name")
    except (OSError, ValueError, RecursionError):
        return file.stem
    return name if isinstance(name, str) else file.stem
