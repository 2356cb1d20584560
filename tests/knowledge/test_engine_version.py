"""What the index stores of an article changes only together with ``ENGINE_VERSION``."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from pathlib import Path

from knowledge.base import BUNDLED_ARTICLES
from knowledge.corpus.article_files import read_articles
from knowledge.corpus.finding import find_files
from knowledge.entities.analysis import ENGINE_VERSION
from knowledge.indexing.rows import rows_of
from knowledge.model import Article

_STORED = (12, "e7e4cc14aa8e8784")
"""The version, and the fingerprint of what it stores of these articles. Where rows change, count
the version up, so that older indexes are analysed again, and write the new fingerprint here."""

_TEXTS = {
    "fr": "# L'été\n\nLe 3 août 2021, « il a plu », a dit Zoé Petit à l'Élysée. Vingt-deux œufs."
    "\n\nIl fit −3 °C deux heures et demie.",
    "en": "# Rain\n\nOn 3 August 2021 it rained 12.5 mm in Paris, Reuters reported. Two men left.",
    "de": "# Straße\n\nAm 3. August 2021 regnete es in München. Die Größe: 10.933 Häuser.",
    "ja": "# 雨\n\n2021年8月3日、東京で雨が降った。人々は傘を持っていた。",
}


def _articles(folder: Path) -> list[Article]:
    for language, text in _TEXTS.items():
        head = f"---\nlanguage: {language}\n---\n"
        (folder / f"{language}.md").write_text(head + text, encoding="utf-8")
    found = find_files([BUNDLED_ARTICLES, folder])
    read = read_articles(found.files, found.roots)
    return [item for _, item in read if isinstance(item, Article)]


def test_rows_change_only_with_the_engine_version(tmp_path: Path) -> None:
    articles = _articles(tmp_path)
    assert len(articles) == len(_TEXTS) + 1
    rows = [replace(rows_of(one, Path("article.md")), engine_version=0) for one in articles]
    text = json.dumps(rows, default=_plain, ensure_ascii=False, sort_keys=True)
    assert (ENGINE_VERSION, hashlib.sha256(text.encode()).hexdigest()[:16]) == _STORED


def _plain(value: object) -> object:
    if is_dataclass(value):
        return {field.name: getattr(value, field.name) for field in fields(value)}
    return dict(value) if isinstance(value, Mapping) else str(value)
