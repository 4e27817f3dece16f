"""The GraphQL API: thin types by noun, context, limits and the HTTP view."""
