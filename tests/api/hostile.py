"""Documents that an attacker would send; each breaks a limit or is cheap."""

from typing import Final


def _chain(length: int, spreads: int) -> str:
    links = "".join(
        f"fragment F{n} on SiteConnection {{ pageInfo {{ endCursor }} {f'...F{n + 1} ' * spreads}}} "
        for n in range(length)
    )
    last = f"fragment F{length} on SiteConnection {{ nodes {{ id }} }}"
    return f"{{ sites(first: 1) {{ ...F0 }} }} {links}{last}"


def _cycle(length: int) -> str:
    links = "".join(f"fragment F{n} on Query {{ ...F{(n + 1) % length} }} " for n in range(length))
    return f"{{ ...F0 }} {links}"


def _deep(levels: int) -> str:
    inner = "id"
    for _ in range(levels):
        inner = f"supply {{ site {{ commune {{ territories {{ {inner} }} }} }} }}"
    return f"{{ synergies(first: 1) {{ nodes {{ {inner} }} }} }}"


def _inline(levels: int) -> str:
    return "{ " + "... { " * levels + "me { name }" + " }" * levels + " }"


def _introspection(levels: int) -> str:
    return "{ __schema { types { " + "fields { type { " * levels + "name" + " } }" * levels + " } } }"


def _aliases(many: int, field: str = "me { name }") -> str:
    return "{ " + " ".join(f"a{n}: {field}" for n in range(many)) + " }"


def _rows(many: int) -> str:
    return "{ sites(first: 1) { nodes { " + " ".join(f"a{n}: name" for n in range(many)) + " } } }"


def _same(many: int, field: str) -> str:
    return "{ " + f"{field} " * many + "}"


def _directives(many: int, name: str = "skip(if: false)") -> str:
    return "{ me { name " + f"@{name} " * many + "} }"


def _variables(many: int) -> str:
    return "query (" + " ".join(f"$v{n}: Int = {n}" for n in range(many)) + ") { me { name } }"


def _object(depth: int) -> str:
    return "{ sites(first: 1, where: " + "{territoryId: " * depth + "1" + "}" * depth + ") { nodes { id } } }"


def _steps(levels: int) -> str:
    inner = "id"
    for _ in range(levels):
        inner = f"supply {{ site {{ commune {{ territories {{ {inner} }} }} }} }}"
    return f"subscription {{ synergySteps {{ synergy {{ {inner} }} }} }}"


LISTS: Final = (
    "{ listings(first: 100) { nodes { site { commune { territories { id } } } } "
    "edges { node { site { commune { territories { id } } } } } } }"
)

DOCUMENTS: Final[dict[str, str]] = {
    **{f"chain of {n}, {k} spreads": _chain(n, k) for n in (10, 29, 100, 220) for k in (1, 2)},
    "chain of 29, 20 spreads": _chain(29, 20),
    **{f"cycle of {n}": _cycle(n) for n in (1, 2, 49, 200)},
    **{f"deep {n}": _deep(n) for n in (2, 10, 40, 49)},
    **{f"inline {n}": _inline(n) for n in (9, 100, 199, 400, 2_000)},
    **{f"introspection {n}": _introspection(n) for n in (3, 20, 90)},
    **{f"{n} aliases": _aliases(n) for n in (31, 300, 2_000)},
    **{f"{n} aliases of a list": _aliases(n, "sites(first: 100) { nodes { id } }") for n in (11, 100)},
    **{f"{n} aliased columns": _rows(n) for n in (31, 600)},
    **{f"{n} times the same": _same(n, "me { name }") for n in (9, 400)},
    **{f"{n} times the same list": _same(n, "sites(first: 100) { nodes { id name } }") for n in (9, 100)},
    "400 times one name": "{ me { " + "name " * 400 + "} }",
    "499 times one name": "{ me { " + "name " * 498 + "} }",
    "1,900 times one name": "{ me { " + "name " * 1_900 + "} }",
    **{f"{n} directives": _directives(n) for n in (11, 300, 10_000)},
    **{f"{n} unknown directives": _directives(n, "a") for n in (11, 900)},
    "400 unknown fields": "{ me { " + " ".join(f"nam{n}" for n in range(400)) + " } }",
    "400 unknown fields at the root": "{ " + " ".join(f"listing{n}" for n in range(400)) + " }",
    "unknown fragments": "{ " + " ".join(f"...F{n}" for n in range(400)) + " }",
    "300 operations": " ".join(f"query Q{n} {{ me {{ name }} }}" for n in range(300)),
    "200 unused fragments": "{ me { name } } "
    + " ".join(f"fragment F{n} on Query {{ me {{ name }} }}" for n in range(200)),
    **{f"{n} variables": _variables(n) for n in (300, 450)},
    "long lists": LISTS,
    "long lists by variable": LISTS.replace("first: 100", "first: $n").replace(
        "{ listings", "query ($n: Int! = 1000000) { listings", 1
    ),
    "a list without an end": "{ listings(first: 2147483647) { nodes { site { id } } } }",
    "a list without `first`": "{ listings { nodes { id } } }",
    "a long name": "{ " + "a" * 200_000 + " }",
    "a long text": '{ suggestCodes(text: "' + "x" * 200_000 + '") { wasteCodes { code } } }',
    "a long block text": '{ suggestCodes(text: """' + "x\n" * 100_000 + '""") { wasteCodes { code } } }',
    "30,000 characters of comment": "{ me { name } } #" + "x" * 30_000,
    "30,000 characters of block text": '{ suggestCodes(text: """' + "x\n" * 15_000 + '""") { wasteCodes { code } } }',
    "a long comment": "{ me { name } } #" + "x" * 200_000,
    "spaces": "{ me { name }" + " " * 200_000 + "}",
    "commas": "{ me { name }" + "," * 200_000 + "}",
    "braces": "{" * 200_000,
    "brackets": "{ sites(first: " + "[" * 100_000,
    "a long number": "{ sites(first: " + "9" * 200_000 + ") { nodes { id } } }",
    **{f"an object {n} deep": _object(n) for n in (50, 400)},
    **{f"a subscription {n} deep": _steps(n) for n in (2, 40)},
    "a subscription to 11 things": "subscription { "
    + " ".join(f'r{n}: runProgress(id: "{n}") {{ id }}' for n in range(11))
    + " }",
    "a subscription of 300 aliases": "subscription { synergySteps { "
    + " ".join(f"a{n}: at" for n in range(300))
    + " } }",
    "300 subscriptions": " ".join(f"subscription S{n} {{ synergySteps {{ at }} }}" for n in range(300)),
    "a subscription by a chain of fragments": "subscription { ...F0 } "
    + "".join(f"fragment F{n} on Subscription {{ ...F{n + 1} ...F{n + 1} }} " for n in range(28))
    + "fragment F28 on Subscription { synergySteps { at } }",
    "a subscription by a cycle": "subscription { ...A } fragment A on Subscription { ...B } "
    "fragment B on Subscription { ...A }",
}
