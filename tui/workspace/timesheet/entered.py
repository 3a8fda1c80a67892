"""What was entered into the timesheet: which entry each block became, by account."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

import msgspec

from tui.store.files import write_atomically


class Entered(msgspec.Struct, frozen=True, omit_defaults=True):
    """A block as it was when it was entered, and what became of that."""

    change: str
    """The id of the change that entered it; what becomes of it is known by that."""
    task: int
    start: datetime
    stop: datetime
    text: str = ""
    entry: int | None = None
    """The id of the entry; None while it is not known to be made."""


Book = dict[str, Entered]
"""By the id of the block."""
_DECODER = msgspec.json.Decoder(dict[str, Book])


class EnteredBlocks:
    """One small file of ours. Another machine has its own: there the entries are recognised."""

    def __init__(self, file: Path, account: str) -> None:
        self._file = file
        self._account = account

    def known(self) -> Book:
        """What was entered with these accounts. Raises OSError."""
        return self._all().get(self._account, {})

    def _all(self) -> dict[str, Book]:
        """A file that is not ours any more is as none: what is at the service is recognised."""
        try:
            return _DECODER.decode(self._file.read_bytes())
        except FileNotFoundError:
            return {}
        except (msgspec.MsgspecError, RecursionError):
            return {}

    def note(self, more: Mapping[str, Entered]) -> None:
        """Keep what was entered, beside what was before. Raises OSError."""
        self._write(lambda book: book.update(more))

    def settle(self, settled: Mapping[str, Entered | None]) -> None:
        """Keep what became of some; None: it was not made, or was taken back. Raises OSError."""

        def change(book: Book) -> None:
            for block, entered in settled.items():
                if entered is None:
                    book.pop(block, None)
                else:
                    book[block] = entered

        if settled:
            self._write(change)

    def _write(self, change: Callable[[Book], object]) -> None:
        everything = self._all()
        change(everything.setdefault(self._account, {}))
        content = msgspec.json.format(msgspec.json.encode(everything, order="sorted"), indent=1)
        write_atomically(self._file, content)
