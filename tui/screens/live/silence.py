"""When a boat that was heard has fallen silent: by when its samples arrived. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from math import inf
from typing import TYPE_CHECKING, NamedTuple

from tui.live.feed import FeedState, Phase
from tui.screens.live.limits import JUDGED_EVERY
from tui.workspace.text import clean

if TYPE_CHECKING:
    from tui.live.store import FeedStore

DEAF = frozenset({Phase.STALE, Phase.CONNECTING, Phase.RECONNECTING, Phase.REFUSED, Phase.STOPPED})
"""Phases of a connection in which nothing of any boat can be heard."""


class Silence(NamedTuple):
    """A boat that has fallen silent, and for how many milliseconds it has been."""

    serial: str
    length: int


class SilenceWatch:
    """Tells of each silence once: again only after the boat was heard again.

    A boat that was silent before anybody looked is no news. While a boat's connection is down
    nobody can hear it: what passes then is not its silence.
    """

    def __init__(self) -> None:
        self._store: FeedStore | None = None
        self._alive: set[str] = set()
        self.standing: dict[str, int] = {}
        """Who rang and is silent still, and when each was last heard, in ms."""
        self._deaf_until: dict[str, int] = {}
        self._next = 0.0
        self._due = inf

    def wait(self, clock: float) -> float:
        """In how many seconds to look again though nothing comes; `inf` where nobody is alive."""
        return max(0.0, self._due - clock)

    def forget(self) -> None:
        """Whom it heard is no more of interest: nobody wants to know of a silence."""
        self._alive.clear()
        self.standing.clear()
        self._due = inf

    def judge(
        self,
        store: FeedStore,
        boats: Iterable[str],
        after: int,
        now: int,
        clock: float,
        deaf: Collection[str] = (),
    ) -> list[Silence]:
        """Which boats have been silent for `after` seconds since the last look, longest first.

        `now` is the feed's time in ms, `clock` a steady one in s; `deaf` are those whose
        connection is down.
        """
        if clock < self._next:
            self._due = min(self._due, self._next)
            return []
        self._next = clock + JUDGED_EVERY
        if store is not self._store:
            self._store = store
            self._alive.clear()
            self.standing.clear()
            self._deaf_until.clear()
        alive: set[str] = set()
        stood, self.standing = self.standing, {}
        found: list[Silence] = []
        longest = -1
        for serial in boats:
            known = serial in self._alive
            if serial in deaf:
                self._deaf_until[serial] = now
                if known:
                    alive.add(serial)
                elif serial in stood:
                    self.standing[serial] = stood[serial]
                continue
            # What is replayed from an archive was not heard by anybody: its stamps have to do.
            heard = store.heard(serial) or store.newest(serial)
            if heard is None:
                continue
            silent = now - heard
            counted = min(silent, now - self._deaf_until.get(serial, heard))
            if silent < after * 1000 or (known and counted < after * 1000):
                alive.add(serial)
                longest = max(longest, counted)
            elif known:
                found.append(Silence(serial, silent))
                self.standing[serial] = heard
            elif serial in stood:
                self.standing[serial] = heard
        self._alive = alive
        left = (after * 1000 - longest) / 1000
        self._due = inf if longest < 0 else clock + max(JUDGED_EVERY, left)
        return sorted(found, key=lambda one: -one.length)


def unheard(states: Iterable[tuple[Collection[str], FeedState]]) -> frozenset[str]:
    """Whose connections are down, of connections with their devices."""
    return frozenset[str]().union(*(serials for serials, state in states if state.phase in DEAF))


def silence_text(one: Silence, name: Callable[[str], str]) -> str:
    """`Kittiwake silent for 0:30`, in minutes and seconds."""
    seconds = one.length // 1000
    return f"{clean(name(one.serial))} silent for {seconds // 60}:{seconds % 60:02}"
