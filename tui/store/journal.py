"""The journal: every write, on disk before it is sent, settled once its outcome is known.

A kill between the two leaves an entry without an outcome; the deck shows it at the next start
so that a person can look whether it was made.
"""

from __future__ import annotations

import errno
import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

Outcome = Literal["pending", "done", "failed"]
KEPT_ENTRIES = 500


@dataclass(frozen=True)
class Entry:
    """One write: what it was to do, and what became of it."""

    id: str
    time: datetime
    title: str
    operation: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    outcome: Outcome = "pending"
    reason: str = ""


class Journal:
    """An append-only file of JSON lines; a torn last line is passed over."""

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self._memory: list[Entry] = []
        self._unwritten: list[Entry] = []
        """Outcomes that the disk did not take; they go with the next line that it takes."""

    def begin(self, title: str, operation: str, arguments: Mapping[str, Any]) -> Entry:
        """Note a write before it is sent, flushed to the disk.

        `arguments` must hold no secrets. Raises OSError when the disk refuses: then nothing
        may be sent.
        """
        entry = Entry(secrets.token_hex(6), datetime.now(UTC), title, operation, dict(arguments))
        self._append(entry)
        return entry

    def settle(self, entry: Entry, outcome: Outcome, reason: str = "") -> None:
        """Note what became of a write. Raises OSError when the disk refuses; it is kept then."""
        settled = Entry(
            entry.id, entry.time, entry.title, entry.operation, entry.arguments, outcome, reason
        )
        try:
            self._append(settled)
        except OSError:
            self._unwritten.append(settled)
            raise

    def entries(self) -> list[Entry]:
        """The newest entries, oldest first, each with its latest outcome."""
        latest: dict[str, Entry] = {}
        for entry in (*self._read(), *self._unwritten):
            latest[entry.id] = entry
        return list(latest.values())[-KEPT_ENTRIES:]

    def unsettled(self) -> list[Entry]:
        """Writes whose outcome is not known: no answer said it, or the program was killed."""
        return [entry for entry in self.entries() if entry.outcome == "pending"]

    def _append(self, entry: Entry) -> None:
        self._memory.append(entry)
        if self.path is None:
            return
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        waiting = len(self._unwritten)
        lines = b"".join(
            b"\n" + _line(one).encode() + b"\n" for one in (*self._unwritten[:waiting], entry)
        )
        descriptor = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            # One write call: another process's line cannot fall into the middle of ours.
            if os.write(descriptor, lines) < len(lines):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(self.path))
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        del self._unwritten[:waiting]

    def _read(self) -> list[Entry]:
        if self.path is None:
            return list(self._memory)
        try:
            lines = self.path.read_bytes().splitlines()
        except FileNotFoundError:
            return []
        entries: list[Entry] = []
        for line in lines[-4 * KEPT_ENTRIES :]:
            try:
                content = json.loads(line)
                content["time"] = datetime.fromisoformat(content["time"])
                entries.append(Entry(**content))
            except (ValueError, TypeError, KeyError):
                # A line torn by a kill or a full disk; the next one begins on its own.
                continue
        return entries


def _line(entry: Entry) -> str:
    content = {
        "id": entry.id,
        "time": entry.time.isoformat(),
        "title": entry.title,
        "operation": entry.operation,
        "arguments": dict(entry.arguments),
        "outcome": entry.outcome,
        "reason": entry.reason,
    }
    return json.dumps(content, default=str)
