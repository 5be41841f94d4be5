"""The direction of imports: index knows nothing of ours, qa knows index, the rest may know both."""

import ast
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
MAY_IMPORT = {
    "index": {"index"},
    "qa": {"index", "qa"},
    "eval": {"index", "qa", "eval"},
    "ui": {"index", "qa", "eval", "ui"},
}
OURS = {"index", "qa", "eval", "ui", "app", "benchmarks", "tests", "samples", "training"}
BANNED_CALLS = {"eval", "exec", "compile"}
BANNED_MODULES = {"pickle", "marshal", "shelve", "joblib", "dill"}


def modules():
    return [path for package in MAY_IMPORT for path in sorted((ROOT / package).rglob("*.py"))]


def imported(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_imports_only_from_below(path):
    package = path.relative_to(ROOT).parts[0]
    tops = {name.split(".")[0] for name in imported(ast.parse(path.read_text(encoding="utf-8")))}
    assert (tops & OURS) <= MAY_IMPORT[package]


def test_imports_among_our_modules_hold_no_cycle():
    graph = {}
    for path in modules():
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        tree = ast.parse(path.read_text(encoding="utf-8"))
        graph[name] = {target for target in imported(tree) if target.split(".")[0] in MAY_IMPORT} - {name}
    done = set()

    def visit(name, trail):
        assert name not in trail, f"import cycle: {' -> '.join((*trail, name))}"
        if name not in done:
            for target in graph.get(name, ()):
                visit(target, (*trail, name))
            done.add(name)

    for name in graph:
        visit(name, ())


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_no_code_runs_from_data_files(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    calls = {
        node.func.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    assert not calls & BANNED_CALLS
    assert not {name.split(".")[0] for name in imported(tree)} & BANNED_MODULES
    assert "trust_remote_code=True" not in path.read_text(encoding="utf-8")


def test_every_package_is_installed():
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]
    folders = {str(path.parent.relative_to(ROOT)).replace("/", ".") for path in modules()}
    assert set(declared["packages"]) == folders
