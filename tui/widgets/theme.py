"""Themes from TOML files: read, checked, and turned into what the widgets draw with.

A theme file has ``name``, ``title``, ``dark`` and a table ``[colours]`` with the thirteen colours
of `COLOURS` as ``#rrggbb`` and ``levels``, eight of them, for graphs from low to high.  Tables
``[256]``, ``[16]``, ``[8]`` and ``[none]`` say what stands for these where a terminal has no more
colours (`shades.paint_of`); ``sixteen`` says that even elsewhere it is drawn with ``[16]``.  The
files are looked for in the directories that the caller gives; a later directory wins over an
earlier one, so that a person's own theme of the same name replaces the shipped one.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from textual.theme import Theme

from tui.terminal import Depth
from tui.widgets.shades import Paint, Shades, Table, derived, paint_of

COLOURS = (
    "background",
    "surface",
    "panel",
    "foreground",
    "muted",
    "primary",
    "accent",
    "good",
    "warn",
    "bad",
    "border",
    "cursor",
    "selection",
)
LEVELS = 8
DEFAULT_THEME = "nightwatch"
DEPTHS: tuple[Depth, ...] = ("256", "16", "8", "none")
"""Fewer colours than a theme's own, from many to none."""

_HEX = re.compile(r"#[0-9a-fA-F]{6}\Z")
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}\Z")


class ThemeFileError(Exception):
    """A theme file that cannot be used; the message names the file and the key."""

    def __init__(self, path: Path, what: str) -> None:
        super().__init__(f"{path}: {what}")
        self.path = path
        self.what = what


class ThemeColours(NamedTuple):
    """One theme as its file says it: colours as ``#rrggbb``, `levels` from low to high."""

    name: str
    title: str
    dark: bool
    colours: dict[str, str]
    levels: tuple[str, ...]
    tables: Mapping[Depth, Table] = {}
    """What it picked for terminals of fewer colours."""
    sixteen: bool = False
    """Whether it is drawn with the terminal's own sixteen colours wherever there are more."""

    def table(self, depth: Depth) -> Table:
        """What it picked for so many colours, or what is made for it."""
        picked = self.tables.get(depth)
        return picked or derived(self.colours, self.levels, self.dark, depth)

    def shades(self, depth: Depth, console: bool = False) -> Shades | None:
        """What it is drawn with in so many colours; None where it is drawn as it is.

        `console`: on the Linux console, where a bright colour is none to stand behind others.
        """
        if self.sixteen and depth in ("truecolor", "256"):
            depth = "16"
        if depth == "truecolor":
            return None
        if console and depth == "16" and self.table(depth).has_bright_ground():
            depth = "8"
        return Shades(self.colours, self.levels, depth, self.table(depth))


class DeckTheme(Theme):
    """A theme as Textual has it, and as its file says it."""

    def __init__(self, source: ThemeColours, **values: Any) -> None:
        super().__init__(**values)
        self.source = source


def _colour(path: Path, key: str, value: object) -> str:
    if not isinstance(value, str) or not _HEX.match(value):
        raise ThemeFileError(path, f'{key} must be a colour like "#1e2530", not {value!r}.')
    return value.lower()


def _unknown_key(path: Path, table: str, key: str, known: Sequence[str]) -> ThemeFileError:
    from difflib import get_close_matches

    near = get_close_matches(key, known, 1)
    hint = f" Did you mean {near[0]}?" if near else ""
    return ThemeFileError(path, f"{table}{key} is not a key of a theme.{hint}")


def read_theme(path: Path) -> ThemeColours:
    """Read one theme file; raises `ThemeFileError` that names the file and the key."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ThemeFileError(path, f"cannot be read: {error.strerror or error}.") from error
    except UnicodeDecodeError as error:
        raise ThemeFileError(path, "is not UTF-8 text.") from error
    except (ValueError, RecursionError) as error:
        raise ThemeFileError(path, f"is not TOML: {error}.") from error
    top = ("name", "title", "dark", "sixteen", "colours", *DEPTHS)
    for key in content:
        if key not in top:
            raise _unknown_key(path, "", key, top)
    name = content.get("name", path.stem)
    if not isinstance(name, str) or not _NAME.match(name):
        raise ThemeFileError(path, "name must be lower-case letters, digits and hyphens.")
    title = content.get("title", name)
    if not isinstance(title, str) or not title.isprintable():
        raise ThemeFileError(path, "title must be one line of text.")
    dark = content.get("dark", True)
    if not isinstance(dark, bool):
        raise ThemeFileError(path, "dark must be true or false.")
    sixteen = content.get("sixteen", False)
    if not isinstance(sixteen, bool):
        raise ThemeFileError(path, "sixteen must be true or false.")
    table = content.get("colours")
    if not isinstance(table, dict):
        raise ThemeFileError(path, "the table [colours] is missing.")
    for key in table:
        if key not in COLOURS and key != "levels":
            raise _unknown_key(path, "colours.", key, (*COLOURS, "levels"))
    colours = {}
    for key in COLOURS:
        if key not in table:
            raise ThemeFileError(path, f"colours.{key} is missing.")
        colours[key] = _colour(path, f"colours.{key}", table[key])
    levels = table.get("levels")
    if not isinstance(levels, list) or len(levels) != LEVELS:
        raise ThemeFileError(path, f"colours.levels must be a list of {LEVELS} colours.")
    checked = tuple(
        _colour(path, f"colours.levels[{index}]", value) for index, value in enumerate(levels)
    )
    tables = {one: _picked(path, one, content[one]) for one in DEPTHS if one in content}
    return ThemeColours(name, title, dark, colours, checked, tables, sixteen)


def _picked(path: Path, depth: Depth, table: object) -> Table:
    """What a theme picked for so many colours."""
    if not isinstance(table, dict):
        raise ThemeFileError(path, f"{depth} must be a table.")
    for key in table:
        if key not in COLOURS and key != "levels":
            raise _unknown_key(path, f"{depth}.", key, (*COLOURS, "levels"))
    levels = table.get("levels")
    if not isinstance(levels, list) or len(levels) != LEVELS:
        raise ThemeFileError(path, f"{depth}.levels must be a list of {LEVELS} colours.")
    roles: dict[str, tuple[Paint, ...]] = {}
    for key in COLOURS:
        if key not in table:
            raise ThemeFileError(path, f"{depth}.{key} is missing.")
        value = table[key]
        roles[key] = _paints(path, f"{depth}.{key}", value if isinstance(value, list) else [value])
    for number, level in enumerate(levels, 1):
        roles[f"level-{number}"] = _paints(path, f"{depth}.levels", [level])
    return Table(roles)


def _paints(path: Path, key: str, values: list[object]) -> tuple[Paint, ...]:
    try:
        paints = tuple(map(paint_of, values))
    except ValueError:
        paints = ()
    if not paints:
        what = f'{key} must be like 11, "bold 11", "15 on 1" or "reverse", or a list of such.'
        raise ThemeFileError(path, what)
    return paints


def to_textual(theme: ThemeColours) -> DeckTheme:
    """The Textual theme, with our own colours as CSS variables (``$muted``, ``$level-1`` …)."""
    colours = theme.colours
    variables = {
        "muted": colours["muted"],
        "cursor": colours["cursor"],
        "selection": colours["selection"],
        "line": colours["border"],
        "border": colours["primary"],
        "border-blurred": colours["border"],
        "input-cursor-background": colours["foreground"],
        "input-cursor-foreground": colours["background"],
        "input-selection-background": f"{colours['primary']} 35%",
        "scrollbar": colours["border"],
        "scrollbar-hover": colours["muted"],
        "scrollbar-active": colours["primary"],
        "scrollbar-background": colours["background"],
        "scrollbar-background-hover": colours["background"],
        "scrollbar-background-active": colours["background"],
        "scrollbar-corner-color": colours["background"],
    }
    variables |= {f"level-{number}": colour for number, colour in enumerate(theme.levels, 1)}
    return DeckTheme(
        theme,
        name=theme.name,
        primary=colours["primary"],
        secondary=colours["muted"],
        accent=colours["accent"],
        success=colours["good"],
        warning=colours["warn"],
        error=colours["bad"],
        foreground=colours["foreground"],
        background=colours["background"],
        surface=colours["surface"],
        panel=colours["panel"],
        dark=theme.dark,
        text_alpha=1.0,
        variables=variables,
    )


def find_themes(directories: Iterable[Path]) -> dict[str, Path]:
    """Theme files by file stem; of two with one stem the later directory's counts.

    A directory that is not there is no error: a person may have no themes of their own.
    """
    found: dict[str, Path] = {}
    for directory in directories:
        if directory.is_dir():
            for path in sorted(directory.glob("*.toml")):
                found[path.stem] = path
    return found


def load_themes(directories: Iterable[Path]) -> tuple[dict[str, Theme], list[ThemeFileError]]:
    """Every theme of the directories by name, and what is wrong with the files that cannot be used.

    A broken file does not take the others with it; where a broken one would have replaced a
    shipped one, the shipped one stays.
    """
    themes: dict[str, Theme] = {}
    errors: list[ThemeFileError] = []
    for directory in directories:
        for path in find_themes([directory]).values():
            try:
                theme = read_theme(path)
            except ThemeFileError as error:
                errors.append(error)
            else:
                themes[theme.name] = to_textual(theme)
    return themes, errors


def load_theme(name: str, directories: Iterable[Path]) -> Theme:
    """The one theme of this name, without reading the others where its file is named after it.

    Raises `ThemeFileError` where its file is broken, `KeyError` where there is none.
    """
    places = list(directories)
    path = find_themes(places).get(name)
    if path is not None:
        theme = read_theme(path)
        if theme.name == name:
            return to_textual(theme)
    return load_themes(places)[0][name]
