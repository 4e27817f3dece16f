"""The facilitators' console: static files, no build step; all it shows comes from the public GraphQL API."""
