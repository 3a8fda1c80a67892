"""What people paste as an address, read as the base URL that is meant."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.config.base_urls import NotMeant, base_url, environment
from tui.config.load import ConfigError, load
from tui.config.settings import SECTIONS, SERVICES

TIMETONIC, TICKTOCKER = "https://timetonic.com", "https://ticktocker.com/api/1"
IGTIMI, TRACKMYPEOPLE = "https://www.igtimi.com", "https://secure.trackmypeople.com/api"
OWN = "https://deck.example.org"

PASTED = {
    "timetonic": [
        (TIMETONIC, "timetonic.com"),
        (TIMETONIC, "https://timetonic.com/"),
        (TIMETONIC, "  <https://www.timetonic.com/live/api.php?doc>\n"),
        (TIMETONIC, "https://timetonic.com//live/api.php"),
        (TIMETONIC, "https://timetonic.com/live/api.php/getAllBooks?sesskey=S3CRET"),
        (TIMETONIC, "https://TimeTonic.com:443/live"),
        (TIMETONIC, "https://timetonic.com/live/apidoc/ttc-api.postman_collection.json"),
        (TIMETONIC, "https://timetonic.com/live/v7/account#settings"),
        (TIMETONIC, "https://timetonic.com/index.php"),
        (f"{TIMETONIC}/dev", "https://timetonic.com/dev/api.php?doc"),
        (f"{TIMETONIC}/dev", "www.timetonic.com/dev/"),
        (f"{OWN}/tt", f"{OWN}/tt/live/api.php?doc"),
        (f"{OWN}/tt/dev", f"{OWN}/tt/dev/api.php"),
        (f"{OWN}/dev/live", f"{OWN}/dev/live/api.php"),
        (f"{OWN}:8443/live-books", f"{OWN}:8443/live-books/"),
        ("http://127.0.0.1:8021/timetonic", "127.0.0.1:8021/timetonic/live/api.php"),
        ("http://[::1]:8021", "[::1]:8021/live"),
        ("http://localhost:8021", "localhost:8021"),
    ],
    "ticktocker": [
        (TICKTOCKER, "https://ticktocker.com"),
        (TICKTOCKER, "www.ticktocker.com/api"),
        (TICKTOCKER, "https://ticktocker.com/api/1/"),
        (TICKTOCKER, "https://ticktocker.com/api/1/community/hot/2"),
        (f"{OWN}/tt/api/1", f"{OWN}/tt/api/1/version"),
        (f"{OWN}/tocks", f"{OWN}/tocks/index.html"),
    ],
    "igtimi": [
        (IGTIMI, "igtimi.com"),
        (IGTIMI, "https://www.igtimi.com/api/v1/sessions?access_token=S3CRET"),
        (IGTIMI, "https://www.igtimi.com/oauth/authorize?response_type=code"),
        (IGTIMI, "https://www.igtimi.com/server_listers/web_sockets"),
        (IGTIMI, "http://igtimi.com/developers/session_log_doc"),
        (f"{OWN}/riot", f"{OWN}/riot/api/v1/resources/data"),
    ],
    "trackmypeople": [
        (TRACKMYPEOPLE, "http://www.trackmypeople.com/api"),
        (TRACKMYPEOPLE, "trackmypeople.com"),
        (TRACKMYPEOPLE, "https://secure.trackmypeople.com/api/trackers.json"),
        (f"{OWN}/t/api", f"{OWN}/t/api/report.json/profile_id/3"),
        (f"{OWN}/t/api", f"{OWN}/t/api/status"),
        (f"{OWN}/times", f"{OWN}/times"),
    ],
    "timesheets": [
        (OWN, f"{OWN}/api/KIKKY/login"),
        (OWN, f"{OWN}/timesheets/task/update"),
        (f"{OWN}/timesheets", f"{OWN}/timesheets/api/demo/client/search"),
        (f"{OWN}/timesheets", f"{OWN}/timesheets/"),
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    ("service", "expected", "pasted"),
    [(service, *pair) for service, pairs in PASTED.items() for pair in pairs],
)
def test_what_people_paste_is_read(service: str, expected: str, pasted: str) -> None:
    assert base_url(service, pasted) == expected


@pytest.mark.parametrize(
    ("service", "pasted", "words"),
    [
        ("timetonic", "https://support.timetonic.com/hc/en", "did you mean https://timetonic.com?"),
        ("timetonic", "https://timetonic.com/pricing", "did you mean https://timetonic.com?"),
        ("timetonic", f"{OWN}/tt/api.php?doc", f"did you mean {OWN}/tt/live?"),
        ("timetonic", "wss://timetonic.com:10100", "did you mean https://timetonic.com?"),
        ("ticktocker", "http://tcktck.com/8c866", f"did you mean {TICKTOCKER}?"),
        ("ticktocker", "https://ticktocker.com/anna/regatta", f"did you mean {TICKTOCKER}?"),
        ("ticktocker", "https://ticktocker.com/api/2", f"did you mean {TICKTOCKER}?"),
        ("igtimi", "https://support.igtimi.com/support", f"did you mean {IGTIMI}?"),
        ("trackmypeople", "https://secure.trackmypeople.com/faq", f"did you mean {TRACKMYPEOPLE}?"),
        ("timesheets", "https://ibuildapp.github.io/api/", "takes no requests"),
        ("timesheets", "https://", "should be a http or https address"),
        ("igtimi", f"{OWN}/a/../b", "no . or .."),
        ("igtimi", f"{OWN} or so", "without blanks"),
        ("igtimi", "https://[::1", "cannot be read"),
        ("igtimi", f"{OWN}:70000", "cannot be read"),
        ("igtimi", "ftp://deck.example.org", "http or https"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_the_nearest_form(
    service: str, pasted: str, words: str
) -> None:
    with pytest.raises(NotMeant) as refused:
        base_url(service, pasted)
    assert words in str(refused.value)


@pytest.mark.parametrize("service", [one for one in SERVICES if one != "timesheets"])
def test_the_defaults_are_meant_as_they_are(service: str) -> None:
    default = SECTIONS[service].declared["base_url"].default
    assert base_url(service, default) == default


def test_http_to_the_right_host_stays_what_it_is() -> None:
    assert base_url("timetonic", "http://timetonic.com/live/api.php") == "http://timetonic.com"


SERVICE = st.sampled_from(SERVICES)
FOLDER = st.sampled_from(
    ["live", "dev", "api", "1", "v1", "api.php", "index.php", "timesheets", "task", "oauth",
     "trackers.json", "status", "tt", "apidoc", "a b", "%2F", "", "."]
)  # fmt: skip
HOST = st.sampled_from(
    ["timetonic.com", "www.timetonic.com", "ticktocker.com", "igtimi.com", "www.trackmypeople.com",
     "deck.example.org", "127.0.0.1:8021", "[::1]:8021", "localhost", "Deck.Example.org:8443"]
)  # fmt: skip
ANYTHING = st.text(max_size=40) | st.builds(
    lambda scheme, host, folders, end: scheme + host + "/" + "/".join(folders) + end,
    st.sampled_from(["", "https://", "http://", "//", "HTTPS://", "https://u:p@"]),
    HOST,
    st.lists(FOLDER, max_size=6),
    st.sampled_from(["", "/", "?doc", "#settings", "?sesskey=S3CRET&x=http://x"]),
)


@given(SERVICE, ANYTHING)
def test_a_reading_is_a_base_url_and_reads_as_itself(service: str, pasted: str) -> None:
    try:
        read = base_url(service, pasted)
    except NotMeant as refused:
        read, words = "", str(refused)
    if not read:
        assert "S3CRET" not in words
        assert "u:p" not in words
        return
    parts = urlsplit(read)
    assert parts.scheme in ("http", "https")
    assert parts.hostname
    assert (parts.query, parts.fragment, parts.username) == ("", "", None)
    assert not read.endswith("/")
    assert base_url(service, read) == read


TAILS = {
    "timetonic": ["live", "live/api.php", "live/api.php/getAllBooks", "live/apidoc/x.json"],
    "igtimi": ["api/v1", "api/v1/sessions/7", "oauth/token", "server_listers/web_sockets"],
    "timesheets": ["api", "api/KIKKY", "api/KIKKY/login", "timesheets/task/delete"],
    "ticktocker": ["index.html"],
    "trackmypeople": ["index.php"],
}


@given(
    SERVICE.flatmap(lambda one: st.tuples(st.just(one), st.sampled_from(TAILS[one]))),
    st.lists(st.from_regex(r"[a-z]{1,5}-[0-9]", fullmatch=True), max_size=3),
    st.sampled_from(["", "/", "//", "?doc", "/?doc#top"]),
    st.integers(1024, 65535),
)
def test_own_hosts_keep_their_origin_and_their_folders(
    tail: tuple[str, str], folders: list[str], end: str, port: int
) -> None:
    own = "/".join((f"https://deck.example.org:{port}", *folders))
    assert base_url(tail[0], f"{own}/{tail[1]}{end}") == own


def test_the_environment_is_the_last_folder() -> None:
    assert environment("https://timetonic.com") == ("https://timetonic.com", "live")
    assert environment("https://timetonic.com/dev") == ("https://timetonic.com", "dev")
    assert environment(f"{OWN}/dev/live") == (f"{OWN}/dev", "live")
    assert environment(f"{OWN}/devs") == (f"{OWN}/devs", "live")


def test_the_configuration_takes_it_from_every_layer(tmp_path: Path) -> None:
    file, kept = tmp_path / "config.toml", tmp_path / "connections.toml"
    file.write_text('[timetonic]\nbase_url = "https://www.timetonic.com/dev/api.php?doc"\n')
    kept.write_text('[trackmypeople]\nbase_url = "http://www.trackmypeople.com/api"\n')
    loaded = load(
        file,
        kept=kept,
        flags={"igtimi.base_url": "igtimi.com/api/v1"},
        environment={"TOCKDECK_TICKTOCKER_BASE_URL": "ticktocker.com"},
    ).settings
    assert loaded.timetonic.base_url == f"{TIMETONIC}/dev"
    assert loaded.trackmypeople.base_url == TRACKMYPEOPLE
    assert loaded.igtimi.base_url == IGTIMI
    assert loaded.ticktocker.base_url == TICKTOCKER


def test_a_refusal_names_the_place(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text('[ticktocker]\nbase_url = "https://ticktocker.com/anna/regatta"\n')
    with pytest.raises(ConfigError) as refused:
        load(file, environment={})
    assert str(refused.value) == (
        f"{file}: ticktocker.base_url is another page of ticktocker.com; did you mean {TICKTOCKER}?"
    )
