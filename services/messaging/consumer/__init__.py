"""From a queue to its handler: decoded, handled in batches, acknowledged when it is durable."""
