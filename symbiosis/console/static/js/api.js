// The public GraphQL API, by trusted documents only: asked by the name of an operation, sent by the id of its text.
import { useCallback, useEffect, useRef, useState } from "./html.js";
import { session } from "./session.js";

const GRAPHQL = new URL("graphql", document.baseURI).href;
let ids = null;

export class ApiError extends Error {
  constructor(message, code, errors = []) {
    super(message);
    this.code = code;
    this.errors = errors;
  }
}

async function documentId(name) {
  if (ids === null) {
    ids = fetch(new URL("console/operations.json", document.baseURI)).then((answer) => {
      if (!answer.ok) throw new ApiError("The list of operations did not come.", "UNREACHABLE");
      return answer.json();
    });
    ids.catch(() => (ids = null));
  }
  const id = (await ids)[name];
  if (!id) throw new ApiError(`There is no operation ${name}.`, "UNKNOWN_DOCUMENT");
  return id;
}

async function sent(name, variables, accept, signal) {
  const headers = { "content-type": "application/json", accept };
  if (session.token) headers.authorization = `Bearer ${session.token}`;
  const body = JSON.stringify({ documentId: await documentId(name), operationName: name, variables });
  try {
    return await fetch(GRAPHQL, { method: "POST", headers, body, signal });
  } catch (failure) {
    if (failure.name === "AbortError") throw failure;
    throw new ApiError("The server does not answer; is it running, and is the network up?", "UNREACHABLE");
  }
}

function checked(answer) {
  const [first] = answer.errors ?? [];
  if (!first) return answer.data;
  const code = first.extensions?.code ?? "ERROR";
  if (code === "UNAUTHENTICATED" && session.token) session.leave();
  throw new ApiError(first.message, code, answer.errors);
}

// Returns the data of an operation; throws ApiError with the first error's sentence and code.
export async function ask(name, variables = {}, { signal } = {}) {
  const answer = await sent(name, variables, "application/json", signal);
  return checked(await answer.json());
}

// Returns the one result of a mutation that takes `input`; an idempotency key goes with it where `keyed` says so.
export async function tell(name, input, { keyed = false, ...variables } = {}) {
  const data = await ask(name, { ...variables, input: keyed ? { idempotencyKey: newKey(), ...input } : input });
  return Object.values(data)[0];
}

export function newKey() {
  return crypto.randomUUID ? crypto.randomUUID() : `${Date.now()}-${Math.random()}`;
}

// Calls `onData` with the data of every result of a subscription; returns what stops it.
export function listen(name, variables, onData, onError = () => {}) {
  const stopper = new AbortController();
  heard(name, variables, onData, stopper.signal).catch((failure) => {
    if (failure.name !== "AbortError") onError(failure);
  });
  return () => stopper.abort();
}

async function heard(name, variables, onData, signal) {
  const answer = await sent(name, variables, "text/event-stream", signal);
  if (!answer.headers.get("content-type")?.startsWith("text/event-stream")) {
    checked(await answer.json());
    return;
  }
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const parts = (rest + value).split("\n\n");
    rest = parts.pop();
    for (const part of parts) {
      const lines = part.split("\n");
      const event = lines.find((line) => line.startsWith("event:"))?.slice(6).trim();
      if (event === "complete") return;
      const text = lines.filter((line) => line.startsWith("data:")).map((line) => line.slice(5)).join("\n");
      if (event === "next" && text) onData(checked(JSON.parse(text)));
    }
  }
}

// {data, error, busy, again}: an operation asked when `deps` change; an answer that was overtaken is dropped.
export function useAsk(name, variables = {}, deps = []) {
  const [state, setState] = useState({ data: null, error: null, busy: true });
  const [round, setRound] = useState(0);
  const wanted = useRef(variables);
  wanted.current = variables;
  useEffect(() => {
    if (name === null) {
      setState({ data: null, error: null, busy: false });
      return undefined;
    }
    const stopper = new AbortController();
    setState((before) => ({ ...before, busy: true }));
    ask(name, wanted.current, { signal: stopper.signal }).then(
      (data) => setState({ data, error: null, busy: false }),
      (error) => error.name === "AbortError" || setState((before) => ({ ...before, error, busy: false })),
    );
    return () => stopper.abort();
  }, [name, round, ...deps]);
  const again = useCallback(() => setRound((before) => before + 1), []);
  return { ...state, again };
}
