"""`tockdeck config`: where the configuration is, what is in force, whether it is sound."""

from __future__ import annotations

import argparse
import json
import re

from tui.cli import DONE, add_configuration_arguments, fail
from tui.cli.settings import read_settings
from tui.cli.themes import no_theme
from tui.config.addresses import unencrypted
from tui.config.load import SECRETS_OF_TABLES, ConfigError, Field, Loaded, fields
from tui.config.locations import Locations


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """path, show, check, example."""
    parser.add_argument(
        "what", choices=["path", "show", "check", "example"], help="what to print or do"
    )
    parser.add_argument("--origin", action="store_true", help="say where each value came from")
    add_configuration_arguments(parser)


def run(options: argparse.Namespace) -> int:
    """Print what was asked for."""
    if options.what == "path":
        print(Locations.of_user().config_file(options.config))
        return DONE
    if options.what == "example":
        from tui.config.example import example

        print(example(), end="")
        return DONE
    try:
        loaded, _ = read_settings(options)
    except ConfigError as error:
        return fail(str(error))
    if options.what == "check":
        wrong = [*unencrypted(loaded), *filter(None, [no_theme(loaded)])]
        if wrong:
            return fail("; ".join(wrong))
        print(f"{loaded.file}: sound" if loaded.file.exists() else "sound (no file, defaults only)")
        return DONE
    for line in _lines(loaded, options.origin):
        print(line)
    return DONE


def _lines(loaded: Loaded, with_origin: bool) -> list[str]:
    lines = []
    for field in fields():
        if field.section == "keys":
            lines.append(_line(field, loaded.settings.key_set, loaded, with_origin))
            continue
        section = getattr(loaded.settings, field.section)
        value = getattr(
            section, field.name, loaded.commands.get(field.key.removesuffix("_command"))
        )
        if field.name.endswith("_command") and value is None:
            continue
        lines.append(_line(field, value, loaded, with_origin))
    for name, keys in loaded.own_keys.items():
        lines.append(f'keys."{name}" = {json.dumps(keys)}')
    return lines


def _hidden(field: Field, value: object) -> str:
    """A value, with what of its tables is a secret left out of them and out of addresses."""
    names = SECRETS_OF_TABLES.get(field.key, ())
    if not names or not isinstance(value, list):
        return json.dumps(value, ensure_ascii=False)
    tables = [
        {name: "•••" if name in names else text for name, text in one.items()} for one in value
    ]
    shown = json.dumps(tables, ensure_ascii=False)
    return re.sub(rf"\b({'|'.join(names)})=[^&\"]*", r"\1=•••", shown)


def _line(field: Field, value: object, loaded: Loaded, with_origin: bool) -> str:
    shown = '"•••"' if field.secret and value else _hidden(field, value)
    origin = f"  # {loaded.origins.get(field.key, 'default')}" if with_origin else ""
    return f"{field.key} = {shown}{origin}"
