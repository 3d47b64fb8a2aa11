"""The OpenAPI document, with what each figure of each report is called."""

from services.platform.http.openapi import Document
from services.reporting.reports import REPORTS


def describe_figures(document: Document) -> Document:
    """From the reports themselves, in both languages."""
    schemas = document["components"]["schemas"]
    for report in REPORTS.values():
        fields = schemas[report.row.__name__]["properties"]
        for figure in report.figures:
            source = f" ({figure.source})" if figure.source else ""
            fields[figure.name]["description"] = f"{figure.en}: {figure.vi}{source}"
    return document
