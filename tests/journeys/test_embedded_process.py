"""The embedded services as a process: what it is given, and how its troubles are told."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import pytest

from tests.journeys.conftest import endpoint_of, stop_server
from tests.terminal import ROOT, deck, held_up
from tui.config.settings import Embedded
from tui.workspace.connections.embedded_process import command, environment

SECRETS = {
    "TOCKDECK_TIMESHEETS_PASSWORD": "a-secret-of-ours",
    "TOCKDECK_IGTIMI_ACCESS_TOKEN": "another-secret-of-ours",
    "AWS_SECRET_ACCESS_KEY": "a-secret-of-others",
    "SSH_AUTH_SOCK": "/tmp/agent",
}
MOST_SECONDS = 5.0
LOOK_SECONDS = 0.02


def shell(home: Path, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    """A verb of the program in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "tui", *words],
        cwd=ROOT,
        env={**os.environ, "TOCKDECK_HOME": str(home), **more},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def timed(home: Path, *words: str) -> tuple[subprocess.CompletedProcess[str], float]:
    """The same, and how long it took without what other programs took from it."""
    names = {**os.environ, "TOCKDECK_HOME": str(home)}
    command = [sys.executable, "-m", "tui", *words]
    began, lost = time.monotonic(), 0.0
    with subprocess.Popen(
        command, cwd=ROOT, env=names, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        while True:
            lost = max(lost, held_up(process.pid))
            with suppress(subprocess.TimeoutExpired):
                out, err = process.communicate(timeout=LOOK_SECONDS)
                break
    took = time.monotonic() - began - lost
    return subprocess.CompletedProcess(command, process.returncode, out, err), took


def environment_of(pid: int) -> dict[str, str]:
    """The environment of a process as the system shows it."""
    text = Path(f"/proc/{pid}/environ").read_bytes().decode()
    return dict(one.partition("=")[::2] for one in text.split("\0") if one)


def no_secrets_in(found: Mapping[str, str]) -> None:
    assert [name for name in found if name.startswith("TOCKDECK_")] == []
    assert set(found.values()).isdisjoint(SECRETS.values())
    assert found["PATH"] == os.environ["PATH"]


def test_an_allow_list_is_what_is_kept() -> None:
    given = {**SECRETS, "PATH": "/bin", "LC_TIME": "C", "TZ": "UTC", "HTTP_PROXY": "http://u:p@x"}
    assert environment(given) == {"PATH": "/bin", "LC_TIME": "C", "TZ": "UTC"}


def test_the_machines_own_zone_needs_no_word(tmp_path: Path) -> None:
    assert "--zone" not in command(tmp_path, Embedded())
    assert command(tmp_path, Embedded(), "Asia/Tokyo")[-2:] == ["--zone", "Asia/Tokyo"]


def test_the_server_that_a_deck_starts_is_given_no_secret(home: Path) -> None:
    # The services that these would set up are left out again, so that the embedded ones are used.
    ran = shell(home, "call", "trackmypeople.status", "--set", "embedded.use=always", **SECRETS)
    assert ran.returncode == 0, ran.stderr
    no_secrets_in(environment_of(endpoint_of(home)["pid"]))


def test_the_server_that_is_started_by_hand_is_given_no_secret(home: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "tui", "embedded", "--idle", "60"],
        cwd=ROOT,
        env={**os.environ, "TOCKDECK_HOME": str(home), **SECRETS},
        stdout=subprocess.PIPE,
    )
    assert process.stdout is not None
    pid = json.loads(process.stdout.readline())["pid"]
    try:
        assert pid == process.pid
        no_secrets_in(environment_of(pid))
    finally:
        stop_server(home)
        process.stdout.close()
        process.wait(20)


def test_new_data_live_in_the_decks_zone_and_the_doctor_says_where_kept_ones_do(
    home: Path,
) -> None:
    def deck_in(zone: str, *words: str) -> str:
        return shell(home, *words, "--set", f"deck.time_zone={zone}", TZ="UTC").stdout

    profile = deck_in("Europe/Berlin", "call", "trackmypeople.reportees")
    assert '"Europe/Berlin"' in profile
    assert "rate schedules" not in deck_in("Europe/Berlin", "doctor")
    stop_server(home)
    assert '"Europe/Berlin"' in deck_in("Asia/Tokyo", "call", "trackmypeople.reportees")
    said = deck_in("Asia/Tokyo", "doctor")
    assert "embedded; its rate schedules go by Europe/Berlin, the zone that its data" in said
    assert "the deck shows Asia/Tokyo" in said
    assert 'set [deck] time_zone = "Europe/Berlin"' in said
    assert "tockdeck embedded --move-zone" in said
    for zone in ("Asia/Tokyo", "Europe/Berlin"):
        # The first while they run, the second while they do not.
        assert zone in deck_in(zone, "embedded", "--move-zone")
        assert f'"{zone}"' in deck_in(zone, "call", "trackmypeople.reportees")
        assert "rate schedules" not in deck_in(zone, "doctor")
        stop_server(home)


def test_a_server_that_hangs_is_said_soon(home: Path) -> None:
    assert shell(home, "call", "trackmypeople.status").returncode == 0
    pid = endpoint_of(home)["pid"]
    os.kill(pid, signal.SIGSTOP)
    try:
        for verb in (("call", "trackmypeople.status"), ("embedded", "--reset-sample")):
            ran, took = timed(home, *verb)
            assert ran.returncode == 3
            assert f"process {pid}" in ran.stderr
            assert "does not answer" in ran.stderr
            assert "Traceback" not in ran.stderr
            assert took < MOST_SECONDS
    finally:
        os.kill(pid, signal.SIGCONT)
    assert shell(home, "call", "trackmypeople.status").returncode == 0


def damage(home: Path) -> Path:
    """Let a server begin and end, and flip bytes of what it left; answers its directory."""
    assert shell(home, "call", "trackmypeople.status").returncode == 0
    stop_server(home)
    folder = home / "data" / "embedded"
    file = folder / "embedded.db"
    content = bytearray(file.read_bytes())
    for place in range(5_000, len(content), 20_000):
        content[place] ^= 0xFF
    file.write_bytes(content)
    return folder


@pytest.mark.parametrize("verb", ["call", "embedded"])
def test_a_damaged_database_is_said_on_the_command_line(home: Path, verb: str) -> None:
    folder = damage(home)
    words = ("call", "trackmypeople.status") if verb == "call" else ("embedded", "--idle", "0.1")
    ran = shell(home, *words)
    assert ran.returncode == 0
    [aside] = folder.glob("embedded.db.broken-*")
    assert "damaged" in ran.stderr
    assert aside.name in ran.stderr
    assert "Traceback" not in ran.stderr
    stop_server(home)
    assert shell(home, "call", "trackmypeople.status").stderr == ""


def test_a_damaged_database_is_said_in_the_deck(home: Path) -> None:
    damage(home)
    with deck(home) as terminal:
        terminal.until("is damaged", "kept as")
        terminal.press("q")
        assert terminal.until_ended() == 0
