"""`tockdeck help`: what a verb does, as `tockdeck VERB --help` says it."""

from __future__ import annotations

import argparse

from tui.cli import DONE, VERBS
from tui.cli.parser import overview, parser_of


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which verb."""
    parser.add_argument("verb", nargs="?", choices=tuple(VERBS), help="a verb; alone: all of them")


def run(options: argparse.Namespace) -> int:
    """Print the help."""
    (parser_of(options.verb) if options.verb else overview(VERBS)).print_help()
    return DONE
