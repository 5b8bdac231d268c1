"""Search: the passages of a tenant's documents that answer a question best."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from enum import StrEnum
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, Field

from intake.clock import Clock
from intake.documents.lexical import bm25
from intake.documents.ports import Caller
from intake.documents.snippets import snippet
from intake.documents.vectors import EmbeddingModel, Passage, Segment, VectorStore
from intake.errors import FieldError, ProviderError, ProviderRefusedError, UnsupportedInputError
from intake.providers.ports import Capability, EmbeddingRequest, Embeddings
from intake.words import terms

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MAX_QUERY_CHARACTERS = 1000
MAX_TOP_K = 50
TEXT_WEIGHT = 0.6
"""Of the score by words in hybrid search; the rest is that by vectors. docs/documents.md has the measurement."""


_NO_WORD = "No word of the question occurs in the documents: what is shown is alike at most in meaning, or by chance."


class SearchMode(StrEnum):
    """By which kind of likeness passages are ranked."""

    HYBRID = "hybrid"
    VECTOR = "vector"
    TEXT = "text"


class SearchFilters(BaseModel):
    """Which documents are searched; all of the tenant's where nothing is given."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    document_id: str | None = None
    document_ids: tuple[str, ...] | None = Field(None, max_length=100)

    @property
    def ids(self) -> frozenset[str] | None:
        given = [] if self.document_id is None else [frozenset({self.document_id})]
        if self.document_ids is not None:
            given.append(frozenset(self.document_ids))
        return frozenset.intersection(*given) if given else None


class SearchQuery(BaseModel):
    """A question to the documents of a tenant."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    query: str = Field(max_length=MAX_QUERY_CHARACTERS, repr=False)
    top_k: int = Field(5, ge=1, le=MAX_TOP_K)
    mode: SearchMode = SearchMode.HYBRID
    filters: SearchFilters = SearchFilters()


class SearchResult(BaseModel):
    """A passage found. ``score`` is 0 to 1 and compares within one search only; ``snippet`` is HTML."""

    model_config = ConfigDict(frozen=True)

    document_id: str
    filename: str
    page: int
    start: int
    end: int
    score: float
    text: str = Field(repr=False)
    snippet: str = Field(repr=False)


class SearchAnswer(BaseModel):
    """What was found, best first. ``notice`` says in words what was wanting, if anything was."""

    model_config = ConfigDict(frozen=True)

    results: tuple[SearchResult, ...]
    mode: SearchMode
    took_ms: float
    cost_microusd: int = 0
    notice: str | None = None


def search(query: SearchQuery, *, tenant: str, vectors: VectorStore, gateway: Caller, clock: Clock) -> SearchAnswer:
    """Rank the passages of a tenant's documents by a question.

    Documents that were embedded by different models are each asked in their own model's vectors. Where that model's
    provider cannot be asked, hybrid search ranks those by words alone and says so; vector search fails.

    Raises
    ------
    UnsupportedInputError
        The query has nothing in it to search for.
    ProviderError
        Vectors alone were asked for, and the query could not be embedded.
    """
    started = clock.monotonic_ms()
    if not query.query.strip():
        raise UnsupportedInputError(
            "The query is empty.", errors=(FieldError(field="query", message="Ask something."),)
        )
    segments = vectors.segments(tenant, query.filters.ids)
    words = terms(query.query)
    ranking = _Ranking(segments, query.mode)
    if query.mode is not SearchMode.VECTOR:
        ranking.rank_by_words(words)
    if query.mode is not SearchMode.TEXT:
        ranking.rank_by_vectors(query.query, tenant, gateway)
    stems = frozenset(words)
    return SearchAnswer(
        results=tuple(
            SearchResult(
                document_id=segment.document_id,
                filename=segment.filename,
                page=passage.page,
                start=passage.start,
                end=passage.end,
                score=round(score, 4),
                text=passage.text,
                snippet=snippet(passage.text, stems),
            )
            for segment, passage, score in ranking.best(query.top_k)
        ),
        mode=query.mode,
        took_ms=round(clock.monotonic_ms() - started, 1),
        cost_microusd=ranking.cost_microusd,
        notice=ranking.notice,
    )


class _Ranking:
    """The scores of all passages of some segments, one after the other."""

    def __init__(self, segments: Sequence[Segment], mode: SearchMode) -> None:
        import numpy as np

        self._segments = sorted(segments, key=lambda segment: segment.model.slug)
        self._mode = mode
        ends = np.cumsum([0, *(len(segment.passages) for segment in self._segments)])
        self._bounds = [int(end) for end in ends]
        self._scores = np.zeros(self._bounds[-1])
        self.cost_microusd = 0
        self.notice: str | None = None

    def rank_by_words(self, words: Sequence[str]) -> None:
        scores = bm25([segment.postings for segment in self._segments], words)
        highest = scores.max(initial=0.0)
        if highest > 0:
            self._scores = scores / highest
        elif len(scores):
            self.notice = _NO_WORD

    def rank_by_vectors(self, query: str, tenant: str, gateway: Caller) -> None:
        """Mix in the likeness of vectors, model by model: only within one model do their scores mean anything."""
        models = dict.fromkeys(segment.model for segment in self._segments)
        for model in models:
            try:
                vector = self._embed(query, model, tenant, gateway)
            except ProviderError as error:
                if self._mode is SearchMode.VECTOR:
                    raise
                self.notice = (
                    f"Documents embedded by {model.provider} were ranked by words alone: {type(error).title.lower()}."
                )
                continue
            self._mix(model, vector, are_comparable=len(models) == 1)

    def best(self, top_k: int) -> list[tuple[Segment, Passage, float]]:
        """Return the passages with the highest scores, best first, without those that have nothing of the query."""
        order = (-self._scores).argsort(kind="stable")[:top_k]
        found = []
        for position in order:
            if self._scores[position] > 0:
                number = bisect_right(self._bounds, int(position)) - 1
                segment = self._segments[number]
                passage = segment.passages[int(position) - self._bounds[number]]
                found.append((segment, passage, float(self._scores[position])))
        return found

    def _embed(self, query: str, model: EmbeddingModel, tenant: str, gateway: Caller) -> NDArray[np.float32]:
        import numpy as np

        request = EmbeddingRequest(texts=(query,), is_query=True)
        outcome = gateway.call(Capability.EMBED, model.provider, request, tenant=tenant)
        self.cost_microusd += outcome.cost_microusd
        embeddings: Embeddings = outcome.value
        if (outcome.model, embeddings.dimension) != (model.model, model.dimension):
            raise ProviderRefusedError(f"{model.provider} no longer runs {model.model}: process the documents again.")
        return np.frombuffer(embeddings.packed, "<f4")

    def _mix(self, model: EmbeddingModel, vector: NDArray[np.float32], *, are_comparable: bool) -> None:
        import numpy as np

        members = [number for number, segment in enumerate(self._segments) if segment.model == model]
        start, end = self._bounds[members[0]], self._bounds[members[-1] + 1]
        likeness = np.concatenate([self._segments[number].vectors @ vector for number in members]).clip(0.0, 1.0)
        highest = likeness.max(initial=0.0)
        if self._mix_is_relative(are_comparable) and highest > 0:
            likeness = likeness / highest
        weight = 0.0 if self._mode is SearchMode.VECTOR else TEXT_WEIGHT
        self._scores[start:end] = weight * self._scores[start:end] + (1 - weight) * likeness

    def _mix_is_relative(self, are_comparable: bool) -> bool:
        return self._mode is SearchMode.HYBRID or not are_comparable
