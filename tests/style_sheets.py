"""Style sheets that are read once for all applications of a test run.

Every test begins an application, and each reads the same sheets with the same colours. What was
read is never changed: Textual itself keeps it for the next time that a sheet is read.
"""

from __future__ import annotations

from typing import Any

from textual.css.model import RuleSet
from textual.css.stylesheet import Stylesheet

_read: dict[tuple[object, ...], list[RuleSet]] = {}
_parse_rules = Stylesheet._parse_rules


def read_once() -> None:
    """From now on, for every application that is begun."""
    Stylesheet._parse_rules = _known_or_read  # type: ignore[method-assign]


def _known_or_read(self: Stylesheet, css: str, read_from: Any, *more: Any, **named: Any) -> Any:
    colours = frozenset(self._variables.items())
    key = (css, read_from, more, *sorted(named.items()), colours)
    found = _read.get(key)
    if found is None:
        found = _read[key] = _parse_rules(self, css, read_from, *more, **named)
    return found
