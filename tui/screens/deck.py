"""The commands of the whole deck: help, palette, undo, connect, theme, changes, sample, quit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.commands import SCREENS, Command, keys_of, shown_key
from tui.screens.base import DeckScreen
from tui.widgets.dialogs import Confirm
from tui.widgets.help import HelpEntry, HelpMenu
from tui.workspace.problems import EXPECTED, one_line

if TYPE_CHECKING:
    from tui.app import Tockdeck


def screen_below(app: Tockdeck) -> DeckScreen | None:
    """The deck screen that is shown, or None while a dialog lies above it."""
    return app.screen if isinstance(app.screen, DeckScreen) else None


async def command_help(app: Tockdeck) -> None:
    """Show every key of this screen; enter carries one out."""
    screen = screen_below(app)
    if screen is None:
        return
    chosen = await app.push_screen_wait(HelpMenu(help_entries(screen), title=_title(screen)))
    if chosen is not None:
        target = "app" if chosen.startswith("deck.") else "screen"
        await screen.run_action(f"{target}.command({chosen!r})")


def help_entries(screen: DeckScreen) -> list[HelpEntry]:
    """The screen's commands and the deck's, as the menu shows them."""
    overrides = screen.workspace.settings.keys

    def entry(command: Command) -> HelpEntry:
        keys = " ".join(map(shown_key, keys_of(command, overrides)))
        group = "Everywhere" if command.scope == "deck" else SCREENS.get(command.scope, "Here")
        return HelpEntry(keys, command.title, command.help, command.id, group)

    return [entry(command) for command in screen.commands()]


def _title(screen: DeckScreen) -> str:
    return f"{SCREENS.get(screen.SCOPE, screen.SCOPE.title())}: keys"


async def command_palette(app: Tockdeck) -> None:
    """Open the palette above a deck screen."""
    if screen_below(app) is not None:
        app.action_command_palette()


async def command_undo(app: Tockdeck) -> None:
    """Take back the latest change of this session."""
    screen = screen_below(app)
    if screen is None:
        return
    try:
        title = await app.workspace.history.undo()
    except EXPECTED as error:
        screen.flash(one_line(error), "bad")
        return
    if title is None:
        screen.flash("Nothing to undo: no change of this session can be taken back.", "warn")
    else:
        screen.flash(f"Undone: {title}.", "good")
        screen.resume()


async def command_theme(app: Tockdeck) -> None:
    """Change to the next theme; the configuration keeps it."""
    name = app.next_theme()
    screen = screen_below(app)
    if screen is not None:
        screen.flash(f'Theme {name}. Keep it with theme = "{name}" in [deck] of the configuration.')


async def command_connect(app: Tockdeck) -> None:
    """Set up the account of a service."""
    screen = screen_below(app)
    if screen is not None:
        from tui.screens.connect import connect

        await connect(screen)


async def command_journal(app: Tockdeck) -> None:
    """Show what was changed, newest first, and what became of it."""
    screen = screen_below(app)
    if screen is not None:
        from tui.screens.changes import show_changes

        await show_changes(screen)


async def command_sample(app: Tockdeck) -> None:
    """Clear or reset the sample data of the embedded services."""
    screen = screen_below(app)
    if screen is not None:
        from tui.screens.sample import change_sample

        await change_sample(screen)


async def command_quit(app: Tockdeck) -> None:
    """Leave; a form that is open, or a recording that runs, is asked about first."""
    losses = [
        loss for shown in app.screen_stack if (loss := getattr(shown, "would_lose", lambda: "")())
    ]
    if losses and not await app.push_screen_wait(
        Confirm("Quit", "Leave tockdeck?", loses=" ".join(losses), yes="Quit", no="Stay", key="y")
    ):
        return
    await app.action_quit()
