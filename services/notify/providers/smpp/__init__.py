"""An operator's SMSC, or an aggregator's, by SMPP 3.4."""
