"""The console: ask in a terminal, without Discord."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from bot.cli.answer_view import answer_view
from bot.cli.views import (
    article_view,
    counted,
    paragraph_view,
    passages_view,
)
from knowledge import (
    CITATIONS_SHOWN,
    Answer,
    Citation,
    KnowledgeBase,
    KnowledgeError,
    Span,
    Verdict,
    in_full,
)

__all__ = ["run_console"]

_HELP = """\
Type a question. One like “and in May?” is read together with the one before it. Besides:
  :more      the next passages for the last question
  :context   the first passage's paragraph with its neighbours
  :articles  what is indexed
  :show NAME a whole article
  :help      this help
  :quit      leave (so do Ctrl-D and Ctrl-C)"""


def run_console(knowledge: KnowledgeBase, console: Console) -> int:
    """Answer questions from the keyboard until the end of input. Returns the exit code 0."""
    status = knowledge.status()
    console.print(
        Text(
            f"Sourcier: {counted(status.articles, 'article')}, "
            f"{counted(status.paragraphs, 'paragraph')}. "
            "Ask a question, or :help."
        )
    )
    last: Answer | None = None
    previous: str | None = None
    while True:
        try:
            line = console.input("> ").strip()
        except (EOFError, KeyboardInterrupt):
            console.print()
            return 0
        if line in (":quit", ":q", ":exit", "quit", "exit"):
            return 0
        if line.startswith(":") or line == "help":
            _command(line, last, knowledge, console)
        elif line:
            last = knowledge.ask(line, follows=previous)
            previous = in_full([line] if previous is None else [previous, line]) or previous
            console.print(answer_view(last))


def _command(line: str, last: Answer | None, knowledge: KnowledgeBase, console: Console) -> None:
    name, _, argument = line.partition(" ")
    if name == ":articles":
        for summary in knowledge.articles():
            size = counted(summary.paragraphs, "paragraph")
            console.print(Text(f"{summary.slug}: {summary.title} ({size})"))
    elif name == ":show":
        try:
            console.print(article_view(knowledge.article(argument.strip())))
        except KnowledgeError as error:
            console.print(Text(f"{error} :articles lists them."))
    elif name in (":more", ":context"):
        _show_passages(name, last, knowledge, console)
    elif name in (":help", "help"):
        console.print(Text(_HELP))
    else:
        console.print(Text(f"There is no command {name}. :help lists them."))


def _show_passages(
    name: str, last: Answer | None, knowledge: KnowledgeBase, console: Console
) -> None:
    """Print what the last answer left out: further passages, or the context of the first."""
    if last is None or not last.citations:
        console.print(Text("There is no passage yet. Ask a question first."))
        return
    shown = len(last.parts) or CITATIONS_SHOWN[last.verdict]
    further = last.citations[shown:]
    if name == ":more" and not further:
        console.print(Text("There is no other passage."))
        return
    if last.verdict is Verdict.UNANSWERED:
        console.print(Text("The articles don’t say. This is only what comes closest:"))
    if name == ":more":
        console.print(passages_view(further))
    else:
        _show_context(last.citations[0], knowledge, console)


def _show_context(citation: Citation, knowledge: KnowledgeBase, console: Console) -> None:
    article = knowledge.article(citation.article)
    start = citation.span.start
    words = [Span(start + mark.start, start + mark.end) for mark in citation.highlights]
    near = range(citation.paragraph - 1, citation.paragraph + 2)
    for paragraph in article.paragraphs:
        if paragraph.number in near:
            is_cited = paragraph.number == citation.paragraph
            marked = (words or [citation.span]) if is_cited else []
            console.print(paragraph_view(article, paragraph, marked))
            console.print()
