"""The commands that fit and measure, and what their files tell of themselves."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from knowledge import entities
from knowledge.answers.confidence import parse_tree, stored_models
from knowledge.entities import gazetteer
from knowledge.model import Verdict
from knowledge.training import refit
from knowledge.training.__main__ import main
from knowledge.training.fitting import PROGRAM, Fitter, Models, load_models, run
from knowledge.training.measure import Asked, figures
from knowledge.training.refit import STEPS
from knowledge.training.written import WrittenSet, open_articles, read_written

ROOT = Path(__file__).parents[2]


def write_set(folder: Path) -> Path:
    """Write a set of two articles, one question that is answered and one that is not on each."""
    articles = [
        {
            "id": "a",
            "lang": "fr",
            "title": "Le chat *gris*",
            "paragraphs": ["Il dort.", "Il boit."],
        },
        {"id": "b", "lang": "en", "title": 'A "dog"', "paragraphs": ["He barks at 3 am, daily."]},
    ]
    questions = [
        {"id": "a1", "article": "a", "lang": "fr", "kind": "fact", "paragraph": 1,
         "question": "Boit-il ou court-il ?", "answer": "boit"},
        {"id": "a2", "article": "a", "lang": "de", "kind": "twin", "paragraph": 0,
         "question": "Wo schläft er?", "answer": None},
        {"id": "b1", "article": "b", "lang": "en", "kind": "fact", "paragraph": 0,
         "question": "When does he bark?", "answer": "3 am"},
        {"id": "b2", "article": "b", "lang": "fr", "kind": "far", "paragraph": 0,
         "question": "Qui est-ce ?", "answer": None},
    ]  # fmt: skip
    for name, rows in (("articles", articles), ("questions", questions)):
        text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        (folder / f"tiny.{name}.jsonl").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def tiny(tmp_path: Path) -> WrittenSet:
    return read_written(write_set(tmp_path), "tiny")


def test_written_articles_are_indexed_as_a_server_would_have_them(tiny: WrittenSet) -> None:
    with open_articles(list(tiny), None) as knowledge:
        assert [one.title for one in knowledge.articles()] == ["Le chat *gris*", 'A "dog"']
        found = knowledge.rank("bark").found[0].passage
    (question, _) = list(tiny.values())[1]
    assert question.is_answered_by(found)


def test_a_question_without_an_answer_is_answered_by_nothing(tiny: WrittenSet) -> None:
    with open_articles(list(tiny), None) as knowledge:
        found = knowledge.rank("dort").found[0].passage
    assert not any(one.is_answered_by(found) for own in tiny.values() for one in own)


def test_every_fitted_file_tells_the_command_that_makes_it_again() -> None:
    for step in STEPS:
        told: dict[str, Any] = json.loads(step.output.read_text(encoding="utf-8"))["fitted"]
        assert list(told)[:4] == ["command", "data", "date", "models"]
        assert told["command"] == f"{PROGRAM} {step.name} tests/data/written fit"
        folder, name = told["data"].rsplit("/", 1)
        assert (ROOT / folder / f"{name}.questions.jsonl").exists()
        assert len(told["models"]) == 2


def test_nothing_is_fitted_to_what_it_is_judged_by() -> None:
    """The encoders have learned ``train``, the rest is fitted to ``fit``, ``dev`` judges."""
    sets = {
        name: {one.title for one in read_written(ROOT / "tests/data/written", name)}
        for name in ("train", "fit", "dev")
    }
    assert all(len(titles) > 50 for titles in sets.values())
    assert not sets["dev"] & (sets["train"] | sets["fit"])
    assert not sets["fit"] & sets["train"]


def test_a_step_writes_what_it_fits_with_where_it_comes_from(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def count(written: WrittenSet, _: Models) -> dict[str, Any]:
        return {"rows": [[1, [2, 3]], [4]], "fitted": {"articles": len(written)}}

    output = tmp_path / "count.json"
    fitter = Fitter("count", "Counts.", output, count)
    run(fitter, [str(write_set(tmp_path)), "tiny"])
    stored = json.loads(output.read_text(encoding="utf-8"))
    assert stored["rows"] == [[1, [2, 3]], [4]]
    assert stored["fitted"]["command"] == f"{PROGRAM} count {tmp_path.as_posix()} tiny"
    assert stored["fitted"]["articles"] == 2
    assert json.loads(capsys.readouterr().out) == stored["fitted"]


def test_a_command_that_there_is_not_is_told_which_there_are(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["everything"])
    assert ended.value.code == 2
    assert "refit" in capsys.readouterr().err


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    main(["--help"])
    told = capsys.readouterr().out
    assert all(f"\n  {step.name} " in told for step in STEPS)
    assert "\n  encoders " in told


def test_everything_is_fitted_anew_by_one_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    steps = [replace(step, output=tmp_path / f"{step.name}.json") for step in STEPS]
    monkeypatch.setattr(refit, "STEPS", steps)
    main(["refit", str(write_set(tmp_path)), "tiny"])
    told = capsys.readouterr().out
    places = [told.index(f"{PROGRAM} {step.name} ") for step in steps]
    assert places == sorted(places)
    fusion, reranking, confidence = (
        json.loads(step.output.read_text(encoding="utf-8")) for step in steps
    )
    assert set(fusion["weights"]) == {"monolingual", "cross-lingual"}
    assert set(reranking["weights"]) == {"lexical", "dense"}
    for name, model in confidence["models"].items():
        trees = tuple(parse_tree(tree, model["features"]) for tree in model["trees"])
        assert trees, name
    assert set(confidence["models"]) == set(stored_models()["models"])


def test_a_set_is_measured_from_the_command_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["measure", str(write_set(tmp_path)), "tiny"])
    printed = capsys.readouterr().out
    assert "tiny, each article alone" in printed
    assert "tiny, a library" in printed


def test_figures_count_what_was_claimed(tiny: WrittenSet) -> None:
    models = load_models()
    with open_articles(list(tiny), models.encoder, models.reader) as knowledge:
        asked = [Asked(one, knowledge.ask(one.question)) for own in tiny.values() for one in own]
    found = figures(asked)
    assert found["questions"] == 4
    assert found["hit@3"] == 1
    claims = [one for one in asked if one.answer.verdict is Verdict.ANSWERED]
    assert found["green"] == sum(one.question.answer is not None for one in claims) / 2
    assert found["green, not said"] == sum(one.question.answer is None for one in claims) / 2


def test_the_tables_of_the_gazetteer_are_those_that_the_command_makes(tmp_path: Path) -> None:
    main(["gazetteer", "--output", str(tmp_path)])
    package = Path(gazetteer.__file__).parent
    made = {path.name: path.read_text(encoding="utf-8") for path in tmp_path.iterdir()}
    assert len(made) == 4
    for name, text in made.items():
        assert text.splitlines()[4:] == (package / name).read_text("utf-8").splitlines()[4:], name


LOCALES = "fr_FR fr_CH en_US en_GB de_DE es_ES it_IT pt_BR nl_NL pl_PL ro_RO sv_SE tr_TR".split()


@pytest.fixture
def faker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A package of the shape of Faker, which only this command needs."""
    people = tmp_path / "faker/providers/person"
    people.mkdir(parents=True)
    for locale in LOCALES:
        names = ("Zoé", "Pierre", "Rose", "Jo", "D'Arcy") if locale == "fr_FR" else ()
        code = f"class Provider:\n    first_names = {names!r}\n"
        (people / f"{locale}.py").write_text(code, encoding="utf-8")
    about = tmp_path / "faker-1.0.dist-info/METADATA"
    about.parent.mkdir()
    about.write_text("Metadata-Version: 2.1\nName: faker\nVersion: 1.0\n", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)


@pytest.mark.usefixtures("faker")
def test_first_names_are_those_that_are_no_everyday_words(tmp_path: Path) -> None:
    output = tmp_path / "first_names.txt"
    main(["first_names", "--output", str(output)])
    told, _, *names = output.read_text(encoding="utf-8").splitlines()
    assert "Faker 1.0" in told
    assert names == ["pierre", "zoe"]
    kept = Path(entities.__file__).with_name("first_names.txt").read_text(encoding="utf-8")
    assert set(names) <= set(kept.splitlines())
    assert "rose" not in kept.splitlines()
