"""The console's use cases: calls kept in a history, and the command line that equals one."""

from __future__ import annotations

import asyncio
import json
import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Any

from tui.services.errors import InvalidArgument
from tui.services.operation import Operation, Parameter
from tui.services.wire import SECRET_NAMES
from tui.store.files import write_atomically
from tui.workspace.operations.arguments import (
    ArgumentError,
    from_words,
    kind_of,
    missing,
    parameter_named,
)

KEPT_CALLS = 200
LONGEST_KEPT = 4_000
"""Characters of one typed value that the history keeps; a longer one is left out."""

_SECRET_WORDS = frozenset(name.replace("_", "") for name in SECRET_NAMES)
_IN_ADDRESS = re.compile(
    r"\b(?:\w*sesskey|\w*token|password|pwd|apikey|appkey|oauthkey|\w*secret)=", re.IGNORECASE
)


@dataclass(frozen=True)
class PastCall:
    """A call of the history: texts as they were typed, secrets left out."""

    id: str
    texts: Mapping[str, str]
    time: datetime


class ConsoleHistory:
    """The latest calls, newest last, in one small file."""

    def __init__(self, path: Path) -> None:
        self._path = path

    async def calls(self) -> list[PastCall]:
        """The kept calls; none when the file cannot be read."""
        return await asyncio.to_thread(self._read)

    async def add(self, operation: Operation, texts: Mapping[str, str]) -> None:
        """Keep one call. The same call again only moves to the end."""
        kept = {name: text for name, text in texts.items() if len(text) <= LONGEST_KEPT}
        await asyncio.to_thread(self._add, operation.id, without_secrets(kept))

    async def forget(self, service: str) -> None:
        """Drop the calls of a service. Raises OSError."""
        await asyncio.to_thread(self._forget, service)

    def _forget(self, service: str) -> None:
        calls = self._read()
        others = [one for one in calls if one.id.partition(".")[0] != service]
        if len(others) < len(calls):
            self._write(others)

    def _read(self) -> list[PastCall]:
        try:
            content = json.loads(self._path.read_bytes())
            return [
                PastCall(
                    str(one["id"]),
                    {str(name): str(text) for name, text in one["texts"].items()},
                    datetime.fromisoformat(one["time"]).astimezone(UTC),
                )
                for one in content
            ]
        except (OSError, ValueError, TypeError, KeyError, AttributeError):
            return []

    def _add(self, id: str, texts: dict[str, str]) -> None:
        kept = [one for one in self._read() if (one.id, dict(one.texts)) != (id, texts)]
        kept.append(PastCall(id, texts, datetime.now(UTC)))
        self._write(kept[-KEPT_CALLS:])

    def _write(self, calls: list[PastCall]) -> None:
        content = [
            {"id": one.id, "texts": dict(one.texts), "time": one.time.isoformat()} for one in calls
        ]
        write_atomically(self._path, json.dumps(content).encode())


def is_secret(name: str) -> bool:
    """Whether a parameter's name says that its value is nobody's business."""
    return name.lower().replace("_", "") in _SECRET_WORDS


def without_secrets(texts: Mapping[str, str]) -> dict[str, str]:
    """The texts without those that hold a secret: by name, within JSON, or in an address."""
    return {
        name: text
        for name, text in texts.items()
        if not is_secret(name) and not _holds_secret(text) and not _IN_ADDRESS.search(text)
    }


def _holds_secret(text: str) -> bool:
    if text.lstrip()[:1] not in ("{", "["):
        return False
    try:
        return _has_secret(json.loads(text))
    except ValueError:
        return False
    except RecursionError:
        # Too deep to be looked through: it is not kept.
        return True


def _has_secret(value: object) -> bool:
    if isinstance(value, dict):
        # Names of one letter are secrets of one service's forms, and anything within JSON.
        return any(
            (len(name) > 1 and is_secret(name)) or _has_secret(item) for name, item in value.items()
        )
    return isinstance(value, list) and any(map(_has_secret, value))


def _word(parameter: Parameter, text: str) -> str:
    """One argument as `tockdeck call` takes it: a file, JSON, or text."""
    kind = kind_of(parameter.hint)
    name = parameter.documented_name
    if kind == "file":
        return f"{name}@={text}"
    structured = kind in ("list", "map", "json") and text.lstrip()[:1] in ("{", "[")
    return f"{name}{':=' if structured else '='}{text}"


def words_of(operation: Operation, texts: Mapping[str, str]) -> list[str]:
    """What was typed as arguments of `tockdeck call`; empty texts are left out."""
    return [
        _word(parameter_named(operation, name), text) for name, text in texts.items() if text != ""
    ]


def read_texts(operation: Operation, texts: Mapping[str, str], where: tzinfo) -> dict[str, Any]:
    """Typed arguments from what was typed, read as `tockdeck call` reads its line, all or some.

    Raises InvalidArgument naming the parameter.
    """
    try:
        return from_words(operation, words_of(operation, texts), where)
    except ArgumentError as error:
        raise InvalidArgument(
            str(error), service=operation.service, operation=operation.id
        ) from error


def arguments_of(operation: Operation, texts: Mapping[str, str], where: tzinfo) -> dict[str, Any]:
    """`read_texts` of all that a call needs.

    Raises InvalidArgument naming the parameter.
    """
    found = read_texts(operation, texts, where)
    lacking = missing(operation, found)
    if lacking:
        raise InvalidArgument(
            f"{', '.join(lacking)} is needed", service=operation.service, operation=operation.id
        )
    return found


def problem_with(operation: Operation, name: str, text: str, where: tzinfo) -> str | None:
    """What is wrong with one parameter's text, or None."""
    if text == "":
        return None
    try:
        from_words(operation, words_of(operation, {name: text}), where)
    except ArgumentError as error:
        # The field itself says which one it is.
        words = str(error).removeprefix(f"{name}: ").removeprefix(f"{name} ")
        return words[:1].upper() + words[1:]
    return None


def call_line(operation: Operation, texts: Mapping[str, str]) -> str:
    """The `tockdeck call` line that does the same, without secrets."""
    words = ["tockdeck", "call", operation.id, *words_of(operation, without_secrets(texts))]
    return " ".join(shlex.quote(word) for word in words)
