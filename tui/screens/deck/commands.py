"""The commands of the whole deck: help, palette, undo, changes, connect, theme, sample, quit."""

from __future__ import annotations

from asyncio import to_thread
from importlib import import_module
from urllib.parse import urlencode

from tui.commands import SCREENS, Command, keys_of, shown_key
from tui.screens.base import DeckScreen
from tui.screens.messages import CommandWanted, QuitWanted, hand_over
from tui.widgets.dialogs import Confirm
from tui.widgets.help import HelpEntry, HelpMenu
from tui.workspace.changes.unsettled import LEGEND
from tui.workspace.workspace import SERVICE_OF_ROOM

MARKING = frozenset(SERVICE_OF_ROOM) - {"live"}
"""The screens that mark on a record what waits to be sent."""


async def command_help(screen: DeckScreen) -> None:
    """Show every key of this screen; enter carries one out."""
    chosen = await screen.ask(HelpMenu(help_entries(screen), title=_title(screen)))
    if chosen is not None:
        await hand_over(screen.app, CommandWanted(chosen))


def help_entries(screen: DeckScreen) -> list[HelpEntry]:
    """What the pane that has the focus can do, the screen and the deck, as the menu shows it."""
    overrides, pane = screen.workspace.settings.keys, screen.focused_pane
    own = {command.id for doer, command in screen.offers() if doer is pane}

    def entry(command: Command) -> HelpEntry:
        keys = " ".join(map(shown_key, keys_of(command, overrides)))
        group = "Everywhere" if command.scope == "deck" else SCREENS.get(command.scope, "Here")
        if pane is not None and command.id in own:
            group = pane.title
        return HelpEntry(keys, command.title, command.help, command.id, group)

    legend = (*screen.MARKS, *(LEGEND if screen.SCOPE in MARKING else ()))
    marks = [HelpEntry(sign, title, means, "", "Marks") for sign, title, means in legend]
    return [*(entry(command) for command in screen.commands()), *marks]


def _title(screen: DeckScreen) -> str:
    return f"{SCREENS.get(screen.SCOPE, screen.SCOPE.title())}: keys"


async def command_palette(screen: DeckScreen) -> None:
    """Find commands and records, and go there."""
    # In a thread: what it needs takes a moment to import the first time.
    module = await to_thread(import_module, "tui.screens.deck.find")
    await module.find(screen)


async def command_undo(screen: DeckScreen) -> None:
    """Take back the latest change."""
    from tui.screens.deck.undo import undo

    await undo(screen)


async def command_redo(screen: DeckScreen) -> None:
    """Make again what was taken back last."""
    from tui.screens.deck.undo import redo

    await redo(screen)


async def command_changes(screen: DeckScreen) -> None:
    """Go to the changes."""
    await screen.go("changes")


async def command_theme(screen: DeckScreen) -> None:
    """Say which theme is shown now, and how to keep it."""
    name = screen.app.theme
    screen.flash(f'Theme {name}. Keep it with theme = "{name}" in [deck] of the configuration.')


async def command_command_line(screen: DeckScreen) -> None:
    """Ask for a command by its name and carry it out."""
    # In a thread: what it needs takes a moment to import the first time.
    module = await to_thread(import_module, "tui.screens.deck.line")
    await module.ask_command(screen)


async def command_console(screen: DeckScreen) -> None:
    """Open the console on the operation that this screen's service last carried out, with what
    names the record under the cursor.
    """
    service = SERVICE_OF_ROOM.get(screen.SCOPE, "")
    record = urlencode([("service", service), *screen.record_here().items()])
    await screen.go("console", screen.workspace.connections.last_operation(service), record)


async def command_connect(screen: DeckScreen) -> None:
    """Set up the account of a service."""
    from tui.screens.deck.connect import connect

    await connect(screen, _losses(screen))


async def command_widget(screen: DeckScreen) -> None:
    """Read a widget document from a file or an address."""
    from tui.widgets.dialogs import TextPrompt

    typed = await screen.ask(TextPrompt("Widget document", label="File, or http(s) address"))
    if typed and typed.strip():
        await screen.go("widget", typed.strip())


async def command_sample(screen: DeckScreen) -> None:
    """Clear or reset the sample data of the embedded services."""
    from tui.screens.deck.sample import change_sample

    await change_sample(screen)


class LeaveQuestion(Confirm):
    """Whether to leave, though something would be lost."""


def _losses(screen: DeckScreen) -> str:
    """What would end with all that is open now, such as a recording."""
    return " ".join(
        loss
        for stack in screen.app._screen_stacks.values()  # those behind this one too
        for shown in stack
        if (loss := getattr(shown, "would_lose", lambda: "")())
    )


async def command_quit(screen: DeckScreen) -> None:
    """Leave; a recording that runs is asked about first, and once. Forms are kept as drafts."""
    if any(isinstance(shown, LeaveQuestion) for shown in screen.app.screen_stack):
        return
    losses = _losses(screen)
    if losses and not await screen.ask(
        LeaveQuestion("Quit", "Leave tockdeck?", loses=losses, yes="Quit", no="Stay", key="y")
    ):
        return
    await hand_over(screen.app, QuitWanted())
