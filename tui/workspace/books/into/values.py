"""What stands in a cell of a file as a value of a column, or why it is none."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, tzinfo
from decimal import Decimal, InvalidOperation
from typing import Any, Literal

from tui.services.timetonic import Field, LinkedRow
from tui.store.folding import fold
from tui.words import as_given, counted, in_brief
from tui.workspace.books.cells import kind_of
from tui.workspace.books.into.faulty import Faulty
from tui.workspace.books.into.spelt import named_day, said_yes, without_currency
from tui.workspace.books.out.columns import Value
from tui.workspace.books.out.plain import BETWEEN
from tui.workspace.hours.entries import LineError
from tui.workspace.hours.tables import Order, day_in
from tui.workspace.times.reader import read_clock, read_day, read_moment
from tui.workspace.times.zones import TimeTextError

DecimalSign = Literal["point", "comma"]
PERCENT = "%"
Percents = Literal["number", "fraction", "refused"]
"""How so many of a hundred are taken by a plain number: 0.63% as 0.63, as 0.0063, or not."""
GROUPED = re.compile(r"[+-]?[1-9]\d{0,2}\.\d{3}")
"""What is a thousand and more where a comma is decimal, and elsewhere has three decimals."""
_EITHER = "may be two numbers: say whether a comma or a point is decimal"
MOST_DIGITS = 400
"""Zeros that a number may have at an end."""
MOST_PLACES = 40
"""How far from the point the first digit of a number may be: others are not read back as one."""
_SPACES = re.compile("[\\s\u00a0\u202f\u2019']")
_NAMED_DAY = re.compile(
    r"([A-Za-z]+\.? \d{1,2}(?:st|nd|rd|th)?,? \d{4}|\d{1,2}(?:st|nd|rd|th)? [A-Za-z]+\.? \d{4})(.*)"
)
_ORDINAL = re.compile(r"(?<=\d)(?:st|nd|rd|th)")
_ISO = re.compile(r"[\dW-]{7,10}(?:[ Tt].*)?")
"""What begins as a time of ISO 8601: Python takes any sign, a digit too, for what stands between
day and clock, and so a count of milliseconds for a day long ago."""
_MIDNIGHT = re.compile(r"(?<=\d)[ T]00:00(?::00(?:\.0+)?)?(?:Z|[+-]\d\d:?\d\d)?\Z", re.ASCII)
"""Behind a day: with it a day is meant, wherever that is."""
_PAGE = re.compile(r"\s\(https?://[^\s()]*\)")
"""Behind the name of a row: where Notion shows it."""
_DIGITS_OF_ID = 19
"""Digits of the id of a row."""
_IDS = re.compile(rf"\d{{1,{_DIGITS_OF_ID}}}(?:[,;\s]+\d{{1,{_DIGITS_OF_ID}}})*")


class CellError(Exception):
    """Raised where a cell cannot be taken; says why."""


@dataclass(frozen=True, kw_only=True)
class Reading:
    """How cells of a file are read."""

    zone: tzinfo
    decimal: DecimalSign | None = None
    """What stands before the decimals; None where each number tells it, or is refused."""
    orders: Mapping[int, Order] = field(default_factory=dict)
    """In which order day and month stand, by the id of the field; the day is first by itself."""
    links: Mapping[int, Links] = field(default_factory=dict)
    """The rows that links may point to, by the id of the field."""
    percents: Percents = "refused"


@dataclass
class Links:
    """Rows that a link may point to."""

    ids: dict[str, list[int]]
    """By their folded names."""
    names: dict[int, str]
    complete: bool = True

    @classmethod
    def of(cls, rows: Sequence[tuple[int, str]], *, complete: bool = True) -> Links:
        """Rows by id and name."""
        ids: dict[str, list[int]] = {}
        for row_id, name in rows:
            ids.setdefault(fold(name.strip()), []).append(row_id)
        return cls(ids, dict(rows), complete)

    def of_id(self, row_id: int, name: str = "") -> LinkedRow:
        """The row of an id. Raises CellError where it is known that there is none."""
        if self.complete and row_id not in self.names:
            raise CellError(f"there is no row {row_id} to link to")
        return LinkedRow(row_id=row_id, value=self.names.get(row_id, name))

    def named(self, name: str) -> LinkedRow:
        """The row of a name. Raises CellError."""
        found = self.ids.get(fold(name.strip()), [])
        if len(found) == 1:
            return LinkedRow(row_id=found[0], value=self.names[found[0]])
        if found:
            raise CellError(
                f"{as_given(name)} is the name of {counted(len(found), 'row')}: name it by its id"
            )
        more = "" if self.complete else " among those that could be read; its id would tell"
        raise CellError(f"no row is called {as_given(name)}{more}")


_NOT_KNOWN = Links({}, {}, complete=False)


def read_cell(column: Field, raw: Any, reading: Reading) -> Value:
    """A cell as a value of its column, None for an empty one. Raises CellError."""
    if raw is None or raw in ("", []):
        return None
    if isinstance(raw, Faulty):
        raise CellError(raw.why)
    kind = kind_of(column)
    reader = _READERS.get(kind)
    if reader is not None:
        return reader(column, raw, reading)
    text = raw if isinstance(raw, str) else _shown(raw)
    choices = column.choices
    if kind == "select" and choices is not None:
        known = [one.value for one in choices.values]
        if text not in known:
            alike = [one for one in known if fold(one) == fold(text.strip())]
            if alike:
                return alike[0]
            if choices.strict:
                raise CellError(f"{as_given(text)} is no choice: {', '.join(known)}")
    return text


def _shown(raw: Any) -> str:
    if isinstance(raw, bool):
        return "true" if raw else "false"
    if isinstance(raw, (datetime, date)):
        return raw.isoformat(" ") if isinstance(raw, datetime) else raw.isoformat()
    if isinstance(raw, float) and raw.is_integer():
        return str(int(raw))
    if isinstance(raw, (list, dict)):
        raise CellError("a list or an object is no text")
    return str(raw)


def number(text: str, decimal: DecimalSign | None) -> Decimal:
    """A number with a point or a comma. Raises CellError where it is none, or may be two."""
    bare = _SPACES.sub("", without_currency(text))
    commas, points = bare.count(","), bare.count(".")
    if decimal is None and commas + points == 1:
        sign = "," if commas else "."
        whole, _, rest = bare.partition(sign)
        if sign == "," and len(rest) == 3 and whole.lstrip("+-").isdecimal() and whole.strip("+-0"):
            raise CellError(f"{as_given(text)} {_EITHER}")
        if sign == "." and GROUPED.fullmatch(bare):
            raise CellError(f"{as_given(text)} {_EITHER}")
    if decimal == "comma" or (decimal is None and bare.rfind(",") > bare.rfind(".")):
        if commas > 1 and not points:
            bare = bare.replace(",", "")
        bare = bare.replace(".", "").replace(",", ".")
    else:
        bare = bare.replace(",", "")
    try:
        found = Decimal(bare)
    except InvalidOperation:
        raise CellError(f"{as_given(text)} is no number") from None
    return within(found)


def within(found: Decimal) -> Decimal:
    """A number that can be written out. Raises CellError for one of endless or no digits."""
    exponent = found.as_tuple().exponent
    is_short = isinstance(exponent, int) and abs(exponent) <= MOST_DIGITS
    if not is_short or abs(found.adjusted()) > MOST_PLACES:
        raise CellError(f"{str(found)[:40]} is no number that a table holds")
    return found


def _number(column: Field, raw: Any, reading: Reading) -> Value:
    if isinstance(raw, bool) or not isinstance(raw, (str, int, float, Decimal)):
        raise CellError(f"{as_given(_shown(raw))} is no number")
    if isinstance(raw, str) and raw.rstrip().endswith(PERCENT):
        found = _share(column, raw, reading)
    else:
        found = number(raw, reading.decimal) if isinstance(raw, str) else within(Decimal(str(raw)))
    if kind_of(column) == "integer":
        if found != found.to_integral_value():
            raise CellError(f"{in_brief(str(raw))} is no whole number")
        return int(found)
    return found


def _share(column: Field, raw: str, reading: Reading) -> Decimal:
    """So many of a hundred, where the column is of such. That its format has the sign then, and
    the service keeps the share itself (0.63% is 0.0063), is assumed: sheets do so, and the
    service's documents do not say.
    """
    is_plain = not holds_shares(column)
    if is_plain and reading.percents == "refused":
        plain = f"and {column.name} is a plain number"
        raise CellError(f"{as_given(raw)} is so many of a hundred, {plain}")
    found = number(raw.strip().removesuffix(PERCENT), reading.decimal)
    return found if is_plain and reading.percents == "number" else found.scaleb(-2)


def holds_shares(column: Field) -> bool:
    """Whether a column of numbers is one of so many of a hundred."""
    return PERCENT in (column.number_format or "")


def _boolean(_column: Field, raw: Any, _reading: Reading) -> Value:
    if isinstance(raw, bool):
        return raw
    found = said_yes(_shown(raw))
    if found is None:
        raise CellError(f"{as_given(raw)} is neither yes nor no")
    return found


def _date(column: Field, raw: Any, reading: Reading) -> Value:
    if isinstance(raw, datetime):
        return raw.date()
    if isinstance(raw, date):
        return raw
    text = str(raw).strip()
    try:
        return _day(column, _MIDNIGHT.sub("", text), reading)
    except LineError as error:
        raise CellError(str(error)) from None


def _day(column: Field, text: str, reading: Reading) -> date:
    """A day in figures, or with the name of its month. Raises LineError."""
    try:
        named = named_day(text)
    except ValueError:
        raise LineError(f"{as_given(text)} is no day") from None
    if named is not None and not named[1]:
        return named[0]
    if _NAMED_DAY.fullmatch(text):
        try:
            return read_day(_ORDINAL.sub("", text), reading.zone, datetime.now(UTC))
        except TimeTextError:
            raise LineError(f"{as_given(text)} is no day") from None
    return day_in(text, reading.orders.get(column.id, "dmy"))


def _typed_moment(column: Field, text: str, reading: Reading) -> datetime:
    """A day and a clock of it, of twelve or 24 hours. Raises LineError, TimeTextError."""
    named = named_day(text)
    if named is not None:
        there, clock = named
    else:
        told = _NAMED_DAY.match(text)
        day, clock = (told[1], told[2]) if told else text.partition(" ")[::2]
        there = _day(column, day.rstrip(","), reading)
    clock = clock.strip(" ,")
    if re.search(r"[+-]\d|[zZ]\Z|UTC|GMT", clock):
        return read_moment(f"{there} {clock}", reading.zone)
    return datetime.combine(there, read_clock(clock) if clock else time())


def _moment(column: Field, raw: Any, reading: Reading) -> Value:
    found: datetime
    if isinstance(raw, datetime):
        found = raw
    elif isinstance(raw, date):
        found = datetime.combine(raw, time())
    else:
        text = str(raw).strip()
        try:
            if _ISO.fullmatch(text) is None:
                raise ValueError(text)
            found = datetime.fromisoformat(text)
        except ValueError:
            try:
                found = _typed_moment(column, text, reading)
            except (ValueError, LineError, TimeTextError):
                raise CellError(f"{as_given(text)} is no time") from None
    there = found if found.tzinfo is not None else found.replace(tzinfo=reading.zone)
    try:
        return there.astimezone(reading.zone)
    except OverflowError:
        # At the ends of the calendar it is no day everywhere: where it is none in Paris is told
        # once it is written out.
        return there


def _link(column: Field, raw: Any, reading: Reading) -> Value:
    links = reading.links.get(column.id) or _NOT_KNOWN
    if isinstance(raw, list):
        return _each_once(_linked(one, links) for one in raw)
    text = _shown(raw)
    if fold(text.strip()) in links.ids:
        return [links.named(text)]
    text = _PAGE.sub("", text)
    names = text.split(BETWEEN.strip())
    if '"' in text and not all(fold(name.strip()) in links.ids for name in names):
        # Others put a name that has a comma in quotes.
        try:
            names = next(csv.reader([" ".join(text.splitlines())], skipinitialspace=True), [])
        except csv.Error:
            raise CellError(f"{as_given(text)} is no list of names") from None
    return _each_once(links.named(name) for name in names if name.strip())


def _each_once(rows: Iterable[LinkedRow]) -> list[LinkedRow]:
    """A cell links to a row or does not, however often that is said."""
    return [*{one.row_id: one for one in rows}.values()]


def _linked(one: Any, links: Links) -> LinkedRow:
    if isinstance(one, dict) and type(one.get("row_id")) is int:
        return links.of_id(one["row_id"], str(one.get("name") or ""))
    if isinstance(one, str):
        return links.named(one)
    raise CellError("a link is a list of names, or of objects with row_id and name")


def id_text(raw: Any) -> str:
    """The id of a row as a file has it: sheets have it as a number, pandas with a decimal. Of what
    is too long to be one, which Python may make no number of, only enough to name it.
    """
    text = in_brief(str(raw))
    whole = text.removesuffix(".0")
    return whole if whole.isdecimal() else text


def linked_ids(column: Field, raw: Any, reading: Reading) -> Value:
    """The rows of a cell that has their ids. Raises CellError."""
    if isinstance(raw, Faulty):
        raise CellError(raw.why)
    text = _shown(raw).strip()
    # As pandas has the numbers of a column in which some cells are empty.
    text = text.removesuffix(".0")
    if not _IDS.fullmatch(text):
        raise CellError(f"{as_given(text)} is no list of row ids")
    links = reading.links.get(column.id) or _NOT_KNOWN
    return _each_once(links.of_id(int(one)) for one in re.findall(r"\d+", text))


_READERS: Mapping[str, Callable[[Field, Any, Reading], Value]] = {
    "integer": _number, "number": _number, "boolean": _boolean, "date": _date, "moment": _moment,
    "link": _link,
}  # fmt: skip
