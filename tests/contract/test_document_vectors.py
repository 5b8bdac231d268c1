"""One contract for the segments in S3 and for their fake; and what holds for S3 alone."""

from __future__ import annotations

from collections.abc import Iterator

import boto3
import numpy as np
import pytest
from moto import mock_aws

from intake.documents.lexical import Postings
from intake.documents.vectors import EmbeddingModel, Passage, Segment, VectorStore
from intake.storage.objects import S3ObjectStore
from intake.storage.vectors import S3VectorStore, pack
from tests.fakes.documents import MemoryVectorStore
from tests.fakes.objects import MemoryObjects

SMALL = EmbeddingModel(provider="openai", model="text-embedding-3-small", dimension=4)
HASH = EmbeddingModel(provider="lexical-hash", model="lexical-hash-2048", dimension=4)


@pytest.fixture(params=["memory", "s3"])
def vectors(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[VectorStore]:
    if request.param == "memory":
        yield MemoryVectorStore()
        return
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    with mock_aws():
        client = boto3.client("s3")
        client.create_bucket(Bucket="documents")
        yield S3VectorStore(S3ObjectStore(client), "documents")


def segment(
    document_id: str = "doc_1", tenant: str = "acme", model: EmbeddingModel = SMALL, text: str = "señor, the plan"
) -> Segment:
    return Segment(
        tenant=tenant,
        document_id=document_id,
        filename="plan.pdf",
        model=model,
        passages=(Passage(id="chk_1", page=3, start=7, end=7 + len(text), text=text),),
        postings=Postings.of([text]),
        vectors=np.array([[0.5, 0.5, 0.5, -0.5]], "<f4"),
    )


def found(vectors: VectorStore, tenant: str = "acme", ids: frozenset[str] | None = None) -> list[tuple[str, str]]:
    return [(item.document_id, item.model.provider) for item in vectors.segments(tenant, ids)]


def test_a_segment_comes_back_as_it_was_put(vectors: VectorStore) -> None:
    put = segment()
    vectors.put_segment(put)

    [got] = vectors.segments("acme")

    assert (got.tenant, got.document_id, got.filename, got.model) == ("acme", "doc_1", "plan.pdf", SMALL)
    assert got.passages == put.passages
    assert (list(got.postings.lengths), got.postings.entries) == (list(put.postings.lengths), put.postings.entries)
    assert got.vectors.dtype == np.float32
    assert np.array_equal(got.vectors, put.vectors)


def test_a_segment_put_again_takes_the_place_of_the_first(vectors: VectorStore) -> None:
    vectors.put_segment(segment(text="old"))
    vectors.segments("acme")
    vectors.put_segment(segment(text="new"))

    assert [item.passages[0].text for item in vectors.segments("acme")] == ["new"]


def test_models_are_kept_apart(vectors: VectorStore) -> None:
    vectors.put_segment(segment(model=SMALL))
    vectors.put_segment(segment(model=HASH))

    assert sorted(found(vectors)) == [("doc_1", "lexical-hash"), ("doc_1", "openai")]


def test_tenants_are_kept_apart(vectors: VectorStore) -> None:
    vectors.put_segment(segment(tenant="acme"))
    vectors.put_segment(segment(tenant="acme-2", document_id="doc_2"))

    assert found(vectors, "acme") == [("doc_1", "openai")]
    assert found(vectors, "acme-2") == [("doc_2", "openai")]
    assert found(vectors, "acm") == []


def test_only_the_documents_named_are_returned(vectors: VectorStore) -> None:
    for number in range(3):
        vectors.put_segment(segment(f"doc_{number}"))

    assert found(vectors, ids=frozenset({"doc_2", "doc_7"})) == [("doc_2", "openai")]
    assert found(vectors, ids=frozenset()) == []


def test_a_document_is_deleted_with_all_its_models_and_no_other(vectors: VectorStore) -> None:
    for model in (SMALL, HASH):
        vectors.put_segment(segment("doc_1", model=model))
    vectors.put_segment(segment("doc_2"))
    vectors.put_segment(segment("doc_1", tenant="other"))
    vectors.segments("acme")

    vectors.delete_segment("acme", "doc_1")
    vectors.delete_segment("acme", "doc_1")

    assert found(vectors) == [("doc_2", "openai")]
    assert found(vectors, "other") == [("doc_1", "openai")]


def test_a_segment_is_read_from_s3_once_until_it_changes() -> None:
    objects = MemoryObjects()
    vectors = S3VectorStore(objects, "documents")
    vectors.put_segment(segment())

    vectors.segments("acme")
    vectors.segments("acme")
    assert objects.reads == 1

    S3VectorStore(objects, "documents").put_segment(segment(text="written by another process"))
    assert vectors.segments("acme")[0].passages[0].text == "written by another process"
    assert objects.reads == 2


def test_memory_for_segments_is_bounded() -> None:
    objects = MemoryObjects()
    vectors = S3VectorStore(objects, "documents", cache_bytes=500)
    for number in range(20):
        vectors.put_segment(segment(f"doc_{number:02d}"))

    assert len(vectors.segments("acme")) == 20
    assert vectors.cached_bytes <= 500
    assert len(vectors.segments("acme", frozenset({"doc_19"}))) == 1
    assert objects.reads == 20


def test_a_segment_larger_than_the_memory_for_it_is_served_all_the_same() -> None:
    vectors = S3VectorStore(MemoryObjects(), "documents", cache_bytes=1)
    vectors.put_segment(segment())

    assert len(vectors.segments("acme")) == 1
    assert vectors.cached_bytes == 0


def test_the_same_segment_has_the_same_bytes() -> None:
    assert pack(segment()) == pack(segment())
