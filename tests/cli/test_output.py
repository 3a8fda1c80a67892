"""Every way out of a verb: to a terminal, a pipe, a full disk, nowhere, and in small alphabets."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import os
import re
import sys
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.cli.conftest import Shell, Terminal
from tests.cli.forks import CLOSED, Ended, Forks, Streams
from tests.deck import workspace_of
from tests.harness import EmbeddedServer
from tests.journeys.conftest import stop_server
from tui.cli import DONE, INTERRUPTED, REFUSED, UNREACHABLE, USAGE, VERBS, main
from tui.cli.output import NEAREST, OutputFailed, ReaderGone, _Gate, write_pages
from tui.cli.output import Streams as Gates
from tui.live.recording import MAGIC
from tui.workspace.timers.running import Running

ROOT = Path(__file__).resolve().parents[2]
HOSTILE = "=Kea\x1b]0;owned\x07 \x9b2J\u202etxt.exe\u2066 \u200bend"
FULL = "/dev/full"


# to a terminal


def on_terminal(monkeypatch: pytest.MonkeyPatch, *words: str) -> str:
    """What a verb sends to a terminal in UTF-8."""
    terminal = Terminal()
    with monkeypatch.context() as patch:
        patch.setattr(sys, "stdout", io.TextIOWrapper(terminal, "utf-8"))
        assert main(words) == DONE
        # Kept open: the wrapper would close it with itself.
        sys.stdout.detach()
    return terminal.getvalue().decode()


def obeyed(text: str) -> set[str]:
    """What of a text a terminal would obey rather than show."""
    return {
        ascii(character)
        for character in text
        if character != "\n" and unicodedata.category(character) in ("Cc", "Cf", "Zl", "Zp")
    }


@pytest.fixture(scope="module")
def hostile(server: EmbeddedServer, tmp_path_factory: pytest.TempPathFactory) -> int:
    """A client of the service whose name is an attack, by its id."""
    with pytest.MonkeyPatch.context() as patch:
        Shell(tmp_path_factory.mktemp("home"), patch).use(server)
        out = io.TextIOWrapper(io.BytesIO(), "utf-8")
        patch.setattr(sys, "stdout", out)
        words = ("call", "timesheets.client.create", "--json", json.dumps({"name": HOSTILE}))
        assert main(words) == DONE
        out.seek(0)
        return int(json.loads(out.read())["id"])


@pytest.mark.parametrize(
    "words",
    [
        ("call", "timesheets.client.search", "limit=500"),
        ("call", "timesheets.client.search", "limit=500", "--jsonl"),
        ("call", "timesheets.client.search", "limit=500", "--csv"),
        ("call", "timesheets.client.search", "limit=500", "--table"),
        ("call", "timesheets.client.search", "limit=500", "--raw"),
        ("call", "timesheets.client.export_csv", "limit=500"),
        ("call", "timesheets.client.export_csv", "limit=500", "--raw"),
    ],
    ids=" ".join,
)
def test_a_terminal_is_never_told_what_to_do(
    connected: Shell, hostile: int, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    shown = on_terminal(monkeypatch, *words)
    assert "Kea" in shown
    assert not obeyed(shown)


def test_a_pipe_gets_the_data(connected: Shell, hostile: int) -> None:
    search = ("call", "timesheets.client.search", "limit=500")
    names = [one["name"] for one in json.loads(connected.run(*search).out)["items"]]
    assert HOSTILE in names
    lines = connected.run(*search, "--jsonl").out.splitlines()
    assert HOSTILE in [json.loads(line)["name"] for line in lines]
    assert (
        HOSTILE.partition("\x1b")[2]
        in connected.run("call", "timesheets.client.export_csv", "limit=500", "--raw").out
        or r"\u202e" in connected.run(*search, "--raw").out
    )


def test_json_on_a_terminal_is_the_same_json(
    connected: Shell, hostile: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = ("call", "timesheets.client.search", f"client_ids={hostile}")
    shown = on_terminal(monkeypatch, *words)
    assert json.loads(shown) == json.loads(connected.run(*words).out)
    assert r"\u202e" in shown


@pytest.mark.parametrize("words", [("search", "--csv"), ("export_csv",)], ids=" ".join)
def test_no_cell_of_csv_begins_a_formula(
    connected: Shell, hostile: int, words: tuple[str, ...]
) -> None:
    verb, *more = words
    said = connected.run("call", f"timesheets.client.{verb}", f"client_ids={hostile}", *more)
    header, row = csv.reader(io.StringIO(said.out))
    assert row[header.index("name")] == f"'{HOSTILE}"


def test_what_the_answer_itself_says_stays_its_own_bytes(connected: Shell, hostile: int) -> None:
    said = connected.run("call", "timesheets.client.export_csv", f"client_ids={hostile}", "--raw")
    assert HOSTILE in next(iter(csv.reader(io.StringIO(said.out.partition("\n")[2]))))


def test_letters_cut_in_two_arrive_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(terminal, "utf-8"))
    with Gates():
        for byte in "é\x1b日".encode():
            sys.stdout.buffer.write(bytes((byte,)))
    assert terminal.getvalue().decode() == "é␛日"


# alphabets


def test_what_an_alphabet_lacks_is_the_nearest(monkeypatch: pytest.MonkeyPatch) -> None:
    with Gates():
        assert "é… ● 日".encode("ascii", NEAREST) == b"e... * ?"
        # Beside a figure, what a sign becomes is no digit of it.
        assert "5½ h, 1¾".encode("ascii", NEAREST) == b"5 1/2 h, 1 3/4"
        assert "10² 4¹ 10⁴ 7⅓".encode("ascii", NEAREST) == b"10^2 4^1 10? 7?"
        assert "é°日".encode("latin-1", NEAREST) == b"\xe9\xb0?"
        assert "caf\udce9 \ud800".encode("utf-8", NEAREST) == b"caf\xe9 ?"
        assert "2 › 1 € ≥ Groß".encode("ascii", NEAREST) == b"2 > 1 EUR >= Gross"
        with pytest.raises(UnicodeDecodeError):
            b"\xff".decode("utf-8", NEAREST)


def test_a_locale_without_letters_gets_none_but_where_python_was_told_otherwise(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def written(under: io.BytesIO, *, pages: bool = False, glyphs: str = "auto") -> bytes:
        with monkeypatch.context() as patch:
            patch.setattr(sys, "stdout", io.TextIOWrapper(under, "utf-8"))
            with Gates():
                if pages:
                    write_pages(glyphs)
                sys.stdout.write("Kōtare › 50°\n")
            # Kept open: the wrapper would close it with itself.
            sys.stdout.detach()
        return under.getvalue()

    whole, bare = "Kōtare › 50°\n".encode(), b"Kotare > 50deg\n"
    assert written(Terminal()) == written(io.BytesIO(), pages=True) == whole
    monkeypatch.setenv("LC_ALL", "C")
    assert written(Terminal()) == written(io.BytesIO(), pages=True) == bare
    # Who has set that there are all signs is believed, whatever the locale says.
    for under in (Terminal(), io.BytesIO()):
        assert written(under, pages=True, glyphs="unicode") == whole
        assert written(type(under)(), pages=True, glyphs="ascii") == bare
    # What is piped is data, and stays as it is.
    assert written(io.BytesIO()) == whole
    monkeypatch.setenv("LC_ALL", "de_DE.ISO-8859-1")
    assert written(Terminal()) == "Kotare > 50°\n".encode("latin-1")
    monkeypatch.setenv("PYTHONUTF8", "1")
    assert written(Terminal()) == written(io.BytesIO(), pages=True) == whole


# closed and full


RUNS: dict[str, tuple[str, ...]] = {
    "open": ("open",),
    "serve": ("serve", "--for", "0"),
    "ops": ("ops", "tock", "--long"),
    "call": ("call", "timesheets.client.search"),
    "live": ("live", "--once", "--for", "10"),
    "record": ("record", "{home}/new.tockrec", "--for", "0.1"),
    "replay": ("replay", "{recording}", "--speed", "64"),
    "export": ("export", "{recording}", "--to", "csv"),
    "bring": ("bring", str(ROOT / "tests/data/instruments/boat.nmea"), "--session", "1"),
    "listen": ("listen", "udp://127.0.0.1:0", "--for", "0.1"),
    "table": ("table", "Seabright Fleet/Boats", "--to", "csv"),
    "files": ("files", "Seabright Fleet"),
    "simulate": ("simulate", "--boats", "1"),
    "status": ("status",),
    "remind": ("remind", "--dry-run", "tomorrow 9:00 call"),
    "find": ("find", "i:", "lumen"),
    "add": ("add", "--dry-run", "9:00-11:15", "wardrobe:", "mending"),
    "start": ("start", "wardrobe"),
    "stop": ("stop",),
    "switch": ("switch", "wardrobe"),
    "describe": ("describe", "mending"),
    "resume": ("resume",),
    "hours": ("hours", "export", "--as", "csv", "--from=-30d"),
    "invoice": ("invoice", "3", "--to", "md"),
    "invoices": ("invoices",),
    "payments": ("payments", "import", "{home}/bank.csv"),
    "widget": ("widget", str(ROOT / "tests/data/widgets/catalogbooks.json")),
    "changes": ("changes",),
    "store": ("store", "size"),
    "config": ("config", "show"),
    "disconnect": ("disconnect", "igtimi"),
    "keys": ("keys",),
    "reference": ("reference",),
    "man": ("man",),
    "completion": ("completion", "bash"),
    "doctor": ("doctor",),
    "help": ("help", "keys"),
    "embedded": ("embedded", "--clear-sample"),
}
"""Of each verb a run that prints something, but for the deck, which wants a terminal."""
BEGIN, END = ("start", "booking"), ("stop",)
BEFORE = {
    "start": (END,),
    "stop": (END, BEGIN),
    "switch": (END, BEGIN),
    "describe": (END, BEGIN),
    "resume": (END,),
}
"""What is done before such a run: it begins where the timer stands, or where another one runs."""
LIGHT = [verb for verb in RUNS if verb not in ("live", "serve", "simulate", "embedded")]
"""Those that start nothing and wait for nothing: tried with everything."""


def ends_well(verb: str, said: Ended) -> bool:
    """Whether a verb did what it always does; a moment may be too short to connect in."""
    if verb == "record":
        return said.status in (DONE, UNREACHABLE)
    if verb == "listen":
        # Nobody speaks there.
        return said.status in (REFUSED, UNREACHABLE)
    # The doctor wants to see the terminal too, and says that it could not.
    return said.status == (USAGE if verb in ("open", "doctor") else DONE)


@dataclass(frozen=True)
class Person:
    """Verbs with streams of any kind, as a person with every account."""

    forks: Forks
    words: dict[str, str]

    def run(self, verb: str, streams: Streams) -> Ended:
        """The verb as `RUNS` has it, after what has to be so before."""
        for words in BEFORE.get(verb, ()):
            self.forks.run(words, Streams())
        return self.forks.run([word.format(**self.words) for word in RUNS[verb]], streams)


async def look_at_clients(server: EmbeddedServer, home: Path) -> None:
    """Have something that can be found."""
    workspace = workspace_of(server, home)
    await workspace.invoices.clients()
    await workspace.close()


@pytest.fixture(scope="module")
def person(server: EmbeddedServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Person]:
    """One process for all of it, and a recording to read."""
    home = tmp_path_factory.mktemp("home")
    recording = home / "race.tockrec"
    (home / "bank.csv").write_text("Date,Amount,Description\n2026-11-20,5.00,Thanks\n")
    with pytest.MonkeyPatch.context() as patch:
        shell = Shell(home, patch)
        shell.use(server)
        known = Running(as_of=1.8e9, tracker="Sail\u202e·é", day_total=60)
        (home / "state").mkdir()
        (home / "state/status.json").write_bytes(known.to_json())
        asyncio.run(look_at_clients(server, home))
        with Forks(home) as forks:
            made = forks.run(["record", str(recording), "--for", "3"], Streams())
            assert made.status == DONE, made.err
            try:
                yield Person(forks, {"home": str(home), "recording": str(recording)})
            finally:
                stop_server(home)


def tracebacks(said: Ended) -> list[str]:
    """What a person should never be shown."""
    return re.findall(r"Traceback.*|Exception ignored.*|^\w+Error.*", said.err, re.MULTILINE)


@pytest.mark.parametrize(
    ("verb", "encoding"),
    [*((verb, "ascii") for verb in RUNS), *((verb, "latin-1") for verb in LIGHT)],
)
def test_no_alphabet_ends_a_verb(person: Person, verb: str, encoding: str) -> None:
    said = person.run(verb, Streams(encoding=encoding))
    assert not tracebacks(said)
    assert ends_well(verb, said), said.err
    assert bool(said.out) == (verb != "open")


@pytest.mark.parametrize("stdout", [CLOSED, FULL], ids=["closed", "full"])
@pytest.mark.parametrize("verb", RUNS)
def test_an_output_that_takes_nothing_is_one_line(
    person: Person, verb: str, stdout: str | None
) -> None:
    said = person.run(verb, Streams(stdout=stdout))
    assert not tracebacks(said)
    assert said.err.strip(), "something is said"
    if verb == "record":
        assert ends_well(verb, said), "it has its file; what it prints is only where that is"
    else:
        assert said.status in (REFUSED, USAGE), said.err
        assert verb == "open" or "tandard output" in said.err.splitlines()[-1]


@pytest.mark.parametrize("verb", LIGHT)
def test_a_verb_that_reads_nothing_needs_no_input(person: Person, verb: str) -> None:
    said = person.run(verb, Streams(stdin=CLOSED))
    assert not tracebacks(said)
    assert ends_well(verb, said), said.err


@pytest.mark.parametrize(
    "words",
    [
        ("call", "igtimi.sessions.get", "--json", "-"),
        ("call", "igtimi.sessions.delete", "session_id=1"),
        ("widget", "-"),
        ("widget", "tests/data/widgets/customform.json", "--fill"),
    ],
    ids=" ".join,
)
def test_a_verb_that_reads_says_that_there_is_nothing(
    person: Person, words: tuple[str, ...]
) -> None:
    said = person.forks.run(words, Streams(stdin=CLOSED))
    assert not tracebacks(said)
    assert said.status in (REFUSED, USAGE, INTERRUPTED)
    assert said.err.startswith("tockdeck: ") or "given up" in said.err
    assert not said.out


@pytest.mark.parametrize("stderr", [CLOSED, FULL], ids=["closed", "full"])
@pytest.mark.parametrize("verb", LIGHT)
def test_nobody_to_narrate_to_changes_nothing(
    person: Person, verb: str, stderr: str | None
) -> None:
    said = person.run(verb, Streams(stderr=stderr))
    assert ends_well(verb, said)
    assert b"tockdeck: " not in said.out


def test_every_verb_is_tried() -> None:
    assert list(RUNS) == list(VERBS)


def test_a_write_whose_answer_nobody_takes_is_not_to_be_repeated(person: Person) -> None:
    words = ("call", "timesheets.client.create", "name=Once")
    said = person.forks.run(words, Streams(stdout=FULL))
    assert said.status == REFUSED
    assert "did it all the same" in said.err
    found = person.forks.run(("call", "timesheets.client.search", "name=Once"), Streams())
    assert len(json.loads(found.out)["items"]) == 1


def test_a_file_opened_later_is_not_taken_for_standard_output(person: Person) -> None:
    said = person.forks.run(
        ("record", "{home}/kept.tockrec".format(**person.words), "--for", "0.1"),
        Streams(stdin=CLOSED, stdout=CLOSED, stderr=CLOSED),
    )
    assert ends_well("record", said)
    kept = Path("{home}/kept.tockrec".format(**person.words))
    assert kept.read_bytes().startswith(MAGIC)


def test_a_stream_that_failed_is_told_once() -> None:
    gate = sys.stdout
    assert gate is not None
    closed = _Gate(None, "utf-8", needed=True)
    with pytest.raises(OutputFailed, match="is closed"):
        closed.write(b"x")
    assert closed.write(b"y") == 1
    reader, writer = os.pipe()
    os.close(reader)
    with open(writer, "wb", buffering=0) as pipe:  # noqa: PTH123 - a number
        gone = _Gate(pipe, "utf-8", needed=True)
        with pytest.raises(ReaderGone):
            gone.write(b"x")
        gone.write(b"y")
        gone.leave()


def test_after_a_verb_its_streams_have_nothing_to_do_with_what_another_may_close(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    under = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(under, "utf-8"))
    with Gates():
        kept = sys.stdout
        kept.write("data")
    assert under.getvalue() == b"data"
    under.close()
    kept.flush()
    kept.close()
