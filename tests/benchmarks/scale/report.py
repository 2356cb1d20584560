"""The figures as Markdown and as a plot."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from scale.engines import Models
from scale.measuring import ASKERS, Cost, Measured

_MEGABYTE = 1e6
_GOES_BY = {
    Models.NONE: "",
    Models.BOTH: ", both models",
    Models.MADE: ", meaning (made vectors)",
}


def markdown(results: Sequence[Measured]) -> str:
    """Return the tables: of each engine at each size, and of the kinds of questions."""
    parts = [
        _table(
            (
                "paragraphs", "engine", "index s", "index MB", "memory MB", "p50 ms", "p95 ms",
                "processor ms", "answers/s", f"of {ASKERS} askers",
                f"in a process a core: one / {ASKERS}", "nothing changed s",
                "one changed s", "start s", "processor s of these",
            ),
            (
                (
                    f"{one.paragraphs:,}", _name(one), _number(one.index_seconds, 1),
                    _number(one.index_bytes / _MEGABYTE, 1),
                    _number(one.resident_bytes / _MEGABYTE, 0),
                    _number(one.latency["all"].p50, 2), _number(one.latency["all"].p95, 2),
                    _number(one.latency["all"].processor, 2),
                    _number(one.one_asker, 0), _number(one.many_askers, 0),
                    f"{_number(one.one_asker_apart, 0)} / {_number(one.many_askers_apart, 0)}",
                    *(_number(cost and cost.clock, 2) for cost in _costs(one)),
                    " / ".join(_number(cost and cost.processor, 2) for cost in _costs(one)),
                )
                for one in results
            ),
        ),
        _table(
            ("paragraphs", "engine", "kind", "p50 ms", "p95 ms", "processor ms", "among five"),
            (
                (
                    f"{one.paragraphs:,}", _name(one), kind, _number(latency.p50, 2),
                    _number(latency.p95, 2), _number(latency.processor, 2),
                    _number(latency.found, 2),
                )
                for one in results
                for kind, latency in one.latency.items()
                if kind != "all"
            ),
        ),
    ]  # fmt: skip
    return "\n\n".join(parts)


def _name(measured: Measured) -> str:
    """Return the engine and, where it is not words alone, what it goes by."""
    return f"{measured.engine}{_GOES_BY[measured.models]}"


def plot(results: Sequence[Measured], path: Path) -> None:
    """Draw how the median question grows with the index, of each engine, into a picture."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7, 4.2), layout="constrained")
    axes = figure.subplots()
    for name in dict.fromkeys(one.engine for one in results):
        mine = sorted((one for one in results if one.engine == name), key=lambda r: r.paragraphs)
        sizes = [one.paragraphs for one in mine]
        (line,) = axes.plot(sizes, [r.latency["all"].p50 for r in mine], marker="o", label=name)
        worst = [one.latency["all"].p95 for one in mine]
        axes.plot(sizes, worst, marker=".", linestyle=":", color=line.get_color())
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlabel("paragraphs")
    axes.set_ylabel("ms a question (dotted: 95 of 100 are faster)")
    axes.grid(visible=True, alpha=0.3)
    axes.legend()
    figure.savefig(path, dpi=150)


def _costs(one: Measured) -> tuple[Cost | None, ...]:
    return one.nothing_changed, one.one_changed, one.start


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _number(value: float | None, digits: int) -> str:
    return "–" if value is None else f"{value:,.{digits}f}"
