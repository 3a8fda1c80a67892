"""How a setting and a section of settings are declared."""

from __future__ import annotations

from typing import Any, ClassVar, NamedTuple

LARGEST_NUMBER = 1_000_000_000
"""More than any setting means."""


class Setting(NamedTuple):
    """One setting: its default, what it means, whether it must never be shown.

    A number must be more than `above`, and at most `most`.
    """

    default: Any
    doc: str
    secret: bool = False
    example: str = ""
    above: float | None = None
    most: float = LARGEST_NUMBER


def setting(
    default: Any,
    doc: str,
    *,
    secret: bool = False,
    example: str = "",
    above: float | None = None,
    most: float = LARGEST_NUMBER,
) -> Any:
    """Declare one setting of a section."""
    return Setting(default, doc, secret, example, above, most)


class Section:
    """A section of the configuration: its settings as attributes that cannot be changed.

    Not a dataclass: nine of those cost as much of the start as reading the whole file.
    """

    declared: ClassVar[dict[str, Setting]] = {}

    def __init_subclass__(cls) -> None:
        cls.declared = {
            name: value for name, value in vars(cls).items() if isinstance(value, Setting)
        }
        for name, value in cls.declared.items():
            setattr(cls, name, value.default)

    def __init__(self, **values: Any) -> None:
        vars(self).update(values)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"settings do not change: {name}")

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and all(
            getattr(self, name) == getattr(other, name) for name in self.declared
        )

    __hash__ = None  # type: ignore[assignment]
