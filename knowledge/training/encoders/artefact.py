"""From the question sets to one folder with both networks, and its figures."""

from __future__ import annotations

import argparse
import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from knowledge.neural import load_encoder, load_reader, problem_with_encoder, problem_with_reader
from knowledge.neural.files import ARTEFACT, READER, RETRIEVER
from knowledge.neural.vocabulary import Vocabulary
from knowledge.training.encoders.articles import Article, measured_on, trained_on
from knowledge.training.encoders.drawing import Examples
from knowledge.training.encoders.export import reader_graph, retriever_graph
from knowledge.training.encoders.learning import chosen_device
from knowledge.training.encoders.measure import (
    Figures,
    measure_reader,
    measure_retriever,
    table,
)
from knowledge.training.encoders.network import Network, encoder_of, words_of
from knowledge.training.encoders.pack import PackError, installed_pack, read_pack
from knowledge.training.encoders.reader import ReaderRecipe, train_reader
from knowledge.training.encoders.retriever import RetrieverRecipe, train_retriever

__all__ = ["POSITIONS", "ArtefactError", "make", "measure", "write"]

_VOCABULARY, _LICENCE, _MANIFEST = "words.npz", "LICENSE", "manifest.json"
POSITIONS = {RETRIEVER: 512, READER: 320}
"""Tokens of a text at most, by network."""


class ArtefactError(Exception):
    """Networks cannot be made or measured here; the message says why."""


def make(options: argparse.Namespace, command: str) -> None:
    """Train what the options ask for, write the folder, and measure it; its manifest tells the
    ``command``, the data, the day, the device and the figures.

    Raises ArtefactError, or OSError where a file cannot be read or written.
    """
    try:
        device = chosen_device(options.device, options.threads)
        pack, articles = read_pack(installed_pack()), trained_on(options.sets)
    except (PackError, ValueError, KeyError) as error:
        raise ArtefactError(str(error)) from error
    if not 0 < options.layers <= pack.layers:
        raise ArtefactError(f"e5 has {pack.layers} layers")
    _say(f"on {device}: {len(articles)} articles")
    vocabulary = Vocabulary.load(ARTEFACT / _VOCABULARY)
    tokenizer, words = vocabulary.tokenizer, words_of(vocabulary, device)
    networks: dict[str, Network] = {}
    if options.only != "reader":
        recipe = RetrieverRecipe(options.steps, options.articles, settling=options.settling)
        e5 = encoder_of(pack, options.layers, POSITIONS[RETRIEVER], device)
        networks[RETRIEVER] = train_retriever(e5, words, tokenizer, articles, recipe, _say)
    if options.only != "retriever":
        how = ReaderRecipe(epochs=options.epochs, batch=options.batch)
        e5 = encoder_of(pack, options.layers, POSITIONS[READER], device)
        examples = Examples(articles, tokenizer, options.share)
        networks[READER] = train_reader(e5, words, examples, how, _say)
    write(options.output, networks, options.version)
    figures = measure(options)
    made = {
        "command": command,
        "data": options.sets.as_posix(),
        "date": datetime.now(UTC).date().isoformat(),
        "device": device,
        "figures": figures,
    }
    write(options.output, networks, options.version, made=made)


def write(folder: Path, networks: Mapping[str, Network], version: str, **further: object) -> None:
    """Write the folder, as ``knowledge.neural`` loads it; what ``networks`` lacks is that of the
    package. The manifest tells ``further``, too. Raises OSError."""
    files = {name: (ARTEFACT / name).read_bytes() for name in (_VOCABULARY, _LICENCE)}
    for name, graph_of in ((RETRIEVER, retriever_graph), (READER, reader_graph)):
        network = networks.get(name)
        files[name] = (
            (ARTEFACT / name).read_bytes() if network is None else _file_of(graph_of, network)
        )
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    hashes = {
        name: hashlib.sha256(files[name]).hexdigest() for name in (_VOCABULARY, RETRIEVER, READER)
    }
    text = json.dumps(
        {"version": version, "sha256": hashes, **further}, indent=2, ensure_ascii=False
    )
    (folder / _MANIFEST).write_text(text + "\n", encoding="utf-8")


def measure(options: argparse.Namespace) -> Mapping[str, Figures]:
    """Measure the networks in the folder on articles that they did not learn from, and say how
    they do.

    Raises ArtefactError where they cannot be used.
    """
    articles = _first_of_each(measured_on(options.sets), options.measured)
    figures: dict[str, Figures] = {}
    if options.only != "reader":
        encoder = load_encoder(options.output)
        if encoder is None:
            raise ArtefactError(str(problem_with_encoder(options.output)))
        figures["retriever"] = measure_retriever(encoder, articles)
    if options.only != "retriever":
        reader = load_reader(options.output)
        if reader is None:
            raise ArtefactError(str(problem_with_reader(options.output)))
        figures["reader"] = measure_reader(reader, articles)
    for name, found in figures.items():
        _say(f"{name}, on articles kept back:\n{table(found)}")
    return figures


def _file_of(graph_of: Callable[[Mapping[str, Any], int, float], Any], network: Network) -> bytes:
    weights = {
        name: weight.detach().float().cpu().numpy() for name, weight in network.weights.items()
    }
    return graph_of(weights, network.heads, network.epsilon).SerializeToString()


def _first_of_each(articles: Sequence[Article], most: int | None) -> list[Article]:
    """Return the first ``most`` articles of each set, all of them where that is ``None``."""
    by_set: defaultdict[str, list[Article]] = defaultdict(list)
    for article in articles:
        by_set[article.source].append(article)
    return [article for found in by_set.values() for article in found[:most]]


def _say(text: str) -> None:
    print(text, flush=True)  # noqa: T201 - a command
