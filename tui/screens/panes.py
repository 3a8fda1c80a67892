"""What screens of several panels share that are not composed of panes yet."""

from __future__ import annotations

from collections.abc import Mapping

from tui.commands import COMMANDS, keys_of, shown_key
from tui.screens.base import DeckScreen
from tui.screens.loading import Stands, Work, nothing
from tui.widgets.keybar import KeyHint
from tui.widgets.panel import Panel


class PaneScreen(DeckScreen):
    """A screen whose footer shows the keys of the panel that has the focus."""

    @property
    def pane(self) -> str:
        """The id of the panel that has the focus; empty where none has."""
        focused = self.focused
        if focused is None:
            return ""
        panel = next((one for one in focused.ancestors if isinstance(one, Panel)), None)
        return (panel.id or "") if panel is not None else ""

    def pane_keys(self) -> Mapping[str, str]:
        """Names of this screen's commands that mean something in the panel, the most important
        first, with the word or two that they are called there; empty takes the registry's.
        """
        return {}

    def hints(self) -> list[KeyHint]:
        """The keys of the panel, then those of the deck."""
        overrides = self.workspace.settings.keys
        shown = []
        for name, title in self.pane_keys().items():
            command = COMMANDS[f"{self.SCOPE}.{name}"]
            keys = keys_of(command, overrides)
            if keys:
                shown.append(KeyHint(shown_key(keys[0]), title or command.title, command.id))
        return [*shown, *(hint for hint in super().hints() if hint.id.startswith("deck."))]

    def load_beside(
        self, panel: Panel, what: str, work: Work, *, has_content: Stands = nothing
    ) -> None:
        """Fill a panel with what a cursor is on; see `Loader.load_beside`."""
        self._loader_of(panel).load_beside(what, work, has_content)
