"""Index segments in S3: one object a document and model, ``index/<tenant>/<model>/<document id>.zip``.

The object is an uncompressed ``.npy`` beside compressed JSON in one ZIP archive: a segment is replaced whole, so that
no reader ever meets the vectors of one version with the passages of another.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections import OrderedDict
from pathlib import PurePosixPath
from typing import Any

from intake.documents.lexical import Postings
from intake.documents.vectors import EmbeddingModel, Passage, Segment
from intake.errors import NotFoundError
from intake.storage.objects import ObjectStore

_VECTORS = "vectors.npy"
_FACTS = "segment.json"
_EPOCH = (1980, 1, 1, 0, 0, 0)
_SUFFIX = ".zip"
CACHE_BYTES = 1024 * 1024 * 1024
"""Of vectors and passages in one process: half of the memory of the function that searches."""
_TEXT_OVERHEAD = 6
"""Bytes in memory for a byte of stored passages: strings, numbers and terms as Python objects."""


class S3VectorStore:
    """`intake.documents.vectors.VectorStore` in S3, with the segments last used in memory, known by their tags."""

    def __init__(self, objects: ObjectStore, bucket: str, *, cache_bytes: int = CACHE_BYTES) -> None:
        self._objects = objects
        self._bucket = bucket
        self._cache: OrderedDict[str, tuple[str, Segment, int]] = OrderedDict()
        self._cache_bytes = cache_bytes
        self.cached_bytes = 0
        """What is held in memory now, about."""

    def put_segment(self, segment: Segment) -> None:
        key = f"{_root(segment.tenant)}{segment.model.slug}/{segment.document_id}{_SUFFIX}"
        self._objects.put(self._bucket, key, pack(segment), content_type="application/zip")

    def delete_segment(self, tenant: str, document_id: str) -> None:
        for info in list(self._objects.list(self._bucket, _root(tenant))):
            if PurePosixPath(info.key).stem == document_id:
                self._objects.delete(self._bucket, info.key)

    def segments(self, tenant: str, document_ids: frozenset[str] | None = None) -> list[Segment]:
        found = []
        for info in self._objects.list(self._bucket, _root(tenant)):
            if document_ids is None or PurePosixPath(info.key).stem in document_ids:
                segment = self._segment(info.key, info.etag)
                if segment is not None:
                    found.append(segment)
        return found

    def _segment(self, key: str, etag: str) -> Segment | None:
        cached = self._cache.get(key)
        if cached is not None and cached[0] == etag:
            self._cache.move_to_end(key)
            return cached[1]
        try:
            body = self._objects.get(self._bucket, key)
        except NotFoundError:  # deleted since it was listed
            return None
        segment = unpack(body)
        self._remember(key, etag, segment, size=segment.vectors.nbytes + _TEXT_OVERHEAD * _text_bytes(segment))
        return segment

    def _remember(self, key: str, etag: str, segment: Segment, *, size: int) -> None:
        replaced = self._cache.pop(key, None)
        if replaced is not None:
            self.cached_bytes -= replaced[2]
        if size > self._cache_bytes:
            return
        self._cache[key] = (etag, segment, size)
        self.cached_bytes += size
        while self.cached_bytes > self._cache_bytes:
            _key, (_etag, _segment, freed) = self._cache.popitem(last=False)
            self.cached_bytes -= freed


def pack(segment: Segment) -> bytes:
    """Write a segment as bytes; the same segment always gives the same bytes."""
    import numpy as np

    vectors = io.BytesIO()
    np.save(vectors, np.ascontiguousarray(segment.vectors, "<f4"), allow_pickle=False)
    facts = {
        "tenant": segment.tenant,
        "document_id": segment.document_id,
        "filename": segment.filename,
        "model": segment.model.model_dump(),
        "passages": [passage.model_dump() for passage in segment.passages],
        "lengths": list(segment.postings.lengths),
        "entries": {term: list(entries) for term, entries in segment.postings.entries.items()},
    }
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as zipped:
        zipped.writestr(zipfile.ZipInfo(_VECTORS, _EPOCH), vectors.getbuffer())
        body = json.dumps(facts, ensure_ascii=False, separators=(",", ":")).encode()
        zipped.writestr(zipfile.ZipInfo(_FACTS, _EPOCH), body, zipfile.ZIP_DEFLATED, compresslevel=1)
    return archive.getvalue()


def unpack(body: bytes) -> Segment:
    """Read what `pack` wrote."""
    import numpy as np

    with zipfile.ZipFile(io.BytesIO(body)) as zipped:
        vectors = np.load(io.BytesIO(zipped.read(_VECTORS)), allow_pickle=False)
        facts: dict[str, Any] = json.loads(zipped.read(_FACTS))
    return Segment(
        tenant=facts["tenant"],
        document_id=facts["document_id"],
        filename=facts["filename"],
        model=EmbeddingModel(**facts["model"]),
        passages=tuple(Passage.model_construct(**passage) for passage in facts["passages"]),
        postings=Postings(facts["lengths"], facts["entries"]),
        vectors=vectors,
    )


def _root(tenant: str) -> str:
    return f"index/{tenant}/"


def _text_bytes(segment: Segment) -> int:
    return sum(len(passage.text) for passage in segment.passages)
