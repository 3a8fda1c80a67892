"""Garbage is looked for where nobody waits: a look through all that there is takes longer than a
frame may, and Python takes it whenever much was made, as in the middle of somebody's typing.
"""

from __future__ import annotations

import gc
from collections.abc import Callable
from typing import Protocol

QUIET_SECONDS = 1.0
"""Without a key, at least, before all is looked through."""
DUE = 10
"""Looks through what is young after which Python would look through all."""
SELDOM = 100
"""After so many it does: where nobody presses a key for long, or never stops to."""


class Restarted(Protocol):
    """A timer that can begin anew."""

    def reset(self) -> None:
        """Wait the whole time once more."""


class Tidying:
    """Has all looked through after keys, once none has come for a moment."""

    def __init__(self, set_timer: Callable[[float, Callable[[], None]], Restarted]) -> None:
        self._set_timer = set_timer
        self._timer: Restarted | None = None

    def begin(self) -> None:
        """From now on, where garbage was not looked for while the first frame was made; what is
        there stays, and need never be looked through.
        """
        if not gc.isenabled():
            gc.freeze()
            young, middle, _ = gc.get_threshold()
            gc.set_threshold(young, middle, SELDOM)
            gc.enable()

    def after_key(self) -> None:
        """A key has come: whoever pressed it may press the next one."""
        if self._timer is not None:
            self._timer.reset()
        elif gc.get_count()[2] > DUE and gc.isenabled():
            self._timer = self._set_timer(QUIET_SECONDS, self._tidy)

    def _tidy(self) -> None:
        self._timer = None
        if gc.isenabled():
            gc.collect()
