"""Speech written down by a job: started now, its result fetched or told later, for recordings nobody can wait for.

A `TranscriptionService` implements this beside, or instead of, `intake.providers.ports.Provider`. It makes one call a
method, without a retry, and classifies failures as providers do.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from intake.errors import ProviderError
from intake.money import Usage
from intake.providers.ports import ProviderKind, Reply, Transcript


@dataclass(frozen=True)
class Recording:
    """A recording as it lies in a bucket.

    Parameters
    ----------
    read
        Fetches the sound; a service that reads the bucket by itself never asks for it.
    size
        Bytes.
    output_key
        Where in the same bucket a service that writes its result there is to write it.
    language
        ISO 639-1, or None to have it detected.
    duration_seconds
        As it was measured.
    """

    bucket: str
    key: str
    media_type: str
    size: int
    output_key: str
    duration_seconds: float
    read: Callable[[], bytes] = field(repr=False)
    language: str | None = None


@dataclass(frozen=True)
class JobTicket:
    """What finds a job again at its service.

    Parameters
    ----------
    reference
        Our own name of the job, which nobody can guess.
    service_id
        The service's name of it, where it gave one.
    bucket, output_key
        As in the `Recording`.
    language
        What the job was told, if anything.
    """

    reference: str
    service_id: str | None
    bucket: str
    output_key: str
    language: str | None = None


class TranscriptionService(Protocol):
    """One service that writes recordings down by jobs."""

    @property
    def name(self) -> str: ...

    @property
    def kind(self) -> ProviderKind: ...

    @property
    def model(self) -> str: ...

    @property
    def takes_jobs_only(self) -> bool:
        """Say whether there is no other way to ask this service."""
        ...

    def lacks_for_jobs(self) -> str | None:
        """Say in words what is missing for jobs, or None."""
        ...

    def largest_job_usage(self, recording: Recording) -> Usage:
        """Return an upper bound of what the job can be billed."""
        ...

    def start(self, recording: Recording, reference: str) -> str | None:
        """Start a job under our reference, once; return the service's own name of it, where there is one.

        Raises
        ------
        ProviderError
            By what failed; nothing was started.
        """
        ...

    def collect(self, ticket: JobTicket) -> Reply[Transcript] | ProviderError | None:
        """Return the result of a job, the error that it failed with, or None while there is neither.

        Raises
        ------
        ProviderError
            The service could not be asked.
        """
        ...

    def discard(self, ticket: JobTicket) -> None:
        """Remove what the job has left in our bucket, if anything."""
        ...
