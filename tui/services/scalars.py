"""Readers of single values: text, numbers, amounts, yes or no, times and days.

Each takes a decoded value and its place, and raises ProtocolViolation naming the place for
what it cannot read. What is read is exactly what was sent: a number that lost digits on its
way is refused, not rounded.
"""

from __future__ import annotations

import re
import reprlib
from collections.abc import Callable
from datetime import UTC, date, datetime, tzinfo
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import msgspec

from tui.late_patterns import late_pattern
from tui.services.digits import LARGEST
from tui.services.errors import ProtocolViolation
from tui.services.operation import is_change

Reader = Callable[[Any, str], Any]

LARGEST_EXACT = 2**53
"""From it on a binary fraction no longer tells one whole number from the next."""


class TimeForm(msgspec.Struct, frozen=True):
    """How a service writes a time: `unit` per second for numbers, `zone` for text without one.

    A day is the one that it is in `zone`, whatever it is written as.
    """

    unit: int = 1
    zone: str = "UTC"


Seconds = Annotated[datetime, TimeForm()]
"""Unix seconds, as a number or a digit string; text times are UTC."""
Milliseconds = Annotated[datetime, TimeForm(unit=1000)]
"""Unix milliseconds, as a number or a digit string."""
ParisText = Annotated[datetime, TimeForm(zone="Europe/Paris")]
"""`YYYY-MM-DD HH:MM:SS` in French local time, or unix seconds: the same key comes as either."""

Id = Annotated[int, "the id of a thing"]
"""What a service knows a thing by."""

_glance = reprlib.Repr()
"""Shows the beginning of a value without looking at all of it."""
_glance.maxstring = _glance.maxother = _glance.maxlong = 60

_TRUE = frozenset({"1", "true", "yes", "on", "active"})
_FALSE = frozenset({"", "0", "false", "no", "off", "inactive"})


class Unreadable(ProtocolViolation):
    """A part of an answer that cannot be read; `place` says which."""

    def __init__(self, place: str, what: str) -> None:
        super().__init__(f"{place} {what}")
        self.place = place


class Never(Unreadable):
    """A moment in the first or the last year that there is: it stands for none."""


def unreadable(at: str, expected: str, value: object) -> Unreadable:
    """The error for a value that is not what its field promises."""
    try:
        shown = _glance.repr(value)
    except ValueError:
        # A whole number of thousands of digits, which Python does not write out.
        shown = "a very long number"
    if len(shown) > 60:
        shown = shown[:57] + "..."
    return Unreadable(at, f"should be {expected}, but is {shown}")


def is_nothing(value: object) -> bool:
    """Whether it is one of the ways in which services write that there is no such record."""
    return value is None or value is False or value == "" or value == [] or value == {}


def is_null(value: object) -> bool:
    """Whether it is null and nothing else."""
    return value is None


def is_no_number(value: object) -> bool:
    """Whether a value says that there is no such number: PHP writes one as false."""
    return value is None or value is False


_EMPTY_DATE = late_pattern(
    r"(?:0000-00-00|-0001-11-30)(?:[ T]00:00(?::00(?:\.0+)?)?)?(?:Z|[+-]00:?00)?"
)
"""MySQL's date that is none, and what PHP makes of it when it writes it anew."""


def is_no_time(value: object) -> bool:
    """Whether a value says that there is no such time or day."""
    if isinstance(value, str):
        text = value.strip()
        return not text or _EMPTY_DATE.fullmatch(text) is not None
    return value is None or value is False


def is_zero(value: object) -> bool:
    """Whether a value is the number 0, however it is written."""
    if isinstance(value, str):
        return re.fullmatch(r"\s*0+(?:\.0+)?\s*", value) is not None
    return isinstance(value, (int, float, Decimal)) and value == 0


def text(value: Any, at: str) -> str:
    """A text; numbers and truth values as they are written."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float, Decimal)):
        return str(value)
    raise unreadable(at, "text", value)


def integer(value: Any, at: str) -> int:
    """A whole number, exact however large. A truth value is none: read as 1, it would be the id
    of something else.
    """
    number: int | None = None
    try:
        if isinstance(value, bool):
            pass
        elif isinstance(value, int):
            number = value
        elif isinstance(value, str):
            stripped = value.strip()
            if len(stripped) <= 64:
                digits = stripped.lstrip("+-").isdecimal()
                number = int(stripped) if digits else _whole(stripped)
        elif isinstance(value, Decimal):
            # By way of its text: int() of a huge exponent would take all memory there is.
            number = _whole(str(value))
        elif isinstance(value, float) and value == int(value) and abs(value) < LARGEST_EXACT:
            number = int(value)
    except (ValueError, OverflowError, InvalidOperation):
        pass
    if number is None or not -LARGEST <= number <= LARGEST:
        raise unreadable(at, "a whole number", value)
    return number


def identity(value: Any, at: str) -> int:
    """An id. In the answer to a change it says which thing was made or written: 0, which databases
    tell where nothing was, is none there, nor is what is below it or no plain digits.
    """
    number = integer(value, at)
    if is_change() and (number < 1 or (isinstance(value, str) and not value.strip().isdecimal())):
        raise unreadable(at, "an id", value)
    return number


def _whole(text: str) -> int:
    number = Decimal(text)
    if not -(2**63) <= number <= 2**63 or number != number.to_integral_value():
        raise ValueError(text)
    return int(number)


def real(value: Any, at: str) -> float:
    """A finite number; a truth value is none."""
    try:
        if not isinstance(value, bool) and (
            isinstance(value, (int, float, Decimal))
            or (isinstance(value, str) and len(value) <= 64)
        ):
            number = float(value)
            exact = not isinstance(value, int) or abs(value) < LARGEST_EXACT or number == value
            if number - number == 0.0 and exact:
                return number
    except (ValueError, OverflowError):
        pass
    raise unreadable(at, "a number", value)


def amount(value: Any, at: str) -> Decimal:
    """An amount, with every digit that was sent."""
    try:
        if isinstance(value, Decimal):
            number = value
        elif isinstance(value, (int, float)) or (isinstance(value, str) and len(value) <= 64):
            number = Decimal(str(value).strip())
        else:
            raise unreadable(at, "an amount", value)
    except (InvalidOperation, ValueError):
        raise unreadable(at, "an amount", value) from None
    if not number.is_finite() or abs(number.adjusted()) > 40:
        # Nobody owes 10^40; written out, such a number could fill the memory.
        raise unreadable(at, "an amount", value)
    return number


def flag(value: Any, at: str) -> bool:
    """Yes or no, in any of the services' spellings."""
    if isinstance(value, bool):
        return value
    if value is None:
        return False
    if isinstance(value, (int, float)) and value in (0, 1):
        return bool(value)
    if isinstance(value, Decimal) and value.is_finite() and value in (0, 1):
        return bool(value)
    if isinstance(value, str):
        word = value.strip().lower()
        if word in _TRUE:
            return True
        if word in _FALSE:
            return False
    raise unreadable(at, "yes or no", value)


def choice(options: tuple[Any, ...]) -> Reader:
    """A reader of one of these, however its letters are written."""
    by_text = {str(option).lower(): option for option in options}

    def reader(value: Any, at: str) -> Any:
        found = by_text.get(str(value).strip().lower())
        if found is None:
            raise unreadable(at, "one of " + ", ".join(map(str, options)), value)
        return found

    return reader


def time_reader(form: TimeForm) -> Reader:
    """A reader of moments in one of the service's forms; texts without a zone are in its zone."""
    zone = _zone(form)

    def reader(value: Any, at: str) -> datetime:
        try:
            if isinstance(value, str):
                found = _number(value)
                if found is None:
                    moment = datetime.fromisoformat(value.strip().removesuffix(" UTC"))
                    return _shown(moment if moment.tzinfo else moment.replace(tzinfo=zone), at)
                value = found
            if isinstance(value, (int, float, Decimal)) and not isinstance(value, bool):
                return _shown(_from_unix(value, form.unit), at)
        except (ValueError, OverflowError, OSError, InvalidOperation):
            pass
        raise unreadable(at, "a time", value)

    return reader


def _shown(moment: datetime, at: str) -> datetime:
    """The same moment. Raises Never for one that clocks in other zones cannot show."""
    if not date.min.year < moment.year < date.max.year:
        raise Never(at, "is at an end of the calendar")
    return moment


def day_reader(form: TimeForm) -> Reader:
    """A reader of days. One that is written as a moment is the day that it was in the zone."""
    zone = _zone(form)

    def reader(value: Any, at: str) -> date:
        try:
            if isinstance(value, str):
                stripped = value.strip()
                found = None if len(stripped) == COMPACT_DAY else _number(stripped)
                if found is None:
                    return _written_day(stripped, zone)
                value = found
            if isinstance(value, (int, float, Decimal)) and not isinstance(value, bool):
                return _from_unix(value, form.unit).astimezone(zone).date()
        except (ValueError, OverflowError, OSError, InvalidOperation):
            pass
        raise unreadable(at, "a date", value)

    return reader


COMPACT_DAY = 8
"""Characters of YYYYMMDD, which is no number of seconds."""


def _written_day(text: str, zone: tzinfo) -> date:
    if len(text) <= 10:
        return date.fromisoformat(text)
    moment = datetime.fromisoformat(text.removesuffix(" UTC"))
    # A text that tells its zone is a moment; one that does not is the day that it names.
    return (moment.astimezone(zone) if moment.tzinfo else moment).date()


def _zone(form: TimeForm) -> tzinfo:
    return UTC if form.zone == "UTC" else ZoneInfo(form.zone)


def _number(text: str) -> int | Decimal | None:
    """The number that a text of digits is; None for any other text."""
    digits = text.strip()
    if len(digits) > 24 or not digits.lstrip("-").replace(".", "", 1).isdecimal():
        return None
    return Decimal(digits) if "." in digits else int(digits)


def _from_unix(value: float | Decimal, unit: int) -> datetime:
    if isinstance(value, int) and unit == 1000:
        seconds, rest = divmod(value, 1000)
        return datetime.fromtimestamp(seconds, UTC).replace(microsecond=rest * 1000)
    return datetime.fromtimestamp(float(value) / unit, UTC)
