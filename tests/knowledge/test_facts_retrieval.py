"""Curated facts bring their paragraphs to a question, and are never quoted themselves."""

from pathlib import Path

import pytest
from bases import MakeBase

ARTICLE = """# Le voyage

Le vieil homme est parti au matin avec son chien. Son fils tenait la boutique.

Le soir, le vice-ministre Wang a dîné au port. La fanfare a joué deux heures.

Le lendemain, tout le monde est rentré.
"""
FACTS = """
- kind: person
  statement:
    fr: Wang représente le gouvernement chinois
    en: Wang stands for the Chinese government
  quote: le vice-ministre Wang
  value: Wang
  aliases: [émissaire de Pékin, envoy]
- kind: claim
  statement: {fr: L'orchestre municipal s'est produit, en: The brass band performed}
  quote: La fanfare a joué deux heures
"""


@pytest.mark.parametrize(
    ("question", "quoted"),
    [
        ("Où a mangé l’émissaire ?", "vice-ministre Wang"),
        ("What did the envoy do?", "vice-ministre Wang"),
        ("L’orchestre municipal s’est-il produit ?", "La fanfare a joué deux heures"),
        ("How long did the brass band play?", "La fanfare a joué deux heures"),
    ],
)
def test_its_statements_and_other_words_find_the_paragraph_that_it_quotes(
    make_base: MakeBase, tmp_path: Path, question: str, quoted: str
) -> None:
    base = make_base(voyage=ARTICLE)
    assert not base.ask(question).citations

    (tmp_path / "articles" / "voyage.facts.yaml").write_text(FACTS, encoding="utf-8")
    base.reindex()
    citation = base.ask(question).citations[0]

    assert citation.paragraph == 2
    assert quoted in citation.snippet
    assert citation.snippet in ARTICLE


def test_no_word_of_a_fact_makes_an_answer_sure(make_base: MakeBase, tmp_path: Path) -> None:
    base = make_base(voyage=ARTICLE)
    question = "Quel est le salaire du vice-ministre Wang ?"
    before = base.ask(question).confidence

    (tmp_path / "articles" / "voyage.facts.yaml").write_text(FACTS, encoding="utf-8")
    base.reindex()

    assert base.ask(question).confidence == pytest.approx(before, abs=0.1)


def test_a_question_about_something_else_is_found_as_before(
    make_base: MakeBase, tmp_path: Path
) -> None:
    base = make_base(voyage=ARTICLE)
    before = base.ask("Qui est parti avec son chien ?")

    (tmp_path / "articles" / "voyage.facts.yaml").write_text(FACTS, encoding="utf-8")
    base.reindex()

    assert base.ask("Qui est parti avec son chien ?").citations[0] == before.citations[0]
