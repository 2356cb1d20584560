"""Each language is complete and fits."""

from __future__ import annotations

import re
import string
from dataclasses import asdict

import discord
import pytest

from bot.i18n.localisation import CATALOGUE, LOCALES, Catalogue, Language
from bot.i18n.phrases import PHRASES_BY_TABLE

LANGUAGES = sorted(CATALOGUE.languages)
LABELS = ("closest", "more", "in_context", "why", "previous", "next")


def placeholders(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name is not None}


def phrases(language: Language) -> dict[str, str]:
    """Return every phrase of a language under its table and key."""
    return {
        f"{table}.{key}": text
        for table in PHRASES_BY_TABLE
        for key, text in asdict(getattr(language, table)).items()
    }


def test_every_file_is_a_language_under_its_own_name() -> None:
    assert sorted(path.stem for path in LOCALES.glob("*.toml")) == LANGUAGES
    assert {"en", "fr"} <= set(LANGUAGES)


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_language_has_the_same_texts_and_placeholders_as_english(code: str) -> None:
    language, english = CATALOGUE.languages[code], CATALOGUE.default
    assert set(language.commands) == set(english.commands)
    translated = phrases(language)
    for key, template in phrases(english).items():
        translation = translated[key]
        assert placeholders(translation) == placeholders(template), key
        assert translation.strip() == translation != "", key


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_language_fits_discord_s_limits(code: str) -> None:
    language = CATALOGUE.languages[code]
    for name in language.locales:
        assert name in {locale.value for locale in discord.Locale}
    for key, text in language.commands.items():
        assert 1 <= len(text) <= (32 if key.endswith(".name") else 100), key
    for label in LABELS:
        assert len(getattr(language.phrases, label)) <= 40, label
    assert all(len(text) <= 300 for text in phrases(language).values())


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_language_has_typographic_signs(code: str) -> None:
    language = CATALOGUE.languages[code]
    for text in [*phrases(language).values(), *language.commands.values()]:
        assert "'" not in text
        assert not re.search(" [:;?!»]|« ", text), "a no-break space keeps a sign on its line"


def test_no_locale_belongs_to_two_languages() -> None:
    names = [name for language in CATALOGUE.languages.values() for name in language.locales]
    assert len(set(names)) == len(names)


def test_the_first_language_that_is_spoken_is_chosen() -> None:
    choose = CATALOGUE.choose
    assert choose(None, "xx", discord.Locale.french).code == "fr"
    assert choose("fr", "en-US").code == "fr"
    assert choose(discord.Locale.british_english).code == "en"
    assert choose("tlh", None).code == "en"


def test_a_file_with_another_set_of_phrases_is_refused(tmp_path) -> None:
    text = (LOCALES / "en.toml").read_text(encoding="utf-8")
    (tmp_path / "en.toml").write_text(text.replace("not_said =", "not_sad ="), encoding="utf-8")
    with pytest.raises(ValueError, match="not_sad, not_said"):
        Catalogue.load(tmp_path)


def test_numbers_are_written_as_in_the_language() -> None:
    assert Language.read(LOCALES / "fr.toml").decimal(1.25, 2) == "1,25"
