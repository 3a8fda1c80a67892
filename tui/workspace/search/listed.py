"""What a read puts into the search: said by each room, in its `found.py`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from tui.store.index.documents import Document
from tui.store.mirror.shape import Row

__all__ = ["Document", "Known", "Listed", "Listing"]

HEAVY, FIRM, MIDDLE, LIGHT = 8, 6, 4, 2
"""Weights: what one goes into (books, clients), what stands in it (tables, projects), what
happens there (messages, tocks), and what there is a lot of (rows, entries)."""


@dataclass(frozen=True)
class Listed:
    """The documents of one kept answer; `whole` where it holds all that there are of its list."""

    documents: Iterable[Document]
    whole: bool = True


@dataclass(frozen=True)
class Known:
    """What else is known to whoever describes an answer.

    `listed` gives the documents of the account's other answers whose name begins so.
    """

    zone: tzinfo
    listed: Callable[[str], Iterable[Document]] = lambda _prefix: ()

    def day(self, moment: datetime | None) -> str:
        """The day of a moment as it is kept: what is "today" now is not so tomorrow."""
        return "" if moment is None else f"{moment.astimezone(self.zone):%Y-%m-%d}"

    def titles(self, prefix: str, kind: str) -> dict[str, str]:
        """Titles of things of a kind by their keys."""
        return {one.key: one.title for one in self.listed(prefix) if one.kind == kind}


RowsListed = Callable[[Iterable[Row]], list[Document]]
"""Describes records of the mirror; equal where it describes all of them alike."""


@dataclass(frozen=True)
class Listing:
    """How a room's answers are described.

    `hints` tells the type of a kept answer by what its name begins with; what is not among them
    is not searched.
    """

    service: str
    hints: Mapping[str, Any]
    describe: Callable[[str, Any, Known], Listed | None]
    """Takes the name that the answer is kept under (without the account), and the answer."""

    records: Callable[[str, bytes, Known], RowsListed | None] | None = None
    """How a collection of the mirror is described: takes its name and what is kept beside it.
    None for one that is not searched."""

    def hint(self, name: str) -> Any | None:
        """The type of a kept answer; None for one that is not searched."""
        return self.hints.get(name.partition("/")[0])
