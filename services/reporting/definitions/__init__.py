"""What is counted and shown: labels, measures, filters, numbers and reports. Pure."""
