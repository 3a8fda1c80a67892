"""The papers of the house agree with it: versions, pins, the workflow, the changelog."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.version import Version

from tui import __version__

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
CONSTRAINTS = (ROOT / ".ci" / "constraints.txt").read_text(encoding="utf-8")
PAPERS = ["CHANGELOG.md", "README.md"] + [
    f".github/{name}.md" for name in ("CONTRIBUTING", "RELEASING", "SECURITY")
]


def pins() -> dict[str, Version]:
    """The pinned versions by their names in lower case with dashes."""
    found = re.findall(r"^([A-Za-z0-9._-]+)==([^\s;]+)$", CONSTRAINTS, re.MULTILINE)
    return {name.lower().replace("_", "-"): Version(version) for name, version in found}


def test_every_requirement_is_pinned_within_its_range() -> None:
    extras = PROJECT["optional-dependencies"]
    wanted = [*PROJECT["dependencies"], *extras["test"], *extras["parquet"], *extras["dev"]]
    for text in wanted:
        requirement = Requirement(text)
        if requirement.name == PROJECT["name"]:
            continue
        pin = pins().get(requirement.name.lower())
        assert pin is not None, f"{requirement.name} has no pin"
        assert requirement.specifier.contains(pin, prereleases=True), text


def test_constraints_are_pins_and_nothing_else() -> None:
    lines = [line for line in CONSTRAINTS.splitlines() if not line.startswith("#")]
    assert len(lines) == len(pins())
    assert "constraints.txt" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


def test_the_workflow_runs_every_python_that_is_promised() -> None:
    workflow = (ROOT / ".github" / "workflows" / "checks.yml").read_text(encoding="utf-8")
    (versions,) = re.findall(r"^ +python: \[(.*)\]$", workflow, re.MULTILINE)
    (systems,) = re.findall(r"^ +system: \[(.*)\]$", workflow, re.MULTILINE)
    tested = re.findall(r'"([\d.]+)"', versions)
    promised = [
        line.rpartition(" ")[2]
        for line in PROJECT["classifiers"]
        if re.search(r":: Python :: \d+\.\d+$", line)
    ]
    assert tested == promised
    assert PROJECT["requires-python"] == f">={tested[0]}"
    assert len(systems.split(",")) == 2
    assert ".ci/run" in workflow


def test_the_version_is_one() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    headings = re.findall(r"^## (\S+)", changelog, re.MULTILINE)
    assert headings[:2] == ["Unreleased", __version__]
    assert PROJECT["version"] == __version__


def test_papers_point_at_what_is_there() -> None:
    for name in PAPERS:
        path = ROOT / name
        for target in re.findall(r"\]\(([^)#\s]+)\)", path.read_text(encoding="utf-8")):
            if "://" not in target:
                assert (path.parent / target).exists(), f"{name}: {target}"
