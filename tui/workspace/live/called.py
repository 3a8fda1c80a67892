"""What boats are called where several are named alike."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from tui.workspace.text import clean

SHORTEST = 4
"""Characters of a serial number that are said at least: fewer could be taken for a sail number."""


def told_apart(serials: Iterable[str], name: Callable[[str], str]) -> Callable[[str], str]:
    """The names of these devices; those that several have are followed by the end of the serial
    number, as far as it takes to tell them apart: `Petrel (AAAB)`. All others as `name` says.
    """
    called = {serial: clean(name(serial)) for serial in dict.fromkeys(serials)}
    often = Counter(called.values())
    alike: dict[str, list[str]] = {}
    for serial, text in called.items():
        if often[text] > 1:
            alike.setdefault(text, []).append(serial)
    if not alike:
        return name
    apart = {
        serial: f"{text} ({ending})"
        for text, those in alike.items()
        for serial, ending in zip(those, _endings(those), strict=True)
    }
    return lambda serial: apart.get(serial) or name(serial)


def _endings(serials: Sequence[str]) -> list[str]:
    """The shortest ends of serial numbers that differ, all of one length."""
    most = max(map(len, serials))
    for length in range(SHORTEST, most):
        ends = [one[-length:].lstrip("-") for one in serials]
        if len(set(ends)) == len(ends):
            return ends
    return list(serials)
