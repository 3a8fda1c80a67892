"""Fields compared as values, not as they are written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tui.workspace.changes.arguments import from_data


def same(one: Any, other: Any) -> bool:
    """Whether two values in the form of data are the same; an empty text is as good as none."""
    left, right = from_data(one), from_data(other)
    if left in (None, "") and right in (None, ""):
        return True
    if isinstance(left, bool) is not isinstance(right, bool):
        return False
    return bool(left == right)


def differing(fields: Mapping[str, Any], others: Mapping[str, Any]) -> dict[str, Any]:
    """Those of the fields whose value is another in `others`."""
    return {name: value for name, value in fields.items() if not same(value, others.get(name))}
