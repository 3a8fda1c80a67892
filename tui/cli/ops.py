"""`tockdeck ops`: the documented operations, their parameters and what they do."""

from __future__ import annotations

import argparse
import json

from tui.cli import DONE, REFUSED, fail
from tui.services import registry
from tui.workspace.arguments import type_text
from tui.workspace.operations import Operation, describe_operation


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """A pattern and the form of the list."""
    parser.add_argument("pattern", nargs="*", help="words that the id or the title must hold")
    parser.add_argument("--json", action="store_true", help="one JSON array, with parameter help")
    parser.add_argument("--long", action="store_true", help="each with its parameters explained")


def run(options: argparse.Namespace) -> int:
    """Print the matching operations."""
    words = [word.lower() for part in options.pattern for word in part.split()]
    found = [
        one
        for one in registry.operations().values()
        if all(word in f"{one.id} {one.title}".lower() for word in words)
    ]
    if options.json:
        print(json.dumps([describe_operation(one) for one in found], indent=2, default=str))
        return DONE
    if not found:
        return fail(f"no operation matches {' '.join(words)!r}", REFUSED)
    for operation in found:
        print(_long(operation) if options.long else _line(operation))
    return DONE


def _line(operation: Operation) -> str:
    parameters = " ".join(
        parameter.documented_name if parameter.required else f"[{parameter.documented_name}]"
        for parameter in operation.parameters
    )
    return f"{operation.id:<42} {operation.effect:<11} {operation.title}  {parameters}".rstrip()


def _long(operation: Operation) -> str:
    lines = [f"{operation.id}  ({operation.effect})", f"    {operation.title}."]
    for parameter in operation.parameters:
        mark = "required" if parameter.required else "optional"
        lines.append(
            f"      {parameter.documented_name}: {type_text(parameter.hint)}, {mark}. "
            f"{parameter.help}".rstrip()
        )
    return "\n".join([*lines, ""])
