"""One user command; `tui.commands` has them all."""

from __future__ import annotations

from typing import NamedTuple


class Command(NamedTuple):
    """Something a person can do: by key, from the palette, from the `?` menu."""

    id: str
    """`scope.name`; the scope is the screen it belongs to, or `deck` for all of them."""
    title: str
    """One or two words, for the footer."""
    keys: tuple[str, ...]
    help: str
    """One sentence that says what happens."""
    rank: int = 0
    """Place in the footer, 1 first; 0 keeps it out."""
    danger: bool = False
    """True when it changes or destroys something; refused in read-only mode."""
    everywhere: bool = False
    """True when its key works in dialogs too."""

    @property
    def scope(self) -> str:
        """The screen it belongs to."""
        return self.id.partition(".")[0]

    @property
    def name(self) -> str:
        """The id without its scope: the name of the method that carries it out."""
        return self.id.partition(".")[2]


def command(
    id: str,
    title: str,
    keys: str,
    help: str,
    rank: int = 0,
    *,
    danger: bool = False,
    everywhere: bool = False,
) -> Command:
    """A command with its keys in one text."""
    return Command(id, title, tuple(keys.split()), help, rank, danger, everywhere)
