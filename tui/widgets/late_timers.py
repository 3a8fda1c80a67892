"""Timers that call once, and do so however late it is.

Textual's skip the calls that they are too late for. One that is to call once, and whose thread got
no turn between two of its looks at the clock for as long as it waits, then never called at all: a
screen whose first frame fell into that moment never began to load, since it is told five
milliseconds after it. Textual's version is pinned exactly, and a test holds what is used of it.
"""

from __future__ import annotations

from typing import Any

from textual.message_pump import MessagePump
from textual.timer import Timer

_set_timer = MessagePump.set_timer


def call_though_late() -> None:
    """Let every timer that is set from now on to call once do so."""
    MessagePump.set_timer = _set  # type: ignore[method-assign]


def _set(self: MessagePump, *arguments: Any, **named: Any) -> Timer:
    timer = _set_timer(self, *arguments, **named)
    # Its task has not begun yet: it was made in this turn of the loop.
    timer._skip = False
    return timer
