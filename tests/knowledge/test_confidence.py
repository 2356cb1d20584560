"""Confidence: trees over evidence, thresholds from stated rates, a fit that can be made again."""

import json
import math
import random
from dataclasses import replace
from pathlib import Path

import pytest

from knowledge.answers.confidence import ConfidenceModel, load_model, parse_tree
from knowledge.answers.confidence_features import confidence_features
from knowledge.answers.quoting import quote
from knowledge.base import KnowledgeBase
from knowledge.evaluation.question_sets import area_under_curve
from knowledge.model import Verdict
from knowledge.training import confidence as calibration
from knowledge.training.confidence_examples import Engine, Example, Topic, collect
from knowledge.training.confidence_trees import fit, fit_with_reader

FEATURES = ("x", "y")
TREES = ([0.5, 0, 0.3, -1.0, [1.0, 1, 2.0, 0.0, 2.0]], -0.25)


@pytest.fixture
def model() -> ConfidenceModel:
    trees = tuple(parse_tree(tree, FEATURES) for tree in TREES)
    return ConfidenceModel(FEATURES, trees, answered=0.7, uncertain=0.3)


def test_what_the_features_add_sums_to_the_confidence(model: ConfidenceModel) -> None:
    features = {"x": 0.4, "y": 3.0}
    assert model.intercept == 0.25
    assert model.contributions(features) == {"x": 0.5, "y": 1.0}
    assert model.confidence(features) == pytest.approx(1 / (1 + math.exp(-1.75)))
    assert [(f.name, f.value) for f in model.factors(features)] == [("y", 3.0), ("x", 0.4)]


def test_a_value_at_the_threshold_goes_low(model: ConfidenceModel) -> None:
    assert model.contributions({"x": 0.3, "y": 9.0}) == {"x": -1.5, "y": 0.0}


def test_verdicts_follow_the_thresholds(model: ConfidenceModel) -> None:
    assert [model.verdict(c) for c in (0.7, 0.69, 0.3, 0.29)] == [
        Verdict.ANSWERED, Verdict.UNCERTAIN, Verdict.UNCERTAIN, Verdict.UNANSWERED,
    ]  # fmt: skip


def test_a_model_that_was_never_fitted_claims_nothing() -> None:
    model = load_model("of tea leaves")
    assert model.verdict(model.confidence({})) is Verdict.UNCERTAIN


@pytest.mark.parametrize("name", ["lexical", "likeness", "dense"])
def test_the_package_has_a_fitted_model_for_every_sort_of_evidence(name: str) -> None:
    model = load_model(name)
    assert model.trees
    assert 0 < model.uncertain < model.answered < 1


def test_the_model_in_the_package_fits_the_evidence_of_the_engine(bundled: KnowledgeBase) -> None:
    ranking = bundled.rank("Combien de barils de pétrole en juillet ?")
    features = confidence_features(ranking, quote(ranking.query, ranking.found[0]))
    assert set(load_model("lexical").features) == set(features)


def example(topic: Topic, *, is_right: bool = False, **features: float) -> Example:
    features = {"essential_missing": 0.0, "kind_missing": 0.0, **features}
    return Example(features, is_right, topic, "made up", str(len(features)), is_near_miss_set=False)


def test_thresholds_keep_the_stated_rates() -> None:
    examples = [example(Topic.ANSWERED, is_right=True) for _ in range(100)]
    examples += [example(Topic.MISSING) for _ in range(100)]
    examples += [example(Topic.OTHER) for _ in range(100)]
    confidences = [
        *(0.5 + i / 200 for i in range(100)),
        *(i / 100 for i in range(100)),
        *(i / 1_000 for i in range(100)),
    ]
    thresholds = calibration.choose_thresholds(examples, confidences)
    claimed = sum(c > thresholds.answered for c in confidences[100:200])
    assert claimed == 30
    shown = sum(c >= thresholds.uncertain for c in confidences[:100])
    assert shown >= 98
    held = [replace(e, features={**e.features, "kind_missing": 1.0}) for e in examples[100:200]]
    bolder = calibration.choose_thresholds(examples[:100] + held + examples[200:], confidences)
    assert bolder.answered < thresholds.answered  # what is never claimed needs no threshold


def test_a_fit_tells_what_tells_from_noise() -> None:
    answer_probability = random.Random(1)
    examples: list[Example] = []
    for i in range(3_000):
        features = {"good": answer_probability.random(), "noise": answer_probability.random()}
        odds = math.exp(-2 + 5 * features["good"])
        is_right = answer_probability.random() < odds / (1 + odds)
        topic = Topic.ANSWERED if is_right else Topic.MISSING
        examples.append(Example(features, is_right, topic, "made up", str(i), False))
    fitted = fit(examples)
    trees = tuple(parse_tree(tree, fitted.features) for tree in fitted.trees)
    model = ConfidenceModel(fitted.features, trees, 0.5, 0.5)
    for good in (0.1, 0.5, 0.9):
        true = 1 / (1 + math.exp(2 - 5 * good))
        assert model.confidence({"good": good, "noise": 0.5}) == pytest.approx(true, abs=0.12)


def test_reading_adds_to_what_is_known_without_it() -> None:
    answer_probability = random.Random(1)
    unread: list[Example] = []
    read: list[Example] = []
    for i in range(4_000):
        topic, prediction = answer_probability.random(), answer_probability.uniform(-5, 5)
        odds = math.exp(-3 + 6 * topic + prediction)
        is_right = answer_probability.random() < odds / (1 + odds)
        label = Topic.ANSWERED if is_right else Topic.MISSING
        one = Example({"topic": topic}, is_right, label, "made up", str(i), False)
        unread.append(one)
        if i % 2:
            says = {
                "topic": topic,
                "read_answerable": prediction,
                "read_noise": answer_probability.random(),
            }
            read.append(replace(one, features=says))
    fitted = fit_with_reader(read, unread)
    assert fitted.features == ("read_answerable", "read_noise")
    assert fitted.weight is not None
    assert fitted.weight > 0.5
    right = [c for e, c in zip(read, fitted.held_out, strict=True) if e.is_right]
    wrong = [c for e, c in zip(read, fitted.held_out, strict=True) if not e.is_right]
    alone = fit(unread).held_out[1::2]
    without = [
        [c for e, c in zip(read, alone, strict=True) if e.is_right is side]
        for side in (True, False)
    ]
    assert area_under_curve(right, wrong) > area_under_curve(*without) + 0.1


def test_a_reading_is_not_fitted_to_articles_that_the_rest_was_fitted_to() -> None:
    one = Example({"topic": 1.0, "read_x": 1.0}, True, Topic.ANSWERED, "made up", "A", False)
    with pytest.raises(ValueError, match="nothing to fit"):
        fit_with_reader([one], [replace(one, features={"topic": 1.0})])


def write_set(folder: Path) -> Path:
    """Write a corpus of animals with questions that it answers and near misses that it does not."""
    folder.mkdir()
    animals = [f"{letter}ard" for letter in "bcdfghlmnpqrstvwxz"]
    lines: list[dict[str, object]] = []
    asked: list[dict[str, object]] = []
    near: list[dict[str, object]] = []
    for i, animal in enumerate(animals):
        for n, place in enumerate(["au soleil", "sous la pluie", "dans la neige"]):
            text = f"Le {animal} dort {place}."
            lines.append({"id": f"{i}.{n}", "lang": "fr", "title": animal, "text": text})
            question = f"Quel {animal} dort {place} ?"
            asked.append({"id": f"{i}.{n}", "question": question, "gold_ids": [f"{i}.{n}"]})
        question = f"Le {animal} chante dans la neige ?"
        near.append({"id": f"n{i}", "question": question, "gold_ids": [], "paragraph": f"{i}.2"})
    for name, rows in (("corpus", lines), ("queries", asked), ("near_misses", near)):
        text = "".join(json.dumps(row) + "\n" for row in rows)
        (folder / f"{name}.jsonl").write_text(text, encoding="utf-8")
    return folder


def test_every_question_is_asked_where_it_is_answered_where_not_and_elsewhere(
    tmp_path: Path,
) -> None:
    examples = collect(write_set(tmp_path / "set"), Engine())
    sources = {(e.source, e.topic) for e in examples}
    assert ("set", Topic.ANSWERED) in sources
    assert ("set, halves", Topic.OTHER) in sources
    assert {("set, articles", topic) for topic in Topic} <= sources
    assert ("set, near misses", Topic.MISSING) in sources
    assert all(e.topic is Topic.ANSWERED for e in examples if e.is_right)
    assert {e.is_near_miss_set for e in examples} == {True, False}


def test_the_fit_can_be_made_again(tmp_path: Path) -> None:
    folder = write_set(tmp_path / "set")
    outputs = [tmp_path / "one.json", tmp_path / "two.json"]
    for output in outputs:
        calibration.main([str(folder), "--output", str(output)])
    assert outputs[0].read_bytes() == outputs[1].read_bytes()
    stored = json.loads(outputs[0].read_text(encoding="utf-8"))["lexical"]
    assert stored["trees"]
    assert stored["fitted"]["sets"]["set, near misses"]["examples"] > 0
    assert 0 < stored["thresholds"]["uncertain"] <= stored["thresholds"]["answered"] < 1
