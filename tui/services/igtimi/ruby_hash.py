"""Ruby's own notation of a hash, in which the service prints what a device says of itself.

Source: Igtimi API document, Devices: Get Device Information, whose sample answer is one.
"""

from __future__ import annotations

import re
from typing import Any

from tui.late_patterns import late_pattern
from tui.services.beside import keep_one

_TOKEN = late_pattern(
    r"""\s*(?:
        (?P<text>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')
      | (?P<number>-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)(?![\w.])
      | :(?P<symbol>\w+)|(?P<key>\w+):(?!:)
      | (?P<word>nil|true|false)\b
      | (?P<mark>=>|[{}\[\],])
    )""",
    re.VERBOSE | re.DOTALL,
)
_WORDS = {"nil": None, "true": True, "false": False}
_ESCAPE = late_pattern(r"\\(u[0-9a-fA-F]{4}|.)", re.DOTALL)
_ESCAPED = {"n": "\n", "t": "\t", "r": "\r", "e": "\x1b", "0": "\0"}


def read_ruby(text: str) -> Any:
    """The value that a Ruby literal stands for, hashes as maps with texts for keys.

    Raises ValueError for what is none, RecursionError for one that is nested too deeply, and
    ProtocolViolation for the answer to a change that says two things under one key.
    """
    value, end = _value(text, 0)
    if text[end:].strip():
        raise ValueError("there is something behind the value")
    return value


def _value(text: str, start: int) -> tuple[Any, int]:
    found = _token(text, start)
    if found["mark"] == "{":
        return _hash(text, found.end())
    if found["mark"] == "[":
        return _array(text, found.end())
    return _plain(found), found.end()


def _plain(found: re.Match[str]) -> Any:
    if found["text"] is not None:
        return _ESCAPE.sub(_unescaped, found["text"][1:-1])
    if found["number"] is not None:
        digits = found["number"]
        return int(digits) if digits.lstrip("-").isdecimal() else float(digits)
    if found["word"] is not None:
        return _WORDS[found["word"]]
    name = found["symbol"] or found["key"]
    if name is None:
        raise ValueError(f"{found['mark']} stands where a value should")
    return name


def _unescaped(found: re.Match[str]) -> str:
    code = found[1]
    return chr(int(code[1:], 16)) if len(code) > 1 else _ESCAPED.get(code, code)


def _hash(text: str, start: int) -> tuple[dict[str, Any], int]:
    held: dict[str, Any] = {}
    found = _token(text, start)
    while found["mark"] != "}":
        name = str(_plain(found))
        end = found.end()
        if found["key"] is None:
            arrow = _token(text, end)
            if arrow["mark"] != "=>":
                raise ValueError("a key has no value")
            end = arrow.end()
        value, end = _value(text, end)
        keep_one(held, name, value)
        found = _after(text, end, "}")
    return held, found.end()


def _array(text: str, start: int) -> tuple[list[Any], int]:
    held: list[Any] = []
    found = _token(text, start)
    while found["mark"] != "]":
        value, end = _value(text, found.start())
        held.append(value)
        found = _after(text, end, "]")
    return held, found.end()


def _after(text: str, start: int, close: str) -> re.Match[str]:
    """The token after a value: what follows its comma, or the closing mark."""
    found = _token(text, start)
    if found["mark"] == ",":
        return _token(text, found.end())
    if found["mark"] != close:
        raise ValueError("a comma is missing")
    return found


def _token(text: str, start: int) -> re.Match[str]:
    found = _TOKEN.match(text, start)
    if found is None:
        raise ValueError("this is no Ruby value")
    return found
