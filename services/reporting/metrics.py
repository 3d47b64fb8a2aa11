"""What an operator sees of the projection."""

from prometheus_client import Counter, Gauge, Histogram

PROJECTED = Counter("reporting_events_projected", "Events that became facts", ("type",))
BATCH_SIZE = Histogram(
    "reporting_batch_size",
    "Events projected in one transaction",
    buckets=(1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000),
)
BATCH_SECONDS = Histogram("reporting_batch_seconds", "Time of one transaction")
LAG = Gauge(
    "reporting_lag_seconds",
    "From recorded to projected, of the oldest event in the last batch",
    ("partition",),
)
UNKNOWN_WARDS = Counter("reporting_unknown_wards", "Facts whose ward the directory does not know")
LONG_HISTORIES = Counter(
    "reporting_long_histories", "Histories read that hold more than 1,000 facts"
)
REBUILT = Counter("reporting_wards_rebuilt", "Wards whose figures were made anew")
