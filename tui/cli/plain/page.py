"""A page: a title, what is said above, numbered lines, and what can be done here."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple, TypeVar

from tui.cli.plain.seat import Seat, failure
from tui.services.digits import whole
from tui.services.errors import ServiceError
from tui.workspace.partial import sentences
from tui.workspace.reads import Answer
from tui.workspace.text import clean
from tui.workspace.times import moment_text

T = TypeVar("T")


class Line(NamedTuple):
    """One line: what it says, what its number opens, and what the verbs take it for."""

    text: str
    opens: Callable[[], Page] | None = None
    thing: Any = None


class Verb(NamedTuple):
    """What can be done: in words, and how. It is given what is typed behind its letter, and says
    whether the page has to be read again; after what only `reads` it is said again, too.
    """

    words: str
    act: Callable[[str], bool]
    reads: bool = False


class Page:
    """One screen, or a part of one. `title` stands above it; `empty` is said without any line.
    `service` is what a screen is about; what it leads to is about the same.
    """

    title = ""
    empty = "There is nothing here."
    service = ""

    def __init__(self, seat: Seat) -> None:
        self.seat = seat
        self.workspace = seat.workspace
        self.head: list[str] = []
        """What is said above the lines; made anew with them."""
        self.lines: Sequence[Line] = ()
        self.again = False
        """Whether the person has asked to read anew what may be young enough."""

    @property
    def verbs(self) -> Mapping[str, Verb]:
        """What can be done here, by the letter or word that does it."""
        return {}

    async def read(self) -> Sequence[Line]:
        """The lines as they are now. Raises what reading raises."""
        raise NotImplementedError

    async def answer(
        self, fresh: Awaitable[Answer[T]], kept: Callable[[], Awaitable[Answer[T] | None]]
    ) -> T:
        """What is read, else what was kept of it, which is said with its age. Raises as reading."""
        try:
            found = await fresh
        except ServiceError as error:
            older = await kept()
            if older is None:
                raise
            found = older
            when = moment_text(found.as_of, self.workspace.zone, datetime.now(UTC))
            self.head.append(f"{failure(error)} This is as of {when}.")
        self.head += sentences(found.left_out)
        return found.value

    def chosen(self, typed: str, question: str) -> Line | None:
        """The line of a number that is typed, or asked for; None, and said, where there is none."""
        typed = typed or self.seat.ask(question)
        number = whole(typed) or 0
        if 0 < number <= len(self.lines):
            return self.lines[number - 1]
        self.seat.say(f"{typed or 'Nothing'} is the number of no line here. Nothing was done.")
        return None


def joined(*parts: str) -> str:
    """The parts of a line that say something, with commas between them."""
    return ", ".join(part for part in map(clean, parts) if part)
