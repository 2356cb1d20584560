"""The console: ask in a terminal, without Discord."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from bot.terminal import answer_view, article_view, paragraph_view, passages_view
from knowledge.base import KnowledgeBase
from knowledge.errors import KnowledgeError
from knowledge.model import Answer

__all__ = ["run_console"]

_HELP = """\
Type a question. Besides:
  :more      the next passages for the last question
  :context   the first passage's paragraph with its neighbours
  :articles  what is indexed
  :show NAME a whole article
  :quit      leave (so do Ctrl-D and Ctrl-C)"""


def run_console(knowledge: KnowledgeBase, console: Console) -> int:
    """Answer questions from the keyboard until the end of input. Returns the exit code 0."""
    status = knowledge.status()
    console.print(
        Text(
            f"Sourcier: {status.articles} article(s), {status.paragraphs} paragraphs. "
            "Ask a question, or :help."
        )
    )
    last: Answer | None = None
    while True:
        try:
            line = console.input("> ").strip()
        except (EOFError, KeyboardInterrupt):
            console.print()
            return 0
        if line in (":quit", ":q", ":exit"):
            return 0
        if line.startswith(":"):
            _command(line, last, knowledge, console)
        elif line:
            last = knowledge.ask(line)
            console.print(answer_view(last))


def _command(line: str, last: Answer | None, knowledge: KnowledgeBase, console: Console) -> None:
    name, _, argument = line.partition(" ")
    if name == ":articles":
        for summary in knowledge.articles():
            console.print(Text(f"{summary.slug}: {summary.title} ({summary.paragraphs} ¶)"))
    elif name == ":show":
        try:
            console.print(article_view(knowledge.article(argument.strip())))
        except KnowledgeError as error:
            console.print(Text(f"{error} :articles lists them."))
    elif name in (":more", ":context"):
        if last is None or not last.citations:
            console.print(Text("There is no passage yet. Ask a question first."))
        elif name == ":context":
            _show_context(last, knowledge, console)
        elif len(last.citations) > 1:
            console.print(passages_view(last.citations[1:]))
        else:
            console.print(Text("There is no other passage."))
    else:
        console.print(Text(_HELP))


def _show_context(answer: Answer, knowledge: KnowledgeBase, console: Console) -> None:
    citation = answer.citations[0]
    article = knowledge.article(citation.article)
    near = range(citation.paragraph - 1, citation.paragraph + 2)
    for paragraph in article.paragraphs:
        if paragraph.number in near:
            span = citation.span if paragraph.number == citation.paragraph else None
            console.print(paragraph_view(article, paragraph, span))
            console.print()
