"""What shells complete: options and words of verbs, what settings and operations take."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Literal, get_args, get_origin

from tui.cli.parser import parser_of
from tui.cli.stored_names import KINDS
from tui.cli.themes import theme_names
from tui.config.load import fields
from tui.config.locations import Locations
from tui.workspace.operations.arguments import bare, choices_of
from tui.workspace.operations.catalogue import rows

NAMES = "names"
"""In the place of a shell: prints what was read, as verbs take it."""
TRUTH = ("true", "false")


def options_of_verb(verb: str) -> list[str]:
    """The options of a verb that begin with two dashes."""
    return [
        word
        for action in parser_of(verb)._actions
        for word in action.option_strings
        if word.startswith("--")
    ]


def words_of_verb(verb: str) -> list[str]:
    """What may stand as an argument of a verb, where that is known."""
    if verb in ("call", "ops"):
        return [row.id for row in rows() if verb == "ops" or row.transport == "HTTP"]
    if verb == "invoices":
        from tui.cli.invoices import WORDS

        return list(WORDS)
    chosen = (
        action.choices
        for action in parser_of(verb)._actions
        if not action.option_strings and action.choices is not None
    )
    return list(map(str, next(chosen, ())))


def words_behind(verb: str) -> dict[str, list[str]]:
    """Each word of a verb that stands there but once -> what may stand behind it."""
    if verb in ("call", "ops"):
        return {}
    behind: dict[str, list[str]] = {word: [] for word in words_of_verb(verb)}
    if verb == "invoices":
        from tui.cli.invoices_recurring import DRAFT, RECURRING

        behind[RECURRING] = [DRAFT]
    elif verb == "completion":
        behind[NAMES] = list(KINDS)
    return behind


def choices_of_verb(verb: str) -> dict[str, list[str]]:
    """The values of options that have choices; `--set` has all settings."""
    known: dict[str, Callable[[], list[str]]] = {
        "--set": settings, "--theme": _themes, "--type": _types,
    }  # fmt: skip
    return {
        word: known[word]() if word in known else list(map(str, action.choices or ()))
        for action in parser_of(verb)._actions
        for word in action.option_strings
        if action.choices is not None or word in known
    }


@cache
def settings() -> list[str]:
    """What `--set` takes: each setting up to its value, or with each value that it may have."""
    found = []
    for field in fields():
        values: tuple[str, ...] = ()
        if field.key == "deck.theme":
            values = tuple(_themes())
        elif field.hint is bool:
            values = TRUTH
        elif get_origin(field.hint) is Literal:
            values = tuple(map(str, get_args(field.hint)))
        found += _assigned(field.key, values)
    return found


def parameters() -> dict[str, list[str]]:
    """Id of each operation that has parameters -> each up to its value, or with each value that
    is documented.
    """
    return {
        row.id: [
            word
            for one in row.operation.parameters
            for word in _assigned(
                one.documented_name, TRUTH if bare(one.hint) is bool else choices_of(one.hint)
            )
        ]
        for row in rows()
        if row.transport == "HTTP" and row.operation is not None and row.operation.parameters
    }


def _assigned(name: str, values: tuple[str, ...]) -> list[str]:
    """`name=`, or with each of the values; a value that a shell would take apart is left out."""
    plain = [value for value in values if value and value.replace("-", "").isalnum()]
    return [f"{name}={value}" for value in plain] or [f"{name}="]


def _types() -> list[str]:
    """The short names of data types."""
    from tui.workspace.live.live import TYPES

    return [one.short for one in TYPES.values()]


def _themes() -> list[str]:
    """The names of the themes that are shipped, and of a person's own."""
    return theme_names(Locations.of_user().config_file())
