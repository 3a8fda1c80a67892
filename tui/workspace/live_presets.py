"""How a person arranged the live wall, kept by name. Plain data: it costs nothing to import."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Literal

from tui.store.files import write_atomically

Grouping = Literal["device", "type"]
Scale = Literal["auto", "fixed", "shared"]
Order = Literal["name", "value", "age"]

LATEST = ""
"""The name under which the arrangement of the last run is kept."""

CHOICES: Mapping[str, tuple[str, ...]] = {
    "group": ("device", "type"),
    "scale": ("auto", "fixed", "shared"),
    "order": ("name", "value", "age"),
    "unit": ("km/h", "kn", "m/s"),
}
SHORTEST, LONGEST = 10, 86_400


@dataclass(frozen=True)
class Threshold:
    """Values of one type outside of these are marked; speeds in km/h, as they are stored."""

    low: float | None = None
    high: float | None = None

    def outside(self, value: float) -> bool:
        """Whether a value is too low or too high."""
        return (self.low is not None and value < self.low) or (
            self.high is not None and value > self.high
        )


@dataclass(frozen=True)
class Arrangement:
    """What the wall shows and how. Empty `devices` or `types` mean all; `window` in seconds."""

    devices: tuple[str, ...] = ()
    types: tuple[int, ...] = ()
    group: Grouping = "device"
    order: Order = "name"
    window: int = 300
    scale: Scale = "shared"
    unit: str = "kn"
    smooth: bool = False
    thresholds: Mapping[int, Threshold] = field(default_factory=dict)

    def with_(self, **changes: Any) -> Arrangement:
        """The same with changes."""
        return replace(self, **changes)


class Presets:
    """The named arrangements in one small file. Raises OSError when the disk refuses."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def names(self) -> list[str]:
        """The names that a person gave, in order."""
        return sorted((name for name in self._read() if name != LATEST), key=str.casefold)

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
        return value if type(value) is int and SHORTEST <= value <= LONGEST else None
    if name == "smooth":
        return value if isinstance(value, bool) else None
    if name in ("devices", "types"):
        wanted = str if name == "devices" else int
        return (
            tuple(one for one in value if type(one) is wanted) if isinstance(value, list) else None
        )
    if name == "thresholds" and isinstance(value, dict):
        return {
            int(number): Threshold(_number(one.get("low")), _number(one.get("high")))
            for number, one in value.items()
            if number.isdecimal() and isinstance(one, dict)
        }
    return None


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else None
