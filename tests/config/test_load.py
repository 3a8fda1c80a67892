"""Settings in layers, and errors that name the place, the key and the nearest known key."""

from __future__ import annotations

from pathlib import Path

import pytest

from tui.cli import main
from tui.config.example import example
from tui.config.load import ConfigError, fields, load
from tui.config.secrets import secret
from tui.config.settings import Settings
from tui.workspace.connections.source_addresses import address_of

ROOT = Path(__file__).resolve().parents[2]


def write(folder: Path, text: str, mode: int = 0o600) -> Path:
    file = folder / "config.toml"
    file.write_text(text)
    file.chmod(mode)
    return file


def test_without_any_file_everything_is_a_default(tmp_path: Path) -> None:
    loaded = load(tmp_path / "none.toml", environment={})
    assert loaded.settings == Settings()
    assert not loaded.any_service_configured


def test_flags_stand_over_environment_over_file_over_kept(tmp_path: Path) -> None:
    file = write(tmp_path, '[deck]\ntheme = "file"\ncurrency = "file"\nspeed_unit = "m/s"\n')
    kept = tmp_path / "kept.toml"
    kept.write_text('[deck]\ntheme = "kept"\ncurrency = "kept"\ntime_zone = "UTC"\n')
    loaded = load(
        file,
        flags={"deck.theme": "flag"},
        environment={"TOCKDECK_DECK_THEME": "env", "TOCKDECK_DECK_CURRENCY": "env"},
        kept=kept,
    )
    deck = loaded.settings.deck
    assert (deck.theme, deck.currency, deck.speed_unit, deck.time_zone) == (
        "flag", "env", "m/s", "UTC",
    )  # fmt: skip
    assert loaded.origins["deck.theme"] == "command line"
    assert loaded.origins["deck.currency"] == "environment TOCKDECK_DECK_CURRENCY"
    assert loaded.origins["deck.speed_unit"] == str(file)
    assert loaded.origins["deck.time_zone"] == str(kept)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('[deck]\ntheem = "x"\n', "unknown key deck.theem; did you mean deck.theme?"),
        ('[dek]\ntheme = "x"\n', "unknown key dek.theme; did you mean deck.theme?"),
        ('[dek]\ntheem = "x"\n', "unknown key dek.theem; did you mean deck.theme?"),
        ('them = "x"\n', "unknown section or key them"),
        ("[deck]\nmouse = 1\n", "deck.mouse should be true or false, but is 1"),
        ("[deck]\ntheme = 3\n", "deck.theme should be text, but is 3"),
        ('[embedded]\nboats = "many"\n', "embedded.boats should be a whole number"),
        ("[embedded]\nboats = true\n", "embedded.boats should be a whole number"),
        ('[deck]\nspeed_unit = "mph"\n', "should be one of km/h, kn, m/s, but is 'mph'"),
        ('[igtimi]\nwebsocket_servers = "ws://x"\n', "should be a list of texts"),
        ('[timetonic]\nbase_url = "ftp://x"\n', "should be a http or https address"),
        ('[timetonic]\nbase_url = "https://u:p@x"\n', "must not hold a user name or password"),
        ("[deck\n", "is not valid TOML"),
        ('[keys]\n"timers.start" = 3\n', "should be a key or a list of keys"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, text: str, words: str) -> None:
    file = write(tmp_path, text)
    with pytest.raises(ConfigError) as raised:
        load(file, environment={})
    assert words in str(raised.value)
    assert str(file) in str(raised.value)


@pytest.mark.parametrize("key", ["foo.bar", "deck.xyzzy", "foo.starts"])
def test_what_is_like_nothing_gets_no_guess(key: str) -> None:
    with pytest.raises(ConfigError) as raised:
        load(Path("none.toml"), environment={}, flags={key: "1"})
    assert str(raised.value) == f"the command line: unknown key {key}"


def test_an_unreadable_file_is_an_error_not_a_default(tmp_path: Path) -> None:
    folder = tmp_path / "config.toml"
    folder.mkdir()
    with pytest.raises(ConfigError, match="cannot be read"):
        load(folder, environment={})
    with pytest.raises(ConfigError, match="no such file"):
        load(tmp_path / "none.toml", environment={}, must_exist=True)


def test_a_secret_in_a_file_that_others_read_is_refused(tmp_path: Path) -> None:
    file = write(tmp_path, '[timetonic]\nsesskey = "hush-hush"\n', mode=0o644)
    with pytest.raises(ConfigError) as raised:
        load(file, environment={})
    assert "chmod 600" in str(raised.value)
    assert "hush-hush" not in str(raised.value)


def test_a_wrong_type_of_a_secret_is_not_shown(tmp_path: Path) -> None:
    file = write(tmp_path, "[timetonic]\nsesskey = 424242\n")
    with pytest.raises(ConfigError) as raised:
        load(file, environment={})
    assert "424242" not in str(raised.value)


def test_secrets_come_from_environment_then_command_then_file(tmp_path: Path) -> None:
    text = '[timetonic]\npassword = "from-file"\n'
    with_command = text + 'password_command = "echo from-command"\n'
    environment = {"TOCKDECK_TIMETONIC_PASSWORD": "from-environment"}
    key = "timetonic.password"
    assert secret(load(write(tmp_path, text), environment={}), key) == "from-file"
    assert secret(load(write(tmp_path, with_command), environment={}), key) == "from-command"
    loaded = load(write(tmp_path, with_command), environment=environment)
    assert secret(loaded, key) == "from-environment"


def test_a_failing_secret_command_is_named_without_what_it_printed(tmp_path: Path) -> None:
    command = """sh -c 'echo partial-secret; exit 3'"""
    file = write(tmp_path, f'[timetonic]\npassword_command = "{command}"\n')
    with pytest.raises(ConfigError) as raised:
        secret(load(file, environment={}), "timetonic.password")
    assert "exit status 3" in str(raised.value)
    assert "partial-secret" not in str(raised.value)


def test_environment_values_take_their_types(tmp_path: Path) -> None:
    environment = {
        "TOCKDECK_DECK_MOUSE": "no",
        "TOCKDECK_EMBEDDED_HERTZ": "0.5",
        "TOCKDECK_IGTIMI_WEBSOCKET_SERVERS": "ws://a, ws://b",
    }
    settings = load(tmp_path / "none", environment=environment).settings
    assert settings.deck.mouse is False
    assert settings.embedded.hertz == 0.5
    assert settings.igtimi.websocket_servers == ["ws://a", "ws://b"]
    with pytest.raises(ConfigError, match="TOCKDECK_DECK_MOUSE"):
        load(tmp_path / "none", environment={"TOCKDECK_DECK_MOUSE": "maybe"})


def test_keys_may_stand_in_tables_or_quoted(tmp_path: Path) -> None:
    text = '[keys]\n"timers.start" = "f12"\n[keys.deck]\nquit = ["f11", "f10"]\nhelp = "disabled"\n'
    keys = load(write(tmp_path, text), environment={}).settings.keys
    assert keys == {"timers.start": ["f12"], "deck.quit": ["f11", "f10"], "deck.help": []}


def test_a_default_key_gives_way_and_is_not_called_set(tmp_path: Path) -> None:
    loaded = load(write(tmp_path, '[keys]\n"timers.start" = "x"\n'), environment={})
    assert loaded.settings.keys == {"timers.start": ["x"], "timers.stop": []}
    assert loaded.own_keys == {"timers.start": ["x"]} == loaded.again().own_keys


def test_the_shipped_example_is_what_the_settings_say() -> None:
    assert (ROOT / "config.example.toml").read_text() == example()


def test_the_example_documents_every_key() -> None:
    text = example()
    for field in fields():
        assert f"# {field.name} = " in text, field.key


@pytest.mark.parametrize("minutes", ["4", "61"])
def test_a_step_of_rounding_is_from_5_to_60_minutes(tmp_path: Path, minutes: str) -> None:
    with pytest.raises(ConfigError, match=r"hours\.rounding_minutes should be more than 4 and"):
        load(tmp_path / "none", flags={"hours.rounding_minutes": minutes}, environment={})
    read = load(tmp_path / "none", flags={"hours.rounding_minutes": "60"}, environment={})
    assert read.settings.hours.rounding_minutes == 60


def test_sources_are_tables_with_an_address(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text('[[embedded.sources]]\naddress = "udp://:1"\nboat = "Kestrel"\n')
    assert load(file, environment={}).settings.embedded.sources == [
        {"address": "udp://:1", "boat": "Kestrel"}
    ]
    told = {"TOCKDECK_EMBEDDED_SOURCES": "udp://:1, gpsd://a"}
    assert load(file, environment=told).settings.embedded.sources == [
        {"address": "udp://:1"},
        {"address": "gpsd://a"},
    ]
    for wrong, said in (
        ('sources = ["udp://:1"]', "tables, each with address"),
        ('sources = [{boat = "a"}]', "tables, each with address"),
        ('sources = [{address = "a", port = "1"}]', "port is none of these"),
        ('sources = [{address = "a", boat = 1}]', "sources: boat should be a text$"),
        ('sources = [{address = "a", serials = ["A", 1]}]', "serials should be a text, such as"),
        ('sources = [{address = "a", serials = {}}]', r'or a list, such as \["A", "B"\]$'),
    ):
        file.write_text(f"[embedded]\n{wrong}\n")
        with pytest.raises(ConfigError, match=said):
            load(file, environment={})


def test_units_and_tokens_of_a_source_are_a_text_or_a_list(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    for written in ('"DD-EE-AAHA,GA-EN-AAAA"', '["DD-EE-AAHA", "GA-EN-AAAA"]'):
        file.write_text(f'[[embedded.sources]]\naddress = "riot://:1"\nserials = {written}\n')
        (source,) = load(file, environment={}).settings.embedded.sources
        assert address_of(source) == "riot://:1?serials=DD-EE-AAHA%2CGA-EN-AAAA"
    secret = "tokens = [7]"
    file.write_text(f'[[embedded.sources]]\naddress = "riot://:1"\n{secret}\n')
    with pytest.raises(ConfigError) as told:
        load(file, environment={})
    assert "7" not in str(told.value).replace(str(file), "")


def test_the_token_of_a_source_is_a_secret_of_the_configuration(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "config.toml"
    file.write_text(
        '[[embedded.sources]]\naddress = "riot://:1?boat=a"\nserials = "A-B"\ntokens = "s3 c,d"\n'
        '[[embedded.sources]]\naddress = "riot://:2?tokens=s3cret"\n'
    )
    written = file.read_text()
    file.chmod(0o644)
    for part in written.split("[[embedded.sources]]")[1:]:
        file.write_text(f"[[embedded.sources]]{part}")
        with pytest.raises(ConfigError, match=r"embedded\.sources tokens is a secret"):
            load(file, environment={})
    file.write_text(written)
    file.chmod(0o600)
    sources = load(file, environment={}).settings.embedded.sources
    assert address_of(sources[0]) == "riot://:1?boat=a&serials=A-B&tokens=s3%20c%2Cd"
    assert main(["config", "show", "--config", str(file)]) == 0
    shown = capsys.readouterr().out
    assert '"tokens": "•••"' in shown
    assert "riot://:2?tokens=•••" in shown
    assert "s3" not in shown
