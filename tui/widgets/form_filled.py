"""What a form gives back: every value by its name, and which of them a person changed.

Pure functions without a screen, on top of the readers of single fields.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, tzinfo
from typing import Any

from tui.widgets.form_values import (
    FieldError,
    FieldKind,
    FormField,
    checked,
    read_value,
    write_value,
)
from tui.workspace.times import Stretch, TimeTextError, read_moment
from tui.workspace.times import zone as local_zone

_AS_TYPED: Collection[FieldKind] = ("text", "secret", "lines", "choice")
"""Kinds whose value is the very text."""


class Filled(dict[str, Any]):
    """A form's values by the names of its fields; `changed` are those that a person changed.

    A field that was left as it was gives back the very value that it was opened with.
    """

    def __init__(self, values: Mapping[str, Any], changed: Collection[str]) -> None:
        super().__init__(values)
        self.changed = frozenset(changed)

    @property
    def news(self) -> dict[str, Any]:
        """The values that a person changed."""
        return {name: value for name, value in self.items() if name in self.changed}


def kept_value(field: FormField, now: datetime, zone: tzinfo | None = None) -> object:
    """The value of a field that was left as it was: what it was opened with, to the last blank.

    A default that is only a proposal in words, such as `today`, is read. Raises `FieldError`.
    """
    default = field.default
    if default is None or (isinstance(default, str) and field.kind not in _AS_TYPED):
        return read_value(field, write_value(default, zone), now, zone)
    if isinstance(default, str):
        if not default.strip() and (field.required or not default):
            return read_value(field, default, now, zone)
        wrong = field.check(default) if field.check is not None else None
        if wrong:
            raise FieldError(wrong)
    return default


def read_all(
    fields: Sequence[FormField],
    texts: Mapping[str, str],
    now: datetime,
    zone: tzinfo | None = None,
    *,
    untouched: Collection[str] = (),
) -> tuple[Filled, dict[str, str]]:
    """Every field's value by name, and what is wrong with those that cannot be read.

    ``untouched`` are the names of the fields whose text is still that of their default.
    """
    values: dict[str, object] = {}
    wrong: dict[str, str] = {}
    changed = {field.name for field in fields} - set(untouched)
    ends_of = {field.until for field in fields}
    for field in fields:
        text = texts.get(field.name, "")
        try:
            if field.name in untouched:
                values[field.name] = kept_value(field, now, zone)
            else:
                ends = field.name in ends_of
                values[field.name] = read_field(field, text, now, zone, ends=ends)
        except FieldError as error:
            wrong[field.name] = str(error)
    for field in fields:
        found = values.get(field.name)
        if not isinstance(found, Stretch):
            continue
        end = next((one for one in fields if one.name == field.until), None)
        if end is None:
            wrong[field.name] = "This is from one time to another: write only one."
        elif end.name in changed and texts.get(end.name, "").strip():
            wrong[field.name] = f"The end stands here and in “{end.label}”: write it once."
        else:
            values[field.name], values[end.name] = found.start, found.end
            changed.add(end.name)
            wrong.pop(end.name, None)
    return Filled(values, changed), wrong


def read_field(
    field: FormField, text: str, now: datetime, zone: tzinfo | None = None, *, ends: bool
) -> object:
    """The value of one field among others, a `Stretch` too; `ends` where it is the end of one,
    so that a bare day means the end of that day. Raises `FieldError`.
    """
    if not (ends and text.strip()):
        return read_value(field, text, now, zone)
    try:
        moment = read_moment(text, zone or local_zone("local"), now, ends=True)
    except TimeTextError as error:
        raise FieldError(str(error)) from error
    return checked(field, moment)
