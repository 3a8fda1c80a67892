"""A file of hours, recognised by what stands in it, whatever it is called."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import msgspec

from tui.words import counted
from tui.workspace.hours import (
    ics,
    klog,
    org,
    own,
    products,
    timeclock,
    timedot,
    timewarrior,
    watson,
)
from tui.workspace.hours.entries import OUTSIDE, HoursError, Log, Reading, lines_of
from tui.workspace.hours.forms import READ
from tui.workspace.hours.tables import Table, read_table

LARGEST = 64 * 1024 * 1024
"""Bytes of a file that are read."""
_TEXTS: Mapping[str, Callable[[str, Reading], Log]] = {
    "ics": ics.read,
    "timewarrior": lambda text, _: timewarrior.read_lines(text),
    "timeclock": timeclock.read,
    "org": org.read,
    "klog": klog.read,
    "timedot": timedot.read,
}
_SPOILT_MARK = "\u00ef\u00bb\u00bf"
"""The mark of UTF-8 where a program took it for letters."""
_DAY = re.compile(r"(?:\*+ )?\d{4}[-/.]\d{1,2}[-/.]\d{1,2}(?=\s|\Z)")


def read(content: bytes, reading: Reading, form: str = "") -> Log:
    """All that can be read of a file; `form` says what it is where that is not plain.

    Raises HoursError where it is no file of hours, or not one of that form.
    """
    text, notes = _decoded(content)
    if not text.strip():
        raise HoursError("the file is empty")
    log = _read(text, reading, form)
    log.notes[:0] = notes
    for entry in log.entries:
        if entry.outside:
            log.refuse(entry.at, OUTSIDE)
    log.entries = [entry for entry in log.entries if not entry.outside]
    if reading.person:
        _keep_only(log, reading.person)
    if form and log.form != form:
        raise HoursError(f"this is no file of {form}: it looks like {log.form}")
    return log


def _keep_only(log: Log, person: str) -> None:
    """The entries of one person alone. Raises HoursError where there are none."""
    those = [one for one in log.entries if one.person.casefold() == person.casefold()]
    if not those:
        people = sorted({one.person for one in log.entries if one.person})
        whose = f"they are of {', '.join(people)}" if people else "it does not say whose they are"
        raise HoursError(f"the file has no entries of {person!r}: {whose}")
    others = len(log.entries) - len(those)
    if others:
        log.notes.append(f"{counted(others, 'entry')} of others passed over.")
    log.entries = those


def read_file(path: Path, reading: Reading, form: str = "") -> Log:
    """The same of a file. Raises OSError, HoursError."""
    with path.open("rb") as file:
        content = file.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise HoursError(f"the file has more than {LARGEST >> 20} MB: no log of hours is that long")
    return read(content, reading, form)


def problems_text(log: Log, most: int = 3) -> str:
    """`3 of 120 entries could not be read: line 7: …`, "" for none."""
    bad = log.problems
    if not bad:
        return ""
    every = counted(len(bad) + len(log.entries), "entry")
    shown = "; ".join(f"{log.unit} {one.at}: {one.words}" for one in bad[:most])
    more = f"; and {len(bad) - most} more" if len(bad) > most else ""
    return f"{len(bad)} of {every} could not be read: {shown}{more}"


def _decoded(content: bytes) -> tuple[str, list[str]]:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace"), []
    try:
        return content.decode("utf-8-sig").removeprefix(_SPOILT_MARK), []
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace"), ["It is no UTF-8: read as Windows-1252."]


def _read(text: str, reading: Reading, form: str) -> Log:
    if text.lstrip()[0] in "[{" and form not in ("org", "klog", "timedot", "timeclock"):
        return _of_json(text)
    if form not in _TEXTS and _reader_of(read_table(_head(text))) is not None:
        # By its header first: a text in a cell may look like a line of any other format.
        return _of_table(read_table(text), reading)
    known = form if form in _TEXTS else _text_form(text)
    if known and (not form or known == form):
        return _TEXTS[known](text, reading)
    return _of_table(read_table(text), reading)


def _text_form(text: str) -> str:
    """Which of the text formats it is; "" for none."""
    lines = [line for line in lines_of(text) if line.strip()]
    if any(line.strip().upper() == "BEGIN:VCALENDAR" for line in lines[:5]):
        return "ics"
    if any(re.match(r"inc \d{8}T", line) for line in lines):
        return "timewarrior"
    if any(re.match(r"[iobhO] \d{4}[-/.]", line) for line in lines):
        return "timeclock"
    if any(re.match(r"\s*CLOCK:\s*[\[=]", line, re.IGNORECASE) for line in lines):
        return "org"
    for at, line in enumerate(lines):
        if timedot.is_day(line):
            return _dated(line, next((one for one in lines[at + 1 :] if one[0] not in "#;"), ""))
    return ""


def _dated(line: str, following: str) -> str:
    """klog has entries below a day that are indented, timedot ones with two spaces inside, and
    days without a year; `following` is what stands below that is no comment.
    """
    whole = _DAY.match(line) is not None
    if following[:1].isspace():
        return "klog" if whole or not timedot.is_entry(following) else "timedot"
    if timedot.is_entry(following) or (timedot.is_day(following) and whole):
        return "timedot"
    if whole and re.search(r"\S(?: {2,}|\t)", following):
        return "timedot"
    # A day alone, or one with a summary in words.
    return "klog" if klog.HEAD.match(line) else ""


def _of_json(text: str) -> Log:
    try:
        content: Any = msgspec.json.decode(text)
    except msgspec.DecodeError as error:
        raise HoursError(f"this is no sound JSON: {error}") from None
    if not isinstance(content, list):
        raise HoursError("this JSON is no list of entries")
    if not content:
        raise HoursError("this list has no entries")
    first = content[0]
    if isinstance(first, list):
        return watson.read_frames(content)
    if isinstance(first, dict):
        if "path" in first and "seconds" in first:
            return own.read_json(content)
        if "project" in first and "stop" in first:
            return watson.read_log(content)
        if "project" in first and "begin_at" in first:
            return watson.read_log(content, "begin_at", "end_at")
        if "-" not in str(first.get("start", "-")):
            return timewarrior.read_export(content)
    raise HoursError(
        "this JSON is of no program that is known: timewarrior, Watson and tockdeck are"
    )


def _head(text: str) -> str:
    """The first two lines: the first may only tell how cells are separated."""
    return "\n".join(text.split("\n", 2)[:2])


def _reader_of(table: Table) -> Callable[[Table, Reading], Log] | None:
    """What reads a table, by its header; None for one that is not known."""
    if own.is_own(table):
        return lambda rows, _: own.read_csv(rows)
    return next((read_rows for _, fits, read_rows in products.PRODUCTS if fits(table)), None)


def _of_table(table: Table, reading: Reading) -> Log:
    read_rows = _reader_of(table)
    if read_rows is not None:
        return read_rows(table, reading)
    columns = ", ".join(filter(None, table.columns[:8]))
    raise HoursError(
        f"this is no log of hours that is known; its first line is {columns[:120]!r}."
        f" Known are {', '.join(READ)}"
    )
