"""Secrets: from the environment, a command, the keyring or a 0600 file, in that order.

They are looked up when a service is first used, never before the first paint, and appear in
no error: a command that fails is named, what it printed is not.
"""

from __future__ import annotations

import shlex
import subprocess

from tui.config.load import ConfigError, Loaded

COMMAND_SECONDS = 30.0
KEYRING_SERVICE = "tockdeck"


def secret(loaded: Loaded, key: str) -> str:
    """The secret under `section.name`, or "" when there is none anywhere.

    Blocks while a command or the keyring is asked: call it from a thread. Raises ConfigError
    when a command fails.
    """
    section, _, name = key.partition(".")
    value = str(getattr(getattr(loaded.settings, section), name))
    if value and loaded.origins.get(key, "").startswith(("environment", "command line")):
        return value
    command = loaded.commands.get(key)
    if command:
        return _printed(command, key)
    return value or _from_keyring(key)


def source(loaded: Loaded, key: str) -> str:
    """Where a secret would come from, in a person's words, without looking it up."""
    origin = loaded.origins.get(key, "")
    if origin.startswith(("environment", "command line")):
        return origin
    if key in loaded.commands:
        return f"command {loaded.commands[key]!r}"
    return origin or "keyring, if it holds one"


def _printed(command: str, key: str) -> str:
    try:
        done = subprocess.run(
            shlex.split(command),
            capture_output=True,
            timeout=COMMAND_SECONDS,
            stdin=subprocess.DEVNULL,
            check=False,
        )
    except (OSError, ValueError, subprocess.TimeoutExpired) as error:
        raise ConfigError(f"{key}: the command could not be run: {type(error).__name__}") from error
    try:
        printed = done.stdout.decode("utf-8").strip()
    except UnicodeDecodeError as error:
        raise ConfigError(f"{key}: the command printed what is no text in UTF-8") from error
    if done.returncode or not printed:
        raise ConfigError(
            f"{key}: the command printed nothing (exit status {done.returncode}); run it by hand"
        )
    return printed.splitlines()[0]


def _from_keyring(key: str) -> str:
    try:
        import keyring
        from keyring.errors import KeyringError
    except ImportError:
        return ""
    try:
        found = keyring.get_password(KEYRING_SERVICE, key)
    except (KeyringError, OSError, RuntimeError):
        # Headless machines have no keyring: that is the same as an empty one.
        return ""
    return str(found or "")
