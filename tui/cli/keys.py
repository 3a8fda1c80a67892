"""`tockdeck keys`: the keys of every screen on one page, as this person has set them."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Mapping

from tui.cli import DONE, add_configuration_arguments, fail
from tui.cli.output import print_json
from tui.cli.settings import read_settings
from tui.commands import COMMANDS, SCREENS, HasKeys, in_scope, keys_of, shown_key
from tui.config.load import ConfigError, Loaded
from tui.key_sets import SETS
from tui.keymap import GaveWay, gave_way
from tui.widget_keys import DAY, ROWS, TABLE, TREE, WIDGET_KEYS, WidgetKey

FORMS = (
    ("⏎", "the next field, then the buttons"),
    ("space", "choose from a list"),
    ("esc", "close; what was typed is kept"),
)
TITLES = {
    "deck": "Everywhere",
    **SCREENS,
    "track": "The map of Live",
    "startline": "The start of Live",
    "widget": "Widget document",
}
PLACES = (("", ROWS), ("in a tree: ", TREE), ("in a table: ", TABLE), ("in the day: ", DAY))
"""What lists and their kinds do everywhere, and where."""
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
    parser.add_argument(
        "--ids", action="store_true", help="the ids by which [keys] changes them, with their keys"
    )
    add_configuration_arguments(parser)


def run(options: argparse.Namespace) -> int:
    """Print the cheatsheet, or which defaults gave way."""
    if options.json and not options.clashes:
        return fail("--json is for --clashes")
    if options.clashes and options.markdown:
        return fail("--clashes are lines, or objects with --json")
    if options.ids and (options.clashes or options.markdown):
        return fail("--ids are lines of their own")
    try:
        loaded, _ = read_settings(options)
    except ConfigError as error:
        return fail(str(error))
    if options.clashes:
        _print_clashes(clashes_of(loaded), options.screen, as_json=options.json)
        return DONE
    if options.ids:
        for name, keys in _by_id(loaded.settings.keys, options.screen):
            print(f"{name:<24} {keys}")
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


def clashes_of(loaded: Loaded) -> list[GaveWay]:
    """The keys, of the defaults or of the chosen set, that gave way to the person's."""
    return gave_way(loaded.own_keys, SETS[loaded.settings.key_set].keys)


def _by_id(overrides: Mapping[str, Iterable[str]], only: str | None) -> list[tuple[str, str]]:
    """Each id that `[keys]` can change, with its keys."""
    owners: list[HasKeys] = [*COMMANDS.values(), *WIDGET_KEYS.values()]
    return [
        (one.id, " ".join(map(shown_key, keys_of(one, overrides))))
        for one in owners
        if only in (None, one.id.partition(".")[0])
    ]


def _print_clashes(clashes: Iterable[GaveWay], only: str | None, *, as_json: bool) -> None:
    found = [
        one
        for one in clashes
        if only is None or only in (one.command.partition(".")[0], one.to.partition(".")[0])
    ]
    if as_json:
        print_json([one._asdict() for one in found])
        return
    for one in found:
        print(f"{shown_key(one.key):<{WIDTH}} {one.in_words}")
    if not found:
        print("No key gave way: yours and the others do not meet.")


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
        save = WIDGET_KEYS["form.save"]
        found[1:1] = [
            ("In lists, trees and tables", lists(overrides)),
            ("In forms", [FORMS[0], _line("", save, overrides), *FORMS[1:]]),
        ]
    return found


def lists(overrides: Mapping[str, Iterable[str]]) -> list[tuple[str, str]]:
    """What lists, trees and tables do everywhere."""
    found = [_line(where, one, overrides) for where, keys in PLACES for one in keys]
    return [*found, ("tab ⇤", "the next pane, the one before")]


def _line(where: str, one: WidgetKey, overrides: Mapping[str, Iterable[str]]) -> tuple[str, str]:
    return " ".join(map(shown_key, keys_of(one, overrides))), where + one.title.lower()


def _scopes() -> list[str]:
    """Every scope that has commands: the deck's, the screens', then the others."""
    return list(dict.fromkeys(["deck", *SCREENS, *(one.scope for one in COMMANDS.values())]))
