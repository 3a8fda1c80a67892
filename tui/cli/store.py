"""`tockdeck store`: what is kept on this machine of what was read."""

from __future__ import annotations

import argparse

from tui.cli import DONE, REFUSED, add_configuration_arguments, fail
from tui.cli.narration import narrate
from tui.cli.output import print_json
from tui.cli.settings import read_settings
from tui.config.load import ConfigError
from tui.words import counted
from tui.workspace.keeping import Held, Keeping
from tui.workspace.workspace import Workspace

_MEGABYTE = 1024 * 1024


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What is to be done with it."""
    parser.add_argument("action", choices=("size", "clear", "check"), help="what to do")
    parser.add_argument("--json", action="store_true", help="size: an object instead of lines")
    add_configuration_arguments(parser)


def run(options: argparse.Namespace) -> int:
    """Say how much is kept, let it go, or look whether its file is sound."""
    try:
        loaded, locations = read_settings(options)
    except ConfigError as error:
        return fail(str(error))
    workspace = Workspace(loaded, locations)
    keeping = workspace.keeping
    try:
        return {"size": _size, "clear": _clear, "check": _check}[options.action](
            keeping, options, loaded.settings.store.megabytes
        )
    finally:
        for words in keeping.troubles():
            narrate(words)
        workspace.mirror.close()


def _size(keeping: Keeping, options: argparse.Namespace, most: float) -> int:
    kept = keeping.size()
    if options.json:
        print_json(
            {
                "bytes": kept.records,
                "answers_bytes": kept.answers,
                "most_bytes": int(most * _MEGABYTE),
                "collections": [one._asdict() for one in kept.collections],
            }
        )
        return DONE
    print(f"Records: {_megabytes(kept.records)} of at most {most:g} MB.")
    print(f"Whole answers: {_megabytes(kept.answers)}.")
    for one in kept.collections:
        print(f"  {one.name} of {one.owner}: {_how_many(one)}")
    return DONE


def _how_many(one: Held) -> str:
    if one.complete:
        return f"all {counted(one.records, 'record')}" if one.records else "no record"
    of = "" if one.total is None else f" of {one.total:,}"
    return f"{counted(one.records, 'record')}{of}"


def _megabytes(size: int) -> str:
    return f"{size / _MEGABYTE:,.1f} MB"


def _clear(keeping: Keeping, _options: argparse.Namespace, _most: float) -> int:
    keeping.clear()
    print("Nothing is kept of earlier reads any more; the deck reads anew what it shows.")
    return DONE


def _check(keeping: Keeping, _options: argparse.Namespace, _most: float) -> int:
    wrong = keeping.check()
    for line in wrong:
        print(line)
    if not wrong:
        print("What is kept of earlier reads is sound.")
    return REFUSED if wrong else DONE
