"""Which names of other programs are which tracker: said once, and remembered by account."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path

from tui.services.digits import is_whole
from tui.services.trackmypeople import Tracker
from tui.store.files import write_atomically
from tui.workspace.hours.entries import Entry
from tui.workspace.hours.figures import SEPARATOR
from tui.workspace.timers.finding import TrackerNameError, find_tracker, fitting
from tui.workspace.timers.overview import Overview

MOST_LIKELY = 5
ALL = "*"
"""What stands for every name that is not mapped otherwise."""


class Names:
    """What was said, in one small file of ours."""

    def __init__(self, file: Path, account: str) -> None:
        self._file = file
        self._account = account

    def known(self) -> dict[str, int]:
        """The id of the tracker of each name. Raises OSError.

        A file that is not ours any more is as none: names are asked for again.
        """
        found = self._all().get(self._account, {})
        return {name: number for name, number in found.items() if is_whole(number)}

    def _all(self) -> dict[str, dict[str, object]]:
        try:
            content = json.loads(self._file.read_bytes())
        except FileNotFoundError:
            return {}
        except ValueError:
            return {}
        if not isinstance(content, dict):
            return {}
        return {key: value for key, value in content.items() if isinstance(value, dict)}

    def remember(self, said: Mapping[str, int]) -> None:
        """Keep what was said, beside what was before. Raises OSError."""
        everything = self._all()
        everything[self._account] = {**everything.get(self._account, {}), **said}
        text = json.dumps(everything, ensure_ascii=False, indent=1, sort_keys=True)
        write_atomically(self._file, text.encode())


def said_names(words: list[str], overview: Overview) -> dict[str, int]:
    """`NAME=TRACKER` as typed; the name may be `*`, or nothing for what has no name.

    Raises TrackerNameError.
    """
    said: dict[str, int] = {}
    for word in words:
        name, equals, tracker = word.rpartition("=")
        if not equals:
            raise TrackerNameError(f"{word!r}: write NAME=TRACKER")
        said[name.strip()] = find_tracker(overview, tracker).id
    return said


def tracker_of(name: str, known: Mapping[str, int], overview: Overview) -> Tracker | None:
    """The tracker that a name was mapped to, or that is called the same; None for none.

    A name is never taken for one that only looks like it: most of those are mistakes.
    """
    chosen = known.get(name, None)
    if chosen is not None:
        found = next((one for one in overview.trackers if one.id == chosen), None)
        if found is not None:
            return found
    same = [
        one
        for one in overview.trackers
        if name and name.casefold() in (one.name.casefold(), overview.path(one.id).casefold())
    ]
    if len(same) == 1:
        return same[0]
    others = known.get(ALL)
    return next((one for one in overview.trackers if one.id == others), None)


def named_by_tags(
    entries: Sequence[Entry], known: Mapping[str, int], overview: Overview
) -> list[Entry]:
    """The entries, of those that have only tags each with the one first that it is named by: one
    that is a tracker, else the one that the most entries of the file have.

    timewarrior sorts the tags of an interval: which of them comes first tells nothing.
    """
    only_tags = [entry.tags for entry in entries if not entry.names]
    counts = Counter(tag for tags in only_tags for tag in dict.fromkeys(tags))
    said = {name: number for name, number in known.items() if name != ALL}
    meant = {tag for tag in counts if tracker_of(tag, said, overview) is not None}

    def named(entry: Entry) -> Entry:
        if entry.names or len(entry.tags) < 2:
            return entry
        first = max(entry.tags, key=lambda tag: (tag in meant, counts[tag]))
        return replace(entry, tags=(first, *(tag for tag in entry.tags if tag != first)))

    return [named(entry) for entry in entries]


def likely(name: str, overview: Overview) -> list[Tracker]:
    """The trackers that a name most likely means, the best first: only to be offered."""
    parts = [part.strip() for part in name.split(SEPARATOR)][::-1]
    found: dict[int, Tracker] = {}
    for part in parts:
        for one in fitting(overview, part):
            found.setdefault(one.id, one)
    by_name = {one.name.casefold(): one for one in overview.trackers}
    for part in parts:
        for near in get_close_matches(part.casefold(), list(by_name), n=3, cutoff=0.6):
            found.setdefault(by_name[near].id, by_name[near])
    return list(found.values())[:MOST_LIKELY]
