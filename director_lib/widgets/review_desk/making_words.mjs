// Engines, models and prices as people read them.

function exactly(usd) {
  if (usd > 0 && usd < 0.1) return "$" + Number(usd).toFixed(3).replace(/0$/u, "");
  return "$" + Number(usd).toFixed(2);
}

// What one file costs: of a typical still, or of a second of a clip.
export function priceEach(model, kind) {
  if (!model.usd) return "free";
  return `${model.is_guess ? "at most " : ""}${exactly(model.usd)} a ${kind === "video" ? "second" : "still"}`;
}

export function modelText(model, kind) {
  return `${model.name || "its own model"} · ${priceEach(model, kind)}`;
}

// How many pictures to go by an engine's model takes; an unknown model may take as many as the most of them.
export function picturesTaken(engines, engine, model) {
  const offer = engines.find((one) => one.name === engine);
  if (!offer || !offer.models.length) return 0;
  const wanted = offer.models.find((one) => (model ? one.name === model : one.is_default)) || offer.models[0];
  return wanted.most_references;
}

// Says whether the picture of another segment goes along, and why not.
export function pictureNote(source, engine, model, taken) {
  const picture = `The still of segment ${source.segment_id}`;
  if (!source.version) return `Segment ${source.segment_id} has no still yet, so only its words go along.`;
  if (taken > 0) return `${picture} goes along as a picture to go by.`;
  return `The engine “${model ? `${engine}, ${model}` : engine}” takes no pictures to go by, so only the words go along.`;
}
