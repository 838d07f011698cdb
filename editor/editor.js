// Stands between the files of entries and the forms of the editor.
//
// A field of an entry may be written in several shapes: `closes: 6 October 2014`, or with a note beside it; one
// organisation, or a list of them.  A form has one shape.  What is read from a file is brought into the shape of the
// form, and what the form gives is written in the plainest shape that says the same.  Every value stays the text that
// was written, and fields that the form does not know are kept.  shapes.json says which field has which shape.
"use strict";

const FRONT = /^---\r?\n([\s\S]*?)^---\r?\n?([\s\S]*)$/m;
const YAML = { schema: jsyaml.FAILSAFE_SCHEMA };

const isList = Array.isArray;
const isMap = (value) => typeof value === "object" && value !== null && !isList(value);
const isEmpty = (value) =>
  value === undefined || value === null || value === "" || value === false ||
  (isList(value) && value.length === 0) || (isMap(value) && Object.keys(value).length === 0);

// Bring a value of a file into the shape of the form.
function opened(value, shape) {
  if (shape === "flag") return value === "true" ? true : value === "false" ? false : value;
  if (shape === "text" || value === undefined) return value;
  if (shape.item) return (isList(value) ? value : [value]).map((item) => opened(item, shape.item));
  if (isList(value)) return shape.list ? { [shape.list]: opened(value, shape.fields[shape.list]) } : value;
  if (!isMap(value)) return shape.text ? { [shape.text]: value } : value;
  return each(value, shape, opened);
}

// Bring a value of the form into the plainest shape for a file; nothing where the form was left empty.
function closed(value, shape) {
  if (shape === "flag") return value === true ? "true" : isEmpty(value) ? undefined : value;
  if (isEmpty(value)) return undefined;
  if (shape === "text") return isMap(value) || isList(value) ? value : String(value).trim() || undefined;
  if (isList(value)) {
    const items = value.map((item) => closed(item, shape.item ?? "text")).filter((item) => !isEmpty(item));
    return items.length ? items : undefined;
  }
  if (!isMap(value)) return value;
  const left = each(value, shape, closed);
  const names = Object.keys(left);
  if (names.length === 0) return undefined;
  if (names.length === 1 && (names[0] === shape.text || names[0] === shape.list)) return left[names[0]];
  return left;
}

// Treat the fields of a mapping one by one, in the order of the reference; unknown ones stay, at the end.
function each(value, shape, treat) {
  const names = Object.keys(shape.fields).filter((name) => name in value);
  const others = Object.keys(value).filter((name) => !(name in shape.fields));
  const made = {};
  for (const name of [...names, ...others]) {
    const treated = treat(value[name], shape.fields[name] ?? "text");
    if (treated !== undefined) made[name] = treated;
  }
  return made;
}

function fromFile(text, fields) {
  const parts = FRONT.exec(text);
  if (!parts || parts.index !== 0) throw new Error("no front matter between two lines of three hyphens");
  return { ...opened(jsyaml.load(parts[1], YAML) ?? {}, { fields }), body: parts[2].trim() };
}

function toFile({ body, ...values }, fields) {
  const front = jsyaml.dump(each(values, { fields }, closed), { ...YAML, lineWidth: -1 });
  return `---\n${front}---\n\n${(body ?? "").trim()}\n`;
}

async function start() {
  const shapes = await (await fetch("shapes.json")).json();
  for (const [kind, fields] of Object.entries(shapes)) {
    CMS.registerCustomFormat(`${kind}-frontmatter`, "md", {
      fromFile: (text) => fromFile(text, fields),
      toFile: (values) => toFile(values, fields),
    });
  }
  CMS.init();
}
