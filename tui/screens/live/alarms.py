"""What rang and stands still: until the boat is back, or somebody has read it on Health. Pure."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from typing import NamedTuple

RANG = 20
"""Alarms that Health still names once they are over."""


class Alarm(NamedTuple):
    """One thing that rang: what it is of, how that is said now, and since when in ms."""

    id: tuple[str, ...]
    text: str
    since: int


class Alarms:
    """Those that stand, with what of them was read, and what rang lately."""

    def __init__(self) -> None:
        self.standing: list[Alarm] = []
        self.rang: deque[tuple[int, str]] = deque(maxlen=RANG)
        """When something rang, in ms, and what was said then; the oldest first."""
        self._read: set[tuple[str, ...]] = set()

    def stand(self, alarms: Iterable[Alarm]) -> None:
        """These stand now, and no others: what ends and begins again is to be read anew."""
        self.standing = sorted(alarms, key=lambda one: (-one.since, one.id))
        self._read &= {one.id for one in self.standing}

    def read(self) -> None:
        """Somebody has read all that stand."""
        self._read = {one.id for one in self.standing}

    @property
    def unread(self) -> list[Alarm]:
        """What stands and was not read, the newest first."""
        return [one for one in self.standing if one.id not in self._read]
