"""The house's walls: which layer may import which, and what only one layer may touch."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

TOP = Path(__file__).resolve().parents[2]
PACKAGE = TOP / "rongchang_desk"

# layer -> the layers of ours it may import (itself always; errors and assets are everyone's)
MAY_IMPORT: dict[str, set[str]] = {
    "domain": set(),
    "formats": {"domain"},
    "store": {"domain", "formats"},
    "signing": {"domain", "formats"},
    "documents": {"domain", "formats"},
    "app": {"domain", "formats", "store", "signing", "documents"},
    "cli": {"domain", "formats", "store", "signing", "documents", "app"},
    "ui": {"domain", "formats", "store", "signing", "documents", "app"},
    "__main__": {"app", "cli", "ui"},
    "errors": set(),
    "assets": set(),
    "__init__": set(),
}
EVERYONES = {"errors", "assets", "__init__"}

# outside package -> the only layer that may import it
ONLY_IN = {
    "PySide6": "ui",
    "shiboken6": "ui",
    "pyhanko": "signing",
    "pyhanko_certvalidator": "signing",
    "pkcs11": "signing",
    "reportlab": "documents",
    "matplotlib": "documents",
    "sqlite_utils": "store",
}
# The one door from the command line to the window; a test below sees that it opens late.
DOORS = {("cli", "rongchang_desk.ui.application")}
HEAVY = ("PySide6", "pyhanko", "reportlab", "matplotlib")


def layer_of(module: str) -> str:
    """`rongchang_desk.store.records` -> `store`; the package itself -> `__init__`."""
    parts = module.split(".")
    if len(parts) == 1:
        return "__init__"
    return parts[1]


def imports(source: str, module: str, is_package: bool) -> Iterator[tuple[int, str]]:
    """Every module that `source` imports anywhere, also inside functions: (line, full name)."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name
        elif isinstance(node, ast.ImportFrom):
            if node.level:
                package = module.split(".") if is_package else module.split(".")[:-1]
                package = package[: len(package) - node.level + 1]
                origin = ".".join([*package, *filter(None, [node.module])])
            else:
                origin = node.module or ""
            if origin in {"rongchang_desk", "rongchang_desk.ui"}:
                for alias in node.names:
                    yield node.lineno, f"{origin}.{alias.name}"
            else:
                yield node.lineno, origin


def breaches(source: str, module: str, is_package: bool = False) -> list[str]:
    """What breaks the dependency rule in one module, in words."""
    layer = layer_of(module)
    found = []
    for line, name in imports(source, module, is_package):
        top = name.split(".")[0]
        if top == "rongchang_desk":
            target = layer_of(name)
            if target not in MAY_IMPORT:  # `from rongchang_desk import __version__`
                target = "__init__"
            is_door = (layer, name) in DOORS
            if target not in MAY_IMPORT[layer] | EVERYONES | {layer} and not is_door:
                found.append(f"{module}:{line} imports {name}: {layer} must not know {target}")
        elif top in ONLY_IN and ONLY_IN[top] != layer:
            found.append(f"{module}:{line} imports {name}: only {ONLY_IN[top]} may")
        elif layer == "domain" and top not in sys.stdlib_module_names:
            found.append(f"{module}:{line} imports {name}: domain is standard library only")
    return found


def modules() -> list[tuple[str, Path]]:
    files = sorted(PACKAGE.rglob("*.py"))
    found = []
    for file in files:
        parts = file.relative_to(TOP).with_suffix("").parts
        found.append((".".join(parts[:-1] if parts[-1] == "__init__" else parts), file))
    return found


@pytest.mark.parametrize(("module", "file"), modules(), ids=[name for name, _ in modules()])
def test_a_module_imports_only_what_its_layer_may(module: str, file: Path) -> None:
    assert layer_of(module) in MAY_IMPORT, f"{module}: a new layer needs a rule here"
    assert breaches(file.read_text("utf-8"), module, file.name == "__init__.py") == []


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("rongchang_desk.domain.plan", "from rongchang_desk.store import records"),
        ("rongchang_desk.domain.plan", "import msgspec"),
        ("rongchang_desk.store.records", "from ..signing import envelope"),
        ("rongchang_desk.store.records", "from rongchang_desk.documents.page import Page"),
        ("rongchang_desk.app.export", "def f():\n    from PySide6.QtCore import QObject"),
        ("rongchang_desk.app.export", "import pyhanko.sign"),
        ("rongchang_desk.ui.theme", "import matplotlib.figure"),
        ("rongchang_desk.ui.theme", "from rongchang_desk import cli"),
        ("rongchang_desk.cli", "from rongchang_desk import ui"),
        ("rongchang_desk.cli", "from rongchang_desk.ui import theme"),
        ("rongchang_desk.app.export", "from rongchang_desk.cli import help"),
        ("rongchang_desk.documents.page", "from sqlite_utils import Database"),
    ],
)
def test_a_breach_of_the_rule_is_seen(module: str, source: str) -> None:
    assert len(breaches(source, module)) == 1


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("rongchang_desk.domain.plan", "from .month import Month\nimport re"),
        ("rongchang_desk.store.records", "from rongchang_desk import assets, errors"),
        ("rongchang_desk.ui.theme", "from rongchang_desk import __version__, assets"),
        ("rongchang_desk.app.export", "def f():\n    from ..signing import envelope"),
        ("rongchang_desk.cli", "def f():\n    from rongchang_desk.ui.application import run"),
    ],
)
def test_an_allowed_import_is_no_breach(module: str, source: str) -> None:
    assert breaches(source, module) == []


def loaded_after(statement: str) -> list[str]:
    """The heavy packages that a fresh interpreter has loaded after one statement."""
    script = f"import sys\n{statement}\nprint(*[n for n in {HEAVY!r} if n in sys.modules])"
    environment = os.environ | {"PYTHONPATH": str(TOP)}
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env=environment,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def test_importing_the_command_line_loads_none_of_the_heavy_libraries() -> None:
    assert loaded_after("import rongchang_desk.cli") == []


def test_the_probe_for_heavy_libraries_sees_one_that_is_loaded() -> None:
    assert loaded_after("import matplotlib") == ["matplotlib"]


def test_a_wheel_would_carry_every_package_of_the_source_tree() -> None:
    settings = tomllib.loads((TOP / "pyproject.toml").read_text("utf-8"))
    listed = set(settings["tool"]["setuptools"]["packages"])
    there = {name for name, file in modules() if file.name == "__init__.py"}
    assert listed == there | {"rongchang_desk.resources", "rongchang_desk.db"}
