/**
 * The questions that the faces ask about a program and a lock, in one place: status, explain, diff, dependents, record,
 * accept, revoke. Pure functions, answers in plain data; `status` and `explain` have the shapes of the JSON surface. The
 * lock is a value: an update gives a new one, and the host writes it.
 */
export * from "./dependents.ts";
export * from "./entryDiff.ts";
export * from "./explain.ts";
export * from "./explainPage.ts";
export * from "./graphDrawing.ts";
export * from "./graphLayout.ts";
export * from "./names.ts";
export * from "./stageGraph.ts";
export * from "./stageStatus.ts";
export * from "./undo.ts";
export * from "./updates.ts";
