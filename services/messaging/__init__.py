"""An event's travel: from the log through the broker to whoever projects it."""
