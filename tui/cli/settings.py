"""Reading the configuration for a verb, with its errors as one line."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from tui.config.load import ConfigError, Loaded, load
from tui.config.locations import Locations

if TYPE_CHECKING:
    import argparse


def read_settings(options: argparse.Namespace) -> tuple[Loaded, Locations]:
    """The settings of a verb with the options of `add_configuration_arguments`.

    Raises ConfigError; nothing is half-configured.
    """
    return settings_of({}, options.config, options.set)


def settings_of(
    flags: Mapping[str, str] | None, config: str | None, assignments: Sequence[str]
) -> tuple[Loaded, Locations]:
    """The settings under `flags` and `SECTION.KEY=VALUE` assignments. Raises ConfigError."""
    locations = Locations.of_user()
    chosen = dict(flags or {})
    for assignment in assignments:
        key, equals, value = assignment.partition("=")
        if not equals:
            raise ConfigError(f"--set {assignment}: write SECTION.KEY=VALUE")
        chosen[key.strip()] = value
    if locations.restoring.exists():
        _go_on_restoring(locations)
    file = locations.config_file(config)
    loaded = load(
        file,
        flags=chosen,
        kept=locations.connections_file,
        must_exist=config is not None,
    )
    for key in ("deck.time_zone", "trackmypeople.time_zone"):
        origin = loaded.origins.get(key) or ("environment TZ" if os.environ.get("TZ") else "")
        if origin:
            _check_zone(loaded, key, origin)
    if "deck.theme" in chosen:
        # Typed just now. One of the file may have gone since, which the deck says and does without.
        from tui.cli.themes import no_theme

        if wrong := no_theme(loaded):
            raise ConfigError(wrong)
    _speak_of(loaded.settings.keys)
    return loaded, locations


def _speak_of(keys: Mapping[str, Sequence[str]]) -> None:
    """Have sentences name these keys. A short verb of somebody who has set none imports nothing
    for it."""
    if keys or "tui.spoken_keys" in sys.modules:
        from tui.spoken_keys import speak_of

        speak_of(keys)


def _go_on_restoring(locations: Locations) -> None:
    """A restore was broken off when all of it was ready: before anything else it is finished."""
    from tui.cli.narration import narrate
    from tui.workspace.backup.restore import finish
    from tui.workspace.problems import one_line

    try:
        finish(locations)
    except OSError as error:
        raise ConfigError(one_line(error)) from error
    narrate("A restore that had been broken off is finished.")


def _check_zone(loaded: Loaded, key: str, origin: str) -> None:
    """What the machine itself says is right; what a person set may be no zone."""
    from tui.workspace.times import TimeTextError, zone

    section, _, name = key.partition(".")
    value = getattr(getattr(loaded.settings, section), name)
    try:
        # Which one the profile has is asked of the service.
        zone("local" if value == "profile" else value)
    except TimeTextError as error:
        raise ConfigError(f"{origin}: {key}: {error}") from error
