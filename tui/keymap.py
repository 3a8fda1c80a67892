"""Which keys are taken, and whether a person's `[keys]` fit in: no list, no line of text and no
other command that the person gave a key may want the same one. The default of a command gives way.

The keys of lists, trees, tables and forms stand here once, and the widgets make their bindings
from them; it imports no Textual, so that the command line checks a configuration with it too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from tui.commands import COMMANDS, SCREENS, Command, in_scope, keys_of, shown_key
from tui.keys import CHARACTERS


class WidgetKey(NamedTuple):
    """What some keys do wherever a widget of one kind has the focus."""

    keys: str
    """Names with blanks between them."""
    action: str
    title: str


ROWS = (
    WidgetKey("up k", "cursor_by(-1)", "Up"),
    WidgetKey("down j", "cursor_by(1)", "Down"),
    WidgetKey("home g", "cursor_first", "First"),
    WidgetKey("end G", "cursor_last", "Last"),
    WidgetKey("pageup", "page(-1.0)", "Page up"),
    WidgetKey("pagedown", "page(1.0)", "Page down"),
    WidgetKey("ctrl+u", "page(-0.5)", "Half a page up"),
    WidgetKey("ctrl+d", "page(0.5)", "Half a page down"),
    WidgetKey("enter", "choose", "Open"),
)
TREE = (
    WidgetKey("right l", "unfold", "Open"),
    WidgetKey("left h", "fold", "Close"),
    WidgetKey("space", "toggle_fold", "Open or close"),
)
TABLE = (
    WidgetKey("left h", "column_by(-1)", "Left"),
    WidgetKey("right l", "column_by(1)", "Right"),
    WidgetKey("0", "first_column", "First column"),
    WidgetKey("dollar_sign", "last_column", "Last column"),
    WidgetKey("less_than_sign", "widen(-2)", "Narrower"),
    WidgetKey("greater_than_sign", "widen(2)", "Wider"),
    WidgetKey("equals_sign", "automatic_widths", "Automatic widths"),
    WidgetKey("space", "mark", "Mark"),
    WidgetKey("f2", "edit", "Edit"),
)
WALL = (
    WidgetKey("up k", "move(-1)", "Up"),
    WidgetKey("down j", "move(1)", "Down"),
    WidgetKey("pageup ctrl+u", "page(-1)", "Page up"),
    WidgetKey("pagedown ctrl+d", "page(1)", "Page down"),
    WidgetKey("home g", "edge(0)", "First"),
    WidgetKey("end G", "edge(1)", "Last"),
)
DAY = (
    WidgetKey("left h", "move(-1)", "Before"),
    WidgetKey("right l", "move(1)", "After"),
    WidgetKey("home g", "edge(0)", "First"),
    WidgetKey("end G", "edge(1)", "Last"),
    WidgetKey("enter", "choose", "Open"),
)
FORM = (
    WidgetKey("f2 ctrl+o", "save", "Save"),
    WidgetKey("f3", "edit_outside", "Write in your own editor"),
    WidgetKey("f4", "copy_link", "Copy the link"),
)

_LISTS = {"a list": ROWS, "a tree": TREE}
_TABLES = {**_LISTS, "a table": TABLE}
KINDS: Mapping[str, Mapping[str, tuple[WidgetKey, ...]]] = {
    "today": _LISTS,
    **dict.fromkeys(("books", "tocks", "sessions", "invoices"), _TABLES),
    "timers": {**_TABLES, "the bar of a day": DAY},
    **dict.fromkeys(("console", "widget"), _TABLES),
    "changes": {"a list": ROWS, "a table": TABLE},
    "timesheet": {"a list": ROWS, "a table": TABLE},
    "hours": {"a list": ROWS, "a table": TABLE},
    "office": {"a list": ROWS, "a table": TABLE},
    "live": {"the wall": WALL},
    "track": {},
}
"""Scope of commands -> what has the focus on its screen, in words, and the keys of that."""

_MOVES = "up down left right home end pageup pagedown"
EDITING = frozenset(
    (
        f"backspace delete enter f6 f7 {_MOVES} alt+backspace alt+delete super+backspace"
        " ctrl+a ctrl+backspace ctrl+c ctrl+d ctrl+e ctrl+k ctrl+u ctrl+v ctrl+w ctrl+x ctrl+y"
        " ctrl+z ctrl+left ctrl+right ctrl+shift+a ctrl+shift+k ctrl+shift+left ctrl+shift+right"
        " shift+down shift+end shift+home shift+left shift+right shift+up"
        " super+c super+x super+y super+z"
    ).split()
)
"""Keys of lines and texts that are being edited; a test holds that they are Textual's."""


def problems_of(overrides: Mapping[str, Iterable[str]]) -> list[str]:
    """What is wrong with a person's keys, by command id and with keys by their right names."""
    problems = [_unknown(name) for name in overrides if name not in COMMANDS]
    set_by_person = [COMMANDS[name] for name in overrides if name in COMMANDS]
    for command in set_by_person:
        for key in keys_of(command, overrides):
            problem = _taken(command, key)
            if problem:
                problems.append(f"{command.id} cannot have {key}: {problem}")
    return problems + _clashes(overrides)


def _unknown(name: str) -> str:
    from difflib import get_close_matches

    near = get_close_matches(name, COMMANDS, n=1, cutoff=0.5) or [
        one for one in COMMANDS if one.endswith(f".{name}")
    ]
    return f"there is no command {name}" + (f"; did you mean {near[0]}?" if near else "")


def _taken(command: Command, key: str) -> str:
    """Why a command cannot have a key that is no other command's; empty where it can."""
    if key in command.keys:
        return ""
    scopes = [*SCREENS, "console", "widget"] if command.scope == "deck" else [command.scope]
    for scope in scopes:
        for what, keys in KINDS[scope].items():
            for one in keys:
                if key in one.keys.split():
                    return f"in {what} of {scope} it is taken ({one.title.lower()})"
    if command.everywhere:
        if key in CHARACTERS or len(key) == 1:
            return "this command works while one types, and there it is a character"
        if key in EDITING:
            return "this command works while one types, and there it edits the text"
        for one in FORM:
            if key in one.keys.split():
                return f"this command works in forms too, and there it is taken ({one.title})"
    return ""


def _clashes(overrides: Mapping[str, Iterable[str]]) -> list[str]:
    """Keys that a person has set for two commands of one screen."""
    return [
        f"{key} would be both {first} and {second}"
        for key, first, second in _shared(overrides)
        if first in overrides and second in overrides
    ]


class GaveWay(NamedTuple):
    """A default key that a command does not have, because a person gave it to another."""

    command: str
    key: str
    to: str
    """The id of the command that has it now."""
    left: tuple[str, ...]
    """The keys that the command has still."""

    @property
    def in_words(self) -> str:
        """What became of the command."""
        kept = " ".join(map(shown_key, self.left))
        has = f"has {kept} still" if kept else "has no key now, and is in the palette"
        return f"{self.command} gave way to {self.to}; it {has}"


def gave_way(overrides: Mapping[str, Iterable[str]]) -> list[GaveWay]:
    """The defaults that a person's keys took the place of, on screens where both would be alive.

    So a version that gives a command a key which the person already uses leaves it the person's.
    `overrides` are the person's alone, not those that are `fitted`.
    """
    taken: dict[str, dict[str, str]] = {}
    for key, first, second in _shared(overrides):
        if (first in overrides) != (second in overrides):
            to, command = (first, second) if first in overrides else (second, first)
            taken.setdefault(command, {}).setdefault(key, to)
    return [
        GaveWay(command, key, to, tuple(one for one in COMMANDS[command].keys if one not in keys))
        for command, keys in taken.items()
        for key, to in keys.items()
    ]


def fitted(overrides: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """A person's keys, and what is left to the commands whose defaults give way to them."""
    return {**overrides, **{one.command: list(one.left) for one in gave_way(overrides)}}


def _shared(overrides: Mapping[str, Iterable[str]]) -> list[tuple[str, str, str]]:
    """Each key with two commands of one screen that it would belong to."""
    found: dict[tuple[str, str, str], None] = {}
    for scope in dict.fromkeys(command.scope for command in COMMANDS.values()):
        commands = in_scope(*dict.fromkeys(("deck", scope)))
        having: dict[str, list[str]] = {}
        for command in commands:
            for key in dict.fromkeys(keys_of(command, overrides)):
                for other in having.setdefault(key, []):
                    found[key, other, command.id] = None
                having[key].append(command.id)
    return list(found)
