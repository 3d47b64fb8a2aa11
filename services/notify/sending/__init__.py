"""From the ledger to a provider: drafted, written ahead, submitted, settled."""
