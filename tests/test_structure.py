"""The house itself: no import circles of any kind, no room too large, nothing heavy too early."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
MODULES = sorted((ROOT / "tui").rglob("*.py"))
MOST_LINES = 400
AT_THE_TOP = {
    ".ci", ".editorconfig", ".github", ".gitignore", "CHANGELOG.md", "LICENSE", "README.md",
    "config.example.toml", "findings", "pyproject.toml", "tests", "themes", "tui",
}  # fmt: skip


def name_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def tree_of(path: Path) -> ast.Module:
    """What a module says, read once for all tests."""
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def import_statements(path: Path) -> list[ast.AST]:
    """All imports of a module, however deep in it."""
    left: list[ast.AST] = [tree_of(path)]
    found: list[ast.AST] = []
    while left:
        node = left.pop()
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            found.append(node)
        # No expression holds a statement.
        for name in ("body", "orelse", "finalbody", "handlers", "cases"):
            inner = getattr(node, name, ())
            left.extend(inner if isinstance(inner, list) else ())
    return found


def imports_of(path: Path, known: set[str]) -> Iterator[str]:
    """Every module of ours that a file imports: deferred and TYPE_CHECKING ones included."""
    for node in import_statements(path):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in known)
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                yield inner if inner in known else node.module


def circles(graph: dict[str, set[str]]) -> list[list[str]]:
    """Groups of modules that reach one another (Tarjan's algorithm)."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    found: list[list[str]] = []

    def visit(module: str) -> None:
        index[module] = low[module] = len(index)
        stack.append(module)
        for other in graph.get(module, ()):
            if other not in index:
                visit(other)
                low[module] = min(low[module], low[other])
            elif other in stack:
                low[module] = min(low[module], index[other])
        if low[module] == index[module]:
            place = stack.index(module)
            group = stack[place:]
            del stack[place:]
            if len(group) > 1 or module in graph.get(module, ()):
                found.append(sorted(group))

    for module in graph:
        if module not in index:
            visit(module)
    return found


def test_a_circle_would_be_found() -> None:
    graph = {"a": {"b"}, "b": {"c"}, "c": {"a", "d"}, "d": set()}
    assert circles(graph) == [["a", "b", "c"]]


@cache
def whom_each_imports() -> dict[str, set[str]]:
    """Every module of ours with those of ours that it imports."""
    known = {name_of(path) for path in MODULES}
    return {
        name_of(path): {one for one in imports_of(path, known) if one != name_of(path)}
        for path in MODULES
    }


def test_no_import_circles() -> None:
    assert circles(whom_each_imports()) == []


def rooms_told() -> list[tuple[list[str], set[str]]]:
    """By row of the table of ARCHITECTURE.md: what is in it, and whom that may know."""
    text = (ROOT / "tui" / "ARCHITECTURE.md").read_text(encoding="utf-8")
    _, _, table = text.partition("|---|---|---|\n")
    rows = [line.split("|")[1::2] for line in table.partition("\n\n")[0].splitlines()]
    named = [[re.findall(r"`(\w+)(?:/|\.py)?`", cell) for cell in row] for row in rows]
    return [(first, {*known}) for first, known in named]


def test_the_table_of_rooms_tells_who_imports_whom() -> None:
    told = rooms_told()
    row_of = {name: first[0] for first, _ in told for name in first}
    (for_all,) = (first[0] for first, _ in told if "words" in first)
    imported: dict[str, set[str]] = {first[0]: set() for first, _ in told}
    for module, others in whom_each_imports().items():
        if module in ("tui", "tui.__main__"):
            continue
        here = row_of[module.split(".")[1]]
        there = {row_of[one.split(".")[1]] for one in others if one.startswith("tui.")}
        imported[here] |= there - {here, for_all}
    assert imported == {first[0]: known for first, known in told}


PAGES = ["README.md", "tui/ARCHITECTURE.md", *(f".github/{name}.md" for name in (
    "CONTRIBUTING", "RELEASING", "SECURITY"))]  # fmt: skip
A_PERSONS_OWN = {"clients.toml"}
"""Files that a page names and that lie in nobody's tree."""


@pytest.mark.parametrize("page", PAGES)
def test_what_a_page_names_is_there(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    named = set(re.findall(r"`([\w./-]+(?:\.(?:py|md|toml|sh|tcss)|/))`", text)) - A_PERSONS_OWN
    ours = [path for top in ("tui", "tests", ".ci", ".github", "themes", "findings")
            for path in (ROOT / top).rglob("*") if "__pycache__" not in path.parts]  # fmt: skip
    there = [f"/{path.relative_to(ROOT).as_posix()}" for path in [*ours, *ROOT.iterdir()]]
    assert [one for one in sorted(named) if not any(
        path.endswith(f"/{one.rstrip('/')}") for path in there)] == []  # fmt: skip


def test_no_room_is_too_large() -> None:
    large = {
        name_of(path): lines
        for path in MODULES
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > MOST_LINES
    }
    assert large == {}


def files_of_the_house() -> list[str]:
    """What git tracks, by paths from the root; from a source archive all that is in it."""
    if not (ROOT / ".git").exists():
        return [path.relative_to(ROOT).as_posix() for path in (ROOT / "tui").rglob("*")]
    listed = subprocess.run(
        ["git", "-c", "safe.directory=*", "ls-files", "-z"],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=True,
    )
    return [name for name in listed.stdout.split("\0") if name]


def test_nothing_lies_about_that_a_deck_of_somebody_wrote() -> None:
    """Its data have secrets in them."""
    files = files_of_the_house()
    assert {name.split("/")[0] for name in files} <= AT_THE_TOP
    written = {"credentials.json", "server.lock", "embedded.db", "config.toml", "secrets.toml"}
    assert [name for name in files if name.rsplit("/", 1)[-1] in written] == []


def contracts() -> dict[str, dict[str, list[str]]]:
    with (ROOT / "pyproject.toml").open("rb") as file:
        found = tomllib.load(file)["tool"]["importlinter"]["contracts"]
    return {one["name"]: one for one in found}


def test_the_contracts_name_every_room() -> None:
    """A module beside the rooms, or a screen, that no list names could import what it likes."""
    beside = {name_of(path) for path in MODULES if path.parent == ROOT / "tui"}
    beside -= {"tui", "tui.__main__", "tui.app"}
    found = contracts()
    for name in (
        "workspace imports no Textual and no face",
        "nothing imports the embedded services",
    ):
        assert beside - {*found[name]["source_modules"]} == set(), name
    screens = {f"tui.screens.{path.parent.name}" for path in ROOT.glob("tui/screens/*/screen.py")}
    assert screens - {*found["no screen knows another"]["modules"]} == set()
    httpx = [one for one in found.values() if one.get("forbidden_modules") == ["httpx"]]
    assert [one["source_modules"] for one in httpx] == [["tui"]], "who may know it is named alone"


@pytest.mark.parametrize(
    ("statement", "absent"),
    [
        ("import tui.cli; tui.cli.main(['--version'])", ["textual", "httpx", "asyncio"]),
        ("import tui.cli; tui.cli.main(['config', 'path'])", ["textual", "httpx"]),
        ("import tui.cli.status", ["textual", "httpx", "rich", "websockets"]),
        ("import tui.cli.open", ["textual", "httpx", "msgspec", "keyring", "sqlite3"]),
        ("import tui.app, tui.screens.today.screen", ["httpx", "websockets", "keyring", "sqlite3"]),
        ("import tui.workspace.workspace", ["textual", "httpx"]),
        ("import tui.live", ["textual", "tui.services", "tui.config"]),
        ("import tui.commands", ["textual", "httpx"]),
    ],
)
def test_nothing_heavy_too_early(statement: str, absent: list[str]) -> None:
    code = f"{statement}\nimport sys\nprint([m for m in {absent!r} if m in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True
    )
    assert done.stdout.splitlines()[-1] == "[]"


def test_no_statement_numbers_its_places() -> None:
    """`?1` wants its values by name from Python 3.14 on, and is a warning from 3.12 on."""
    numbered = re.compile(r"[ (,]\?(?:\d|\{\w+ \+)")
    found = [name_of(one) for one in MODULES if numbered.search(one.read_text(encoding="utf-8"))]
    assert found == []


def test_no_two_verbs_run_by_the_same_lines() -> None:
    runs: dict[str, list[str]] = {}
    for path in (ROOT / "tui" / "cli").glob("*.py"):
        for node in tree_of(path).body:
            if isinstance(node, ast.FunctionDef) and node.name == "run" and len(node.body) > 2:
                same = ast.dump(ast.Module(node.body[1:], []))  # without its docstring
                runs.setdefault(same, []).append(path.stem)
    assert [sorted(alike) for alike in runs.values() if len(alike) > 1] == []


def test_what_a_damaged_zip_ends_in_is_listed_once() -> None:
    listing = [
        name_of(path)
        for path in MODULES
        if {"BadZipFile", "EOFError", "NotImplementedError"}
        <= set(re.findall(r"\w+", path.read_text(encoding="utf-8")))
    ]
    assert listing == ["tui.damaged_zip"]


def test_what_a_package_hands_on_late_is_imported_from_it() -> None:
    """Else it is dead, and a checker that looks for dead names takes it for used."""
    whole = {path: path.read_text(encoding="utf-8") for path in MODULES}
    imported = {
        (node.module, alias.name)
        for path in MODULES
        for node in import_statements(path)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    late = [
        (name_of(path), name)
        for path, text in whole.items()
        if path.name == "__init__.py" and "def __getattr__" in text
        for name in re.findall(r'if name == "(\w+)"', text)
    ]
    assert late
    assert [one for one in late if one not in imported] == []


def test_no_two_docstrings_follow_each_other() -> None:
    """One of them has slipped away from the constant that it is of."""
    twice = [
        f"{name_of(path)}:{second.lineno}"
        for path in MODULES
        for node in bodies_of(tree_of(path))
        for first, second in pairwise(node.body)
        if is_text(first) and is_text(second)
    ]
    assert twice == []


def bodies_of(
    node: ast.Module | ast.stmt | ast.ExceptHandler | ast.match_case,
) -> Iterator[ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef]:
    """What has a docstring, however deep in other statements; no expression holds one."""
    if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
        yield node
    for field in ("body", "orelse", "finalbody", "handlers", "cases"):
        for inner in getattr(node, field, ()):
            yield from bodies_of(inner)


def is_text(statement: ast.stmt) -> bool:
    return (
        isinstance(statement, ast.Expr)
        and isinstance(statement.value, ast.Constant)
        and isinstance(statement.value.value, str)
    )


OF_A_DISK = frozenset({
    "exists", "is_dir", "is_file", "iterdir", "glob", "mkdir", "read_bytes", "read_text", "rglob",
    "samefile", "stat", "touch", "unlink", "write_bytes", "write_text",
})  # fmt: skip


def asked_at_once(node: ast.AST, inside: bool = False) -> Iterator[int]:
    """The lines on which a coroutine itself, and no function in it, asks for a file."""
    for child in ast.iter_child_nodes(node):
        within = inside and not isinstance(child, (ast.FunctionDef, ast.Lambda))
        within = within or isinstance(child, ast.AsyncFunctionDef)
        if within and isinstance(child, ast.Call) and isinstance(child.func, ast.Attribute):
            yield from [child.lineno] * (child.func.attr in OF_A_DISK)
        yield from asked_at_once(child, within)


def test_no_coroutine_of_the_deck_waits_for_a_disk() -> None:
    """Keys would wait with it: in a thread it may take as long as it likes."""
    source = "async def a():\n    def b(): p.stat()\n    await to_thread(p.stat)\n    p.stat()"
    assert [*asked_at_once(ast.parse(source))] == [4], "it would be found"
    rooms = ("screens", "services", "widgets", "workspace")
    found = [
        f"{name_of(path)}:{line}"
        for path in MODULES
        if path.relative_to(ROOT / "tui").parts[0] in rooms
        for line in asked_at_once(tree_of(path))
    ]
    assert found == []
