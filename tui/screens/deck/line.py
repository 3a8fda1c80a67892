"""The command line (`:`): a command by its name, a row by its number, an operation by its id."""

from __future__ import annotations

from asyncio import to_thread
from collections.abc import Iterable, Sequence
from time import monotonic
from typing import ClassVar
from urllib.parse import urlencode

from textual.binding import BindingType
from textual.widget import Widget

from tui.commands import COMMANDS, SCREENS, in_scope
from tui.screens.answers import ANSWERS, Answers
from tui.screens.base import DeckScreen
from tui.screens.deck.find import carry_out
from tui.screens.deck.palette import Offered, offered_on
from tui.screens.deck.typed import (
    Known,
    Meant,
    NotUnderstood,
    completed,
    meant,
    why_not,
)
from tui.screens.messages import CommandWanted, ThemeWanted, hand_over
from tui.spoken_keys import key_for, pair_of
from tui.widget_keys import COMPLETING, EARLIER
from tui.widgets.bindings import bindings_from
from tui.widgets.filterline import LineInput
from tui.widgets.path_prompt import CompletingPrompt
from tui.widgets.rows import RowsWidget
from tui.widgets.theme import load_themes
from tui.widgets.work import begin_work

LONGEST_LOOK = 3.0
"""Seconds that enter and tab wait for the operations to be known."""
MOST_KEPT = 100
"""Lines that are remembered until the deck ends: what was filtered for is nobody's later."""


class CommandLine(CompletingPrompt):
    """One line; tab completes it, up and down bring back earlier ones."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings_from(COMPLETING, priority=True),
        *bindings_from(EARLIER),
    ]

    def __init__(self, screen: DeckScreen, known: Known, earlier: Sequence[str]) -> None:
        super().__init__(
            "Command",
            placeholder="a command, a row's number or an operation; nothing: the console",
            check=self._trouble,
            enter="carries out",
        )
        self._dialog_keys = (
            f"{key_for('line.complete')} completes · {pair_of('line.earlier', 'line.later')} "
            f"earlier ones · enter carries out · {key_for('dialog.cancel')} closes"
        )
        self._workspace = screen.workspace
        self._known = known
        self._earlier = earlier
        self._at = len(earlier)
        self._typed = ""
        self._looking_until = 0.0

    def on_mount(self) -> None:
        """What takes a while to be known is looked up meanwhile."""
        super().on_mount()
        self._looking_until = monotonic() + LONGEST_LOOK
        begin_work(self, self._look_up, group="operations")

    async def _look_up(self) -> None:
        workspace = self._workspace
        folders = workspace.locations.theme_folders(workspace.loaded.file)[::-1]
        try:
            themes, _ = await to_thread(load_themes, folders)
            found = await to_thread(lambda: [one.id for one in workspace.operations.all()])
            self._known = self._known._replace(themes=list(themes), operations=found)
        finally:
            self._looking_until = 0.0

    def busy_until(self, key: str) -> float:
        """See `TakesTime`: what is typed may name what is still being looked up."""
        return self._looking_until if key in ("enter", "tab") else 0.0

    def _trouble(self, line: str) -> str | None:
        try:
            if line.strip():
                self.meant(line)
        except NotUnderstood as error:
            return str(error)
        return None

    def meant(self, line: str) -> Meant:
        """What a line means. Raises NotUnderstood."""
        return meant(line, self._known)

    def action_complete(self) -> None:
        """As far as only one way leads on; what fits, where that is more than one."""
        line = self.query_one(LineInput)
        text, names = completed(line.value, self._known)
        self._put(f"{text} " if len(names) == 1 else text)
        self.show_names(names, "Nothing that can be written here begins so.")

    def action_earlier(self, by: int) -> None:
        """Go through what was typed before, and back to what is typed now."""
        if self._at == len(self._earlier):
            self._typed = self.query_one(LineInput).value
        self._at = max(0, min(self._at + by, len(self._earlier)))
        self._put((*self._earlier, self._typed)[self._at])

    def _put(self, text: str) -> None:
        line = self.query_one(LineInput)
        line.value = text
        line.cursor_position = len(text)


async def ask_command(screen: DeckScreen) -> None:
    """Ask for a line and carry it out; without one the console opens."""
    earlier = screen.workspace.typed_lines
    offered = offered_on(screen)
    dialog = CommandLine(screen, _known(screen, offered), tuple(earlier))
    # Where it lies over is where its command is for: what has the focus now has it then.
    target = screen.focused
    line = await screen.ask(dialog)
    if line is None:
        return
    if not line.strip():
        await hand_over(screen.app, CommandWanted("deck.console"))
        return
    _remember(earlier, line.strip())
    what = dialog.meant(line)
    if what.row:
        _go_to_row(screen, target, what.row)
    elif what.theme:
        await hand_over(screen.app, ThemeWanted(what.theme))
    elif what.screen in SCREENS:
        await hand_over(screen.app, CommandWanted(f"deck.{what.screen}"))
    elif what.screen == "console":
        await hand_over(screen.app, CommandWanted("deck.console"))
    elif what.screen:
        await screen.go(what.screen)
    elif what.operation:
        service = what.operation.partition(".")[0]
        await screen.go(
            "console", what.operation, urlencode([("service", service), *what.values.items()])
        )
    else:
        chosen = next(one for one in offered if one.command.id == _id_of(what))
        token = ANSWERS.set(Answers(what.words))
        try:
            await carry_out(screen, chosen)
        finally:
            ANSWERS.reset(token)


def _id_of(what: Meant) -> str:
    return "" if what.command is None else what.command.id


def _known(screen: DeckScreen, offered: Iterable[Offered]) -> Known:
    here = [one.command for one in offered if one.here]
    known = {one.id for one in screen.commands()}
    refused = {
        one.name: screen.refusal(one) if one.id in known else why_not(one.id)
        for one in in_scope(screen.SCOPE, "deck")
        if one not in here
    }
    elsewhere = [one.command for one in offered if not one.here]
    return Known([COMMANDS[one.id] for one in here], elsewhere, refused=refused)


def _remember(earlier: list[str], line: str) -> None:
    """The same line again only moves to the end."""
    if line in earlier:
        earlier.remove(line)
    earlier.append(line)
    del earlier[:-MOST_KEPT]


def _go_to_row(screen: DeckScreen, target: Widget | None, number: int) -> None:
    if not isinstance(target, RowsWidget):
        screen.flash("There are no rows here to go to.", "warn")
        return
    count = target.row_count
    target.action_to_row(number)
    if number > count:
        screen.flash(f"This is the last: there is no row {number:,} of {count:,}.", "warn")
