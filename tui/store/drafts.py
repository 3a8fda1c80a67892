"""Drafts: what a person has typed into a form and not yet sent, kept across every way out."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from tui.store.files import write_atomically


class Sent(NamedTuple):
    """What was sent of a draft without anybody knowing whether it arrived."""

    change: str
    """The id of the change."""
    values: Mapping[str, Any]


class Drafts:
    """One small file a form, named after the form's key."""

    def __init__(self, folder: Path | None, owner: Callable[[str], str] = lambda _: "") -> None:
        """`owner` names, for a form's key, the account that the draft belongs to: the numbers in
        keys mean something else in another account. It is asked at every call.
        """
        self.folder = folder
        self._owner = owner
        self._memory: dict[str, dict[str, Any]] = {}

    def load(self, key: str) -> dict[str, Any]:
        """The kept values of a form; empty when there are none or they cannot be read."""
        values = self._content(key).get("values")
        return dict(values) if isinstance(values, dict) else {}

    def since(self, key: str) -> datetime | None:
        """When the draft was typed; None where there is none, or none that says so."""
        try:
            return datetime.fromisoformat(str(self._content(key).get("at"))).astimezone(UTC)
        except (ValueError, OverflowError):
            return None

    def sent(self, key: str) -> Sent | None:
        """What was sent of it, where that may have arrived."""
        found = self._content(key).get("sent")
        change, values = (found or {}).get("change"), (found or {}).get("values")
        return (
            Sent(change, values) if isinstance(change, str) and isinstance(values, dict) else None
        )

    def save(self, key: str, values: Mapping[str, Any], sent: Sent | None = None) -> None:
        """Keep the values; without any there is no draft. Raises OSError when the disk refuses."""
        if not values:
            self.drop(key)
            return
        name = self._name(key)
        content = {"form": name, "at": datetime.now(UTC).isoformat(), "values": dict(values)}
        if sent is not None:
            content["sent"] = {"change": sent.change, "values": dict(sent.values)}
        if self.folder is None:
            self._memory[name] = content
        else:
            write_atomically(self._file(name), json.dumps(content, default=str).encode())

    def drop(self, key: str) -> None:
        """Forget a draft that was sent or given up."""
        name = self._name(key)
        self._memory.pop(name, None)
        if self.folder is not None:
            self._file(name).unlink(missing_ok=True)

    def _content(self, key: str) -> dict[str, Any]:
        name = self._name(key)
        if self.folder is None:
            return self._memory.get(name, {})
        try:
            content = json.loads(self._file(name).read_bytes())
        except (OSError, ValueError):
            return {}
        return content if isinstance(content, dict) else {}

    def _name(self, key: str) -> str:
        owner = self._owner(key)
        return f"{key} of {owner}" if owner else key

    def _file(self, name: str) -> Path:
        assert self.folder is not None
        return self.folder / (hashlib.sha256(name.encode()).hexdigest()[:24] + ".json")
