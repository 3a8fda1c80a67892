"""Fields of a form for an operation's parameters: typed as for `tockdeck call`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import tzinfo
from functools import partial
from typing import Any

from tui.widgets.form_values import FieldKind, FormField
from tui.workspace.operations.arguments import REQUIRED_ANYWAY, Kind, choices_of, kind_of, type_text
from tui.workspace.operations.console import is_secret, problem_with
from tui.workspace.operations.operations import Operation, Parameter

LONGEST_LABEL = 18
_WAYS: dict[Kind, str] = {
    "time": "today 14:00, 2026-08-21 14:00, +30m",
    "date": "today, 2026-08-21, +3d",
    "file": "path of a file",
    "map": "name:value, name:value or JSON",
    "json": "JSON",
}


def form_fields(operation: Operation, texts: Mapping[str, str], where: tzinfo) -> list[FormField]:
    """One field a parameter. What is typed is what `tockdeck call` takes as `name=value`."""
    return [_field(operation, parameter, texts, where) for parameter in operation.parameters]


def _field(
    operation: Operation, parameter: Parameter, texts: Mapping[str, str], where: tzinfo
) -> FormField:
    name, kind = parameter.documented_name, kind_of(parameter.hint)
    choices = ("true", "false") if kind == "boolean" else choices_of(parameter.hint)
    words = [parameter.help]
    if not parameter.required and parameter.default not in (None, "", (), []):
        words.append(f"Default {parameter.default}.")
    picked: FieldKind = "text"
    if is_secret(name):
        picked = "secret"
    elif choices:
        picked = "choices" if kind == "list" else "choice"
    return FormField(
        name,
        name if len(name) <= LONGEST_LABEL else name[: LONGEST_LABEL - 1] + "…",
        picked,
        required=parameter.required or REQUIRED_ANYWAY.get(operation.id) == parameter.name,
        help=" ".join(filter(None, words)) or type_text(parameter.hint),
        default=texts.get(name, ""),
        choices=[(one, one) for one in choices],
        placeholder=_placeholder(parameter),
        check=None if choices else partial(_problem, operation, name, where),
    )


def _placeholder(parameter: Parameter) -> str:
    kind, words = kind_of(parameter.hint), type_text(parameter.hint)
    return f"{words}, with commas between" if kind == "list" else _WAYS.get(kind, words)


def _problem(operation: Operation, name: str, where: tzinfo, value: object) -> str | None:
    return problem_with(operation, name, str(value), where)


def texts_of(values: Mapping[str, Any]) -> dict[str, str]:
    """A form's values as they would be typed; what was left empty is left out."""
    texts = {
        name: ",".join(value) if isinstance(value, list) else str(value)
        for name, value in values.items()
        if value is not None
    }
    return {name: text for name, text in texts.items() if text}
