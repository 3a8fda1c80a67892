"""Loading settings: flags over environment over file over what the deck kept over defaults."""

from __future__ import annotations

import os
import stat
import types
import typing
from collections.abc import Callable, Iterator, Mapping
from functools import cache, partial
from pathlib import Path
from typing import Any, Literal, NamedTuple, get_args, get_origin
from urllib.parse import urlsplit

from tui.config.declaring import LARGEST_NUMBER
from tui.config.settings import SECTIONS, SERVICES, Settings

ENVIRONMENT = "TOCKDECK_"
COMMAND = "_command"
"""Ends the key that holds a command which prints a secret."""


class ConfigError(Exception):
    """The configuration cannot be used; the message names the file, the key and the way out."""


class Field(NamedTuple):
    """One setting as the loader sees it."""

    section: str
    name: str
    default: Any
    doc: str
    secret: bool
    example: str
    above: float | None = None
    most: float = LARGEST_NUMBER

    @property
    def hint(self) -> Any:
        """The type that it is declared with; worked out only for what somebody sets."""
        kind = SECTIONS[self.section]
        return _hints(self.section)[self.name] if self.name in kind.declared else str

    @property
    def key(self) -> str:
        """`section.name`, as in `config show`."""
        return f"{self.section}.{self.name}"

    @property
    def variable(self) -> str:
        """The environment variable that sets it."""
        return f"{ENVIRONMENT}{self.section}_{self.name}".upper()


class Loaded(NamedTuple):
    """Settings, and where each one that is not a default came from.

    Not a dataclass: what those are made by is more than all else that a verb of the shell imports.
    """

    settings: Settings
    origins: Mapping[str, str]
    file: Path
    commands: Mapping[str, str]
    """Secret's key -> the command that prints it."""
    own_keys: Mapping[str, list[str]]
    """The person's `[keys]`; the settings have them with what is left to other commands."""
    again: Callable[..., Loaded]
    """Reads all layers anew; `trying`, a section's values by name, as if the deck had kept them."""

    def configured(self, service: str) -> bool:
        """True when a person set anything up for this service."""
        return any(key.partition(".")[0] == service for key in self.origins)

    @property
    def any_service_configured(self) -> bool:
        """True when at least one service is set up."""
        return any(self.configured(service) for service in SERVICES)


@cache
def _hints(section: str) -> dict[str, Any]:
    return typing.get_type_hints(SECTIONS[section])


def fields() -> Iterator[Field]:
    """Every setting, in the order of the example file."""
    for section, kind in SECTIONS.items():
        for name, declared in kind.declared.items():
            yield Field(section, name, *declared)
            if declared.secret:
                doc = f"A command that prints {name}, such as `pass show {section}`."
                yield Field(section, name + COMMAND, "", doc, False, "")


def load(
    file: Path,
    *,
    flags: Mapping[str, str] | None = None,
    environment: Mapping[str, str] | None = None,
    kept: Path | None = None,
    must_exist: bool = False,
    trying: Mapping[str, Mapping[str, str]] | None = None,
) -> Loaded:
    """Read all layers. `flags` maps `section.name` to text; `kept` is the deck's own file, in
    which the sections of `trying` stand in the place of its own.

    Raises ConfigError naming the place and the nearest known key; nothing is half-loaded.
    """
    environment = os.environ if environment is None else environment
    known = {field.key: field for field in fields()}
    values: dict[str, Any] = {}
    origins: dict[str, str] = {}
    keys: dict[str, list[str]] = {}
    key_files: dict[str, Path] = {}
    for path, needed in ((kept, False), (file, must_exist)):
        if path is None:
            continue
        content = _read_file(path, needed)
        if path == kept:
            content = _with_sections(content, trying or {})
        for key, value in content.items():
            if key.startswith("keys.") and key not in known:
                keys[key[5:]] = _key_names(value, key, path)
                key_files[key[5:]] = path
                continue
            field = _known(key, known, str(path))
            values[key] = _convert(field, value, str(path))
            origins[key] = str(path)
            held = _held_in(key, value)
            if ((field.secret and value) or held) and path == file:
                _private(path, key, held)
    for field in known.values() if any(map(_ours, environment)) else ():
        text = environment.get(field.variable)
        if text is not None:
            values[field.key] = _parse(field, text, field.variable)
            origins[field.key] = f"environment {field.variable}"
    for key, text in (flags or {}).items():
        field = _known(key, known, "the command line")
        values[key] = _parse(field, text, f"--set {key}")
        origins[key] = "command line"
    key_set = values.get("keys.set", "default")
    fitting = _fitting_keys(keys, key_files, key_set) if keys or key_set != "default" else keys
    commands = {
        key.removesuffix(COMMAND): values.pop(key) for key in list(values) if key.endswith(COMMAND)
    }
    by_section: dict[str, dict[str, Any]] = {}
    for key, value in values.items():
        section, _, name = key.partition(".")
        by_section.setdefault(section, {})[name] = value
    sections = {name: kind(**by_section.get(name, {})) for name, kind in SECTIONS.items()}
    return Loaded(
        Settings(**{**sections, "keys": fitting}, key_set=key_set),
        origins,
        file,
        commands,
        keys,
        again=partial(
            load, file, flags=flags, environment=environment, kept=kept, must_exist=must_exist
        ),
    )


def _ours(variable: str) -> bool:
    return variable.startswith(ENVIRONMENT)


def _read_file(path: Path, needed: bool) -> dict[str, Any]:
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        if needed:
            raise ConfigError(f"{path}: there is no such file") from None
        return {}
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
        raise ConfigError(f"{path}: cannot be read: {reason}") from error
    import tomllib  # most have no file of their own

    try:
        content = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        # Not only what tomllib calls so: a number of thousands of digits is another error.
        raise ConfigError(f"{path}: is not valid TOML: {error}") from error
    flat: dict[str, Any] = {}
    for section, values in content.items():
        if not isinstance(values, dict):
            flat[section] = values
            continue
        for name, value in values.items():
            if section == "keys" and isinstance(value, dict):
                flat.update({f"keys.{name}.{inner}": keys for inner, keys in value.items()})
            else:
                flat[f"{section}.{name}"] = value
    return flat


def _with_sections(
    content: Mapping[str, Any], sections: Mapping[str, Mapping[str, str]]
) -> dict[str, Any]:
    """The content of a file with these sections instead of its own."""
    others = {key: value for key, value in content.items() if key.split(".")[0] not in sections}
    return others | {
        f"{section}.{name}": value
        for section, values in sections.items()
        for name, value in values.items()
    }


def _known(key: str, known: Mapping[str, Field], where: str) -> Field:
    field = known.get(key)
    if field is not None:
        return field
    section, _, name = key.partition(".")
    from tui.nearest import nearest

    near = nearest(key, known)
    hint = f"; did you mean {near}?" if near else ""
    what = f"unknown key {key}" if name else f"unknown section or key {section}"
    raise ConfigError(f"{where}: {what}{hint}")


def _parse(field: Field, text: str, where: str) -> Any:
    """A value from text: the environment or the command line."""
    hint = field.hint
    if hint is bool:
        words = {"1": True, "true": True, "yes": True, "on": True}
        words |= {"0": False, "false": False, "no": False, "off": False}
        if text.strip().lower() not in words:
            raise ConfigError(f"{where}: {field.key} should be true or false, but is {text!r}")
        return words[text.strip().lower()]
    if hint in (int, float):
        try:
            return _bounded(field, hint(text), where)
        except ValueError:
            raise ConfigError(f"{where}: {field.key} should be a number, but is {text!r}") from None
    if get_origin(hint) is list:
        parts = [part.strip() for part in text.split(",") if part.strip()]
        if get_origin(get_args(hint)[0]) is dict:
            return [{_FIRST_OF_TABLE[field.key]: part} for part in parts]
        return parts
    if get_origin(hint) is dict:
        return dict(part.split("=", 1) for part in text.split(",") if "=" in part)
    return _convert(field, text, where)


def _convert(field: Field, value: Any, where: str) -> Any:
    """A value checked against its field's type; secrets never show in the error."""
    hint, origin = field.hint, get_origin(field.hint)
    if hint in (int, float) and isinstance(value, (int, float)) and not isinstance(value, bool):
        _bounded(field, value, where)
    if hint is float and isinstance(value, int) and not isinstance(value, bool):
        value = float(value)
    if origin is Literal:
        if value not in get_args(hint):
            options = ", ".join(map(str, get_args(hint)))
            raise ConfigError(f"{where}: {field.key} should be one of {options}, but is {value!r}")
    elif origin in (list, dict):
        item = get_args(hint)[-1]
        if get_origin(item) is dict:
            return _tables(field, value, where)
        members = value.values() if isinstance(value, dict) else value
        if not isinstance(value, origin) or not all(isinstance(one, item) for one in members):
            raise ConfigError(f"{where}: {field.key} should be {_words(hint)}")
    elif not isinstance(value, hint) or (hint is int and isinstance(value, bool)):
        shown = "" if field.secret else f", but is {value!r}"
        raise ConfigError(f"{where}: {field.key} should be {_words(hint)}{shown}")
    if field.name == "base_url" and value:
        from tui.config.base_urls import NotMeant, base_url

        try:
            return base_url(field.section, value)
        except NotMeant as error:
            raise ConfigError(f"{where}: {field.key} {error}") from None
    if field.name == "socket_url" and value:
        _insist_on_websocket(field, value, where)
    return value


_FIRST_OF_TABLE = {"embedded.sources": "address"}
"""Of a setting that is a list of tables the key that each has; as text it is that alone."""

_KEYS_OF_TABLE = {"embedded.sources": ("address", "boat", "serials", "tokens")}
_SEVERAL = frozenset({"serials", "tokens"})
"""Keys of such tables whose texts hold several with commas between; a list of them is as good."""

SECRETS_OF_TABLES = {"embedded.sources": ("tokens",)}
"""Of such a table what is a secret: it is shown nowhere, and its file is one's own."""


def _tables(field: Field, value: Any, where: str) -> list[dict[str, str]]:
    """A list of tables of texts. Raises ConfigError."""
    first, known = _FIRST_OF_TABLE[field.key], _KEYS_OF_TABLE[field.key]
    found: list[dict[str, str]] = []
    for table in value if isinstance(value, list) else [None]:
        if not isinstance(table, dict) or not table.get(first):
            raise ConfigError(f"{where}: {field.key} should be tables, each with {first}")
        found.append({})
        for name, told in table.items():
            if name not in known:
                raise ConfigError(
                    f"{where}: {field.key}: a table has {', '.join(known)}; {name} is none of these"
                )
            found[-1][name] = _text_of(
                told, f"{where}: {field.key}: {name}", several=name in _SEVERAL
            )
    return found


def _text_of(told: Any, where: str, *, several: bool) -> str:
    """A text of a table, or several with commas between them. Raises ConfigError, which quotes
    nothing: it may be a secret.
    """
    if isinstance(told, str):
        return told
    if several and isinstance(told, list) and all(isinstance(one, str) for one in told):
        return ",".join(told)
    wanted = 'a text, such as "A,B", or a list, such as ["A", "B"]' if several else "a text"
    raise ConfigError(f"{where} should be {wanted}")


def _held_in(key: str, value: Any) -> str:
    """The name of a secret that a list of tables holds; empty where it holds none."""
    names = SECRETS_OF_TABLES.get(key, ())
    for name in names:
        if any(one.get(name) or f"{name}=" in one[_FIRST_OF_TABLE[key]] for one in value):
            return name
    return ""


def _insist_on_websocket(field: Field, value: str, where: str) -> None:
    """Raises ConfigError for an address that is no websocket's."""
    try:
        parts = urlsplit(value)
        usable = parts.scheme in ("ws", "wss") and parts.hostname and parts.port != 0
    except ValueError:
        usable = False
    if not usable:
        raise ConfigError(f"{where}: {field.key} should be a ws or wss address")
    if parts.username is not None or parts.password is not None:
        raise ConfigError(f"{where}: {field.key} must not hold a user name or password")


def _bounded(field: Field, value: float, where: str) -> float:
    """The number, which is finite and means something. Raises ConfigError for any other."""
    lowest = -LARGEST_NUMBER if field.above is None else field.above
    # Nothing compares with what is no number.
    if not lowest < value <= field.most:
        least = "" if field.above is None else f"more than {field.above:g} and "
        raise ConfigError(f"{where}: {field.key} should be {least}at most {field.most:,}")
    return value


def _words(hint: Any) -> str:
    named = {str: "text", int: "a whole number", float: "a number", bool: "true or false"}
    if isinstance(hint, types.GenericAlias):
        return "a list of texts" if get_origin(hint) is list else "a table of texts"
    return named[hint]


def _key_names(value: Any, key: str, path: Path) -> list[str]:
    names = [value] if isinstance(value, str) else value
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise ConfigError(f"{path}: {key} should be a key or a list of keys")
    from tui.keys import UnknownKey, key_name

    try:
        return [key_name(name) for name in names if name and name != "disabled"]
    except UnknownKey as error:
        raise ConfigError(f"{path}: {key}: {error}") from None


def _fitting_keys(
    keys: Mapping[str, list[str]], origin: Mapping[str, Path], key_set: str
) -> dict[str, list[str]]:
    """A person's keys over those of a set, and what is left to those that give way to them.

    Raises ConfigError with all that is wrong with them.
    """
    from tui.key_sets import SETS
    from tui.keymap import fitted, problems_of

    base = SETS[key_set]
    problems = problems_of(keys, base.keys, counts=base.counts)
    if problems:
        files = ", ".join(dict.fromkeys(map(str, origin.values())))
        raise ConfigError(f"{files}: [keys]: {'; '.join(problems)}")
    return fitted(keys, base.keys)


def _private(path: Path, key: str, held: str = "") -> None:
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise ConfigError(
            f"{path}: {' '.join(filter(None, (key, held)))} is a secret, but other users can read"
            " this file; "
            f"run `chmod 600 {path}`, or set {ENVIRONMENT}{key.replace('.', '_').upper()}"
        )
