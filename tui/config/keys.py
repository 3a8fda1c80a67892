"""The section `[keys]`: which set of keys; what of it is otherwise is a mapping of its own."""

from __future__ import annotations

from typing import Literal

from tui.config.declaring import Section, setting


class Keys(Section):
    """Keys: a set of them, and what of it is to be otherwise."""

    set: Literal["default", "vim", "emacs", "azerty", "numpad"] = setting(
        "default",
        "The set that other keys stand over. vim: a number before a key that moves says how far, "
        "and the screens are g1 to g7. emacs: ^n ^p ^v move, ^g gives up. azerty: the screens are "
        "on the upper row without shift. numpad: its digits move, and the screens are g1 to g7.",
    )
