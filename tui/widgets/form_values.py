"""What a person types into a form, read into values; and values, written so that they can be typed.

Pure functions without a screen. Each reader raises `FieldError` with what is wrong in words that
stand at the field.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from decimal import Decimal
from pathlib import Path
from typing import Literal

from tui.spoken_keys import key_for
from tui.words import counted
from tui.workspace.numbers import NumberTextError, read_decimal
from tui.workspace.times import (
    TimeTextError,
    UnclearLength,
    read_clock,
    read_day,
    read_nearest,
    read_span,
    read_when,
    typed_moment,
)
from tui.workspace.times import zone as local_zone

FieldKind = Literal[
    "text",
    "secret",
    "lines",
    "number",
    "money",
    "choice",
    "choices",
    "boolean",
    "date",
    "time",
    "datetime",
    "duration",
    "hours",
    "file",
    "list",
]


class FieldError(ValueError):
    """What is wrong with one field, in words."""


@dataclass(frozen=True, slots=True)
class FormField:
    """One field of a form.

    ``name`` is the key of the value, ``label`` what stands before the field. ``choices`` are pairs
    of value and title. ``default`` is a value of the field's kind, or text as it would be typed.
    ``limit`` is the most characters, counted beside the field. ``check`` is given the read value
    and answers what is wrong with it, or None. ``until`` names the field of the end that belongs to
    a start: a stretch of time that is typed here fills both, and a bare day there is its end.
    """

    name: str
    label: str
    kind: FieldKind = "text"
    required: bool = False
    help: str = ""
    default: object = None
    choices: Sequence[tuple[str, str]] = ()
    limit: int | None = None
    minimum: Decimal | int | None = None
    maximum: Decimal | int | None = None
    check: Callable[[object], str | None] | None = None
    placeholder: str = ""
    digits: int = 2
    """Decimals that an amount has at most."""
    comma: bool = False
    """Whether the numbers around are written with a decimal comma: `1.250` is asked then."""
    until: str = ""
    within: tuple[datetime, datetime] | None = None
    """From when to when a moment is: a time without a day is of the day that lies there."""
    at_end: bool = False
    """Whether the cursor begins behind what stands there."""


_HINTS: dict[FieldKind, str] = {
    "number": "a number",
    "money": "an amount, such as 1250.00",
    "date": "2026-08-21, today, tomorrow, +3d",
    "time": "14:00 or now",
    "datetime": "14:00, yesterday 14:00, 2026-08-21 14:00, now, -30m",
    "duration": "1h30, 90m, 1:30 or 1.5h",
    "hours": "7.5, 7h30 or 7:30",
    "file": "path of a file",
    "list": "one, two, three",
}


def hint_of(field: FormField) -> str:
    """How the field is typed, where that is not plain."""
    stretch = "9:00-11:15, yesterday 14-16, now, -30m" if field.until else ""
    return field.placeholder or stretch or _HINTS.get(field.kind, "")


def read_number(text: str, *, comma: bool = False) -> int | Decimal:
    """A whole number as int, any other as Decimal; `comma` as in `FormField`."""
    try:
        value = read_decimal(text, comma=comma)
    except NumberTextError as error:
        raise FieldError(str(error)) from None
    if abs(value.adjusted()) > 30:
        raise FieldError("This number is too large or too small.")
    exponent = value.as_tuple().exponent
    return int(value) if isinstance(exponent, int) and exponent >= 0 else value


def read_money(text: str, digits: int = 2, *, comma: bool = False) -> Decimal:
    """An amount with at most so many decimals; `comma` as in `FormField`.

    `1.250` is asked for again where nothing has three decimals: somebody means a thousand.
    """
    try:
        value = read_decimal(text, exponent=False, comma=comma or digits < 3)
    except NumberTextError as error:
        raise FieldError(str(error)) from None
    if abs(value) >= Decimal("1e12"):
        raise FieldError("This amount is too large.")
    if value != round(value, digits):
        raise FieldError(
            f"An amount has at most {counted(digits, 'decimal')}."
            if digits
            else "An amount has no decimals."
        )
    return value if value else abs(value)


def read_hours(text: str) -> Decimal:
    """Hours, written as a number of them or as a length of time: 7.5, 7h30, 7:30."""
    try:
        return Decimal(read_number(text))
    except FieldError as error:
        no_number = error
    try:
        hours = Decimal(read_span(text).total_seconds()) / 3600
    except UnclearLength as error:
        is_number = not re.search(r"[a-z:]", text, re.IGNORECASE)
        raise FieldError(str(no_number if is_number else error)) from None
    except TimeTextError:
        raise FieldError("Write hours as 7.5, 7h30 or 7:30.") from None
    return round(hours, 6)


def read_file(text: str) -> Path:
    """The path of a file that is there."""
    path = Path(text.strip()).expanduser()
    if not path.is_file():
        raise FieldError("There is no such file.")
    return path


def read_list(text: str) -> list[str]:
    """Items between commas; one with a comma in it stands in double quotes."""
    try:
        rows = list(csv.reader(text.splitlines(), skipinitialspace=True))
    except csv.Error:
        raise FieldError("Write the list as one, two, three.") from None
    return [item.strip() for row in rows for item in row if item.strip()]


def read_value(field: FormField, text: str, now: datetime, zone: tzinfo | None = None) -> object:
    """The value of one field; None where it is empty and may be.

    Raises `FieldError` with what is wrong.
    """
    plain = text if field.kind in ("secret", "lines") or _has_edges(field) else text.strip()
    if not plain.strip():
        if field.kind == "boolean":
            return False
        if field.required:
            raise FieldError("This is needed.")
        return [] if field.kind in ("list", "choices") else None
    if field.limit is not None and len(plain) > field.limit:
        raise FieldError(f"{counted(len(plain) - field.limit, 'character')} too long.")
    return checked(field, _read(field, plain, now, zone))


def _has_edges(field: FormField) -> bool:
    """Whether the text that is changed had blanks at its ends: those are not ours to take off."""
    return isinstance(field.default, str) and field.default != field.default.strip()


def checked(field: FormField, value: object) -> object:
    """A value within its field's bounds and check. Raises `FieldError`."""
    if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
        if field.minimum is not None and value < field.minimum:
            raise FieldError(f"At least {field.minimum}.")
        if field.maximum is not None and value > field.maximum:
            raise FieldError(f"At most {field.maximum}.")
    wrong = field.check(value) if field.check is not None else None
    if wrong:
        raise FieldError(wrong)
    return value


def _read(field: FormField, text: str, now: datetime, zone: tzinfo | None) -> object:
    known = [value for value, _ in field.choices]
    match field.kind:
        case "number":
            return read_number(text, comma=field.comma)
        case "money":
            return read_money(text, field.digits, comma=field.comma)
        case "hours":
            return read_hours(text)
        case "date" | "time" | "datetime" | "duration":
            return _time(field, text, now, zone)
        case "file":
            return read_file(text)
        case "list":
            return read_list(text)
        case "boolean":
            return text.lower() in ("yes", "true", "1", "on", "x")
        case "choice":
            if text not in known:
                raise FieldError("Choose one of the list.")
            return text
        case "choices":
            chosen = read_list(text)
            if not set(chosen) <= set(known):
                raise FieldError("Choose from the list.")
            return chosen
        case _:
            return text


def _time(field: FormField, text: str, now: datetime, zone: tzinfo | None) -> object:
    where = zone or local_zone("local")
    try:
        match field.kind:
            case "date":
                return read_day(text, where, now)
            case "time":
                return read_clock(text, now.astimezone(where))
            case "duration":
                return read_span(text)
            case _ if field.within is not None:
                return read_nearest(text, where, now, field.within)
            case _:
                return read_when(text, where, now)
    except TimeTextError as error:
        raise FieldError(str(error)) from error


def default_text(field: FormField, zone: tzinfo | None = None) -> str:
    """What stands in a field at first."""
    value = field.default
    if isinstance(value, Decimal):
        exponent = value.as_tuple().exponent
        short = isinstance(exponent, int) and exponent >= -field.digits
        return f"{value:.{field.digits}f}" if field.kind == "money" and short else f"{value:f}"
    return write_value(value, zone)


def day_of_text(field: FormField, text: str, now: datetime, zone: tzinfo | None) -> date:
    """The day that what is typed means; today where it means none."""
    try:
        value = read_value(field, text, now, zone)
    except FieldError:
        value = None
    if isinstance(value, datetime):
        return value.astimezone(zone).date()
    return value if isinstance(value, date) else now.astimezone(zone).date()


def with_day(field: FormField, text: str, day: date, now: datetime, zone: tzinfo | None) -> str:
    """What is typed, on another day; a time that stands there stays, none is made up."""
    if field.kind != "datetime":
        return day.isoformat()
    try:
        value = read_value(field, text, now, zone)
    except FieldError:
        value = None
    if not isinstance(value, datetime):
        return f"{day.isoformat()} "
    local = value.astimezone(zone)
    return f"{day.isoformat()} {local.strftime('%H:%M:%S' if local.second else '%H:%M')}"


def write_value(value: object, zone: tzinfo | None = None) -> str:
    """The text that would be typed for a value; moments in `zone`, None is this machine's."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "yes" if value else ""
    if isinstance(value, datetime):
        return typed_moment(value, zone or local_zone("local"))
    if isinstance(value, time):
        return value.strftime("%H:%M:%S" if value.second else "%H:%M")
    if isinstance(value, timedelta):
        minutes, seconds = divmod(round(value.total_seconds()), 60)
        return f"{minutes // 60}:{minutes % 60:02}" + (f":{seconds:02}" if seconds else "")
    if isinstance(value, (list, tuple, set, frozenset)):
        items = (f'"{item}"' if "," in str(item) else str(item) for item in value)
        return ", ".join(items)
    return str(value)


def more_of(field: FormField) -> str:
    """Where a field has more room than its row, in words."""
    if field.kind == "lines":
        from tui.widgets.outside import hint_of_editor

        return hint_of_editor()
    return f"{key_for('form.more_room')}: calendar" if field.kind in ("date", "datetime") else ""


def help_of(field: FormField) -> str:
    """How a field is typed, and where it has more room."""
    return " · ".join(filter(None, (field.help or hint_of(field), more_of(field))))
