"""Rules of style sheets that are found and read in few steps.

Whenever a widget is styled, Textual picks the rules that may be for it from a list of all, each by
its hash, and makes of each anew what it says with its weight. Its version is pinned exactly, and a
test holds what is used of it here.
"""

from __future__ import annotations

from typing import Any

from textual.css.model import RuleSet
from textual.css.styles import Styles

_Said = list[tuple[str, Any, Any]]
_extract: Any = Styles.extract_rules


def lighten() -> None:
    """Let all rules be so."""
    RuleSet.__hash__ = object.__hash__  # type: ignore[method-assign]
    Styles.extract_rules = _extracted  # type: ignore[method-assign]


def _extracted(
    self: Styles, specificity: Any, is_default_rules: bool = False, tie_breaker: int = 0
) -> _Said:
    """What was made of it before, where it was not changed since. Nobody changes that list."""
    known: dict[Any, tuple[int, _Said]] = vars(self).setdefault("light rules", {})
    key = specificity, is_default_rules, tie_breaker
    before = known.get(key)
    if before is None or before[0] != self._updates:
        said = _extract(self, specificity, is_default_rules, tie_breaker)
        before = known[key] = self._updates, said
    return before[1]
