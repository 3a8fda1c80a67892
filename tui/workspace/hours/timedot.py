"""timedot: a day, and dots or lengths for each account (hledger). It has no times.

As hledger 1.25 reads it (tried): a day without a year is of the present one, stars of org before a
day or an account mean nothing, and a headline without an amount is no hours. A semicolon before an
amount is of the account's name, one behind it begins a comment; amounts may have a decimal comma.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

from tui.words import as_given, counted
from tui.workspace.hours.entries import Entry, LineError, Log, Reading, lines_of
from tui.workspace.hours.walls import iso_day

FORM = "timedot"
_STARS = re.compile(r"\*+ +")
_DAY = re.compile(
    r"(?:\*+ +)?(?P<day>(?P<year>\d{4}[-/.])?\d{1,2}[-/.]\d{1,2})(?:\s+(?P<text>.*))?\Z"
)
_AMOUNT = re.compile(r"([+-]?(?:\d{1,7}(?:[.,]\d{0,9})?|[.,]\d{1,9}))([smhdw]?)\Z")
_UNITS = {"": 3600, "s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
_DOT = 900
"""Seconds of a dot."""


def is_day(line: str) -> bool:
    """Whether a line begins a day, with its year or without."""
    return _DAY.match(line) is not None


def is_entry(line: str) -> bool:
    """Whether a line has an account and an amount."""
    parts = _parts(line)
    if len(parts) < 2:
        return False
    try:
        _seconds(parts[1])
    except LineError:
        return False
    return True


def read(text: str, reading: Reading) -> Log:
    """All amounts; a day is 24 hours and a week 7 of them, as hledger has it."""
    log = Log(FORM)
    day: date | None = None
    this_year = reading.now.astimezone(reading.where).year
    yearless = 0
    described = ""
    for at, line in enumerate(lines_of(text), 1):
        plain = line.rstrip()
        found = _DAY.match(plain)
        try:
            if found:
                day, described = None, (found["text"] or "").partition(";")[0].strip()
                yearless += found["year"] is None
                day = iso_day(found["day"] if found["year"] else f"{this_year}-{found['day']}")
            elif plain.lstrip()[:1] not in ("", "#", ";") and not _is_headline(plain):
                if day is None:
                    raise LineError("it stands under no day")
                log.entries.append(_entry(at, plain, day, described))
        except (LineError, OverflowError) as error:
            log.refuse(at, error)
    if yearless:
        log.notes.append(f"{counted(yearless, 'day')} without a year: read as of {this_year}.")
    return log


def _is_headline(line: str) -> bool:
    """Whether it is one of org, and none with an amount."""
    return line.startswith("*") and (not _STARS.match(line) or len(_parts(line)) < 2)


def _parts(line: str) -> list[str]:
    """The account, and the amount where there is one."""
    content = (_STARS.sub("", line, count=1) if line.startswith("*") else line).strip()
    account, *amount = re.split(r" {2,}|\t", content, maxsplit=1)
    return [account, *filter(None, (one.partition(";")[0].strip() for one in amount))]


def _entry(at: int, line: str, day: date, described: str) -> Entry:
    account, *amount = _parts(line)
    note = line.partition(account)[2].partition(";")[2]
    wrote = amount[0] if amount else ""
    text = " ".join(filter(None, [described, note.strip()]))
    return Entry(
        at=at,
        day=day,
        seconds=_seconds(wrote),
        names=tuple(filter(None, account.split(":"))),
        text=text,
        key=f"{day} {account} {wrote}",
        wrote=f"{day} {wrote}",
    )


def _seconds(wrote: str) -> int:
    plain = wrote.replace(" ", "")
    if not plain.strip("."):
        return len(plain) * _DOT
    found = _AMOUNT.match(wrote)
    if found is None:
        raise LineError(f"{as_given(wrote)} is no amount: dots, or a number with s, m, h, d or w")
    return round(Decimal(found[1].replace(",", ".")) * _UNITS[found[2]])
