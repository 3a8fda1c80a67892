"""What befalls an actor's machine: a disk that takes little or nothing, a clock that is set."""

from __future__ import annotations

import random
import resource
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

ROOM = (0, 4096, 20_000, 40_000)
"""Bytes up to which a file may be written: none at all, as where the disk may only be read, or
some, as where it is nearly full."""
JUMPS = (timedelta(days=-2), timedelta(hours=-1), timedelta(minutes=11), timedelta(days=40))


class _Meta(type):
    def __instancecheck__(cls, one: object) -> bool:
        return isinstance(one, datetime)


class _Set(datetime, metaclass=_Meta):
    """Stands for `datetime` where changes are made and kept: its moments are plain ones."""

    ahead = timedelta()

    def __new__(cls, *given: Any, **more: Any) -> Any:
        return datetime(*given, **more)  # noqa: DTZ001 (as it was asked for)

    @classmethod
    def now(cls, tz: Any = None) -> Any:
        return datetime.now(tz) + cls.ahead


class Machine:
    """The disk and the clock of this process."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
        self._room = self._hard
        for name, module in list(sys.modules.items()):
            # Clients read types by it that are none of these.
            keeps = name.startswith(("tui.store.", "tui.workspace."))
            if keeps and getattr(module, "datetime", None) is datetime:
                vars(module)["datetime"] = _Set

    def befall(self) -> None:
        """Whatever may happen before the next that is done."""
        if self._chance.random() < 0.1:
            _Set.ahead = self._chance.choice(JUMPS)
        self._take(self._chance.choice(ROOM) if self._chance.random() < 0.15 else self._hard)

    def mend(self) -> None:
        """The disk takes all again."""
        self._take(self._hard)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """For what the model itself writes."""
        room = self._room
        self.mend()
        try:
            yield
        finally:
            self._take(room)

    def _take(self, room: int) -> None:
        self._room = room
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, self._hard))
