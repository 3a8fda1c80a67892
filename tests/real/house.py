"""What the scripts share: a deck with a home of its own, programs to install, what is checked."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "tests" / "data" / "instruments"
DECK = (sys.executable, "-m", "tui")
SECONDS = 600.0
"""For one command: npm fetches hundreds of packages."""
HEARD_SECONDS = 40
"""In which a boat is heard."""
SHOWN = 100
"""Characters of a value."""


class House:
    """A folder, and the deck that has its home there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.failed = 0
        self._environment = {
            **os.environ,
            "TOCKDECK_HOME": str(folder / "home"),
            "TOCKDECK_EMBEDDED_USE": "always",
            # It ends soon after the last verb.
            "TOCKDECK_EMBEDDED_IDLE_MINUTES": "0.2",
        }

    def deck(self, *words: str) -> str:
        """What a verb prints, with its narration before it."""
        return self.run(*DECK, *words)

    def run(self, *words: str, **more: str) -> str:
        """What a program says on both streams. Raises CalledProcessError where it fails."""
        done = subprocess.run(
            words,
            cwd=ROOT,
            env={**self._environment, **more},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=SECONDS,
            check=False,
        )
        if done.returncode:
            sys.stdout.write(done.stdout)
            done.check_returncode()
        return done.stdout

    @contextmanager
    def running(self, *words: str, **more: str) -> Iterator[Path]:
        """A program that runs meanwhile; the file with what it says."""
        log = self.folder / f"{Path(words[0]).name}.log"
        with (
            log.open("w") as opened,
            subprocess.Popen(
                words,
                cwd=ROOT,
                env={**self._environment, **more},
                stdout=opened,
                stderr=subprocess.STDOUT,
            ) as started,
        ):
            try:
                yield log
            finally:
                started.terminate()
                try:
                    started.wait(10.0)
                except subprocess.TimeoutExpired:
                    started.kill()

    def recorded(self, address: str) -> Path:
        """Fixes of eight seconds of the one boat that is heard there, as CSV.

        Raises TimeoutError where none is heard.
        """
        with self.running(*DECK, "listen", address, "--for", str(HEARD_SECONDS)) as heard:
            end = time.monotonic() + HEARD_SECONDS
            while "1 boat" not in heard.read_text():
                if time.monotonic() > end:
                    raise TimeoutError(f"no boat at {address}: {heard.read_text()}")
                time.sleep(0.2)
            day = self.folder / "day.tdr"
            self.deck("record", str(day), "--for", "8")
        print(heard.read_text())
        fixes = self.folder / "fixes.csv"
        self.deck("export", str(day), "--to", "fixes", "-o", str(fixes))
        return fixes

    def python(self, *packages: str) -> str:
        """A Python of its own with packages."""
        self.run(sys.executable, "-m", "venv", str(self.folder / "venv"))
        found = str(self.folder / "venv" / "bin" / "python")
        self.run(found, "-m", "pip", "install", "--quiet", *packages)
        return found

    def debian(self, *packages: str) -> dict[str, str]:
        """Debian's packages, unpacked; the environment in which their programs run."""
        place, root = self.folder / "packages", self.folder / "root"
        place.mkdir()
        subprocess.run(("apt-get", "download", *packages), cwd=place, check=True)
        for package in place.glob("*.deb"):
            self.run("dpkg", "-x", str(package), str(root))
        folders = [root / "usr/bin", root / "usr/sbin", Path("/usr/bin")]
        libraries = [found.parent for found in root.rglob("*.so.*")]
        return {
            "PATH": ":".join(map(str, folders)),
            "LD_LIBRARY_PATH": ":".join(dict.fromkeys(map(str, libraries))),
        }

    def check(self, what: str, found: object, expected: object) -> None:
        """Say what was found, and count it where it is not what was expected."""
        good = found == expected
        self.failed += not good
        wrong = "" if good else f", expected {_short(expected)}"
        print(f"{'ok ' if good else 'BAD'} {what}: {_short(found)}{wrong}", flush=True)


def _short(value: object) -> str:
    text = str(value)
    return text if len(text) < SHOWN else f"{text[:SHOWN]}…"


def proof(work: Callable[[House], None]) -> None:
    """Do it in a temporary folder, and end with 1 where something is not as it should be."""
    with tempfile.TemporaryDirectory(prefix="tockdeck-real-") as folder:
        house = House(Path(folder))
        work(house)
    sys.exit(1 if house.failed else 0)
