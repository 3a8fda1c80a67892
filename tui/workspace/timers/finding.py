"""Trackers by what a person types of their names: exact, begun, in part, and never guessed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from tui.late_patterns import late_pattern
from tui.words import counted

if TYPE_CHECKING:
    from tui.services.trackmypeople import Tracker
    from tui.workspace.timers.overview import Overview

MOST_NAMED = 6
"""Candidates that are named where several fit."""
LEAST_LETTERS = 3
"""Of what may be any letters of a name in their order."""
_BETWEEN = late_pattern(r"\s*[›>/]\s*")


class TrackerNameError(ValueError):
    """A name that is no tracker's, or of several; the message names who is near."""


class AmbiguousTracker(TrackerNameError):
    """A name that fits several trackers."""


def find_tracker(overview: Overview, typed: str) -> Tracker:
    """The one tracker that fits best. Raises AmbiguousTracker and TrackerNameError."""
    wanted = _folded(typed)
    if not wanted:
        raise TrackerNameError("write which tracker: its name, or a part of it")
    named = _named(overview)
    found = _fitting(named, wanted)
    if len(found) == 1:
        return found[0]
    if found:
        paths = [overview.path(one.id) for one in found[:MOST_NAMED]]
        more = f", and {len(found) - MOST_NAMED} more" if len(found) > MOST_NAMED else ""
        raise AmbiguousTracker(
            f"{counted(len(found), 'tracker')} fit {typed!r}: {', '.join(paths)}{more}."
            " Write more of the one that is meant"
        )
    from difflib import get_close_matches

    near = get_close_matches(wanted, [name for _, _, name in named], n=3, cutoff=0.6)
    close = dict.fromkeys(overview.path(one.id) for one, _, name in named if name in near)
    hint = f"; near is {', '.join(close)}" if close else ""
    raise TrackerNameError(f"no tracker is called {typed!r}{hint}")


def fitting(overview: Overview, typed: str) -> list[Tracker]:
    """The trackers that fit in the best way that any fits, in the order of the tree."""
    wanted = _folded(typed)
    return _fitting(_named(overview), wanted) if wanted else []


def called(overview: Overview, texts: Sequence[str]) -> tuple[int, Tracker] | None:
    """The last of some texts that is the whole name or path of one tracker: its place, and that."""
    named = _named(overview)
    for place in range(len(texts) - 1, -1, -1):
        wanted = _folded(texts[place])
        for at in (1, 2):
            found = [each[0] for each in named if each[at] == wanted]
            if len(found) == 1 and wanted:
                return place, found[0]
    return None


def _named(overview: Overview) -> list[tuple[Tracker, str, str]]:
    """Each tracker with its path and its name, folded."""
    return [
        (one, _folded(path), _folded(one.name))
        for one, path in zip(overview.trackers, _paths(overview), strict=True)
    ]


def _fitting(named: Sequence[tuple[Tracker, str, str]], wanted: str) -> list[Tracker]:
    for fits in _WAYS:
        found = [one for one, path, name in named if fits(wanted, path, name)]
        if found:
            return found
    return []


def _paths(overview: Overview) -> list[str]:
    """The path of each tracker, in one pass over the tree."""
    found: list[str] = []
    above: list[str] = []
    for one in overview.trackers:
        del above[one.depth :]
        above.append(one.name)
        found.append(" › ".join(above))
    return found


def _folded(text: str) -> str:
    """In small letters without accents; what stands between names of a path as one sign."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(one for one in plain if not unicodedata.combining(one))
    return " ".join(_BETWEEN.sub(" › ", letters).split())


def _word_by_word(wanted: str, path: str, name: str) -> bool:
    """The last word begins one of its own: what stands below it does not fit for that."""
    words, own = _words(path), len(_words(name))
    typed, at = _words(wanted), 0
    for place, one in enumerate(typed):
        if place == len(typed) - 1:
            at = max(at, len(words) - own)
        while at < len(words) and not words[at].startswith(one):
            at += 1
        if at == len(words):
            return False
        at += 1
    return bool(typed)


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text)


def _in_part(wanted: str, path: str, name: str) -> bool:
    place = path.rfind(wanted)
    return place >= 0 and place + len(wanted) > len(path) - len(name)


def _letter_by_letter(wanted: str, _path: str, name: str) -> bool:
    letters = iter(name)
    typed = wanted.replace(" ", "")
    return len(typed) >= LEAST_LETTERS and all(letter in letters for letter in typed)


_WAYS: tuple[Callable[[str, str, str], bool], ...] = (
    lambda wanted, path, _: wanted == path,
    lambda wanted, _, name: wanted == name,
    lambda wanted, _, name: name.startswith(wanted),
    _word_by_word,
    _in_part,
    _letter_by_letter,
)
"""How a name may fit, the best first."""
