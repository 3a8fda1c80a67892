"""timedot: a day, and dots or lengths for each account (hledger). It has no times."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

from tui.workspace.hours.entries import Entry, LineError, Log, lines_of
from tui.workspace.hours.walls import iso_day

FORM = "timedot"
_DAY = re.compile(r"(?:\*+ )?(\d{4}[-/.]\d{1,2}[-/.]\d{1,2})(?:\s+(?P<text>.*))?\Z")
_AMOUNT = re.compile(r"(\d{1,7}(?:\.\d{0,9})?|\.\d{1,9})([smhdw]?)\Z")
_UNITS = {"": 3600, "s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
_DOT = 900
"""Seconds of a dot."""


def read(text: str) -> Log:
    """All amounts; a day is 24 hours and a week 7 of them, as hledger has it."""
    log = Log(FORM)
    day: date | None = None
    described = ""
    for at, line in enumerate(lines_of(text), 1):
        plain = line.rstrip()
        found = _DAY.match(plain)
        try:
            if found:
                day, described = None, (found["text"] or "").partition(";")[0].strip()
                day = iso_day(found[1])
            elif plain and plain[0] not in "#;*":
                if day is None:
                    raise LineError("it stands under no day")
                log.entries.append(_entry(at, plain, day, described))
        except (LineError, OverflowError) as error:
            log.refuse(at, error)
    return log


def _entry(at: int, line: str, day: date, described: str) -> Entry:
    content, _, note = line.strip().partition(";")
    account, *amount = re.split(r" {2,}|\t", content.strip(), maxsplit=1)
    wrote = amount[0].strip() if amount else ""
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
        raise LineError(f"{wrote!r} is no amount: dots, or a number with s, m, h, d or w")
    return round(Decimal(found[1]) * _UNITS[found[2]])
