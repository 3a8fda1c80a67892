"""timewarrior: what `timew export` prints, and the lines of its own files.

Its ids are numbered anew at each change and are no key: no two intervals share a start.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

from tui.words import as_given
from tui.workspace.hours.entries import Entry, LineError, Log, lines_of, with_newlines

FORM = "timewarrior"
_MOMENT = re.compile(r"\d{8}T\d{6}Z\Z")
_LINE = re.compile(r"inc (?P<start>\S+)(?: - (?P<stop>\S+))?(?: # ?(?P<rest>.*))?\Z")
_WORD = re.compile(r'"((?:[^"\\]|\\.)*)"|(\S+)')


def read_export(intervals: list[Any]) -> Log:
    """The intervals of an export."""
    log = Log(FORM, unit="entry")
    for at, one in enumerate(intervals, 1):
        try:
            log.entries.append(_entry(at, one))
        except (LineError, OverflowError) as error:
            log.refuse(at, error)
    return log


def _entry(at: int, one: Any) -> Entry:
    if not isinstance(one, dict):
        raise LineError("it is no interval")
    tags = one.get("tags", [])
    if not isinstance(tags, list) or not all(isinstance(tag, str) for tag in tags):
        raise LineError("its tags are no list of texts")
    text = one.get("annotation", "")
    if not isinstance(text, str):
        raise LineError("its annotation is no text")
    return _made(at, one.get("start"), one.get("end"), tags, text)


def _made(at: int, begin: object, end: object, tags: list[str], text: str) -> Entry:
    start = _moment(begin)
    stop = None if end is None else _moment(end)
    if stop is not None and stop < start:
        raise LineError(f"it ends before it begins: {begin} to {end}")
    return Entry(
        at=at,
        start=start,
        stop=stop,
        tags=tuple(tags),
        text=with_newlines(text),
        key=str(begin),
        wrote=f"{begin} to {end or ''}".strip(),
    )


def _moment(value: object) -> datetime:
    if isinstance(value, str) and _MOMENT.match(value):
        try:
            return datetime.strptime(value, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        except ValueError:
            pass
    raise LineError(f"{as_given(value)} is no moment as 20260114T220000Z")


def read_lines(text: str) -> Log:
    """The lines of a file such as `2026-01.data`."""
    log = Log(FORM)
    for at, line in enumerate(lines_of(text), 1):
        if not line.strip():
            continue
        found = _LINE.match(line.strip())
        try:
            if found is None:
                raise LineError("it is no interval")
            tags, _, note = _halves(found["rest"] or "")
            words = [_word(one) for one in _WORD.finditer(tags)]
            text_of = " ".join(_word(one) for one in _WORD.finditer(note))
            log.entries.append(_made(at, found["start"], found["stop"], words, text_of))
        except (LineError, OverflowError) as error:
            log.refuse(at, error)
    return log


def _halves(rest: str) -> tuple[str, str, str]:
    """Tags and annotation; a `#` inside of quotes, or one that begins a tag, parts nothing."""
    quoted = False
    for place, mark in enumerate(rest):
        if mark == '"' and rest[place - 1 : place] != "\\":
            quoted = not quoted
        elif (
            mark == "#"
            and not quoted
            and {rest[place - 1 : place], rest[place + 1 :][:1]} <= {"", " "}
        ):
            return rest[:place], "#", rest[place + 1 :]
    return rest, "", ""


def _word(found: re.Match[str]) -> str:
    if found[1] is None:
        return found[2]
    return re.sub(r"\\(.)", r"\1", found[1])
