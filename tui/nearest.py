"""Which known name a person may have meant by one of the form `section.name`."""

from __future__ import annotations

from collections.abc import Collection

ALIKE = 0.6
"""From 0 to 1: so much each of the two parts must have in common with what was written."""


def nearest(written: str, known: Collection[str]) -> str:
    """The nearest of the known names; "" where none has both parts like it, or the very name in
    another section. Written without a section, it is compared with the names alone.
    """
    from difflib import SequenceMatcher, get_close_matches  # only for what is wrong

    section, dot, name = written.partition(".")
    if not dot:
        section, name = "", section

    def alike(one: str, other: str) -> bool:
        return SequenceMatcher(None, one, other).ratio() >= ALIKE

    def meant(one: str) -> bool:
        other, _, inner = one.partition(".")
        return name == inner or (alike(name, inner) and (not section or alike(section, other)))

    near = get_close_matches(written, known, n=max(len(known), 1), cutoff=0.5)
    exact = (one for one in known if name and one.endswith(f".{name}"))
    return next((one for one in near if meant(one)), "") or next(exact, "")
