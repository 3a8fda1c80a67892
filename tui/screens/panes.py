"""What screens of several panes share: the footer of the focused one, calm changes of detail."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING

from textual import events

from tui.commands import COMMANDS, keys_of, shown_key
from tui.screens.base import DeckScreen
from tui.widgets.keybar import KeyHint
from tui.widgets.panel import Panel
from tui.workspace.workspace import Workspace

if TYPE_CHECKING:
    from tui.widgets.viewer import Viewer

PATIENCE = 0.3
"""Seconds that what stands in a pane may stay before it gives way to "Loading"."""

SHORT_LINES, SHORT_TEXT = 12, 600


class PaneScreen(DeckScreen):
    """A screen whose footer shows the keys of the pane that has the focus."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self._changed = False
        self._stop_watching: Callable[[], None] | None = None

    @property
    def pane(self) -> str:
        """The id of the panel that has the focus; empty where none has."""
        focused = self.focused
        if focused is None:
            return ""
        panel = next((one for one in focused.ancestors if isinstance(one, Panel)), None)
        return (panel.id or "") if panel is not None else ""

    def pane_keys(self) -> Mapping[str, str]:
        """Names of this screen's commands that mean something in the pane, the most important
        first, with the word or two that they are called there; empty takes the registry's.
        """
        return {}

    def hints(self) -> list[KeyHint]:
        """The keys of the pane, then those of the deck."""
        overrides = self.workspace.settings.keys
        shown = []
        for name, title in self.pane_keys().items():
            command = COMMANDS[f"{self.SCOPE}.{name}"]
            keys = keys_of(command, overrides)
            if keys:
                shown.append(KeyHint(shown_key(keys[0]), title or command.title, command.id))
        return [*shown, *(hint for hint in super().hints() if hint.id.startswith("deck."))]

    def on_descendant_focus(self, _event: events.DescendantFocus) -> None:
        """Other keys where another pane has the focus."""
        self.refresh_hints()

    def load_beside(
        self,
        panel: Panel,
        what: str,
        work: Callable[[], Awaitable[None]],
        *,
        has_content: Callable[[], str] = lambda: "",
    ) -> None:
        """`load` for what follows a cursor: the pane says that it loads only when that takes time.

        What stood there belongs to something else: when loading fails it stays only where
        `has_content` says what of the new thing is shown by then.
        """
        begun = False

        def slow() -> None:
            if not has_content():
                panel.show_loading(what)

        async def patient() -> None:
            nonlocal begun
            begun = True
            timer = self.set_timer(PATIENCE, slow)
            try:
                await work()
            finally:
                timer.stop()

        def stands() -> str:
            return has_content() if begun else "what stands there"

        self.load(panel, what, patient, has_content=stands)

    # -- changes made elsewhere -----------------------------------------------------------------

    def watch_changes(self, service: str) -> None:
        """Remember writes to a service, and whatever is undone, until `take_changes`."""
        if self._stop_watching is None:

            def changed(operation: str) -> None:
                if operation.partition(".")[0] in (service, "undo"):
                    self._changed = True

            self._stop_watching = self.workspace.history.on_change(changed)

    def take_changes(self) -> bool:
        """Whether something was written since the last question."""
        changed, self._changed = self._changed, False
        return changed

    def on_unmount(self) -> None:
        """Nobody is to be told of changes any more."""
        if self._stop_watching is not None:
            self._stop_watching()

    # -- text -----------------------------------------------------------------------------------

    async def read(self, title: str, text: str) -> None:
        """Show a text: a short one in a box as high as it is, a long one to scroll and copy."""
        if text.count("\n") < SHORT_LINES and len(text) < SHORT_TEXT:
            from tui.widgets.dialogs import MessageBox

            await self.ask(MessageBox(title, text))
        else:
            from tui.widgets.viewer import Viewer

            await self.ask(Viewer(title, text))

    async def copy(self, text: str) -> None:
        """Copy a text; which way it went is news."""
        from tui.screens.clipboard import copy

        self.flash(await copy(self.app, text))

    async def on_viewer_copy_wanted(self, message: Viewer.CopyWanted) -> None:
        """Copy the whole text that is being read; the news is read below it."""
        await self.copy(message.text)
