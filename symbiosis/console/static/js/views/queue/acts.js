// What can be done with a synergy from the queue: each is one mutation, and its problem is said where it was tried.
import { tell } from "../../api.js";
import { useEffect, useRef, useState } from "../../html.js";
import { toast } from "../../parts.js";
import { problemOf, sideOf } from "../../shared.js";
import { t, word } from "../../words.js";

// The keys and names of what the queue does; `to` is the step that one is.
export const ACTS = [
  { key: "s", name: "shortlist", to: "SHORTLISTED" },
  { key: "r", name: "reject", to: "REJECTED" },
  { key: "a", name: "assign" },
  { key: "c", name: "comment" },
];

// {form, problem, begin, close, move, assign, comment, attach, deliver, undo, canUndo}
export function useActs({ detail, list, refreshed }) {
  const { synergy } = detail;
  const [form, setForm] = useState(null);
  const [problem, setProblem] = useState(null);
  const [steps, setSteps] = useState({});
  const working = useRef(false);
  useEffect(() => {
    setForm(null);
    setProblem(null);
  }, [synergy?.id]);

  const sent = async (operation, input, done) => {
    if (working.current) return false;
    working.current = true;
    try {
      const result = await tell(operation, input, { keyed: true });
      const refused = problemOf(result);
      setProblem(refused);
      if (refused) return false;
      setForm(null);
      done(result);
      detail.again();
      return true;
    } catch (error) {
      setProblem({ code: error.code, message: error.message });
      return false;
    } finally {
      working.current = false;
    }
  };
  const changed = (result) => {
    const { id, status, assignee, dueOn } = result;
    list.change(id, { status, assignee, dueOn, version: result.version });
    refreshed();
  };
  const back = (id, version) =>
    sent("UndoStep", { id, version }, (result) => {
      setSteps((now) => ({ ...now, [id]: undefined }));
      changed(result);
      toast(t("act.done.undo", { status: word("status", result.status) }));
    });
  const move = (to, facts = {}) => {
    const { id, version } = synergy;
    const name = nameOfSynergy(synergy);
    return sent("MoveSynergy", { id, version, to, ...facts }, (result) => {
      setSteps((now) => ({ ...now, [id]: result.version }));
      changed(result);
      const text = t("act.done.step", { name, status: word("status", result.status) });
      toast(text, { undo: () => back(id, result.version) });
    });
  };
  const stepTo = (to) => {
    const step = synergy.nextSteps.find((one) => one.to === to && one.allowedToYou);
    if (!step) toast(t("act.not_now"), { kind: "fault" });
    else if (step.requires.length === 0 && to !== "AGREED") move(to);
    else setForm({ name: "step", step });
  };
  const begin = (name) => {
    setProblem(null);
    const act = ACTS.find((one) => one.name === name);
    if (act?.to) stepTo(act.to);
    else setForm({ name });
  };
  const facts = () => ({ id: synergy.id });
  return {
    form,
    problem,
    begin,
    stepTo,
    move,
    close: () => setForm(null),
    assign: (assigneeId, dueOn) =>
      sent("AssignSynergy", { ...facts(), version: synergy.version, assigneeId, dueOn }, (result) => {
        changed(result);
        toast(result.assignee ? t("act.done.assign", { name: result.assignee.name }) : t("act.done.assign.nobody"));
      }),
    comment: (text, readers) => sent("CommentSynergy", { ...facts(), text, readers }, () => toast(t("act.done.comment"))),
    attach: (document) => sent("AttachEvidence", { ...facts(), ...document }, () => toast(t("act.done.evidence"))),
    deliver: (delivery) => sent("RecordDelivery", { ...facts(), ...delivery }, () => toast(t("act.done.delivery"))),
    canUndo: Boolean(synergy && steps[synergy.id] === synergy.version),
    undo: () => {
      const version = synergy && steps[synergy.id];
      if (version) back(synergy.id, version);
      else toast(t("act.no_undo"), { kind: "fault" });
    },
    loadAnew: () => {
      setProblem(null);
      detail.again();
    },
  };
}

function nameOfSynergy(synergy) {
  const gives = sideOf(synergy.supply, synergy.supplyOutline);
  const takes = sideOf(synergy.demand, synergy.demandOutline);
  return `${gives.what || takes.what}, ${gives.who} → ${takes.who}`;
}
