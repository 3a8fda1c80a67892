"""Recordings as a data set of Parquet files, by day and device, that engines read as one table.

`day=2026-11-29/device=GA-EN-AAAB/<recording>.parquet`. Engines take an all-digit folder for a
number, so that the serial stands in the file as well, as `serial`. A recording that is written
again takes the place of its own files; where two recordings overlap, both say what they heard.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote

from tui.live.export import EARLIEST, LATEST, Called, Source
from tui.live.parquet import write_parquet
from tui.services.errors import InvalidArgument
from tui.workspace.live.export import NAMES, Chosen, placed

DAY = 86_400_000
"""Milliseconds of a day."""
LONGEST_FOLDER = 120
"""Bytes of a serial in a folder's name; a file system takes 255."""


def refuse_dataset(folder: Path, recordings: Collection[Path]) -> None:
    """Raise InvalidArgument where a data set cannot be written there, or would lose a recording."""
    if folder.exists() and not folder.is_dir():
        raise InvalidArgument(
            f"{folder.name} is a file", service="igtimi", advice="Name a folder for a data set."
        )
    stems = [recording.stem for recording in recordings]
    twice = next((stem for stem in stems if stems.count(stem) > 1), None)
    if twice is not None:
        raise InvalidArgument(
            f"two recordings are called {twice}",
            service="igtimi",
            advice="Their files would take each other's places: rename one.",
        )


def write_dataset(
    folder: Path, name: str, store: Source, types: Collection[int] = (), called: Called = str
) -> int:
    """Write what a recording holds into the folder, file by file, each whole or not at all.

    How many samples were written. Raises OSError, ParquetMissing.
    """
    span = store.span()
    start, end = (span[0], span[1] + 1) if span else (0, 0)
    count = 0
    for serial in sorted({key.serial for key in store.sorted_keys()}):
        own = Chosen(store, (serial,))
        for midnight in _days(own, start, end, types):
            day = datetime.fromtimestamp(midnight // 1000, UTC).date().isoformat()
            place = folder / f"day={day}" / f"device={_folder(serial)}"
            place.mkdir(parents=True, exist_ok=True)
            with placed(place / f"{name}.parquet") as out:
                since, until = max(start, midnight), min(end, midnight + DAY)
                count += write_parquet(out, own, since, until, NAMES, called, types or None)
    return count


def _days(store: Source, start: int, end: int, types: Collection[int]) -> Iterator[int]:
    """The midnights of the days on which there is anything."""
    keys = [key for key in store.sorted_keys() if not types or key.type in types]
    time = max(start, EARLIEST)
    while True:
        following = (store.next_time(key, time - 1) for key in keys)
        first = min((one for one in following if one is not None), default=end)
        if first >= min(end, LATEST + 1):
            return
        yield first - first % DAY
        time = first - first % DAY + DAY


def _folder(serial: str) -> str:
    """A serial as a folder, which engines read back; a long one is cut and told apart by a hash."""
    name = quote(serial, safe="")
    if len(name) <= LONGEST_FOLDER:
        return name
    return f"{quote(serial[:24], safe='')}-{sha256(serial.encode()).hexdigest()[:16]}"
