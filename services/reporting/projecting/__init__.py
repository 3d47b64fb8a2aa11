"""From the queues to facts and figures, and the figures made anew."""
