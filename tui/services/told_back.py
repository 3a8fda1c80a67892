"""A secret that a service tells back: what it says of a call may hold the whole request.

Frameworks quote a request that failed, a proxy its headers, and "done" may say what was asked for.
Such words are shown, noted with the change and logged, so what was sent as a secret is taken out of
them first, however it is written. What a person has written down is left as it is: a password that
is a word of the language stands in many a task.
"""

from __future__ import annotations

import re
from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from typing import Any
from urllib.parse import quote, quote_plus

import msgspec

from tui.services.errors import ServiceError
from tui.services.wire import HIDDEN, SECRET_NAMES, Request

SHORTEST = 4
"""Characters: less is part of many a word, and is no secret."""
SHORT = 6
"""Characters: less may be part of a word that means another."""
_BEGINS = r"(?<![^\W_])|(?<=%[0-9A-Fa-f]{2})|(?<=\\[bfnrt])"
"""Where a word begins: behind a sign as an address or JSON writes it, too."""


def secrets_of(request: Request) -> Iterator[str]:
    """The secrets that a request carries, each as it is known to a person or a service."""
    named = [*request.query, *(request.form or ()), *request.headers.items()]
    for name, value in named:
        if name.lower() in SECRET_NAMES:
            yield from _single(value)
    if isinstance(request.json, Mapping):
        yield from _within(request.json)


def _single(value: str) -> Iterator[str]:
    scheme, blank, rest = value.partition(" ")
    if value.startswith("{"):
        # Passwords of fields, by the field; or one that begins so.
        with suppress(msgspec.DecodeError):
            yield from _within(msgspec.json.decode(value), secret=True)
        yield value
    elif blank and scheme == "Basic":
        yield rest
        with suppress(NotBase64):
            yield b64decode(rest).decode(errors="replace").partition(":")[2]
    else:
        yield rest if blank and scheme == "Bearer" else value


def _within(value: Any, *, secret: bool = False) -> Iterator[str]:
    if isinstance(value, str):
        if secret:
            yield value
    elif isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _within(inner, secret=secret or str(name).lower() in SECRET_NAMES)
    elif isinstance(value, (list, tuple)):
        for inner in value:
            yield from _within(inner, secret=secret)


def hide_in(error: ServiceError, secrets: Iterable[str]) -> None:
    """Take the secrets out of all that an error says."""
    found = _pattern(secrets)
    if found is None:
        return
    error.message = found.sub(HIDDEN, error.message)
    error.advice = found.sub(HIDDEN, error.advice)
    error.args = (error.message,)
    if error.code is not None:
        error.code = found.sub(HIDDEN, error.code)
    if error.link is not None and found.search(error.link):
        # With the secret replaced it leads nowhere.
        error.link = None


def are_quoted(secrets: Iterable[str], content: bytes) -> bool:
    """Whether an answer may hold one of them."""
    return any(form.encode() in content for form in _forms(secrets))


def without_secrets(content: bytes, secrets: Iterable[str]) -> bytes:
    """An answer's bytes without them, for whoever is shown it."""
    known = list(secrets)
    if not are_quoted(known, content):
        return content
    # What is no UTF-8 stays as it is.
    text: str = hidden_in(content.decode(errors="surrogateescape"), known)
    return text.encode(errors="surrogateescape")


def unquoted(words: str, forms: Iterable[str]) -> str:
    """Words without any of these forms of secrets, wherever they stand; a short one is part of many
    a word, and taken out only where no letter or digit stands beside it.
    """
    for form in sorted(forms, key=len, reverse=True):
        found = re.escape(form)
        if len(form) < SHORT:
            found = rf"(?:{_BEGINS}){found}(?![^\W_])"
        words = re.sub(found, HIDDEN, words) if form else words
    return words


def hidden_in(told: Any, secrets: Iterable[str]) -> Any:
    """What a service told, as texts, lists and maps of them, without the secrets."""
    found = _pattern(secrets)
    return told if found is None else _without(told, found)


def _without(told: Any, found: re.Pattern[str]) -> Any:
    if isinstance(told, str):
        return found.sub(HIDDEN, told)
    if isinstance(told, list):
        return [_without(one, found) for one in told]
    if isinstance(told, dict):
        return {name: _without(one, found) for name, one in told.items()}
    return told


def _pattern(secrets: Iterable[str]) -> re.Pattern[str] | None:
    """Finds each of them where it stands by itself; None where there is none."""
    longest_first = sorted(_forms(secrets), key=len, reverse=True)
    if not longest_first:
        return None
    return re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, longest_first)) + r")(?!\w)")


def _forms(secrets: Iterable[str]) -> set[str]:
    return {form for one in secrets for form in _written(one) if len(form) >= SHORTEST}


def _written(secret: str) -> Iterator[str]:
    """How it may stand in a text: plainly, in an address or a form, in JSON, in a page."""
    yield from (secret, secret.strip(), quote(secret), quote(secret, safe=""), quote_plus(secret))
    yield msgspec.json.encode(secret).decode()[1:-1]
    # PHP writes a stroke before each slash, and letters beyond ASCII by their numbers.
    yield msgspec.json.encode(secret).decode()[1:-1].replace("/", r"\/")
    yield secret.encode("ascii", "backslashreplace").decode()
    from html import escape  # with the names of all signs, and seldom needed

    yield escape(secret)
