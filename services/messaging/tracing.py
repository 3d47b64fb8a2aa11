"""Spans that follow events through the broker; without a tracer they cost next to nothing."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from services.messaging.broker import Outgoing

_TRACER = trace.get_tracer(__name__)
_PROPAGATOR = TraceContextTextMapPropagator()
MAX_LINKS = 100


@contextmanager
def published(
    message: Outgoing, traceparents: Sequence[str], tracer: trace.Tracer = _TRACER
) -> Iterator[Outgoing]:
    """A span around a publish, child of its first event's, linked to the others'."""
    with tracer.start_as_current_span(
        f"publish {message.type}",
        context=_context(traceparents[:1]),
        kind=trace.SpanKind.PRODUCER,
        links=_links(traceparents[1:]),
        attributes={"messaging.system": "rabbitmq", "messaging.destination.name": message.exchange},
    ) as span:
        yield _carrying(message) if span.is_recording() else message


@contextmanager
def handled(
    queue: str, traceparents: Sequence[str], tracer: trace.Tracer = _TRACER
) -> Iterator[None]:
    """A span around a batch, child of its first message's, linked to the others'."""
    with tracer.start_as_current_span(
        f"handle {queue}",
        context=_context(traceparents[:1]),
        kind=trace.SpanKind.CONSUMER,
        links=_links(traceparents[1:]),
    ):
        yield


def _context(traceparents: Sequence[str]) -> Context:
    return _PROPAGATOR.extract({"traceparent": traceparents[0]} if traceparents else {})


def _carrying(message: Outgoing) -> Outgoing:
    carrier: dict[str, str] = {}
    _PROPAGATOR.inject(carrier)
    return replace(message, headers={**message.headers, **carrier})


def _links(traceparents: Sequence[str]) -> list[trace.Link]:
    contexts = (_context([traceparent]) for traceparent in traceparents[:MAX_LINKS])
    spans = (trace.get_current_span(context).get_span_context() for context in contexts)
    return [trace.Link(span) for span in spans if span.is_valid]
