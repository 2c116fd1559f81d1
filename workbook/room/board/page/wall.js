// The wall: for each exercise how many have it right and how many are trying. It never gets a name.
import { element, follow, replace } from "./live.js";

const LAST = 7; // as many as fit a projector

function show(view) {
  document.getElementById("people").textContent = String(view.people);
  const shown = upTo(busiest(view.exercises), view.exercises).slice(-LAST);
  const most = Math.max(view.people, ...shown.map((each) => each.right + each.trying));
  replace(document.querySelector("#wall tbody"), shown.map((each) => row(each, most)));
  document.getElementById("nobody").hidden = shown.length > 0;
}

const notebook = (exercise) => exercise.id.slice(0, 2);

/** The notebook in which most people are: who is far ahead does not push it off the wall. */
function busiest(exercises) {
  const counts = new Map();
  for (const each of exercises) {
    counts.set(notebook(each), (counts.get(notebook(each)) ?? 0) + each.here);
  }
  return [...counts].sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0]))[0]?.[0];
}

const upTo = (last, exercises) => exercises.filter((each) => notebook(each) <= last);

function row(exercise, most) {
  const made = element("tr");
  const title = element("th", exercise.id);
  title.scope = "row";
  title.append(element("small", exercise.title));
  const bar = element("td", "", "bar");
  bar.append(part(exercise.right, most, "right"), part(exercise.trying, most, "trying"));
  made.append(title, bar, element("td", `${exercise.right} right`), element("td", `${exercise.trying} trying`));
  return made;
}

function part(count, most, className) {
  const made = document.createElement("meter");
  made.className = className;
  made.max = Math.max(most, 1);
  made.value = count;
  return made;
}

follow(show);
