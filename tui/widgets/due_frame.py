"""That a frame which is due is painted in the end, whatever happens until then.

A frame may have to wait: for the line, for its pace, for a batch of changes. It stays due until one
is painted, not until somebody was told to paint it: a message that gets lost, a screen that was
left or a defect on the way is then but late.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

PATIENCE = 0.5
"""Seconds after which it is looked again, where nobody has said that there is room."""


class Cancellable(Protocol):
    """What is done later, unless it is called off."""

    def cancel(self) -> None:
        """Call it off."""
        ...


class DueFrame:
    """The one frame of a terminal that waits: it is never written, the newest state is.

    All but `is_due` belongs to the thread of the loop.
    """

    def __init__(
        self,
        wait: Callable[[], float],
        paint: Callable[[], None],
        later: Callable[[float, Callable[[], None]], Cancellable],
    ) -> None:
        """`wait` says in how many seconds a frame may be painted: 0 for now, infinite where that
        will be told with `look`. `paint` has the screen in front painted, which asks `hold` again.
        `later` does something after so many seconds.
        """
        self._wait = wait
        self._paint = paint
        self._later = later
        self._timer: Cancellable | None = None
        self.is_due = False
        """Whether a frame waits. Readable from any thread."""

    def hold(self) -> bool:
        """Whether the frame that is to be painted now has to wait; it is due then."""
        # Noted before it is asked: whoever has made room in between sees it and tells.
        self.is_due = True
        wait = self._wait()
        if wait <= 0:
            self.settle()
            return False
        self._look_after(wait)
        return True

    def look(self) -> None:
        """Have the frame that is due painted, where it need not wait any longer."""
        if not self.is_due:
            return
        # Before anything that may go wrong: then it is tried again.
        self._look_after(PATIENCE)
        wait = self._wait()
        if wait <= 0:
            self._paint()
        else:
            self._look_after(wait)

    def settle(self) -> None:
        """A frame is painted, or nobody would see one: none is due, and nothing is looked at."""
        self.is_due = False
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _look_after(self, seconds: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self._later(min(seconds, PATIENCE), self.look)
