"""JSON that is not quite JSON, as servers send it now and then: read whole, or not at all.

PHP writes messages behind an answer as well as before it (a session that cannot be saved, what
is deprecated at the end), MySQL cuts a text within a letter, old databases hold bytes of another
alphabet, Python writes NaN. None of it costs the rest of the answer: what is no text any more is
shown as the replacement mark, and noted with its place (see left_out).
"""

from __future__ import annotations

import re
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Callable, Iterable
from contextlib import suppress
from decimal import Decimal
from json import JSONDecoder
from typing import Any

import msgspec

from tui.services.beside import two_things
from tui.services.left_out import LeftOut, notes
from tui.services.wire import Response

_Pairs = Callable[[list[tuple[str, Any]]], Any] | None

LARGEST_TAIL = 16 * 1024
"""Characters behind an answer that are looked through."""
BLANK = " \t\r\n\x00\xa0\ufeff"
_INT_DIGITS = 4000
"""Python reads no whole number of many more."""
_WESTERN = frozenset({"iso-8859-1", "iso-8859-15", "latin1", "latin-1", "windows-1252", "cp1252"})
"""What a head may call bytes that are no UTF-8; all of them are read as browsers do."""
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.-]+)", re.IGNORECASE)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_MARKUP = re.compile(r"</?[a-z][^<>]*>", re.IGNORECASE)
_MESSAGE = re.compile(
    r"(?:\( ! \)\s*)?(?:PHP )?(?:notice|warning|deprecated|strict standards)\s*:"
    r".{0,2000}?\bon line\s*\d+",
    re.IGNORECASE | re.DOTALL,
)
"""A fatal error is none: what failed at the end may have undone what the answer says."""
_LOST = re.compile("[\ud800-\udfff]")


def decode_loosely(response: Response, begin: int, float_hook: Callable[[str], Any] | None) -> Any:
    """The object or list that begins at a byte of an answer.

    Raises ValueError where there is none, where it is cut off, and where anything stands behind
    it that means something.
    """
    text = _text(response.content[begin:], response).lstrip(BLANK)
    if not text.startswith(("{", "[")):
        raise ValueError("there is no object")
    value, end = _decoder(float_hook).raw_decode(text)
    if not is_noise(text[end:]):
        raise ValueError("something stands behind the answer")
    return _mended(value) if _may_have_lost(text, end) else value


def insist_on_one_value(response: Response, starts: Iterable[int] = (0,)) -> None:
    """Of the answer to a change: that none of its keys has two values, the last of which counts
    for a decoder. Raises ProtocolViolation.

    It is looked for in all that is read as an answer, which may begin at one of `starts`: behind
    messages, with bytes that are no text, of any length. What is no JSON is for others to judge.
    """
    if _has_each_key_once(response.content):
        return

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name, value in pairs:
            if found.setdefault(name, value) != value:
                raise two_things(name)
        return found

    decoder = _decoder(None, once)
    for start in starts:
        text = _text(response.content[start:], response).lstrip(BLANK)
        with suppress(ValueError, RecursionError):
            _, end = decoder.raw_decode(text)
            if is_noise(text[end:]):
                return


def _has_each_key_once(content: bytes) -> bool:
    """Whether no key of an answer stands twice, as far as a quick look tells: written out again it
    has as many colons then. A colon that is spelt by its number, as PHP may, is none before that.
    """
    if b"\\u003" in content:
        return False
    try:
        again = msgspec.json.encode(msgspec.json.decode(content))
    except (msgspec.MsgspecError, UnicodeError, RecursionError, OverflowError):
        return False
    return content.count(b":") == again.count(b":")


def _may_have_lost(text: str, end: int) -> bool:
    """Whether a text within may hold what is none: a byte, or half of a character's escapes."""
    return _LOST.search(text, 0, end) is not None or "\\u" in text


def _decoder(float_hook: Callable[[str], Any] | None, pairs_hook: _Pairs = None) -> JSONDecoder:
    return JSONDecoder(
        object_pairs_hook=pairs_hook,
        # Line breaks and tabs within a text are read as they are.
        strict=False,
        parse_int=lambda digits: int(digits) if len(digits) <= _INT_DIGITS else Decimal(digits),
        parse_float=float_hook or float,
        # What is no number is none.
        parse_constant=lambda _name: None,
    )


def _text(content: bytes, response: Response) -> str:
    """The text of an answer; a byte that is none in its alphabet as a lone surrogate."""
    if content.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        return content.decode("utf-16", errors="surrogatepass")
    try:
        return content.decode()
    except UnicodeDecodeError:
        declared = _CHARSET.search(response.headers.get("content-type", ""))
        if declared is not None and declared.group(1).lower() in _WESTERN:
            return content.decode("cp1252", errors="surrogateescape")
        return content.decode(errors="surrogateescape")


def is_noise(tail: str) -> bool:
    """Whether what stands behind an answer is blanks, comments and PHP's lesser messages."""
    if len(tail) > LARGEST_TAIL:
        return False
    bare = _COMMENT.sub("", tail)
    rest, messages = _MESSAGE.subn("", _MARKUP.sub("", bare))
    # Markup belongs to the messages: by itself it is the end of a web page.
    return not (rest if messages else bare).strip(BLANK)


def _mended(value: Any) -> Any:
    """A copy with the replacement mark for all that is no text; that it lost something is noted.

    Raises ValueError where nobody notes.
    """
    heard = notes()
    if heard is None:
        raise ValueError("there are bytes that are no text")
    places: list[str] = []
    total = 0

    def mended(part: Any, at: str) -> Any:
        nonlocal total
        if isinstance(part, dict):
            return {_LOST.sub("\ufffd", name): mended(item, f"{at}.{name[:60]}")
                    for name, item in part.items()}  # fmt: skip
        if isinstance(part, list):
            return [mended(item, f"{at}[{index}]") for index, item in enumerate(part)]
        if not isinstance(part, str):
            return part
        total += 1
        if _LOST.search(part):
            places.append(_LOST.sub("\ufffd", at))
        return _LOST.sub("\ufffd", part)

    found = mended(value, "answer")
    if places:
        reason = f"{places[0]} holds bytes that are no text"
        heard.append(LeftOut(name="texts", total=total, places=tuple(places), reason=reason))
    return found
