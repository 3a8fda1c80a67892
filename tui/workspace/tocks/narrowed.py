"""Which tocks hold what a person typed: words, tags and authors, over what is loaded."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from tui.services.ticktocker import Tock
from tui.store.folding import fold
from tui.words import counted

HELP = "words, !not, tag:word, by:name"
"""What can be typed, in a few words."""
LONGEST_USER = 100
"""Characters of a name in the address of a person's page; the document tells no limit."""
PAGE_OF = "ticktocker.com/"


class Part(NamedTuple):
    """One thing that is wanted of a tock, or not wanted."""

    where: Callable[[Tock], str]
    text: str
    unwanted: bool

    def holds(self, tock: Tock) -> bool:
        """Whether a tock is as it says."""
        return (self.text in fold(self.where(tock))) is not self.unwanted


def _anywhere(tock: Tock) -> str:
    texts = (tock.title, tock.location, tock.description or "", tock.link)
    return " ".join((*texts, _author(tock), _tags(tock)))


def _author(tock: Tock) -> str:
    return f"{tock.author} {tock.author_url}"


def _tags(tock: Tock) -> str:
    return ", ".join(tock.tags)


_PLACES = {"tag": _tags, "by": _author}


def parts_of(text: str) -> list[Part]:
    """What was typed; all of it has to hold. `tag:` and `!` alone are not typed to their end, and
    want nothing yet.
    """
    found = list[Part]()
    for word in text.split():
        plain = word.removeprefix("!")
        name, colon, rest = plain.partition(":")
        place = _PLACES.get(name.lower()) if colon else None
        sought = fold(plain if place is None else rest)
        if sought:
            found.append(Part(place or _anywhere, sought, word.startswith("!")))
    return found


def narrowed(tocks: Sequence[Tock], text: str) -> list[Tock]:
    """Those that hold what was typed, in their order."""
    parts = parts_of(text)
    return [tock for tock in tocks if all(part.holds(tock) for part in parts)]


def match_from(tocks: Sequence[Tock], text: str, here: int, *, backwards: bool) -> int | None:
    """The place of the next tock that holds a text, on from the other end; None where none does.

    Where the only one is `here`, it is that.
    """
    parts, count = parts_of(text), len(tocks)
    step = -1 if backwards else 1
    for far in range(1, count + 1):
        place = (here + step * far) % count
        if all(part.holds(tocks[place]) for part in parts):
            return place
    return None


def user_named(text: str) -> str:
    """The name in the address of a person's page, of what was typed: the name or the address."""
    typed = text.strip().removeprefix("https://").removeprefix("http://").removeprefix("www.")
    return typed.removeprefix(PAGE_OF).strip("/")


def why_not_user(text: str) -> str | None:
    """Why it can be nobody's name, before a call is spent on it; None where it can be."""
    name = user_named(text)
    if not name:
        return "Type a name."
    if len(name) > LONGEST_USER:
        return f"A name has at most {counted(LONGEST_USER, 'character')}."
    wrong = next((mark for mark in name if not (mark.isalnum() or mark in "-_.~+@")), "")
    if wrong or name in (".", ".."):
        shown = "a blank" if wrong.isspace() else f"“{wrong}”" if wrong.isprintable() else "a sign"
        what = f"{shown} in it" if wrong else "only dots"
        return f"No name in an address has {what}: it is the part behind {PAGE_OF}"
    return None
