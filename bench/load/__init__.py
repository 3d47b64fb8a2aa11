"""The load: wrk, and whole events for it to send."""
