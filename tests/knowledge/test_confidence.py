"""Confidence: trees over evidence, one pair of thresholds, a fit that can be made again."""

import math
import random

import pytest

from knowledge.answers.answering import judge
from knowledge.answers.confidence import (
    ConfidenceModel,
    highest_unsure,
    load_model,
    parse_tree,
    stored_models,
    threshold,
    verdict_of,
)
from knowledge.answers.confidence_features import confidence_features
from knowledge.answers.outright import ConfidenceBound
from knowledge.base import KnowledgeBase
from knowledge.model import Strictness, Verdict
from knowledge.training.confidence import figures
from knowledge.training.confidence_examples import Example, Topic, collect
from knowledge.training.confidence_trees import fit
from knowledge.training.written import WrittenArticle, WrittenQuestion, WrittenSet

FEATURES = ("x", "y")
TREES = ([0.5, 0, 0.3, -1.0, [1.0, 1, 2.0, 0.0, 2.0]], -0.25)
MODELS = ("lexical", "lexical, read", "dense", "dense, read")


@pytest.fixture
def model() -> ConfidenceModel:
    return ConfidenceModel(FEATURES, tuple(parse_tree(tree, FEATURES) for tree in TREES))


def test_what_the_features_add_sums_to_the_confidence(model: ConfidenceModel) -> None:
    features = {"x": 0.4, "y": 3.0}
    assert model.intercept == 0.25
    assert model.contributions(features) == {"x": 0.5, "y": 1.0}
    assert model.confidence(features) == pytest.approx(1 / (1 + math.exp(-1.75)))
    assert [(f.name, f.value) for f in model.factors(features)] == [("y", 3.0), ("x", 0.4)]


def test_a_value_at_the_threshold_goes_low(model: ConfidenceModel) -> None:
    assert model.contributions({"x": 0.3, "y": 9.0}) == {"x": -1.5, "y": 0.0}


def test_verdicts_follow_one_pair_of_thresholds() -> None:
    thresholds = stored_models()["thresholds"]
    answered, uncertain = thresholds["answered"], thresholds["uncertain"]
    assert 0 < uncertain < answered < 1
    assert [
        verdict_of(confidence)
        for confidence in (1.0, answered, answered - 0.01, uncertain, uncertain - 0.01, 0.0)
    ] == [
        Verdict.ANSWERED, Verdict.ANSWERED, Verdict.UNCERTAIN,
        Verdict.UNCERTAIN, Verdict.UNANSWERED, Verdict.UNANSWERED,
    ]  # fmt: skip


def test_the_stricter_the_surer_a_claim_has_to_be() -> None:
    """``/settings`` shows these two as examples."""
    claimed = {
        strictness: [verdict_of(confidence, strictness) for confidence in (0.6, 0.5)]
        for strictness in Strictness
    }
    sure, unsure = Verdict.ANSWERED, Verdict.UNCERTAIN
    assert claimed == {
        Strictness.STRICT: [unsure, unsure],
        Strictness.BALANCED: [sure, unsure],
        Strictness.GENEROUS: [sure, sure],
    }


def test_what_is_held_back_is_claimed_on_no_server(bundled: KnowledgeBase) -> None:
    question = "Combien de barils de pétrole en juillet ?"
    ranking = bundled.rank(question)
    held = ConfidenceBound("thing_missing", highest=highest_unsure())
    told = [judge(ranking, strictness, held) for strictness in Strictness]
    assert judge(ranking, Strictness.GENEROUS).verdict is Verdict.ANSWERED
    assert {one.verdict for one in told} == {Verdict.UNCERTAIN}
    assert len({one.confidence for one in told}) == 1, "how sure it is, is the same everywhere"
    assert told[0].confidence > threshold(Verdict.ANSWERED, Strictness.GENEROUS)


@pytest.mark.parametrize("name", MODELS)
def test_the_package_has_a_fitted_model_for_every_sort_of_evidence(name: str) -> None:
    model = load_model(name)
    assert len(model.trees) > 10
    assert any(feature.startswith("read_") for feature in model.features) is ("read" in name)
    assert ("similarity" in model.features) is ("dense" in name)


def test_the_models_in_the_package_fit_the_evidence_of_the_engine(
    bundled: KnowledgeBase, read: KnowledgeBase
) -> None:
    for base, name in ((bundled, "lexical"), (read, "dense, read")):
        ranking = base.rank("Combien de barils de pétrole en juillet ?")
        assert set(load_model(name).features) == set(confidence_features(ranking))


@pytest.mark.parametrize("name", ["read_answerable", "read_answer"])
def test_the_surer_the_reader_the_surer_the_answer(read: KnowledgeBase, name: str) -> None:
    features = confidence_features(read.rank("Combien de barils de pétrole en juillet ?"))
    model = load_model("dense, read")
    said = [model.confidence({**features, name: value / 2}) for value in range(-30, 31)]
    assert said == sorted(said)
    assert said[0] < said[-1]


def test_what_is_answered_is_claimed_and_what_is_not_is_not(read: KnowledgeBase) -> None:
    asked = {
        "Combien de barils de pétrole la Russie a-t-elle livrés en juillet ?": Verdict.ANSWERED,
        "Wie lange dauerte das Treffen?": Verdict.ANSWERED,
        "How do I reset my password?": Verdict.UNANSWERED,
        "What is the capital of Australia?": Verdict.UNANSWERED,
    }
    assert {question: read.ask(question).verdict for question in asked} == asked


def test_a_fit_tells_what_tells_from_noise() -> None:
    chance = random.Random(1)
    examples: list[Example] = []
    for i in range(3_000):
        features = {"good": chance.random(), "noise": chance.random()}
        odds = math.exp(-2 + 5 * features["good"])
        is_right = chance.random() < odds / (1 + odds)
        topic = Topic.ANSWERED if is_right else Topic.MISSING
        examples.append(Example(features, is_right, topic, str(i)))
    fitted = fit(examples)
    trees = tuple(parse_tree(tree, fitted.features) for tree in fitted.trees)
    model = ConfidenceModel(fitted.features, trees)
    for good in (0.1, 0.5, 0.9):
        true = 1 / (1 + math.exp(2 - 5 * good))
        assert model.confidence({"good": good, "noise": 0.5}) == pytest.approx(true, abs=0.12)


def test_nothing_is_fitted_to_nothing() -> None:
    with pytest.raises(ValueError, match="nothing to fit"):
        fit([])


ANIMALS = [f"{letter}ard" for letter in "bcdfghlmnpqrstvwxz"]


def written_set() -> WrittenSet:
    """Articles on animals with questions that they answer, and ones that they do not."""
    found: dict[WrittenArticle, list[WrittenQuestion]] = {}
    for animal in ANIMALS:
        places = ("au soleil", "sous la pluie", "dans la neige")
        texts = tuple(f"Le {animal} dort {place}." for place in places)
        article = WrittenArticle(animal, "fr", animal, texts, ((),) * 3, "\n\n".join(texts))
        questions = [
            WrittenQuestion(article, "fr", "fact", n, f"Quel animal dort {place} ?", place)
            for n, place in enumerate(places)
        ]
        asked = f"Le {animal} chante dans la neige ?"
        questions.append(WrittenQuestion(article, "fr", "twin", 2, asked, None))
        found[article] = questions
    return found


def test_every_question_is_asked_where_it_is_answered_where_not_and_elsewhere() -> None:
    examples = collect(written_set(), None, None)
    assert {example.topic for example in examples} == set(Topic)
    assert all(e.topic is Topic.ANSWERED for e in examples if e.is_right)
    assert sum(e.is_right for e in examples) > len(ANIMALS)
    assert {example.article for example in examples} == set(ANIMALS)


def test_the_same_examples_give_the_same_fit() -> None:
    examples = collect(written_set(), None, None)
    fitted = fit(examples)
    assert fitted == fit(examples)
    told = figures(examples, fitted.held_out)
    assert told["examples"] == len(examples)
    assert 0 <= told["claimed, other"] <= 1
