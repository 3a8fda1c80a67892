"""Any JSON values as an outline: as much of them as a person reads, and what is left out said."""

from __future__ import annotations

from typing import Any

from tui.widgets.outline_model import Node
from tui.words import are

MOST_CHILDREN = 500
MOST_NODES = 20_000
DEEPEST = 40
"""Levels that are shown: a hostile answer may be nested a thousand deep."""
LONGEST = 2_000
"""Characters of one value: a line shows less, but the filter looks at all of it."""


def json_nodes(value: Any) -> list[Node]:
    """The values as a tree; keys are paths such as `/rows/0/name`."""
    return _Tree().children(value, "", 0)


def leaf_text(value: Any) -> str:
    """One value that holds no others, in one line."""
    if value is None:
        return "—"
    if isinstance(value, bool):
        return "true" if value else "false"
    try:
        text = str(value)
    except ValueError:
        # A whole number of thousands of digits, which Python does not write out.
        return "a very long number"
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


class _Tree:
    def __init__(self) -> None:
        self._left = MOST_NODES

    def children(self, value: Any, at: str, depth: int) -> list[Node]:
        if isinstance(value, dict):
            items = [(str(name), inner) for name, inner in value.items()]
        elif isinstance(value, list):
            items = [(str(place), inner) for place, inner in enumerate(value)]
        else:
            return [Node(at or "value", leaf_text(value))]
        nodes: list[Node] = []
        for name, inner in items[:MOST_CHILDREN]:
            if self._left <= 0:
                break
            self._left -= 1
            nodes.append(self._node(name, inner, f"{at}/{name}", depth))
        if len(nodes) < len(items):
            shown = f"{len(nodes):,} of {len(items):,} {are(len(nodes))} shown"
            nodes.append(Node(f"{at}/…", shown, role="warn"))
        return nodes

    def _node(self, name: str, value: Any, at: str, depth: int) -> Node:
        if not isinstance(value, (dict, list)):
            return Node(at, name, detail=leaf_text(value))
        size = f"{len(value):,}"
        if depth >= DEEPEST and value:
            return Node(at, name, detail="nested too deeply to show", badge=size)
        return Node(
            at, name, badge=size, children=self.children(value, at, depth + 1), open=depth < 1
        )
