"""Nothing that members or articles say can ping, format or link, whatever shows it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from discord import ui
from hypothesis import given
from hypothesis import strategies as st
from simcord.preview._markdown import markdown_tokens
from world import Shown, World, shown, write_article

from bot.features.ask.answer_layout import answer_layout
from bot.features.check.check_layout import check_layout
from bot.i18n.localisation import CATALOGUE
from bot.ui import passages
from bot.ui.custom_ids.votes import DOWN, UP
from knowledge import Answer, Citation, Evidence, QuestionWord, Span, Support, Verdict

SIGNS = [
    "@everyone", "@here", "<@1>", "<@!1>", "<@&2>", "<#3>", "</ask:4>", "<t:5:R>", "<:a:6>",
    "<a:b:7>", "<id:guide>", ":smile:", "https://evil.example/x", "discord.gg/evil",
    "[x](https://evil.example)", "<https://evil.example>", "**b**", "__u__", "*i*", "~~s~~",
    "||s||", "`c`", "```c```", "# h", "-# s", "> q", ">>> q", "- l", "1. l", "\\", "\u202e",
    "\u200b", "\u2066", "\ufeff", "wombats",
]  # fmt: skip
HOSTILE = " ".join(SIGNS)
TEXT = st.lists(st.sampled_from([*SIGNS, "\n", "word", "10 933"]), min_size=1, max_size=15).map(
    " ".join
)

CONTEXT = {
    "everyone": True,
    "users": {"1": "someone"},
    "roles": {"2": "role"},
    "channels": {"3": "channel"},
    "commands": {"4": "ask"},
    "emojis": {"6": {"name": "a"}, "7": {"name": "b", "animated": True}},
}
HARMLESS = {
    "paragraph", "inline", "text", "break", "subtext", "blockquote", "strong", "link",
    "quote",
}  # fmt: skip
OURS = ("https://discord.com/channels/", "https://fine.example/")


def tokens_of(text: str) -> list[dict]:
    def flat(tokens: list[dict]) -> list[dict]:
        return [t for token in tokens for t in (token, *flat(token.get("children", [])))]

    return flat(markdown_tokens(text, "text_display", context=CONTEXT))


def assert_harmless(texts: tuple[str, ...]) -> None:
    """Nothing but our own bold, quotation, small print and links to our own addresses."""
    for text in texts:
        for token in tokens_of(text):
            kind = re.sub("_(open|close)$", "", token["type"])
            assert kind in HARMLESS, (token, text)
        plain = re.sub(r"\\[^0-9A-Za-z\s]", "·", text)  # what a backslash made ordinary
        assert not re.search(r"@(?:everyone|here)|<[@#/:t]", plain), text
        for url in re.findall(r"\]\((.*?)\)", plain):
            assert url.startswith(OURS), url
        assert "https:" not in re.sub(r"\]\(.*?\)", "", plain), text


@pytest.fixture(autouse=True)
def _answered(judged: Callable[[Verdict], None]) -> None:
    judged(Verdict.UNCERTAIN)


@pytest.fixture
def hostile_article(world: World, articles: Path) -> None:
    front = HOSTILE.replace("\\", "\\\\").replace('"', "")
    write_article(
        articles,
        "wombats",
        f"## Wombats {HOSTILE}",
        f"Wombats dig burrows {HOSTILE}.",
        f"- wombats in 2023 {HOSTILE}",
        f"# wombats {HOSTILE} 12 wombats",
        title=f"Wombats {front}"[:180],
        url="https://fine.example/?q=[x](https://evil.example)|<@1>#:~:text=@everyone",
        source=front[:180],
    )
    world.knowledge.reindex()


async def walk(world: World, first: Shown) -> None:
    """Look at a message and at whatever its buttons lead to, two clicks deep."""
    assert_harmless(first.texts)
    for id_ in list(first.buttons):
        if first.buttons[id_].get("disabled") or id_.startswith(
            ("rm/", "sh/", f"{UP}/", f"{DOWN}/")
        ):
            continue
        result = await world.member.click(first.message, custom_id=id_)
        if result.modal is not None:  # of a follow-up
            result = await world.member.submit_modal(result, {"question": HOSTILE[:300]})
        assert result.response is not None
        assert_harmless(shown(result.response).texts)


@pytest.mark.parametrize(
    ("command", "options"),
    [
        ("ask", {"question": f"Where do wombats dig burrows? {HOSTILE}"[:300]}),
        ("search", {"words": f"wombats {HOSTILE}"[:300]}),
        ("fact", {"text": f"wombats {HOSTILE}"[:300]}),
        ("numbers", {}),
        ("timeline", {}),
        ("timeline", {"from": HOSTILE[:300]}),
        ("article", {"title": "wombats"}),
        ("article", {"title": HOSTILE[:300]}),
        ("article", {"title": "wombats", "paragraph": 2}),
    ],
)
@pytest.mark.usefixtures("hostile_article")
async def test_commands_show_hostile_words_as_they_are(
    world: World, command: str, options: dict
) -> None:
    result = await world.member.slash(world.channel, command, **options)
    await walk(world, shown(result.response))
    for sent in world.env.http_requests:
        if isinstance(sent.json, dict) and "allowed_mentions" in (sent.json.get("data") or {}):
            assert sent.json["data"]["allowed_mentions"]["parse"] == []


@pytest.mark.parametrize("name", ["Check in the articles", "Ask this"])
@pytest.mark.usefixtures("hostile_article")
async def test_the_menu_of_a_message_shows_hostile_words_as_they_are(
    world: World, name: str
) -> None:
    message = await world.admin.send(
        world.channel, f"Wombats dig burrows and unicorns {HOSTILE} x@everyone y`z"
    )
    result = await world.member.context_menu(world.channel, name, message)
    answer = shown(result.response)
    assert any("wombats" in text.lower() for text in answer.texts)
    await walk(world, answer)
    shared = await world.member.click(answer.message, custom_id=answer.button("Share"))
    (public,) = map(shown, shared.followups)
    assert_harmless(public.texts)
    assert not public.message.message.mention_everyone
    assert public.message.message.mentions == []


@pytest.mark.usefixtures("hostile_article")
async def test_a_mention_with_hostile_words_is_answered_harmlessly(world: World) -> None:
    await world.admin.send(world.channel, f"{world.mention} Where do wombats dig? {HOSTILE}")
    answer = world.last()
    assert not answer.message.mention_everyone
    assert answer.message.mentions == answer.message.role_mentions == []
    await walk(world, answer)


async def test_a_hostile_name_is_shown_as_it_is(world: World) -> None:
    user = world.env.create_user("mallory", global_name="**@everyone** <@1> [x](https://evil.e)")
    mallory = world.guild.add_member(user)
    question = "Who met Putin in Russia?"
    result = await mallory.slash(world.channel, "ask", question=question, private=True)
    answer = shown(result.response)
    shared = await mallory.click(answer.message, custom_id=answer.button("Share"))
    (public,) = map(shown, shared.followups)
    assert_harmless(public.texts[:1])
    assert r"\@everyone" in public.texts[0]


@given(TEXT, TEXT, TEXT, TEXT, st.sampled_from(list(Verdict)))
async def test_answers_and_checks_show_any_words_as_they_are(
    text: str, title: str, section: str, word: str, verdict: Verdict
) -> None:
    found = tuple(
        Citation(
            f"id{n}", "slug", title, section, n, text, Span(0, len(text)), (Span(0, 3),), 1.0,
            f"https://fine.example/{title}",
        )
        for n in range(1, 5)
    )  # fmt: skip
    evidence = Evidence((QuestionWord(word, Support.MISSING),), (), 0.0)
    answer = Answer("?", "en", verdict, 0.5, found, 1.0, evidence)
    english = CATALOGUE.default
    for view in (
        answer_layout(answer, english),
        passages.passages_layout(found, english),
        check_layout(answer, english),
    ):
        texts = [item.content for item in view.walk_children() if isinstance(item, ui.TextDisplay)]
        assert_harmless(tuple(re.sub(r"[^\S\n]+", " ", one) for one in texts))


def test_the_oracle_knows_what_it_is_asked() -> None:
    for text in ("@everyone", "[x](https://evil.example)", "https://evil.example", "`c`", "# h"):
        with pytest.raises(AssertionError):
            assert_harmless((text,))
