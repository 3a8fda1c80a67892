"""Style sheets that are read once for all applications of a test run.

Every test begins an application, and each reads the same sheets with the same colours, one more
for each kind of widget that it meets first. What was read is never changed: Textual itself keeps
it for the next time that a sheet is read.
"""

from __future__ import annotations

from typing import Any

from textual.css.model import RuleSet
from textual.css.stylesheet import Stylesheet

_Rules = dict[tuple[object, ...], list[RuleSet]]

_read: dict[frozenset[tuple[str, str]], tuple[_Rules, dict[object, Any]]] = {}
"""By the colours: the rules of each sheet, and those of sheets together, with their map."""
_parse_rules = Stylesheet._parse_rules
_parse = Stylesheet.parse
_rules_map: Any = Stylesheet.rules_map


def read_once() -> None:
    """From now on, for every application that is begun."""
    Stylesheet._parse_rules = _known_or_read  # type: ignore[method-assign]
    Stylesheet.parse = _known_or_parsed  # type: ignore[method-assign]
    Stylesheet.rules_map = property(_mapped)  # type: ignore[method-assign,assignment]


def _kept(self: Stylesheet) -> tuple[_Rules, dict[object, Any]]:
    """What was read with its colours, which it is given as a whole where they change."""
    found: Any = vars(self).get("_kept")
    if found is None or found[0] is not self._variables:
        colours = frozenset(self._variables.items())
        found = self._variables, _read.setdefault(colours, ({}, {}))
        vars(self)["_kept"] = found
    kept: tuple[_Rules, dict[object, Any]] = found[1]
    return kept


def _known_or_read(self: Stylesheet, css: str, read_from: Any, *more: Any, **named: Any) -> Any:
    known, _ = _kept(self)
    key = (css, read_from, more, *sorted(named.items()))
    found = known.get(key)
    if found is None:
        found = known[key] = _parse_rules(self, css, read_from, *more, **named)
    return found


def _known_or_parsed(self: Stylesheet) -> None:
    _, together = _kept(self)
    if not self._invalid_css.isdisjoint(source.content for source in self.source.values()):
        _parse(self)
        return
    key = tuple(self.source.items())
    found = together.get(key)
    if found is None:
        _parse(self)
        found = together[key] = self._rules, _rules_map.fget(self)
    self._rules, self._rules_map = found
    self._require_parse = False


def _mapped(self: Stylesheet) -> Any:
    if self._rules_map is None and self._require_parse:
        self.parse()
    return _rules_map.fget(self)
