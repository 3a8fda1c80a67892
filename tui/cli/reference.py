"""`tockdeck reference`: the page of every operation, made from the operations themselves.

The page that is shipped (tui/REFERENCE.md) is what `tockdeck reference --markdown` prints.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator
from itertools import groupby

from tui.cli import DONE
from tui.cli.verbs import STATUSES
from tui.live.derived.kinds import KINDS
from tui.services.outcomes import LOOK
from tui.workspace.changes.kinds import kind_of
from tui.workspace.hooks import FIELDS
from tui.workspace.live.source_forms import FORMS, OPTIONS
from tui.workspace.operations.arguments import type_text
from tui.workspace.operations.catalogue import HOW_ELSE, Row, rows
from tui.workspace.problems import SERVICE_TITLES

INTRO = (
    "Every operation that the five services document. What is written here comes from the program "
    "itself: `tockdeck reference --markdown` prints this page anew.",
    "`tockdeck call ID name=value ...` calls one, `tockdeck ops` lists them, and the console of "
    "the deck (`:`) has a form for each. Every operation is one typed method of a client in "
    "`tui.services`. **read** changes nothing, **write** changes something, **destructive** takes "
    "something away and asks before.",
    "Parameters are given as `name=value`; a list as `name=1,2` or by repeating the name; a map as "
    "`name=key:value,key:value`; JSON as "
    "`name:=JSON`; a file as `name@=FILE`. Times are ISO 8601 or as natural as `today 14:00`.",
)
HOOKS = "What hooks are told"
DERIVED = "Derived series of Live"
SOURCES = "Sources of real boats"
FINAL = "What nothing takes back"
_SOURCE = re.compile(r"^Source:\s", re.MULTILINE)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The form of the page."""
    parser.add_argument("--markdown", action="store_true", help="as Markdown, not as plain text")


def run(options: argparse.Namespace) -> int:
    """Print the page."""
    text = page()
    print(text if options.markdown else plain(text), end="")
    return DONE


def page() -> str:
    """The whole page as Markdown."""
    return "\n".join(_lines()) + "\n"


def plain(markdown: str) -> str:
    """The page without its marks, for a terminal."""

    def heading(found: re.Match[str]) -> str:
        return found[2].upper() if len(found[1]) < 3 else found[2]

    text = re.sub(r"^(#+) (.*)$", heading, markdown, flags=re.MULTILINE)
    text = re.sub(r"\[([^]\n]+)\]\(#[^)\n]*\)", r"\1", text)
    text = re.sub(r"^- ", "    ", text, flags=re.MULTILINE)
    return text.replace("**", "").replace("`", "")


def _lines() -> Iterator[str]:
    everything = rows()
    yield "# Operations"
    for paragraph in INTRO:
        yield ""
        yield paragraph
    yield ""
    for (service, transport), members in _chapters(everything):
        yield f"- [{_title(service, transport)}](#{_anchor(service, transport)}): {len(members)}"
    yield f"- [{FINAL}](#{FINAL.lower().replace(' ', '-')})"
    yield f"- [{DERIVED}](#{DERIVED.lower().replace(' ', '-')})"
    yield f"- [{SOURCES}](#{SOURCES.lower().replace(' ', '-')})"
    yield f"- [{HOOKS}](#{HOOKS.lower().replace(' ', '-')})"
    yield ""
    yield "Exit statuses of `tockdeck call`, and of every other verb:"
    yield ""
    for status, words in STATUSES.items():
        yield f"- `{status}` {words}"
    for (service, transport), members in _chapters(everything):
        yield ""
        yield f"## {_title(service, transport)}"
        if transport in HOW_ELSE:
            yield ""
            yield f"{HOW_ELSE[transport].capitalize()}."
        for row in members:
            yield from _row(row)
    yield from _final(everything)
    yield from _derived()
    yield from _sources()
    yield from _hooks()


def _final(everything: list[Row]) -> Iterator[str]:
    """The changes that have no inverse, each with why."""
    yield ""
    yield f"## {FINAL}"
    yield ""
    yield (
        "Undo (`u`, `tockdeck changes undo`) says so of these, and passes them over only at a "
        "person's word. All others are taken back, as far as the service told what that needs."
    )
    yield ""
    for row in everything:
        why = _no_inverse(row)
        if why:
            yield f"- `{row.id}` {why}"


def _derived() -> Iterator[str]:
    """The series that Live reckons: formula, unit and what each is made of."""
    yield ""
    yield f"## {DERIVED}"
    yield ""
    yield (
        "Live reckons these from what units send; `F` shows them, `t` chooses among them, and "
        "`[live] derived` names those to begin with. Each is as old as the oldest of what it is "
        "made of; what came late is reckoned anew. Directions are true, winds and speeds over "
        "ground unless it says otherwise; speeds are shown in the unit that `v` chooses."
    )
    yield ""
    for one in KINDS.values():
        yield f"- `{one.short}` {one.name}, {one.unit}: {one.formula}. Of {one.sources}."


def _sources() -> Iterator[str]:
    """Where instruments can be heard."""
    yield ""
    yield f"## {SOURCES}"
    yield ""
    yield (
        "The embedded Igtimi hears boats' instruments: as long as `tockdeck listen ADDRESS` runs, "
        "or always with a table `[[embedded.sources]]` (`address`, `boat` for its name, and "
        "`serials` and `tokens` of units) in the configuration. They are devices like any other. "
        "While there is a source no simulated boats sail, and the embedded services do not end "
        "by themselves."
    )
    yield ""
    for form, what in FORMS.items():
        yield f"- `{form}` {what}."
    yield ""
    yield OPTIONS


def _hooks() -> Iterator[str]:
    """The document that the person's own commands read."""
    yield ""
    yield f"## {HOOKS}"
    yield ""
    yield (
        "A command of `[hooks]` reads one line of JSON from its standard input: an object with "
        "these fields. It is run without a shell (`sh -c '...'` has one), in your home, and with "
        "no variable of the environment that could hold a secret; what it prints goes nowhere. "
        "They are run one after the other, each once for a change, and nothing waits for them but "
        "the end of the program; one that takes longer than `hooks.seconds` is ended. What fails "
        "is said once."
    )
    yield ""
    for name, what in FIELDS.items():
        yield f"- `{name}` {what}"


def _no_inverse(row: Row) -> str:
    if row.operation is None or row.effect == "read":
        return ""
    kind = kind_of(row.id)
    # Logging in changes no record: undo never meets it.
    return kind.no_inverse if kind.counts else ""


def _chapters(everything: list[Row]) -> list[tuple[tuple[str, str], list[Row]]]:
    grouped = groupby(everything, key=lambda row: (row.service, row.transport))
    return [(key, list(members)) for key, members in grouped]


def _title(service: str, transport: str) -> str:
    if transport == "document":
        return "iBuildApp widget documents"
    title = SERVICE_TITLES[service]
    return f"{title} over its socket" if transport == "socket" else title


def _anchor(service: str, transport: str) -> str:
    return _title(service, transport).lower().replace(" ", "-")


def _row(row: Row) -> Iterator[str]:
    yield ""
    yield f"### `{row.id}`"
    yield ""
    yield f"**{row.effect}** — {row.title}."
    if row.operation is None:
        keys = ", ".join(f"`{name}`" for name in row.data_keys)
        yield f"Keys of its data: {keys}."
        return
    more, source = _description(row.operation.description)
    if more:
        yield ""
        yield more
    if row.operation.parameters:
        yield ""
    for parameter in row.operation.parameters:
        words = [f"`{parameter.documented_name}`", f"({type_text(parameter.hint)}"]
        words[-1] += ", required)" if parameter.required else ")"
        if parameter.help:
            words.append(parameter.help)
        if not parameter.required and parameter.default not in (None, "", (), []):
            words.append(f"Default: {parameter.default}.")
        yield "- " + " ".join(words)
    why = _no_inverse(row)
    if why:
        yield ""
        yield f"Nothing takes it back: {why[:1].lower()}{why[1:]}"
    if row.id in LOOK:
        yield ""
        yield f"When its outcome is not known, look {LOOK[row.id]}."
    if source:
        yield ""
        yield f"Source: {source}"


def _description(text: str) -> tuple[str, str]:
    """What stands between the title and the source, and the source; each on one line."""
    body = text.partition("\n")[2]
    more, _, source = _SOURCE.sub("\0", body, count=1).partition("\0")
    return " ".join(more.split()), " ".join(source.split())
