"""config.example.toml, written from the settings themselves."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import Any, Literal, get_args, get_origin

import tomli_w

from tui.config.load import COMMAND, fields
from tui.config.settings import SECTIONS, Settings

HEAD = """\
# tockdeck: every setting, with its default. Copy what you need into
# config.toml of the folder that `tockdeck config path` prints.
# Flags stand over the environment (TOCKDECK_SECTION_KEY), which stands over the file.
# A file that holds secrets must be readable by you alone (chmod 600).
"""


def example() -> str:
    """The whole example file."""
    return HEAD + "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    section = ""
    for field in fields():
        if field.section != section:
            section = field.section
            yield from _comment(SECTIONS[section].__doc__ or "")
            yield f"[{section}]"
        if field.name.endswith(COMMAND):
            yield f'# {field.name} = "pass show {section}"'
            continue
        doc = field.doc
        if get_origin(field.hint) is Literal:
            doc += " One of: " + ", ".join(map(str, get_args(field.hint))) + "."
        yield from _comment(doc)
        yield f"# {field.name} = {field.example if field.example.startswith(('{', '[')) else _toml(field.example or field.default)}"  # noqa: E501 - one line of the file
    yield from _comment(Settings.declared["keys"].doc)
    yield '# "timers.start" = ["s"]\n# "deck.quit" = []'


def _comment(text: str) -> list[str]:
    return textwrap.wrap(" ".join(text.split()), 88, initial_indent="\n# ", subsequent_indent="# ")


def _toml(value: Any) -> str:
    return tomli_w.dumps({"x": value}).removeprefix("x = ").strip()
