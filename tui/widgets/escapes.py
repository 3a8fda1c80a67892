"""Esc and the key after it, where both arrive together.

A terminal sends an Esc and a j as the same two bytes as Alt with j, and a slow line brings them in
one read. The deck has nothing on Alt, so they are two keys, as vim takes them: else neither would
do anything. Only where a person has bound Alt with that very key is it that one; and in a line of
text Alt with b and f go by words, as shells do it. An Esc and a tab are shift+tab on the Linux
console alone; Textual takes them for that everywhere. Its version is pinned exactly, and a test
holds what is used of its parser here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator

from textual._xterm_parser import XTermParser
from textual.events import Key, Paste
from textual.message import Message

from tui.keys import character_name
from tui.widgets.bursts import BEGIN, END

_BOTH = re.compile(r"\x1b(?=([^\x00-\x08\x0a-\x1f\x7f-\x9f\[OP\]_\\]|[\[O](?=\x1b)))")
"""An Esc before what begins no sequence, nor ends one, and so is a key of its own."""
_BEGUN = re.compile(r"\x1b[\[O]?\Z")
_CUT = re.compile(r"\x1b(?:[\[O]|\[[0-?]+)\Z")
"""The beginning of a sequence, by more than its Esc."""
CUT_SECONDS = 0.5
"""How much longer its end is waited for than what an Esc alone may become: nobody types that, and
of an arrow or a report of the mouse that a line brought in two, the rest is taken for commands."""
BY_WORDS = frozenset("bf")


class EscapeParser(XTermParser):
    """Makes keys of what a terminal sends, and takes no Esc for Alt."""

    def __init__(
        self, bound: Collection[str], is_text: Callable[[str], bool], *, console: bool = False
    ) -> None:
        """`bound` are the keys with Alt that mean something; `is_text` says of a character whether
        what has the focus takes it as text; `console` is whether shift+tab comes as Esc and tab."""
        super().__init__()
        self._bound = bound
        self._is_text = is_text
        self._console = console
        self._fed = ""
        """What was fed last, from the Esc on that waited for it."""
        self._paste: str | None = None
        """What has come of a paste that goes on; None while there is none."""

    def keys(self, text: str, *, bracketed: bool = False) -> Iterator[Message]:
        """What a read comes to; `bracketed` is one of which some stands within the brackets of a
        paste: an Esc in there is no key, nor is what comes after it."""
        while bracketed and text:
            if self._paste is None:
                begin = text.find(BEGIN)
                if begin < 0:
                    break
                yield from self._keys(text[:begin])
                self._paste, text = "", text[begin + len(BEGIN) :]
            looked = max(0, len(self._paste) - len(END))
            self._paste += text
            end = self._paste.find(END, looked)
            if end < 0:
                return
            yield Paste(self._paste[:end].replace("\0", ""))
            text, self._paste = self._paste[end + len(END) :], None
        if bracketed:
            # Who cuts the bracket itself in two has Textual take it together.
            yield from self._fed_on(text)
        else:
            yield from self._keys(text)

    def _keys(self, text: str) -> Iterator[Message]:
        """The same of text that is typed."""
        if self._timeout_time is not None and (begun := _BEGUN.search(self._fed)):
            # The Esc of the read before, which has not been its time alone.
            both = _BOTH.match(begun[0] + text)
            if both is not None and self._means_two(both[1]):
                yield from self._alone()
            elif both is not None and self._alt(both[1]) in self._bound:
                yield from self._fed_on(text[:1])
                yield from self._alone()
                text = text[1:]
        place = 0
        for both in _BOTH.finditer(text):
            key = both[1]
            if self._means_two(key):
                yield from self._fed_on(text[place : both.end()])
                yield from self._alone()
                place = both.end()
            elif (with_alt := self._alt(key)) in self._bound:
                yield from self._fed_on(text[place : both.start()])
                yield from self._alone()
                yield Key(with_alt, key)
                place = both.end() + len(key)
        yield from self._fed_on(text[place:])

    def _fed_on(self, text: str) -> Iterator[Message]:
        if text:  # to feed nothing is to say that it has ended
            waits = self._timeout_time is not None
            self._fed = self._fed + text if waits else text
            yield from self.feed(text)
            if self._timeout_time is not None and _CUT.search(self._fed):
                self._timeout_time += CUT_SECONDS

    def _means_two(self, key: str) -> bool:
        if self._alt(key) in self._bound or (self._console and key == "\t"):
            return False
        return key not in BY_WORDS or not self._is_text(key)

    def _alt(self, key: str) -> str:
        return f"alt+{character_name(key)}"

    def _alone(self) -> Iterator[Message]:
        """What waits for more has waited long enough."""
        if self._timeout_time is not None:
            self._timeout_time = 0.0
            yield from self.tick()

    def _sequence_to_key_events(self, sequence: str, alt: bool = False) -> Iterable[Key]:
        """Textual asks with `alt` for what came after an Esc and made no sequence with it."""
        if alt:
            with_alt = self._alt(sequence)
            if with_alt in self._bound:
                yield Key(with_alt, sequence)
                return
            yield Key("escape", "\x1b")
        yield from super()._sequence_to_key_events(sequence)
