"""Keys in sentences: a text names the key that the person has to press, whatever `[keys]` says.

A text names a command or a widget's key by its id and never a key itself; a test holds all texts to
that. It imports no Textual: sentences of `workspace` name keys, too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from tui.command import Command
from tui.commands import COMMANDS, keys_of, shown_key
from tui.keys import CHARACTERS
from tui.widget_keys import WIDGET_KEYS, WidgetKey

_WORDS = {"enter": "enter", "tab": "tab", "pageup": "pgup", "pagedown": "pgdn"}
"""Keys that a sentence calls otherwise than the footer, which has little room."""
_UNREACHABLE = "“"
"""With what the name of something begins that has no key."""
_NAMED = re.compile(r"<([a-z_]+\.[a-z_0-9]+)>")
_in_force: dict[str, tuple[str, ...]] = {}


def speak_of(overrides: Mapping[str, Iterable[str]]) -> None:
    """Name these keys from now on, by id, and the default ones of all others."""
    _in_force.clear()
    _in_force.update({name: tuple(keys) for name, keys in overrides.items()})


def key_for(name: str) -> str:
    """The key of a command or of a widget's key as a sentence has it: `u`, `esc`, `ctrl+o`.

    Where it has none this is its title, by which the palette finds it: “Undo”.
    """
    keys = keys_for(name)
    return _spoken(keys[0]) if keys else f"{_UNREACHABLE}{_owner(name).title}”"


def either_of(*names: str) -> str:
    """Keys that do the same, as `q or esc`: the first of each id, the first two of a single one."""
    found = [key for name in names for key in keys_for(name)[: 2 if len(names) == 1 else 1]]
    return " or ".join(map(_spoken, found)) or key_for(names[0])


def pair_of(*names: str) -> str:
    """Keys that belong together, as `↑↓` or `pgup pgdn`."""
    keys = [key_for(name) for name in names]
    return ("" if all(len(key) == 1 for key in keys) else " ").join(keys)


def letter_for(name: str) -> str:
    """The key that is a letter, where it has one: as `j`, which every font has, unlike `↓`."""
    return next((key for key in keys_for(name) if len(key) == 1), "") or key_for(name)


def with_keys(text: str) -> str:
    """Our own text with its keys, `<deck.undo> takes it back.`; never one with data in it."""
    return _NAMED.sub(lambda found: key_for(found[1]), text)


def reachable(hints: str) -> str:
    """A line of keys without the parts about what has no key."""
    return " · ".join(one for one in hints.split(" · ") if not one.startswith(_UNREACHABLE))


def fitting(hints: str, cells: int) -> str:
    """A line of keys that is not cut within a word: where it has not room for all its parts, those
    before the last, which says how to leave, give way to an ellipsis, the latest first.
    """
    parts = hints.split(" · ")
    first, last = parts[:-1], parts[-1]
    while first and len(hints) > cells:
        first.pop()
        hints = " · ".join([*first, "…", last])
    return hints


def _owner(name: str) -> WidgetKey | Command:
    return WIDGET_KEYS.get(name) or COMMANDS[name]


def keys_for(name: str) -> tuple[str, ...]:
    """All keys of a command or of a widget's key, as Textual calls them, the first one first."""
    return keys_of(_owner(name), _in_force)


def _spoken(key: str) -> str:
    if key.startswith("ctrl+"):
        return f"ctrl+{CHARACTERS.get(key[5:], key[5:])}"
    return _WORDS.get(key) or shown_key(key)
