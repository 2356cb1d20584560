"""The layout holds: what imports what, as far as one file can tell."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from import_graph import circles, graph

import knowledge

REPOSITORY = Path(__file__).parent.parent
FACES = sorted([*REPOSITORY.glob("bot/**/*.py"), *REPOSITORY.glob("tests/bot/**/*.py")])


def _imported(path: Path) -> Iterator[tuple[str, str]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module is not None:
            yield from ((node.module, alias.name) for alias in node.names)


@pytest.mark.parametrize("path", FACES, ids=lambda path: str(path.relative_to(REPOSITORY)))
def test_faces_use_of_the_engine_what_it_exports(path: Path) -> None:
    used = [(module, name) for module, name in _imported(path) if module.startswith("knowledge")]
    assert [one for one in used if one[0] != "knowledge"] == []
    assert {name for _, name in used if name} <= set(knowledge.__all__)


def test_the_engine_has_all_that_it_exports() -> None:
    assert [name for name in knowledge.__all__ if getattr(knowledge, name, None) is None] == []


def test_the_engine_is_loaded_only_as_far_as_it_is_used() -> None:
    program = "import sys; from knowledge import fold; print('knowledge.base' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert done.stdout.strip() == b"False"


@pytest.mark.parametrize("root", ["bot", "bot/features", "bot/services", "knowledge"])
def test_no_package_is_in_a_circle(root: str) -> None:
    edges = graph(REPOSITORY / root)
    assert [circle for circle in circles(edges) if len(circle) > 1] == []


def test_a_circle_is_found() -> None:
    edges = {"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}}
    assert circles(edges) == [{"a", "b", "c"}, {"d"}]
