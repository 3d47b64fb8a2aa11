"""Several breakdowns in one measure: the first label says by what, the second which."""

from services.reporting.measure import Labels

LABELS = ("by", "code")
EVERYTHING: Labels = ("", "")
"""Where everything counts, whatever it is broken down by."""
