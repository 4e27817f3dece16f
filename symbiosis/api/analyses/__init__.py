"""What analysts ask the flow graph, in GraphQL."""
