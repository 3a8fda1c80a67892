"""CPU of `tockdeck invoice` beside a bare script that has typst and factur-x do the same document,
and of `--check` of a hundred invoices in one process beside a hundred processes.

    python -m tests.bench.invoice [ROUNDS]

The bare script is given the terms and the page as they are ready. The rounds take turns, so that a
slow moment of the machine hits both; figures are the best of the rounds, in seconds, compare the
ratios. Of the single checks ten are run for each round, and counted as a hundred.
"""

from __future__ import annotations

import asyncio
import compileall
import os
import pickle
import sys
import tempfile
from decimal import Decimal
from pathlib import Path

import msgspec

from tests.bench.shell import ROOT, cpu
from tests.deck import service_settings, workspace_of
from tests.harness import EmbeddedServer
from tui.workspace.invoices.documents.page import page_of
from tui.workspace.invoices.documents.pdf import STANDARD, TEMPLATE
from tui.workspace.invoices.documents.profile import SAMPLE
from tui.workspace.invoices.documents.terms import terms_of

INVOICE = 3
MANY = 100
SAMPLED = 10
MOST = {"facturx": 1.5, "check": 0.2}
BARE = """
import pickle, sys
from pathlib import Path
import typst
from facturx import generate_from_binary, generate_xml
ready, out = map(Path, sys.argv[1:])
terms, page, template, standard = pickle.loads(ready.read_bytes())
xml = generate_xml(
    terms, flavor="factur-x", level="en16931", check_xsd=False, check_schematron=False
)
pdf = typst.compile(
    template, format="pdf", sys_inputs={"page": page}, pdf_standards=[standard],
    ignore_system_fonts=True,
)
made = generate_from_binary(
    pdf, xml, flavor="factur-x", level="en16931", check_xsd=False, check_schematron=False
)
out.write_bytes(made)
"""


def main(rounds: int) -> None:
    """Print the best and the ratios."""
    compileall.compile_dir(ROOT / "tui", quiet=1)
    seconds: dict[str, list[float]] = {"bare": [], "facturx": [], "single": [], "check": []}
    with (
        EmbeddedServer(services=["timesheets"]) as server,
        tempfile.TemporaryDirectory() as folder,
    ):
        home = Path(folder)
        config = _set_up(home)
        settings = service_settings(server)
        named = {f"TOCKDECK_{key.replace('.', '_')}".upper(): settings[key] for key in settings}
        environment = {**os.environ, **named, "TOCKDECK_HOME": folder}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        ready = home / "ready.pickle"
        ready.write_bytes(asyncio.run(_ready(server, home, config)))
        bare = [sys.executable, "-c", BARE, str(ready), str(home / "bare.pdf")]
        ours = [sys.executable, "-m", "tui", "invoice"]
        written = [*ours, str(INVOICE), "--to", "facturx", "-o", str(home / "ours.pdf")]
        ids = [str(one) for one in range(1, MANY + 1)]
        cpu(written, environment)
        for _ in range(rounds):
            seconds["bare"].append(cpu(bare, environment))
            seconds["facturx"].append(cpu(written, environment))
        for _ in range(max(1, rounds // 5)):
            single = [cpu([*ours, one, "--check"], environment) for one in ids[:SAMPLED]]
            seconds["single"].append(sum(single) * MANY / SAMPLED)
            seconds["check"].append(cpu([*ours, *ids, "--check"], environment))
    best = {name: min(values) for name, values in seconds.items()}
    for name, least in best.items():
        print(f"{name:<8} {least:.3f} s")
    for name, beside in (("facturx", "bare"), ("check", "single")):
        print(f"{name}: {best[name] / best[beside]:.2f} times (at most {MOST[name]})")


def _set_up(home: Path) -> Path:
    """The sample's seller and clients, as a person would set them up."""
    seller, _, clients = SAMPLE.read_text(encoding="utf-8").partition("[clients.1]")
    folder = home / "config"
    folder.mkdir()
    (folder / "config.toml").write_text(seller, encoding="utf-8")
    tables = f"[1]{clients}".replace("[clients.", "[")
    (folder / "clients.toml").write_text(tables, encoding="utf-8")
    return folder / "config.toml"


async def _ready(server: EmbeddedServer, home: Path, config: Path) -> bytes:
    workspace = workspace_of(server, home)
    try:
        assert workspace.loaded.file == config
        service = await workspace.connections.timesheets()
        tasks = (await service.task.search(project_id=1, limit=1)).items
        # The sample has fewer.
        while (
            made := await service.invoice.create(1, [tasks[0].id], amount=Decimal(99))
        ).id < MANY:
            pass
        assert made.id == MANY
        document = (await workspace.documents.document(INVOICE)).document
    finally:
        await workspace.close()
    page = msgspec.json.encode(page_of(document)).decode()
    return pickle.dumps((terms_of(document), page, str(TEMPLATE), STANDARD))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 11)
