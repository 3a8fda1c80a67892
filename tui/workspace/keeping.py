"""What is kept on this machine of what was read: how much, whether it is sound, and how it goes."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from tui.store.cache import Cache
from tui.store.mirror.mirror import Held, Mirror
from tui.store.mirror.troubles import Lost

__all__ = ["ANSWERS", "MIRROR", "Held", "Keeping", "Kept"]

ANSWERS = "answers.db"
MIRROR = "mirror.db"
"""Files in the cache directory: whole answers, and records."""
_ENDINGS = ("", "-wal", "-shm")


class Kept(NamedTuple):
    """How much is kept: bytes of records, of whole answers, and which collections of records."""

    records: int
    answers: int
    collections: list[Held]


class Keeping:
    """The files of the cache. All calls work on the disk: off the event loop."""

    def __init__(self, mirror: Mirror, folder: Path) -> None:
        self._mirror = mirror
        self._folder = folder

    def size(self) -> Kept:
        """How much is kept."""
        try:
            found = self._mirror.size()
        except Lost:
            # Set aside just now: another one was begun.
            found = self._mirror.size()
        answers = sum(
            file.stat().st_size
            for ending in _ENDINGS
            if (file := self._folder / f"{ANSWERS}{ending}").exists()
        )
        return Kept(found.bytes, answers, found.collections)

    def clear(self) -> None:
        """Let everything go. Nothing that a service keeps, and nothing that waits to be sent, is
        lost by that.
        """
        self.forget_records("")
        with closing(Cache(self._folder / ANSWERS)) as answers:
            answers.forget("")

    def forget_records(self, prefix: str) -> None:
        """Let the records go of accounts whose name begins so."""
        try:
            self._mirror.forget(prefix)
        except Lost:
            self._mirror.forget(prefix)

    def check(self) -> list[str]:
        """What is wrong with the file of records; nothing where it is sound. One that cannot be
        used is set aside.
        """
        try:
            return self._mirror.check() + self.troubles()
        except Lost:
            return self.troubles()

    def troubles(self) -> list[str]:
        """What happened to the file of records, in words, each told once."""
        return [trouble.text for trouble in self._mirror.troubles()]
