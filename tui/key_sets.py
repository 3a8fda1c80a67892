"""The sets of keys that `[keys] set` chooses from: what differs from the defaults, as data.

A person's own keys stand over a set's. What each of them must keep to is what a person's keys must
keep to as well (`tui/keymap.py`), and a test holds them against it: no key twice on a screen, none
that terminals, tmux or screen take away.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from tui.commands import COMMANDS, SCREENS, HasKeys
from tui.widget_keys import WIDGET_KEYS


class KeySet(NamedTuple):
    """Keys that differ from the default ones."""

    doc: str
    """What it is for, after its name."""
    keys: Mapping[str, tuple[str, ...]]
    """By the id of a command or of a widget's key. `g1` is g, then 1."""
    counts: bool = False
    """Whether a number before a key that moves says how far."""


def _of(**keys: str) -> dict[str, tuple[str, ...]]:
    """Keys by id, with `__` for the dot, as texts with blanks between."""
    return {name.replace("__", "."): tuple(written.split()) for name, written in keys.items()}


def _screens(*keys: str) -> dict[str, tuple[str, ...]]:
    """The keys of the seven screens, from the first on."""
    return {
        f"deck.{scope}": tuple(written.split())
        for scope, written in zip(SCREENS, keys, strict=True)
    }


def _with(key: str, *more: str) -> dict[str, tuple[str, ...]]:
    """Further keys for all that has one, such as for what esc does."""
    owners: list[HasKeys] = [*COMMANDS.values(), *WIDGET_KEYS.values()]
    return {one.id: (*one.keys, *more) for one in owners if key in one.keys}


def _before(key: str, easier: str) -> dict[str, tuple[str, ...]]:
    """A key that is easier to reach, before the others of every command that has a key."""
    return {one.id: (easier, *one.keys) for one in COMMANDS.values() if key in one.keys}


def _but(key: str, instead: str) -> dict[str, tuple[str, ...]]:
    """Another key for every command that has one."""
    return {
        one.id: tuple(instead if name == key else name for name in one.keys)
        for one in COMMANDS.values()
        if key in one.keys
    }


_AFTER_G = _screens(*(f"g{number}" for number in range(1, 8)))
_VIM = {
    **_AFTER_G,
    **_of(
        list__first="home gg",
        wall__first="home gg",
        day__first="home gg",
        text__first="home gg",
        deck__redo="U ctrl+r",
    ),
}
_EMACS = {
    **_with("escape", "ctrl+g"),
    **_of(
        list__up="up k ctrl+p",
        list__down="down j ctrl+n",
        list__page_down="pagedown ctrl+v",
        wall__up="up k ctrl+p",
        wall__down="down j ctrl+n",
        wall__page_down="pagedown ctrl+d ctrl+v",
        text__up="up k ctrl+p",
        text__down="down j ctrl+n",
        text__page_down="pagedown ctrl+d ctrl+v",
        table__last_column="dollar_sign ctrl+e",
        table__mark="space ctrl+@",
        deck__palette="ctrl+f",
        deck__undo="u ctrl+underscore",
        books__paste="P ctrl+y",
        books__find="f ctrl+r",
        tocks__find="F ctrl+r",
    ),
}
# First what the keyboard sends without AltGr, and of digits without shift: that one is shown.
_AZERTY = {
    **_screens(
        "ampersand 1",
        "é 2",
        "quotation_mark 3",
        "apostrophe 4",
        "left_parenthesis 5",
        "minus 6",
        "è 7",
    ),
    **_but("minus", "underscore"),
    **_before("left_square_bracket", "ç"),
    **_before("right_square_bracket", "à"),
    **_of(
        books__column_left="K left_curly_bracket",
        books__column_right="L right_curly_bracket",
        books__jump="J number_sign",
        month__year_before="K left_curly_bracket",
        month__next_year="L right_curly_bracket",
    ),
}
_NUMPAD = {
    **_AFTER_G,
    **_of(
        list__up="up k 8",
        list__down="down j 2",
        list__first="home gg 7",
        list__last="end G 1",
        list__page_up="pageup 9",
        list__page_down="pagedown 3",
        list__choose="enter 5",
        tree__unfold="right l 6",
        tree__fold="left h 4",
        table__left="left h 4",
        table__right="right l 6",
        wall__up="up k 8",
        wall__down="down j 2",
        wall__first="home gg 7",
        wall__last="end G 1",
        wall__page_up="pageup ctrl+u 9",
        wall__page_down="pagedown ctrl+d 3",
        day__before="left h 4",
        day__after="right l 6",
        day__first="home gg 7",
        day__last="end G 1",
        day__choose="enter 5",
        text__up="up k 8",
        text__down="down j 2",
        text__first="home gg 7",
        text__last="end G 1",
        text__page_up="pageup ctrl+u 9",
        text__page_down="pagedown ctrl+d 3",
        live__open="enter 5",
        live__left="left h 4",
        live__right="right l 6",
        track__follow="enter 5",
        track__west="left h 4",
        track__east="right l 6",
        track__north="up k 8",
        track__south="down j 2",
    ),
}

SETS: Mapping[str, KeySet] = {
    "default": KeySet("as `tockdeck keys` shows them", {}),
    "vim": KeySet(
        "a number before a key that moves says how far (5j, 12G), gg is the first line, and the "
        "screens are g1 to g7",
        _VIM,
        counts=True,
    ),
    "emacs": KeySet("^n ^p ^v move, ^g gives up, ^y pastes, ^_ undoes", _EMACS),
    "azerty": KeySet(
        "the screens are on the keys of the upper row without shift, ç à stand for [ ], _ for -",
        _AZERTY,
    ),
    "numpad": KeySet("8 2 4 6 7 1 9 3 move, 5 opens, and the screens are g1 to g7", _NUMPAD),
}
"""By name, in the order in which they are told."""
