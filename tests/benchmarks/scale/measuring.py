"""What is measured of an engine, in a process of its own."""

from __future__ import annotations

import json
import os
import random
import resource
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from scale.engines import Models, Place, Sourcier, database_of, engine
from scale.questions import Question

ASKERS = 8
_ROOT = Path(__file__).parents[3]
_WARM_UP = 20


@dataclass(frozen=True, slots=True)
class Latency:
    """Milliseconds a question, the median of which the processor was at work, which other programs
    hardly change; and the share of questions whose paragraph is among the five."""

    p50: float
    p95: float
    processor: float
    found: float | None


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds by the clock, and of the processor's work, which other programs hardly change."""

    clock: float
    processor: float


@dataclass(slots=True)
class Measured:
    """Figures of one engine at one size: seconds, bytes, answers a second (``apart``: where as many
    processes as there are cores share the index)."""

    engine: str
    paragraphs: int
    models: Models = Models.NONE
    index_seconds: float | None = None
    index_bytes: int = 0
    resident_bytes: int = 0
    one_asker: float = 0.0
    many_askers: float = 0.0
    one_asker_apart: float | None = None
    many_askers_apart: float | None = None
    latency: dict[str, Latency] = field(default_factory=dict[str, Latency])
    nothing_changed: Cost | None = None
    one_changed: Cost | None = None
    start: Cost | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the figures as JSON has them."""
        return asdict(self)


def measure_build(name: str, corpus: Path, folder: Path, models: Models) -> float:
    """Index a corpus; return the seconds."""
    folder.mkdir(parents=True)
    one = engine(name, models)
    started = time.perf_counter()
    one.build(corpus, folder)
    return time.perf_counter() - started


def measure_answers(
    result: Measured,
    corpus: Path,
    folder: Path,
    questions: Sequence[Question],
    seconds: float,
) -> Measured:
    """Ask an index questions one after the other, then of one and of eight askers for so many
    seconds; return the figures with these."""
    ask = engine(result.engine, result.models).open(folder, corpus)
    texts = [question.text for question in questions]
    for text in texts[:: max(1, len(texts) // _WARM_UP)]:
        ask(_in_other_order(text, 1))
    times: dict[str, list[float]] = {}
    processor: dict[str, list[float]] = {}
    hits: Counter[str] = Counter()
    for question in questions:
        started, worked = time.perf_counter(), time.process_time()
        found = ask(question.text)
        times.setdefault(question.kind, []).append(1000 * (time.perf_counter() - started))
        processor.setdefault(question.kind, []).append(1000 * (time.process_time() - worked))
        hits[question.kind] += (question.article, question.number) in found
    for kind, mine in times.items():
        is_told = kind != "none" and result.models is not Models.MADE
        share = hits[kind] / len(mine) if is_told else None
        result.latency[kind] = _latency(mine, processor[kind], share)
    result.latency["all"] = _latency(_joined(times), _joined(processor), None)
    result.resident_bytes = _resident()
    result.one_asker = _answers_a_second(ask, texts, 1, seconds)
    result.many_askers = _answers_a_second(ask, texts, ASKERS, seconds)
    result.index_bytes = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    return result


def measure_apart(
    result: Measured, corpus: Path, folder: Path, questions: Sequence[Question], seconds: float
) -> Measured:
    """Ask through processes that share the index, as many as there are cores, as the bot does with
    ``SOURCIER_PROCESSES``; return the figures with the answers a second of one and of eight askers.
    """
    texts = [question.text for question in questions]
    processes = max(2, os.cpu_count() or 1)
    with Sourcier(result.models).open_apart(folder, corpus, processes) as ask:
        with ThreadPoolExecutor(ASKERS) as askers:
            list(askers.map(ask, [_in_other_order(text, 1) for text in texts[:_WARM_UP]]))
        result.one_asker_apart = _answers_a_second(ask, texts, 1, seconds)
        result.many_askers_apart = _answers_a_second(ask, texts, ASKERS, seconds)
    return result


def measure_start(database: Path, corpus: Path, question: str) -> Cost:
    """Return what ``sourcier ask`` takes from its start to its end."""
    environment = os.environ | {
        "SOURCIER_DATABASE": str(database),
        "SOURCIER_ARTICLES": str(corpus),
        "SOURCIER_SEMANTIC": "off",
        "SOURCIER_READER": "off",
    }
    command = [sys.executable, "-m", "bot", "ask", question]
    started, worked = time.perf_counter(), _of_children()
    subprocess.run(command, env=environment, cwd=_ROOT, check=True, capture_output=True)
    return Cost(time.perf_counter() - started, _of_children() - worked)


def _of_children() -> float:
    """Return the seconds that the processor has worked for processes that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def measure_changes(result: Measured, corpus: Path, folder: Path) -> Measured:
    """Reindex Sourcier's index with nothing changed, then with one word of one article changed;
    return the figures with these."""
    from knowledge import KnowledgeBase

    with KnowledgeBase.open(database_of(folder), [corpus]) as base:
        result.nothing_changed = _timed(base.reindex)
        path = max(corpus.glob("*.jsonl"))
        before = path.read_text(encoding="utf-8")
        lines = before.splitlines()
        article = json.loads(lines[0])
        article["text"] = f"Changement {article['text']}"
        lines[0] = json.dumps(article, ensure_ascii=False)
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        try:
            result.one_changed = _timed(base.reindex)
        finally:
            path.write_text(before, encoding="utf-8")
        base.reindex()
    return result


def _timed(work: Callable[[], object]) -> Cost:
    started, worked = time.perf_counter(), time.process_time()
    work()
    return Cost(time.perf_counter() - started, time.process_time() - worked)


def _latency(times: Sequence[float], processor: Sequence[float], found: float | None) -> Latency:
    return Latency(statistics.median(times), _p95(times), statistics.median(processor), found)


def _joined(by_kind: Mapping[str, Sequence[float]]) -> list[float]:
    return [one for mine in by_kind.values() for one in mine]


def _p95(times: Sequence[float]) -> float:
    return sorted(times)[min(len(times) - 1, int(0.95 * len(times)))]


def _answers_a_second(
    ask: Callable[[str], list[Place]], texts: Sequence[str], askers: int, seconds: float
) -> float:
    started = time.perf_counter()
    end = started + seconds

    def go_on(turn: int) -> int:
        done = 0
        while time.perf_counter() < end:
            ask(_in_other_order(texts[done % len(texts)], 2 + turn + done // len(texts)))
            done += 1
        return done

    with ThreadPoolExecutor(askers) as pool:
        done = sum(pool.map(go_on, range(askers)))
    return done / (time.perf_counter() - started)


def _in_other_order(text: str, turn: int) -> str:
    """Return a question with its words in another order: none is known from before."""
    words = text.split()
    random.Random(turn).shuffle(words)
    return " ".join(words)


def _resident() -> int:
    """Return the resident memory of this process in bytes, where the system does not tell, the
    most that it had."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
        return pages * resource.getpagesize()
    except OSError:
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return peak if sys.platform == "darwin" else 1024 * peak
