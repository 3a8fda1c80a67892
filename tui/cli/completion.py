"""`tockdeck completion bash|zsh|fish`: what the shell offers after `tockdeck`.

Made from the verbs, their options, the settings, and the operations with their parameters as they
are in this version: print it anew after an update, or have the shell do that as it starts.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping

from tui.cli import DONE, VERBS, fail
from tui.cli.completed import (
    NAMES,
    choices_of_verb,
    options_of_verb,
    parameters,
    settings,
    words_behind,
    words_of_verb,
)
from tui.cli.parser import parser_of
from tui.cli.stored_names import KINDS
from tui.cli.stored_names import run as print_names
from tui.workspace.operations.catalogue import rows

NAMED: Mapping[str, str] = {
    "table": "tables",
    "files": "tables",
    "start": "trackers",
    "switch": "trackers",
    "add": "trackers",
    "invoices": "clients",
}
"""Verb -> the kind of names that stand as its arguments."""
NAMED_BY_OPTION: Mapping[tuple[str, str], str] = {
    ("hours", "--tracker"): "trackers",
    ("invoices", "--project"): "projects",
}
"""The same of an option's value."""
SHELLS = ("bash", "zsh", "fish")
LOADING = """\
How a shell loads it, at each start or once and for all:
  bash  source <(tockdeck completion bash)
        tockdeck completion bash > \\
          ~/.local/share/bash-completion/completions/tockdeck
  zsh   source <(tockdeck completion zsh)
        tockdeck completion zsh > DIRECTORY/_tockdeck, a directory of $fpath
  fish  tockdeck completion fish | source
        tockdeck completion fish > ~/.config/fish/completions/tockdeck.fish

What was written to a file is of the version that wrote it:
after an update write it anew."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which shell."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = LOADING
    parser.add_argument(
        "shell",
        choices=(*SHELLS, NAMES),
        help="the shell that shall complete; names prints what was read, as the scripts ask for it",
    )
    parser.add_argument("kind", nargs="?", choices=KINDS, help="of names: which (default: tables)")


def run(options: argparse.Namespace) -> int:
    """Print the script."""
    if options.shell == NAMES:
        return print_names(options.kind or KINDS[0])
    if options.kind:
        return fail(f"{options.kind} are {NAMES}, of no shell")
    lines = {"bash": _bash, "zsh": _zsh, "fish": _fish}[options.shell]()
    print("\n".join(lines))
    return DONE


_BASH_NAMES = r"""    # Names have blanks: they are told line by line, and quoted.
    local typed="${{current//\\/}}" name
    local -a named=()
    typed="${{typed#[\"\']}}"
    while IFS= read -r name; do
      if [[ $name != "$typed"* ]]; then continue; fi
      if [[ $current == [\"\']* ]]; then
        # Within quotes that a person began, only what means nothing there.
        if [[ $name == *[\\\$\`\"\'!]* ]]; then continue; fi
      else
        printf -v name %q "$name"
      fi
      named+=("$name")
    done < <(command tockdeck completion {names} "$kind" 2> /dev/null)
    # Where there are names, options are offered behind a dash.
    if ((${{#named[@]}})); then
      for word in "${{COMPREPLY[@]}}"; do
        if [[ $word != -* ]]; then named+=("$word"); fi
      done
      COMPREPLY=("${{named[@]}}")
    fi"""
_BEFORE = "${{{word}}} == --set || ${{{word}}} == --config"

_FISH_VERB = r"""function __tockdeck_verb
  # What reads the configuration may stand before the verb; without one the deck opens.
  set -l words (commandline -opc)
  set -e words[1]
  while test (count $words) -gt 1; and contains -- $words[1] --set --config
    set -e words[1..2]
  end
  if string match -q -- '-*' "$words[1]"
    echo open
  else
    echo "$words[1]"
  end
end
function __tockdeck_is
  test "$argv[1]" = (__tockdeck_verb)
end"""

# -- scripts --------------------------------------------------------------------------------------


def _bash() -> Iterator[str]:
    yield "_tockdeck() {"
    yield '  local index word current="" before="" verb offered="" kind=""'
    yield "  local -a line=()"
    yield "  # bash takes words apart at each equals sign: they are put together again."
    yield "  for ((index = 0; index <= COMP_CWORD; index++)); do"
    yield '    word="${COMP_WORDS[index]}"'
    yield '    if ((index > 1)) && [[ $word == "=" || ${COMP_WORDS[index-1]} == "=" ]]; then'
    yield '      line[${#line[@]}-1]+="$word"'
    yield "    else"
    yield '      line+=("$word")'
    yield "    fi"
    yield "  done"
    yield "  # What reads the configuration may stand before the verb; without one the deck opens."
    yield f"  while ((${{#line[@]}} > 3)) && [[ {_BEFORE.format(word='line[1]')} ]]; do"
    yield '    line=("${line[0]}" "${line[@]:3}")'
    yield "  done"
    yield "  if ((${#line[@]} > 2)) && [[ ${line[1]} == -* ]]; then"
    yield '    line=("${line[0]}" open "${line[@]:1}")'
    yield "  fi"
    yield "  index=$((${#line[@]} - 1))"
    yield '  current="${line[index]}" before="${line[index-1]}" verb="${line[1]}"'
    yield '  if [ "$index" -eq 1 ]; then'
    yield f'    offered="{" ".join(_first())}"'
    yield "  else"
    yield '    line=("${line[@]:2:index-2}")'
    yield from _offered()
    yield "  fi"
    yield '  COMPREPLY=($(compgen -W "$offered" -- "$current"))'
    yield "  if [[ -n $kind && $current != -* ]]; then"
    yield _BASH_NAMES.format(names=NAMES)
    yield "  fi"
    yield "  if [[ ${COMPREPLY[0]} == *= ]]; then compopt -o nospace 2> /dev/null; fi"
    yield "  # Of a word that was taken apart only the part behind the sign is wanted."
    yield "  if [[ $current == *=* && $COMP_WORDBREAKS == *=* ]]; then"
    yield '    COMPREPLY=("${COMPREPLY[@]#"${current%"${current##*=}"}"}")'
    yield "  fi"
    yield "}"
    yield "complete -o default -F _tockdeck tockdeck"


def _zsh() -> Iterator[str]:
    yield "#compdef tockdeck"
    yield "_tockdeck() {"
    yield "  # What reads the configuration may stand before the verb; without one the deck opens."
    yield f"  while ((CURRENT > 3)) && [[ {_BEFORE.format(word='words[2]')} ]]; do"
    yield '    words=("${words[1]}" "${(@)words[4,-1]}")'
    yield "    ((CURRENT -= 2))"
    yield "  done"
    yield "  if ((CURRENT > 2)) && [[ ${words[2]} == -* ]]; then"
    yield '    words=("${words[1]}" open "${(@)words[2,-1]}")'
    yield "    ((CURRENT++))"
    yield "  fi"
    yield '  local word current="${words[CURRENT]}" before="${words[CURRENT-1]}"'
    yield '  local verb="${words[2]}" offered="" kind=""'
    yield "  local -a line whole begun"
    yield "  if ((CURRENT == 2)); then"
    yield f'    offered="{" ".join(_first())}"'
    yield "  else"
    yield '    line=("${(@)words[3,CURRENT-1]}")'
    yield from _offered()
    yield "  fi"
    yield "  for word in ${=offered}; do"
    yield "    if [[ $word == *= ]]; then begun+=($word); else whole+=($word); fi"
    yield "  done"
    yield "  local found=1"
    yield "  if [[ -n $kind && $PREFIX != -* ]]; then"
    yield f'    line=(${{(f)"$(command tockdeck completion {NAMES} $kind 2> /dev/null)"}})'
    yield "    # Where there are names, options are offered behind a dash."
    yield "    if compadd -a line; then found=0 whole=(${whole:#-*}); fi"
    yield "  fi"
    yield "  compadd -a whole && found=0"
    yield "  compadd -S '' -a begun && found=0"
    yield "  ((found == 0)) || _files"
    yield "}"
    yield "# Loaded by its name from a directory of $fpath, or sourced."
    yield 'if [[ "${funcstack[1]}" == _tockdeck ]]; then'
    yield '  _tockdeck "$@"'
    yield "else"
    yield "  (( $+functions[compdef] )) || { autoload -Uz compinit && compinit }"
    yield "  compdef _tockdeck tockdeck"
    yield "fi"


def _offered() -> Iterator[str]:
    """What bash and zsh both understand: `verb`, the words of `line` behind it, the one `before`;
    `offered` is what may stand now, `kind` which names.
    """
    options = {verb: " ".join(options_of_verb(verb)) for verb in VERBS}
    yield f'    local settings="{" ".join(settings())}"'
    yield '    case "$verb $before" in'
    for verb in VERBS:
        for option, choices in choices_of_verb(verb).items():
            values = "$settings" if option == "--set" else " ".join(choices)
            yield f'      "{verb} {option}") offered="{values}" ;;'
    yield '      *) case "$verb" in'
    for verb in VERBS:
        yield f'        {verb}) offered="{" ".join([options[verb], *words_of_verb(verb)])}" ;;'
    yield "      esac"
    yield '      for word in "${line[@]}"; do case "$verb $word" in'
    for verb in VERBS:
        last = [word for word, more in words_behind(verb).items() if not more]
        for word, more in words_behind(verb).items():
            if more:
                yield f'        "{verb} {word}") offered="{" ".join([options[verb], *more])}" ;;'
        if last:
            patterns = "|".join(f'"{verb} {word}"' for word in last)
            yield f'        {patterns}) offered="{options[verb]}" ;;'
    yield "      esac; done"
    yield '      if [ "$verb" = call ]; then for word in "${line[@]}"; do case "$word" in'
    for operation, names in parameters().items():
        yield f'        {operation}) offered="{options["call"]} {" ".join(names)}" ;;'
    yield "      esac; done; fi ;;"
    yield "    esac"
    yield '    case "$verb $before" in'
    for (verb, option), kind in NAMED_BY_OPTION.items():
        yield f'      "{verb} {option}") kind={kind} ;;'
    for verb, kind in NAMED.items():
        flags = "|".join(f'"{verb} {flag}"' for flag in _flags(verb))
        yield f"      {flags}) kind={kind} ;;"
        yield f'      "{verb} -"*) ;; # the value of an option'
        yield f'      "{verb} "*) kind={kind} ;;'
    yield "    esac"


def _flags(verb: str) -> list[str]:
    """The options of a verb behind which no value stands."""
    return [
        word
        for action in parser_of(verb)._actions
        for word in action.option_strings
        if action.nargs == 0
    ]


def _first() -> list[str]:
    """What may stand as the first word."""
    return list(dict.fromkeys([*VERBS, "--help", "--version", *options_of_verb("open")]))


def _fish() -> Iterator[str]:
    yield _FISH_VERB
    for verb, what in VERBS.items():
        yield f"complete -c tockdeck -n '__tockdeck_is \"\"' -f -a {verb} -d {_quoted(what)}"
    for option in _first()[len(VERBS) :]:
        yield f"complete -c tockdeck -n '__tockdeck_is \"\"' -l {option[2:]}"
    services = "|".join(dict.fromkeys(row.service for row in rows()))
    named = f'string match -qr -- "^({services})[.][^=]+\\$" (commandline -opc)'
    for verb in VERBS:
        seen = f"complete -c tockdeck -n '__tockdeck_is {verb}'"
        choices = choices_of_verb(verb)
        for option in options_of_verb(verb):
            values = f" -x -a '{' '.join(choices[option])}'" if option in choices else ""
            if kind := NAMED_BY_OPTION.get((verb, option)):
                values = f" -x -a '(command tockdeck completion {NAMES} {kind})'"
            yield f"{seen} -l {option[2:]}{values}"
        words = words_of_verb(verb)
        if words:
            behind = words_behind(verb)
            # `help help` is asked by nobody, and the verb itself stands in the line.
            seen_once = " ".join(word for word in behind if word != verb)
            stands = f"__fish_seen_subcommand_from {seen_once}" if seen_once else ""
            stands = named if verb == "call" else stands
            none_yet = f"{seen[:-1]}; and not {stands}'" if stands else seen
            yield f"{none_yet} -f -a '{' '.join(words)}'"
            for word, more in behind.items():
                if more:
                    after = f"__fish_seen_subcommand_from {word}"
                    end = f"not __fish_seen_subcommand_from {' '.join(more)}"
                    yield f"{seen[:-1]}; and {after}; and {end}' -f -a '{' '.join(more)}'"
        if kind := NAMED.get(verb):
            yield f"{seen} -f -a '(command tockdeck completion {NAMES} {kind})'"
    for operation, names in parameters().items():
        seen = f"'__tockdeck_is call; and __fish_seen_subcommand_from {operation}'"
        yield f"complete -c tockdeck -n {seen} -f -a '{' '.join(names)}'"


def _quoted(words: str) -> str:
    return "'" + words.replace("\\", "\\\\").replace("'", "\\'") + "'"
