"""What the shape of a text decides: its own questions, and the items that it counts."""

import pytest
from bases import MakeBase

from knowledge.answers.same_question import is_same_question
from knowledge.model import Verdict
from knowledge.questions.item_reference import find_item_reference

RULES = "# Rules of the yard\n\n1. Be kind.\n2. No bonfires.\n3. Shut the gate.\n"


@pytest.mark.parametrize(
    ("asked", "written", "same"),
    [
        ("who has the key", "Who has the key?", True),
        ("Who has the lader?", "Who has the ladder?", True),
        ("Do I need a license to rent a kayak", "Do I need a licence to rent a kayak?", True),
        ("Where is the key?", "Who has the key?", False),
        ("Are cats allowed?", "Are dogs allowed?", False),
        ("Les chats sont-ils acceptés ?", "Les chiens sont-ils acceptés ?", False),
        ("Which dogs are not allowed?", "Which dogs are allowed?", False),
        ("Peut-on ne pas faire de feu ?", "Peut-on faire un feu ?", False),
        ("", "Who?", False),
    ],
)
def test_a_question_is_the_same_in_the_same_words(asked: str, written: str, same: bool) -> None:
    assert is_same_question(asked, written) is same


@pytest.mark.parametrize(
    ("question", "number", "noun"),
    [
        ("What is rule 5?", 5, "rule"),
        ("Que dit la règle n° 5 ?", 5, "regle"),
        ("règle 1", 1, "regle"),
        ("Quelle est la troisième étape ?", 3, "etape"),
        ("the 2nd step, please", 2, "step"),
        ("Quelle est la dernière étape ?", None, "etape"),
    ],
)
def test_an_item_is_asked_for_by_its_place(question: str, number: int | None, noun: str) -> None:
    found = find_item_reference(question)
    assert found is not None
    assert (found.number, found.noun, found.is_generic) == (number, noun, True)


@pytest.mark.parametrize("question", ["Who has the key?", "5 ?", "", "rule 0", "5"])
def test_other_questions_ask_for_no_item(question: str) -> None:
    assert find_item_reference(question) is None


def test_a_question_of_the_article_is_answered_with_what_follows_it(make_base: MakeBase) -> None:
    base = make_base(faq="# FAQ\n\n**Who has the key?**\n\nAda.\n\n**Who has the map?**\n\nBo.\n")
    answer = base.ask("who has the map")
    assert answer.verdict is Verdict.ANSWERED
    assert answer.citations[0].snippet == "Bo."
    assert [span.of("Bo.") for span in answer.citations[0].highlights] == ["Bo"]
    assert answer.evidence is not None
    assert "asked" in {factor.name for factor in answer.evidence.factors}


def test_the_item_with_the_number_is_quoted(make_base: MakeBase) -> None:
    base = make_base(yard=RULES, other="# Recipe\n\n1. Boil water.\n2. Add tea.\n")
    answer = base.ask("What is rule 2 of the yard?")
    assert (answer.verdict, answer.citations[0].snippet) == (Verdict.ANSWERED, "2. No bonfires.")
    assert (
        base.ask("What is the last rule of the yard?").citations[0].snippet == "3. Shut the gate."
    )


def test_a_number_that_the_list_does_not_have_is_not_answered(make_base: MakeBase) -> None:
    answer = make_base(yard=RULES).ask("What is rule 9 of the yard?")
    assert answer.verdict is not Verdict.ANSWERED
