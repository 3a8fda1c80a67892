"""How a person arranged the live wall, kept by name. Plain data: it costs nothing to import."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Literal

from tui.store.files import write_atomically
from tui.workspace.text import in_order

Grouping = Literal["device", "type"]
Scale = Literal["shared", "auto", "fixed"]
Order = Literal["name", "value", "age"]

LATEST = ""
"""The name under which the arrangement of the last run is kept."""

CHOICES: Mapping[str, tuple[str, ...]] = {
    "group": ("device", "type"),
    "scale": ("shared", "auto", "fixed"),
    "order": ("name", "value", "age"),
    "unit": ("km/h", "kn", "m/s"),
}
WINDOWS = (10, 30, 60, 120, 300, 600, 1800, 3600, 10_800, 21_600, 43_200, 86_400)
"""Seconds that the wall can show, from ten of them to a day."""
LONGEST_SILENCE = 86_400
"""Seconds after which a silent boat rings at most."""
TYPES_IN_ORDER = (9, 6, 8, 10, 12, 11, 23, 22, 13, 14, 50)
"""Types in the order in which a sailor looks at them; others stand behind."""
USUAL_TYPES = tuple(number for number in TYPES_IN_ORDER if number != 8)
"""What is shown where nobody has chosen types: what a sailor looks at, not what a unit counts. The
heading beside the course says nothing new most of the time."""


@dataclass(frozen=True)
class Limits:
    """What is wanted of one type's values; speeds in km/h, as they are stored.

    Values below `warn_low` or above `warn_high` are marked; `low` and `high` are the scale where
    it is fixed.
    """

    warn_low: float | None = None
    warn_high: float | None = None
    low: float | None = None
    high: float | None = None

    def beyond(self, value: float) -> int:
        """-1 for a value that is too low, 1 for one that is too high, else 0."""
        if self.warn_low is not None and value < self.warn_low:
            return -1
        return int(self.warn_high is not None and value > self.warn_high)

    def limit(self, beyond: int) -> float | None:
        """Which limit a value is `beyond`, as that says it; None for one that is within."""
        return {-1: self.warn_low, 1: self.warn_high}.get(beyond)


@dataclass(frozen=True)
class Arrangement:
    """What the wall shows and how. Empty `devices` means all; `window` is in seconds.

    `silent` is after how many seconds a silent boat rings, whichever it is; 0 for never.
    """

    devices: tuple[str, ...] = ()
    types: tuple[int, ...] = USUAL_TYPES
    group: Grouping = "device"
    order: Order = "name"
    window: int = 300
    scale: Scale = "shared"
    unit: str = "kn"
    smooth: bool = False
    unfocused: bool = False
    limits: Mapping[int, Limits] = field(default_factory=dict)
    silent: int = 0

    def changed(self, **changes: Any) -> Arrangement:
        """The same with changes."""
        return replace(self, **changes)


class Presets:
    """The named arrangements in one small file. Raises OSError when the disk refuses."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def names(self) -> list[str]:
        """The names that a person gave, in order."""
        return sorted((name for name in self._read() if name != LATEST), key=in_order)

    def load(self, name: str = LATEST) -> Arrangement | None:
        """An arrangement by name; None when there is none. What cannot be read is left out."""
        kept = self._read().get(name)
        return arrangement_of(kept) if isinstance(kept, dict) else None

    def save(self, arrangement: Arrangement, name: str = LATEST) -> None:
        """Keep an arrangement, in place of the one of that name."""
        self._write({**self._read(), name: asdict(arrangement)})

    def delete(self, name: str) -> None:
        """Forget an arrangement."""
        kept = self._read()
        if kept.pop(name, None) is not None:
            self._write(kept)

    def _read(self) -> dict[str, Any]:
        try:
            content = json.loads(self._file.read_bytes())
        except (OSError, ValueError):
            return {}
        return content if isinstance(content, dict) else {}

    def _write(self, content: dict[str, Any]) -> None:
        write_atomically(self._file, json.dumps(content, indent=1).encode())


def arrangement_of(kept: Mapping[str, Any]) -> Arrangement:
    """Read an arrangement that may have been edited by hand: what makes no sense is left out."""
    known = {one.name for one in fields(Arrangement)}
    good = {
        name: read
        for name, value in kept.items()
        if name in known and (read := _setting(name, value)) is not None
    }
    return Arrangement(**good)


def _setting(name: str, value: Any) -> Any:
    """One setting as it was kept, or None when it makes no sense."""
    if name in CHOICES:
        return value if value in CHOICES[name] else None
    if name == "window":
        return value if value in WINDOWS else None
    if name == "silent":
        return value if type(value) is int and 0 < value <= LONGEST_SILENCE else None
    if name in ("smooth", "unfocused"):
        return value if isinstance(value, bool) else None
    if name in ("devices", "types"):
        wanted = str if name == "devices" else int
        return (
            tuple(one for one in value if type(one) is wanted) if isinstance(value, list) else None
        )
    if name == "limits" and isinstance(value, dict):
        return {
            int(number): Limits(
                **{edge.name: _number(one.get(edge.name)) for edge in fields(Limits)}
            )
            for number, one in value.items()
            if number.isdecimal() and isinstance(one, dict)
        }
    return None


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else None
