"""HTML as plain text: what a service sends as rich text, to be read in a terminal.

Messages and long texts may hold HTML, and they may as well hold "a < b" or "<mairie>": only what
is an element of HTML is taken for one, everything else stays as it was written. The work grows
with the length alone, whatever the text holds; a parser of the whole language does not promise
that.
"""

from __future__ import annotations

import re
from html import unescape

from tui.late_patterns import late_pattern
from tui.words import counted

LONGEST = 100_000
"""Characters that are looked at; what follows is cut off and said to be."""

_LINE_NAMES = """
    address article blockquote br dd div dl dt footer form h1 h2 h3 h4 h5 h6 header hr main ol p
    pre section table tr ul
"""
_INLINE_NAMES = """
    a abbr b bdi bdo big cite code col colgroup del dfn em font i img input ins kbd label li mark
    o:p q s samp small span strike strong sub sup tbody td tfoot th thead time tt u var body html
"""
_LINES = frozenset(_LINE_NAMES.split())
_INLINE = frozenset(_INLINE_NAMES.split())
_UNSEEN = frozenset(("head", "script", "style", "title"))

# Neither of the two ever looks past the next "<": a text of a hundred thousand of them is quick.
_MARKUP = late_pattern(
    r"<!--(?:(?!-->|<!--).)*-->|<(/?)([a-zA-Z][a-zA-Z0-9:]*)((?:[\s/][^<>]*)?)>", re.DOTALL
)
_HREF = late_pattern(r"""\bhref\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"']+))""", re.IGNORECASE)
_ALT = late_pattern(r"""\balt\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)
_MANY_LINES = late_pattern(r"\n[ \t]*\n(?:[ \t]*\n)+")


class _Reader:
    """Collects the text, with line breaks where HTML has them."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self._unseen = ""
        self._link_open: tuple[str, int] | None = None

    def read(self, text: str) -> str:
        """The whole of it as plain text."""
        end = 0
        for found in _MARKUP.finditer(text):
            self._text(text[end : found.start()])
            end = found.end()
            if found[2] is not None:
                self._element(found[2].lower(), bool(found[1]), found[3], found[0])
        self._text(text[end:])
        return _MANY_LINES.sub("\n\n", "".join(self.parts)).strip("\n")

    def _text(self, text: str) -> None:
        if text and not self._unseen:
            self.parts.append(unescape(text))

    def _element(self, name: str, ends: bool, attributes: str, written: str) -> None:
        if self._unseen:
            if ends and name == self._unseen:
                self._unseen = ""
        elif name in _UNSEEN:
            self._unseen = "" if ends else name
        elif name == "br":
            self.parts.append("\n")
        elif name in _LINES or name == "li":
            if self.parts and not self.parts[-1].endswith("\n"):
                self.parts.append("\n")
            if name == "li" and not ends:
                self.parts.append("- ")
        elif name == "a":
            self._link(ends, attributes)
        elif name == "img":
            self.parts.append(f"[{_value(_ALT, attributes) or 'picture'}]")
        elif name in ("td", "th") and not ends:
            self.parts.append(" ")
        elif name not in _INLINE:
            self._text(written)

    def _link(self, ends: bool, attributes: str) -> None:
        """A link says where it leads when its own text does not."""
        if not ends:
            # Links do not stand in one another.
            self._link_open = _value(_HREF, attributes), len(self.parts)
        elif self._link_open is not None:
            address, start = self._link_open
            self._link_open = None
            if address and address.removeprefix("mailto:") not in "".join(self.parts[start:]):
                self.parts.append(f" ({address})")


def _value(pattern: re.Pattern[str], attributes: str) -> str:
    found = pattern.search(attributes)
    return unescape(next((one for one in found.groups() if one), "")) if found else ""


def plain_text(text: str) -> str:
    """The text without HTML; text that is none is given back as it is, but for its entities.

    The answer may still hold anything but HTML: it is cleaned where it is drawn.
    """
    cut = text[:LONGEST]
    tail = "" if len(text) <= LONGEST else f"\n… {counted(len(text) - LONGEST, 'more character')}"
    known = _LINES | _INLINE | _UNSEEN
    if not any((found[2] or "").lower() in known for found in _MARKUP.finditer(cut)):
        return unescape(cut) + tail
    return _Reader().read(cut) + tail
