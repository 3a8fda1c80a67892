"""Reads the answer shapes of operations.tsv and holds answers against them.

`{id: int, state?: str, users: {<id>: {name: str}}, tags: [str]}`; `str(unix)` is a string of
digits, `str(Y-m-d H:i:s)` and the like are texts of that form.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

_FORMS = {
    "unix": r"\d+",
    "Y-m-d": r"\d{4}-\d\d-\d\d",
    "Y-m-d H:i:s": r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d",
    "HH:mm": r"\d\d:\d\d",
}
_TOKEN = re.compile(r"\s*([{}\[\],:?]|<id>|[a-z_]+(?:\([^)]*\))?)")


@dataclass
class Shape:
    """One shape: the name of a scalar, or members, or one item of a list or a map."""

    kind: str
    members: dict[str, tuple[bool, Shape]]
    item: Shape | None = None


def parse(text: str) -> Shape:
    """The shape that a text begins with; what follows it is remarks."""
    tokens = _TOKEN.findall(text)
    shape, _ = _parse(tokens, 0)
    return shape


def _parse(tokens: list[str], at: int) -> tuple[Shape, int]:
    if tokens[at] == "[":
        if tokens[at + 1] == "]":
            return Shape("list", {}), at + 2
        item, at = _parse(tokens, at + 1)
        assert tokens[at] == "]", tokens[at:]
        return Shape("list", {}, item), at + 1
    if tokens[at] != "{":
        return Shape(tokens[at], {}), at + 1
    members: dict[str, tuple[bool, Shape]] = {}
    at += 1
    while tokens[at] != "}":
        if tokens[at] == ",":
            at += 1
        name, at = tokens[at], at + 1
        may_lack = tokens[at] == "?"
        at += may_lack
        assert tokens[at] == ":", tokens[at:]
        shape, at = _parse(tokens, at + 1)
        members[name] = (may_lack, shape)
    if list(members) == ["<id>"]:
        return Shape("map", {}, members["<id>"][1]), at + 1
    return Shape("object", members), at + 1


def problems(shape: Shape, value: Any, path: str = "") -> list[str]:
    """What is missing or of another type; members beyond the shape are no problem."""
    if shape.kind == "object":
        if not shape.members and value == []:
            return []
        if not isinstance(value, dict):
            return [f"{path} is no object"]
        found = []
        for name, (may_lack, member) in shape.members.items():
            if name in value:
                found += problems(member, value[name], f"{path}.{name}")
            elif not may_lack:
                found.append(f"{path}.{name} is missing")
        return found
    if shape.kind == "map":
        if value == []:
            return []
        if not isinstance(value, dict) or not all(key.isdigit() for key in value):
            return [f"{path} is no map by id"]
        assert shape.item is not None
        return [one for key in value for one in problems(shape.item, value[key], f"{path}.{key}")]
    if shape.kind == "list":
        if shape.item is None and isinstance(value, dict):
            # Written as []: the sample's map was empty.
            return []
        if not isinstance(value, list):
            return [f"{path} is no list"]
        item = shape.item
        return [] if item is None else [p for v in value for p in problems(item, v, f"{path}[]")]
    return [] if _is_scalar(shape.kind, value) else [f"{path} is {value!r}, not {shape.kind}"]


def _is_scalar(kind: str, value: Any) -> bool:
    name, _, form = kind.rstrip(")").partition("(")
    if form:
        return isinstance(value, str) and re.fullmatch(_FORMS[form], value) is not None
    if name in ("int", "float"):
        return isinstance(value, int | float) and not isinstance(value, bool)
    return isinstance(value, {"str": str, "bool": bool}[name])
