"""The deck's own file of connections: what a person set up inside the deck.

It is not the person's configuration file, which is never rewritten; everything in that file,
in the environment and on the command line stands over it.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path

import tomli_w

from tui.config.load import ConfigError, Field, fields
from tui.halves import half_of


def connection_fields(service: str) -> list[Field]:
    """What is asked for to connect a service: addresses, names and secrets."""
    asked = {
        "base_url", "user", "login", "password", "sesskey", "api_key", "application_token",
        "access_token", "client_id", "client_secret", "app", "email", "token", "dialect",
    }  # fmt: skip
    return [field for field in fields() if field.section == service and field.name in asked]


def keep_connection(path: Path, service: str, values: Mapping[str, str]) -> None:
    """Write one service's section; empty values are left out, all empty removes it.

    Raises OSError when the disk refuses, ConfigError when the file holds something else.
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        content = {}
    except (ValueError, RecursionError) as error:
        raise ConfigError(f"{path}: is not valid TOML: {error}") from error
    kept = {name: value for name, value in values.items() if value}
    content.pop(service, None)
    if kept:
        content[service] = kept
    path.parent.mkdir(parents=True, exist_ok=True)
    with half_of(path) as (half, descriptor):
        with os.fdopen(descriptor, "wb", closefd=False) as file:
            tomli_w.dump(content, file)
        half.replace(path)
