"""Use cases: the only layer that joins store, signing and documents."""
