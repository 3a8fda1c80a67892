"""The palette (ctrl+p): every command that can be carried out here, found by its name."""

from __future__ import annotations

from functools import partial
from typing import Any

from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.content import Content

from tui.commands import Command, in_scope, keys_of, shown_key
from tui.screens.base import DeckScreen
from tui.screens.messages import CommandWanted


class CommandProvider(Provider):
    """Offers the commands of the screen below the palette and those of the deck."""

    def _offered(self) -> list[tuple[Command, str]]:
        screen = self.screen
        if not isinstance(screen, DeckScreen):
            return [(command, "") for command in in_scope("deck")]
        overrides = screen.workspace.settings.keys
        return [
            (command, ", ".join(map(shown_key, keys_of(command, overrides))))
            for command in screen.commands()
            if not screen.refusal(command)
        ]

    def _run(self, command: Command) -> Any:
        # After the palette has gone, so that a dialog opens above the screen and not above it.
        return self.app.post_message(CommandWanted(command.id))

    async def discover(self) -> Hits:
        """Everything, before anything is typed."""
        for command, keys in self._offered():
            yield DiscoveryHit(
                Content(_label(command, keys)), partial(self._run, command),
                text=_label(command, keys), help=command.help,
            )  # fmt: skip

    async def search(self, query: str) -> Hits:
        """What matches, best first."""
        matcher = self.matcher(query)
        for command, keys in self._offered():
            text = _label(command, keys)
            score = matcher.match(text)
            if score > 0:
                yield Hit(
                    score, matcher.highlight(text), partial(self._run, command),
                    text=text, help=command.help,
                )  # fmt: skip


def _label(command: Command, keys: str) -> str:
    """As "timers: Start (s)", so that typing a screen's name groups its commands."""
    return f"{command.scope}: {command.title}" + (f" ({keys})" if keys else "")
