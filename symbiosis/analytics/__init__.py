"""The flow graph for its analysts."""
