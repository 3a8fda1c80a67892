"""What is put into the index, what comes out, and how the best of it is told."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from tui.store.index.folding import SHORT, begins_word, fold, heads, holds

LONGEST_TITLE, LONGEST_TEXT = 400, 4000
"""Characters of a title or place, and of a text, that are kept and found."""
HEAVIEST = 9
_TITLE_BEGINS, _TITLE_IS = "\x02", "\x03"
_FIRST_MARK = 0xE000
"""Owners are told apart by a character for private use, which no folded text holds."""
MOST_OWNERS = 0xF8FF - _FIRST_MARK
_TITLE_MARK = 0xF0000
"""The first character for private use of those that titles are named by."""
_MOST_GRAMS = 6
"""Trigrams of a word that are looked up; what they let through is looked at itself."""


@dataclass(frozen=True, slots=True)
class Document:
    """Something that is found. `kind` and `key` together name it in its place.

    `weight`, 0 to HEAVIEST, is what it counts beside others that answer as well.
    """

    kind: str
    key: str
    title: str
    where: str = ""
    """Where it is, in words."""
    text: str = ""
    """What it is found by beside its title and where it is."""
    when: datetime | None = None
    weight: int = 0

    def bounded(self) -> Document:
        """The same, as much of it as is kept, in one line and without what no disk takes."""
        return Document(
            self.kind,
            self.key,
            _line(self.title, LONGEST_TITLE),
            _line(self.where, LONGEST_TITLE),
            _line(self.text, LONGEST_TEXT),
            self.when,
            max(0, min(self.weight, HEAVIEST)),
        )

    @property
    def stamp(self) -> float | None:
        """When it is, as a number."""
        return None if self.when is None else self.when.timestamp()

    @property
    def digest(self) -> bytes:
        """Another one where it is found or told otherwise."""
        content = "\0".join((self.title, self.where, self.text, repr(self.stamp)))
        return hashlib.blake2b(f"{self.weight}{content}".encode(), digest_size=8).digest()

    def indexed(self, owner: int) -> str:
        """What SQLite splits into trigrams: owner, title, the rest, and how the words begin."""
        title, rest = fold(self.title), fold(f"{self.where} {self.text}")
        begun = "".join(f"  {head}" for head in heads(f"{title} {rest}"))
        return f"{_owned(owner)}{_called(title)}{_TITLE_BEGINS}{title} {rest}{begun}"


Rank = tuple[int, int, int, float]


@dataclass(frozen=True, slots=True)
class Hit:
    """A document that answers, and whose it is."""

    owner: str
    document: Document


@dataclass(frozen=True)
class Found:
    """The best of what answers, the best first."""

    hits: list[Hit] = field(default_factory=list)
    more: bool = False
    """True where more answer, or may: then the best are those of the ones that were looked at."""


def moment(stamp: float | None) -> datetime | None:
    """The time of a stored number."""
    return None if stamp is None else datetime.fromtimestamp(stamp, UTC)


def _line(text: str, most: int) -> str:
    text = " ".join(text[: 2 * most].split())[:most]
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


def _owned(owner: int) -> str:
    return chr(_FIRST_MARK + owner) * 3


def _called(title: str) -> str:
    """A trigram of its own for each folded title (but for one in a thousand million)."""
    found = int.from_bytes(hashlib.blake2b(title.encode(), digest_size=4).digest())
    first, second = found >> 16 & 0x7FFF, found & 0x7FFF
    return _TITLE_IS + chr(_TITLE_MARK + first) + chr(_TITLE_MARK + second)


@dataclass(frozen=True)
class Query:
    """What is looked for: every word has to answer, in any order, anywhere in a document."""

    whole: str
    words: tuple[str, ...]
    typed: str = ""
    """As it was typed, where it has letters that folding makes others: they count for more."""

    @classmethod
    def of(cls, text: str) -> Query:
        """What a person typed. Nothing in it has a meaning of its own, such as quotes or AND."""
        whole = fold(text)
        typed = " ".join(text.casefold().split())
        return cls(whole, tuple(dict.fromkeys(whole.split())), "" if typed == whole else typed)

    def rank(self, document: Document) -> Rank | None:
        """How well a document answers, the smallest best; None where it does not.

        By its title as a whole, by how that begins, by words that begin in it, by what stands
        anywhere in it, then by the rest; and among equals by weight, spelling and time.
        """
        title, rest = fold(document.title), ""
        if title == self.whole:
            place = 0
        elif title.startswith(self.whole):
            place = 1
        elif all(begins_word(title, word) for word in self.words):
            place = 2
        elif all(holds(title, word) for word in self.words):
            place = 3
        else:
            rest = fold(f"{title} {document.where} {document.text}")
            if not all(holds(rest, word) for word in self.words):
                return None
            place = 4 if all(begins_word(rest, word) for word in self.words) else 5
        spelt = bool(self.typed) and self.typed in document.title.casefold()
        return place, -document.weight, -spelt, -(document.stamp or 0.0)

    def matches(self, owners: Sequence[int] | None, *, title: str = "") -> str:
        """The expression that SQLite is asked with, for all that may answer.

        `title` is `whole` or `begins` where only titles are wanted that are the whole query,
        or begin with it. `owners` None asks for those of everybody.
        """
        grams: list[str] = []
        if title == "whole":
            grams.append(_called(self.whole))
        else:
            if title:
                grams.append(_TITLE_BEGINS + self.whole[:2])
            for word in self.words:
                grams += _grams(word)
        terms = [_quoted(gram) for gram in dict.fromkeys(grams) if len(gram) == 3]
        if owners is not None:
            asked = " OR ".join(_quoted(_owned(owner)) for owner in owners)
            terms.insert(0, f"({asked})")
        return " AND ".join(terms)


def _grams(word: str) -> Iterator[str]:
    """Trigrams that every document has which holds the word."""
    if len(word) <= SHORT:
        yield ("  " + word)[-3:]
        return
    # Every second one: more of them would let fewer through that do
    # not answer, but each of a million documents' costs more than looking at those.
    last = len(word) - 3
    for place in [*range(0, last, 2)][: _MOST_GRAMS - 1]:
        yield word[place : place + 3]
    yield word[last:]


def _quoted(gram: str) -> str:
    return '"' + gram.replace('"', '""') + '"'


def best(ranked: Iterable[tuple[Rank, Hit]], most: int) -> list[Hit]:
    """The best of some hits, each thing once."""
    seen: dict[tuple[str, str, str], tuple[Rank, Hit]] = {}
    for rank, hit in ranked:
        seen.setdefault((hit.owner, hit.document.kind, hit.document.key), (rank, hit))
    return [hit for _, hit in sorted(seen.values(), key=lambda pair: pair[0])[:most]]
