"""All that is counted, one module a subject."""

from services.reporting.measure import Measure
from services.reporting.measures import (
    answers,
    consents,
    disputes,
    households,
    neighbourhoods,
    notifications,
    people,
    posts,
    service_points,
    services,
    signatures,
    teams,
    visits,
)

MEASURES: tuple[Measure, ...] = (
    *services.MEASURES,
    *visits.MEASURES,
    *people.MEASURES,
    *households.MEASURES,
    *signatures.MEASURES,
    *teams.MEASURES,
    *neighbourhoods.MEASURES,
    *service_points.MEASURES,
    *consents.MEASURES,
    *notifications.MEASURES,
    *answers.MEASURES,
    *disputes.MEASURES,
    *posts.MEASURES,
)
