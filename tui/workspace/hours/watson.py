"""Watson: its `frames`, what `watson log --json` prints, and what it sends to a server (`sync`)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from tui.services.digits import is_whole
from tui.words import as_given
from tui.workspace.hours.entries import Entry, LineError, Log
from tui.workspace.hours.walls import moment_told

FORM = "watson"
LOG_NOTE = (
    "The log of Watson leaves out what is older than a week unless it is told -f and -t, and with"
    " some versions it is an hour off in the other season: its file `frames` is the safer one."
)


def read_frames(frames: list[Any]) -> Log:
    """The frames; of two with one id the one that was changed later."""
    log, newest = Log(FORM, unit="entry"), dict[str, int]()
    places: dict[str, int] = {}
    for at, frame in enumerate(frames, 1):
        try:
            entry, updated = _of_frame(at, frame)
        except (LineError, OverflowError) as error:
            log.refuse(at, error)
            continue
        if entry.key in places:
            if updated >= newest[entry.key]:
                log.entries[places[entry.key]] = entry
                newest[entry.key] = updated
            continue
        places[entry.key], newest[entry.key] = len(log.entries), updated
        log.entries.append(entry)
    return log


def _of_frame(at: int, frame: Any) -> tuple[Entry, int]:
    if not isinstance(frame, list) or len(frame) < 4:
        raise LineError("it is no frame of start, stop, project and id")
    begin, end, project, key = frame[:4]
    tags = frame[4] if len(frame) > 4 else []
    updated = frame[5] if len(frame) > 5 else 0
    if not is_whole(updated):
        raise LineError("the time of its last change is no number")
    start, stop = _epoch(begin), _epoch(end)
    return _made(at, start, stop, project, tags, key, f"{begin} to {end}"), updated


def _epoch(value: object) -> datetime:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        try:
            return datetime.fromtimestamp(int(value), UTC)
        except (OverflowError, OSError, ValueError):
            pass
    raise LineError(f"{as_given(value)} is no moment in seconds")


def _made(
    at: int,
    start: datetime,
    stop: datetime | None,
    project: object,
    tags: object,
    key: object,
    wrote: str,
) -> Entry:
    if not isinstance(project, str) or not isinstance(key, str):
        raise LineError("its project or id is no text")
    if not isinstance(tags, list) or not all(isinstance(tag, str) for tag in tags):
        raise LineError("its tags are no list of texts")
    if stop is not None and stop < start:
        raise LineError(f"it ends before it begins: {wrote}")
    return Entry(
        at=at,
        start=start,
        stop=stop,
        names=(project,) if project else (),
        tags=tuple(tags),
        key=key,
        wrote=wrote,
    )


def read_log(frames: list[Any], begin: str = "start", end: str = "stop") -> Log:
    """What the log prints as JSON. The frame `current` still runs: its stop is only now.

    `begin` and `end` are how the times are called; those that were sent to a server are exact.
    """
    log = Log(FORM, notes=[LOG_NOTE] if begin == "start" else [], unit="entry")
    for at, frame in enumerate(frames, 1):
        try:
            if not isinstance(frame, dict):
                raise LineError("it is no frame")
            first, last, key = frame.get(begin), frame.get(end), frame.get("id", "")
            start = moment_told(first)
            stop = None if key == "current" else moment_told(last)
            project, tags = frame.get("project", ""), frame.get("tags", [])
            if isinstance(key, str):
                key = key.removeprefix("urn:uuid:").replace("-", "")
            log.entries.append(_made(at, start, stop, project, tags, key, f"{first} to {last}"))
        except (LineError, OverflowError) as error:
            log.refuse(at, error)
    return log
