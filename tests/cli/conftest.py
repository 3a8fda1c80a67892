"""The command line as a person's shell sees it: in this process, or as a process of its own."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.deck import service_settings
from tests.harness import EmbeddedServer
from tui.cli import main
from tui.workspace.invoices.documents.profile import SAMPLE

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60.0
"""Seconds after which a process that should have ended is taken for one that never will."""


@dataclass(frozen=True)
class Outcome:
    """What a run left: exit status, standard output, standard error."""

    status: int
    out: str
    err: str


class Terminal(io.BytesIO):
    """A stream that says it is a terminal, and keeps what one would be sent."""

    def isatty(self) -> bool:
        return True


class Shell:
    """Runs verbs with a home of its own and the environment that a test gives it."""

    def __init__(
        self,
        home: Path,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str] | None = None,
    ) -> None:
        self.home = home
        self._monkeypatch = monkeypatch
        self._capsys = capsys
        for name in [name for name in os.environ if name.startswith("TOCKDECK_")]:
            monkeypatch.delenv(name)
        self.set({"TOCKDECK_HOME": str(home)})

    def set(self, variables: Mapping[str, str]) -> None:
        """Set environment variables until the end of the test."""
        for name, value in variables.items():
            self._monkeypatch.setenv(name, value)

    def use(self, server: EmbeddedServer) -> None:
        """Set every service up in the environment, on the test's own server."""
        self.set(
            {
                f"TOCKDECK_{key.replace('.', '_')}".upper(): value
                for key, value in service_settings(server).items()
            }
        )

    def run(self, *words: str) -> Outcome:
        """A verb in this process."""
        assert self._capsys is not None
        self._capsys.readouterr()
        try:
            status = main(words)
        except SystemExit as end:
            status = end.code if isinstance(end.code, int) else 1
        said = self._capsys.readouterr()
        return Outcome(status, said.out, said.err)

    def start(self, *words: str) -> subprocess.Popen[str]:
        """A verb as a process of its own, with its output in pipes."""
        return subprocess.Popen(
            [sys.executable, "-m", "tui", *words],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            # A shell starts background jobs with ctrl+c ignored, and children inherit that.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )

    def process(self, *words: str) -> Outcome:
        """The same, and wait for its end."""
        with self.start(*words) as process:
            out, err = process.communicate(timeout=PATIENCE)
            return Outcome(process.returncode, out, err)


@pytest.fixture
def shell(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Shell:
    """A person without any account."""
    return Shell(tmp_path, monkeypatch, capsys)


@pytest.fixture(scope="module")
def server() -> Iterator[EmbeddedServer]:
    """One server for all tests of a module."""
    with EmbeddedServer() as started:
        yield started


@pytest.fixture
def connected(shell: Shell, server: EmbeddedServer) -> Shell:
    """A person with an account at every service, set up by environment variables alone."""
    shell.use(server)
    return shell


@pytest.fixture
def afresh(shell: Shell, server: EmbeddedServer) -> Shell:
    """The same, and the services have the sample as it was at first."""
    server.reset()
    shell.use(server)
    return shell


@pytest.fixture
def seller(connected: Shell) -> Shell:
    """A person who set up a seller, and two clients."""
    folder = connected.home / "config"
    folder.mkdir(parents=True, exist_ok=True)
    config, _, clients = SAMPLE.read_text(encoding="utf-8").partition("[clients.1]")
    (folder / "config.toml").write_text(config, encoding="utf-8")
    tables = f"[1]{clients}".replace("[clients.", "[")
    (folder / "clients.toml").write_text(tables, encoding="utf-8")
    return connected
