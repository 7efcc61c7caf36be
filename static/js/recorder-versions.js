// Two versions of a record beside each other: the phone's and the portal's. What only one side changed is chosen
// already; what both changed is for the person to choose. Nothing is thrown away here.

const flat = (value) => JSON.stringify(value);
const words = (issue) => [...["side", "problem", "cause", "proposal"].map((name) => (issue?.[name] ?? "").trim()), ...["raised_by", "votes"].map((name) => Number(issue?.[name]) || 0)];

// The parts that differ: {name, title, mine, theirs, chosen, canJoin} with texts to show.
export function differences(mine, base, theirs, say) {
  const parts = [];
  const part = (name, title, show, values, canJoin = false) => {
    const [ours, was, now] = values.map(flat);
    if (ours === now) return;
    parts.push({ name, title, mine: show(values[0]) || say.nothing, theirs: show(values[2]) || say.nothing, chosen: ours === was ? "theirs" : "mine", canJoin });
  };
  part("attendance", say.attendance_part, say.figures, [mine, base, theirs].map((one) => figures(one.attendance)));
  part("done", say.done_part, say.matters, [mine, base, theirs].map((one) => [...one.done].sort((a, b) => a - b)));
  for (const name of ["minutes", "names"]) {
    part(name, say[`${name}_part`], (text) => text, [mine, base, theirs].map((one) => (one[name] ?? "").trim()), true);
  }
  for (const id of new Set([...mine.issues, ...theirs.issues].map((one) => one.id).filter(Boolean))) {
    const find = (one) => one.issues.find((issue) => issue.id === id);
    const show = (issue) => issue ? [issue.problem, issue.proposal, `${say.raised_word}: ${issue.raised_by || 0} · ${say.hands_word}: ${issue.votes || 0}`].filter(Boolean).join("\n") : say.taken_out;
    const [ours, was, now] = [find(mine), find(base), find(theirs)];
    const same = (one, other) => Boolean(one) === Boolean(other) && flat(words(one)) === flat(words(other));
    if (same(ours, now)) continue;
    parts.push({ name: `issue-${id}`, title: say.issue_part, mine: show(ours), theirs: show(now), chosen: same(ours, was) ? "theirs" : "mine", canJoin: false });
  }
  return parts;
}

// One record of both, as chosen ({name: "mine" | "theirs" | "both"}); issues written on the phone always stay.
export function joined(mine, theirs, chosen) {
  const result = { ...mine, removed: [] };
  for (const name of ["attendance", "done"]) if (chosen[name] === "theirs") result[name] = theirs[name];
  for (const name of ["minutes", "names"]) {
    if (chosen[name] === "theirs") result[name] = theirs[name];
    if (chosen[name] === "both") result[name] = [theirs[name], mine[name]].map((text) => text.trim()).join("\n\n");
  }
  result.issues = [];
  for (const issue of theirs.issues) {
    const ours = mine.issues.find((one) => one.id === issue.id);
    const choice = chosen[`issue-${issue.id}`] ?? "theirs";
    if (choice === "theirs") result.issues.push(issue);
    else if (ours) result.issues.push(ours);
    else result.removed.push(issue.id);
  }
  const gone = mine.issues.filter((one) => one.id && !theirs.issues.some((issue) => issue.id === one.id) && chosen[`issue-${one.id}`] === "mine");
  result.issues.push(...gone.map((one) => ({ ...one, id: null })), ...mine.issues.filter((one) => !one.id));
  return result;
}

function figures(attendance) {
  return Object.fromEntries(Object.entries(attendance).map(([cell, count]) => [cell, Number(count) || 0]).filter(([, count]) => count).sort());
}
