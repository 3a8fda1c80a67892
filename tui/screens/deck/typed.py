"""What a person may type after `:`: the names of commands, with words that answer what they ask;
a number for a row; the id of an operation, with `name=value`, for the console.

It draws nothing and carries nothing out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from itertools import takewhile
from typing import NamedTuple

from tui.commands import COMMANDS, SCREENS, Command

GO, THEME = "go", "theme"
BESIDE = ("changes", "console", "office", "timesheet")
"""Screens beside the seven that `go` knows."""
ALIASES = {"q": "quit"}
MOST_DIGITS = 12


class NotUnderstood(ValueError):
    """A line that says nothing; the message says why, in words."""


class Meant(NamedTuple):
    """What a line means: one of these."""

    command: Command | None = None
    words: tuple[str, ...] = ()
    """What answers the questions of the command."""
    row: int = 0
    """The number of a row, from 1."""
    theme: str = ""
    screen: str = ""
    operation: str = ""
    values: Mapping[str, str] = {}
    """Of the operation's parameters."""


class Known(NamedTuple):
    """What a line is read by."""

    here: Sequence[Command]
    """What can be done on this screen now, and the deck's commands."""
    elsewhere: Sequence[Command]
    themes: Sequence[str] = ()
    operations: Sequence[str] = ()
    refused: Mapping[str, str] = {}
    """Name of what cannot be done here now -> why."""

    def names(self) -> list[str]:
        """Every first word."""
        here = [one.name for one in self.here]
        return [*dict.fromkeys((GO, *here, *(one.id for one in self.elsewhere))), *self.operations]

    def command(self, name: str) -> Command | None:
        """The command of a name, here before elsewhere; None where there is none.

        Raises NotUnderstood where several other screens have it.
        """
        name = ALIASES.get(name, name)
        for one in (*self.here, *self.elsewhere):
            if name == one.id or (name == one.name and one in self.here):
                return one
        others = [one for one in self.elsewhere if one.name == name]
        if len(others) > 1:
            raise NotUnderstood(f"Which one: {', '.join(one.id for one in others)}?")
        return others[0] if others else None


def meant(line: str, known: Known) -> Meant:
    """What a line means. Raises NotUnderstood."""
    first, *words = line.split() or [""]
    if first.isdecimal() and not words:
        # More rows than that no list has, and Python refuses to read very many digits.
        row = int(first[:MOST_DIGITS])
        if not row:
            raise NotUnderstood("Rows are numbered from 1.")
        return Meant(row=row)
    if first == GO:
        return _screen(words)
    if first == THEME and words:
        if words[0] not in known.themes:
            raise NotUnderstood(f"There is no theme {words[0]}{_near(words[0], known.themes)}.")
        return Meant(theme=words[0])
    if first in known.operations:
        return Meant(operation=first, values=_values(words))
    command = known.command(first)
    if command is not None:
        return Meant(command, tuple(words))
    if first in known.refused:
        raise NotUnderstood(known.refused[first])
    raise NotUnderstood(f"There is no command {first}{_near(first, known.names())}.")


def _screen(words: Sequence[str]) -> Meant:
    screens = [*SCREENS, *BESIDE]
    if len(words) != 1:
        raise NotUnderstood(f"Go where: {', '.join(screens)}?")
    if words[0] not in screens:
        raise NotUnderstood(f"There is no screen {words[0]}{_near(words[0], screens)}.")
    return Meant(screen=words[0])


def _values(words: Iterable[str]) -> dict[str, str]:
    values: dict[str, str] = {}
    for word in words:
        name, equals, value = word.partition("=")
        if not equals or not name:
            raise NotUnderstood(f"Write name=value instead of {word}.")
        values[name] = value
    return values


def _near(word: str, names: Sequence[str]) -> str:
    near = get_close_matches(word, names, n=1, cutoff=0.6)
    return f"; did you mean {near[0]}?" if near else ""


def completed(line: str, known: Known) -> tuple[str, list[str]]:
    """A line as far as only one way leads on, and the words that fit."""
    head, _, part = line.rpartition(" ")
    first = head.split()
    if not first:
        names: Iterable[str] = known.names()
    elif first == [GO]:
        names = (*SCREENS, *BESIDE)
    elif first == [THEME]:
        names = known.themes
    else:
        names = ()
    fits = sorted({one for one in names if one.startswith(part)})
    if not fits:
        return line, []
    alike = takewhile(lambda pair: pair[0] == pair[1], zip(fits[0], fits[-1], strict=False))
    common = "".join(letter for letter, _ in alike)
    return f"{head} {common}" if " " in line else common, fits


def why_not(name: str) -> str:
    """What is said of a command that is on this screen, but means nothing now."""
    return f"{COMMANDS[name].title} means nothing here now."
