"""The pane: a widget that owns its loading, its commands and its messages."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.widget import Widget

from tui.commands import COMMANDS, Command
from tui.screens.answers import ANSWERS
from tui.screens.asking import Asking
from tui.screens.loading import Loader, Stands, Work, nothing, show_failure
from tui.spoken_keys import key_for
from tui.widgets.panel import Panel
from tui.widgets.rows import RowsWidget
from tui.workspace.as_it_was import age_text
from tui.workspace.changes.unsettled import NOTHING, Unsettled
from tui.workspace.workspace import Workspace

if TYPE_CHECKING:
    from textual.worker import Worker

    from tui.widgets.filterline import FilterLine


class Pane(Panel, Asking):
    """Makes its widgets when it is made and holds them; tells what happens to it by messages.

    It carries out the commands of its scope for which it has a `command_name`, while it has the
    focus. A screen composes panes and carries messages between them.
    """

    KEYS: ClassVar[Mapping[str, str]] = {}
    """Names of its commands that stand in the footer, the most important first, with the word
    or two that they are called in this pane; empty takes the registry's title. A pane that
    names none has them as the registry ranks them."""
    ANYWHERE: ClassVar[frozenset[str]] = frozenset()
    """Names of its commands that mean the whole screen, whatever has the focus: never what acts
    on this pane's cursor."""
    ON_ROW: ClassVar[frozenset[str]] = frozenset({"open", "copy", "change", "delete"})
    """Names of its commands that are about the row under the cursor: where it is known that there
    is none the footer has none of them, and their keys say so."""

    def __init__(
        self,
        workspace: Workspace,
        content: Widget,
        title: str = "",
        *,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(content, title, id=id, classes=classes)
        self.workspace = workspace
        self._loader = Loader(self, self.prepare, self.load_failed)
        self._filter_line: FilterLine | None = None

    # -- what the screen tells it ---------------------------------------------------------------

    def begin(self) -> None:
        """Load what is shown: after the first paint, and whenever all is to be asked again."""

    def resume(self) -> None:
        """The person came back to the screen: refresh what may have changed meanwhile."""

    def suspend(self) -> None:
        """Another screen was gone to, or a dialog was opened over this one."""

    def show_standing(self) -> None:
        """Some change waits, or waits no more: mark what is shown anew where that is marked."""

    def unsettled(self, service: str) -> Unsettled:
        """What is open of a service, to be marked in a list; nothing before that was looked at."""
        if "stand" in vars(self.workspace):
            return self.workspace.stand.of(service)
        return NOTHING

    # -- commands -------------------------------------------------------------------------------

    def keys(self) -> Mapping[str, str]:
        """`KEYS` as they are now: what is shown may ask for others."""
        return self.KEYS

    def offer(self, command: Command) -> Command | None:
        """The command by its name and with its place in this pane."""
        offered, keys = super().offer(command), self.keys()
        if offered is not None and command.name in self.ON_ROW and self.is_bare:
            return offered._replace(rank=0)
        if offered is None or not keys:
            return offered
        if command.name not in keys:
            return offered._replace(rank=0)
        rank = list(keys).index(command.name) + 1
        return offered._replace(title=keys[command.name] or command.title, rank=rank)

    async def do(self, command: Command) -> None:
        """Carry out a command; one about a row that a filter hides only says so, as enter does."""
        if command.name in self.ON_ROW and self.is_bare and self.narrowed_by:
            self._say_nothing_is_here(command)
        else:
            await super().do(command)

    @property
    def is_bare(self) -> bool:
        """Whether it is a list of which it is known that it has no rows."""
        return isinstance(self.content, RowsWidget) and self.content.is_bare and not self.awaits

    def on_rows_widget_nothing_chosen(self, message: RowsWidget.NothingChosen) -> None:
        """Enter on a list without rows, as one that a filter left none of."""
        message.stop()
        if not self.awaits:
            self._say_nothing_is_here()

    def _say_nothing_is_here(self, command: Command | None = None) -> None:
        there = f"There is nothing here to {'open' if hasattr(self, 'command_open') else 'choose'}"
        if command is not None and command.name != "open":
            there = f"There is no line here for {command.title}"
        if text := self.narrowed_by:
            # The keys first: a long filter is what a narrow line may cut.
            keys = f"{key_for(f'{self.SCOPE}.filter')}, then {key_for('filter.clear')}"
            self.flash(f"{there}: {keys} takes off the filter “{text}”.", "warn")
        else:
            self.flash(f"{there}.", "warn")

    async def action_command(self, id: str) -> None:
        """Carry out a command of this pane by a key that is bound here, and not by its screen."""
        await self.do(COMMANDS[id])

    async def perform(self, name: str) -> None:
        """Carry out a command of this pane, such as when a row of it was clicked."""
        await self.do(COMMANDS[f"{self.SCOPE}.{name}"])

    # -- loading --------------------------------------------------------------------------------

    def load(
        self, what: str, work: Work, *, has_content: Stands = nothing, after: float = 0.0
    ) -> None:
        """Fill the content; see `Loader.load`."""
        self._loader.load(what, work, has_content, after=after)

    def load_beside(self, what: str, work: Work, *, has_content: Stands = nothing) -> None:
        """Fill the content with what a cursor elsewhere is on; see `Loader.load_beside`."""
        self._loader.load_beside(what, work, has_content)

    @property
    def loads(self) -> Worker[None] | None:
        """What it loads now, or did so last."""
        return self._loader.on_its_way

    @property
    def awaits(self) -> bool:
        """Whether what it shows first is still on its way."""
        return self.state == "loading" or self._loader.awaits

    def hold_keys(self) -> None:
        """Let the next keys wait until what loads is shown: they are about that."""
        if (loads := self.loads) is not None:
            self.patience.reads(loads)

    def load_failed(self, error: BaseException, stands: str) -> None:
        """Say it in place."""
        show_failure(self, error, stands)

    @on(Panel.RetryWanted)
    def _retry(self, message: Panel.RetryWanted) -> None:
        message.stop()
        self._loader.retry()

    @on(Panel.GiveUpWanted)
    def _give_up(self, message: Panel.GiveUpWanted) -> None:
        message.stop()
        self._loader.give_up()

    def as_of(self, moment: datetime | None) -> str:
        """How old what is shown is, as `has_content` wants it."""
        if moment is None:
            return ""
        return age_text(moment, self.workspace.zone)

    # -- filter ---------------------------------------------------------------------------------

    async def open_filter(self) -> None:
        """Show the line to type in below the content; `show_filtered` is told what is typed."""
        line = await self._made_filter_line()
        line.open()
        if text := ANSWERS.get().take_all():
            # Typed after the command: it filters, and stays to be edited.
            line.value = text
            line.cursor_position = len(text)

    async def show_filter(self, text: str) -> None:
        """Show the line with a text in it, or none without one; the focus stays."""
        if text or self._filter_line is not None:
            line = await self._made_filter_line()
            line.value, line.display = text, bool(text)

    async def _made_filter_line(self) -> FilterLine:
        # Imported when first wanted: it brings an editor with it that the first frame lacks.
        from tui.widgets.filterline import FilterLine

        if self._filter_line is None:
            self._filter_line = FilterLine()
            await self.mount(self._filter_line)
        return self._filter_line

    @property
    def narrowed_by(self) -> str:
        """What was typed that its rows have to hold; empty where all are shown."""
        return "" if self._filter_line is None else self._filter_line.value.strip()

    def take_back_filter(self) -> bool:
        """Hide the line, and show everything again; False where nothing was filtered."""
        line = self._filter_line
        if line is None or not line.value:
            return False
        line.action_take_back()
        return True

    def show_filtered(self, text: str) -> None:
        """Show only what has the text."""

    def on_filter_line_edited(self, message: FilterLine.Edited) -> None:
        """What is typed counts at once."""
        message.stop()
        self.show_filtered(message.text)
