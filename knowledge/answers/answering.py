"""Ranked passages to an answer: what is quoted, what is marked, and how sure it is."""

from __future__ import annotations

from dataclasses import dataclass

from knowledge.answers.confidence import model_for
from knowledge.answers.confidence_features import confidence_features
from knowledge.answers.quoting import Quote
from knowledge.answers.snippets import choose_snippet
from knowledge.answers.spans import matched_words, says_count
from knowledge.index import StoredPassage
from knowledge.model import Citation, Evidence, QuestionWord, Span, Support, Verdict
from knowledge.questions.query import Query, QueryTerm
from knowledge.questions.question_type import ANSWER_TYPE_NOUNS
from knowledge.retrieval.lexical import ScoredPassage
from knowledge.retrieval.retriever import Ranking

__all__ = ["NOTHING_FOUND", "Judgement", "cite", "cite_search_hit", "cite_whole", "judge"]


@dataclass(frozen=True, slots=True)
class Judgement:
    """How sure an answer is (``confidence`` from 0 to 1), what may be claimed, and why."""

    verdict: Verdict
    confidence: float
    evidence: Evidence | None


NOTHING_FOUND = Judgement(Verdict.UNANSWERED, 0.0, None)
"""Without any passage nothing is claimed."""


def cite(scored: ScoredPassage, quote: Quote) -> Citation:
    """Return the citation of a passage as an answer: what most likely answers is marked."""
    if quote.answer is not None:
        highlights = (quote.answer.span,)
    else:
        highlights = matched_words(scored.passage.text, quote.snippet, scored.matches)
    return _citation(scored.passage, quote.snippet, highlights, scored.score)


def cite_search_hit(scored: ScoredPassage) -> Citation:
    """Return the citation of a passage as a search result: the words looked for are marked."""
    snippet = choose_snippet(scored, frozenset())
    highlights = matched_words(scored.passage.text, snippet, scored.matches)
    return _citation(scored.passage, snippet, highlights, scored.score)


def cite_whole(passage: StoredPassage) -> Citation:
    """Return a citation of the whole paragraph, nothing marked."""
    return _citation(passage, Span(0, len(passage.text)), (), 0.0)


def _citation(
    passage: StoredPassage, snippet: Span, highlights: tuple[Span, ...], score: float
) -> Citation:
    return Citation(
        passage=passage.passage,
        article=passage.article,
        title=passage.title,
        section=passage.section,
        paragraph=passage.number,
        text=passage.text,
        span=snippet,
        highlights=highlights,
        score=score,
        url=passage.url,
    )


def judge(ranking: Ranking, quote: Quote) -> Judgement:
    """Return the verdict on the first passage of a ranking (not empty) as an answer.

    ``quote`` is what is quoted of it. An answer is not claimed where a number, month or name of
    the question is missing from the passage (as far as a capital tells a name), where it asks how
    many and there is no count of that, for a date, name or measure and there is none, nor where
    one of few words is missing that are no names. By words alone, neither where no more than one
    word was found or the question is in another language.
    """
    query, best = ranking.query, ranking.found[0]
    model = model_for(best)
    features = confidence_features(ranking, quote)
    confidence = model.confidence(features)
    verdict = model.verdict(confidence)
    if verdict is Verdict.ANSWERED and (
        features["essential_missing"] or not _may_answer(query, best, quote)
    ):
        verdict = Verdict.UNCERTAIN
    words = tuple(QuestionWord(term.written, _support(term, best)) for term in query.terms)
    return Judgement(verdict, confidence, Evidence(words, model.factors(features), model.intercept))


def _support(term: QueryTerm, best: ScoredPassage) -> Support:
    """Return how the passage supports a word of the question; its heading or title count."""
    present = {*best.passage.body, *best.passage.context}
    found = [form for form in term.forms if form.term in present]
    return max(found, key=lambda form: form.weight).support if found else Support.MISSING


def _may_answer(query: Query, best: ScoredPassage, quote: Quote) -> bool:
    if query.counted and not says_count(best.passage.text, quote.snippet, best.matches, query):
        return False
    if quote.answer is not None and quote.answer.has_expected is False:
        return False
    if best.similarity is not None:
        return not _lacks_its_point(query, best)
    if query.is_foreign:
        return False
    found = (match.term.word for match in best.matches if match.term.word not in ANSWER_TYPE_NOUNS)
    return sum(len(word.split()) for word in found) > 1


_FEW = 2


def _lacks_its_point(query: Query, best: ScoredPassage) -> bool:
    """Whether the passage lacks one of the few words of the question that are no names: "the
    weather in Vladivostok" is not about Vladivostok."""
    telling = [t for t in query.terms if not t.is_essential and t.word not in ANSWER_TYPE_NOUNS]
    lacking = [t for t in telling if _support(t, best) is Support.MISSING]
    return len(telling) <= _FEW and bool(lacking)
