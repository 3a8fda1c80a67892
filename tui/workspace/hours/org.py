"""org: CLOCK lines below headings. Times count, as Emacs reads them; a wrong sum is passed over.

Logseq keeps the same lines, to the second, below the points of an outline in Markdown: where a file
has no heading of org, those are its headings.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from tui.words import counted
from tui.workspace.hours.entries import Entry, LineError, Log, Reading, lines_of
from tui.workspace.hours.walls import clock_seconds, iso_day, moment, stretch, wall

FORM = "org"
_HEADING = re.compile(r"(\*+)\s+(.*?)\s*\Z")
_POINT = re.compile(r"([ \t]*)- (?:#+ )?(.*?)\s*\Z")
_TAB = 4
"""How deep a tab is; all that counts is which of two points is deeper."""
_KEYWORDS = ("TODO", "DONE")
_KEYWORDS_OF_POINTS = (*_KEYWORDS, "DOING", "NOW", "LATER", "WAITING", "CANCELED", "CANCELLED")
_OWN_KEYWORDS = re.compile(r"#\+(?:SEQ_|TYP_)?TODO:\s*(.*)", re.IGNORECASE)
_PRIORITY = re.compile(r"\[#[A-Z0-9]+\]\s*")
_DONE_SO_FAR = re.compile(r"\s*\[(?:\d*/\d*|\d*%)\]")
"""Counts of what is done below a heading: they change, and its name does not."""
_LINK = re.compile(r"\[\[[^\]]*\]\[([^\]]*)\]\]")
_TAGS = re.compile(r"(?:^|\s):([\w@#%:]+):\Z")
_ID = re.compile(r"\s*(?::ID:\s+|id:: )(\S+)", re.IGNORECASE)
_STAMP = (
    r"\[(?P<{0}day>\d{{4}}-\d{{2}}-\d{{2}})(?:\s+[^\d\s\]]\S*)?"
    r"\s+(?P<{0}at>\d{{1,2}}:\d{{2}}(?::\d{{2}})?)\]"
)
_CLOCK = re.compile(
    rf"(?i:\s*CLOCK:)\s*(?:{_STAMP.format('a')}(?:--{_STAMP.format('b')})?)?"
    r"\s*(?:=>\s*(?P<sum>-?\d+:\d{2}(?::\d{2})?))?\s*\Z"
)
_SOUND = re.compile(r"\d+:[0-5]\d(?::[0-5]\d)?\Z")


@dataclass
class _Place:
    """A heading that lines stand under."""

    depth: int
    name: str
    tags: tuple[str, ...]
    id: str = ""


def read(text: str, reading: Reading) -> Log:
    """All clocks of all headings. A length alone counts, on no day."""
    log, above = Log(FORM), list[_Place]()
    lines = lines_of(text)
    heads = _HEADING if any(map(_HEADING.match, lines)) else _POINT
    keywords = set(_KEYWORDS if heads is _HEADING else _KEYWORDS_OF_POINTS)
    for own in _OWN_KEYWORDS.findall(text):
        keywords |= {word.partition("(")[0] for word in own.split()} - {"|"}
    for at, line in enumerate(lines, 1):
        heading = heads.match(line)
        if heading:
            depth = len(heading[1].expandtabs(_TAB))
            while above and above[-1].depth >= depth:
                above.pop()
            above.append(_place(depth, heading[2], keywords))
        elif above and (known := _ID.match(line)):
            above[-1].id = known[1]
        elif line.lstrip()[:6].upper() == "CLOCK:":
            try:
                log.entries.append(_entry(at, line, above, reading))
            except (LineError, OverflowError) as error:
                log.refuse(at, error)
    dayless = sum(1 for one in log.entries if one.start is None)
    if dayless:
        log.notes.append(f"{counted(dayless, 'length')} on no day: they count, and stay here.")
    return log


def _place(depth: int, words: str, keywords: set[str]) -> _Place:
    found = _TAGS.search(words)
    tags = tuple(filter(None, found[1].split(":"))) if found else ()
    name = words[: found.start()] if found else words
    first, _, rest = name.partition(" ")
    if first in keywords:
        name = rest.lstrip()
    name = _LINK.sub(r"\1", _DONE_SO_FAR.sub("", _PRIORITY.sub("", name)))
    return _Place(depth, name.strip(), tags)


def _entry(at: int, line: str, above: list[_Place], reading: Reading) -> Entry:
    found = _CLOCK.match(line)
    if found is None or not (found["aday"] or found["sum"]):
        raise LineError("it is no clock as [2026-01-14 Wed 09:00]--[2026-01-14 Wed 10:00]")
    names = tuple(filter(None, (one.name for one in above)))
    tags = tuple(dict.fromkeys(tag for one in above for tag in one.tags))
    owner = next((one.id for one in reversed(above) if one.id), "/".join(names))
    wrote = line.partition(":")[2].strip()
    if not found["aday"]:
        seconds = clock_seconds(found["sum"])
        return Entry(at=at, seconds=seconds, names=names, tags=tags, wrote=wrote)
    first = _wall(found["aday"], found["aat"])
    key = f"{owner} {first}"
    if not found["bday"]:
        begin = moment(first, reading)
        return Entry(at=at, start=begin, names=names, tags=tags, key=key, wrote=wrote)
    # The sum only tells which of two hours is meant: Emacs counts what the stamps say.
    hint = clock_seconds(found["sum"]) if _SOUND.match(found["sum"] or "") else None
    start, stop, lost = stretch(first, _wall(found["bday"], found["bat"]), reading, hint=hint)
    return Entry(
        at=at, start=start, stop=stop, names=names, tags=tags, key=key, wrote=wrote, lost=lost
    )


def _wall(day: str, clock: str) -> datetime:
    return wall(iso_day(day), clock)
