"""How a person left each table: by which columns it stands, its filter, its widths, the place."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from threading import Lock

import msgspec

from tui.store.files import write_atomically

MOST = 300
"""Tables that are remembered; of more the ones left longest ago are forgotten."""


class Look(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One table as it was left."""

    sorts: list[tuple[str, bool]] = []
    """Columns and whether downwards, the first one first."""
    filter: str = ""
    widths: dict[str, int] = {}
    hidden: list[str] = []
    order: list[str] = []
    """The columns as they stand; none where nobody has moved one."""
    frozen: int = 1
    """How many columns do not scroll sideways."""
    row: str = ""
    """The row that the cursor was on, by its id."""
    place: int = 0
    """Where that row stood: there it is looked for first."""
    column: str = ""


class Looks:
    """The looks of all tables, in a file, which is read when the first is asked for. `of` and
    `write` work on the disk: off the event loop.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._looks: dict[str, Look] | None = None
        self._one_at_a_time = Lock()
        self._writing = Lock()
        self._is_written = True

    def of(self, key: str) -> Look:
        """How a table was left; as it comes where it was not looked at before."""
        with self._one_at_a_time:
            return self._all().get(key, Look())

    def keep(self, key: str, look: Look) -> bool:
        """Remember it; whether there is something to `write`."""
        with self._one_at_a_time:
            looks = self._all()
            if looks.get(key, Look()) != look:
                looks.pop(key, None)
                looks[key] = look
                for oldest in list(looks)[:-MOST]:
                    del looks[oldest]
                self._is_written = False
            return not self._is_written

    def write(self) -> None:
        """Keep all of them over the end of the deck. Where the disk does not take it, they last
        until then.
        """
        with self._writing:
            with self._one_at_a_time:
                if self._is_written:
                    return
                content, self._is_written = msgspec.json.encode(self._all()), True
            # A look is no work of anybody's: it is not worth a word that it is not kept.
            with suppress(OSError):
                write_atomically(self._path, content)

    def _all(self) -> dict[str, Look]:
        if self._looks is None:
            try:
                content = self._path.read_bytes()
                self._looks = msgspec.json.decode(content, type=dict[str, Look])
            except (OSError, msgspec.DecodeError, RecursionError):
                self._looks = {}
        return self._looks
