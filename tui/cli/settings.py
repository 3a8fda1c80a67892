"""Reading the configuration for a verb, with its errors as one line."""

from __future__ import annotations

import argparse

from tui.config.load import ConfigError, Loaded, load
from tui.config.locations import Locations
from tui.workspace.times import TimeTextError, zone


def read_settings(
    options: argparse.Namespace, flags: dict[str, str] | None = None
) -> tuple[Loaded, Locations]:
    """The settings of this run. Raises ConfigError; nothing is half-configured."""
    locations = Locations.of_user()
    chosen = dict(flags or {})
    for assignment in options.set:
        key, equals, value = assignment.partition("=")
        if not equals:
            raise ConfigError(f"--set {assignment}: write SECTION.KEY=VALUE")
        chosen[key.strip()] = value
    file = locations.config_file(options.config)
    loaded = load(
        file,
        flags=chosen,
        kept=locations.connections_file,
        must_exist=options.config is not None,
    )
    from tui.commands import clashes

    problems = clashes(loaded.settings.keys)
    if problems:
        raise ConfigError(f"{file}: {problems[0]}")
    for key in ("deck.time_zone", "trackmypeople.time_zone"):
        section, _, name = key.partition(".")
        try:
            zone(getattr(getattr(loaded.settings, section), name))
        except TimeTextError as error:
            raise ConfigError(f"{loaded.origins[key]}: {key}: {error}") from error
    return loaded, locations
