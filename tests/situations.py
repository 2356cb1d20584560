"""What can be seen of the bot: each situation brought about in its preview, to be pictured."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

from browser import ask, become, click, reply, slash
from playwright.sync_api import Page

__all__ = ["SITUATIONS"]

STARTING = 15_000
"""Milliseconds in which the preview loads its models and finds examples, and answers late."""

QUESTION = "Combien de barils de pétrole en juillet ?"
ARTICLE = """\
---
title: The night train to Vienna
language: en
published: 2025-12-10
---

The first night train from Brussels to Vienna left on 14 December 2024 with 212 passengers.

## The price

A berth costs 79 euros, said Anna Gruber, the head of sales. A seat costs 29 euros.

## The way

The train takes 14 hours and stops in Cologne, Frankfurt and Linz.
"""


def _answer(page: Page, _: Path) -> None:
    page.wait_for_timeout(STARTING)
    reply(page, QUESTION)


def _asked(page: Page, _: Path) -> None:
    page.wait_for_timeout(STARTING)
    ask(page, QUESTION)


def _uncertain(page: Page, _: Path) -> None:
    ask(page, "Quel est le menu du dîner ?")


def _unanswered(page: Page, _: Path) -> None:
    ask(page, "Combien de chats a Emmanuel Macron ?")


def _nearby(page: Page, _: Path) -> None:
    ask(page, "Combien de missiles la Corée a-t-elle tirés en août ?")


def _in_context(page: Page, _: Path) -> None:
    ask(page, "How many tonnes of corn did Russia send?")
    click(page, "In context")


def _why(page: Page, _: Path) -> None:
    ask(page, "Quand a eu lieu le 8e Congrès du Parti ?")
    click(page, "Pourquoi ?")


def _fact(page: Page, _: Path) -> None:
    slash(page, "fact", text="pétrole")


def _timeline(page: Page, _: Path) -> None:
    slash(page, "timeline")


def _entries(page: Page, _: Path) -> None:
    slash(page, "timeline")
    click(page, "As a list")


def _numbers(page: Page, _: Path) -> None:
    slash(page, "numbers")


def _article(page: Page, _: Path) -> None:
    slash(page, "article", title="3 points")


def _status(page: Page, _: Path) -> None:
    become(page, "Alex (admin)")
    slash(page, "status")


def _article_added(page: Page, folder: Path) -> None:
    file = folder / "night-train.md"
    file.write_text(ARTICLE, encoding="utf-8")
    become(page, "Alex (admin)")
    slash(page, "articles", "add", file=file)


def _several_files(page: Page, folder: Path) -> None:
    archive = folder / "club.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr("night-train.md", ARTICLE)
        packed.writestr("rules.txt", "The rules\n\nBe kind.\n\nThe fee is 30 euros a year.")
        packed.writestr(
            "rules.facts.yaml", "- {kind: claim, statement: {en: Fee}, quote: 25 euros a year}\n"
        )
        packed.writestr("broken.md", "---\ntitle: [\n---\n\nText.\n")
        packed.writestr("photo.png", b"\x89PNG")
    become(page, "Alex (admin)")
    slash(page, "articles", "add", file=archive)
    page.get_by_text("Files that I can take").last.wait_for()


def _replacement(page: Page, folder: Path) -> None:
    file = folder / "night-train.md"
    file.write_text(ARTICLE, encoding="utf-8")
    become(page, "Alex (admin)")
    slash(page, "articles", "add", file=file)
    page.get_by_role("button", name="Index it").last.click()
    page.get_by_text("is in use").last.wait_for()
    newer = ARTICLE.replace("79 euros", "89 euros").replace("29 euros", "35 euros")
    newer = newer.replace("Linz.", "Linz. It has a dining car.")
    file.write_text(f"{newer}\n## Dogs\n\nDogs travel for 10 euros.\n", encoding="utf-8")
    slash(page, "articles", "replace", article="The night train to Vienna", file=file)
    page.get_by_text("It is to replace").last.wait_for()


def _marked(page: Page, folder: Path) -> None:
    _replacement(page, folder)
    ask(page, "What does a berth cost?")
    page.get_by_role("button", name="Index it").last.click()
    page.get_by_text("The article has changed since").last.wait_for()


def _unanswered_off(page: Page, _: Path) -> None:
    become(page, "Alex (admin)")
    slash(page, "unanswered")


def _unanswered_list(page: Page, folder: Path) -> None:
    _unanswered_off(page, folder)
    page.get_by_role("button", name="Keep unanswered questions").last.click()
    page.get_by_text("So far none.").last.wait_for()
    become(page, "Camille")
    ask(page, "Combien de chats a Emmanuel Macron ?")
    ask(page, "What is the wifi password of the club room?")
    become(page, "Alex (admin)")
    slash(page, "unanswered")


def _insights(page: Page, folder: Path) -> None:
    _unanswered_list(page, folder)
    become(page, "Camille")
    ask(page, QUESTION)
    click(page, "👍")
    ask(page, "Qui a rencontré Poutine en Russie ?")
    ask(page, "Quel est le menu du dîner ?")
    become(page, "Alex (admin)")
    slash(page, "insights")
    page.get_by_text("to be answered").last.wait_for()
    page.wait_for_timeout(1_000)  # until the picture is there
    page.get_by_text("to be answered").last.scroll_into_view_if_needed()


def _team_answer(page: Page, folder: Path) -> None:
    _unanswered_list(page, folder)
    page.get_by_role("button", name="Write an answer").last.click()
    form = page.get_by_role("dialog")
    form.locator("textarea").last.fill("The password is quokka-42.")
    form.get_by_role("button", name="Submit").click()
    page.get_by_role("button", name="Back to the list").wait_for()


def _reindex(page: Page, _: Path) -> None:
    become(page, "Alex (admin)")
    slash(page, "reindex")
    page.get_by_text("Articles:").last.wait_for(timeout=90_000)


def _follow_up(page: Page, _: Path) -> None:
    page.wait_for_timeout(STARTING)
    ask(page, QUESTION)
    _fill(page, "Poursuivre", "et combien de tonnes de maïs ?")
    page.get_by_text("↳").last.wait_for()


def _fill(page: Page, label: str, words: str) -> None:
    """Press a button that opens a form of one field, and send that."""
    messages = page.locator("#channel-message-list .component-container")
    messages.get_by_role("button", name=label, exact=True).last.click()
    form = page.get_by_role("dialog")
    form.locator("textarea").last.fill(words)
    form.get_by_role("button", name="Submit").click()


def _person_asked(page: Page, folder: Path) -> None:
    """Name the helpers as an admin, and press the button as a member."""
    _settings_places(page, folder)
    page.get_by_role("combobox", name="No role").last.click()
    page.wait_for_timeout(1_500)  # the page still orders the roles
    page.get_by_role("option", name="Admins").last.click()
    page.locator('[aria-valuetext="Admins"]').wait_for()
    become(page, "Camille")
    page.get_by_text("Settings of this server", exact=True).wait_for(state="detached")
    _unanswered(page, folder)
    click(page, "Demander à une personne")


def _person_told(page: Page, folder: Path) -> None:
    _person_asked(page, folder)
    messages = page.locator("#channel-message-list .component-container")
    messages.get_by_role("button", name="Send", exact=True).last.click()
    page.get_by_text("You are told when").last.wait_for()
    become(page, "Alex (admin)")
    _fill(page, "Reply", "Deux labradors, Nemo et Jules. Mais pas de chat !")
    page.get_by_text("Your reply was sent.").last.wait_for()
    become(page, "Camille")
    page.get_by_text("has replied to your question").last.wait_for()


def _settings(page: Page, _: Path) -> None:
    become(page, "Alex (admin)")
    slash(page, "settings")


def _settings_places(page: Page, folder: Path) -> None:
    _settings(page, folder)
    page.get_by_role("button", name="Places and people", exact=True).last.click()
    page.get_by_text("Who may vote on answers").last.wait_for()


SITUATIONS: Mapping[str, Callable[[Page, Path], None]] = {
    "answer": _answer,
    "asked": _asked,
    "follow-up": _follow_up,
    "uncertain": _uncertain,
    "unanswered": _unanswered,
    "nearby": _nearby,
    "in-context": _in_context,
    "why": _why,
    "fact": _fact,
    "numbers": _numbers,
    "timeline": _timeline,
    "entries": _entries,
    "article": _article,
    "status": _status,
    "article-added": _article_added,
    "several-files": _several_files,
    "replacement": _replacement,
    "marked": _marked,
    "unanswered-off": _unanswered_off,
    "unanswered-list": _unanswered_list,
    "team-answer": _team_answer,
    "person-asked": _person_asked,
    "person-told": _person_told,
    "insights": _insights,
    "reindex": _reindex,
    "settings": _settings,
    "settings-places": _settings_places,
}
