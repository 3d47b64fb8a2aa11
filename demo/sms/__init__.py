"""The campaign with SMS over SMPP: the citizens' phones, and what they saw beside the reports."""
