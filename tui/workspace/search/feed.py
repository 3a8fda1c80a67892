"""What was read goes into the index: in a thread, after it was shown, the newest of each list.

Nothing here is imported or begun before something was heard, and nothing runs once all is in.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tui.workspace.search.filling import Filling

LEISURE = 0.5
"""Seconds after something was heard before it is indexed: what is shown goes first."""
PAUSE = 0.004
"""Seconds between two transactions, in which whatever else has to run does."""
END_SECONDS = 0.3
"""What the end of the program waits for a transaction that is under way."""


class Feed:
    """Hears what was read and has it put into the index; knows how much waits."""

    def __init__(
        self, make: Callable[[], Filling], changed: Callable[[], object] = lambda: None
    ) -> None:
        """`make` is called in the thread; `changed`, from there too, whenever a list is in."""
        self._make = make
        self.changed = changed
        self._heard: dict[str, Any] = {}
        self._news = threading.Condition()
        self._thread: threading.Thread | None = None
        self._at_work = False
        self._looked_through = False
        self._ended = False

    def hear(self, key: str, value: Any) -> None:
        """An answer was read, under the key that it is kept under. Costs next to nothing."""
        with self._news:
            if not self._ended:
                self._heard[key] = value
                self._begin()

    def forget(self, prefix: str) -> None:
        """What waits and whose key begins so is not put in."""
        with self._news:
            for key in [key for key in self._heard if key.startswith(prefix)]:
                del self._heard[key]

    def look_through(self) -> None:
        """Have what was kept in earlier runs put in as well."""
        with self._news:
            if not self._ended:
                self._begin()

    @property
    def waiting(self) -> int:
        """How many lists that were read are not in yet; kept ones count as one."""
        with self._news:
            unseen = self._thread is not None and not self._looked_through
            return len(self._heard) + self._at_work + unseen

    def close(self) -> None:
        """End; what is not in yet is put in from the kept answers the next time."""
        with self._news:
            self._ended = True
            self._heard.clear()
            self._news.notify_all()
            thread = self._thread
        if thread is not None:
            thread.join(END_SECONDS)

    def _begin(self) -> None:
        self._news.notify_all()
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="search index", daemon=True)
            self._thread.start()

    def _go_on(self) -> bool:
        time.sleep(PAUSE)
        return not self._ended

    def _run(self) -> None:
        with self._news:
            if self._news.wait_for(lambda: self._ended, LEISURE):
                return
        filling = self._make()
        try:
            filling.look_through(self._go_on)
            with self._news:
                self._looked_through = True
            self.changed()
            while (heard := self._next()) is not None:
                filling.put(*heard, go_on=self._go_on)
                with self._news:
                    self._at_work = False
                self.changed()
        finally:
            filling.close()

    def _next(self) -> tuple[str, Any] | None:
        """The list that was heard first, once there is one; None at the end."""
        with self._news:
            self._news.wait_for(lambda: self._heard or self._ended)
            if self._ended:
                return None
            key = next(iter(self._heard))
            self._at_work = True
            return key, self._heard.pop(key)
