"""The graph store: the only rooms that speak Cypher and know the driver."""
