"""Whether the facts are just the events that the logs hold: by id, every night."""
