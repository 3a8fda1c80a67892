"""The console's use cases: calls kept in a history, and the command line that equals one."""

from __future__ import annotations

import asyncio
import json
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Any

from tui.services.operation import Operation
from tui.services.wire import SECRET_NAMES
from tui.store.files import write_atomically
from tui.workspace.arguments import ArgumentError, from_texts, kind_of, parameter_named

KEPT_CALLS = 200


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
        await asyncio.to_thread(self._add, operation.id, without_secrets(texts))

    def _read(self) -> list[PastCall]:
        try:
            content = json.loads(self._path.read_bytes())
            return [
                PastCall(one["id"], dict(one["texts"]), datetime.fromisoformat(one["time"]))
                for one in content
            ]
        except (OSError, ValueError, TypeError, KeyError):
            return []

    def _add(self, id: str, texts: dict[str, str]) -> None:
        kept = [one for one in self._read() if (one.id, dict(one.texts)) != (id, texts)]
        kept.append(PastCall(id, texts, datetime.now(UTC)))
        content = [
            {"id": one.id, "texts": dict(one.texts), "time": one.time.isoformat()}
            for one in kept[-KEPT_CALLS:]
        ]
        write_atomically(self._path, json.dumps(content).encode())


def without_secrets(texts: Mapping[str, str]) -> dict[str, str]:
    """The texts without those whose names say that they are secret."""
    return {name: text for name, text in texts.items() if name.lower() not in SECRET_NAMES}


def arguments_of(operation: Operation, texts: Mapping[str, str], where: tzinfo) -> dict[str, Any]:
    """Typed arguments from what was typed; empty texts are left out.

    Raises ArgumentError naming the parameter.
    """
    return {
        name: from_texts(parameter_named(operation, name), [text], where)
        for name, text in texts.items()
        if text != ""
    }


def problem_with(operation: Operation, name: str, text: str, where: tzinfo) -> str | None:
    """What is wrong with one parameter's text, or None."""
    if text == "":
        return None
    try:
        from_texts(parameter_named(operation, name), [text], where)
    except ArgumentError as error:
        return str(error)
    return None


def call_line(operation: Operation, texts: Mapping[str, str]) -> str:
    """The `tockdeck call` line that does the same, without secrets."""
    words = ["tockdeck", "call", operation.id]
    for name, text in without_secrets(texts).items():
        if text == "":
            continue
        kind = kind_of(parameter_named(operation, name).hint)
        structured = kind in ("json", "map") and text.lstrip()[:1] in ("{", "[")
        words.append(f"{name}{':=' if structured else '='}{text}")
    return " ".join(shlex.quote(word) for word in words)
