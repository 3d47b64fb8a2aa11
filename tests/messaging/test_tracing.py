"""One trace leads from a posted event to the batch that handled it."""

from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import NoOpTracer

from services.messaging import tracing
from tests.messaging.broker_contract import message

POSTED, OTHER = (f"00-{digit * 32}-{digit * 16}-01" for digit in "ab")


def test_publish_and_batch_continue_the_first_events_trace_and_link_to_the_others() -> None:
    exporter, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    tracer = provider.get_tracer("test")

    with tracing.published(message(), [POSTED, OTHER], tracer) as carrying:
        carried = str(carrying.headers["traceparent"])
    with tracing.handled("reporting.p0", [carried, OTHER], tracer):
        pass

    publish, handle = exporter.get_finished_spans()
    assert publish.context is not None
    assert handle.parent is not None
    assert f"{publish.context.trace_id:032x}" == "a" * 32
    assert [f"{link.context.trace_id:032x}" for link in publish.links] == ["b" * 32]
    assert handle.parent.span_id == publish.context.span_id
    assert [f"{link.context.trace_id:032x}" for link in handle.links] == ["b" * 32]


def test_without_tracing_the_message_is_left_as_it_is() -> None:
    with tracing.published(message(), [POSTED], NoOpTracer()) as carrying:
        assert carrying == message()
