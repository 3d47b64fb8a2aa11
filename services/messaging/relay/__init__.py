"""From the log to the broker: one active relay a log publishes what is pending, at least once."""
