"""The event log: one document an event, appended by group commit; it is the outbox too."""
