"""A receiver of traces over OTLP/HTTP on loopback, in place of a collector."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import NamedTuple

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans


class Span(NamedTuple):
    """Ids in hexadecimal; `parent` is empty at the root."""

    service: str
    name: str
    trace: str
    id: str
    parent: str
    links: tuple[str, ...]
    """Traces that it belongs to as well."""


@dataclass
class Receiver:
    """What was received so far, decoded and as it came."""

    url: str = ""
    spans: list[Span] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)

    def of(self, trace: str) -> list[Span]:
        """The spans of one trace, and those that did its work along with that of others."""
        return [span for span in self.spans if trace in (span.trace, *span.links)]

    def take(self, body: bytes) -> None:
        """One export."""
        self.bodies.append(body)
        request = ExportTraceServiceRequest.FromString(body)
        self.spans += [span for resource in request.resource_spans for span in _spans(resource)]


@contextmanager
def receiver() -> Iterator[Receiver]:
    """Listens until the block ends."""
    received = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:  # as http.server calls it
            received.take(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    received.url = f"http://127.0.0.1:{server.server_port}/v1/traces"
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield received
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _spans(of: ResourceSpans) -> Iterator[Span]:
    named = {pair.key: pair.value.string_value for pair in of.resource.attributes}
    for scope in of.scope_spans:
        for span in scope.spans:
            yield Span(
                named["service.name"],
                span.name,
                span.trace_id.hex(),
                span.span_id.hex(),
                span.parent_span_id.hex(),
                tuple(link.trace_id.hex() for link in span.links),
            )
