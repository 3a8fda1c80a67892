"""`tockdeck ops`: the documented operations, their parameters and what they do."""

from __future__ import annotations

import argparse
import json

from tui.cli import DONE, REFUSED, fail
from tui.workspace.operations.arguments import type_text
from tui.workspace.operations.catalogue import HOW_ELSE, Row, rows


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """A pattern and the form of the list."""
    parser.add_argument("pattern", nargs="*", help="words that the id or the title must hold")
    parser.add_argument("--json", action="store_true", help="one JSON array, with parameter help")
    parser.add_argument("--long", action="store_true", help="each with its parameters explained")


def run(options: argparse.Namespace) -> int:
    """Print the matching operations."""
    words = [word for part in options.pattern for word in part.split()]
    found = [one for one in rows() if one.matches(words)]
    if options.json:
        print(json.dumps([one.describe() for one in found], indent=2, default=str))
        return DONE
    if not found:
        return fail(f"no operation matches {' '.join(words)!r}", REFUSED)
    for row in found:
        print(_long(row) if options.long else _line(row))
    return DONE


def _line(row: Row) -> str:
    parameters = " ".join(
        parameter.documented_name if parameter.required else f"[{parameter.documented_name}]"
        for parameter in (row.operation.parameters if row.operation else ())
    )
    mark = "" if row.transport == "HTTP" else f"({row.transport})  "
    return f"{row.id:<42} {row.effect:<11} {mark}{row.title}  {parameters}".rstrip()


def _long(row: Row) -> str:
    lines = [f"{row.id}  ({row.effect})", f"    {row.title}."]
    if row.transport in HOW_ELSE:
        lines.append(f"    {row.transport.capitalize()}: {HOW_ELSE[row.transport]}.")
    for parameter in row.operation.parameters if row.operation else ():
        mark = "required" if parameter.required else "optional"
        lines.append(
            f"      {parameter.documented_name}: {type_text(parameter.hint)}, {mark}. "
            f"{parameter.help}".rstrip()
        )
    lines += [f"      {name}" for name in row.data_keys]
    return "\n".join([*lines, ""])
