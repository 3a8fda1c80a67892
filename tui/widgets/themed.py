"""An application that is drawn in a person's theme, with what the terminal can show."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from pathlib import Path
from threading import Lock
from typing import Any

from rich.console import RenderableType
from textual.screen import Screen
from textual.strip import Strip

from tui.terminal import TRUE_COLOUR, Shown
from tui.widgets.chords import Chorded
from tui.widgets.pointing import place_of
from tui.widgets.theme import DEFAULT_THEME, DeckTheme, ThemeFileError, load_theme, load_themes
from tui.widgets.work import begin_work
from tui.workspace.workspace import Workspace


class Themed(Chorded, inherit_bindings=False):
    """The themes of the workspace: the one that is shown, and the next."""

    workspace: Workspace

    DEFAULT_CSS = """
    /* Above the line of news and that of keys. */
    Screen ToastRack { margin-bottom: 2; }
    /* Over that of news, and of the list no more than it needs. */
    .-tiny ToastRack { margin-bottom: 1; }
    .-tiny Toast { width: 1fr; max-width: 100%; padding: 0; margin: 0; }
    """

    def __init__(self, shown: Shown) -> None:
        super().__init__()
        self._shown = shown
        self.spelt = _speller(shown)
        """What spells out a line that the terminal has not the letters for, where it has not."""
        self._one_at_a_time = Lock()
        self.theme_problems: list[str] = []
        """What was wrong with the theme that was to be shown, in words."""

    @property
    def _theme_folders(self) -> list[Path]:
        """The shipped themes first: a person's own of the same name stands over them."""
        folders = self.workspace.locations.theme_folders(self.workspace.loaded.file)
        return folders[::-1]

    def _display(self, screen: Screen[Any], renderable: RenderableType | None) -> None:
        """Every frame leaves the terminal's cursor on what is selected."""
        place = place_of(getattr(screen, "followed", screen.focused))
        if place is not None:
            self.cursor_position = place
        super()._display(screen, renderable)

    def load_theme(self) -> None:
        """The one theme that the first frame needs; the others are read when asked for."""
        name = self.workspace.appearance.theme
        try:
            theme = load_theme(name, self._theme_folders)
        except ThemeFileError as error:
            self.theme_problems.append(str(error))
        except KeyError:
            self.theme_problems.append(f"There is no theme {name!r}; this is {DEFAULT_THEME}.")
        else:
            self.register_theme(theme)
            self.theme = theme.name
            return
        self.register_theme(load_theme(DEFAULT_THEME, self._theme_folders[:1]))
        self.theme = DEFAULT_THEME

    def show_next_theme(self) -> None:
        """Change to the next of the themes that there are."""
        names = self._registered()
        place = names.index(self.theme) if self.theme in names else -1
        self._change_to(names[(place + 1) % len(names)])

    def show_theme(self, name: str) -> None:
        """Change to a theme by its name; what is none changes nothing."""
        if name in self._registered():
            self._change_to(name)

    def _registered(self) -> list[str]:
        """The names of the themes that there are, in their order; each can be shown."""
        themes, problems = load_themes(self._theme_folders)
        for theme in themes.values():
            self.register_theme(theme)
        for problem in problems:
            self.notify(str(problem), severity="warning", markup=False)
        return list(themes)

    def _change_to(self, name: str) -> None:
        self.theme = name
        begin_work(self, partial(asyncio.to_thread, self._keep_theme), group="theme")
        if (draw_with := getattr(self._driver, "draw_with", None)) is not None:
            draw_with(self.drawn())

    def _keep_theme(self) -> None:
        # Of several threads whichever is last writes the latest.
        with self._one_at_a_time:
            self.workspace.appearance.keep(self.theme)

    def drawn(self) -> Callable[[str], str] | None:
        """How a frame of the present theme is drawn with what the terminal has; None: as it is."""
        theme = self.get_theme(self.theme)
        source = theme.source if isinstance(theme, DeckTheme) else None
        if source is None or not (source.sixteen or self._shown != TRUE_COLOUR):
            return None
        from tui.widgets.shown import drawn

        return drawn(source, self._shown)


def _speller(shown: Shown) -> Callable[[Strip], Strip] | None:
    if shown.glyphs == "unicode":
        return None
    from tui.widgets.spelled import speller

    return speller(shown)
