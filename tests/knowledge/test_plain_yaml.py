"""YAML makes strings, numbers, booleans, lists and mappings, and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.text.plain_yaml import MAX_DEPTH, YamlDocument, YamlError


def value(text: str) -> object:
    root = YamlDocument(text).root
    return None if root is None else root.value()


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("12", 12), ("-3", -3), ("1_000", 1000), ("2.5", 2.5), ("1.0e3", 1000.0), (".5", 0.5),
        ("yes", True), ("Off", False), ("~", None), ("", None), ("'12'", "12"), ("x", "x"),
        ("12:30", "12:30"), ("190:20:30", "190:20:30"), ("010", "010"), ("0x1F", "0x1F"),
        ("1e5", "1e5"), (".inf", ".inf"), (".nan", ".nan"), ("1.0e+999", "1.0e+999"),
        ("2023-09-13", "2023-09-13"), ("2023-02-30", "2023-02-30"), ("9" * 5_000, "9" * 5_000),
        ("!!int 12", 12), ("!!float 12", 12), ("!!bool yes", True), ("!!str 12", "12"),
        ("!!null ''", None), ("!!int ''", "raises"), ("!!int x", "raises"),
        ("!!bool foo", "raises"), ("!!float .inf", "raises"), ("!!timestamp foo", "raises"),
        ("!!binary aGk=", "raises"), ("!!set {a}", "raises"), ("!!omap [a: 1]", "raises"),
        ("!!pairs [a: 1]", "raises"), ("!!python/name:os.system", "raises"), ("!own x", "raises"),
        ("!!python/object/apply:os.system [ls]", "raises"), ("!<tag:x> y", "raises"),
        ('"\\UFFFFFFFF"', "raises"), ('"\\ud800"', "\ufffd"), ('"\\ud83d\\ude00"', "😀"),
        ("%YAML 9" + "9" * 5_000 + ".1\n---\na", "raises"), ("{? [a] : b}", "raises"),
        ("{a: 1, a: 2}", "raises"), ("*gone", "raises"), ("a\n---\nb", "raises"),
        ("\x07", "raises"), ("{a: &x 1, b: *x}", {"a": 1, "b": 1}),
        ("{<<: {a: 1, b: 2}, a: 3}", {"a": 3, "b": 2}), ("{<<: x}", "raises"),
        ("[&a {x: 1}, *a]", [{"x": 1}, {"x": 1}]), ("{no: 1, 12: 2}", {"no": 1, "12": 2}),
        ("&a [*a]", "raises"), ("&a {<<: *a}", "raises"), ("&a {x: *a}", "raises"),
    ],
)  # fmt: skip
def test_what_is_written_means_what_people_mean_or_is_refused(written: str, meant: object) -> None:
    if meant != "raises":
        assert value(written) == meant
        return
    with pytest.raises(YamlError):
        value(written)


def test_an_error_has_its_line() -> None:
    for text in ("- a\n- !!bool x", "- a\n- [", "- a\n- {x: 1, x: 2}", "- a\n- \x07"):
        with pytest.raises(YamlError) as caught:
            value(text)
        assert caught.value.line in (2, 3)


def test_aliases_that_stand_for_gigabytes_are_refused() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    for n in range(1, 12):
        lines.append(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]")
    with pytest.raises(YamlError, match="aliases"):
        value("\n".join(lines))
    merges = ["a0: &a0 {x: 1}"] + [
        f"a{n}: &a{n} {{<<: [{', '.join([f'*a{n - 1}'] * 9)}]}}" for n in range(1, 30)
    ]
    with pytest.raises(YamlError, match="aliases"):
        value("\n".join(merges))


@pytest.mark.parametrize("opening", ["[", "{a: ", "- ", "? ", "[{a: "])
def test_what_is_nested_without_end_is_refused(opening: str) -> None:
    with pytest.raises(YamlError):
        value(opening * 20_000 + "x")
    assert value("[" * MAX_DEPTH + "]" * MAX_DEPTH) is not None


@given(
    st.text(st.characters(codec="utf-8") | st.sampled_from("-:!&*[]{}<>|\n 'x\"%?"), max_size=60)
)
def test_any_text_is_values_or_refused(text: str) -> None:
    try:
        found = value(text)
    except YamlError:
        return
    assert isinstance(found, str | int | float | bool | list | dict | None)
