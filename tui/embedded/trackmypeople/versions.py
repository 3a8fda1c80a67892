"""Which widget is the newest of its platform."""

from __future__ import annotations

import re

from tui import __version__

_PASSED = re.compile(r"([A-Za-z][A-Za-z0-9]*)_([A-Za-z]+-)?([0-9]+(?:\.[0-9]+){0,3})", re.ASCII)

NEWEST = {
    "Windows": "1.1.1",
    "Mac": "1.1.0",
    "Linux": "1.0.4",
    "Dashboard": "1.0.2",
    "Terminal": __version__,
}


def newest(passed: str) -> bool | None:
    """True for the newest one or later, False for an older one, None for what is no version.

    The form is platform, underscore, version, such as `Windows_Y-1.1.1`.
    """
    found = _PASSED.fullmatch(passed) if len(passed) <= 80 else None
    if found is None or found[1] not in NEWEST:
        return None
    return _parts(found[3]) >= _parts(NEWEST[found[1]])


def _parts(version: str) -> list[int]:
    parts = [int(part) for part in version.split(".")]
    return parts + [0] * (4 - len(parts))
