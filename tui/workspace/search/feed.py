"""What was read goes into the index: in a thread, after it was shown, the newest of each list.

Nothing here is imported or begun before something was heard, and nothing runs once all is in.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic, sleep
from typing import TYPE_CHECKING, Any

from tui.workspace.search import RECORDS

if TYPE_CHECKING:
    from tui.workspace.search.filling import Filling

LEISURE = 5.0
"""Seconds without anything heard before it is indexed: what is shown goes first."""
LATER = 30.0
"""The same before what earlier runs kept is looked through."""
EAGER = 60.0
"""How long after a search nothing waits for leisure."""
PAUSE = 0.004
"""Seconds between two transactions, in which whatever else has to run does."""
REST = 1.0
"""Seconds in which nothing is put in after a person did something, or rows came in."""
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
        self._refused: set[str] = set()
        """What the disk did not take, until it is read again."""
        self._news = threading.Condition()
        self._thread: threading.Thread | None = None
        self._at_work = self._wanted = self._looked_through = self._ended = False
        self._last_heard = self._eager_until = self._rest_until = 0.0
        self._others = 0
        """How much is at work that goes first."""

    def hear(self, key: str, value: Any) -> None:
        """An answer was read, under the key that it is kept under. Costs next to nothing."""
        with self._news:
            if not self._ended:
                self._heard[key] = value
                self._last_heard = monotonic()
                self._begin()

    def hear_records(self, key: str) -> None:
        """Records of the mirror became others: of the collection that is called so."""
        self.hear(key, RECORDS)

    def rest(self) -> None:
        """Something else goes first now: what is under way waits a little. Costs nothing."""
        self._rest_until = monotonic() + REST

    @contextmanager
    def resting(self) -> Iterator[None]:
        """The same for as long as that something else takes."""
        with self._news:
            self._others += 1
        try:
            yield
        finally:
            with self._news:
                self._others -= 1

    def _rest(self) -> float:
        """For how long it is to rest at least."""
        return REST if self._others else self._rest_until - monotonic()

    def forget(self, prefix: str) -> None:
        """What waits and whose key begins so is not put in."""
        with self._news:
            for key in [key for key in self._heard if key.startswith(prefix)]:
                del self._heard[key]

    def look_through(self) -> None:
        """Somebody searches: have what was kept in earlier runs put in as well, and all at once."""
        with self._news:
            self._eager_until = monotonic() + EAGER
            if not self._ended and not self._looked_through:
                self._wanted = True
                self._begin()

    @property
    def waiting(self) -> int:
        """How many lists that were read are not in yet; all kept ones count as one."""
        with self._news:
            lists = self._refused | self._heard.keys()
            return len(lists) + self._at_work + self._wanted

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
        sleep(PAUSE)
        while not self._ended and (left := self._rest()) > 0:
            sleep(min(left, END_SECONDS / 2))
        return not self._ended

    def _run(self) -> None:
        filling: Filling | None = None
        while (work := self._next()) is not None:
            filling = filling or self._make()
            done = True
            if work == _KEPT:
                filling.look_through(self._go_on)
            else:
                done = filling.put(*work, go_on=self._go_on)
            with self._news:
                self._at_work = False
                if done:
                    self._refused.discard(work[0])
                else:
                    self._refused.add(work[0])
                if work == _KEPT:
                    self._wanted, self._looked_through = False, True
            self.changed()
        if filling is not None:
            filling.close()

    def _next(self) -> tuple[str, Any] | None:
        """What is to be done next, once it is time for it; None at the end."""
        with self._news:
            while not self._ended:
                now = monotonic()
                quiet = now - self._last_heard
                eager = now < self._eager_until
                rest = self._rest()
                if rest > 0 and (self._heard or self._wanted):
                    self._news.wait(rest)
                    continue
                if self._wanted:
                    return _KEPT
                if self._heard and (eager or quiet >= LEISURE):
                    self._at_work = True
                    key = next(iter(self._heard))
                    return key, self._heard.pop(key)
                if not self._heard and not self._looked_through and quiet >= LATER:
                    self._wanted = True
                    return _KEPT
                until = LEISURE if self._heard else None if self._looked_through else LATER
                self._news.wait(None if until is None else until - quiet)
            return None


_KEPT = ("", None)
"""Stands for what earlier runs kept."""
