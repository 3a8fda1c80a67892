"""Where the program's files are: the XDG directories on every system, or below one root."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple


class Locations(NamedTuple):
    """The directories of one user. Nothing is created here."""

    config: Path
    data: Path
    state: Path
    cache: Path

    @classmethod
    def of_user(cls) -> Locations:
        """XDG_CONFIG_HOME and its siblings, or all below TOCKDECK_HOME when that is set."""
        root = os.environ.get("TOCKDECK_HOME")
        if root:
            home = Path(root).expanduser()
            return cls(home / "config", home / "data", home / "state", home / "cache")
        from platformdirs.unix import Unix

        unix = Unix("tockdeck")
        return cls(
            Path(unix.user_config_dir),
            Path(unix.user_data_dir),
            Path(unix.user_state_dir),
            Path(unix.user_cache_dir),
        )

    def config_file(self, chosen: str | None = None) -> Path:
        """--config, else TOCKDECK_CONFIG, else config.toml in the configuration directory."""
        named = chosen or os.environ.get("TOCKDECK_CONFIG")
        return Path(named).expanduser() if named else self.config / "config.toml"

    @property
    def connections_file(self) -> Path:
        """Connections made inside the deck: the program's own file, never the person's."""
        return self.data / "connections.toml"

    @property
    def embedded(self) -> Path:
        """The data directory of the embedded services."""
        return self.data / "embedded"

    @property
    def restoring(self) -> Path:
        """The plan of a restore that is made; there only until it is."""
        return self.data / "restoring" / "plan.json"

    def theme_folders(self, config_file: Path) -> list[Path]:
        """A person's own themes first, then the ones that are shipped."""
        own = [config_file.parent / "themes"]
        if own[0] != self.config / "themes":
            own.append(self.config / "themes")
        return [*own, shipped("themes")]


def shipped(name: str) -> Path:
    """A file or folder that comes with the program, from a wheel or from a checkout."""
    package = Path(__file__).resolve().parent.parent
    installed = package / "_shipped" / name
    return installed if installed.exists() else package.parent / name
