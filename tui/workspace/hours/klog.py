"""klog: records of a day, with lengths, ranges and tags (file format 1.2, and 1.4 in part)."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

from tui.words import counted
from tui.workspace.hours.entries import Entry, LineError, Log, Reading, lines_of
from tui.workspace.hours.walls import iso_day, moment, stretch, wall

FORM = "klog"
HEAD = re.compile(r"(\d{4}[-/]\d{2}[-/]\d{2})(?:[ \t]+\((?P<goal>[^()]*)\))?[ \t]*\Z")
_INDENT = re.compile(r"\t| {2,4}(?! )")
_CLOCK = r"<?\d{1,2}:\d{2}(?:am|pm)?>?"
_RANGE = re.compile(rf"(?P<from>{_CLOCK})[ ]*-[ ]*(?P<to>{_CLOCK}|\?+)(?=\s|\Z)")
_LENGTH = re.compile(r"(?P<sign>[+-]?)(?=\d)(?:(?P<h>\d{1,6})h)?(?:(?P<m>\d{1,6})m)?(?=\s|\Z)")
_TAG = re.compile(r"#([\w-]+)(?:=(\"[^\"]*\"|'[^']*'|[\w-]+))?")


def read(text: str, reading: Reading) -> Log:
    """All records; a record that has no date is told as a whole."""
    log, lines = Log(FORM), lines_of(text)
    block: list[tuple[int, str]] = []
    told = [0, 0]
    for at, line in [*enumerate(lines, 1), (len(lines) + 1, "")]:
        if line.strip():
            block.append((at, line))
        elif block:
            _record(block, reading, log, told)
            block = []
    if told[0]:
        log.notes.append(f"{counted(told[0], 'goal')} of a day (as 8h!) not taken over.")
    if told[1]:
        log.notes.append(
            f"{counted(told[1], 'summary')} of a whole day not taken over but for the tags."
        )
    return log


def _record(block: list[tuple[int, str]], reading: Reading, log: Log, told: list[int]) -> None:
    (at, head), *rest = block
    found = HEAD.match(head)
    try:
        if found is None:
            raise LineError("a record begins with a date as 2026-01-14, at the first column")
        day = iso_day(found[1])
    except (LineError, OverflowError) as error:
        log.refuse(at, error)
        return
    told[0] += found["goal"] is not None
    above: list[str] = []
    while rest and not rest[0][1][0].isspace():
        above.append(rest.pop(0)[1])
    told[1] += bool(above)
    shared, indent = _tags(" ".join(above)), ""
    entries: list[tuple[int, str]] = []
    for number, line in rest:
        fitting = _INDENT.match(line)
        indent = indent or (fitting[0] if fitting else "")
        inner = line[len(indent) :] if indent and line.startswith(indent) else ""
        if entries and inner[:1].isspace():
            entries[-1] = (entries[-1][0], f"{entries[-1][1]}\n{inner.strip()}")
        elif not inner or inner[0].isspace():
            log.refuse(number, "an entry is indented by 2 to 4 spaces or a tab, as the first one")
        else:
            entries.append((number, inner))
    for number, words in entries:
        try:
            log.entries.append(_entry(number, words, day, shared, reading))
        except (LineError, OverflowError) as error:
            log.refuse(number, error)


def _tags(text: str) -> tuple[str, ...]:
    found = (
        one[1] + (f"={one[2].strip(chr(34) + chr(39))}" if one[2] else "")
        for one in _TAG.finditer(text)
    )
    return tuple(dict.fromkeys(found))


def _entry(at: int, words: str, day: date, shared: tuple[str, ...], reading: Reading) -> Entry:
    between, length = _RANGE.match(words), _LENGTH.match(words)
    found = between or length
    if found is None or not found[0]:
        raise LineError("an entry begins with a length as 1h30m, or a range as 9:00 - 10:00")
    text = words[found.end() :].strip()
    tags = tuple(dict.fromkeys([*_tags(text), *shared]))
    wrote = f"{day} {found[0]}"
    key = f"{day} {words}"
    if between is None:
        seconds = _seconds(found)
        return Entry(at=at, day=day, seconds=seconds, tags=tags, text=text, key=key, wrote=wrote)
    first = _wall(day, found["from"])
    if found["to"].startswith("?"):
        begin = moment(first, reading)
        return Entry(at=at, start=begin, tags=tags, text=text, key=key, wrote=wrote)
    start, stop, lost = stretch(first, _wall(day, found["to"]), reading)
    return Entry(
        at=at, start=start, stop=stop, tags=tags, text=text, key=key, wrote=wrote, lost=lost
    )


def _seconds(found: re.Match[str]) -> int:
    hours, minutes = int(found["h"] or 0), int(found["m"] or 0)
    if found["h"] and minutes > 59:
        raise LineError(f"{found[0]} has more than 59 minutes beside its hours")
    seconds = hours * 3600 + minutes * 60
    return -seconds if found["sign"] == "-" else seconds


def _wall(day: date, word: str) -> datetime:
    """A time; `<` is the day before, `>` the one after."""
    shift = -1 if word.startswith("<") else 1 if word.endswith(">") else 0
    return wall(day, word.strip("<>")) + timedelta(days=shift)
