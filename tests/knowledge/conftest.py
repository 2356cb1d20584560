"""Knowledge bases on real SQLite files."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from bases import MakeBase

from knowledge.base import BUNDLED_ARTICLES, KnowledgeBase
from knowledge.neural import load_encoder, load_reader


@pytest.fixture
def make_base(tmp_path: Path) -> Iterator[MakeBase]:
    """Return a function that indexes Markdown articles: ``make_base(name="text", ...)``."""
    opened: list[KnowledgeBase] = []

    def make(**articles: str) -> KnowledgeBase:
        folder = tmp_path / "articles"
        folder.mkdir(exist_ok=True)
        for name, text in articles.items():
            (folder / f"{name}.md").write_text(text, encoding="utf-8")
        base = KnowledgeBase.open(tmp_path / "knowledge.db", [folder])
        opened.append(base)
        return base

    yield make
    for base in opened:
        base.close()


@pytest.fixture(scope="session")
def bundled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KnowledgeBase]:
    """The bundled articles, indexed once by words. Not to be reindexed by a test."""
    database = tmp_path_factory.mktemp("bundled") / "knowledge.db"
    base = KnowledgeBase.open(database, [BUNDLED_ARTICLES])
    yield base
    base.close()


@pytest.fixture(scope="session")
def read(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KnowledgeBase]:
    """The bundled articles with the models of the package. Not to be reindexed by a test."""
    database = tmp_path_factory.mktemp("read") / "knowledge.db"
    base = KnowledgeBase.open(database, [BUNDLED_ARTICLES], load_encoder(), load_reader())
    yield base
    base.close()
