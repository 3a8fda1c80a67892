"""Numbers before keys, and keys of two: `5j`, `gg`, `g3`. Only some sets of keys have them.

They are looked at where Textual hands a key on, in turn and before anybody takes it. Where what has
the focus takes the key as text it belongs to the text. Textual's version is pinned exactly, and a
test holds what is used of it here.
"""

from __future__ import annotations

from textual.keys import key_to_character

from tui.commands import shown_key
from tui.keymap import DIGITS
from tui.keys import is_chord
from tui.widget_keys import WIDGET_KEYS
from tui.widgets.turns import InTurn

MOST_DIGITS = 7
"""More rows than that nobody goes."""


class Chorded(InTurn, inherit_bindings=False):
    """An application whose keys may be two, and have a number before them."""

    _begins: frozenset[str] = frozenset()
    """The keys that others begin with."""
    _counts = False
    _count = ""
    _begun = ""

    def use_chords_of(self, key_set: str) -> None:
        """Take keys as a set of keys has them."""
        from tui.key_sets import SETS

        chosen = SETS[key_set]
        keys = (key for keys in chosen.keys.values() for key in keys)
        self._begins = frozenset(key[0] for key in keys if is_chord(key))
        self._counts = chosen.counts

    def tell_of_key(self, text: str, *, wrong: bool = False) -> None:
        """Show what was begun, or why it means nothing; an empty text takes it away."""

    async def _check_bindings(self, key: str, priority: bool = False) -> bool:
        """Textual asks for the bindings with priority first, once for every key."""
        if not (priority and (self._begins or self._counts)) or self._is_text(key):
            return await super()._check_bindings(key, priority)
        if self._begun:
            return await self._end(self._begun + key, key)
        if key in self._begins:
            self._begun = key
            self._show()
            return True
        if self._is_digit(key):
            self._count = (self._count + key)[:MOST_DIGITS]
            self._show()
            return True
        if self._count:
            return await self._counted(key)
        return await super()._check_bindings(key, priority)

    def _is_text(self, key: str) -> bool:
        focused = self.focused
        return focused is not None and focused.check_consume_key(key, key_to_character(key))

    def _is_digit(self, key: str) -> bool:
        """Whether it is one of a number before a key; in a list where one types it begins text."""
        if not self._counts or getattr(self.screen, "DIGITS_BEGIN_TEXT", False):
            return False
        return key in tuple(DIGITS) or (key == "0" and bool(self._count))

    def _show(self) -> None:
        self.tell_of_key(f"{self._count}{self._begun} …")

    async def _end(self, chord: str, last: str) -> bool:
        """The second of two keys."""
        self._begun = ""
        if self._count:
            return await self._counted(chord)
        self.tell_of_key("")
        if last != "escape" and not await super()._check_bindings(chord):
            self.tell_of_key(f"{chord[0]} {shown_key(last)} means nothing here.", wrong=True)
        return True

    async def _counted(self, key: str) -> bool:
        """A key with a number before it."""
        number, self._count = int(self._count), ""
        self.tell_of_key("")
        if key == "escape":
            return True
        for node, bindings in self.screen._modal_binding_chain:
            for binding in bindings.key_to_bindings.get(key, ()):
                widget = WIDGET_KEYS.get(binding.id or "")
                if widget is not None and widget.counted:
                    return await self.run_action(widget.counted.format(n=number), node)
        self.tell_of_key(
            f"{number}{shown_key(key)}: a number is for keys that move, so nothing was done.",
            wrong=True,
        )
        return True
