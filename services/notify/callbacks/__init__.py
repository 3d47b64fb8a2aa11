"""From a provider to the ledger: receipts, and citizens' replies."""
