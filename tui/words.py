"""Counts in words, right in English: `1 row`, `2,000 rows`, `1 entry`, `3 entries`."""

from __future__ import annotations

import re


def counted(number: float, one: str, many: str = "") -> str:
    """A number and what it counts; `many` where more of them are not called by the rules."""
    shown = f"{number:,}" if isinstance(number, int) else f"{number:,g}"
    return f"{shown} {noun(number, one, many)}"


def noun(number: float, one: str, many: str = "") -> str:
    """What is counted, for that many. Of a phrase the last word changes: `approved entries`."""
    return one if number == 1 else many or plural(one)


def plural(one: str) -> str:
    """Several of a thing, by the rules."""
    if re.search(r"[^aeiou]y$", one):
        return f"{one[:-1]}ies"
    return f"{one}es" if re.search(r"(?:s|x|z|ch|sh)$", one) else f"{one}s"


def are(number: int) -> str:
    """`is` or `are`, after a count."""
    return "is" if number == 1 else "are"


def have(number: int) -> str:
    """`has` or `have`, after a count."""
    return "has" if number == 1 else "have"


def were(number: int) -> str:
    """`was` or `were`, after a count."""
    return "was" if number == 1 else "were"


LONGEST_NAME = 60
"""Characters of a name within a sentence."""


def in_brief(name: str) -> str:
    """A name for a sentence, in one line: of a very long one the middle gives way."""
    name = " ".join(name.split())
    if len(name) <= LONGEST_NAME:
        return name
    half = LONGEST_NAME // 2
    return f"{name[: half - 1].rstrip()}…{name[-half:].lstrip()}"


def as_given(value: object) -> str:
    """What was given, as its refusal repeats it: a text in quotes, in which what it is refused for
    can be a blank; of a very long one the middle gives way (`in_brief`).
    """
    if isinstance(value, str):
        return repr(value if len(value) <= LONGEST_NAME else in_brief(value))
    return in_brief(repr(value))
