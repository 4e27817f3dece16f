"""`symbiosis keys`: API keys of registered people, made and revoked by the operator on their behalf."""

import asyncio
from typing import Annotated

import typer
from rich.table import Table

from symbiosis.cli.screen import ERR, OUT, Shell
from symbiosis.domain.keys import ApiKey, KeyId, KeyScope
from symbiosis.market.keys import MadeKey, NewKey, Revocation, create_key, keys, revoke_key
from symbiosis.market.people import viewer_for
from symbiosis.settings import Settings
from symbiosis.store.opening import open_graph
from symbiosis.store.pages import MAX_FIRST, PageRequest

key_commands = typer.Typer(help="API keys for programs that speak for a person.", no_args_is_help=True)

Subject = Annotated[str, typer.Argument(help="The `sub` that the person signs in with.")]


@key_commands.command("make")
def make(
    ctx: typer.Context,
    subject: Subject,
    *,
    label: Annotated[str, typer.Option(help="What the key is for.")],
    days: Annotated[int, typer.Option(help="How many days it lives, 1 to 366.")] = 90,
    scope: Annotated[list[KeyScope] | None, typer.Option(help="What it may change; repeat for several.")] = None,
) -> None:
    """Make a key and print it: once, to stdout, alone on a line."""
    shell: Shell = ctx.obj
    made = asyncio.run(_make(shell.settings(), subject, NewKey(label, tuple(scope or ()), days)))
    ERR.print(f"Key {made.key.key_id}, until {made.key.expires_at[:10]}. It is shown this once:", soft_wrap=True)
    OUT.out(made.text)


@key_commands.command("list")
def list_keys(ctx: typer.Context, subject: Subject) -> None:
    """List the newest 100 keys of a person, revoked and expired ones too."""
    shell: Shell = ctx.obj
    table = Table("key", "label", "may change", "until", "revoked")
    for key in asyncio.run(_keys(shell.settings(), subject)):
        scopes = ", ".join(sorted(key.scopes)) or "nothing"
        table.add_row(key.key_id, key.label, scopes, key.expires_at[:10], (key.revoked_at or "")[:10])
    OUT.print(table)


@key_commands.command("revoke")
def revoke(
    ctx: typer.Context, subject: Subject, key_id: Annotated[str, typer.Argument(help="The key, as `list` names it.")]
) -> None:
    """Revoke a key; it signs nobody in from now on."""
    shell: Shell = ctx.obj
    key = asyncio.run(_revoke(shell.settings(), subject, KeyId(key_id)))
    ERR.print(f"Revoked {key.key_id} ({key.label}).", soft_wrap=True)


async def _make(settings: Settings, subject: str, new: NewKey) -> MadeKey:
    async with open_graph(settings) as graph:
        return await create_key(graph, await viewer_for(graph, subject), new)


async def _keys(settings: Settings, subject: str) -> tuple[ApiKey, ...]:
    async with open_graph(settings) as graph:
        return (await keys(graph, await viewer_for(graph, subject), PageRequest(MAX_FIRST))).items


async def _revoke(settings: Settings, subject: str, key_id: KeyId) -> ApiKey:
    async with open_graph(settings) as graph:
        viewer = await viewer_for(graph, subject)
        versions = {key.key_id: key.version for key in (await keys(graph, viewer, PageRequest(MAX_FIRST))).items}
        return await revoke_key(graph, viewer, Revocation(key_id, versions.get(key_id, 1)))
