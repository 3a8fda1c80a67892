"""The documents' own sample answers of all five services, and what real servers make of such.

Every sample comes with the call that reads it. `same` are other spellings of the same answer,
which have to read the same; `odd` are answers in which one thing is broken: they have to read
as all the rest, with what was left out counted, or be refused.
"""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from copy import copy
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from tests.services.capture import Capture
from tests.services.igtimi import contract_table as igtimi
from tests.services.igtimi import samples as igtimi_samples
from tests.services.ticktocker import test_contract as ticktocker
from tests.services.timesheets import samples as timesheets
from tests.services.timesheets import test_contract as timesheets_contract
from tests.services.timetonic import sample as timetonic
from tests.services.timetonic.rows_books import BOOK_ROWS
from tests.services.timetonic.rows_tables import TABLE_ROWS
from tests.services.trackmypeople import test_contract as trackmypeople

Step = tuple[str | int, ...]
_PARIS = ZoneInfo("Europe/Paris")


@dataclass(frozen=True)
class Sample:
    """One documented answer, and the call that it is read by."""

    id: str
    answer: Any
    read: Callable[[bytes], Awaitable[Any]]


def samples() -> list[Sample]:
    """The sample answers of all five services that are JSON."""
    found = [*_timetonic(), *_igtimi(), *_timesheets(), *_trackmypeople(), *_ticktocker()]
    return [one for one in found if isinstance(one.answer, (dict, list)) and one.answer]


def _json(answer: Any) -> Any:
    if isinstance(answer, (str, bytes)):
        try:
            return json.loads(answer)
        except ValueError:
            return None
    return json.loads(json.dumps(answer, default=float))


def _timetonic() -> Iterator[Sample]:
    for row in (*BOOK_ROWS, *TABLE_ROWS):

        def read(content: bytes, row: Any = row) -> Awaitable[Any]:
            return row.call(timetonic.client(Capture(content)))  # type: ignore[no-any-return]

        if row.id != "file":
            yield Sample(f"timetonic.{row.id}", _json(row.answer), read)


def _igtimi() -> Iterator[Sample]:
    for row in igtimi.TABLE:

        def read(content: bytes, row: Any = row) -> Awaitable[Any]:
            made, _ = igtimi_samples.client(
                content,
                client_id="app",
                client_secret="hush",
                application_access_token="application",
            )
            return made.methods[row.id](**row.arguments)

        answer = igtimi_samples.DOCUMENT[row.id]["answer"] if row.answer is None else row.answer
        if not row.id.endswith(("_blob", "session_logs.list", "oauth.authorize")):
            yield Sample(row.id, _json(answer), read)


def _timesheets() -> Iterator[Sample]:
    for name in timesheets.DOCUMENT:

        def read(content: bytes, name: str = name) -> Awaitable[Any]:
            made, _ = timesheets.client(content)
            return timesheets_contract.call(made, name)

        if name not in timesheets_contract.NO_SAMPLE_ANSWER:
            yield Sample(name, _json(timesheets.answers(name)[0]), read)


def _trackmypeople() -> Iterator[Sample]:
    for row in trackmypeople.ROWS:

        def read(content: bytes, row: Any = row) -> Awaitable[Any]:
            return row.call(trackmypeople.client(Capture(content)))  # type: ignore[no-any-return]

        yield Sample(f"trackmypeople.{row.id}", _json(row.answer), read)


def _ticktocker() -> Iterator[Sample]:
    for row in ticktocker.ROWS:

        def read(content: bytes, row: Any = row) -> Awaitable[Any]:
            return row.call(ticktocker.client(Capture(content)))  # type: ignore[no-any-return]

        yield Sample(f"ticktocker.{row.id}", _json(row.answer), read)


# -- places in an answer ----------------------------------------------------------------------


def places(value: Any, path: Step = ()) -> Iterator[tuple[Step, Any]]:
    """Every part of an answer with the way to it, the whole first."""
    yield path, value
    if isinstance(value, dict):
        for name, item in value.items():
            yield from places(item, (*path, name))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from places(item, (*path, index))


def changed(answer: Any, path: Step, value: Any) -> Any:
    """The answer with another value at one place; it shares with the first what stays."""
    if not path:
        return value
    copied = copy(answer)
    copied[path[0]] = changed(answer[path[0]], path[1:], value)
    return copied


NOISE = [
    b"\xef\xbb\xbf",
    b"<br />\n<b>Notice</b>:  Undefined index: {x} in <b>/var/www/a.php</b>"
    b" on line <b>12</b><br />\n",
    b"\nWarning: Undefined array key [3] in /srv/api.php on line 40\n\n"
    b"Deprecated: strlen(): Passing null in /srv/api.php on line 41\n",
    b"\xef\xbb\xbf\nNotice: x in y on line 1\n\xef\xbb\xbf",
]


@dataclass(frozen=True)
class Broken:
    """An answer in which one thing was changed: where, to what, and what stands before it all."""

    answer: Any
    path: Step
    after: Any
    noise: bytes = b""

    @property
    def before(self) -> Any:
        """What the sample has there."""
        inner = self.answer
        for step in self.path:
            inner = inner[step]
        return inner

    @property
    def content(self) -> bytes:
        """The bytes of the answer."""
        return self.noise + json.dumps(changed(self.answer, self.path, self.after)).encode()

    def __str__(self) -> str:
        return f"{self.noise[:12]!r} {self.path} = {self.after!r}"


JUNK: list[Any] = [None, False, {}, [], "§", {"§": 1}, [[1]]]
NOTHING: list[Any] = [None, False, {}, []]
EMPTY_DATES = ["0000-00-00", "0000-00-00 00:00:00", "-0001-11-30T00:00:00+00:00"]
WRONG: list[Any] = ["§", [], {}, [1], {"a": 1}, True, None, 2**70 + 1, -7.25, ""]
_DATED = re.compile(r"\d{4}-\d\d-\d\d|\d{9,}")


def same(answer: Any) -> list[Broken]:
    """Other spellings of the same answer."""
    found = [Broken(answer, (), answer, noise) for noise in NOISE]
    for path, value in places(answer):
        if isinstance(value, list) and value and path:
            gaps = {str(3 * index): item for index, item in enumerate(value)}
            found.append(Broken(answer, path, gaps))
        elif isinstance(value, int) and not isinstance(value, bool):
            found.append(Broken(answer, path, str(value)))
    return found


def odd(answer: Any) -> list[Broken]:
    """Answers in which one thing is broken."""
    found: list[Broken] = []
    for path, value in places(answer):
        if not path:
            continue
        wrong = NOTHING if isinstance(value, (dict, list)) else WRONG
        dates = EMPTY_DATES if _DATED.match(str(value)) else []
        # Measured values are binary fractions: a whole number of twenty digits is none.
        measured = path[0] == "AA-AA-AAAA"
        found += [
            Broken(answer, path, one)
            for one in (*wrong, *dates)
            if not (measured and one == 2**70 + 1)
        ]
    return found


def with_junk(answer: Any) -> list[Broken]:
    """Answers with one more element in a list, which is no such thing."""
    return [
        Broken(answer, path, [*value[:where], junk, *value[where:]])
        for path, value in places(answer)
        # Of measured values there are as many as there are times.
        if isinstance(value, list) and value and path and path[0] != "AA-AA-AAAA"
        for junk in JUNK
        for where in (0, len(value))
    ]


# -- values, whatever they are spelled like -----------------------------------------------------

_YES = frozenset({"1", "true", "yes", "on", "active"})
_NO = frozenset({"0", "false", "no", "off", "inactive"})
_COUNTS = frozenset(map(str, range(1, 20)))
"""How many there are and how deep something stands is made out of what was sent."""
_SAYS_NOTHING = frozenset({"", "0", "none", "unset"})


def leaves(value: Any, *, keys: bool = False) -> Iterator[Any]:
    """Every single value, of answers and of results; the `keys` of maps, too."""
    if isinstance(value, msgspec.Struct):
        for name in value.__struct_fields__:
            yield from leaves(getattr(value, name), keys=keys)
    elif isinstance(value, dict):
        for name, item in value.items():
            if keys:
                yield name
            yield from leaves(item, keys=keys)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from leaves(item, keys=keys)
    else:
        yield value


def forms(leaf: Any) -> set[str]:
    """All that one value may be spelled like."""
    if isinstance(leaf, bool):
        return {str(int(leaf))}
    if isinstance(leaf, datetime):
        return {_number(Decimal(str(leaf.timestamp())))}
    if isinstance(leaf, date):
        return {leaf.isoformat()}
    if isinstance(leaf, (int, float, Decimal)):
        return _forms_of_number(Decimal(str(leaf)))
    text = str(leaf).strip().lower().removesuffix(" utc")
    if text.startswith(("0000-00-00", "-0001-11-30")):
        return {text, ""}
    found = {text, text.lstrip("->= ").strip()} | {part.strip() for part in text.split(",")}
    found |= {"1"} if text in _YES else {"0"} if text in _NO else set()
    with suppress(InvalidOperation):
        found |= _forms_of_number(Decimal(text))
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return found
    zones = [moment.tzinfo] if moment.tzinfo else [UTC, _PARIS]
    stamps = [moment.replace(tzinfo=zone).timestamp() for zone in zones]
    return found | {_number(Decimal(str(one))) for one in stamps} | {moment.date().isoformat()}


def _forms_of_number(number: Decimal) -> set[str]:
    if not number.is_finite():
        # A measured value that is missing.
        return {""}
    found = {_number(number)}
    if abs(number) < 10**15:
        # Lengths and milliseconds are whole ones, and no time is finer than a microsecond.
        found |= {_number(round(number / 1000, 6))}
        found |= {_number(Decimal(int(number))), _number(Decimal(round(number)))}
    if 10**8 < number < 10**10 or -(10**5) < number < 0:
        for zone in (UTC, _PARIS):
            found.add(datetime.fromtimestamp(float(number), zone).date().isoformat())
    return found


def _number(number: Decimal) -> str:
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def all_forms(value: Any) -> set[str]:
    """The spellings of every value in something."""
    return {form for leaf in leaves(value, keys=True) for form in forms(leaf)}


def missing(wanted: Any, there: Any) -> set[str]:
    """The values of something that are nowhere in something else, in one spelling each."""
    known = all_forms(there)
    return {
        min(found)
        for found in map(forms, leaves(wanted))
        if not found & known and not found & _SAYS_NOTHING and not found & _COUNTS
    }
