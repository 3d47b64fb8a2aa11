"""What waits for somebody: read from the facts, gone once it is done."""
