"""Draws which packages import which: ``python -m tests.import_graph [ROOT] [--mermaid]``.

A room is a package or module directly inside ``ROOT`` (by default ``knowledge``). Imports under
``TYPE_CHECKING`` and inside functions count as any other.
"""

from __future__ import annotations

import argparse
import ast
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent


def main() -> None:
    """Print the rooms with what each imports, and how many circles there are."""
    parser = argparse.ArgumentParser(prog="python -m tests.import_graph", description=__doc__)
    parser.add_argument(
        "root", nargs="?", default="knowledge", help="a package, such as bot/features"
    )
    parser.add_argument("--mermaid", action="store_true", help="as a Mermaid diagram")
    options = parser.parse_args()
    edges = graph(REPOSITORY / options.root)
    if options.mermaid:
        print("flowchart TD")
        for room, others in sorted(edges.items()):
            for other in sorted(others):
                print(f"    {room} --> {other}")
        return
    for room, others in sorted(edges.items()):
        print(f"{room:<24} {', '.join(sorted(others)) or '-'}")
    count = sum(map(len, edges.values()))
    found = [circle for circle in circles(edges) if len(circle) > 1]
    print(f"\n{len(edges)} rooms, {count} edges, {len(found)} circles")
    for circle in found:
        print(f"circle of {len(circle)}: {', '.join(sorted(circle))}")


def graph(package: Path) -> dict[str, set[str]]:
    """Return which rooms of ``package`` each of its rooms imports."""
    edges: dict[str, set[str]] = {}
    dotted = ".".join(package.relative_to(REPOSITORY).parts)
    for path in sorted(package.rglob("*.py")):
        parts = path.relative_to(package).with_suffix("").parts
        if parts == ("__init__",):
            continue
        mine = edges.setdefault(parts[0], set())
        for module in _imported(ast.parse(path.read_text(encoding="utf-8"))):
            within, _, name = module.partition(f"{dotted}.")
            if not within and name and name.split(".")[0] != parts[0]:
                mine.add(name.split(".")[0])
    for mine in edges.values():
        mine &= edges.keys()
    return edges


def _imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module is not None:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def circles(edges: Mapping[str, set[str]]) -> list[set[str]]:
    """Return the strongly connected components, largest first."""
    reached: dict[str, set[str]] = defaultdict(set)
    for room in edges:
        pending = [room]
        while pending:
            for other in edges[pending.pop()]:
                if other not in reached[room]:
                    reached[room].add(other)
                    pending.append(other)
    components: list[set[str]] = []
    for room in edges:
        if not any(room in component for component in components):
            components.append({room, *(o for o in reached[room] if room in reached[o])})
    return sorted(components, key=len, reverse=True)


if __name__ == "__main__":
    main()
