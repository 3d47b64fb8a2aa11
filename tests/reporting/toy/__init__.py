"""A measure and a report that only tests know, each a file as it would lie in the service."""

from services.reporting.catalogue import CATALOGUE
from services.reporting.definitions.declared import declared
from services.reporting.definitions.measure import Measure
from services.reporting.definitions.report import Report

WITH_TOYS = CATALOGUE.plus(
    declared(f"{__name__}.measures", Measure), declared(f"{__name__}.reports", Report)
)
