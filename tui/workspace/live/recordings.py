"""The folder of recordings: what is in it, and names that are free."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from tui.live.recording import SUFFIX, parts

PART_NAME = re.compile(r"(.+)\.\d{1,9}" + re.escape(SUFFIX))


@dataclass(frozen=True)
class Recorded:
    """A recording on disk; `bytes` over all of its files."""

    path: Path
    bytes: int
    changed: datetime


@dataclass(frozen=True)
class Recordings:
    """The folder of recordings."""

    folder: Path

    def new_path(self, now: datetime) -> Path:
        """A file name that is not taken, after the moment."""
        stem = f"{now.astimezone():%Y%m%d-%H%M%S}"
        path, number = self.folder / f"{stem}{SUFFIX}", 2
        while parts(path):
            path = self.folder / f"{stem}-{number}{SUFFIX}"
            number += 1
        return path

    def all(self) -> list[Recorded]:
        """Every recording, the newest first. Raises OSError."""
        if not self.folder.is_dir():
            return []
        files = set(self.folder.glob(f"*{SUFFIX}"))
        named = (PART_NAME.fullmatch(file.name) for file in files)
        wholes = {self.folder / f"{match[1]}{SUFFIX}" for match in named if match}
        owned = {path: parts(path) for path in files | wholes}
        further = {part for path in owned for number, part in owned[path] if number > 1}
        found = []
        for path in owned.keys() - further:
            states = [part.stat() for _, part in owned[path]]
            if states:
                changed = datetime.fromtimestamp(max(one.st_mtime for one in states), UTC)
                found.append(Recorded(path, sum(one.st_size for one in states), changed))
        return sorted(found, key=lambda one: one.changed, reverse=True)
