"""Cell values from the wire to the store: what is taken, and what is refused in words.

Source: reference TimeTonic, 5.2 (column "write"). Real limits are not public: those on length
and the ways to write a date are this program's assumption.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from functools import partial

from tui.embedded.timetonic.call import Call
from tui.embedded.timetonic.cells import row_names
from tui.embedded.timetonic.definitions import (
    BIGGEST_INTEGER,
    COMPUTED,
    LINK_LIMIT,
    Field,
    length_limit,
)
from tui.embedded.timetonic.envelope import Refusal, from_paris, paris_text
from tui.embedded.timetonic.parameters import to_integer
from tui.embedded.timetonic.row_pages import all_rows

DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_DAY_AND_TIME = re.compile(r"\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}(:\d{2})?", re.ASCII)
WHOLE = re.compile(r"\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}", re.ASCII)
_SECONDS = re.compile(r"-?\d{6,12}", re.ASCII)
_SPACES = re.compile(r"[\s\u00a0\u202f]")
_TRUE = ("1", "true", "yes")
_FALSE = ("0", "false", "no")


class Acceptor:
    """Turns what was sent for cells of one call into stored values. Raises Refusal."""

    def __init__(self, call: Call) -> None:
        self._call = call
        self._separator = call.parameters.text("linkSeparator", default=",")
        self._by_name: dict[int, dict[str, int]] = {}
        self._there: dict[int, set[object]] = {}
        """Rows that were found, by their tables: many cells link to the same ones."""

    def reader(self, field: Field) -> Callable[[object], object]:
        """As `value` of one field, of which many cells were sent: what they mostly are is seen at
        once, and all else is looked at by `value`.
        """
        value = partial(self.value, field)
        if field.type in COMPUTED or field.read_only:
            return value
        if field.type == "link":
            several = field.options.get("multiple")
            return partial(self._linked, field) if several else value
        return _QUICKLY.get(field.type, _text_reader)(field, value)

    def _linked(self, field: Field, sent: object) -> object:
        """Rows by their ids, all of which were found before, each once."""
        if type(sent) is list and len(sent) <= LINK_LIMIT:
            try:
                ids = [one["row_id"] for one in sent]
            except (TypeError, KeyError):
                return self.value(field, sent)
            # What counts as an id, as true does as 1, is none, whichever stands beside it.
            if ids and {int}.issuperset(map(type, ids)):
                found = dict.fromkeys(ids)
                if found.keys() <= self._there.get(field.link_table, set()):
                    return [*found]
        return self.value(field, sent)

    def value(self, field: Field, sent: object) -> object:
        """The value to store; None empties the cell."""
        if field.type in COMPUTED or field.read_only:
            raise Refusal("read_only", f"the field {field.name} is read-only")
        if sent is None or sent == "" or sent == []:
            if field.options.get("required"):
                raise Refusal("required", f"the field {field.name} must not be empty")
            return None
        if field.type == "link":
            return self._link(field, sent)
        if isinstance(sent, list | dict):
            raise _wrong(field, "takes one value, not a list")
        return _BY_TYPE.get(field.type, _text)(field, sent)

    def _link(self, field: Field, sent: object) -> list[int]:
        if isinstance(sent, dict):
            sent = [sent] if "row_id" in sent or "value" in sent else list(sent.values())
        if isinstance(sent, bool | float):
            raise _wrong(field, "takes rows of the linked table")
        if isinstance(sent, int):
            sent = [sent]
        if isinstance(sent, str):
            sent = [part.strip() for part in sent.split(self._separator) if part.strip()]
        if not isinstance(sent, list):
            raise _wrong(field, "takes rows of the linked table")
        if len(sent) > LINK_LIMIT:
            raise _wrong(field, f"takes {LINK_LIMIT} rows at most")
        rows = [self._linked_row(field, item) for item in sent]
        found = list(dict.fromkeys(rows))
        if len(found) > 1 and not field.options.get("multiple"):
            raise _wrong(field, "takes one row only")
        return found

    def _linked_row(self, field: Field, item: object) -> int:
        if isinstance(item, dict):
            if item.get("row_id") in (None, ""):
                item = item.get("value", "")
            else:
                item = to_integer(item["row_id"], field.name)
        if isinstance(item, int) and not isinstance(item, bool):
            there = self._there.setdefault(field.link_table, set())
            if item in there:
                return item
            row = self._call.one(
                "SELECT 1 FROM timetonic_row WHERE id = ? AND table_id = ? AND NOT deleted",
                item,
                field.link_table,
            )
            if row is None:
                raise _wrong(field, f"cannot link to the row {item}: its table holds no such row")
            there.add(item)
            return item
        name = str(item).strip()
        row_id = self._names(field.link_table).get(name.casefold())
        if row_id is None:
            raise _wrong(field, f"cannot link to {name[:80]}: no row has that name")
        return row_id

    def _names(self, table_id: int) -> dict[str, int]:
        if table_id not in self._by_name:
            ids = [int(row["id"]) for row in all_rows(self._call, table_id)]
            names = row_names(self._call, ids)
            # Of two rows of one name the first is taken, so later ones are put in first.
            self._by_name[table_id] = {
                names[row_id].casefold(): row_id for row_id in reversed(ids) if row_id in names
            }
        return self._by_name[table_id]


def _wrong(field: Field, words: str) -> Refusal:
    return Refusal("invalid_value", f"the field {field.name} {words}")


def has_lost_hour(there: datetime) -> bool:
    """Whether an hour of the day may be none in Paris: a Sunday at the end of March has one."""
    return there.month == 3 and there.day > 24


def _text(field: Field, sent: object) -> str:
    text = str(sent).lower() if isinstance(sent, bool) else str(sent)
    limit = length_limit(field)
    if len(text) > limit:
        raise _wrong(field, f"holds {limit} characters at most")
    if field.options.get("strict") and text not in field.choices:
        raise _wrong(field, f"takes one of {', '.join(field.choices)}, not {text[:80]}")
    return text


def _integer(field: Field, sent: object) -> int:
    value = _double(field, sent)
    if not value.is_integer():
        raise _wrong(field, "takes a whole number")
    # Not by the double: that of the first number too large is the last one that is not.
    if abs(Decimal(_typed(sent))) > BIGGEST_INTEGER:
        raise _wrong(field, "cannot hold a number that large")
    return int(value)


def _double(field: Field, sent: object) -> float:
    if isinstance(sent, bool):
        raise _wrong(field, "takes a number")
    try:
        value = float(_typed(sent))
    except ValueError:
        raise _wrong(field, f"takes a number, not {str(sent)[:40]}") from None
    if not math.isfinite(value):
        raise _wrong(field, "takes a finite number")
    return value


def _typed(sent: object) -> str:
    """A number as people type it in French, 1 234,50, as it is read here."""
    return _SPACES.sub("", str(sent)).replace(",", ".")


def _boolean(field: Field, sent: object) -> bool:
    text = str(sent).strip().lower()
    if text in _TRUE:
        return True
    if text in _FALSE:
        return False
    raise _wrong(field, f"takes true or false, not {text[:40]}")


def _date(field: Field, sent: object) -> str:
    """The day, or day and time, as local text; unix seconds are taken too."""
    text = str(sent).strip()
    form = "YYYY-MM-DD HH:MM" if field.with_time else "YYYY-MM-DD"
    try:
        if _SECONDS.fullmatch(text):
            moment = datetime.fromisoformat(paris_text(int(text)))
        elif DAY.fullmatch(text) or (field.with_time and _DAY_AND_TIME.fullmatch(text)):
            moment = datetime.fromisoformat(text)
        else:
            raise _wrong(field, f"takes a date as {form}, not {text[:40]}")
    except (ValueError, OverflowError, OSError):
        raise _wrong(field, f"takes a date as {form}, and {text[:40]} is none") from None
    if field.with_time:
        wall = moment.isoformat(" ", "seconds")
        if has_lost_hour(moment) and paris_text(from_paris(wall)) != wall:
            raise _wrong(field, f"takes no {text[:40]}: clocks in Paris are put forward over it")
        return wall
    return moment.date().isoformat()


_BY_TYPE: dict[str, Callable[[Field, object], object]] = {
    "int": _integer,
    "double": _double,
    "boolean": _boolean,
    "date": _date,
}


# -- the same of many cells: each answers what `Acceptor.value` does of what is mostly sent

Reader = Callable[[object], object]


def _text_reader(field: Field, otherwise: Reader) -> Reader:
    limit = length_limit(field)
    if field.options.get("strict"):
        choices = {one for one in field.choices if 0 < len(one) <= limit}
        return lambda sent: sent if type(sent) is str and sent in choices else otherwise(sent)

    def read(sent: object) -> object:
        return sent if type(sent) is str and 0 < len(sent) <= limit else otherwise(sent)

    return read


def _integer_reader(_field: Field, otherwise: Reader) -> Reader:
    def read(sent: object) -> object:
        # Above it not every whole number is one that a double is.
        return sent if type(sent) is int and abs(sent) <= BIGGEST_INTEGER else otherwise(sent)

    return read


def _double_reader(_field: Field, otherwise: Reader) -> Reader:
    def read(sent: object) -> object:
        if type(sent) is str:
            try:
                value = float(sent)
            except ValueError:
                return otherwise(sent)
            return value if math.isfinite(value) else otherwise(sent)
        return otherwise(sent)

    return read


def _boolean_reader(_field: Field, otherwise: Reader) -> Reader:
    def read(sent: object) -> object:
        return sent if sent is True or sent is False else otherwise(sent)

    return read


def _date_reader(field: Field, otherwise: Reader) -> Reader:
    with_time = field.with_time
    form = WHOLE if with_time else DAY

    def read(sent: object) -> object:
        if type(sent) is not str or form.fullmatch(sent) is None:
            return otherwise(sent)
        try:
            found = datetime.fromisoformat(sent)
        except ValueError:
            return otherwise(sent)
        if not with_time:
            return sent
        return otherwise(sent) if has_lost_hour(found) else found.isoformat(" ")

    return read


_QUICKLY: dict[str, Callable[[Field, Reader], Reader]] = {
    "int": _integer_reader,
    "double": _double_reader,
    "boolean": _boolean_reader,
    "date": _date_reader,
}
