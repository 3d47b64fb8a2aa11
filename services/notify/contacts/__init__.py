"""What is known of each citizen: contact, consent, erasure and merging."""
