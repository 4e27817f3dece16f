"""What analysts ask the flow graph, in GraphQL."""

import symbiosis.api.nodes as _words  # noqa: F401  It names the enums of the domain before anything here uses them.
