"""Forms by which a client posts a file straight into a bucket."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

VALID_FOR = timedelta(minutes=15)


class PresignedForm(BaseModel):
    """Where to post, and the fields to send before the file."""

    model_config = ConfigDict(frozen=True)

    url: str
    fields: dict[str, str]


class S3UploadSigner:
    """`UploadSigner` by S3's presigned POST: S3 itself refuses another key, another type and a larger file."""

    def __init__(self, client: S3Client) -> None:
        self._s3 = client

    def sign(self, bucket: str, key: str, *, content_type: str, max_bytes: int) -> PresignedForm:
        """Return a form for one object of 1 to ``max_bytes`` bytes, valid for 15 minutes."""
        form = self._s3.generate_presigned_post(
            bucket,
            key,
            Fields={"Content-Type": content_type},
            Conditions=[{"Content-Type": content_type}, ["content-length-range", 1, max_bytes]],
            ExpiresIn=int(VALID_FOR.total_seconds()),
        )
        return PresignedForm(url=form["url"], fields=form["fields"])
