"""What is typed into a cell: how its value is written, and what is read of it."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo
from decimal import Decimal
from typing import Any

from tui.widgets.form_values import FieldError, FieldKind, FormField, default_text, read_value
from tui.workspace.books.cells import Field, Kind, decimal_comma, kind_of

_FORM_KINDS: dict[Kind, FieldKind] = {
    "text": "text",
    "lines": "lines",
    "integer": "number",
    "number": "number",
    "boolean": "boolean",
    "date": "date",
    "moment": "datetime",
    "select": "text",
}


def _whole_number(value: object) -> str | None:
    return None if isinstance(value, int) else "This field holds whole numbers."


def form_field_of(field: Field, *, default: object = None, name: str = "value") -> FormField:
    """A text field for a value of that kind."""
    kind = kind_of(field)
    form_kind = _FORM_KINDS[kind]
    if form_kind == "text" and isinstance(default, str) and "\n" in default:
        # One line would lose where the others began.
        form_kind = "lines"
    return FormField(
        name,
        field.name or f"field {field.id}",
        form_kind,
        required=field.required,
        default=default,
        help=field.description or "",
        check=_whole_number if kind == "integer" else None,
        comma=decimal_comma(field),
    )


def written_text(field: Field, value: object, text: str, zone: tzinfo) -> str:
    """How a value that is on its way reads, which was typed or chosen as `text`."""
    if value is None or kind_of(field) not in _FORM_KINDS or isinstance(value, bool):
        return text
    return typed_text(form_field_of(field, default=value), zone)


class TextRefused(ValueError):
    """What was typed is no value of its field; says why."""


def typed_text(form_field: FormField, zone: tzinfo) -> str:
    """How the value of a field is typed into its cell, with its column's decimal sign."""
    text = default_text(form_field, zone)
    if not (isinstance(form_field.default, Decimal) and form_field.comma):
        return text
    whole, point, rest = text.partition(".")
    if len(rest) == 3:
        # 1,250 could be read as a thousand, too.
        rest = rest.rstrip("0") or "0"
        rest += "0" * (len(rest) == 3)
    return f"{whole},{rest}" if point else text


def value_typed(field: Field, form_field: FormField, text: str, zone: tzinfo) -> Any:
    """The value of what was typed into a cell. Raises TextRefused."""
    try:
        value = read_value(form_field, text, datetime.now(UTC), zone)
    except FieldError as error:
        raise TextRefused(str(error)) from None
    choices = field.choices
    if choices is not None and choices.strict and value is not None:
        known = [one.value for one in choices.values]
        if value not in known:
            raise TextRefused(f"It is no choice: {', '.join(known[:8])}.")
    return value
