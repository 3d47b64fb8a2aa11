"""What an operator sees of the projection."""

import math

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
LOG_CHECK_MISSING = Gauge(
    "reporting_log_check_missing",
    "Events of a log that the last comparison did not find, and that nobody knows of",
    ("log",),
)
LOG_CHECK_EXTRA = Gauge(
    "reporting_log_check_extra", "Facts that the last comparison found in no log", ("log",)
)
LOG_CHECK_AGE = Gauge(
    "reporting_log_check_age_seconds", "Since the last comparison ended; NaN: there was none"
)
LOG_CHECK_AGE.set(math.nan)
REBUILT = Counter("reporting_wards_rebuilt", "Wards whose figures were made anew")
