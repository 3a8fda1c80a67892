"""The arguments of a change that waits, as they are typed, and back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import tzinfo
from typing import Any

from tui.services.operation import Operation
from tui.store.changes import Change
from tui.workspace.changes.arguments import as_data
from tui.workspace.changes.words import typed_text
from tui.workspace.operations.console import read_texts


def shown_texts(operation: Operation, change: Change) -> dict[str, str]:
    """The arguments by their documented names, as they would be typed for `tockdeck call`."""
    texts: dict[str, str] = {}
    for parameter in operation.parameters:
        if parameter.name in change.arguments:
            texts[parameter.documented_name] = typed_text(change.arguments[parameter.name])
    return texts


def edited(
    operation: Operation,
    change: Change,
    before: Mapping[str, str],
    typed: Mapping[str, str],
    where: tzinfo,
) -> dict[str, Any]:
    """The arguments, as data, after a person typed; what was not touched stays as it was kept.

    Raises InvalidArgument naming the parameter.
    """
    others = {name: text for name, text in typed.items() if text != before.get(name)}
    read = read_texts(operation, others, where)
    names = {one.documented_name: one.name for one in operation.parameters}
    emptied = {names[name] for name in before if not typed.get(name)}
    kept = {name: one for name, one in change.arguments.items() if name not in emptied}
    return {**kept, **{name: as_data(value) for name, value in read.items()}}
