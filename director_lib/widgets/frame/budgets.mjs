// Budgets beside what was spent of them; one that is null has no limit.

import { money } from "./format.mjs";

function isUnlimited(budget) {
  return budget === null || budget === undefined;
}

export function ofBudget(budget) {
  return isUnlimited(budget) ? "no limit" : `of ${money(budget)}`;
}

export function spentOf(spent, budget) {
  return `${money(spent)}${isUnlimited(budget) ? ", " : " "}${ofBudget(budget)}`;
}

// How much of it is used: 1 and more is all of it, and any cent is too much where nothing may be spent.
export function budgetShare(spent, budget) {
  if (isUnlimited(budget)) return 0;
  return budget > 0 ? spent / budget : Number(spent > 0);
}
