"""S3's failures in Intake's terms: what a machine retries must carry the name that it matches."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import boto3
import pytest
from botocore.config import Config
from moto import mock_aws

from intake.errors import NotFoundError, TransientError
from intake.storage.objects import ObjectStore, S3ObjectStore

BUCKET = "documents"

each_operation = pytest.mark.parametrize(
    "operation",
    [
        lambda objects: objects.get(BUCKET, "key"),
        lambda objects: objects.put(BUCKET, "key", b"body"),
        lambda objects: objects.head(BUCKET, "key"),
        lambda objects: objects.get_range(BUCKET, "key", 0, 1),
        lambda objects: objects.delete(BUCKET, "key"),
        lambda objects: objects.erase(BUCKET, "key"),
        lambda objects: objects.erase_all(BUCKET, "prefix/"),
        lambda objects: list(objects.list(BUCKET, "prefix/")),
    ],
    ids=["get", "put", "head", "range", "delete", "erase", "erase_all", "list"],
)


@pytest.fixture(autouse=True)
def account(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")


@pytest.fixture
def objects() -> Iterator[ObjectStore]:
    with mock_aws():
        client = boto3.client("s3")
        client.create_bucket(Bucket=BUCKET)
        yield S3ObjectStore(client)


@each_operation
def test_a_service_that_is_not_reached_may_be_reached_soon(operation: Callable[[ObjectStore], object]) -> None:
    # Port 9, "discard": nothing listens there.
    config = Config(retries={"total_max_attempts": 1}, connect_timeout=1)
    unreachable = S3ObjectStore(boto3.client("s3", endpoint_url="http://127.0.0.1:9", config=config))

    with pytest.raises(TransientError):
        operation(unreachable)


def test_an_object_that_is_missing_is_not_there(objects: ObjectStore) -> None:
    for ask in (objects.get, objects.head, lambda bucket, key: objects.get_range(bucket, key, 0, 1)):
        with pytest.raises(NotFoundError):
            ask(BUCKET, "missing")


def test_a_range_has_its_first_byte_and_not_its_end(objects: ObjectStore) -> None:
    objects.put(BUCKET, "key", b"0123456789")

    assert objects.get_range(BUCKET, "key", 3, 6) == b"345"


def test_what_is_erased_has_no_past(objects: ObjectStore) -> None:
    client = boto3.client("s3")
    client.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
    for key in ("a/1.wav", "a/1.wav", "a/1.wav.bak", "b/1.wav", "b/2.wav"):
        objects.put(BUCKET, key, b"RIFF")
    objects.delete(BUCKET, "a/1.wav")

    assert objects.erase(BUCKET, "a/1.wav") == 3, "two versions, and the mark of the deletion"
    assert objects.erase(BUCKET, "a/1.wav") == 0
    assert objects.erase_all(BUCKET, "b/") == 2

    left = client.list_object_versions(Bucket=BUCKET)
    assert [version["Key"] for version in left["Versions"]] == ["a/1.wav.bak"]
    assert "DeleteMarkers" not in left
