"""What a person may write in `[keys]`: names, aliases, clashes, and keys that nobody can have."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.keys import _character_to_key
from textual.widgets import Input, TextArea

from tui.commands import COMMANDS, SCREENS, in_scope, keys_of, shown_key
from tui.config.keys import Keys
from tui.config.load import ConfigError, load
from tui.key_sets import SETS
from tui.keymap import DIGITS, EDITING, fitted, gave_way, problems_of
from tui.keys import CHARACTERS, RESERVED, UnknownKey, is_chord, key_name
from tui.screens.bindings import UNSENT, bindings_of
from tui.widget_keys import WIDGET_KEYS


def test_names_are_those_that_textual_gives_its_keys() -> None:
    assert {name: _character_to_key(character) for name, character in CHARACTERS.items()} == {
        name: name for name in CHARACTERS
    }
    assert [key_name(character) for character in CHARACTERS.values()] == list(CHARACTERS)
    for command in COMMANDS.values():
        for key in command.keys:
            assert key_name(key) == key
            assert key_name(shown_key(key)) == key, "as the cheatsheet writes it"


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("?", "question_mark"), ("/", "slash"), (":", "colon"), ("+", "plus"), (" ", "space"),
        ("esc", "escape"), ("Return", "enter"), ("pgdn", "pagedown"), ("Page Up", "pageup"),
        ("^p", "ctrl+p"), ("Ctrl-P", "ctrl+p"), ("C-p", "ctrl+p"), ("ctrl+shift+left",) * 2,
        ("shift+j", "J"), ("J", "J"), ("F5", "f5"), ("M-x", "alt+x"), ("⏎", "enter"),
        ("ctrl+m", "enter"), ("ctrl+[", "escape"), ("ctrl+h", "backspace"), ("é", "é"),
    ],
)  # fmt: skip
def test_other_ways_to_write_a_key(written: str, key: str) -> None:
    assert key_name(written) == key


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("ctrl+z", "job control"), ("^Z", "ctrl+z, which cannot be set"), ("ctrl+c", "leaves"),
        ("ctrl+i", "is tab, which"), ("tab", "next pane"), ("backtab", "before"),
        ("escpae", "did you mean escape?"), ("wibble", "is no key"), ("a b", "is no key"),
        ("\x01", "is no key"), ("ctrl+", "is no key"), ("shift+1", "character itself"),
    ],
)  # fmt: skip
def test_what_is_no_key_or_nobodys(written: str, why: str) -> None:
    with pytest.raises(UnknownKey, match=re.escape(why)):
        key_name(written)
    assert set(RESERVED) == {"ctrl+z", "ctrl+c", "tab", "shift+tab"}


def test_editing_keys_are_those_of_textuals_editors() -> None:
    bound = {
        key
        for kind in (Input, TextArea)
        for binding in kind.__dict__["BINDINGS"]
        for key in binding.key.split(",")
    }
    assert bound == EDITING


@pytest.mark.parametrize(
    ("overrides", "problem"),
    [
        ({"timers.strat": ["z"]}, "no command timers.strat; did you mean timers.start?"),
        ({"start": ["z"]}, "no command start; did you mean today.start?"),
        (
            {"timers.start": ["x"], "timers.stop": ["x", "f5"]},
            "x would be both timers.start and timers.stop",
        ),
        (
            {"timers.start": ["Z"], "deck.theme": ["Z"]},
            "Z would be both deck.theme and timers.start",
        ),
        ({"timers.start": ["j"]}, "in a list of timers it is taken (down)"),
        ({"books.sort": ["dollar_sign"]}, "in a table of books it is taken (last column)"),
        ({"today.open": ["space"]}, "in a tree of today it is taken (open or close)"),
        ({"live.pause": ["G"]}, "in the wall of live it is taken (last)"),
        ({"deck.theme": ["f2"]}, "in a table of books it is taken (edit)"),
        ({"deck.repaint": ["W"]}, "there it is a character"),
        ({"deck.repaint": ["ctrl+w"]}, "there it edits the text"),
        ({"deck.repaint": ["ctrl+o"]}, "works in forms too, and there it is taken (Save)"),
    ],
)
def test_what_does_not_fit_in_is_said(overrides: dict[str, list[str]], problem: str) -> None:
    assert any(problem in one for one in problems_of(overrides)), problems_of(overrides)


@pytest.mark.parametrize(
    "overrides",
    [
        {},
        {"timers.start": ["x"], "timers.stop": ["s"]},
        {"timers.start": ["f5", "s"]},
        {"timers.stop": [], "timers.start": ["x"]},
        {"live.pause": ["0"]},
        {"deck.theme": ["Z"]},
        {"deck.repaint": ["f12"]},
        {"today.open": ["enter", "O"]},
        {"timers.start": ["x"]},
        {"timers.start": ["1"]},
        {"deck.theme": ["s"]},
    ],
)
def test_what_fits_in_is_taken(overrides: dict[str, list[str]]) -> None:
    assert problems_of(overrides) == []


@pytest.mark.parametrize(
    ("overrides", "left"),
    [
        ({"timers.start": ["x"]}, {"timers.stop": []}),
        ({"timers.start": ["x"], "timers.stop": ["f5"]}, {}),
        ({"timers.start": ["x"], "timers.stop": []}, {}),
        ({"timers.stop": ["question_mark"]}, {"deck.help": ["f1"]}),
        ({"timers.stop": ["ctrl+p", "ctrl+f"]}, {"deck.palette": []}),
        ({"timers.stop": ["ctrl+p"], "deck.palette": ["f5"]}, {}),
        # On another screen than the commands that have it.
        ({"timers.stop": ["X"]}, {}),
        ({"live.right": ["7"]}, {"deck.live": []}),
    ],
)
def test_a_default_gives_way_to_what_a_person_set(
    overrides: dict[str, list[str]], left: dict[str, list[str]]
) -> None:
    assert fitted(overrides) == {**overrides, **left}
    assert {one.command for one in gave_way(overrides)} == set(left)


def test_what_gave_way_is_said_with_what_is_left() -> None:
    found = gave_way({"timers.start": ["x"], "today.stop": ["question_mark"]})
    assert [(one.key, one.in_words) for one in found] == [
        ("question_mark", "deck.help gave way to today.stop; it has f1 still"),
        (
            "x",
            "timers.stop gave way to timers.start; it has no key now, and is in the palette",
        ),
    ]


KEYS = st.sampled_from(sorted({key for one in COMMANDS.values() for key in one.keys} | {"Z", "f9"}))


@given(
    st.dictionaries(
        st.sampled_from(sorted(COMMANDS)), st.lists(KEYS, max_size=3, unique=True), max_size=6
    )
)
def test_a_persons_keys_are_theirs_whatever_the_defaults_are(
    overrides: dict[str, list[str]],
) -> None:
    keys = fitted(overrides)
    assert {one: keys[one] for one in overrides} == overrides
    both = [one for one in problems_of(overrides) if " would be both " in one]
    for scope in {command.scope for command in COMMANDS.values()}:
        having: dict[str, list[str]] = {}
        for command in {one.id: one for one in in_scope("deck", scope)}.values():
            kept = keys_of(command, keys)
            assert set(kept) <= {*command.keys, *overrides.get(command.id, ())}
            for key in kept:
                having.setdefault(key, []).append(command.id)
        for key, commands in having.items():
            # Only what the person set twice is shared, and that is refused.
            assert len(commands) == 1 or set(commands) <= set(overrides)
            assert len(commands) == 1 or any(one.startswith(f"{key} would") for one in both)
    # What gave way lost nothing else, and only to a command of the person's.
    for one in gave_way(overrides):
        assert one.key in COMMANDS[one.command].keys
        assert one.key in overrides[one.to]
        assert one.command not in overrides


def test_a_configuration_with_bad_keys_is_refused_with_all_that_is_wrong(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text('[keys]\n"timers.strat" = "?"\n"timers.stop" = ["j"]\n')
    with pytest.raises(ConfigError) as refused:
        load(file, environment={})
    for part in (str(file), "did you mean timers.start?", "timers.stop cannot have j"):
        assert part in str(refused.value)
    file.write_text('[keys]\n"timers.stop" = "ctrl+z"\n')
    with pytest.raises(ConfigError, match=r"keys.timers.stop: ctrl\+z cannot be set: .*shell"):
        load(file, environment={})
    file.write_text(
        '[keys]\n"timers.stop" = ["?", "Ctrl-P"]\n"deck.help" = "f1"\n"deck.palette" = []'
    )
    assert load(file, environment={}).settings.keys["timers.stop"] == ["question_mark", "ctrl+p"]


def test_every_command_can_be_given_a_key() -> None:
    for command in COMMANDS.values():
        (binding,) = (
            one for one in bindings_of(command.scope) if getattr(one, "id", "") == command.id
        )
        assert getattr(binding, "key", "") == (",".join(command.keys) or UNSENT)


@pytest.mark.parametrize("name", SETS)
def test_a_set_of_keys_keeps_to_what_a_persons_keys_must_keep_to(name: str) -> None:
    """On every screen, in every list, table, form and text; and nothing gives way unsaid."""
    chosen = SETS[name]
    assert problems_of(chosen.keys, chosen.keys, counts=chosen.counts) == []
    assert gave_way(chosen.keys) == []
    keys = [key for keys in chosen.keys.values() for key in keys]
    begins = {key[0] for key in keys if is_chord(key)}
    everything = fitted({}, chosen.keys)
    for one in (*COMMANDS.values(), *WIDGET_KEYS.values()):
        having = keys_of(one, everything)
        assert len(set(having)) == len(having), one.id
        assert begins.isdisjoint(having), "a key that others begin with is nothing by itself"
        assert not chosen.counts or set(DIGITS).isdisjoint(having), one.id
        assert one.keys == () or having, f"{one.id} has no key"
        for key in set(having) - set(one.keys):
            assert key_name(key) == key if not is_chord(key) else key[0] in begins
            # What terminals, tmux, screen and flow control take, and what is not the same key.
            assert not re.fullmatch(r"ctrl\+[abhijmqsz]|alt\+.", key), key
    assert set(chosen.keys) <= {*COMMANDS, *WIDGET_KEYS}
    assert chosen.counts == (name == "vim")
    assert (keys_of(COMMANDS["deck.live"], everything) == ("g7",)) == (name in ("vim", "numpad"))


ALTGR = set("~#{[|`\\^@]}")
"""What a French keyboard sends with AltGr alone."""


def test_the_keys_that_a_french_keyboard_is_told_are_those_without_altgr() -> None:
    keys = fitted({}, SETS["azerty"].keys)
    owners = (*COMMANDS.values(), *WIDGET_KEYS.values())
    told = {one.id: shown_key(keys_of(one, keys)[0]) for one in owners if keys_of(one, keys)}
    assert [name for name, key in told.items() if key in ALTGR] == []
    assert [told[f"deck.{scope}"] for scope in SCREENS] == list("&é\"'(-è")
    # A number pad, and who holds shift, have the digits still.
    assert keys["deck.live"] == ["è", "7"]


def test_the_sets_are_those_that_can_be_chosen() -> None:
    assert get_args(get_type_hints(Keys)["set"]) == tuple(SETS)


def test_a_persons_own_key_stands_over_a_sets(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text('[keys]\nset = "emacs"\n"timers.start" = ["ctrl+n", "ctrl+g"]\n')
    loaded = load(file, environment={})
    keys = loaded.settings.keys
    assert keys["timers.start"] == ["ctrl+n", "ctrl+g"]
    assert keys["list.down"] == ["down", "j"]
    assert keys["timers.back"] == ["escape"]
    assert keys["books.back"] == ["escape", "ctrl+g"], "on another screen"
    assert keys["list.up"] == ["up", "k", "ctrl+p"]
    assert loaded.own_keys == {"timers.start": ["ctrl+n", "ctrl+g"]}
    said = [one.in_words for one in gave_way(loaded.own_keys, SETS["emacs"].keys)]
    assert "list.down gave way to timers.start; it has ↓ j still" in said
    # A widget's key is a command too: by its id, with the same checks.
    file.write_text('[keys]\nset = "numpad"\n"list.down" = ["down", "j"]\n"live.pause" = "2"\n')
    keys = load(file, environment={}).settings.keys
    assert (keys["list.down"], keys["wall.down"]) == (["down", "j"], ["down", "j"])
    for text, why in (
        ('set = "vi"', "keys.set should be one of default, vim, emacs, azerty, numpad"),
        ('set = "vim"\n"timers.start" = "5"', "in this set of keys it begins a number"),
        ('set = "vim"\n"timers.start" = "g"', "other keys begin with g"),
        ('"list.down" = "l"', r"in a tree of \w+ it is taken \(open\)"),
        ('"form.save" = "x"', "there it is a character"),
        ('"table.mark" = "x"\n"books.sort" = "x"', "would be both books.sort and table.mark"),
        ('"table.mrak" = "x"', "did you mean table.mark"),
    ):
        file.write_text(f"[keys]\n{text}\n")
        with pytest.raises(ConfigError, match=why):
            load(file, environment={})
    assert load(file.with_name("none"), environment={}, flags={"keys.set": "vim"}).settings.keys[
        "deck.live"
    ] == ["g7"]
