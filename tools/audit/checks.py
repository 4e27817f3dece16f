"""What `graphql-cop` looks for, each as a request of a visitor; a check returns the fault that it found, or None."""

from collections.abc import Awaitable, Callable
from typing import Any, Final

import httpx

Check = Callable[[httpx.AsyncClient], Awaitable[str | None]]


async def _ask(client: httpx.AsyncClient, query: str) -> dict[str, Any]:
    answer: dict[str, Any] = (await client.post("/graphql", json={"query": query})).json()
    return answer


def _refuses(query: str, fault: str) -> Check:
    async def check(client: httpx.AsyncClient) -> str | None:
        return None if "data" not in await _ask(client, query) else fault

    return check


async def _suggestions(client: httpx.AsyncClient) -> str | None:
    told = str(await _ask(client, "{ __typenam }")) + str(await _ask(client, "{ site_ { nodes { id } } }"))
    return "an error names what was probably meant" if "Did you mean" in told else None


async def _batching(client: httpx.AsyncClient) -> str | None:
    answer = await client.post("/graphql", json=[{"query": "{ __typename }"}] * 10)
    return None if answer.status_code == 400 else f"a list of requests is answered with {answer.status_code}"


async def _get_query(client: httpx.AsyncClient) -> str | None:
    answer = await client.get("/graphql", params={"query": "{ me { name } }"})
    return None if answer.status_code == 405 else f"a free query by GET is answered with {answer.status_code}"


async def _get_mutation(client: httpx.AsyncClient) -> str | None:
    answer = await client.get("/graphql", params={"query": "mutation { __typename }"})
    return None if answer.status_code == 405 else f"a mutation by GET is answered with {answer.status_code}"


async def _form_post(client: httpx.AsyncClient) -> str | None:
    answer = await client.post("/graphql", data={"query": "{ __typename }"})
    return None if answer.status_code == 415 else f"a form is answered with {answer.status_code}: CSRF"


async def _tracing(client: httpx.AsyncClient) -> str | None:
    answer = await client.post("/graphql", json={"query": "{ __typename }"}, headers={"x-apollo-tracing": "1"})
    return "the answer has extensions" if "extensions" in answer.json() else None


async def _ide(client: httpx.AsyncClient) -> str | None:
    for path in ("/graphiql", "/playground", "/console", "/altair", "/graphql/console"):
        if (await client.get(path)).status_code != 404:
            return f"{path} is there"
    return None


async def _unhandled(client: httpx.AsyncClient) -> str | None:
    for body in (b"qwerty {", b"\xff", b"null", b'{"query": {}}', b'{"query": "{", "variables": 5}'):
        answer = await client.post("/graphql", content=body, headers={"content-type": "application/json"})
        if answer.status_code >= 500 or "Traceback" in answer.text:
            return f"{body!r} is answered with {answer.status_code}"
    return None


_ALIASES: Final = "{ " + " ".join(f"a{n}: __typename" for n in range(101)) + " }"
_CIRCULAR: Final = "{ __schema { types { fields { type { fields { type { fields { type { name } } } } } } } } }"

CHECKS: Final[dict[str, Check]] = {
    "alias overloading (101 aliases)": _refuses(_ALIASES, "101 aliases are answered"),
    "directive overloading (50 in one place)": _refuses(
        "{ __typename " + "@skip(if: false) " * 50 + "}", "50 directives are answered"
    ),
    "field duplication (500 times one field)": _refuses("{ " + "__typename " * 500 + "}", "500 fields are answered"),
    "circular introspection": _refuses(_CIRCULAR, "it is answered"),
    "introspection": _refuses("{ __schema { queryType { name } } }", "the schema is told"),
    "field suggestions": _suggestions,
    "array batching": _batching,
    "query by GET": _get_query,
    "mutation by GET": _get_mutation,
    "POST of a form (CSRF)": _form_post,
    "tracing": _tracing,
    "IDE on a known path": _ide,
    "unhandled errors": _unhandled,
}
