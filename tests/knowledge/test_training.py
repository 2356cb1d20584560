"""The commands that fit and generate, and what their files tell of themselves."""

import json
from pathlib import Path
from typing import Any

import pytest

from knowledge.answers import confidence
from knowledge.answers import spans as answer_spans
from knowledge.retrieval import fusion, reranking
from knowledge.training.__main__ import main
from knowledge.training.fitting import PROGRAM, Call
from knowledge.training.refit import steps


def _read(module: Any, name: str) -> Any:
    path = Path(module.__file__).with_name(name)
    return json.loads(path.read_text(encoding="utf-8"))


def _provenances() -> list[dict[str, Any]]:
    """Return what every file that was fitted tells of itself."""
    several = [_read(fusion, "fusion.json"), _read(confidence, "confidence.json")]
    single = [_read(reranking, "reranking.json"), _read(answer_spans, "weights.json")]
    told = [one["fitted"] for stored in several for one in stored.values()]
    return told + [stored["fitted"] for stored in single]


def test_every_fitted_file_tells_the_command_that_makes_it_again() -> None:
    commands = {" ".join((PROGRAM, *step)) for step in steps(Path("tests/data"))}
    assert {told["command"] for told in _provenances()} == commands


def test_every_fitted_file_tells_its_data_and_its_day() -> None:
    root = Path(__file__).parents[2]
    for told in _provenances():
        assert list(told)[:3] == ["command", "data", "date"]
        assert told["data"]
        assert all((root / path).exists() for path in told["data"])


def test_where_a_file_was_written_is_not_part_of_its_command() -> None:
    call = Call("spans", ["a b", "--output", "/tmp/x.json", "--more", "c"], [Path("a b")])
    told = call.provenance(examples=3)
    assert told["command"] == "python -m knowledge.training spans 'a b' --more c"
    assert (told["data"], told["examples"]) == (["a b"], 3)


def test_a_refit_says_what_it_would_do(capsys: pytest.CaptureFixture[str]) -> None:
    main(["refit", "--dry-run", "--data", "sets"])
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(steps(Path("sets")))
    assert lines[2] == f"{PROGRAM} reranking sets/piaf_fr sets/squad2_en sets/xquad_en2es"


def test_a_command_that_there_is_not_is_told_which_there_are(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["everything"])
    assert ended.value.code == 2
    assert "refit" in capsys.readouterr().err


def test_the_span_weights_are_fitted_again_from_the_command_line(tmp_path: Path) -> None:
    corpus = [
        {"id": f"p{n}", "title": f"T{n}", "text": f"Le chat {n} est né à Rennes en {1900 + n}."}
        for n in range(30)
    ]
    queries = [
        {"id": f"q{n}", "lang": "fr", "question": f"Quand est né le chat {n} ?",
         "gold_ids": [f"p{n}"], "answer": f"{1900 + n}"}
        for n in range(30)
    ]  # fmt: skip
    for name, lines in (("corpus", corpus), ("queries", queries)):
        text = "\n".join(json.dumps(line) for line in lines)
        (tmp_path / f"{name}.jsonl").write_text(text, encoding="utf-8")
    output = tmp_path / "weights.json"
    main(["spans", str(tmp_path), "--output", str(output)])
    stored = json.loads(output.read_text(encoding="utf-8"))
    assert stored["fitted"]["examples"] == 30
    assert stored["fitted"]["command"] == f"{PROGRAM} spans {tmp_path}"
