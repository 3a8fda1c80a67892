"""Keys by their names: what a person may write in `[keys]`, and what the program calls it.

It imports no Textual, so that a configuration is checked without it; a test holds the names
against Textual's own.
"""

from __future__ import annotations

import unicodedata

RESERVED = {
    "ctrl+z": "it stops the deck and gives back the shell (job control)",
    "ctrl+c": "it leaves the deck wherever one is",
    "tab": "it goes to the next pane or field",
    "shift+tab": "it goes to the pane or field before",
}
"""Keys that no command can have, and why."""

NAMED = (
    "enter", "escape", "space", "tab", "backspace", "delete", "insert", "home", "end", "pageup",
    "pagedown", "up", "down", "left", "right", *(f"f{number}" for number in range(1, 25)),
)  # fmt: skip
_PUNCTUATION = {
    "solidus": "slash",
    "reverse_solidus": "backslash",
    "commercial_at": "at",
    "hyphen_minus": "minus",
    "plus_sign": "plus",
    "low_line": "underscore",
}
_ALIASES = {
    "esc": "escape", "return": "enter", "spacebar": "space", "del": "delete", "ins": "insert",
    "bs": "backspace", "pgup": "pageup", "page_up": "pageup", "pgdn": "pagedown",
    "pgdown": "pagedown", "page_down": "pagedown", "period": "full_stop", "dot": "full_stop",
    "dash": "minus", "hyphen": "minus", "⏎": "enter", "↑": "up", "↓": "down", "←": "left",
    "→": "right", "⇥": "tab", "⇤": "shift+tab", "backtab": "shift+tab",
}  # fmt: skip
_MODIFIERS = {
    "ctrl": "ctrl", "control": "ctrl", "c": "ctrl", "shift": "shift", "s": "shift",
    "alt": "alt", "meta": "alt", "m": "alt",
}  # fmt: skip
_SAME_BYTE = {
    "i": "tab", "m": "enter", "h": "backspace", "left_square_bracket": "escape",
    "at": "ctrl+@", "space": "ctrl+@",
}  # fmt: skip
"""With ctrl these keys send what another one sends."""


class UnknownKey(ValueError):
    """What somebody wrote is no key, or none that a command can have; the message says why."""


def character_name(character: str) -> str:
    """What a printable character is called as a key: `?` is question_mark, `a` is a."""
    if character.isalnum():
        return character
    if character == " ":
        return "space"
    name = unicodedata.name(character, "").lower().replace("-", "_").replace(" ", "_")
    return _PUNCTUATION.get(name, name)


CHARACTERS = {character_name(chr(code)): chr(code) for code in range(0x20, 0x7F)}
"""The names of the printable keys of a keyboard."""


def is_chord(key: str) -> bool:
    """Whether it is two keys, one after the other, such as `g1`: only sets of keys have those."""
    return len(key) == 2 and key not in NAMED


def key_name(written: str) -> str:
    """What a key is called, however a person wrote it: `?`, `^p`, `Ctrl-P`, `esc`, `shift+j`.

    Raises `UnknownKey`, in words, for what is no key and for keys that no command can have.
    """
    key = _normal(written)
    if key in RESERVED:
        same = "" if key == written else f" is {key}, which"
        raise UnknownKey(f"{written}{same} cannot be set: {RESERVED[key]}")
    return key


def _normal(written: str) -> str:
    text = written.strip() or written
    if len(text) == 1:
        name = _ALIASES.get(text) or character_name(text)
        if not name:
            raise UnknownKey(f"{written!r} is no key")
        return name
    if _ALIASES.get(text.lower()) == "shift+tab":
        return "shift+tab"
    if text.startswith("^") and len(text) == 2:
        text = f"ctrl+{text[1].lower()}"
    base, modifiers = _split(text)
    name = _base(base, written)
    if "shift" in modifiers and len(name) == 1:
        if not name.isalpha():
            raise UnknownKey(f"{written}: write the character itself that shift makes of {name}")
        modifiers, name = modifiers - {"shift"}, name.upper()
    if "ctrl" in modifiers:
        name = name.lower() if len(name) == 1 else name
        same = _SAME_BYTE.get(name)
        if same and modifiers == {"ctrl"}:
            return same
    if not modifiers:
        return name
    return "+".join([*(one for one in ("alt", "ctrl", "shift") if one in modifiers), name])


def _split(text: str) -> tuple[str, set[str]]:
    """The key, and what is held down with it: `ctrl+p`, `Ctrl-P`, `C-p`."""
    modifiers: set[str] = set()
    while True:
        first, mark = next(((text[:i], text[i]) for i in range(1, len(text)) if text[i] in "+-"),
                           ("", ""))  # fmt: skip
        rest = text[len(first) + 1 :]
        if not mark or not rest or first.lower() not in _MODIFIERS:
            return text, modifiers
        modifiers.add(_MODIFIERS[first.lower()])
        text = rest


def _base(base: str, written: str) -> str:
    if len(base) == 1:
        return _ALIASES.get(base) or character_name(base)
    name = base.lower().replace(" ", "_")
    name = _ALIASES.get(name, _PUNCTUATION.get(name, name))
    if name in NAMED or name in CHARACTERS:
        return name
    from difflib import get_close_matches

    near = get_close_matches(name, [*NAMED, *CHARACTERS, *_ALIASES], n=1, cutoff=0.6)
    raise UnknownKey(f"{written!r} is no key" + (f"; did you mean {near[0]}?" if near else ""))
