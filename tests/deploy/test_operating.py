"""What the operator's page tells to watch is what the services measure."""

import re

from prometheus_client import Counter, Gauge, Histogram

from deploy.local.places import ROOT
from services.messaging import metrics as messaging
from services.notify import metrics as notify
from services.platform import observed
from services.registration.intake import record
from services.registration.requests import waiting
from services.reporting import metrics as reporting

PAGE = (ROOT / "docs" / "operating" / "README.md").read_text(encoding="utf-8")
WATCHED = set(re.findall(r"^\| `([a-z_]+)", PAGE, re.MULTILINE))


def test_metrics_that_the_page_names_are_measured() -> None:
    measured = {
        f"{family.name}_total" if isinstance(metric, Counter) else family.name
        for module in (messaging, notify, observed, record, reporting, waiting)
        for metric in vars(module).values()
        if isinstance(metric, Counter | Gauge | Histogram)
        for family in metric.collect()
    }

    assert len(WATCHED) > 5
    assert measured >= WATCHED
