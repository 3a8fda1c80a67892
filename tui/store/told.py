"""What was said once and is not to be said again, in one small file that several programs share."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from tui.store.files import locked, write_atomically

MOST = 2000
"""Keys that are kept: the newest."""


class Told:
    """The keys of what was said. Calls work on the disk."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def first(self, keys: Sequence[str]) -> set[str]:
        """Those that are said for the first time now: whoever is given them says them.

        Raises OSError. A file that is none of ours counts for one that says nothing: what was
        said is said once more, which is no harm.
        """
        if not set(keys) - set(self._read()):
            return set()
        with locked(self._file):
            before = self._read()
            new = [key for key in dict.fromkeys(keys) if key not in before]
            if new:
                kept = [*before, *new][-MOST:]
                write_atomically(self._file, json.dumps(kept, indent=0).encode())
        return set(new)

    def _read(self) -> list[str]:
        try:
            found = json.loads(self._file.read_bytes())
        except FileNotFoundError:
            return []
        except (ValueError, RecursionError):
            return []
        return [one for one in found if isinstance(one, str)] if isinstance(found, list) else []
