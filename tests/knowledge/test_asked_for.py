"""What looks like an answer is asked for the thing itself; what is denied is no answer."""

import pytest

from knowledge.answers.negation import is_denied_of, is_negated
from knowledge.base import KnowledgeBase
from knowledge.model import Span, Verdict
from knowledge.neural import load_encoder, load_reader
from knowledge.questions.named_title import without_title
from knowledge.text.sentences import sentences

BANQUET = """# The banquet at Corran

Dumplings with plum sauce were served on silver plates.

Lady Elspeth Muir gave the first toast. She wore a green shawl.

The roof weighs four tonnes. Ken Dole, not Bill Hart, mended it.

Visitors may not climb the tower, only members may.
"""


@pytest.fixture(scope="module")
def banquet(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeBase:
    folder = tmp_path_factory.mktemp("banquet")
    file = folder / "banquet.md"
    file.write_text(BANQUET, encoding="utf-8")
    return KnowledgeBase.open(folder / "k.db", [file], load_encoder(), load_reader())


@pytest.mark.parametrize(
    "question",
    [
        "Which wine was served?",
        "Who gave the second toast?",
        "Who gave the last toast?",
        "How much does the roof cost?",
        "What colour was Lady Elspeth's dress?",
    ],
)
def test_what_is_not_there_is_not_green(banquet: KnowledgeBase, question: str) -> None:
    assert banquet.ask(question).verdict is not Verdict.ANSWERED


@pytest.mark.parametrize(
    ("question", "marked"),
    [
        ("Who gave the first toast?", "Lady Elspeth Muir"),
        ("What was served on silver plates?", "Dumplings with plum sauce"),
    ],
)
def test_what_is_there_is_green(banquet: KnowledgeBase, question: str, marked: str) -> None:
    answer = banquet.ask(question)
    first = answer.citations[0]
    assert answer.verdict is Verdict.ANSWERED
    assert [span.of(first.snippet) for span in first.highlights] == [marked]


def test_what_is_denied_is_not_marked(banquet: KnowledgeBase) -> None:
    first = banquet.ask("Who may climb the tower?").citations[0]
    assert "Visitors" not in [span.of(first.snippet) for span in first.highlights]


@pytest.mark.parametrize(
    ("text", "answer", "is_denied"),
    [
        ("Visitors may not fish, only members may.", "Visitors", True),
        ("Visitors may not fish, only members may.", "members", False),
        ("Marc n'a pas fondé le club. Odile l'a fondé.", "Marc", True),
        ("Marc n'a pas fondé le club. Odile l'a fondé.", "Odile", False),
        ("The key isn't here.", "The key", True),
        ("It was mended by Ken, not by Bill.", "Ken", False),
    ],
)
def test_a_clause_may_deny_what_it_says(text: str, answer: str, is_denied: bool) -> None:
    at = text.index(answer)
    assert is_denied_of(text, sentences(text), Span(at, at + len(answer))) is is_denied


@pytest.mark.parametrize(
    ("text", "negated"),
    [("It is open.", False), ("It isn’t open.", True), ("Jamais ouvert.", True), ("", False)],
)
def test_negations_are_words(text: str, negated: bool) -> None:
    assert is_negated(text) is negated


TITLE = "The night train to Vienna"


@pytest.mark.parametrize(
    ("question", "rest"),
    [
        ("How much is a berth on the night train to Vienna?", "How much is a berth?"),
        ("When does the night train to Vienna leave?", None),
        ("The night train to Vienna", None),
        ("How much is a berth?", None),
        ("", None),
    ],
)
def test_a_title_behind_a_preposition_is_left_out(question: str, rest: str | None) -> None:
    assert without_title(question, TITLE) == (rest or question)
