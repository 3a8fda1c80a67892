"""`tockdeck completion bash|zsh|fish`: what the shell offers after `tockdeck`.

Made from the verbs, their options and the ids of the operations as they are in this version:
print it anew after an update, or have the shell do that as it starts:

    bash: source <(tockdeck completion bash)
    zsh:  source <(tockdeck completion zsh)
    fish: tockdeck completion fish | source
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from tui.cli import DONE, VERBS
from tui.cli.parser import parser_of
from tui.workspace.operations.catalogue import rows

SHELLS = ("bash", "zsh", "fish")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which shell."""
    parser.add_argument("shell", choices=SHELLS, help="the shell that shall complete")


def run(options: argparse.Namespace) -> int:
    """Print the script."""
    lines = _fish() if options.shell == "fish" else _bash(zsh=options.shell == "zsh")
    print("\n".join(lines))
    return DONE


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
    return [
        str(choice)
        for action in parser_of(verb)._actions
        if not action.option_strings and action.choices is not None
        for choice in action.choices
    ]


def choices_of_verb(verb: str) -> dict[str, list[str]]:
    """The values of options that have choices."""
    return {
        word: [str(choice) for choice in action.choices]
        for action in parser_of(verb)._actions
        if action.option_strings and action.choices is not None
        for word in action.option_strings
    }


def _bash(*, zsh: bool) -> Iterator[str]:
    if zsh:
        # zsh runs the same function through its own emulation of bash's completion.
        yield "autoload -Uz compinit bashcompinit"
        yield "(( $+functions[compdef] )) || compinit"
        yield "bashcompinit"
    yield "_tockdeck() {"
    yield '  local current="${COMP_WORDS[COMP_CWORD]}" before="${COMP_WORDS[COMP_CWORD-1]}"'
    yield '  local verb="${COMP_WORDS[1]}" words=""'
    yield '  if [ "$COMP_CWORD" -eq 1 ]; then'
    yield f'    words="{" ".join([*VERBS, "--help", "--version"])}"'
    yield "  else"
    yield '    case "$verb $before" in'
    for verb in VERBS:
        for option, choices in choices_of_verb(verb).items():
            yield f'      "{verb} {option}") words="{" ".join(choices)}" ;;'
    yield '      *) case "$verb" in'
    for verb in VERBS:
        words = " ".join([*options_of_verb(verb), *words_of_verb(verb)])
        yield f'        {verb}) words="{words}" ;;'
    yield "      esac ;;"
    yield "    esac"
    yield "  fi"
    yield '  COMPREPLY=($(compgen -W "$words" -- "$current"))'
    yield "}"
    yield "complete -o default -F _tockdeck tockdeck"


def _fish() -> Iterator[str]:
    for verb, what in VERBS.items():
        yield f"complete -c tockdeck -n __fish_use_subcommand -a {verb} -d {_quoted(what)}"
    for verb in VERBS:
        seen = f"complete -c tockdeck -n '__fish_seen_subcommand_from {verb}'"
        choices = choices_of_verb(verb)
        for option in options_of_verb(verb):
            values = f" -x -a '{' '.join(choices[option])}'" if option in choices else ""
            yield f"{seen} -l {option[2:]}{values}"
        words = words_of_verb(verb)
        if words:
            yield f"{seen} -f -a '{' '.join(words)}'"


def _quoted(words: str) -> str:
    return "'" + words.replace("\\", "\\\\").replace("'", "\\'") + "'"
