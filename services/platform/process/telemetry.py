"""Logs, traces and the rule that neither holds personal data."""

import logging
import sys
from typing import Any

import structlog
from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from services.platform.settings import ServiceSettings

_PROPAGATOR = TraceContextTextMapPropagator()


def configure(service: str, settings: ServiceSettings) -> None:
    """JSON lines on standard error; traces over OTLP where an endpoint is named."""
    _configure_logs(service, settings.log_level)
    if settings.otlp_endpoint:
        provider = TracerProvider(resource=Resource.create({"service.name": service}))
        exporter = OTLPSpanExporter(endpoint=settings.otlp_endpoint)
        provider.add_span_processor(BatchSpanProcessor(exporter))
        trace.set_tracer_provider(provider)


def is_traced() -> bool:
    """Whether spans go anywhere; making one that goes nowhere costs as much as a validation."""
    return not isinstance(trace.get_tracer_provider(), trace.ProxyTracerProvider)


def traceparent() -> str | None:
    """The W3C trace context of the span at work; None while nothing is traced."""
    if not trace.get_current_span().is_recording():
        return None
    carrier: dict[str, str] = {}
    _PROPAGATOR.inject(carrier)
    return carrier.get("traceparent")


def context_of(parent: str | None) -> Any:
    """The trace context that an event's `traceparent` names."""
    return _PROPAGATOR.extract({"traceparent": parent} if parent else {})


def _configure_logs(service: str, level: str) -> None:
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _drop_exception_values,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.EventRenamer("message"),
                _named(service),
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        )
    )
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for noisy in ("httpx", "httpcore", "pymongo", "aiormq", "aio_pika"):
        logging.getLogger(noisy).setLevel("WARNING")


def _named(service: str) -> structlog.typing.Processor:
    def add(_: Any, __: str, line: structlog.typing.EventDict) -> structlog.typing.EventDict:
        line["service"] = service
        return line

    return add


def _drop_exception_values(
    _: Any,
    __: str,
    line: structlog.typing.EventDict,
) -> structlog.typing.EventDict:
    """An exception's text may quote a value that somebody posted: its class and place suffice."""
    info = line.pop("exc_info", None)
    error = sys.exc_info()[1] if info is True else info[1] if isinstance(info, tuple) else info
    if isinstance(error, BaseException):
        line["error"] = type(error).__name__
        line["at"] = _places(error)
    return line


def _places(error: BaseException) -> list[str]:
    trail, frame = [], error.__traceback__
    while frame is not None:
        code = frame.tb_frame.f_code
        trail.append(f"{code.co_filename.rpartition('/services/')[2]}:{frame.tb_lineno}")
        frame = frame.tb_next
    return trail[-8:]
