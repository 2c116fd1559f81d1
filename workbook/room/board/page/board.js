// The board: a row for each person, a column for each exercise of one notebook.
import { element, follow, replace } from "./live.js";

const AWAY_SECONDS = 60;
let chosen = null; // the notebook that was clicked; until then, the one in which most people are
let last = null;

function show(view) {
  last = view;
  const numbers = [...new Set(view.exercises.map((each) => notebook(each.id)))];
  const number = chosen ?? busiest(view.people) ?? numbers[0];
  const columns = view.exercises.filter((each) => notebook(each.id) === number);
  replace(document.getElementById("notebooks"), numbers.map((each) => tab(each, each === number, view)));
  replace(document.querySelector("#board thead tr"), head(columns, view.people.length));
  replace(document.querySelector("#board tbody"), view.people.map((each) => row(each, columns)));
  document.getElementById("nobody").hidden = view.people.length > 0;
}

const notebook = (exercise) => exercise.slice(0, 2);

function busiest(people) {
  const counts = new Map();
  for (const each of people.filter((one) => one.at)) {
    counts.set(notebook(each.at), (counts.get(notebook(each.at)) ?? 0) + 1);
  }
  return [...counts].sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0]))[0]?.[0];
}

function tab(number, isShown, view) {
  const here = view.people.filter((each) => each.at.startsWith(number)).length;
  const made = element("button", here ? `${number} · ${here}` : number);
  made.dataset.notebook = number;
  made.setAttribute("aria-pressed", String(isShown));
  return made;
}

document.getElementById("notebooks").addEventListener("click", (event) => {
  const number = event.target.dataset?.notebook;
  if (!number || !last) return;
  chosen = number;
  show(last);
});

function head(columns, people) {
  const names = columns.map((each) => {
    const made = element("th", each.id);
    made.title = each.title;
    made.append(element("small", `${each.right} of ${people}`));
    return made;
  });
  return [element("th", "name"), element("th", "tries"), element("th", "solved"), ...names];
}

function row(person, columns) {
  const made = element("tr", "", person.heard_seconds > AWAY_SECONDS ? "away" : "");
  made.append(name(person), element("td", trying(person), "since"), element("td", String(person.solved)));
  made.append(...columns.map((each) => cell(person.exercises[each.id], each.id === person.at)));
  return made;
}

function name(person) {
  const made = element("th", person.name);
  made.scope = "row";
  if (person.heard_seconds > AWAY_SECONDS) {
    made.append(element("small", `not heard for ${minutes(person.heard_seconds)}`));
  }
  return made;
}

function trying(person) {
  return person.trying_seconds === null ? "" : `${person.at}, ${minutes(person.trying_seconds)}`;
}

const minutes = (seconds) => `${Math.floor(seconds / 60)} min`;

function cell(standing, isAt) {
  const [text, className] = words(standing);
  return element("td", text, isAt ? `${className} at` : className);
}

function words(standing) {
  if (!standing) return ["", ""];
  const hints = "?".repeat(Math.min(standing.hints, 3));
  const tries = standing.attempts || "";
  if (standing.verdict === "right") return [`✓ ${tries}${hints}`, "right"];
  if (standing.solved) return [`✓ ${tries}${hints}`, "right changed"];
  return standing.attempts ? [`✗ ${tries}${hints}`, "trying"] : [`·${hints}`, "read"];
}

follow(show);
