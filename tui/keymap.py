"""Which keys are taken, and whether a person's `[keys]` fit in: no list, no line of text and no
other command that the person gave a key may want the same one. The default of a command gives way.

It imports no Textual, so that the command line checks a configuration with it too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import NamedTuple

from tui.commands import COMMANDS, in_scope, keys_of, shown_key
from tui.keys import CHARACTERS, is_chord
from tui.widget_keys import BY_THEMSELVES, FORM, KINDS, ROWS, TABLE, TREE, TYPED, WIDGET_KEYS

DIGITS = "123456789"
"""With what a number begins that says how far a key moves."""
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
_WHILE_TYPING = frozenset(one.id for one in TYPED)

Keys = Mapping[str, Iterable[str]]
"""Id of a command or of a widget's key -> the keys that it has instead of its default ones."""


def problems_of(overrides: Keys, base: Keys | None = None, *, counts: bool = False) -> list[str]:
    """What is wrong with a person's keys, by id and with keys by their right names. `base` is the
    set of keys that they stand over, in which digits may be `counts`.
    """
    base = base or {}
    problems = [_unknown(name) for name in overrides if not _is_known(name)]
    for name in filter(_is_known, overrides):
        for key in overrides[name]:
            problem = _taken(name, key, overrides, base)
            if counts and key in DIGITS:
                problem = "in this set of keys it begins a number"
            if problem:
                problems.append(f"{name} cannot have {key}: {problem}")
    return problems + _clashes(overrides)


def _is_known(name: str) -> bool:
    return name in COMMANDS or name in WIDGET_KEYS


def _unknown(name: str) -> str:
    from tui.nearest import nearest

    near = nearest(name, [*COMMANDS, *WIDGET_KEYS])
    return f"there is no command {name}" + (f"; did you mean {near}?" if near else "")


def default_keys(name: str) -> tuple[str, ...]:
    """The keys that a command or a widget's key has where nobody set others."""
    return (WIDGET_KEYS.get(name) or COMMANDS[name]).keys


def _taken(name: str, key: str, overrides: Keys, base: Keys) -> str:
    """Why it cannot have a key that is no other command's; empty where it can."""
    if key in default_keys(name):
        return ""
    for begin in {one[0] for keys in base.values() for one in keys if is_chord(one)}:
        if key == begin:
            return f"other keys begin with {key}, by the set of keys"
    for place, owners in _contexts():
        if name in owners:
            for other in owners:
                widget = WIDGET_KEYS.get(other)
                if widget is None or other == name or other in overrides or _alike(name, other):
                    continue
                # What only a set gave it gives way.
                if key in widget.keys and key in base.get(other, (key,)):
                    return f"in {place} it is taken ({widget.title.lower()})"
    if name in COMMANDS and COMMANDS[name].everywhere:
        for one in FORM:
            if key in one.keys:
                return f"this command works in forms too, and there it is taken ({one.title})"
    if name in _WHILE_TYPING or (name in COMMANDS and COMMANDS[name].everywhere):
        if key in CHARACTERS or len(key) == 1 or is_chord(key):
            return "this command works while one types, and there it is a character"
        if key in EDITING:
            return "this command works while one types, and there it edits the text"
    return ""


def _clashes(overrides: Keys) -> list[str]:
    """Keys that a person has set for two commands of one screen."""
    return [
        f"{key} would be both {first} and {second}"
        for key, first, second in _shared(overrides)
        if first in overrides and second in overrides
    ]


class GaveWay(NamedTuple):
    """A key that a command does not have, because a person gave it to another."""

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
        has = f"has {kept} still" if kept else "has no key now"
        if not kept and self.command in COMMANDS:
            has += ", and is in the palette"
        return f"{self.command} gave way to {self.to}; it {has}"


def gave_way(overrides: Keys, base: Keys | None = None) -> list[GaveWay]:
    """What a person's keys took the place of, on screens where both would be alive: defaults, and
    keys of the set (`base`) that they stand over.

    So a version that gives a command a key which the person already uses leaves it the person's.
    `overrides` are the person's alone, not those that are `fitted`.
    """
    beneath = base or {}
    taken: dict[str, dict[str, str]] = {}
    for key, first, second in _shared({**beneath, **overrides}):
        if (first in overrides) != (second in overrides):
            to, command = (first, second) if first in overrides else (second, first)
            # What a widget does by default gives way to nothing: the person is told so.
            if command not in WIDGET_KEYS or key not in default_keys(command):
                taken.setdefault(command, {}).setdefault(key, to)
    return [
        GaveWay(
            command, key, to, tuple(one for one in _keys_of(command, beneath) if one not in keys)
        )
        for command, keys in taken.items()
        for key, to in keys.items()
    ]


def fitted(overrides: Mapping[str, list[str]], base: Keys | None = None) -> dict[str, list[str]]:
    """A person's keys over a set's, and what is left to those that give way to them."""
    beneath = {name: list(keys) for name, keys in (base or {}).items()}
    left = {one.command: list(one.left) for one in gave_way(overrides, base)}
    return {**beneath, **overrides, **left}


def _keys_of(name: str, overrides: Keys) -> tuple[str, ...]:
    return keys_of(WIDGET_KEYS.get(name) or COMMANDS[name], overrides)


@cache
def _contexts() -> tuple[tuple[str, tuple[str, ...]], ...]:
    """What is alive at one time: where, in words, and the ids of commands and widgets' keys."""
    found = []
    for scope in dict.fromkeys(command.scope for command in COMMANDS.values()):
        commands = tuple(one.id for one in in_scope(*dict.fromkeys(("deck", scope))))
        for what, keys in KINDS[scope].items() if scope != "deck" else ():
            inherited = ROWS if keys in (TREE, TABLE) else ()
            found.append(
                (f"{what} of {scope}", (*commands, *(one.id for one in (*inherited, *keys))))
            )
        found.append((scope, commands))
    found += [(keys[0].id, tuple(one.id for one in keys)) for keys in BY_THEMSELVES]
    return tuple(found)


@cache
def _alike(first: str, second: str) -> bool:
    """Whether one key may be both: by default the list opens with the key of the command."""
    return (first in WIDGET_KEYS or second in WIDGET_KEYS) and not set(
        default_keys(first)
    ).isdisjoint(default_keys(second))


def _shared(overrides: Keys) -> list[tuple[str, str, str]]:
    """Each key with two owners that are alive at one time."""
    found: dict[tuple[str, str, str], None] = {}
    for _, owners in _contexts():
        having: dict[str, list[str]] = {}
        for name in owners:
            for key in dict.fromkeys(_keys_of(name, overrides)):
                for other in having.setdefault(key, []):
                    if not _alike(name, other):
                        found[key, other, name] = None
                having[key].append(name)
    return list(found)
