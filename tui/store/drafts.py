"""Drafts: what a person has typed into a form and not yet sent, kept across every way out."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tui.store.files import write_atomically


class Drafts:
    """One small file a form, named after the form's key."""

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder
        self._memory: dict[str, dict[str, Any]] = {}

    def load(self, key: str) -> dict[str, Any]:
        """The kept values of a form; empty when there are none or they cannot be read."""
        if self.folder is None:
            return dict(self._memory.get(key, {}))
        try:
            content = json.loads(self._file(key).read_bytes())
        except (OSError, ValueError):
            return {}
        values = content.get("values") if isinstance(content, dict) else None
        return values if isinstance(values, dict) else {}

    def save(self, key: str, values: Mapping[str, Any]) -> None:
        """Keep the values. Raises OSError when the disk refuses."""
        self._memory[key] = dict(values)
        if self.folder is not None:
            content = json.dumps({"form": key, "values": dict(values)}, default=str)
            write_atomically(self._file(key), content.encode())

    def drop(self, key: str) -> None:
        """Forget a draft that was sent or given up."""
        self._memory.pop(key, None)
        if self.folder is not None:
            self._file(key).unlink(missing_ok=True)

    def _file(self, key: str) -> Path:
        assert self.folder is not None
        return self.folder / (hashlib.sha256(key.encode()).hexdigest()[:24] + ".json")
