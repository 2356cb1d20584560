"""Highlights mark the answer in the snippet, or the words that were looked for."""

import pytest

from knowledge.base import KnowledgeBase


def marks(base: KnowledgeBase, question: str) -> list[str]:
    first = base.ask(question).citations[0]
    return [mark.of(first.snippet) for mark in first.highlights]


@pytest.mark.parametrize(
    ("question", "marked"),
    [
        ("Quand a eu lieu l'invasion de l'Ukraine ?", "février 2022"),
        ("Combien de barils de pétrole en juillet ?", "933"),
        ("Combien d'objectifs l'armée doit-elle atteindre ?", "neuf"),
        ("Combien de temps la réunion a-t-elle duré ?", "cinq heures"),
        ("Qui est Pak Thae Song ?", "président du comité nord-coréen"),
        ("How many tonnes of wheat flour did Russia export?", "833"),
    ],
)
def test_what_is_marked_answers(read: KnowledgeBase, question: str, marked: str) -> None:
    [found] = marks(read, question)
    assert marked in found
    assert len(found) < len(marked) + 40


def test_where_nothing_was_read_the_words_of_the_question_are_marked(
    bundled: KnowledgeBase,
) -> None:
    found = marks(bundled, "Combien de barils de pétrole en juillet ?")
    assert {"barils", "pétrole", "juillet"} == set(found)


def test_a_search_marks_the_words_looked_for(bundled: KnowledgeBase) -> None:
    [first, *_] = bundled.search("porte-parole chinois").citations
    assert "porte-parole chinois" in [mark.of(first.snippet) for mark in first.highlights]
