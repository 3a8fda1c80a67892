"""The session that a log-in gave, kept so that the next run need not log in again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from tui.store.files import write_atomically


class SessionFile:
    """A small file that only its owner reads (mode 0600). Losing it costs one log-in."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self) -> dict[str, str]:
        """The kept keys; empty when there are none or they cannot be read."""
        try:
            content = json.loads(self.path.read_bytes())
        except (OSError, ValueError):
            return {}
        if not isinstance(content, dict):
            return {}
        return {str(name): str(value) for name, value in content.items()}

    def write(self, keys: Mapping[str, str]) -> None:
        """Keep them; a disk that refuses only means another log-in next time."""
        try:
            write_atomically(self.path, json.dumps(dict(keys)).encode())
        except OSError:
            return

    def forget(self) -> None:
        """Remove them. Raises OSError."""
        self.path.unlink(missing_ok=True)
