"""An SMSC, a rival gateway and a full ledger, for the speed of SMS."""
