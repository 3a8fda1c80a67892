"""`tockdeck keys`: the keys of every screen on one page, as this person has set them."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Mapping

from tui.cli import DONE, add_configuration_arguments, fail
from tui.cli.output import print_json
from tui.cli.settings import read_settings
from tui.commands import COMMANDS, SCREENS, in_scope, keys_of, shown_key
from tui.config.load import ConfigError
from tui.keymap import gave_way

LISTS = (
    ("j k ↓ ↑", "the next line, the one before"),
    ("g G home end", "the first line, the last"),
    ("^d ^u", "half a page down, up"),
    ("pagedown pageup", "a page down, up"),
    ("h l ← →", "close and open in a tree; to the side in a table"),
    ("space", "open or close in a tree; mark in a table"),
    ("< > =", "a narrower column, a wider one, automatic widths"),
    ("0 $", "the first column, the last"),
    ("⏎", "open"),
    ("tab ⇤", "the next pane, the one before"),
)
"""What lists, trees and tables do everywhere."""
FORMS = (
    ("⏎", "the next field, then the buttons"),
    ("f2 ^o", "save"),
    ("space", "choose from a list"),
    ("esc", "close; what was typed is kept"),
)
TITLES = {"deck": "Everywhere", **SCREENS, "track": "The map of Live", "widget": "Widget document"}
WIDTH = 17
PALETTE = "in the palette"
"""What stands for the key of a command that has none."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """One screen, and the form."""
    parser.add_argument("screen", nargs="?", choices=_scopes(), help="only the keys of one screen")
    parser.add_argument("--markdown", action="store_true", help="as tables of Markdown")
    parser.add_argument(
        "--clashes",
        action="store_true",
        help="only the default keys that gave way to yours in [keys]",
    )
    parser.add_argument("--json", action="store_true", help="with --clashes: a list of objects")
    add_configuration_arguments(parser)


def run(options: argparse.Namespace) -> int:
    """Print the cheatsheet, or which defaults gave way."""
    if options.json and not options.clashes:
        return fail("--json is for --clashes")
    if options.clashes and options.markdown:
        return fail("--clashes are lines, or objects with --json")
    try:
        loaded, _ = read_settings(options)
    except ConfigError as error:
        return fail(str(error))
    if options.clashes:
        _print_clashes(loaded.own_keys, options.screen, as_json=options.json)
        return DONE
    for title, lines in groups(loaded.settings.keys, options.screen):
        if options.markdown:
            print(f"## {title}\n\n| key | what it does |\n|---|---|")
            for key, what in lines:
                print(f"| `{key}` | {what} |")
        else:
            print(title)
            for key, what in lines:
                print(f"  {key:<{WIDTH}} {what}")
        print()
    return DONE


def _print_clashes(
    own_keys: Mapping[str, Iterable[str]], only: str | None, *, as_json: bool
) -> None:
    found = [
        one
        for one in gave_way(own_keys)
        if only is None or only in (COMMANDS[one.command].scope, COMMANDS[one.to].scope)
    ]
    if as_json:
        print_json([one._asdict() for one in found])
        return
    for one in found:
        print(f"{shown_key(one.key):<{WIDTH}} {one.in_words}")
    if not found:
        print("No default key gave way: yours and the others do not meet.")


def groups(
    overrides: Mapping[str, Iterable[str]], only: str | None = None
) -> list[tuple[str, list[tuple[str, str]]]]:
    """The groups of the cheatsheet: a title, and keys with what they do.

    A command without a key is there too: the palette has it.
    """
    found = [
        (
            TITLES.get(scope, scope.capitalize()),
            [
                (
                    " ".join(map(shown_key, keys_of(command, overrides))) or PALETTE,
                    f"{command.title}: {command.help}",
                )
                for command in in_scope(scope)
            ],
        )
        for scope in _scopes()
        if only in (None, scope)
    ]
    if only is None:
        found[1:1] = [("In lists, trees and tables", list(LISTS)), ("In forms", list(FORMS))]
    return found


def _scopes() -> list[str]:
    """Every scope that has commands: the deck's, the screens', then the others."""
    return list(dict.fromkeys(["deck", *SCREENS, *(one.scope for one in COMMANDS.values())]))
