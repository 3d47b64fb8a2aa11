"""From the broker to the ledger: subscribers, and what each event changes."""
