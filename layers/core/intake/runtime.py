"""What a function works with, wired together for this process: adapters behind the ports that the domain asks for.

Each part is made when it is first used, so that a function pays at start-up for nothing it does not need.
"""

from __future__ import annotations

from functools import cache, cached_property, partial
from typing import TYPE_CHECKING

from intake.clock import Clock, SystemClock
from intake.settings import Settings, settings

if TYPE_CHECKING:
    from intake.analytics.cache_use import CacheUseStore
    from intake.batches.ending import Closing
    from intake.batches.repository import BatchRepository
    from intake.documents.ports import PdfInspector
    from intake.documents.repository import DocumentRepository
    from intake.documents.vectors import VectorStore
    from intake.events import EventPublisher
    from intake.experiments.model import ExperimentRepository
    from intake.gateway.breaker import CircuitBreaker
    from intake.gateway.budget import Budget
    from intake.gateway.circuit import CircuitStore
    from intake.gateway.gateway import Gateway
    from intake.gateway.jobs import Jobs
    from intake.gateway.statistics import StatisticsStore
    from intake.inputs.erasure import Eraser
    from intake.inputs.erasures import ErasureRepository
    from intake.inputs.feedback import FeedbackRepository
    from intake.inputs.memory import TranslationMemory
    from intake.inputs.ports import AudioDecoder, ResultCache
    from intake.inputs.repository import InputRepository
    from intake.machines import MachineRunner
    from intake.phrases.ports import PhraseRepository, WarmUpRepository
    from intake.providers.credentials import Credentials
    from intake.providers.ports import AnyProvider
    from intake.storage.objects import ObjectStore
    from intake.subscriptions.delivery import Delivery
    from intake.subscriptions.ports import SubscriptionStore
    from intake.tenancy.tickets import TicketStore
    from intake.uploads import UploadSigner
    from intake.waiting import WaitingTasks


class Services:
    """The parts of one process."""

    @cached_property
    def settings(self) -> Settings:
        return settings()

    @cached_property
    def clock(self) -> Clock:
        return SystemClock()

    @cached_property
    def gateway(self) -> Gateway:
        from intake.gateway.cache import Cache
        from intake.gateway.gateway import Gateway
        from intake.gateway.prices import PriceList
        from intake.gateway.statistics import Statistics
        from intake.storage.aws import dynamodb
        from intake.storage.cache import DynamoDBCacheStore

        return Gateway(
            self.providers,
            cache=Cache(DynamoDBCacheStore(dynamodb(), self.settings.gateway_table), self.clock),
            breaker=self.breaker,
            budget=self.budget,
            prices=PriceList(),
            clock=self.clock,
            mode=self.settings.provider_mode,
            stage=self.settings.stage,
            statistics=Statistics(self.statistics, self.clock),
        )

    @cached_property
    def statistics(self) -> StatisticsStore:
        from intake.storage.aws import dynamodb
        from intake.storage.statistics import DynamoDBStatistics

        return DynamoDBStatistics(dynamodb(), self.settings.gateway_table)

    @cached_property
    def providers(self) -> tuple[AnyProvider, ...]:
        """Every provider of this deployment, of every kind; the gateway decides which are used."""
        from intake.inputs.sanitization_rules import sanitize_by_rules
        from intake.providers.embedded import embedded_providers
        from intake.providers.embedded.rules import RulesEngine
        from intake.providers.remote import amazon_transcriber, remote_providers

        return (
            *remote_providers(self.settings),
            amazon_transcriber(self.settings, lambda: self.objects),
            *embedded_providers(),
            RulesEngine({"sanitize": sanitize_by_rules}),
        )

    @cached_property
    def jobs(self) -> Jobs:
        from intake.gateway.jobs import Jobs
        from intake.gateway.prices import PriceList
        from intake.providers.remote import transcription_services
        from intake.storage.aws import dynamodb
        from intake.storage.jobs import DynamoDBJobStore

        return Jobs(
            transcription_services(self.settings, lambda: self.objects),
            store=DynamoDBJobStore(dynamodb(), self.settings.gateway_table),
            breaker=self.breaker,
            budget=self.budget,
            prices=PriceList(),
            clock=self.clock,
            patience_seconds=self.settings.job_patience_seconds,
        )

    @cached_property
    def credentials(self) -> Credentials:
        from intake.providers.credentials import Credentials

        return Credentials(self.settings)

    @cached_property
    def circuits(self) -> CircuitStore:
        from intake.storage.aws import dynamodb
        from intake.storage.circuits import DynamoDBCircuitStore

        return DynamoDBCircuitStore(dynamodb(), self.settings.gateway_table)

    @cached_property
    def breaker(self) -> CircuitBreaker:
        from intake.gateway.announcement import Announcer
        from intake.gateway.breaker import CircuitBreaker

        return CircuitBreaker(self.circuits, self.clock, Announcer(lambda: self.events))

    @cached_property
    def budget(self) -> Budget:
        from intake.gateway.budget import Budget, Limits
        from intake.money import microusd
        from intake.storage.aws import dynamodb
        from intake.storage.ledger import DynamoDBLedger

        limits = Limits(
            microusd_per_day=microusd(self.settings.budget_usd_per_day),
            requests_per_hour=self.settings.budget_requests_per_hour,
        )
        return Budget(DynamoDBLedger(dynamodb(), self.settings.gateway_table), self.clock, limits)

    @cached_property
    def inputs(self) -> InputRepository:
        from intake.storage.interactions import DynamoInputs

        return DynamoInputs(self.settings.interactions_table, self.clock)

    @cached_property
    def batches(self) -> BatchRepository:
        from intake.storage.batches import DynamoBatches

        return DynamoBatches(self.settings.interactions_table, self.clock)

    @cached_property
    def closing(self) -> Closing:
        from intake.batches.ending import Closing

        return Closing(
            bucket=self.settings.audio_bucket,
            batches=self.batches,
            files=self.objects,
            inputs=self.inputs,
            events=self.events,
            clock=self.clock,
        )

    @cached_property
    def feedback(self) -> FeedbackRepository:
        from intake.storage.aws import dynamodb
        from intake.storage.feedback import DynamoDBFeedback

        return DynamoDBFeedback(dynamodb(), self.settings.interactions_table, self.settings.gateway_table)

    @cached_property
    def experiments(self) -> ExperimentRepository:
        from intake.storage.aws import dynamodb
        from intake.storage.experiments import DynamoDBExperiments

        return DynamoDBExperiments(dynamodb(), self.settings.gateway_table, self.clock)

    @cached_property
    def memory(self) -> TranslationMemory:
        from intake.storage.aws import dynamodb
        from intake.storage.cache import DynamoDBCacheStore
        from intake.storage.memory import DynamoDBTranslationMemory

        lines = DynamoDBCacheStore(dynamodb(), self.settings.gateway_table)
        return DynamoDBTranslationMemory(dynamodb(), self.settings.gateway_table, lines, self.clock)

    @cached_property
    def results(self) -> ResultCache:
        from intake.storage.aws import dynamodb
        from intake.storage.cache import DynamoDBCacheStore
        from intake.storage.results import CachedResults

        return CachedResults(
            DynamoDBCacheStore(dynamodb(), self.settings.gateway_table), self.clock, edition=self.settings.edition
        )

    @cached_property
    def cache_use(self) -> CacheUseStore:
        from intake.analytics.gathering import GatheredCacheUse
        from intake.storage.aws import dynamodb
        from intake.storage.cache_use import DynamoDBCacheUse

        return GatheredCacheUse(DynamoDBCacheUse(dynamodb(), self.settings.gateway_table), self.clock)

    @cached_property
    def phrases(self) -> PhraseRepository:
        from intake.storage.aws import dynamodb
        from intake.storage.phrases import DynamoDBPhrases

        return DynamoDBPhrases(dynamodb(), self.settings.gateway_table)

    @cached_property
    def warm_ups(self) -> WarmUpRepository:
        from intake.storage.aws import dynamodb
        from intake.storage.phrases import DynamoDBWarmUps

        return DynamoDBWarmUps(dynamodb(), self.settings.gateway_table, self.clock)

    @cached_property
    def erasures(self) -> ErasureRepository:
        from intake.storage.aws import dynamodb
        from intake.storage.erasures import DynamoErasures

        return DynamoErasures(dynamodb(), self.settings.interactions_table, self.clock)

    @cached_property
    def eraser(self) -> Eraser:
        from intake.inputs.erasure import Eraser
        from intake.machines import step_functions
        from intake.storage.aws import dynamodb, s3
        from intake.storage.cache import DynamoDBCacheStore
        from intake.storage.objects import S3ObjectStore

        return Eraser(
            self.erasures,
            lines=DynamoDBCacheStore(dynamodb(), self.settings.gateway_table),
            objects=S3ObjectStore(s3()),
            runs=step_functions(),
            clock=self.clock,
            audio_bucket=self.settings.audio_bucket,
            input_machine=self.settings.input_standard_arn,
        )

    @cached_property
    def documents(self) -> DocumentRepository:
        from intake.storage.documents import DynamoDocuments

        return DynamoDocuments(self.settings.documents_table)

    @cached_property
    def vectors(self) -> VectorStore:
        from intake.storage.vectors import S3VectorStore

        return S3VectorStore(self.objects, self.settings.documents_bucket)

    @cached_property
    def objects(self) -> ObjectStore:
        from intake.storage.aws import s3
        from intake.storage.objects import S3ObjectStore

        return S3ObjectStore(s3())

    @cached_property
    def uploads(self) -> UploadSigner:
        from intake.storage.aws import s3
        from intake.storage.uploads import S3UploadSigner

        return S3UploadSigner(s3())

    @cached_property
    def inspect_pdf(self) -> PdfInspector:
        from intake.providers.embedded.pdfium import inspect_pdf

        return inspect_pdf

    @cached_property
    def audio_decoder(self) -> AudioDecoder:
        from intake.providers.embedded.ffmpeg import Ffmpeg

        return Ffmpeg()

    @cached_property
    def events(self) -> EventPublisher:
        from intake.storage.event_bus import EventBridge, event_bridge

        return EventBridge(event_bridge(), self.settings.event_bus)

    @cached_property
    def subscriptions(self) -> SubscriptionStore:
        from intake.storage.aws import dynamodb
        from intake.storage.subscriptions import DynamoDBSubscriptions

        return DynamoDBSubscriptions(dynamodb(), self.settings.connections_table, self.clock)

    @cached_property
    def tickets(self) -> TicketStore:
        from intake.storage.aws import dynamodb
        from intake.storage.subscriptions import DynamoDBTickets

        return DynamoDBTickets(dynamodb(), self.settings.connections_table)

    @cached_property
    def delivery(self) -> Delivery:
        """Tells subscribers of progress; each kind of thing that can be followed is named here once."""
        from intake.batches import progress as of_batch
        from intake.documents import history as of_document
        from intake.inputs import progress as of_input
        from intake.progress import numbered
        from intake.storage.connections import ApiGatewayConnections, connections_client
        from intake.subscriptions.delivery import Delivery

        connections = ApiGatewayConnections(connections_client(self.settings.websocket_management_url))
        return Delivery(
            self.subscriptions,
            connections,
            {
                "input": lambda tenant, input_id: numbered(of_input.entries(self.inputs.get(tenant, input_id))),
                "document": lambda tenant, document_id: numbered(
                    of_document.entries(self.documents.get(tenant, document_id))
                ),
                "batch": partial(of_batch.entries, batches=self.batches, clock=self.clock),
            },
        )

    @cached_property
    def waiting_tasks(self) -> WaitingTasks:
        from intake.waiting import waiting_tasks

        return waiting_tasks()

    @cached_property
    def machines(self) -> MachineRunner:
        from intake.machines import step_functions

        return step_functions()


@cache
def services() -> Services:
    """Return the services of this process."""
    return Services()
